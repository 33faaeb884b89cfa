// Issue 5, item 7: the control-flow graph of a function: laid out in the worker, moved through by arrow keys, scaled, linked
// with the IR under it; bounded for functions of thousands of blocks.
import assert from 'node:assert/strict';
import { assemble, br, brIf, iconst, lessThan, ret } from '../lib/jsrs-writer.js';
import { longestTask } from '../lib/longest-task.mjs';
import { drawn, e2e, e2eBelow, ended, pick } from './harness.js';

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page */
async function show(page) {
  await page.locator('#inspector-tabs [data-tab=graph]').click();
  await page.locator('#graph-panel .row').first().waitFor();
  await drawn(page);
}

/** The chosen block's name for screen readers. @param {Page} page */
async function chosen(page) {
  await drawn(page);
  return (await page.locator('#graph [aria-selected=true]').getAttribute('aria-label')) ?? '';
}

/** `main` of so many blocks, each of which goes to the next or over it. @param {number} count */
function ladder(count) {
  const blocks = [];
  for (let id = 0; id < count; id++) {
    const [a, b, less] = [3 * id + 1, 3 * id + 2, 3 * id + 3];
    const code = [iconst(a, 'i64', id), iconst(b, 'i64', 7), lessThan(less, a, b)];
    const last = id + 1 === count;
    const end = last ? ret() : id + 2 >= count ? br(id + 1) : brIf(less, id + 1, [], id + 2);
    blocks.push({ id, code, end });
  }
  return assemble({ functions: [{ name: 'main', blocks }] });
}

e2e('blocks name their successors, arrows follow the edges, the IR follows', {}, async (page) => {
  await show(page);
  const graph = page.getByRole('listbox', { name: 'Control-flow graph' });
  assert.match(await page.locator('#graph-about').innerText(), /^\d+ blocks, \d+ edges, \d of them back$/);
  assert.match(await chosen(page), /^block1, \d+ instructions?, goes to block\d+$/);
  await graph.focus();
  await page.keyboard.press('ArrowDown');
  const second = await chosen(page);
  assert.match(second, /^block2, \d+ instructions, goes to block\d+ if true, block\d+ if false$/);
  const ir = page.locator('#graph-panel .lines');
  assert.match((await ir.locator('.row.partner').first().textContent()) ?? '', /^block2\b/);
  assert.equal(
    await graph.getAttribute('aria-activedescendant'),
    await page.locator('#graph [aria-selected=true]').getAttribute('id'),
  );
  await page.keyboard.press('ArrowDown');
  const third = await chosen(page);
  assert.notEqual(third, second);
  await page.keyboard.press('ArrowUp');
  assert.equal(await chosen(page), second);
  await page.keyboard.press('End');
  assert.notEqual(await chosen(page), second);
  await page.keyboard.press('Home');
  assert.match(await chosen(page), /^block1,/);

  await ir.locator('.row', { hasText: /^block3\b/ }).click();
  assert.match(await chosen(page), /^block3,/);
});

e2e('the drawing is scaled and moved by keys, buttons and pointer', {}, async (page) => {
  await show(page);
  const graph = page.getByRole('listbox', { name: 'Control-flow graph' });
  const view = async () => {
    await drawn(page);
    return page.locator('#graph > g').evaluate((group) => {
      const { a, e, f } = /** @type {SVGGElement} */ (group).getCTM() ?? { a: 0, e: 0, f: 0 };
      return { scale: a, x: Math.round(e), y: Math.round(f) };
    });
  };
  await graph.focus();
  const first = await view();
  await page.keyboard.press('+');
  assert.ok((await view()).scale > first.scale);
  await page.keyboard.press('-');
  assert.ok(Math.abs((await view()).scale - first.scale) < 0.01);
  await page.keyboard.press('Shift+ArrowDown');
  assert.ok((await view()).y < first.y);
  await page.keyboard.press('0');
  const whole = await view();
  const box = await graph.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 20, box.y + box.height - 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + box.height - 50, { steps: 4 });
  await page.mouse.up();
  const moved = await view();
  assert.equal(moved.x - whole.x, 40);
  assert.equal(moved.y - whole.y, -30);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
  assert.ok((await view()).scale > moved.scale);
  await page.getByRole('button', { name: /^Smaller/ }).click();
  await page.getByRole('button', { name: /^Fit all/ }).click();
  assert.deepEqual(await view(), whole);
});

e2eBelow(50, 'a function of nine hundred blocks is drawn without holding the page', {}, async (page) => {
  await pick(page, 'ladder.jsrbin', ladder(900));
  await ended(page);
  await show(page);
  return longestTask(page, async () => {
    await page.locator('#graph-panel').getByLabel('Which IR').selectOption('0');
    await page.locator('#graph-about', { hasText: /^90\d blocks/ }).waitFor();
    await page.locator('#graph .block').first().waitFor();
    await page.getByRole('listbox', { name: 'Control-flow graph' }).focus();
    for (const key of ['ArrowDown', 'End', '+', '0', 'Shift+ArrowRight']) {
      await page.keyboard.press(key);
      await drawn(page);
    }
  });
});

e2e('a function too large to draw says so and is shown as text', {}, async (page) => {
  await pick(page, 'ladder.jsrbin', ladder(3000));
  await ended(page);
  await show(page);
  await page.locator('#graph-panel').getByLabel('Which IR').selectOption('0');
  await page
    .locator('#graph-about', { hasText: /^This function has 3,0\d\d blocks and .* too large to be drawn/ })
    .waitFor();
  assert.equal(await page.locator('#graph').isVisible(), false);
  assert.ok((await page.locator('#graph-panel .lines .row').count()) > 5);
});
