/**
 * What a guest's world is built on, in each of the three modes, as types only.
 */

/** @import { InputSource } from './stdin.js' */

/**
 * @typedef {object} Port
 * @property {'shared' | 'suspend' | 'prepared'} mode
 * @property {InputSource} input
 * @property {() => number} nextKey takes a key's number (key-numbers.js); -1 = none
 * @property {(kind: number, bytes: Uint8Array, start?: number, end?: number) => boolean | Promise<boolean>} send hands on a
 *   record of output (RECORD of channel.js), of all bytes or a part, copied; false: the run is to stop. A promise only in
 *   mode `suspend`
 * @property {(milliseconds: number) => boolean | Promise<boolean>} wait until something happens that was not yet seen
 *   (true), or the time is over
 * @property {() => boolean} stopped
 * @property {() => void | Promise<void>} turn in mode `suspend`: lets messages arrive, if the last turn is long ago
 * @property {(pages: number) => void} setPages tells the size of the guest's memory
 * @property {() => void} flush sends what was held back
 */

export {};
