/**
 * Where the command line may write to: not over a file that it reads, to stdout, as `-`, only what is asked for there, and
 * to a terminal only text.
 */
import { resolve } from 'node:path';
import { fs, isTerminalDescriptor } from './host.js';

/** @import { Options } from './options.js' */

/**
 * @param {string[]} inputs paths of the files that are read
 * @param {Options} options
 * @returns {string | null} a sentence about the first output that has no place
 */
export function faultOfOutputs(inputs, { out, traceOut, outBin, wat }) {
  /** @type {[string, string | null][]} */
  const rows = [
    ['-o', out],
    ['--trace-out', traceOut],
    ['--out-bin', outBin],
  ];
  for (const [option, path] of rows) {
    if (path === null) continue;
    const replaced = inputs.find((input) => isSameFile(path, input));
    if (replaced !== undefined) return `option ${option} would replace what is read: ${replaced}`;
    if (path === '-' && option !== '-o') return `option ${option} cannot be -: stdout is for the program's output`;
    if (option === '-o' && !wat && isTerminal(path))
      return `option -o cannot be a terminal, as this is no text: ${path}`;
  }
  if (traceOut !== null && outBin !== null && resolve(traceOut) === resolve(outBin))
    return `options --trace-out and --out-bin are one file: ${traceOut}`;
  return null;
}

/** @param {string} path */
function isTerminal(path) {
  if (path === '-') return isTerminalDescriptor(1);
  if (!statusOf(path)?.isCharacterDevice()) return false;
  try {
    const device = fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_NOCTTY | fs.constants.O_NONBLOCK);
    const answer = isTerminalDescriptor(device);
    fs.closeSync(device);
    return answer;
  } catch {
    return false;
  }
}

/** Also through links, and where standard input is a file. @param {string} output @param {string} input */
function isSameFile(output, input) {
  if (output === '-') return false;
  const a = statusOf(output);
  const b = input === '-' ? fs.fstatSync(0, { bigint: true }) : statusOf(input);
  return a !== undefined && b !== undefined && a.isFile() && a.dev === b.dev && a.ino === b.ino;
}

/** A path that cannot be looked at is told of when it is opened. @param {string} path */
function statusOf(path) {
  try {
    return fs.statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
