// Exports: called from forms with typed fields; results, traps, globals and memory of the instance.
import assert from 'node:assert/strict';
import { drawn, e2e, fixture, pick, waitForPhase } from './harness.js';

/** @typedef {import('playwright-core').Page} Page */

/** `spin` is a loop without end, `answer` gives 42. */
const ENDLESS = Buffer.from(
  '0061736d010000000108026000006000017f03030200010711020473' +
    '70696e000006616e7377657200010a0e02070003400c000b0b0400412a0b',
  'hex',
);

/** @param {Page} page @param {string} path below fixtures/ @param {Uint8Array} [bytes] instead of the file's */
async function openExports(page, path, bytes) {
  await pick(page, /** @type {string} */ (path.split('/').pop()), bytes ?? (await fixture(path)));
  await waitForPhase(page, 'ready', 'finished', 'stopped', 'failed');
  await page.locator('#inspector-tabs [data-tab=exports]').click();
  await page.locator('.call-form').first().waitFor();
}

/** Calls with these fields, and waits for what it gave. @param {Page} page @param {string} name @param {string[]} values @param {string | RegExp} wanted */
async function call(page, name, values, wanted) {
  const form = page.getByRole('form', { name, exact: true });
  for (const [index, value] of values.entries()) await form.getByRole('textbox').nth(index).fill(value);
  await form.getByRole('button', { name: `Call ${name}` }).click();
  await form
    .locator('.answer')
    .getByText(wanted, { exact: typeof wanted === 'string' })
    .waitFor();
}

e2e('numbers of every type go in and come out', {}, async (page) => {
  await openExports(page, 'wasm/math.wasm');
  await call(page, 'add', ['2147483647', '1'], '= -2147483648');
  await call(page, 'add', ['0xffffffff', '0'], '= -1');
  await call(page, 'gcd', ['9007199254740993', '3'], '= 3');
  await call(page, 'bits', ['-0'], '= -9223372036854775808');
  await call(page, 'celsius', ['212'], '= 100');
  await call(page, 'hypotenuse', ['inf', 'nan'], /= (inf|NaN)/);
  await call(page, 'all_types', ['-1', '-2', '0.1', '1e300'], '= 1e+300, 0.1, -2, -1');
  await call(page, 'divide', ['7', '2'], '= 3, 1');
  assert.equal(await page.locator('#exports-history li').count(), 8);
  assert.match(await page.locator('#exports-history li').first().innerText(), /^divide\(7, 2\) = 3, 1/);
});

e2e('what a field cannot be is said there, and nothing is called', {}, async (page) => {
  await openExports(page, 'wasm/math.wasm');
  const form = page.getByRole('form', { name: 'add', exact: true });
  await form.getByRole('textbox').nth(1).fill('4294967296');
  await form.getByRole('textbox').nth(1).press('Enter');
  assert.match(await form.getByRole('alert').innerText(), /Parameter 2: `4294967296` does not fit i32/);
  assert.equal(await form.getByRole('textbox').nth(1).getAttribute('aria-invalid'), 'true');
  assert.equal(
    await form
      .getByRole('textbox')
      .nth(1)
      .evaluate((field) => field === document.activeElement),
    true,
  );
  await form.getByRole('textbox').nth(1).fill('4');
  await form.getByRole('textbox').nth(1).press('Enter');
  await form.getByText('= 4').waitFor();
  assert.equal(await page.locator('#exports-history li').count(), 1);
});

e2e('a trap is a sentence that leads to the code, and the instance goes on', {}, async (page) => {
  await openExports(page, 'wasm/math.wasm');
  await call(page, 'add', ['1', '2'], '= 3');
  await call(page, 'divide', ['1', '0'], /trapped: division by zero/);
  await call(page, 'add', ['1', '3'], '= 4');
  await page.getByRole('form', { name: 'divide' }).locator('.answer .link').click();
  await page.locator('#code .selected').waitFor();
});

e2e('references are null, and what cannot cross says why', {}, async (page) => {
  await openExports(page, 'wasm/references.wasm');
  await call(page, 'is_null_extern', [], '= 1');
  await call(page, 'same_extern', [], '= null');
  await call(page, 'call_slot', ['1', '21'], '= 42');
  await call(page, 'call_slot', ['0', '21'], /trapped: an indirect call of an empty table entry/);
  await openExports(page, 'wasm/vectors.wasm');
  const form = page.getByRole('form', { name: 'splat' });
  assert.match(await form.innerText(), /a vector \(v128\), which cannot cross/);
  assert.equal(await form.getByRole('button').isDisabled(), true);
  await call(page, 'dot', ['1', '2', '3', '4'], '= 30');
  await openExports(page, 'wasm3/exceptions.wasm');
  for (const name of ['give', 'take']) {
    const exception = page.getByRole('form', { name, exact: true });
    assert.match(await exception.innerText(), /an exception \(exnref\), which cannot cross/);
    assert.equal(await exception.getByRole('button').isDisabled(), true);
  }
  await call(page, 'catch', ['7'], '= 7');
  await openExports(page, 'wasm3/gc.wasm');
  const node = page.getByRole('form', { name: 'value_of', exact: true });
  assert.match(await node.innerText(), /never null, \(ref 0\), and only null can be given/);
  assert.equal(await node.getByRole('button').isDisabled(), true);
  await call(page, 'give', ['7'], '= (ref 0)');
  await call(page, 'sum', ['4'], '= 10');
});

