// C1, and "a returning visitor gets the last program, its options and the layout back": what a reload keeps, until cleared.
import assert from 'node:assert/strict';
import { printLines } from '../lib/jsrs-writer.js';
import { longestTask } from '../lib/longest-task.mjs';
import {
  drop,
  e2e,
  e2eBelow,
  ended,
  fixture,
  named,
  openExample,
  outputRows,
  pick,
  resultText,
  waitForPhase,
} from './harness.js';

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

/** The page once more, in a tab beside it. @param {import('playwright-core').Page} page */
async function beside(page) {
  const other = await page.context().newPage();
  await other.goto(page.url());
  await ended(other);
  return other;
}

e2e('the list of files follows other tabs', {}, async (page) => {
  const other = await beside(page);
  await drop(page, 'three.jsrbin', printLines(3, 'n {}'));
  await ended(page);
  await keptFiles(other, 1);
  await other.locator('#recent .program-open').focus();
  await drop(page, 'two.jsrbin', printLines(2, 'n {}'));
  await ended(page);
  await keptFiles(other, 2);
  assert.deepEqual(await recentNames(other), ['two.jsrbin', 'three.jsrbin']);
  const focused = () => other.evaluate(() => document.activeElement?.textContent ?? '');
  assert.match(await focused(), /^three\.jsrbin/, 'the focus stays on its file');
  await page.getByRole('button', { name: 'Remove three.jsrbin' }).click();
  await keptFiles(other, 1);
  assert.match(await focused(), /^Primes/, 'it goes on when the file is gone');
  await page.getByRole('button', { name: 'Clear' }).click();
  await keptFiles(other, 0);
});

e2e('a file that is there no more is said to be gone', {}, async (page) => {
  await drop(page, 'three.jsrbin', printLines(3, 'n {}'));
  await ended(page);
  await keptFiles(page, 1);
  await openExample(page, 'fizz');
  await ended(page);
  await page.evaluate(async () => {
    const request = indexedDB.open('jsrust');
    await new Promise((resolve) => (request.onsuccess = resolve));
    const transaction = request.result.transaction(['programs', 'bytes'], 'readwrite');
    for (const name of ['programs', 'bytes']) transaction.objectStore(name).clear();
    await new Promise((resolve) => (transaction.oncomplete = resolve));
  });
  await page.locator('#recent .program-open').click();
  await page.locator('#notice', { hasText: 'This file is kept no more' }).waitFor();
  await keptFiles(page, 0);
  assert.equal(await page.locator('#program-name').innerText(), 'FizzBuzz');
  assert.match(page.url(), /\/\?example=fizz$/, 'the address says what is open');
});

e2e('what is chosen in one tab is not undone by another', {}, async (page) => {
  const other = await beside(page);
  await page.keyboard.press('Control+Shift+L');
  await other.keyboard.press('Alt+z');
  await other.reload();
  await ended(other);
  assert.equal(await other.evaluate(() => document.documentElement.dataset.theme), 'light');
  assert.equal(await other.locator('[data-command=wrap]').getAttribute('aria-pressed'), 'true');
});

e2e('files are kept again after all that was stored was cleared', {}, async (page) => {
  await drop(page, 'three.jsrbin', printLines(3, 'n {}'));
  await ended(page);
  await keptFiles(page, 1);
  const devtools = await page.context().newCDPSession(page);
  await page.evaluate(async () => {
    const request = indexedDB.open('jsrust');
    await new Promise((resolve) => (request.onsuccess = resolve));
    request.result.onclose = () => (document.documentElement.dataset.cleared = '');
  });
  const { origin } = new URL(page.url());
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  await page.locator('[data-cleared]').waitFor({ state: 'attached' });
  await drop(page, 'two.jsrbin', printLines(2, 'n {}'));
  await ended(page);
  await page.locator('#recent .program-open', { hasText: 'two.jsrbin' }).waitFor();
  assert.deepEqual(await recentNames(page), ['two.jsrbin']);
  await page.reload();
  await ended(page);
  assert.equal(await page.locator('#program-name').innerText(), 'two.jsrbin');
});

/** A module without functions, most of it a custom section. @param {number} size */
function largeModule(size) {
  const bytes = new Uint8Array(size);
  // After its header the section has five bytes of LEB128 for its size, and a name without letters.
  bytes.set([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x00]);
  for (let at = 0, rest = size - 14; at < 5; at++, rest >>>= 7) bytes[9 + at] = (rest & 0x7f) | (at < 4 ? 0x80 : 0);
  return bytes;
}

e2e(
  'where what is stored does not answer, files last as long as the page',
  { query: '?example=words' },
  async (page) => {
    await page.addInitScript(() => {
      IDBFactory.prototype.open = () => /** @type {any} */ (new EventTarget());
    });
    await page.reload();
    await ended(page);
    assert.match(await resultText(page), /^ok /, 'a module has its files');
    await drop(page, 'two.jsrbin', printLines(2, 'n {}'));
    await page.locator('#notice', { hasText: 'stays until the page is closed' }).waitFor();
    await openExample(page, 'fizz');
    await page.locator('#recent .program-open').click();
    await named(page, 'two.jsrbin');
  },
);

e2eBelow(30, 'a file of 60 MB is kept, and read again, without holding the page', {}, async (page) => {
  await page.evaluate(() => {
    const stores = IDBObjectStore.prototype;
    const put = stores.put;
    stores.put = function (value, key) {
      const start = performance.now();
      const request = put.call(this, value, key);
      const { dataset } = document.documentElement;
      dataset.put = String(Math.max(Number(dataset.put ?? 0), performance.now() - start));
      return request;
    };
  });
  await pick(page, 'large.wasm', largeModule(60_000_000));
  await keptFiles(page, 1);
  const longest = Number(await page.evaluate(() => document.documentElement.dataset.put));
  await page.reload();
  await waitForPhase(page, 'ready');
  assert.equal(await page.locator('#program-name').innerText(), 'large.wasm');
  await page.locator('#wasm-module', { hasText: '60,000,000 bytes' }).waitFor();
  return longest;
});

e2eBelow(30, 'a file of 60 MB is opened without holding the page', {}, (page) =>
  longestTask(page, async () => {
    await pick(page, 'large.wasm', largeModule(60_000_000));
    await waitForPhase(page, 'ready');
    await keptFiles(page, 1);
  }),
);
