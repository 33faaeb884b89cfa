// Modules of every kind run when they are dropped: generated ones, Aver, WASI, plain exports, such with imports that nobody
// serves; what they print, how they end, what they are given, what is offered for them.
import assert from 'node:assert/strict';
import { assemble } from '../../fixtures/wat.mjs';
import { longestTask, staysFree } from '../lib/longest-task.mjs';
import {
  drawn,
  drop,
  e2e,
  e2eBelow,
  ended,
  fixture,
  openExample,
  openOptions,
  outputRows,
  resultText,
  waitForPhase,
} from './harness.js';

e2e('a generated module shows its value', {}, async (page) => {
  await drop(page, 'exit_fib.wasm', await fixture('jsrs-generated/exit_fib.v3.wasm'));
  await ended(page);
  assert.match(await resultText(page), /^ok exit value \d+ time .* memory .* imports called \d+$/);
  assert.match(await page.locator('#program-chip').innerText(), /^JSRust module · /);
  for (const hidden of ['step', 'pause']) {
    assert.equal(await page.locator(`.controls [data-command=${hidden}]`).isVisible(), false, hidden);
  }
  assert.equal(await page.locator('#entry').isVisible(), false);
  await openExample(page, 'primes');
  await page.locator('#entry').waitFor();
  assert.ok(await page.locator('.controls [data-command=step]').isVisible());
  assert.ok(await page.locator('.output-pane .pane-title').isVisible());
});

e2e('standard error is told from standard output, in order', { permissions: ['clipboard-read'] }, async (page) => {
  await drop(page, 'stderr.wasm', await fixture('aver/stderr.wasm'));
  await ended(page);
  const rows = await outputRows(page);
  assert.deepEqual([...rows].sort(), ['błąd 2', 'err 1', 'out 1', 'out 2'].sort());
  assert.deepEqual(await page.locator('#output .error').allInnerTexts(), ['err 1', 'błąd 2']);
  assert.equal(await page.locator('#output .has-error').count(), 2);
  const download = page.waitForEvent('download');
  await page.keyboard.press('Control+s');
  const saved = await download;
  assert.equal(saved.suggestedFilename(), 'stderr.txt');
});

e2e('a trap keeps the output, and its place leads to the code', {}, async (page) => {
  await drop(page, 'trap.wasm', await fixture('aver/trap.wasm'));
  await waitForPhase(page, 'failed');
  assert.deepEqual(await outputRows(page), ['before']);
  assert.match(await resultText(page), /^execute-error .*divi.* at .*offset 0x[0-9a-f]+/i);
  await page.locator('#result .place').first().click();
  await page.waitForFunction(() => document.getElementById('inspector')?.dataset.tab === 'code');
});

e2e('a status that is not 0 is shown as one', {}, async (page) => {
  await drop(page, 'exit.wasm', await fixture('hostile/exit_status_huge.wasm'));
  await ended(page);
  assert.match(await resultText(page), /^exit status \d+ time/);
});

e2e('an example brings its files and arguments, and remembers others', { query: '?example=markdown' }, async (page) => {
  assert.match(await resultText(page), /^ok /);
  await openOptions(page);
  assert.equal(await page.locator('#option-args').inputValue(), 'notes.md notes.html');
  await page.locator('#option-args').fill('"not closed');
  await page.getByRole('button', { name: 'Apply and run' }).click();
  assert.match(await page.locator('#fault-args').innerText(), /quote/);
  await page.locator('#option-args').fill('notes.md other.html');
  await page.locator('#option-env').fill('A=1\nnonsense');
  await page.getByRole('button', { name: 'Apply and run' }).click();
  assert.match(await page.locator('#fault-env').innerText(), /NAME=value.*nonsense/);
  await page.locator('#option-env').fill('A=1');
  await page.getByRole('button', { name: 'Apply and run' }).click();
  await ended(page);
  await openExample(page, 'hexdump');
  await ended(page);
  assert.ok((await outputRows(page)).length > 2);
  await openOptions(page);
  assert.equal(await page.locator('#option-args').inputValue(), 'sample.bin', 'each program has its own');
  await page.keyboard.press('Escape');
  await page.reload();
  await ended(page);
  await page.goto(new URL('?example=markdown', page.url()).href);
  await ended(page);
  await openOptions(page);
  assert.equal(await page.locator('#option-args').inputValue(), 'notes.md other.html');
});