e2e('globals and memory are those of the instance, anew after each call', {}, async (page) => {
  await openExports(page, 'wasm/math.wasm');
  await call(page, 'add', ['1', '2'], '= 3');
  const calls = page.locator('#exports-globals tr', { hasText: 'calls' }).locator('td').last();
  const value = async () => Number(await calls.innerText());
  await page.waitForFunction(() =>
    /\d/.test(document.querySelector('#exports-globals tr[data-name=calls] td:last-child')?.textContent ?? ''),
  );
  const before = await value();
  await call(page, 'add', ['2', '2'], '= 4');
  await page.waitForFunction(
    (wanted) => document.querySelector('#exports-globals tr[data-name=calls] td:last-child')?.textContent === wanted,
    String(before + 1),
  );
  await page.locator('#exports-memory summary').click();
  await page.locator('#memory-address').fill('0x10');
  await page.locator('#memory-address').press('Enter');
  await page.locator('#memory .row', { hasText: 'Number' }).waitFor();
  await page.locator('#memory-address').fill('99999999');
  await page.locator('#memory-address').press('Enter');
  assert.match(await page.locator('#memory-fault').innerText(), /The memory ends before 0x10000/);
  await page.locator('#memory').focus();
  await page.keyboard.press('End');
  await page
    .locator('#memory .row', { hasText: /^fff[08]/ })
    .first()
    .waitFor();
});

e2e('a new instance begins anew', {}, async (page) => {
  await openExports(page, 'wasm/math.wasm');
  await call(page, 'add', ['1', '2'], '= 3');
  await page.locator('#exports-renew').click();
  await page.getByText('Calls go to a fresh instance.').waitFor();
  await call(page, 'add', ['1', '4'], '= 5');
  await page.waitForFunction(
    () => document.querySelector('#exports-globals tr[data-name=calls] td:last-child')?.textContent === '1',
  );
});

e2e('of ten thousand exports a filter finds one', {}, async (page) => {
  await openExports(page, 'hostile/many_exports.wasm');
  assert.equal(await page.locator('.call-form').count(), 100);
  const name = (await page.locator('.call-form .signature bdi').nth(77).innerText()).trim();
  await page.getByRole('searchbox', { name: 'Filter exported functions' }).fill(name);
  await drawn(page);
  assert.equal(await page.locator('.call-form .signature bdi').first().innerText(), name);
  assert.ok(
    await page
      .locator('.call-form .signature bdi')
      .allInnerTexts()
      .then((all) => all.every((each) => each.includes(name))),
  );
});

e2e('a call that never comes back is stopped', {}, async (page) => {
  await openExports(page, 'endless.wasm', ENDLESS);
  await call(page, 'answer', [], '= 42');
  await page.getByRole('form', { name: 'spin' }).getByRole('button').click();
  await page.locator('#exports-stop').click();
  await page.getByRole('form', { name: 'spin' }).getByText('The instance is gone.').waitFor();
  await call(page, 'answer', [], '= 42');
});

e2e('a call under way is something that runs: it is said, and Stop ends it', {}, async (page) => {
  await openExports(page, 'endless.wasm', ENDLESS);
  await call(page, 'answer', [], '= 42');
  const spin = page.getByRole('form', { name: 'spin' });
  for (const stop of [
    () => page.locator('[data-command=stop]:visible').click(),
    () => page.keyboard.press('Control+.'),
    () => page.keyboard.press('Escape'),
  ]) {
    await spin.getByRole('button').focus();
    await drawn(page);
    await page.keyboard.press('Enter');
    await waitForPhase(page, 'calling');
    await page.locator('[data-command=stop]:visible:enabled').waitFor();
    await page.getByRole('form', { name: 'answer' }).getByRole('button').click();
    await page.getByRole('form', { name: 'answer' }).getByText('Another call has yet to return').waitFor();
    await stop();
    await spin.getByText('The instance is gone.').waitFor();
    await waitForPhase(page, 'ready', 'finished');
    await page.locator('[data-command=stop]:visible:is(:disabled, [aria-disabled=true])').waitFor();
    await call(page, 'answer', [], '= 42');
  }
});
