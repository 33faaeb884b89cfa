// A million keys for a program that takes none: the page stays free, as many as are promised wait in their order, the newest
// are refused with a sign, memory does not grow, and the next program gets none of them.
import assert from 'node:assert/strict';
import { assemble } from '../../fixtures/wat.mjs';
import { KEY_RING } from '../../runner/limits.js';
import { longestTask } from '../lib/longest-task.mjs';
import { drop, e2eBelow, ended, openExample, outputRows, resultText, waitForPhase } from './harness.js';
import { inMode } from './modes.js';

const KEYS = 1_000_000;
/** So many of them are watched, as a trace of all is too large: those that wait and as many that are refused. */
const WATCHED = 2 * KEY_RING;
const PROMISED = 4096;
const GROWTH_BYTES = 4 << 20;
const NAMES = ['ArrowUp', 'ArrowRight', 'ArrowDown', 'ArrowLeft'];

/**
 * Takes keys only once the terminal has another width: then all that wait. Prints how many they were, and how many were
 * not the one of their place in a row of up, right, down, left.
 */
const LATE_READER = `(module
  (import "aver" "console_print" (func $print (param i32 i32)))
  (import "aver" "print_value" (func $number (param i32 i64)))
  (import "aver" "terminal_enableRawMode" (func $raw))
  (import "aver" "terminal_print" (func $draw (param i32 i32)))
  (import "aver" "terminal_flush" (func $flush))
  (import "aver" "terminal_readKey" (func $key (result i32 i32)))
  (import "aver" "terminal_size" (func $size (result i32 i32)))
  (import "aver" "time_sleep" (func $sleep (param i64)))
  (memory (export "memory") 1)
  (data (i32.const 1024) "no key is taken, astray\\nurdl")
  (func (export "alloc") (param i32) (result i32) i32.const 4096)
  (func $width (result i32) (call $size) (drop))
  (func (export "_start") (local $columns i32) (local $at i32) (local $count i32) (local $astray i32)
    (call $raw)
    (call $draw (i32.const 1024) (i32.const 15))
    (call $flush)
    (local.set $columns (call $width))
    (loop $wait
      (call $sleep (i64.const 5))
      (br_if $wait (i32.eq (call $width) (local.get $columns))))
    (loop $next
      (call $key) (drop) (local.set $at)
      (if (i32.ne (local.get $at) (i32.const -1)) (then
        (local.set $astray (i32.add (local.get $astray) (i32.ne
          (i32.load8_u (local.get $at))
          (i32.load8_u offset=1048 (i32.and (local.get $count) (i32.const 3))))))
        (local.set $count (i32.add (local.get $count) (i32.const 1)))
        (br $next))))
    (call $number (i32.const 0) (i64.extend_i32_u (local.get $count)))
    (call $print (i32.const 1039) (i32.const 2))
    (call $number (i32.const 0) (i64.extend_i32_u (local.get $astray)))
    (call $print (i32.const 1040) (i32.const 8))))`;

/** Presses keys one after the other, and lets the page do something else in between. @param {import('playwright-core').Page} page @param {number} count */
function press(page, count) {
  return page.evaluate(
    async ({ keys, names }) => {
      const field = /** @type {HTMLElement} */ (document.querySelector('.terminal-field'));
      const { port1, port2 } = new MessageChannel();
      for (let sent = 0; sent < keys;) {
        const pause = performance.now() + 8;
        while (sent < keys && performance.now() < pause) {
          const key = names[sent++ % names.length];
          field.dispatchEvent(new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true }));
        }
        await new Promise((resolve) => {
          port1.onmessage = resolve;
          port2.postMessage(null);
        });
      }
    },
    { keys: count, names: NAMES },
  );
}

/** What the page's heap keeps, and how many nodes. @param {import('playwright-core').Page} page */
async function kept(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes } = await session.send('Memory.getDOMCounters');
  await session.detach();
  return { usedSize, nodes };
}

/**
 * @template Seen
 * @param {import('playwright-core').Page} page
 * @param {(happen: () => Promise<void>) => Promise<Seen>} watch what looks on while the first keys are pressed
 */
async function flood(page, watch) {
  await drop(page, 'late-reader.wasm', await assemble('late-reader', LATE_READER));
  await page.locator('.raw-badge').waitFor();
  await page.waitForFunction(() => document.activeElement?.className === 'terminal-field');
  // What comes with the first module belongs to it.
  await page.locator('#wasm-module .facts').first().waitFor({ state: 'attached' });
  await page.locator('#recent .program').waitFor({ state: 'attached' });
  const before = await kept(page);
  const seen = await watch(() => press(page, WATCHED));
  await press(page, KEYS - WATCHED);
  await page.locator('.terminal[data-full] .terminal-note', { hasText: 'too many wait' }).waitFor();
  const after = await kept(page);
  assert.ok(after.usedSize - before.usedSize < GROWTH_BYTES, `${before.usedSize} bytes became ${after.usedSize}`);
  assert.ok(after.nodes - before.nodes < 100, `${before.nodes} nodes became ${after.nodes}`);

  await page.setViewportSize({ width: 1900, height: 1000 });
  await ended(page);
  assert.match(await resultText(page), /^ok /);
  await page.locator('.view-tabs [data-tab=text]').click();
  const [row] = await outputRows(page);
  const [, taken] = /^([\d,]+), 0 astray$/.exec(row) ?? [];
  assert.ok(Number(taken) >= PROMISED && Number(taken) <= KEY_RING, row);

  await openExample(page, 'paint');
  await waitForPhase(page, 'waiting for a key');
  await page.waitForFunction(() => !document.querySelector('.terminal[data-full]'));
  await page.waitForFunction(() => document.activeElement?.className === 'terminal-field');
  await page.keyboard.press('q');
  await waitForPhase(page, 'finished');
  assert.match(await resultText(page), /^ok /);
  return seen;
}

e2eBelow(50, 'a million keys that nobody takes', { query: '?example=primes' }, (page) =>
  flood(page, (happen) => longestTask(page, happen)),
);

inMode('a million keys that nobody takes', 'suspension', { query: '?example=primes' }, async (page) => {
  await ended(page);
  await flood(page, (happen) => happen());
});
