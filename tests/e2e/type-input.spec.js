// Programs that read: lines typed under the output and in the terminal, single keys, the end of input; in every live mode,
// and prepared, which the page says openly.
import assert from 'node:assert/strict';
import { assemble } from '../../fixtures/wat.mjs';
import {
  drop,
  e2e,
  ended,
  fixture,
  openExample,
  openOptions,
  outputRows,
  paste,
  resultText,
  waitForPhase,
} from './harness.js';
import { LIVE_MODES, inMode } from './modes.js';

for (const mode of LIVE_MODES) {
  inMode('a dialogue by lines', mode, { query: '?example=guess' }, async (page) => {
    await waitForPhase(page, 'waiting for a line');
    await page.waitForFunction(() => document.activeElement?.id === 'input-line');
    const lines = ['Ada', 'x', '50', '20', '37'];
    for (const [index, line] of lines.entries()) {
      await page.keyboard.type(line);
      await page.keyboard.press('Enter');
      // What is typed stands before the answer to it.
      await page.waitForFunction((count) => document.querySelectorAll('#output .row').length > count, 2 * index + 2);
    }
    await page.waitForFunction(() => /Yes! 37 it is/.test(document.getElementById('output')?.textContent ?? ''));
    const rows = await outputRows(page);
    assert.deepEqual(rows.slice(0, 3), [
      'I think of a number from 1 to 99. Who are you?',
      'Ada',
      'Ada, your guess (try 1)?',
    ]);
    assert.deepEqual(await page.locator('#output .typed').allInnerTexts(), ['Ada', 'x', '50', '20', '37']);
  });

  inMode('an editor takes every key, and saves', mode, { query: '?example=edit' }, async (page) => {
    await page.waitForFunction(() => document.querySelector('.xterm-rows')?.textContent?.includes('welcome.txt'));
    await page.waitForFunction(() => document.activeElement?.className === 'xterm-helper-textarea');
    await page.keyboard.type('typed ');
    await page.waitForFunction(() => document.querySelector('.xterm-rows')?.textContent?.includes('typed Welcome'));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Control+s');
    await page.waitForFunction(() => document.querySelector('.xterm-rows')?.textContent?.includes('Saved.'));
    await page.keyboard.press('Control+q');
    await waitForPhase(page, 'finished');
  });
}

/** A program that prints something, reads a line and prints that. @param {string} printed */
function asking(printed) {
  const bytes = [...Buffer.from(printed)];
  const text = bytes.map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  // The vector at 0 is what is read, and how much of it; the one at 8 what is printed first.
  return assemble(
    'asking',
    `(module
      (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 0) "\\40\\00\\00\\00\\40\\00\\00\\00\\80\\00\\00\\00") (data (i32.const 128) "${text}")
      (func (export "_start")
        (i32.store (i32.const 12) (i32.const ${bytes.length}))
        (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 28)))
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4)))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 28)))))`,
  );
}
const PROMPT = '\x1b[1mname> ';

/** Pastes into the row for input. @param {import('playwright-core').Page} page @param {string} text */
const pasteInput = (page, text) =>
  page.locator('#input-line').evaluate((field, text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    field.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
  }, text);

/** @param {import('playwright-core').Page} page @param {string} selector */
const hasFocus = (page, selector) =>
  page.waitForFunction((selector) => document.activeElement?.matches(selector) === true, selector);

e2e('who presses the view of a program that waits can type there at once', {}, async (page) => {
  const view = (/** @type {string} */ name) => page.locator('.view-tabs').getByRole('tab', { name });
  await drop(page, 'echo.wasm', await asking(''));
  await hasFocus(page, '#input-line');
  await view('Terminal').click();
  await hasFocus(page, '.xterm-helper-textarea');
  await view('Text').click();
  await hasFocus(page, '#input-line');
  await page.keyboard.press('Shift+Tab');
  await view('Text').focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('.xterm-helper-textarea').waitFor({ state: 'attached' });
  assert.equal(await view('Terminal').evaluate((tab) => tab === document.activeElement), true, 'arrows choose only');
  await page.keyboard.press('Enter');
  await hasFocus(page, '.xterm-helper-textarea');
  await page.keyboard.type('typed');
  await page.keyboard.press('Enter');
  await waitForPhase(page, 'finished');
});

