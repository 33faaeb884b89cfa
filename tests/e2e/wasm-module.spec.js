// The inspector of a WebAssembly module: what it is, what is missing and why, names that mean harm, its code.
import assert from 'node:assert/strict';
import { longestTask } from '../lib/longest-task.mjs';
import { drawn, e2e, e2eBelow, ended, fixture, pick, resultText, waitForPhase } from './harness.js';

/** @typedef {import('playwright-core').Page} Page */

/** Opens a module. @param {Page} page @param {string} path below fixtures/ */
async function open(page, path) {
  const bytes = await fixture(path);
  await pick(page, /** @type {string} */ (path.split('/').pop()), bytes);
  const facts = page.locator('#wasm-module .facts', { hasText: `${bytes.length.toLocaleString('en')} bytes` });
  await facts.waitFor({ state: 'attached' });
}

/** @param {Page} page @param {string} name */
async function tab(page, name) {
  await page.locator(`#inspector-tabs [data-tab=${name}]`).click();
  await drawn(page);
}

/** Names of the tabs in view. @param {Page} page */
const tabs = (page) => page.locator('#inspector-tabs [role=tab]:visible').allTextContents();

const OF_JSRS = ['IR', 'Trace', 'Module', 'Passes', 'Graph', 'WebAssembly'];

/** Cells of the rows of a table, a line each. @param {Page} page @param {string} label */
async function tableRows(page, label) {
  const rows = page.locator(`#wasm-module table[aria-label="${label}"] tbody tr`);
  return rows.evaluateAll((all) =>
    all.map((row) => [...row.children].map((cell) => cell.textContent?.trim()).join(' | ')),
  );
}

e2e('the tabs are those of the kind of program, and the one seen last comes back', {}, async (page) => {
  assert.deepEqual(await tabs(page), OF_JSRS);
  await open(page, 'wasm/math.wasm');
  assert.deepEqual(await tabs(page), ['Module', 'Code', 'Calls', 'Exports']);
  assert.equal(await page.locator('#module-panel').isVisible(), true);
  await tab(page, 'code');
  await open(page, 'wasi/words.wasm');
  assert.deepEqual(await tabs(page), ['Module', 'Code', 'Calls', 'Files', 'Exports']);
  assert.equal(await page.locator('#code-panel').isVisible(), true);
  await page.locator('#examples .program-open').first().click();
  await page.locator('#ir-panel').waitFor();
  assert.deepEqual(await tabs(page), OF_JSRS);
  await tab(page, 'module');
  assert.equal(await page.locator('#wasm-module').isVisible(), false);
  await page.locator('#module', { hasText: 'Header and sections' }).waitFor();
});

e2e('a line of a type ends beside its arrow, not within it', {}, async (page) => {
  await open(page, 'wasi/words.wasm');
  await page.locator('#wasm-module .token-type', { hasText: 'i64, i64' }).first().waitFor();
  for (let width = 1280; width > 1100; width -= 7) {
    await page.setViewportSize({ width, height: 800 });
    const broken = await page.locator('#wasm-module').evaluate((panel) => {
      const texts = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
      const range = document.createRange();
      for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const at = node.textContent?.indexOf('->') ?? -1;
        if (at < 0) continue;
        range.setStart(node, at);
        range.setEnd(node, at + 2);
        if (range.getBoundingClientRect().height > 30) return node.parentElement?.textContent;
      }
      return '';
    });
    assert.equal(broken, '', `${width} px`);
  }
});

e2e('imports stand with type and who serves them, exports with type', {}, async (page) => {
  await open(page, 'wasi/words.wasm');
  const imports = await tableRows(page, 'Imports');
  assert.ok(imports.includes('fd_close | (i32) -> (i32) | WASI preview 1'), imports.join('\n'));
  assert.ok((await tableRows(page, 'Exports')).some((row) => /^_start \| function \| \(\) -> \(\) \| \d+$/.test(row)));
  const facts = await page.locator('#wasm-module .facts').first().innerText();
  assert.match(facts, /WASI program[^]*5,129 bytes[^]*_start[^]*Features used[^]*bulk-memory[^]*clang/);
});

