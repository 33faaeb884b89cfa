/**
 * Where the command line may write to: not over a file that it reads, and to stdout, as `-`, only what is asked for there.
 */
import { fs } from './host.js';

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
    if (path === '-' && !wat && process.stdout.isTTY)
      return 'option -o cannot be -: stdout is a terminal, and a module is no text';
  }
  return null;
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
