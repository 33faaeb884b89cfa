// A file that is whole but breaks a rule: it does not run, and its IR shows where.
import assert from 'node:assert/strict';
import { drop, e2e, ended, fixture, openExample } from './harness.js';

e2e('a broken rule is shown in the IR', {}, async (page) => {
  await drop(page, 'dominance.jsrbin', await fixture('jsrs-malformed/dominance.jsrbin'));
  await ended(page);
  const marked = page.locator('#ir .row.selected');
  await marked.waitFor();
  const link = page.locator('#result .place');
  const text = (await link.innerText()).replace(/^.*: /, '');
  assert.equal((await marked.innerText()).trim(), text);
  for (const command of ['run', 'step'])
    assert.ok(await page.locator(`.controls [data-command=${command}]`).first().isDisabled());
  await page.locator('#ir-view').selectOption('bytecode');
  await page.getByText('the file breaks a rule').waitFor();
  assert.equal(await page.locator('#entry-name').innerText(), 'none');
  assert.match(await page.locator('#program-chip').innerText(), /^JSRS v\d · /);
  await page.locator('#inspector-tabs [data-tab=module]').click();
  await page.locator('#module').getByRole('button', { name: 'main' }).click();
  await page.locator('#ir').waitFor();
  await link.click();
  await marked.waitFor();
  assert.equal(await page.locator('#ir-view').inputValue(), 'listing');
  await openExample(page, 'fizz');
  await ended(page);
  await page.getByText('fn main', { exact: false }).first().waitFor();
  assert.equal(await page.locator('#ir .row.selected').count(), 0);
});

e2e('on a phone the place leads to the IR', { size: 'phone' }, async (page) => {
  await drop(page, 'dominance.jsrbin', await fixture('jsrs-malformed/dominance.jsrbin'));
  await ended(page);
  await page.locator('#result .place').tap();
  await page.locator('#ir .row.selected').waitFor();
});
