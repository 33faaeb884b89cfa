// A program whose imports are the exports of another file (an unmerged Aver module and its runtime): the second file is dropped
// beside it, after it, before it, or chosen; what is linked stands in the module panel, comes back after a reload, and is not
// in a link that is shared.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { assemble } from '../../fixtures/wat.mjs';
import { project } from '../lib/files.mjs';
import { e2e, ended, fixture, named, outputRows, pick, resultText, waitForPhase } from './harness.js';

/** @typedef {import('playwright-core').Page} Page */

const unmerged = (/** @type {string} */ name) => fixture(`aver-unmerged/${name}.wasm`);

/** Drops files together. @param {Page} page @param {Record<string, Uint8Array>} files */
async function dropFiles(page, files) {
  const all = Object.entries(files).map(([name, bytes]) => ({ name, base64: Buffer.from(bytes).toString('base64') }));
  await page.evaluate((each) => {
    const data = new DataTransfer();
    for (const { name, base64 } of each)
      data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name));
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
  }, all);
}

const noticed = (/** @type {Page} */ page, /** @type {RegExp} */ text) =>
  page.locator('#notice', { hasText: text }).waitFor();
const facts = (/** @type {Page} */ page) => page.locator('#wasm-module .facts').first().innerText();

e2e('the runtime of an unmerged program is dropped after it, shown, and found again', {}, async (page) => {
  await dropFiles(page, { 'queens.wasm': await unmerged('queens') });
  await named(page, 'queens.wasm');
  await waitForPhase(page, 'ready');
  assert.match(await resultText(page), /needs 75 imports that nobody serves here: aver_runtime\.rt_alloc/);
  assert.match(await page.locator('.missing').innerText(), /Choose aver_runtime\.wasm…/);
  await dropFiles(page, { 'aver_runtime (1).wasm': await unmerged('aver_runtime') });
  await noticed(page, /^aver_runtime\.wasm is linked to this program\. It is kept with your recent files/);
  await waitForPhase(page, 'finished');
  assert.match((await outputRows(page))[0], /^92 ways to place eight queens/);
  await page.locator('#inspector-tabs [data-tab=module]').click();
  assert.match(await facts(page), /Aver program[^]*Linked\s+aver_runtime\.wasm, 17 KB/);
  const rows = await page.locator('#wasm-module table[aria-label="Imports"] tbody tr').allTextContents();
  assert.ok(
    rows.some((row) => /rt_alloc.*aver_runtime\.wasm$/.test(row)),
    rows.join('\n'),
  );
  assert.ok(rows.some((row) => /aver\.console_print.*Aver$/.test(row)));
  assert.equal(await page.locator('.missing').count(), 0);
  await page.reload();
  await ended(page);
  await named(page, 'queens.wasm');
  assert.match((await outputRows(page))[0], /^92 ways/);
});

for (const order of [
  ['aver_runtime', 'queens'],
  ['queens', 'aver_runtime'],
]) {
  e2e(`${order.join(' and ')} are dropped together`, {}, async (page) => {
    const files = await Promise.all(order.map(async (name) => [`${name}.wasm`, await unmerged(name)]));
    await dropFiles(page, Object.fromEntries(files));
    await named(page, 'queens.wasm');
    await page.locator('#output .row', { hasText: '92 ways' }).waitFor();
    // Keeping goes on after the run.
    await page.waitForFunction(() => document.querySelectorAll('#recent .program').length === 2);
  });
}

