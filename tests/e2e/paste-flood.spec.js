// A million characters pasted at once, wherever a program is typed to: the page stays free, the program gets all of them or
// the visitor is told what was not taken.
import assert from 'node:assert/strict';
import { assemble } from '../../fixtures/wat.mjs';
import { longestTask } from '../lib/longest-task.mjs';
import { drop, e2eBelow, ended, outputRows, waitForPhase } from './harness.js';

/** @typedef {import('playwright-core').Page} Page */

const CHARACTERS = 1_000_000;
const LONGEST_TASK = 50;
const LINES = '123456789\n';
const ONE_LINE = 'x';

/** Counts the bytes of its input up to a `!`, and prints how many they were, in ten digits. */
const COUNTER = `(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (data (i32.const 0) "\\20\\00\\00\\00\\00\\00\\01\\00")
  (data (i32.const 16) "0000000000\\n")
  (func (export "_start") (local $count i32) (local $at i32) (local $end i32)
    (block $done
      (loop $more
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (br_if $done (i32.eqz (i32.load (i32.const 8))))
        (local.set $at (i32.const 32))
        (local.set $end (i32.add (i32.const 32) (i32.load (i32.const 8))))
        (loop $next
          (br_if $done (i32.eq (i32.load8_u (local.get $at)) (i32.const 33)))
          (local.set $count (i32.add (local.get $count) (i32.const 1)))
          (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (local.get $end))))
        (br $more)))
    (local.set $at (i32.const 25))
    (loop $digit
      (i32.store8 (local.get $at) (i32.add (i32.const 48) (i32.rem_u (local.get $count) (i32.const 10))))
      (local.set $count (i32.div_u (local.get $count) (i32.const 10)))
      (br_if $digit (i32.ge_u (local.tee $at (i32.sub (local.get $at) (i32.const 1))) (i32.const 16))))
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 11))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`;

/** Pastes a text so many times over as one. @param {Page} page @param {string} where @param {string} text */
function paste(page, where, text) {
  return page.evaluate(
    ({ where, text, times }) => {
      const data = new DataTransfer();
      data.setData('text/plain', text.repeat(times));
      const field = /** @type {HTMLElement} */ (document.querySelector(where));
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    },
    { where, text, times: CHARACTERS / text.length },
  );
}

/** @param {Page} page */
async function openCounter(page) {
  await drop(page, 'counter.wasm', await assemble('counter', COUNTER));
  await waitForPhase(page, 'waiting for input');
}

/** @param {Page} page @param {RegExp} note that something was not taken */
const refused = (page, note) => page.locator('.terminal[data-full] .terminal-note', { hasText: note }).waitFor();

/** The last row that it printed. @param {Page} page */
async function counted(page) {
  await ended(page);
  await page.locator('.view-tabs [data-tab=text]').click();
  return Number((await outputRows(page)).at(-1)?.replaceAll(',', ''));
}

/** Opens the terminal for the program, its keyboard by lines or raw. @param {Page} page @param {'Lines' | 'Keys'} mode */
async function openTerminal(page, mode) {
  await page.locator('.view-tabs [data-tab=terminal]').click();
  await page.locator('.xterm-rows').waitFor();
  await page.getByRole('button', { name: mode, exact: true }).click();
}

e2eBelow(LONGEST_TASK, 'a long paste into the row under the output', { query: '?example=primes' }, async (page) => {
  await openCounter(page);
  const ofOneLine = await longestTask(page, async () => {
    await paste(page, '#input-line', ONE_LINE);
    await page.locator('.input-row [role=status]', { hasText: 'Not taken: a line has at most 16,384' }).waitFor();
  });
  assert.equal(await page.locator('#input-line').inputValue(), '');
  await page.locator('#input-line').pressSequentially('!');
  assert.equal(await page.locator('.input-row [role=status]').innerText(), '');
  await page.locator('#input-line').fill('');
  const ofLines = await longestTask(page, () => paste(page, '#input-line', LINES));
  await page.locator('#input-line').fill('!');
  await page.keyboard.press('Enter');
  assert.equal(await counted(page), CHARACTERS);
  return Math.max(ofOneLine, ofLines);
});

e2eBelow(LONGEST_TASK, 'a long paste of lines into the terminal', { query: '?example=primes' }, async (page) => {
  await openCounter(page);
  await openTerminal(page, 'Lines');
  const longest = await longestTask(page, async () => {
    await paste(page, '.xterm-helper-textarea', LINES);
    await page.locator('.xterm-screen').click();
    await page.keyboard.type('!\n');
    await ended(page);
  });
  assert.equal(await counted(page), CHARACTERS);
  return longest;
});

e2eBelow(LONGEST_TASK, 'a long paste of one line into the terminal', { query: '?example=primes' }, async (page) => {
  await openCounter(page);
  await openTerminal(page, 'Lines');
  const longest = await longestTask(page, async () => {
    await paste(page, '.xterm-helper-textarea', ONE_LINE);
    await refused(page, /^The end was not taken: a line has at most 16,384 characters\.$/);
  });
  await page.locator('.xterm-screen').click();
  await page.keyboard.type('\n!\n');
  assert.equal(await counted(page), 16_384 + 1);
  return longest;
});

e2eBelow(
  LONGEST_TASK,
  'a long paste into the terminal whose keys go to the program',
  { query: '?example=primes' },
  async (page) => {
    await openCounter(page);
    await openTerminal(page, 'Keys');
    const longest = await longestTask(page, async () => {
      await paste(page, '.xterm-helper-textarea', ONE_LINE);
      await page.locator('.xterm-screen').click();
      await page.keyboard.type('!');
      await ended(page);
    });
    assert.equal(await counted(page), CHARACTERS);
    return longest;
  },
);