e2e('a module without an entry waits to be called', { query: '?example=primes' }, async (page) => {
  await openExample(page, 'math');
  await waitForPhase(page, 'ready');
  assert.match(await resultText(page), /^ready It exports neither .* Nothing runs by itself\. Call its exports/);
  assert.equal(await page.locator('.controls [data-command=run]').isDisabled(), true);
  await page.getByRole('button', { name: 'Call its exports' }).click();
  await page.waitForFunction(() => document.getElementById('inspector')?.dataset.tab === 'exports');
});

e2e('a start function that prints, and one that ends the program', {}, async (page) => {
  await drop(page, 'assemblyscript.wasm', await fixture('wasm/assemblyscript.wasm'));
  await waitForPhase(page, 'ready');
  assert.match(await page.locator('#program-chip').innerText(), /^AssemblyScript module · /);
  assert.deepEqual((await outputRows(page)).slice(0, 3), ['hällo 😀', 'null', 'n > 3']);
  assert.match(await resultText(page), /^ready It exports neither .* Only its start function ran\. Call its exports/);
  // It is a program all the same.
  await page
    .locator('#output .row')
    .first()
    .evaluate((row) => row.setAttribute('data-before', ''));
  await page.locator('.controls').getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForFunction(() => document.querySelector('#output [data-before]') === null);
  await waitForPhase(page, 'ready');
  assert.equal((await outputRows(page))[0], 'hällo 😀');
  const exits = `(module (import "env" "process.exit" (func $exit (param i32)))
    (func $main (call $exit (i32.const 7))) (start $main))`;
  await drop(page, 'exits.wasm', await assemble('exits', exits));
  await ended(page);
  assert.match(await resultText(page), /^exit status 7 /);
});

e2e('a module that exports no function is not said to have some to call', {}, async (page) => {
  await drop(page, 'empty.wasm', await assemble('empty', '(module (memory (export "memory") 1))'));
  await waitForPhase(page, 'ready');
  assert.match(
    await resultText(page),
    /^ready It exports neither .* Nothing runs by itself\. It exports no function\.$/,
  );
  await page.locator('#module-panel', { hasText: 'Entry' }).waitFor();
  assert.doesNotMatch(await page.locator('#module-panel').innerText(), /Call its exports/);
});

e2e('imports that nobody serves are named, and stubs can stand in', {}, async (page) => {
  await drop(page, 'unknown.wasm', await fixture('hostile/unknown_imports.wasm'));
  await waitForPhase(page, 'ready');
  assert.match(
    await resultText(page),
    /^not run It needs \d+ imports that nobody serves here: .*See them in the module/,
  );
  await page.getByRole('button', { name: 'See them in the module' }).click();
  await page.locator('#module-panel').getByText('Let stubs stand in').click();
  await page.waitForFunction(() => !/^not run/.test(document.getElementById('result')?.innerText ?? ''));
});

e2e('a component and a damaged module are refused with a reason', {}, async (page) => {
  await drop(page, 'component.wasm', await fixture('hostile/component.wasm'));
  await waitForPhase(page, 'not run');
  assert.match(await resultText(page), /component/i);
  await drop(page, 'cut.wasm', await fixture('hostile/cut_section.wasm'));
  await waitForPhase(page, 'not run');
  assert.match(await resultText(page), /section/i);
});

e2e('dropped files go to a program that has files, a program is opened', { query: '?example=primes' }, async (page) => {
  await openExample(page, 'words');
  await ended(page);
  const said = page.locator('#notice', { hasText: /^2 files for the program/ }).waitFor();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['one two three'], 'mine.txt'));
    data.items.add(new File(['four'], 'other.txt'));
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
  });
  await said;
  await page.waitForFunction(() => /mine\.txt/.test(document.getElementById('output')?.textContent ?? ''));
  assert.equal(await page.locator('#program-name').innerText(), 'Word count');
  await drop(page, 'hello.wasm', await fixture('aver/hello.wasm'));
  await ended(page);
  assert.match(await page.locator('#program-chip').innerText(), /^Aver program/);
});

