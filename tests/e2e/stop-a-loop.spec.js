// C2, C5: programs that never end or print for ever leave the page as responsive as before; Stop answers within 100 ms.
import assert from 'node:assert/strict';
import { endlessLoop, endlessPrinter } from '../lib/jsrs-writer.js';
import { longestTask } from '../lib/longest-task.mjs';
import { takesLess } from '../lib/timing.mjs';
import {
  answerTime,
  drawn,
  drop,
  e2e,
  e2eBelow,
  ended,
  openExample,
  outputRows,
  phase,
  resultText,
  waitForPhase,
} from './harness.js';

for (const [what, program] of /** @type {[string, Uint8Array][]} */ ([
  ['loops', endlessLoop()],
  ['prints', endlessPrinter()],
])) {
  e2e(`a program that ${what} for ever is stopped within 100 ms`, {}, async (page) => {
    await takesLess(100, async (round) => {
      await drop(page, `${what} ${round}.jsrbin`, program);
      await page.waitForFunction(() => /steps/.test(document.getElementById('status-steps')?.textContent ?? ''));
      const milliseconds = await answerTime(page, 'stop', 'stopped');
      assert.match(await resultText(page), /^stopped steps/);
      return milliseconds;
    });
  });

  e2eBelow(50, `while a program ${what} for ever, the main thread is free`, {}, async (page) => {
    await drop(page, `${what}.jsrbin`, program);
    await waitForPhase(page, 'running');
    const longest = await longestTask(page, async () => {
      for (const tab of ['module', 'trace', 'ir']) await page.locator(`#inspector-tabs [data-tab=${tab}]`).click();
      await page.waitForTimeout(1000);
    });
    await page.keyboard.press('Control+.');
    await ended(page);
    return longest;
  });
}

e2e('output that never ends is bounded and says what was dropped', {}, async (page) => {
  await drop(page, 'prints.jsrbin', endlessPrinter());
  await page.locator('#output-dropped').waitFor({ timeout: 60_000 });
  assert.match(
    await page.locator('#output-dropped').innerText(),
    /^The first .* dropped: the page keeps the last 64 MB/,
  );
  await page.keyboard.press('Escape');
  await ended(page);
  // The list followed the end: the last line is in view.
  const rows = await outputRows(page);
  assert.match(rows[rows.length - 1] || rows[rows.length - 2], /^line \d+ of many/);
});

e2e('a run can be paused, looked at and resumed', {}, async (page) => {
  await drop(page, 'prints.jsrbin', endlessPrinter());
  await waitForPhase(page, 'running');
  await page.keyboard.press('F8');
  await waitForPhase(page, 'paused');
  // What was on its way still arrives; then nothing more does.
  const before = await page.evaluate(async (quietFrames) => {
    const lines = /** @type {HTMLElement} */ (document.getElementById('status-lines'));
    let last = lines.textContent;
    for (let quiet = 0; quiet < quietFrames; quiet++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (lines.textContent !== last) quiet = 0;
      last = lines.textContent;
    }
    return last;
  }, 20);
  await page.getByRole('button', { name: 'Resume' }).click();
  await waitForPhase(page, 'running');
  await page.waitForFunction((text) => document.getElementById('status-lines')?.textContent !== text, before);
  await page.keyboard.press('Control+.');
  await ended(page);
});

e2e('another program can be opened while one runs', {}, async (page) => {
  await drop(page, 'loops.jsrbin', endlessLoop());
  await waitForPhase(page, 'running');
  await openExample(page, 'fizz');
  await ended(page);
  assert.match(await resultText(page), /^ok/);
});

e2e('Escape closes the drawer of programs and leaves the run alone', { size: 'middle' }, async (page) => {
  await drop(page, 'loop.jsrbin', endlessLoop());
  await waitForPhase(page, 'running');
  await page.locator('#show-programs').click();
  const drawer = page.getByRole('dialog', { name: 'Programs' });
  await drawer.waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
  await drawn(page);
  assert.equal(await phase(page), 'running');
  await page.keyboard.press('Escape');
  await waitForPhase(page, 'stopped');
});
