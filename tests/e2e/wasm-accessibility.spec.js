// axe finds nothing in the inspector of a module: every panel, filled and empty, light and dark, wide and on a phone; what
// is pressed on a phone is large enough.
import assert from 'node:assert/strict';
import { e2e, fixture, pick, waitForPhase } from './harness.js';
import { findNothing } from './axe.js';

/** @typedef {import('playwright-core').Page} Page */

const TABS = ['module', 'code', 'calls', 'files', 'exports'];

/** Buttons and fields in view that a thumb would miss; links within lines of code are text. @param {Page} page */
function tooSmall(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('#inspector :is(button, input, select, summary):not(.wat *)')]
      .map((element) => ({ box: (element.closest('label') ?? element).getBoundingClientRect(), element }))
      .filter(({ box }) => box.width > 0 && box.height > 0 && box.height < 44)
      .map(({ box, element }) => `${element.outerHTML.slice(0, 120)}: ${box.height}`),
  );
}

/** @param {Page} page @param {string} path */
async function open(page, path) {
  await pick(page, /** @type {string} */ (path.split('/').pop()), await fixture(path));
  await waitForPhase(page, 'ready', 'finished', 'stopped', 'failed');
}

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  for (const size of /** @type {const} */ (['wide', 'phone'])) {
    e2e(`axe finds nothing in a module, ${scheme}, ${size}`, { scheme, size }, async (page) => {
      const list = size === 'phone' ? '#phone-tabs' : '#inspector-tabs';
      await open(page, 'wasi/words.wasm');
      for (const name of TABS) {
        await page.locator(`${list} [data-tab=${name}]`).click();
        await page.locator(`#${name}-panel`).waitFor();
        if (name === 'calls') await page.locator('#calls .row').first().click();
        if (name === 'files') await page.locator('#files .row').first().click();
        if (name === 'exports') await page.locator('#exports-memory summary').click();
        await findNothing(page, name);
        if (size === 'phone') assert.deepEqual(await tooSmall(page), [], name);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.equal(wide, 0, `${name} is too wide`);
      }
      await open(page, 'wasm/needs_imports.wasm');
      for (const name of ['module', 'calls', 'exports']) {
        await page.locator(`${list} [data-tab=${name}]`).click();
        await page.locator(`#${name}-panel`).waitFor();
        await findNothing(page, `${name}, missing imports`);
      }
    });
  }
}
