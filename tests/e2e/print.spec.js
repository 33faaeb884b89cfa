// What goes on paper: the program's name, its output and the panel that is seen, dark on light, whatever scrolls on the screen.
import assert from 'node:assert/strict';
import { printLines } from '../lib/jsrs-writer.js';
import { drawn, drop, e2e, ended } from './harness.js';

/** @typedef {import('playwright-core').Page} Page */

/** The page as it is laid out for paper. @param {Page} page */
async function forPaper(page) {
  // It comes when the first run is over.
  await page.waitForFunction(() => [...document.styleSheets].some(({ href }) => href?.includes('/late.')));
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  await drawn(page);
}

/** @param {Page} page */
async function afterwards(page) {
  await page.emulateMedia({ media: 'screen' });
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
}

e2e('paper has all rows of output, in order and below each other', { scheme: 'dark' }, async (page) => {
  await drop(page, 'lines.jsrbin', printLines(300, 'line {}'));
  await ended(page);
  await forPaper(page);
  const rows = page.locator('#output .row');
  assert.deepEqual(
    await rows.allTextContents(),
    Array.from({ length: 300 }, (_, row) => `line ${row}`),
  );
  const tops = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().top));
  assert.ok(tops.every((top, row) => row === 0 || top > tops[row - 1]));
  assert.ok(await page.locator('#program-name').isVisible());
  assert.ok(await page.locator('#result').isVisible());
  assert.equal(await page.locator('.controls').isVisible(), false);
  assert.equal(await page.locator('#programs').isVisible(), false);
  const colour = await rows.first().evaluate((row) => getComputedStyle(row).color);
  assert.equal(colour, 'rgb(31, 29, 26)', 'dark on light');
  await afterwards(page);
  await drawn(page);
  assert.ok((await rows.count()) < 100);
  assert.ok(await page.locator('.controls').isVisible());
});

e2e('of very many rows paper has those from the first in view on, and says which', {}, async (page) => {
  await drop(page, 'lines.jsrbin', printLines(5000, 'line {}'));
  await ended(page);
  await page.locator('#output').evaluate((pane) => (pane.scrollTop = 2000 * 20));
  await page.locator('#output .row', { hasText: /^line 2000$/ }).waitFor();
  await forPaper(page);
  const texts = await page.locator('#output .row').allTextContents();
  assert.deepEqual([texts.length, texts[0], texts[999]], [1000, 'line 2000', 'line 2999']);
  const said = await page.locator('#output .rows').evaluate((element) => getComputedStyle(element, '::before').content);
  assert.equal(said, '"Rows 2,001 to 3,000 of 5,000:"');
});
