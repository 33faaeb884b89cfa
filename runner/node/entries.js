/**
 * What the command line says of an entry that is missing or takes parameters: the functions that could be one. Only the
 * file knows them, so it is loaded once more; the page offers no others.
 */
import { loadProgram } from '../program.js';
import { CODE } from '../result.js';
import { loadBackendFile } from './backend-file.js';

/** @import { Report } from '../result.js' */

const SHOWN = 8;
/** Letters of a name that is worth reading. */
const NAME_MOST = 64;

/**
 * @template {Report} R
 * @param {R} report of a program that did not run, or did
 * @param {Uint8Array} bytes
 * @returns {Promise<R>} with better advice, if there is any
 */
export async function namingEntries(report, bytes) {
  if (report.code !== CODE.EXECUTE || !report.message.startsWith('entry function ')) return report;
  const { backend } = await loadProgram(await loadBackendFile(null), bytes, { validate: false });
  if (!backend) return report;
  const names = backend
    .module()
    .functions.filter(({ name, entry }) => entry && name.length <= NAME_MOST)
    .slice(0, SHOWN)
    .map(({ name }) => `\`${name}\``);
  const help =
    names.length > 0
      ? `Functions that can be the entry: ${names.join(', ')}.`
      : 'It has no function that could be the entry.';
  return { ...report, help };
}