e2e('sections stand with offset and size, and their sizes fit into the file', {}, async (page) => {
  await open(page, 'wasm/math.wasm');
  const rows = (await tableRows(page, 'Sections')).map((row) => row.split(' | '));
  assert.deepEqual(rows[0].slice(0, 2), ['type', '0x000a']);
  const bytes = rows.reduce((sum, [, , size]) => sum + Number(size.replaceAll(',', '')), 0);
  const { length } = await fixture('wasm/math.wasm');
  assert.ok(bytes < length && bytes > length - 8 - 6 * rows.length, `${bytes} of ${length}`);
});

e2e('what is missing is named with its reason, and stubs may stand in', {}, async (page) => {
  await open(page, 'wasm/needs_imports.wasm');
  await waitForPhase(page, 'ready');
  const missing = page.locator('.missing');
  const both = /2 imports are missing[^]*env\.log \(i32\) -> \(\)\s+env\.now \(\) -> \(f64\)\s+Nobody here serves/;
  assert.match(await missing.innerText(), both);
  const imports = await tableRows(page, 'Imports');
  assert.match(imports[0], /Missing\. Nobody here serves this name\.$/);
  assert.match(imports[1], /Missing, likewise\.$/);
  await tab(page, 'exports');
  assert.match(await page.locator('#exports-state').innerText(), /Imports are missing/);
  await tab(page, 'module');
  await missing.getByRole('checkbox', { name: 'Let stubs stand in' }).check();
  await tab(page, 'exports');
  await page.locator('#exports-state', { hasText: 'Calls go to a fresh instance.' }).waitFor();
  const form = page.getByRole('form', { name: 'announce' });
  await form.getByRole('textbox').fill('20');
  await form.getByRole('textbox').press('Enter');
  await form.getByText('= 21').waitFor();
  await tab(page, 'calls');
  await page.locator('#calls .row').nth(1).waitFor();
  const rows = await page.locator('#calls .row').allTextContents();
  assert.equal(rows.length, 2);
  assert.match(rows[1], /log\(.*40\)/);
  await tab(page, 'module');
  await page.locator('.missing').getByRole('checkbox').uncheck();
  await tab(page, 'exports');
  assert.match(await page.locator('#exports-state').innerText(), /Imports are missing/);
});

