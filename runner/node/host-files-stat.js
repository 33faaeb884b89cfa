/**
 * Attributes of host files as WASI's. Node sets times as seconds in a float, which holds a quarter of a microsecond at
 * today's dates; a program that sets a time and reads it back must see it to the nanosecond, so times that it set are
 * remembered for as long as the file has what came of them.
 */

import { FILETYPE } from '../abi/wasi/numbers.js';

/** @import { BigIntStats, Stats } from 'node:fs' */
/** @import { NewTime, Stat } from '../abi/wasi/inode.js' */
/** What the file has, and what was asked for. @typedef {{ real: bigint, shown: bigint }} SetTime */

const REMEMBERED = 4096;

/** By device and inode, the oldest first. @type {Map<string, { accessed: SetTime, modified: SetTime }>} */
const times = new Map();

/** @param {BigIntStats | Stats} stat */
export function filetypeOf(stat) {
  if (stat.isFile()) return FILETYPE.REGULAR_FILE;
  if (stat.isDirectory()) return FILETYPE.DIRECTORY;
  if (stat.isSymbolicLink()) return FILETYPE.SYMBOLIC_LINK;
  if (stat.isCharacterDevice()) return FILETYPE.CHARACTER_DEVICE;
  return stat.isBlockDevice() ? FILETYPE.BLOCK_DEVICE : FILETYPE.UNKNOWN;
}

/** Linux's null, zero, full, random and urandom: major number 1, and these minor ones. */
const PROMPT_DEVICES = [3, 5, 7, 8, 9].map((minor) => (1 << 8) | minor);

/** Whether opening, reading and writing it ends at once: of a pipe or another device nobody knows. @param {Stats} stat */
export function neverWaits(stat) {
  return (
    stat.isFile() || (process.platform === 'linux' && stat.isCharacterDevice() && PROMPT_DEVICES.includes(stat.rdev))
  );
}

/** @param {BigIntStats} stat @returns {Stat} */
export function wasiStat(stat) {
  const set = times.size === 0 ? undefined : times.get(`${stat.dev}:${stat.ino}`);
  return {
    device: BigInt.asUintN(64, stat.dev),
    inode: BigInt.asUintN(64, stat.ino),
    filetype: filetypeOf(stat),
    links: stat.nlink,
    size: stat.size,
    accessed: shown(stat.atimeNs, set?.accessed),
    modified: shown(stat.mtimeNs, set?.modified),
    changed: BigInt.asUintN(64, stat.ctimeNs),
  };
}

/**
 * Sets times by a call that takes seconds, leaving those that are to be left.
 * @param {() => BigIntStats} read @param {(accessed: number, modified: number) => void} write
 * @param {NewTime} accessed @param {NewTime} modified
 */
export function setHostTimes(read, write, accessed, modified) {
  const before = wasiStat(read());
  const now = BigInt(Date.now()) * 1_000_000n;
  const wanted = {
    accessed: accessed === 'now' ? now : (accessed ?? before.accessed),
    modified: modified === 'now' ? now : (modified ?? before.modified),
  };
  write(Number(wanted.accessed) / 1e9, Number(wanted.modified) / 1e9);
  const after = read();
  const key = `${after.dev}:${after.ino}`;
  times.delete(key);
  times.set(key, {
    accessed: { real: after.atimeNs, shown: wanted.accessed },
    modified: { real: after.mtimeNs, shown: wanted.modified },
  });
  const [oldest] = times.keys();
  if (times.size > REMEMBERED) times.delete(oldest);
}

/** @param {bigint} real @param {SetTime | undefined} set */
function shown(real, set) {
  return BigInt.asUintN(64, set !== undefined && set.real === real ? set.shown : real);
}
