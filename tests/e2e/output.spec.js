// C3: the output panel with 50 MB of lines: smooth, searched, wrapped, copied, saved; and its empty states.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { endlessLoop, endlessPrinter, printLines } from '../lib/jsrs-writer.js';
import { longestTask } from '../lib/longest-task.mjs';
import { drawn, drop, e2e, e2eBelow, ended, outputRows, waitForPhase } from './harness.js';

const LINE = 'line {} of many, all of them alike but for the number';
const LINES_OF_50_MB = 880_000;

e2eBelow(50, '50 MB of lines arrive, scroll and are searched without holding the page', {}, async (page) => {
  let rowsInDocument = 0;
  const longest = await longestTask(page, async () => {
    await drop(page, 'lines.jsrbin', printLines(LINES_OF_50_MB, LINE));
    await page.waitForFunction(() => document.getElementById('state-text')?.textContent === 'finished', null, {
      timeout: 90_000,
    });
    for (const share of [0, 0.3, 0.71, 1]) {
      await page.locator('#output').evaluate((pane, share) => (pane.scrollTop = pane.scrollHeight * share), share);
      await drawn(page);
    }
    rowsInDocument = await page.locator('#output .row').count();
  });
  assert.ok(rowsInDocument < 100);
  const rows = await outputRows(page);
  assert.equal(rows[rows.length - 1], LINE.replace('{}', String(LINES_OF_50_MB - 1)));

  await page.locator('#output').evaluate((pane) => (pane.scrollTop = 0));
  await page.keyboard.press('Control+Shift+F');
  await page.keyboard.type('LINE 654321 ');
  await page.locator('#find-count', { hasText: '1 of 1' }).waitFor();
  await page.keyboard.press('Enter');
  const here = page.locator('#output mark.here');
  await here.waitFor();
  assert.equal(await here.innerText(), 'line 654321 ');
  return longest;
});

e2e('output that is followed shows its last line whole, however much there is', {}, async (page) => {
  for (const count of [300, 250_000]) {
    await drop(page, `${count}.jsrbin`, printLines(count, LINE));
    await waitForPhase(page, 'finished');
    const last = page.locator('#output .row', { hasText: `line ${count - 1} ` });
    await last.waitFor();
    await drawn(page);
    const hidden = await last.evaluate((row) => {
      const pane = /** @type {HTMLElement} */ (document.getElementById('output'));
      return row.getBoundingClientRect().bottom - pane.getBoundingClientRect().bottom;
    });
    assert.ok(hidden <= 0, `${hidden} px of ${count} lines' last one are hidden`);
  }
});

/** The number in a row in view, and how many lines there are. @param {import('playwright-core').Page} page */
async function whereOf(page) {
  await drawn(page);
  return page.evaluate(() => {
    const numberIn = (/** @type {string | null | undefined} */ text) => parseInt(text?.replace(/[^0-9]/g, '') ?? '');
    const row = numberIn(document.querySelectorAll('#output .row')[2]?.textContent);
    return { row, lines: numberIn(document.getElementById('status-lines')?.textContent) };
  });
}

/** Waits until so many lines more were printed. @param {import('playwright-core').Page} page @param {number} more */
async function printedMore(page, more) {
  const { lines } = await whereOf(page);
  await page.waitForFunction(
    (least) => parseInt(document.getElementById('status-lines')?.textContent?.replace(/[^0-9]/g, '') ?? '') > least,
    lines + more,
  );
}

e2e('the end of fast output is left by one key or turn of the wheel', {}, async (page) => {
  await page.locator('#output').hover();
  for (const [name, leave] of /** @type {[string, () => Promise<void>][]} */ ([
    ['key', () => page.keyboard.press('PageUp')],
    ['arrow', () => page.keyboard.press('ArrowUp')],
    ['wheel', () => page.mouse.wheel(0, -100)],
  ])) {
    await drop(page, `${name}.jsrbin`, endlessPrinter());
    await waitForPhase(page, 'running');
    await page.locator('#output').focus();
    await printedMore(page, 2000);
    const { lines } = await whereOf(page);
    await leave();
    await printedMore(page, 20_000);
    const { row } = await whereOf(page);
    await page.keyboard.press('Escape');
    await ended(page);
    const { lines: all } = await whereOf(page);
    assert.ok(all - row > 15_000, `${name}: row ${row} of ${all} is in view, left at ${lines}`);
  }
});

/** Where the view is once it has left a row upwards, and rests. @param {import('playwright-core').Page} page @param {number} left */
async function leftUpwards(page, left) {
  for (let before = left; ;) {
    const { row } = await whereOf(page);
    if (row < left && row === before) return row;
    before = row;
  }
}