e2e(
  'a terminal that comes while a line is typed takes the focus and the line with it',
  { serviceWorkers: 'block' },
  async (page) => {
    await page.route(/\/xterm-/, async (route) => {
      await hasFocus(page, '#input-line');
      await page.keyboard.type('Ad');
      await route.continue();
    });
    await drop(page, 'prompt.wasm', await asking(PROMPT));
    await hasFocus(page, '.xterm-helper-textarea');
    assert.deepEqual(
      [await page.locator('#input-line').inputValue(), await page.locator('.input-row').isVisible()],
      ['', false],
    );
    const hint = page.locator('.terminal-note:visible');
    assert.match(await hint.innerText(), /^Keys go to the program/);
    await page.keyboard.type('a');
    await page.keyboard.press('Enter');
    await waitForPhase(page, 'finished');
    await page.waitForFunction(() => /name> Ada\s*Ada/.test(document.querySelector('.xterm-rows')?.textContent ?? ''));
    assert.equal(await hint.innerText(), 'The program takes no keys now.');
  },
);

e2e('what was typed and not sent goes to the terminal of the next run', {}, async (page) => {
  await drop(page, 'echo.wasm', await asking(''));
  await hasFocus(page, '#input-line');
  await pasteInput(page, 'sent\nlate');
  await waitForPhase(page, 'finished');
  await page.locator('.view-tabs').getByRole('tab', { name: 'Terminal' }).click();
  await page.locator('.xterm-helper-textarea').waitFor({ state: 'attached' });
  assert.equal(await page.locator('#input-line').inputValue(), 'late', 'there is nobody else to have it');
  await page.locator('[data-command=run]:visible').click();
  await page.waitForFunction(() => /late/.test(document.querySelector('.xterm-rows')?.textContent ?? ''));
  assert.equal(await page.locator('#input-line').inputValue(), '');
  await page.locator('.xterm-helper-textarea').focus();
  await page.keyboard.press('Enter');
  await waitForPhase(page, 'finished');
  await page.waitForFunction(() => /late\s*late/.test(document.querySelector('.xterm-rows')?.textContent ?? ''));
});

inMode('input that must be prepared is asked for openly', 'prepared', { query: '?example=guess' }, async (page) => {
  await page.locator('#input-banner').waitFor();
  assert.match(
    await page.locator('#input-banner').innerText(),
    /^This page cannot read input while a program runs: give it before\./,
  );
  assert.equal(await page.locator('#status-input').innerText(), 'input: given before the run');
  assert.equal(await page.locator('#input-line').isVisible(), false);
  await waitForPhase(page, 'finished', 'failed');
  await page.getByRole('button', { name: 'Give the input' }).click();
  await page.locator('#option-stdin').fill('Ada\n50\n37\n');
  await page.getByRole('button', { name: 'Apply and run' }).click();
  await page.waitForFunction(() => /Yes! 37 it is/.test(document.getElementById('output')?.textContent ?? ''));
  assert.match(await resultText(page), /^ok /);
});

inMode('keys that must be prepared play a program', 'prepared', { query: '?example=paint' }, async (page) => {
  await page.locator('#input-banner').waitFor();
  assert.match(await page.locator('#input-banner').innerText(), /^This page cannot read keys while/);
  await openOptions(page);
  await page.locator('#option-keys').fill('up sideways');
  await page.getByRole('button', { name: 'Apply and run' }).click();
  assert.match(await page.locator('#fault-keys').innerText(), /no key "sideways": up, down/i);
  await page.locator('#option-keys').fill('space right right 3 down, q');
  await page.getByRole('button', { name: 'Apply and run' }).click();
  await waitForPhase(page, 'finished');
  assert.match(await resultText(page), /^ok /);
});

inMode(
  'a program to talk with makes the page load once more, by itself',
  'prepared',
  { query: '?example=guess', serviceWorkers: 'allow' },
  async (page) => {
    await page.waitForFunction(() => crossOriginIsolated);
    await waitForPhase(page, 'waiting for a line');
    assert.equal(await page.locator('#input-banner').isVisible(), false);
    assert.equal(await page.locator('#status-input').innerText(), 'live input: shared memory');
  },
);

inMode(
  'a reload makes live input work, and the same program is there',
  'prepared',
  { query: '?example=words', serviceWorkers: 'allow' },
  async (page) => {
    await waitForPhase(page, 'finished');
    await page.getByRole('button', { name: 'Make live input work' }).click();
    await page.waitForFunction(() => crossOriginIsolated);
    await waitForPhase(page, 'finished');
    assert.equal(await page.locator('#program-name').innerText(), 'Word count');
    assert.equal(await page.locator('#input-banner').isVisible(), false);
  },
);