e2e('a wrong type is told with the right one', {}, async (page) => {
  await open(page, 'hostile/wrong_types.wasm');
  assert.match(await page.locator('.missing').innerText(), /Its type is wrong: .* has `[^`]+`/);
});

e2e('a malformed module is refused with section and offset', {}, async (page) => {
  await pick(page, 'cut_section.wasm', await fixture('hostile/cut_section.wasm'));
  await waitForPhase(page, 'not run');
  assert.match(await resultText(page), /malformed: .*\(section \w+ at offset \d+\)/);
  assert.deepEqual(await tabs(page), ['Module']);
});

e2e('names that mean harm are shown as text', {}, async (page) => {
  await open(page, 'hostile/odd_export_names.wasm');
  const names = (await tableRows(page, 'Exports')).map((row) => row.split(' | ')[0]);
  for (const name of ['<b>bold</b>', 'line\\nbreak', 'nul\\0byte', '\\u{202e}gnp.exe', '(no name)', '__proto__'])
    assert.ok(names.includes(name), `${name} in ${names.join(', ')}`);
  assert.equal(await page.locator('#wasm-module :is(b, script, img)').count(), 0);
});

e2e('a name of 64 KB is cut, and whole on demand', {}, async (page) => {
  await open(page, 'hostile/huge_import_names.wasm');
  const all = page.locator('.missing').getByRole('button', { name: /Show all \d+,\d+ characters/ });
  await all.click();
  const text = await page.locator('#whole-dialog .whole-text').innerText();
  assert.ok(text.length > 65_536, String(text.length));
  await page.keyboard.press('Escape');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.equal(wide, 0);
});

e2e('functions are sorted and filtered, and lead to their code', {}, async (page) => {
  await open(page, 'wasi/edit.wasm');
  const list = page.getByRole('region', { name: 'Functions' });
  const sizes = async () =>
    (await list.locator('.row .size').allTextContents()).map((text) => Number(text.replaceAll(',', '')));
  await list.locator('.row').first().scrollIntoViewIfNeeded();
  const bySize = await sizes();
  assert.deepEqual(
    bySize,
    [...bySize].sort((a, b) => b - a),
  );
  await page.getByRole('combobox', { name: 'Order of the functions' }).selectOption('index');
  await drawn(page);
  assert.notDeepEqual(await sizes(), bySize);
  await page.getByRole('searchbox', { name: 'Filter functions by name' }).fill('insert');
  await drawn(page);
  await list.getByRole('button', { name: 'insert', exact: true }).click();
  await page.locator('#code .row', { hasText: '(func $insert' }).waitFor();
});

e2e('code: calls lead on, Back leads back, and the picker finds by name', {}, async (page) => {
  await open(page, 'wasi/edit.wasm');
  await tab(page, 'code');
  await page.locator('#code .row', { hasText: '(func $_start' }).waitFor();
  await page.locator('#code-function').click();
  await page.keyboard.type('insert');
  await page.keyboard.press('Enter');
  await page.locator('#code .row', { hasText: '(func $insert' }).waitFor();
  const [, header] = /^(0x[\da-f]+)/.exec((await page.locator('#code .row').first().textContent()) ?? '') ?? [];
  assert.ok(header, 'the offset of the function');
  await page.getByRole('button', { name: '$reserve' }).first().click();
  await page.locator('#code .row', { hasText: '(func $reserve' }).waitFor();
  await page.locator('#code-back').click();
  await page.locator('#code .row', { hasText: '(func $insert' }).waitFor();
  await page.locator('#code-next').click();
  await page.locator('#code-previous').click();
  await page.locator('#code .row', { hasText: '(func $insert' }).waitFor();
});

e2e('the place of a trap leads to its function', {}, async (page) => {
  await open(page, 'aver/trap.wasm');
  await ended(page);
  await page.locator('#result .place').first().click();
  const selected = page.locator('#code .selected');
  await selected.waitFor();
  assert.match((await selected.textContent()) ?? '', /i64\.div_s/);
  assert.match((await page.locator('#code .row').first().textContent()) ?? '', /\(func \(;6;\)/);
});

e2e('keys lead to the panels of a module', {}, async (page) => {
  await open(page, 'wasi/words.wasm');
  const wanted = { Digit3: 'code', Digit4: 'calls', Digit6: 'files', Digit7: 'exports', Digit5: 'wasm-module' };
  for (const [key, id] of Object.entries(wanted)) {
    await page.keyboard.press(`Control+Shift+${key}`);
    await page.waitForFunction((wantedId) => document.activeElement?.id === wantedId, id);
  }
});

/** A module of so many functions that do nothing. @param {number} count below 600,000 */
function functionsThatDoNothing(count) {
  const leb = (/** @type {number} */ value) =>
    [value | 0x80, (value >> 7) | 0x80, value >> 14].map((byte) => byte & 0xff);
  const section = (/** @type {number} */ id, /** @type {number[]} */ body) => [id, ...leb(body.length), ...body];
  const all = (/** @type {number[]} */ each) => [...leb(count), ...Array.from({ length: count }, () => each).flat()];
  const type = [1, 0x60, 0, 0];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, type),
    ...section(3, all([0])),
    ...section(10, all([2, 0, 0x0b])),
  ]);
}

/** Looks for a function by its name. @param {import('playwright-core').Page} page @param {string} name @param {string} found */
async function findFunction(page, name, found) {
  await page.getByRole('searchbox', { name: 'Filter functions by name' }).fill(name);
  await page.locator('#wasm-module').getByText(found, { exact: true }).waitFor();
}

e2eBelow(45, 'all of 20,000 functions are listed, found and shown, and the page goes on', {}, (page) =>
  longestTask(page, async () => {
    await pick(page, 'all.wasm', functionsThatDoNothing(20_000));
    const list = page.getByRole('region', { name: 'Functions' });
    await list.getByText('function 0', { exact: true }).waitFor();
    await findFunction(page, 'function 19999', '1 found');
    await findFunction(page, 'function 1', '11,111 found');
    await page.getByLabel('Order of the functions').selectOption('name');
    await findFunction(page, 'function 19999', '1 found');
    await list.getByText('function 19999').click();
    await page.locator('#code-about', { hasText: 'function 19999, 2 bytes' }).waitFor();
    await page.locator('#code', { hasText: 'func (;19999;)' }).waitFor();
  }),
);

e2e('a filter says where it looked when not all functions are described', {}, async (page) => {
  await pick(page, 'more.wasm', functionsThatDoNothing(100_001));
  await findFunction(page, 'function 99999', '1 found among the first 100,000');
  await findFunction(page, 'function 100000', '0 found among the first 100,000');
});