for (const [name, what] of [
  ['endless_output', 'prints'],
  ['endless_output_aver', 'prints in Aver'],
  ['endless_loop', 'loops'],
  ['endless_frames_aver', 'draws'],
]) {
  e2e(`a module that ${what} for ever leaves the page free and is stopped`, {}, async (page) => {
    await drop(page, `${name}.wasm`, await fixture(`hostile/${name}.wasm`));
    await waitForPhase(page, 'running', 'sleeping');
    await staysFree(page, 50, 1500);
    await page.keyboard.press('Control+.');
    await waitForPhase(page, 'stopped');
    await drop(page, 'hello.wasm', await fixture('aver/hello.wasm'));
    await ended(page);
    assert.match(await resultText(page), /^ok /, 'the next run knows nothing of it');
  });
}

e2e('a hundred megabytes go through the terminal without holding the page up', {}, async (page) => {
  await drop(page, 'endless.wasm', await fixture('hostile/endless_output.wasm'));
  await waitForPhase(page, 'running');
  await page.locator('.view-tabs [data-tab=terminal]').click();
  await page.locator('.xterm-rows').waitFor();
  await staysFree(page, 50, 3000);
  await page.keyboard.press('Control+.');
  await waitForPhase(page, 'stopped');
});

e2e('the terminal emulator comes with the first program that needs it', { query: '?example=primes' }, async (page) => {
  const asked = /** @type {string[]} */ ([]);
  page.on('request', (request) => asked.push(request.url()));
  await openExample(page, 'words');
  await ended(page);
  await drawn(page);
  assert.equal(
    await page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => /xterm-/.test(name))),
    false,
  );
  await page.locator('.view-tabs [data-tab=terminal]').click();
  await page.locator('.xterm-rows').waitFor();
  assert.ok(asked.length > 0);
});

/** Prints an escape sequence, then the lines 1000 to 4999, one call each. */
const COUNTS = `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "\\1b[1m0000\\n")
  (func $digit (param $at i32) (param $value i32)
    (i32.store8 (local.get $at) (i32.add (i32.const 48) (i32.rem_u (local.get $value) (i32.const 10)))))
  (func (export "_start") (local $n i32)
    (local.set $n (i32.const 1000))
    (i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (i32.const 9))
    (loop $more
      (call $digit (i32.const 20) (i32.div_u (local.get $n) (i32.const 1000)))
      (call $digit (i32.const 21) (i32.div_u (local.get $n) (i32.const 100)))
      (call $digit (i32.const 22) (i32.div_u (local.get $n) (i32.const 10)))
      (call $digit (i32.const 23) (local.get $n))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (i32.store (i32.const 0) (i32.const 20)) (i32.store (i32.const 4) (i32.const 5))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $n) (i32.const 5000))))))`;

const permissions = ['clipboard-read', 'clipboard-write'];
e2e('no output is lost or out of order while the terminal comes', { permissions }, async (page) => {
  await drop(page, 'counts.wasm', await assemble('counts', COUNTS));
  await page.locator('.xterm-rows').waitFor();
  await ended(page);
  await page.waitForFunction(() => document.querySelector('.xterm-rows')?.textContent?.includes('4999'));
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.locator('#notice', { hasText: /copied/i }).waitFor();
  const lines = (await page.evaluate(() => navigator.clipboard.readText())).trimEnd().split('\n');
  assert.deepEqual(
    lines,
    Array.from({ length: 4000 }, (_, index) => String(1000 + index)),
  );
});

e2eBelow(50, 'the terminal comes without holding the page up', { query: '?example=words' }, (page) =>
  longestTask(page, async () => {
    await openExample(page, 'edit');
    await page.waitForFunction(() => document.querySelector('.xterm-rows')?.textContent?.includes('welcome.txt'));
  }),
);
