// C3: the IR panel: colours, folds, links from calls to functions, the other forms; and the place of an error as a link.
import assert from 'node:assert/strict';
import { assemble, manyFunctions } from '../lib/jsrs-writer.js';
import { longestTask } from '../lib/longest-task.mjs';
import { drawn, e2e, e2eBelow, ended, openExample, pick } from './harness.js';

/** @param {import('playwright-core').Page} page */
const rows = async (page) => {
  await drawn(page);
  return page.locator('#ir .row').allTextContents();
};

e2e('the listing is coloured by kind', {}, async (page) => {
  for (const kind of ['keyword', 'operation', 'value', 'type', 'block', 'number'])
    assert.ok((await page.locator(`#ir .token-${kind}`).count()) > 0, kind);
  const colour = (/** @type {string} */ kind) =>
    page
      .locator(`#ir .token-${kind}`)
      .first()
      .evaluate((element) => getComputedStyle(element).color);
  assert.notEqual(await colour('value'), await colour('operation'));
});

e2e('a file without functions says that there are none', {}, async (page) => {
  await pick(page, 'none.jsrbin', assemble({ functions: [] }));
  await page.locator('#ir-empty', { hasText: /^This file has no functions\.$/ }).waitFor();
});

e2e('functions fold, one by one and all together', {}, async (page) => {
  await page.locator('#ir').evaluate((pane) => (pane.scrollTop = 0));
  const before = await rows(page);
  const fold = page.getByRole('button', { name: 'Function is_prime' });
  await fold.click();
  await drawn(page);
  assert.equal(await fold.getAttribute('aria-expanded'), 'false');
  assert.ok(await fold.evaluate((element) => element === document.activeElement));
  assert.match((await rows(page))[0], /^fn is_prime\(.*…$/);
  await fold.click();
  assert.deepEqual(await rows(page), before);
  await page.getByRole('button', { name: 'Fold all' }).click();
  assert.equal((await rows(page)).filter((text) => text.startsWith('fn ')).length, 2);
  await page.getByRole('button', { name: 'Unfold all' }).click();
  assert.deepEqual(await rows(page), before);
});

e2e('a call leads to its function', {}, async (page) => {
  await page.getByRole('button', { name: 'Fold all' }).click();
  await page.getByRole('button', { name: 'Function main' }).click();
  await page.locator('#ir button.token-function', { hasText: 'is_prime' }).first().click();
  await drawn(page);
  assert.match((await page.locator('#ir .selected').textContent()) ?? '', /^fn is_prime\(/);
  assert.equal(await page.getByRole('button', { name: 'Function is_prime' }).getAttribute('aria-expanded'), 'true');
});

e2e('the other forms are shown', {}, async (page) => {
  const own = await rows(page);
  let before = own;
  for (const form of ['ir', 'optimised', 'bytecode']) {
    await page.locator('#ir-view').selectOption(form);
    await page.waitForFunction(
      (old) => [...document.querySelectorAll('#ir .row')].map((row) => row.textContent).join('\n') !== old,
      before.join('\n'),
    );
    const shown = await rows(page);
    assert.ok(shown.length > 5, `${form}: ${shown.join('\n')}`);
    assert.notEqual(shown[0], own[0], form);
    assert.doesNotMatch(shown[0], /^error/, form);
    before = shown;
  }
  await page.locator('#ir-view').selectOption('listing');
  await page.waitForFunction((first) => document.querySelector('#ir .row')?.textContent === first, own[0]);
  assert.deepEqual(await rows(page), own);
});

e2e('the table of sites is folded until somebody wants it', {}, async (page) => {
  await page.locator('#ir-view').selectOption('optimised');
  const fold = page.getByRole('button', { name: 'Sites' });
  await fold.waitFor();
  assert.equal(await fold.getAttribute('aria-expanded'), 'false');
  const shown = await rows(page);
  assert.ok(shown.some((text) => /^fn 1 "main"/.test(text)));
  assert.ok(shown.some((text) => /^; sites: the places in the file that @1.* stand for…$/.test(text)));
  assert.equal(shown.filter((text) => /^site \d/.test(text)).length, 0);
  await fold.click();
  await page.locator('#ir .row', { hasText: /^site 2 = / }).waitFor();
  assert.equal((await rows(page)).filter((text) => /^site 1 = /.test(text)).length, 1);
  await page.getByRole('button', { name: 'Go to function' }).click();
  await page.getByRole('listbox', { name: 'Function' }).getByRole('option').first().waitFor();
  const functions = await page.locator('.picker [role=option]').allTextContents();
  assert.deepEqual([...functions].sort(), ['is_prime', 'main']);
});

e2e('the place of an error leads to its line', { query: '?example=array_oob' }, async (page) => {
  const place = page.locator('#result .place').first();
  assert.match(await place.innerText(), /^pick, block\d+, instruction \d+: /);
  // The line is marked without that, too.
  await page.locator('#ir .selected', { hasText: 'gep' }).waitFor();
  await page.locator('#ir').evaluate((pane) => (pane.scrollTop = pane.scrollHeight));
  await place.click();
  await drawn(page);
  const line = (await page.locator('#ir .selected').textContent()) ?? '';
  assert.ok((await place.innerText()).endsWith(line.trim()), line);
});

e2eBelow(
  50,
  'a file with twenty thousand functions is listed, searched and folded without holding the page',
  {},
  async (page) => {
    const program = manyFunctions(20_000);
    const longest = await longestTask(page, async () => {
      await openExample(page, 'fizz');
      await ended(page);
      await pick(page, 'many.jsrbin', program);
      await ended(page);
      await page.getByRole('button', { name: 'Fold all' }).click();
      await drawn(page);
    });
    await page.getByRole('button', { name: 'Go to function' }).click();
    await page.getByRole('combobox', { name: 'Function' }).waitFor();
    await page.keyboard.type('helper_19999');
    await page.keyboard.press('Enter');
    await drawn(page);
    assert.match((await page.locator('#ir .selected').textContent()) ?? '', /^fn helper_19999\(/);
    assert.equal(await page.locator('#entry-name').innerText(), 'main');
    return longest;
  },
);