e2e('a linked module may itself import from one, and is chosen with a button', {}, async (page) => {
  await dropFiles(page, { 'dice.wasm': await unmerged('dice'), 'aver_runtime.wasm': await unmerged('aver_runtime') });
  await page.locator('#output .row', { hasText: '1000 throws' }).waitFor();
  const put = async (/** @type {string} */ name, /** @type {string} */ text) => [
    `${name}.wasm`,
    await assemble(name, `(module ${text})`),
  ];
  const app = await put('app', '(import "a" "f" (func $f (result i32))) (func (export "main") (result i32) call $f)');
  await dropFiles(page, Object.fromEntries([app]));
  await named(page, 'app.wasm');
  await waitForPhase(page, 'ready');
  const a = await put('whatever', '(import "b" "f" (func $f (result i32))) (func (export "f") (result i32) call $f)');
  const b = await put('b', '(func (export "f") (result i32) i32.const 1234)');
  await page.locator('#inspector-tabs [data-tab=module]').click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a.wasm' }).click();
  await (await choosing).setFiles({ name: 'whatever.wasm', mimeType: '', buffer: Buffer.from(a[1]) });
  await noticed(page, /^a\.wasm is linked/);
  await waitForPhase(page, 'ready');
  assert.match(
    await page.locator('.missing').innerText(),
    /An import is missing[^]*a\.wasm needs\s+b\.f \(\) -> \(i32\)/,
  );
  await dropFiles(page, Object.fromEntries([b]));
  await waitForPhase(page, 'finished');
  assert.match(await resultText(page), /exit value 1,?234/);
});

e2e(
  'what does not fit is told with name and type, and a second file that means harm ends as a first would',
  {},
  async (page) => {
    const app = await assemble(
      'app',
      '(module (import "lib" "f" (func $f (param i32))) (func (export "main") (call $f (i32.const 1))))',
    );
    const lib = (/** @type {string} */ text) => assemble('lib', `(module ${text})`);
    await dropFiles(page, { 'app.wasm': app, 'lib.wasm': await lib('(func (export "f") (param i64))') });
    await noticed(page, /^lib\.wasm is linked/);
    await waitForPhase(page, 'ready');
    assert.match(
      await page.locator('.missing').innerText(),
      /lib\.f \(i32\) -> \(\)\s+lib\.wasm exports it with another type, `\(i64\) -> \(\)`/,
    );
    await dropFiles(page, { 'lib.wasm': (await lib('')).subarray(0, 6) });
    await noticed(page, /^lib\.wasm: .*malformed/);
    await dropFiles(page, {
      'lib.wasm': await lib('(func $s (loop br 0)) (start $s) (func (export "f") (param i32))'),
    });
    await waitForPhase(page, 'running');
    await page.locator('.controls [data-command=stop]').click();
    await waitForPhase(page, 'stopped');
    await dropFiles(page, {
      'lib.wasm': await lib('(func $s unreachable) (start $s) (func (export "f") (param i32))'),
    });
    await waitForPhase(page, 'failed');
    assert.match(await resultText(page), /Unreachable code reached\. at s of lib\.wasm/);
  },
);

e2e(
  'a shared link says what it does not hold',
  { permissions: ['clipboard-read', 'clipboard-write'] },
  async (page) => {
    const files = ['queens', 'aver_runtime'].map((name) => join(project, `fixtures/aver-unmerged/${name}.wasm`));
    await page.locator('#file-input').setInputFiles(files);
    await page.locator('#output .row', { hasText: '92 ways' }).waitFor();
    await page.keyboard.press('Alt+L');
    await noticed(
      page,
      /It holds the program itself \([^)]*\)\. It does not hold aver_runtime\.wasm: send that file, too\./,
    );
  },
);

e2e('what needs a host of its own is not offered to be linked', {}, async (page) => {
  // (module (import "gojs" "runtime.wasmExit" (func (param i32))))
  const types = [1, 5, 1, 0x60, 1, 0x7f, 0];
  const names = ['gojs', 'runtime.wasmExit'].flatMap((name) => [name.length, ...Buffer.from(name)]);
  const imports = [2, names.length + 3, 1, ...names, 0, 0];
  await pick(page, 'go.wasm', Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...types, ...imports]));
  const missing = page.locator('.missing');
  await missing.waitFor();
  const text = await missing.innerText();
  assert.match(text, /GOOS=wasip1[^]*/);
  assert.match(text, /Let stubs stand in/);
  assert.doesNotMatch(text, /Choose|dropped here/);
});
