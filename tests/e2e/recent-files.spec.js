// C1, and "a returning visitor gets the last program, its options and the layout back": what a reload keeps, until cleared.
import assert from 'node:assert/strict';
import { printLines } from '../lib/jsrs-writer.js';
import { drop, e2e, ended, fixture, named, openExample, outputRows } from './harness.js';

const recentNames = (/** @type {import('playwright-core').Page} */ page) =>
  page.locator('#recent .program-name').allInnerTexts();

/** Waits until the list has so many files: keeping goes on after the run. */
const keptFiles = (/** @type {import('playwright-core').Page} */ page, /** @type {number} */ count) =>
  page.waitForFunction((count) => document.querySelectorAll('#recent .program').length === count, count);

e2e('dropped files stay after a reload, the last one open, until they are cleared', {}, async (page) => {
  await drop(page, 'fizz.jsrbin', await fixture('jsrs/fizz.v2.jsrbin'));
  await ended(page);
  await drop(page, 'three.jsrbin', printLines(3, 'n {}'));
  await ended(page);
  await keptFiles(page, 2);
  await page.reload();
  await ended(page);
  await keptFiles(page, 2);
  assert.deepEqual(await recentNames(page), ['three.jsrbin', 'fizz.jsrbin']);
  assert.equal(await page.locator('#program-name').innerText(), 'three.jsrbin');
  assert.deepEqual(await outputRows(page), ['n 0', 'n 1', 'n 2']);
  await page.locator('#recent .program-open', { hasText: 'fizz.jsrbin' }).click();
  await named(page, 'fizz.jsrbin');
  await ended(page);
  await page.getByRole('button', { name: 'Remove three.jsrbin' }).click();
  await keptFiles(page, 1);
  await page.getByRole('button', { name: 'Clear' }).click();
  await keptFiles(page, 0);
  await page.reload();
  await ended(page);
  await keptFiles(page, 0);
  assert.equal(await page.locator('#program-name').innerText(), 'Primes');
});

e2e('the same file is kept once', {}, async (page) => {
  for (let i = 0; i < 2; i++) {
    await drop(page, 'fizz.jsrbin', await fixture('jsrs/fizz.v2.jsrbin'));
    await ended(page);
    await page.locator('#recent .program-open[aria-current]').waitFor();
    await keptFiles(page, 1);
    await openExample(page, 'primes');
    await ended(page);
  }
  await keptFiles(page, 1);
});

e2e('layout, colours and the last example are remembered', {}, async (page) => {
  await openExample(page, 'fizz');
  await ended(page);
  await page.locator('#split-inspector').focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
  await page.locator('#inspector-tabs [data-tab=module]').click();
  await page.keyboard.press('Control+Shift+L');
  await page.keyboard.press('Control+Shift+L');
  await page.getByRole('button', { name: 'Fold', exact: true }).click();
  const width = (await page.locator('#inspector').boundingBox())?.width;
  await page.reload();
  await ended(page);
  assert.equal(await page.locator('#program-name').innerText(), 'FizzBuzz');
  assert.equal((await page.locator('#inspector').boundingBox())?.width, width);
  await page.locator('#module').waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  assert.equal(await page.locator('#programs').isVisible(), false);
});

e2e('a link wins over what was open last', {}, async (page) => {
  await drop(page, 'three.jsrbin', printLines(3, 'n {}'));
  await ended(page);
  await keptFiles(page, 1);
  await page.goto(`${new URL(page.url()).origin}/?example=fizz`);
  await ended(page);
  assert.equal(await page.locator('#program-name').innerText(), 'FizzBuzz');
});
