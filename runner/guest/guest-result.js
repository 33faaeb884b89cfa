/**
 * The result of a run of a module, of what its worker told at the end, if it told anything.
 */
import { CODE, hostReport, resultOf } from '../result.js';

/** @import { Plan } from '../module/plan.js' */
/** @import { Report, Result, Stats } from '../result.js' */
/** @import { screenResult } from '../terminal/screen.js' */
/** @import { Outcome } from './outcome.js' */
/** @import { FileEntry } from './types.js' */

/**
 * @typedef {Result & { stderr: Uint8Array, screen: ReturnType<typeof screenResult>, files: FileEntry[] | null, filesLeft: number,
 *   values: string[], results: string[][], end: Outcome['end'] | 'lost', said: boolean }} GuestResult
 * `filesLeft`: entries that did not come back; `said`: the program itself has told on standard error why it failed.
 */

/** Entries whose results say nothing to people: a status comes by proc_exit, and Aver's are its runtime's. @type {Record<Plan['kind'], string[]>} */
const SILENT_ENTRIES = { plain: [], generated: [], wasi: ['_start'], aver: ['_start', 'main'] };

/** Whether what this entry gives is not for people. @param {Plan['kind']} kind @param {string} entry */
export function isSilent(kind, entry) {
  return SILENT_ENTRIES[kind].includes(entry);
}

/**
 * @param {Outcome} outcome
 * @param {{ message: string, help: string } | null} stopping
 */
export function reportOf({ end, message, help, stack, omitted }, stopping) {
  if (end === 'returned' || end === 'exit') return hostReport(CODE.OK, '', '');
  const codes = /** @type {Partial<Record<Outcome['end'], number>>} */ ({ refused: CODE.VALIDATE, unserved: CODE.IO });
  const code = codes[end] ?? CODE.EXECUTE;
  const report = { ...hostReport(code, message), position: stack[0] ?? null, stack, omitted };
  if (help !== '') report.help = help;
  return end === 'stopped' && stopping ? { ...report, ...stopping } : report;
}

/**
 * @param {Report} report
 * @param {Outcome | null} outcome null: the worker was lost
 * @param {Stats} stats
 * @param {() => boolean} silent whether its values are not for people
 * @returns {Omit<GuestResult, 'screen' | 'files' | 'filesLeft'>}
 */
export function resultOfGuest(report, outcome, stats, silent) {
  const values = outcome?.values ?? [];
  const isRight = report.code === CODE.OK; // whatever the program says: its output may be lost
  const exitCode = outcome?.end === 'exit' && isRight ? outcome.status : report.code;
  const exitValue = isRight && values.length > 0 && !silent() ? values.join(', ') : null;
  return {
    ...resultOf({ ...report, exitValue }, { stats }),
    exitCode,
    stderr: new Uint8Array(0),
    values,
    results: outcome?.results ?? [],
    end: outcome?.end ?? 'lost',
    said: outcome?.said ?? false,
  };
}
