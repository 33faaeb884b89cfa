// Times, measured on a machine that does other things too, and that is not always as fast.
import assert from 'node:assert/strict';

const MOST_ROUNDS = 3;
/** What the yardstick takes on the machine that the limits were set on, when it does nothing else. */
const YARDSTICK_MS = 4;
const YARDSTICK_ROUNDS = 25;
/** A machine slower than this by the yardstick measures nothing: it is held to a limit so many times as high. */
const MOST_SLOWNESS = 4;

/**
 * Holds what something takes below a limit. What is not is measured again, as what else the machine does only adds to it;
 * and where the yardstick takes longer than it should, the limit is as much higher.
 * @param {number} limit in milliseconds
 * @param {(round: number) => number | Promise<number>} measure from the start, each time
 * @param {string} [what] for the message
 */
export async function takesLess(limit, measure, what = '') {
  let least = Infinity;
  let most = limit;
  for (let round = 0; round < MOST_ROUNDS && least >= most; round++) {
    least = Math.min(least, await measure(round));
    if (least >= limit) most = Math.max(most, limit * slowness());
  }
  const about = what && `${what}: `;
  assert.ok(
    least < most,
    `${about}${least} ms, where ${limit} ms are allowed (${most.toFixed(1)} at this machine's speed)`,
  );
}

/** How many times as long as on a quiet machine things take just now; never below 1. */
function slowness() {
  const times = Array.from({ length: YARDSTICK_ROUNDS }, () => {
    const start = performance.now();
    yardstick();
    return performance.now() - start;
  });
  const median = times.sort((a, b) => a - b)[YARDSTICK_ROUNDS >> 1];
  return Math.min(Math.max(median / YARDSTICK_MS, 1), MOST_SLOWNESS);
}

/** Some milliseconds of what a page does: numbers, objects, text. */
function yardstick() {
  let random = 1;
  const rows = Array.from({ length: 4000 }, (_, at) => {
    random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff;
    return { at, key: `row ${random % 10_000}` };
  });
  rows.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.at - b.at));
  const text = rows.map(({ key, at }) => `${key}: ${at}`).join('\n');
  assert.equal(text.split('\n').length, rows.length);
}

/** Milliseconds of this process's own time that some work takes. @param {() => void} work */
export function ownTime(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
