/**
 * Folders of the host as open directories for WASI (abi/wasi/inode.js). On Linux every step is taken from an open
 * directory (host-files-linux.js), which no race can lead out; elsewhere paths are checked (host-files-portable.js).
 */

import { constants, existsSync } from 'node:fs';
import { setHostFolders } from '../abi/wasi/index.js';
import { HostDirectory } from './host-files-directory.js';
import { errnoOf } from './host-files-errors.js';
import { LinuxAnchor } from './host-files-linux.js';
import { PortableAnchor } from './host-files-portable.js';
import { describeErrno } from '../abi/wasi/errno.js';

/** @import { Anchor } from './host-files-directory.js' */

/** Makes `dirs` of a request work in this thread. */
export function useHostFolders() {
  setHostFolders(openHostFolder);
}

/**
 * Throws an Error whose message is a sentence for the user when there is no such folder.
 * @param {string} path
 * @param {boolean} [portable] as on systems other than Linux
 */
export function openHostFolder(path, portable = !canWalk()) {
  try {
    /** @type {Anchor} */
    const anchor = portable ? PortableAnchor.at(path) : LinuxAnchor.at(path);
    return HostDirectory.root(anchor);
  } catch (error) {
    const sentence = describeErrno(errnoOf(error))?.sentence ?? 'it cannot be read';
    throw new Error(`the folder \`${path}\` cannot be opened: ${sentence}`);
  }
}

/** Whether a name in an open directory can be reached as a path. */
function canWalk() {
  return process.platform === 'linux' && constants.O_NOFOLLOW !== undefined && existsSync('/proc/self/fd');
}
