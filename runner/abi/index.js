/**
 * All that modules can import here, the more telling of what a module is first. Two may share an import module: then the
 * name of the function decides.
 */
import { assemblyScript } from './assemblyscript.js';
import { aver } from './aver/index.js';
import { jsrust } from './jsrust.js';
import { describeErrno } from './wasi/errno.js';
import { wasiPreview1, wasiUnstable } from './wasi/index.js';

/** @type {readonly import('../guest/types.js').Abi[]} */
export const ABIS = Object.freeze([aver, jsrust, wasiPreview1, wasiUnstable, assemblyScript]);

/** WASI's name of an error number, for traces. @param {number} number */
export function errnoName(number) {
  return describeErrno(number)?.name ?? String(number);
}
