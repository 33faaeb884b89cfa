/**
 * The command `ir` with a level: the internal IR after the passes that compiled code goes through, or its functions after
 * some of them, in the words of the native command line (backend/api/cli.c).
 */
import { LEVELS } from '../backend/abi.js';
import { functionsOf } from '../ir-view/functions.js';
import { CODE, hostReport } from '../result.js';
import { errorText } from './diagnostics.js';
import { namingEntries } from './entries.js';

/** @import { Level } from '../backend/abi.js' */
/** @import { Backend } from '../backend/backend.js' */
/** @import { Options } from './options.js' */
/** @import { Output } from './host.js' */

/**
 * @param {Backend} backend that holds the file
 * @param {Uint8Array} bytes of the file
 * @param {Options} options
 * @param {Output} out
 * @param {Output} err
 * @returns {Promise<number>} the exit status
 */
export async function printPasses(backend, bytes, { entry, level, printAfter }, out, err) {
  const chosen = level ?? 'O1';
  const passes = backend.passes(chosen);
  const wanted = passes.flatMap((name, i) => (printAfter === 'all' || printAfter === name ? [i + 1] : []));
  if (printAfter !== null && wanted.length === 0) {
    const report = hostReport(CODE.ARGS, lacking(backend, chosen, printAfter));
    await err.write(errorText(report));
    return report.code;
  }
  for (const count of printAfter === null ? [passes.length] : wanted) {
    const { text, report } = backend.irAfter(entry, chosen, count);
    if (report) {
      await err.write(errorText(await namingEntries(report, bytes)));
      return report.code;
    }
    const between = count === wanted[0] ? '' : '\n';
    await out.write(printAfter === null ? text : `${between}after ${titleOf(passes, count - 1)}:\n${bodyOf(text)}`);
  }
  return CODE.OK;
}

/** @param {Backend} backend @param {Level} level @param {string} pass */
function lacking(backend, level, pass) {
  const quoted = JSON.stringify(pass);
  const isKnown = pass === 'all' || LEVELS.some((each) => backend.passes(each).includes(pass));
  if (!isKnown) return `no level has a pass ${quoted}`;
  const passes = [...new Set(backend.passes(level))];
  if (passes.length === 0) return `level ${level} runs no passes`;
  return `level ${level} has no pass ${quoted}: it has ${passes.join(', ')}`;
}

/** Most passes are run more than once. @param {string[]} passes @param {number} at */
function titleOf(passes, at) {
  const name = passes[at];
  const count = (/** @type {string[]} */ some) => some.filter((each) => each === name).length;
  return count(passes) > 1 ? `${name} (${count(passes.slice(0, at + 1))})` : name;
}

/** Its functions: the tables before them are long, and few passes change any. @param {string} text */
function bodyOf(text) {
  return text.slice(functionsOf(text)[0]?.start ?? text.length);
}
