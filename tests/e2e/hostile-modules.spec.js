// Every hostile module dropped into the page, one after the other in one page, as a visitor would: none holds the main thread,
// none is not to be stopped, nothing of one shows in the next, and no name becomes markup.
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { projectFiles } from '../lib/files.mjs';
import { longestTask } from '../lib/longest-task.mjs';
import { takesLess } from '../lib/timing.mjs';
import { e2eBelow, ended, fixture, openExample, outputRows, pick, resultText, waitForPhase } from './harness.js';

const modules = projectFiles('fixtures/hostile', /\.wasm$/).map((path) => basename(path));
/** Modules that share one page and one trace: if one of them holds the main thread, they are all visited again. */
const GROUP = 12;
const ENDS = ['finished', 'stopped', 'failed', 'not run', 'ready'];
/** A program that still runs after this is one that never ends, and is stopped. */
const RUNS_MS = 700;
/** Nobody takes this for a page that hangs. Most groups stay below 50 ms; a million files and the first terminal do not. */
const HANG_MS = 250;
/** That Stop answers within 100 ms is held elsewhere (stop-a-loop, play-a-game); here the first terminal may be loading. */
const STOP_MS = 1500;

/**
 * Opens a module and stops it if it does not end.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 * @param {string} as what the visitor's file is called
 * @returns {Promise<number>} milliseconds that stopping took
 */
async function visit(page, name, as = name) {
  await pick(page, as, await fixture(`hostile/${name}`));
  // Nothing can be stopped before it has been opened.
  await page.waitForFunction(() => document.getElementById('state-text')?.textContent !== 'opening');
  const runsOn = await page
    .waitForFunction((names) => names.includes(document.getElementById('state-text')?.textContent ?? ''), ENDS, {
      timeout: RUNS_MS,
    })
    .then(
      () => false,
      () => true,
    );
  if (!runsOn) return 0;
  const before = performance.now();
  await page.keyboard.press('Control+.');
  await waitForPhase(page, ...ENDS);
  return performance.now() - before;
}

for (let first = 0; first < modules.length; first += GROUP) {
  const group = modules.slice(first, first + GROUP);
  e2eBelow(HANG_MS, `hostile modules from ${group[0]} to ${group[group.length - 1]}`, {}, async (page) => {
    page.on('dialog', (dialog) => assert.fail(`a dialog: ${dialog.message()}`));
    const longest = await longestTask(page, async () => {
      for (const name of group) {
        const stopping = async (/** @type {number} */ round) => {
          if (round > 0) await visit(page, 'exit_status_huge.wasm', 'another.wasm');
          return visit(page, name);
        };
        await takesLess(STOP_MS, stopping, name);
      }
    });
    const injected = await page.evaluate(() => document.querySelectorAll('img, iframe, script:not([src])').length);
    assert.equal(injected, 0);
    assert.equal(await page.title(), `${group[group.length - 1]} · JSRust Playground`);
    await openExample(page, 'fizz');
    await ended(page);
    assert.match(await resultText(page), /^ok/);
    assert.deepEqual((await outputRows(page)).slice(0, 3), ['1', '2', 'Fizz']);
    return longest;
  });
}
