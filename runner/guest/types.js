/**
 * The vocabulary of a run of an uploaded WebAssembly module ("the guest"), as types only: what is asked for, what the
 * import functions see of the world, and what an ABI is. Everything in runner/abi is written against this file.
 */

/** @import { GuestMemory } from '../abi/guest-memory.js' */
/** @import { Limits } from '../limits.js' */

/**
 * One entry of a tree of files, as it goes in and comes back. `path` is relative to the guest's root, with `/` between
 * names, without `.` and `..`.
 * @typedef {{ path: string, kind: 'file', bytes: Uint8Array } | { path: string, kind: 'directory' }
 *   | { path: string, kind: 'link', target: string }} FileEntry
 */

/** How much of a file system is given back at most. @typedef {{ entries: number, bytes: number }} FilesBudget */
/**
 * A call from outside of an exported function: numbers as the module's types want them, i64 as bigint, references null.
 * @typedef {{ name: string, arguments: (number | bigint | null)[] }} ExportCall
 */

/**
 * What a run of a module is asked to be. Everything in it can be posted to a worker.
 * @typedef {object} GuestRequest
 * @property {ExportCall[]} calls exports to call instead of the usual entry; [] = `_start`, else `main`
 * @property {string[]} args program arguments, the program's own name left out
 * @property {string} programName what WASI gives as the first argument
 * @property {Record<string, string>} env
 * @property {Uint8Array | null} stdin what standard input starts with
 * @property {boolean} interactive more input may come while the program runs; false: input ends after what is prepared
 * @property {{ input: boolean, output: boolean }} terminal whether the standard streams are a terminal, for programs that ask
 * @property {string[]} keys names of aver-abi.md 6.3, all waiting before the program starts
 * @property {{ columns: number, rows: number }} size of the terminal at the start
 * @property {string | null} seed of everything random; null = truly random
 * @property {number | null} clock milliseconds since 1970 at which a virtual clock starts, which only sleeping and
 *   being asked move on; null = the real clocks
 * @property {FileEntry[]} files what the root of the guest's file system holds
 * @property {FilesBudget | null} filesBack what of it comes back at the end; null = all
 * @property {{ host: string, guest: string }[]} dirs folders of the host (Node only)
 * @property {boolean} stub whether imports that nobody serves become functions that log and give zero
 * @property {number} tracedCalls how many calls of imports are recorded; 0 = none
 * @property {boolean} [stopWhenFull] whether the run ends at the first call that is not
 * @property {Limits} limits `steps` has no meaning here
 */

/**
 * What an import function can see of the world. One per run. In mode `shared` whatever blocks does so by Atomics.wait;
 * in mode `suspend` (JSPI) it returns a promise, for which the import must be marked `blocks`; in mode `prepared`
 * nothing can be waited for but time: input that is not there is at its end.
 *
 * @typedef {object} GuestIo
 * @property {'shared' | 'suspend' | 'prepared'} mode
 * @property {GuestRequest} request
 * @property {GuestStdin} stdin
 * @property {{ next: () => string | null }} keys the next key press that waits, by the names of aver-abi.md 6.3
 * @property {GuestClock} clock
 * @property {GuestRandom} random
 * @property {GuestScreen} screen made at first use; a program that never uses it has none
 * @property {(stream: 1 | 2, bytes: Uint8Array, start?: number, end?: number) => void | Promise<void>} write hands bytes on,
 *   all or a part, copied before it returns; waits while the reader is behind. Throws GuestStopped when the run is to end or
 *   the output limit is reached. A promise only in mode `suspend`
 * @property {(deadline: number) => boolean | Promise<boolean>} sleep until input of any kind arrives (true) or
 *   `clock.monotonic()` reaches `deadline` milliseconds (false; Infinity = only input ends it). Throws GuestStopped. What
 *   was written and drawn is shown before. Callers use `until` of guest/until.js
 * @property {() => void | Promise<void>} turn for imports that programs ask again and again without waiting (a key, input):
 *   in mode `suspend` a promise now and then, so that messages can arrive; otherwise nothing
 * @property {(what: Waiting) => void} waiting tells the page what the program waits for, null = no more
 * @property {() => void} filed a file was closed or synced: what it holds is worth to be kept
 * @property {(sentence: string) => void} warn something that the user should know, once per sentence
 */
/** @typedef {'line' | 'key' | 'input' | 'sleep' | null} Waiting */

/**
 * Standard input as bytes. In `line` mode (page and TTY) it arrives by lines.
 * @typedef {object} GuestStdin
 * @property {() => number} available bytes that can be read at once
 * @property {(into: Uint8Array) => number} read takes up to `into.length` bytes; 0 = none at present
 * @property {() => Uint8Array | null} readLine takes a whole line with its `\n`, or what is left at the end of input
 *   (empty when nothing is); null = no whole line yet
 * @property {() => boolean} ended no byte is left and none will come
 */
