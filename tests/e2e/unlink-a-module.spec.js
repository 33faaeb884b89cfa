// A file that is linked to the open program is taken away again by a button in the module panel: by keyboard, with a name that
// says which, and without losing the place of whoever pressed it.
import assert from 'node:assert/strict';
import { assemble } from '../../fixtures/wat.mjs';
import { e2e, waitForPhase } from './harness.js';

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page @param {[string, string][]} files name and text */
async function bring(page, files) {
  const made = files.map(async ([name, text]) => ({
    name: `${name}.wasm`,
    mimeType: '',
    buffer: Buffer.from(await assemble(name, `(module ${text})`)),
  }));
  await page.locator('#file-input').setInputFiles(await Promise.all(made));
}

const result = (/** @type {Page} */ page, /** @type {RegExp} */ text) =>
  page.locator('#result', { hasText: text }).waitFor();

const APP = '(import "a" "f" (func $f (result i32))) (func (export "main") (result i32) call $f)';
const A = '(import "b" "f" (func $f (result i32))) (func (export "f") (result i32) call $f)';
const give = (/** @type {number} */ value) => `(func (export "f") (result i32) i32.const ${value})`;

e2e('a linked module is unlinked by keyboard, and can be linked again', {}, async (page) => {
  await bring(page, [
    ['app', APP],
    ['a', A],
    ['b', give(12)],
  ]);
  await result(page, /exit value 12/);
  await page.locator('#inspector-tabs [data-tab=module]').click();
  const unlink = page.getByRole('button', { name: /^Unlink/ });
  assert.deepEqual(await unlink.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label'))), [
    'Unlink b.wasm',
    'Unlink a.wasm',
  ]);
  await page.getByRole('button', { name: 'Unlink b.wasm' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('#notice', { hasText: 'b.wasm is not linked any more.' }).waitFor();
  await waitForPhase(page, 'ready');
  assert.match(await page.locator('.missing').innerText(), /a\.wasm needs\s+b\.f \(\) -> \(i32\)/);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'wasm-module');
  assert.equal(await page.locator('#recent .program', { hasText: 'b.wasm' }).count(), 1, 'it is kept');

  // Without the one that asks for it, nobody does.
  await page.getByRole('button', { name: 'Unlink a.wasm' }).click();
  await page.locator('#notice', { hasText: 'a.wasm is not linked any more.' }).waitFor();
  assert.equal(await unlink.count(), 0);
  await result(page, /It needs 1 import that nobody serves here: a\.f/);

  await bring(page, [['a', give(34)]]);
  await result(page, /exit value 34/);
});

e2e('a program that runs is ended when something is taken from it', {}, async (page) => {
  await bring(page, [
    ['app', '(import "a" "f" (func $f)) (func (export "main") call $f)'],
    ['a', '(func (export "f") (loop (br 0)))'],
  ]);
  await waitForPhase(page, 'running');
  await page.locator('#inspector-tabs [data-tab=module]').click();
  await page.getByRole('button', { name: 'Unlink a.wasm' }).click();
  await waitForPhase(page, 'ready');
});
