/**
 * The command `ir` with a level: the internal IR after the passes that compiled code goes through, all or some of them.
 */
import { CODE, hostReport } from '../result.js';
import { errorText } from './diagnostics.js';
import { namingEntries } from './entries.js';

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
    const known = [...new Set(passes)].join(', ');
    const report = hostReport(CODE.ARGS, `level ${chosen} has no pass ${JSON.stringify(printAfter)}: it has ${known}`);
    await err.write(errorText(report));
    return report.code;
  }
  for (const count of printAfter === null ? [passes.length] : wanted) {
    const { text, report } = backend.irAfter(entry, chosen, count);
    if (report) {
      await err.write(errorText(await namingEntries(report, bytes)));
      return report.code;
    }
    await out.write(printAfter === null ? text : `after ${passes[count - 1]}:\n${text}`);
  }
  return CODE.OK;
}
