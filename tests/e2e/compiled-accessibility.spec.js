// axe finds nothing in the panels of a compiled program, light and dark, wide and on a phone; what is pressed on a phone is
// large enough, and nothing is wider than the screen.
import assert from 'node:assert/strict';
import { e2e } from './harness.js';
import { findNothing } from './axe.js';

/** @typedef {import('playwright-core').Page} Page */

/** Buttons and fields in view that a thumb would miss. @param {Page} page */
function tooSmall(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('#inspector :is(button, select, input)')]
      .map((element) => ({ box: element.getBoundingClientRect(), element }))
      .filter(({ box }) => box.width > 0 && box.height > 0 && box.height < 44)
      .map(({ box, element }) => `${element.outerHTML.slice(0, 120)}: ${box.height}`),
  );
}

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  for (const size of /** @type {const} */ (['wide', 'phone'])) {
    e2e(`axe finds nothing in a compiled program, ${scheme}, ${size}`, { scheme, size }, async (page) => {
      const list = size === 'phone' ? '#phone-tabs' : '#inspector-tabs';
      const check = async (/** @type {string} */ what) => {
        await findNothing(page, what);
        if (size === 'phone') assert.deepEqual(await tooSmall(page), [], what);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.equal(wide, 0, `${what} is too wide`);
      };
      await page.locator(`${list} [data-tab=passes]`).click();
      await page.getByRole('button', { name: 'Next change' }).click();
      await page.locator('#passes-panel .removed').first().waitFor();
      await check('passes');
      await page.locator(`${list} [data-tab=graph]`).click();
      await page.locator('#graph .block').first().waitFor();
      await page.locator('#graph').focus();
      await page.keyboard.press('ArrowDown');
      await check('graph');
      await page.locator(`${list} [data-tab=compiled]`).click();
      await page.locator('#compiled-code .row').first().waitFor();
      await page.getByRole('listbox', { name: 'Optimised IR' }).focus();
      for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowDown');
      await check('code');
      await page.getByRole('tab', { name: 'Bytes' }).click();
      await page.locator('#hex .row').first().waitFor();
      await check('bytes');
      await page.getByRole('tab', { name: 'Figures' }).click();
      await page.getByRole('button', { name: 'Run it compiled' }).click();
      await page.locator('.comparison', { hasText: /./ }).waitFor();
      await check('figures');
    });
  }
}