e2e('resuming leaves the view where the reader scrolled it', {}, async (page) => {
  await drop(page, 'prints.jsrbin', endlessPrinter());
  await waitForPhase(page, 'running');
  await printedMore(page, 2000);
  await page.keyboard.press('F8');
  await waitForPhase(page, 'paused');
  await page.locator('#output').focus();
  const end = await whereOf(page);
  await page.keyboard.press('PageUp');
  const row = await leftUpwards(page, end.row);
  await page.keyboard.press('F8');
  await waitForPhase(page, 'running');
  await printedMore(page, 2000);
  assert.equal((await whereOf(page)).row, row);
});

e2e('among very many rows a large turn of the wheel goes as far as among few', {}, async (page) => {
  await drop(page, 'many.jsrbin', printLines(250_000, '{}'));
  await waitForPhase(page, 'finished');
  await page.locator('#output').hover();
  const { row } = await whereOf(page);
  await page.mouse.wheel(0, -3000);
  await page.waitForFunction(
    (least) => parseInt(document.querySelectorAll('#output .row')[2]?.textContent ?? '') <= least,
    row - 150,
  );
  assert.equal((await whereOf(page)).row, row - 150);
});

e2e('find goes to the next and the previous match, and round', {}, async (page) => {
  await drop(page, 'lines.jsrbin', printLines(300, LINE));
  await ended(page);
  await page.locator('#output').evaluate((pane) => (pane.scrollTop = 0));
  await page.getByRole('button', { name: 'Find' }).click();
  await page.locator('#find-text').fill('line 2');
  const count = page.locator('#find-count');
  await count.filter({ hasText: '1 of 111' }).waitFor();
  await page.keyboard.press('Enter');
  await count.filter({ hasText: '2 of 111' }).waitFor();
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('Shift+Enter');
  await count.filter({ hasText: '111 of 111' }).waitFor();
  await page.locator('#find-text').fill('no such text');
  await count.filter({ hasText: 'not found' }).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelectorAll('#output mark').length === 0);
});

e2e('long lines wrap by choice', {}, async (page) => {
  await drop(page, 'long.jsrbin', printLines(2, `${'0123456789'.repeat(50)} {}`));
  await ended(page);
  assert.equal((await outputRows(page)).length, 2);
  await page.keyboard.press('Alt+z');
  const rows = await outputRows(page);
  assert.ok(rows.length > 6);
  assert.equal(rows.join(''), [0, 1].map((n) => `${'0123456789'.repeat(50)} ${n}`).join(''));
  const overflow = await page.locator('#output').evaluate((pane) => pane.scrollWidth > pane.clientWidth);
  assert.equal(overflow, false);
  await page.reload();
  await ended(page);
  assert.equal(await page.getByRole('button', { name: 'Wrap', exact: true }).getAttribute('aria-pressed'), 'true');
});

e2e(
  'output is copied and saved as it was printed',
  { permissions: ['clipboard-read', 'clipboard-write'] },
  async (page) => {
    await drop(page, 'my lines.jsrbin', printLines(3, 'é {}'));
    await ended(page);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied 3 lines.').waitFor();
    const printed = 'é 0\né 1\né 2\n';
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), printed);
    const download = page.waitForEvent('download');
    await page.keyboard.press('Control+s');
    const file = await download;
    assert.equal(file.suggestedFilename(), 'my_lines.txt');
    assert.equal(await readFile(/** @type {string} */ (await file.path()), 'utf8'), printed);
  },
);

e2e(
  'all of the output is selected and copied by keys, not just the rows in view',
  { permissions: ['clipboard-read', 'clipboard-write'] },
  async (page) => {
    await drop(page, 'lines.jsrbin', printLines(3000, 'line {}'));
    await ended(page);
    await page.locator('#output').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    await page.getByText('Copied 3,000 lines.').waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(text.startsWith('line 0\nline 1\n') && text.endsWith('\nline 2999\n'));
    // A part that was chosen by hand is copied as it is.
    await page.locator('#output .row').nth(1).dblclick();
    await page.keyboard.press('Control+c');
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).trim() === 'line');
  },
);

e2e('of an output that another takes the place of no row is left', {}, async (page) => {
  for (const [name, count] of /** @type {[string, number][]} */ ([
    ['a', 3],
    ['b', 5],
    ['c', 5],
    ['d', 2],
  ])) {
    await drop(page, `${name}.jsrbin`, printLines(count, `${name} {}`));
    await ended(page);
    assert.deepEqual(
      await outputRows(page),
      Array.from({ length: count }, (_, row) => `${name} ${row}`),
    );
  }
});

e2e('an empty output says why', {}, async (page) => {
  await drop(page, 'silent.jsrbin', endlessLoop());
  await waitForPhase(page, 'running');
  await page.getByText('Nothing printed yet.').waitFor();
  await page.keyboard.press('Escape');
  await ended(page);
  await page.getByText('The program printed nothing.').waitFor();
});
