// The rows above the panes: views that stay readable on the narrowest screen, and focus that is seen all around.
import assert from 'node:assert/strict';
import { drawn, e2e, ended, fixture, openExample, pick } from './harness.js';

/** @import { Page } from 'playwright-core' */

/** Those of an element's sides on which its outline is outside of what clips it. @param {Page} page @param {string} selector */
function clippedSides(page, selector) {
  return page.locator(selector).evaluate((element) => {
    const style = getComputedStyle(element);
    const reach = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
    if (style.outlineStyle === 'none') return ['no outline'];
    const box = element.getBoundingClientRect();
    const frame = /** @type {Element} */ (element.parentElement).getBoundingClientRect();
    return [...(box.top - reach < frame.top ? ['top'] : []), ...(box.bottom + reach > frame.bottom ? ['bottom'] : [])];
  });
}

e2e('focus on a tab is seen all around', {}, async (page) => {
  await page.locator('.inspector [data-tab=ir]').focus();
  await page.keyboard.press('ArrowRight');
  assert.deepEqual(await clippedSides(page, '.inspector [role=tab]:focus'), []);
});

e2e(
  'both views of a terminal program are whole on a phone',
  { size: 'phone', query: '?example=words' },
  async (page) => {
    await page.locator('.view-tabs [data-tab=terminal]').tap();
    await page.getByRole('button', { name: 'Screen reader' }).waitFor();
    await drawn(page);
    for (const view of ['text', 'terminal']) {
      const box = await page.locator(`.output-pane .view-tabs [data-tab=${view}]`).boundingBox();
      const row = await page.locator('.output-pane .view-tabs').boundingBox();
      assert.ok(box && row && box.x >= row.x && box.x + box.width <= row.x + row.width + 0.5, `${view} is cut`);
    }
  },
);

e2e('the style of the compiled panels stays in them', {}, async (page) => {
  const box = async () => {
    // A tab is as wide as what stands on it.
    await ended(page);
    await page.locator('.output-pane .view-tabs').waitFor();
    return page.locator('.output-pane .view-tabs [data-tab=terminal]').boundingBox();
  };
  const words = await fixture('wasi/words.wasm');
  await pick(page, 'words.wasm', words);
  const before = await box();
  await openExample(page, 'primes');
  await page.getByRole('tab', { name: 'WebAssembly' }).click();
  await page.locator('#compiled-panel .tabs').waitFor();
  await pick(page, 'again.wasm', words);
  assert.deepEqual(await box(), before);
});
