// What came of a run, for the store: the phase that it leaves the page in, and its figures beside those of the other mode.

/** @import { Result } from '../runner/result.js' */
/** @import { CompiledResult } from './compiled/runs.js' */

/** What a run took, for comparison; null: it never came to run. @param {CompiledResult} result */
export function figuresOf({ compiling, stats, code, kind, message }) {
  const outcome = code === 0 ? 'ok' : message === 'stopped' ? 'stopped' : kind;
  const { milliseconds, steps } = stats;
  if (compiling === undefined) return { milliseconds, steps, outcome };
  if (compiling === null) return null;
  return { level: compiling.level, compiling: compiling.milliseconds, milliseconds, size: compiling.size, outcome };
}

/** @param {Result} result @returns {'finished' | 'stopped' | 'failed'} */
export function phaseOf(result) {
  if (result.code === 0) return 'finished';
  return result.message === 'stopped' ? 'stopped' : 'failed';
}