/**
 * @typedef {object} GuestClock
 * @property {() => number} realtime milliseconds since 1970, with fractions
 * @property {() => number} monotonic milliseconds since the run began, with fractions
 * @property {() => number} nanoseconds since the run began, a whole number: programs that measure themselves ask for it
 *   millions of times
 * @property {bigint} origin when the run began, in nanoseconds since 1970
 */
/**
 * One generator: the same seed gives the same numbers in the same order.
 * @typedef {object} GuestRandom
 * @property {(into: Uint8Array) => void} fill
 * @property {() => bigint} uint64
 * @property {() => number} float in [0, 1), 53 bits
 * @property {(min: bigint, max: bigint) => bigint} between both ends included, without bias; min when max <= min
 */
/**
 * The retained terminal of aver-abi.md 6 as import functions use it (runner/terminal/screen.js).
 * @typedef {object} GuestScreen
 * @property {() => void} clear
 * @property {(column: number, row: number) => void} moveTo clamps
 * @property {(bytes: Uint8Array, start?: number, end?: number) => void} print UTF-8 at the cursor, of all bytes or a part
 * @property {(name: string) => boolean} setColor false: no such colour, the default is used
 * @property {() => void} resetColor
 * @property {(visible: boolean) => void} showCursor
 * @property {() => void} flush publishes a frame; frames may be passed over, the last never is
 * @property {() => { columns: number, rows: number }} size as it is now
 * @property {(raw: boolean) => void} setRaw
 */

/**
 * One import that an ABI serves.
 * @typedef {object} ImportRow
 * @property {string} type wasm types, as in `i32 i32 -> i64`; nothing on a side where there is none: `->`
 * @property {string} parameters what the numbers mean, for the trace: `name:kind` with blanks between. A kind is `i32`, `u32`,
 *   `i64`, `u64`, `f64`, `bool`, `hex` (flags, rights), `fd`, `pointer` (where a result goes), `bytes` and `text` (which
 *   take two numbers, pointer and length), `cstring` (to a NUL), `iovecs` (two numbers, pointer and count), `filled` (likewise,
 *   but the call fills them; where its last argument points it says with how many bytes)
 * @property {string} result likewise one kind per result, or `errno`, or `text?` (pointer and length, -1 = none)
 * @property {string[]} [also] other types under which modules import it, same spelling
 * @property {boolean} [blocks] whether it may return a promise in mode `suspend`
 */
/** @typedef {Readonly<Record<string, ImportRow>>} ImportTable by import name */

/**
 * What an ABI needs of an instance. `memory` is attached once the module is instantiated and before it runs; it can also
 * have no memory at all: then every read and write is out of bounds.
 * @typedef {object} Guest
 * @property {GuestMemory} memory
 * @property {WebAssembly.Exports} exports {} until the module is instantiated; without the start function's
 * @property {Readonly<Record<string, string>>} importTypes the type that the module declares for each import, by
 *   `module.name`, spelt as in ImportRow
 */

/** @typedef {(...values: any[]) => Record<string, unknown>} Describe */
/**
 * The functions of one import module for one run.
 * @typedef {object} ServedAbi
 * @property {Record<string, Function>} functions by import name; each of the type that its row says
 * @property {Record<string, Describe>} [describe] arguments in words, by import name, where a row cannot tell them
 * @property {() => void} [attached] after instantiation, before the program starts
 * @property {(value: unknown) => string | null} [failureOf] what the entry's result says of a failed program (aver-abi.md 2)
 * @property {() => void} [finish] when the program has returned, or failed: hands on what was held back
 * @property {() => void} [close] when a program is over and nothing more will be called: gives back what it holds of the host
 * @property {() => number} [generation] goes up when a file changes, for those that have files
 * @property {(budget?: FilesBudget) => FileEntry[]} [files] the file system's present content, for those that have one
 * @property {() => number} [fileCount] how many entries that has in all
 */

/**
 * An ABI: the table is there without a run, for the inspector and the linker.
 * @typedef {object} Abi
 * @property {string} module name of the import module
 * @property {string} title how it is called in sentences: `WASI preview 1`
 * @property {'aver' | 'wasi' | 'generated' | 'plain'} kind what programs that it serves are run as
 * @property {string} programTitle what they are, for people: `WASI program`
 * @property {boolean} [tolerant] whether a function that it lacks keeps no module from running, but ends the run where it is called
 * @property {boolean} [sharesNames] whether others call functions of their own likewise: of another type they are not meant
 * @property {ImportTable} table
 * @property {(io: GuestIo, guest: Guest) => ServedAbi} serve
 */

export {};
