// C3: the module panel: header, sections with offsets and sizes, functions, types, strings.
import assert from 'node:assert/strict';
import { assemble, call, iconst, ret } from '../lib/jsrs-writer.js';
import { drawn, drop, e2e, ended, fixture, record } from './harness.js';

e2e('sections stand with offset, size and count', {}, async (page) => {
  await drop(page, 'fizz.jsrbin', await fixture('jsrs/fizz.v2.jsrbin'));
  await ended(page);
  await page.locator('#inspector-tabs [data-tab=module]').click();
  await page.locator('#module tbody th').first().waitFor();
  const names = await page.locator('#module tbody th').allInnerTexts();
  assert.deepEqual(names, ['header', 'strings', 'types', 'literals', 'globals', 'functions']);
  const bytes = (await page.locator('#module tbody td:nth-child(3)').allInnerTexts()).map((text) =>
    Number(text.replaceAll(',', '')),
  );
  const total = bytes.reduce((sum, each) => sum + each, 0);
  assert.equal(total, (await fixture('jsrs/fizz.v2.jsrbin')).length);
  assert.match(await page.locator('#module tbody td').first().innerText(), /^0x0000$/);
});

e2e('functions lead to their IR', {}, async (page) => {
  await page.locator('#inspector-tabs [data-tab=module]').click();
  const row = page.locator('#module .row', { hasText: 'is_prime' });
  assert.match(await row.innerText(), /is_prime\(i32\) -> bool\s+7 blocks, \d+ instructions/);
  await row.getByRole('button', { name: 'is_prime' }).click();
  await drawn(page);
  assert.match((await page.locator('#ir .selected').textContent()) ?? '', /^fn is_prime\(/);
});

e2e('a name that means harm stays in its row, wherever it stands', {}, async (page) => {
  const name = 'a(b)\u202e c\nd';
  const shown = 'a(b)\\u{202e} c\\nd';
  const bytes = assemble({
    functions: [
      { name: 'main', result: 'i64', blocks: [{ id: 0, code: [call(1, 'i64', name, [])], end: ret(1) }] },
      { name, result: 'i64', blocks: [{ id: 0, code: [iconst(1, 'i64', 3)], end: ret(1) }] },
    ],
  });
  await drop(page, 'harm.jsrbin', bytes);
  await ended(page);
  await page.locator('#inspector-tabs [data-tab=module]').click();
  await page.locator('#module .row').getByRole('button', { name: shown }).click();
  const header = page.locator('#ir .row.selected');
  await header.waitFor();
  assert.match((await header.textContent()) ?? '', /^fn a\(b\)\\u\{202e\} c.d\(\) -> i64 \{$/);
  await page.locator('#entry').click();
  assert.equal(await page.locator('.picker [role=option]').nth(1).textContent(), `${shown}-> i64`);
  await page.keyboard.press('Escape');
  await record(page);
  await page.keyboard.press('F10');
  await page.locator('#stack .row', { hasText: `${shown}()` }).waitFor();
  assert.match((await page.locator('#step-what').textContent()) ?? '', /^a\(b\)\\u\{202e\} c\\nd v1 = const i64 3/);
});

e2e('types and literals are listed', { query: '?example=nested_struct' }, async (page) => {
  await page.locator('#inspector-tabs [data-tab=module]').click();
  await page.locator('#module summary', { hasText: 'Types' }).click();
  await page
    .locator('#module .row', { hasText: /struct \w+ \{ .*i32/ })
    .first()
    .waitFor();
  await page.locator('#module summary', { hasText: 'Strings' }).click();
  await page.locator('#module .row', { hasText: '"main"' }).first().waitFor();
});
