// What every way of running a corpus file compiled must give: what the interpreter gives, in its words and at its place.
import assert from 'node:assert/strict';
import { run } from '../../runner/index.js';
import { goodCases } from './cases.mjs';

/** @import { Position } from '../../runner/result.js' */
/** @import { GoodCase } from './cases.mjs' */

export const LEVELS = /** @type {const} */ (['O0', 'O1', 'O2', 'Os']);

/**
 * `position`: null where it is not known. `stack`: left out by hosts that cannot tell it.
 * @typedef {{ code: number, exitValue: string | null, stdout: Buffer, message: string, position: Position | null,
 *   stack?: Position[], omitted?: number | null }} Ended
 */

/** What a run of the library ended with. @param {import('../../runner/index.js').RunResult} result @returns {Ended} */
export const endedOf = (result) => ({ ...result, stdout: Buffer.from(result.stdout) });

/** Each file of the corpus with its interpreted run. @returns {Promise<{ item: GoodCase, wanted: Ended }[]>} */
export async function interpretedCases() {
  const cases = [];
  for (const item of goodCases()) {
    const result = await run({ bytes: item.bytes, entry: item.entry });
    const { code, exitValue, message } = result;
    assert.deepEqual([code, exitValue], [item.code, item.exitValue], `${item.name}: ${message}`);
    cases.push({ item, wanted: endedOf(result) });
  }
  return cases;
}

/** Where each mode has a limit of its own, the messages name it, and the run ends at another place. */
const EXHAUSTED = /^call stack exhausted \(recursion limit exceeded\)/;

/** The place without the line of the listing there, which not every host looks up. @param {Ended} ended */
const placeOf = ({ position }) => position && { ...position, text: null };

/** @param {Ended} seen @param {Ended} wanted */
export function checkCompiled(seen, wanted) {
  assert.deepEqual([seen.code, seen.exitValue], [wanted.code, wanted.exitValue], seen.message);
  assert.deepEqual(seen.stdout, wanted.stdout, seen.message || undefined);
  if (wanted.code === 0) return;
  if (EXHAUSTED.test(wanted.message)) {
    assert.match(seen.message, EXHAUSTED);
    return;
  }
  assert.equal(seen.message, wanted.message);
  assert.deepEqual(placeOf(seen), placeOf(wanted));
  if (seen.stack) assert.deepEqual([seen.stack, seen.omitted], [wanted.stack, wanted.omitted]);
}

/** Does a list's jobs, a few at a time. @template T @param {T[]} list @param {number} most @param {(one: T) => Promise<void>} job */
export async function inTurns(list, most, job) {
  const waiting = list[Symbol.iterator]();
  const worker = async () => {
    for (const one of waiting) await job(one);
  };
  await Promise.all(Array.from({ length: most }, worker));
}
