/**
 * What the WASI functions see of a file system, as types only: open files and directories, in the manner of POSIX's
 * *at() calls. A directory is asked for one name at a time, never for a path, so that whoever implements it (memory-*.js in
 * memory, node/host-files.js on the host) can keep a program inside without parsing anything.
 *
 * Status is an error number of errno.js, 0 for success. Where a value is asked for, an error is its number negated.
 */

/**
 * @typedef {object} Stat
 * @property {bigint} device
 * @property {bigint} inode
 * @property {number} filetype
 * @property {bigint} links
 * @property {bigint} size
 * @property {bigint} accessed nanoseconds since 1970, as the others
 * @property {bigint} modified
 * @property {bigint} changed
 */
/** What to set a time to: nanoseconds, `now`, or null to leave it. @typedef {bigint | 'now' | null} NewTime */

/**
 * A regular file that is open, or a device that never keeps anybody waiting.
 * @typedef {object} OpenFile
 * @property {number} filetype
 * @property {(bytes: Uint8Array, at: number, length: number, position: number) => number} read into `bytes` from `at` on;
 *   how many, 0 = at the end
 * @property {(bytes: Uint8Array, at: number, length: number, position: number) => number} write how many
 * @property {() => number} size
 * @property {(size: number) => number} setSize status
 * @property {(dataOnly: boolean) => number} sync status
 * @property {() => Stat | number} stat
 * @property {(accessed: NewTime, modified: NewTime) => number} setTimes status
 * @property {() => void} release closes it; nothing is called afterwards
 */

/**
 * A directory that is open. Names are single components; `.` is the directory itself, for `open`, `stat` and `setTimes`
 * only. Symbolic links are never followed.
 * @typedef {object} OpenDirectory
 * @property {object} system two directories can share a rename or a link when theirs is the same
 * @property {(name: string) => OpenDirectory | string | number} step the directory of that name, to be released; or the
 *   target of the symbolic link of that name
 * @property {(name: string) => string | number} linkTarget -EINVAL when it is no symbolic link
 * @property {(name: string, how: HowToOpen) => Opened | number} open
 * @property {(name: string) => Stat | number} stat
 * @property {(name: string, accessed: NewTime, modified: NewTime) => number} setTimes
 * @property {(name: string) => number} makeDirectory
 * @property {(name: string) => number} removeDirectory
 * @property {(name: string, mustBeDirectory: boolean) => number} unlink
 * @property {(name: string, target: string) => number} makeLink a symbolic one
 * @property {(name: string, to: OpenDirectory, newName: string) => number} link both of one system
 * @property {(name: string, to: OpenDirectory, newName: string, mustBeDirectory: boolean) => number} rename likewise
 * @property {() => Listing | number} list a listing from the start
 * @property {() => void} release
 */
/** @typedef {{ file: OpenFile, directory: null } | { file: null, directory: OpenDirectory }} Opened */

/**
 * @typedef {object} HowToOpen
 * @property {boolean} create
 * @property {boolean} exclusive
 * @property {boolean} truncate
 * @property {boolean} mustBeDirectory
 * @property {boolean} read
 * @property {boolean} write
 */

/**
 * The entries of a directory from some cookie on, `.` and `..` among them. Cookies stay good while entries come and go.
 * @typedef {object} Listing
 * @property {(cookie: number) => boolean} seek false when there is nothing from there on
 * @property {() => ListedEntry | null} next the entry at the cookie, null at the end
 */
/** `next` is the cookie after it. @typedef {{ name: string, inode: bigint, filetype: number, next: number }} ListedEntry */

export {};
