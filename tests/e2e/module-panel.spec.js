// C3: the module panel: header, sections with offsets and sizes, functions, types, strings.
import assert from 'node:assert/strict';
import { drawn, drop, e2e, ended, fixture } from './harness.js';

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
