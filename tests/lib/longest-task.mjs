// How long a page holds its main thread: the longest task of a trace that Chromium records.
import assert from 'node:assert/strict';
import { takesLess } from './timing.mjs';

/**
 * Of what Chromium records by default nothing, which would be more than nine tenths of the trace; threads are named in any.
 */
const CATEGORIES = ['-*', 'disabled-by-default-devtools.timeline'];

/**
 * The longest task of the page's main thread while something happened, in milliseconds of the thread's own time: what
 * other processes of a shared machine take meanwhile is not the page's. (Some machines' clock of a thread leaps now and then:
 * a task took no longer than it lasted. What a virtual machine is not given may count as the thread's, too: so tests that
 * hold a task to a limit measure again what exceeds it.)
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<void>} happen
 */
export async function longestTask(page, happen) {
  const browser = page.context().browser();
  assert.ok(browser);
  if (browser.browserType().name() !== 'chromium') return longestGap(page, happen);
  await browser.startTracing(page, { categories: CATEGORIES });
  /** @type {Buffer} */
  let recorded;
  try {
    await happen();
  } finally {
    recorded = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(recorded.toString());
  const mainThreads = new Set(
    traceEvents
      .filter((/** @type {any} */ event) => event.name === 'thread_name' && event.args.name === 'CrRendererMain')
      .map((/** @type {any} */ event) => `${event.pid} ${event.tid}`),
  );
  let longest = 0;
  for (const event of traceEvents) {
    if (event.name !== 'RunTask' || !mainThreads.has(`${event.pid} ${event.tid}`)) continue;
    longest = Math.max(longest, Math.min(event.tdur ?? 0, event.dur ?? 0) / 1000);
  }
  assert.ok(longest > 0, 'no task was traced');
  return longest;
}

/**
 * Where nothing can be traced: the longest time between two turns of a timer, which what other processes take lengthens.
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<void>} happen
 */
async function longestGap(page, happen) {
  const gaps = await page.evaluateHandle(() => {
    const gaps = { longest: 0, timer: 0 };
    let last = performance.now();
    gaps.timer = window.setInterval(() => {
      const now = performance.now();
      gaps.longest = Math.max(gaps.longest, now - last);
      last = now;
    });
    return gaps;
  });
  await happen();
  return gaps.evaluate(({ longest, timer }) => {
    clearInterval(timer);
    return longest;
  });
}

/**
 * Holds the tasks of a page that nobody touches below a limit.
 * @param {import('playwright-core').Page} page
 * @param {number} limit in milliseconds
 * @param {number} milliseconds of each look
 */
export function staysFree(page, limit, milliseconds) {
  return takesLess(limit, () => longestTask(page, () => page.waitForTimeout(milliseconds)));
}