e2e('lines typed ahead wait; Ctrl+D ends the input', { query: '?example=primes' }, async (page) => {
  await drop(page, 'guess.wasm', await fixture('wasi/guess.wasm'));
  await waitForPhase(page, 'waiting for input');
  await page.locator('#input-line').waitFor();
  // Pasted lines are sent, but for the last one, which has no end yet. None is the number that was thought of, from 1 to 100.
  await pasteInput(page, '101\n102\n103\n104');
  assert.equal(await page.locator('#input-line').inputValue(), '104');
  await page.waitForFunction(() => document.querySelectorAll('#output .typed').length === 3);
  await page.locator('#input-line').press('ArrowUp');
  assert.equal(await page.locator('#input-line').inputValue(), '103');
  await page.locator('#input-line').fill('');
  await page.locator('#input-line').press('Control+d');
  await ended(page);
  await page.getByRole('button', { name: 'End input' }).waitFor({ state: 'hidden' });
  await hasFocus(page, '#output');
});

e2e('the focus is not lost with the row for input', { query: '?example=primes' }, async (page) => {
  for (const end of [
    () => page.getByRole('button', { name: 'End input' }).press('Enter'),
    () => page.keyboard.press('Control+.'),
  ]) {
    await drop(page, 'guess.wasm', await fixture('wasi/guess.wasm'));
    await waitForPhase(page, 'waiting for input');
    await hasFocus(page, '#input-line');
    await end();
    await ended(page);
    await hasFocus(page, '#output');
    await drop(page, 'words.wasm', await fixture('wasi/words.wasm'));
    await ended(page);
  }
});

e2e('what was typed and not sent outlives the run', { query: '?example=primes' }, async (page) => {
  await openExample(page, 'guess');
  await waitForPhase(page, 'waiting for a line');
  await page.locator('#input-line').fill('not yet');
  await page.keyboard.press('Control+.');
  await ended(page);
  assert.equal(await page.locator('#input-line').inputValue(), 'not yet');
  await page.getByRole('button', { name: 'Run again' }).click();
  await waitForPhase(page, 'waiting for a line');
  await page.locator('#input-line').press('Enter');
  await page.locator('#output .row', { hasText: /^not yet, your guess/ }).waitFor();
  assert.match((await outputRows(page))[2], /^not yet, your guess/);
  await page.keyboard.press('Control+.');
  await ended(page);
});

e2e(
  'in the terminal a line is edited before it is sent; keys can be sent raw',
  { query: '?example=primes' },
  async (page) => {
    await drop(page, 'guess.wasm', await fixture('wasi/guess.wasm'));
    await waitForPhase(page, 'waiting for input');
    await page.locator('.view-tabs [data-tab=terminal]').click();
    await page.locator('.xterm-rows').waitFor();
    assert.equal(await page.locator('#input-line').isVisible(), false);
    // What was printed before is there.
    await page.waitForFunction(() => /Your guess/.test(document.querySelector('.xterm-rows')?.textContent ?? ''));
    await page.locator('.xterm-screen').click();
    // Not the number that was thought of, from 1 to 100, whichever it is.
    await page.keyboard.type('501');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('0');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() =>
      /Your guess\? 500\s*A number from 1 to 100/.test(document.querySelector('.xterm-rows')?.textContent ?? ''),
    );
    await page.getByRole('button', { name: 'Keys', exact: true }).click();
    assert.equal(await page.getByRole('button', { name: 'Keys', exact: true }).getAttribute('aria-pressed'), 'true');
    await page.getByRole('button', { name: 'Lines', exact: true }).click();
    await page.locator('.xterm-screen').click();
    await page.keyboard.press('Control+d');
    await ended(page);
  },
);

e2e('output with escape sequences opens the terminal by itself', { query: '?example=primes' }, async (page) => {
  await drop(page, 'life.wasm', await fixture('wasi/life.wasm'));
  await page.locator('.xterm-rows').waitFor();
  await page.waitForFunction(() => document.querySelector('.xterm-rows')?.textContent?.includes('generation'));
  await page.keyboard.press('Control+.');
  await ended(page);
  assert.equal(await page.locator('.view-tabs [data-tab=terminal]').getAttribute('aria-selected'), 'true');
});

e2e('text pasted into a field of the program opens no program', { query: '?example=primes' }, async (page) => {
  await openExample(page, 'guess');
  await waitForPhase(page, 'waiting for a line');
  await pasteInput(page, 'U0pTUgM=');
  assert.equal(await page.locator('#program-name').innerText(), 'Guess the number');
  await paste(page, 'no program at all');
  await ended(page);
  assert.equal(await page.locator('#input-line').isVisible(), false);
});
