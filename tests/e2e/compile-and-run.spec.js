// Issue 5, item 7: a JSRS program compiled to WebAssembly and run in the page: the same output, end and place as interpreted,
// at every level; limits, Stop, and what stays an interpreted run's.
import assert from 'node:assert/strict';
import { endlessLoop, endlessPrinter } from '../lib/jsrs-writer.js';
import { parseKernel } from '../bench/kernel-text.mjs';
import { longestTask } from '../lib/longest-task.mjs';
import { toJsrs } from '../lib/program-to-jsrs.js';
import { takesLess } from '../lib/timing.mjs';
import {
  answerTime,
  drawn,
  drop,
  e2e,
  e2eBelow,
  ended,
  fixture,
  openOptions,
  outputRows,
  pick,
  resultText,
  record,
  waitForPhase,
} from './harness.js';

/** @typedef {import('playwright-core').Page} Page */

const LEVELS = ['O0', 'O1', 'O2', 'Os'];

/** Chooses how programs run, and waits for the run that follows. @param {Page} page @param {string} mode */
async function choose(page, mode) {
  await page.getByLabel('Run mode').selectOption(mode);
  await ended(page);
}

/** What the visitor is told of a run, without its figures. @param {Page} page */
async function told(page) {
  await drawn(page);
  const places = await page.locator('#result .place').allTextContents();
  const kind = await page.locator('#result b').first().innerText();
  const sentence = await page.locator('#result .sentence').first().allTextContents();
  const exit = /exit value (-?\d+)/.exec(await resultText(page))?.[1] ?? '';
  return { rows: await outputRows(page), kind, sentence, place: places.slice(0, 1), exit };
}

e2e('the run mode is a choice with a name and a key, and survives a reload', {}, async (page) => {
  const mode = page.getByLabel('Run mode');
  assert.equal(await mode.inputValue(), 'interpreted');
  const before = await outputRows(page);
  await page.keyboard.press('Alt+M');
  await page.waitForFunction(() => /compiled -O1/.test(document.getElementById('result')?.innerText ?? ''));
  assert.equal(await mode.inputValue(), 'O1');
  assert.deepEqual(await outputRows(page), before);
  assert.match(await resultText(page), /^ok ran in [\d.]+ ms compiled -O1 in [\d.]+ ms module [\d.]+ K?B memory/);
  assert.equal(await page.locator('.controls [data-command=pause]').isVisible(), false);
  await page.reload();
  await ended(page);
  assert.equal(await mode.inputValue(), 'O1');
  assert.match(await resultText(page), /compiled -O1/);
  await page.keyboard.press('Alt+M');
  await page.waitForFunction(() => /steps/.test(document.getElementById('result')?.innerText ?? ''));
  assert.equal(await mode.inputValue(), 'interpreted');
  assert.ok(await page.locator('.controls [data-command=pause]').isVisible());
});

for (const name of [
  'exit_fib.v3',
  'print_kinds.v3',
  'float_print.v3',
  'i128_prod.v3',
  'closure_capture.v2',
  'vec_grow.v2',
  'array_oob.v3',
  'div_overflow.v3',
  'rem_zero.v3',
  'assert_fail.v3',
  'vec_oob.v3',
]) {
  e2e(`${name} is the same compiled at every level`, {}, async (page) => {
    await drop(page, `${name}.jsrbin`, await fixture(`jsrs/${name}.jsrbin`));
    await ended(page);
    const interpreted = await told(page);
    for (const level of LEVELS) {
      await choose(page, level);
      await page.waitForFunction(
        (wanted) => document.getElementById('result')?.innerText.includes(`compiled -${wanted}`),
        level,
      );
      assert.deepEqual(await told(page), interpreted, level);
    }
  });
}

e2e('the place of a compiled failure leads to its line', { query: '?example=array_oob' }, async (page) => {
  await choose(page, 'O2');
  const place = page.locator('#result .place').first();
  assert.match(await place.innerText(), /^pick, block\d+, instruction \d+: /);
  await place.click();
  await drawn(page);
  const line = (await page.locator('#ir .selected').textContent()) ?? '';
  assert.ok((await place.innerText()).endsWith(line.trim()), line);
});

e2e('of a recursion without end the page says that there are more calls, not how many', {}, async (page) => {
  await choose(page, 'O0');
  const source = `fn down(n: i32) -> i32 { return down(n + 1) * n + 1; }
    fn main() { println!("{}", down(0)); }`;
  await drop(page, 'down.jsrbin', toJsrs(parseKernel(source)));
  await waitForPhase(page, 'failed');
  const said = await page.locator('#result .sentence').allInnerTexts();
  assert.match(said[0], /: more than \d+ nested calls\.$/);
  assert.deepEqual([said.length, said.at(-1)], [6, 'and more']);
});

for (const [what, program] of /** @type {[string, Uint8Array][]} */ ([
  ['loops', endlessLoop()],
  ['prints', endlessPrinter()],
])) {
  e2eBelow(
    50,
    `a compiled program that ${what} for ever holds nothing up and is stopped within 100 ms`,
    {},
    async (page) => {
      await choose(page, 'O1');
      let longest = 0;
      await takesLess(100, async (round) => {
        await drop(page, `${what} ${round}.jsrbin`, program);
        await waitForPhase(page, 'running');
        if (round === 0) {
          longest = await longestTask(page, async () => {
            for (const tab of ['module', 'trace', 'ir'])
              await page.locator(`#inspector-tabs [data-tab=${tab}]`).click();
            await page.waitForTimeout(1000);
          });
        }
        const milliseconds = await answerTime(page, 'stop', 'stopped');
        assert.match(await resultText(page), /^stopped ran in/);
        return milliseconds;
      });
      return longest;
    },
  );
}

e2e('output and time have limits in compiled runs', {}, async (page) => {
  await choose(page, 'O1');
  await openOptions(page);
  await page.locator('#option-output').fill('0.01');
  await page.getByRole('button', { name: 'Apply and run' }).click();
  await drop(page, 'prints.jsrbin', endlessPrinter());
  await waitForPhase(page, 'failed');
  assert.match(await resultText(page), /^execute-error Stopped after 10 KB of output \(the limit\)/);
  await openOptions(page);
  await page.locator('#option-output').fill('');
  await page.locator('#option-seconds').fill('0.3');
  await page.getByRole('button', { name: 'Apply and run' }).click();
  await waitForPhase(page, 'failed');
  assert.match(await resultText(page), /^execute-error Stopped after 300 ms \(the limit\)/);
});

e2e('Stop during a long compilation ends the work on it, too', {}, async (page) => {
  await choose(page, 'O2');
  await page.evaluate(() => {
    const stop = /** @type {HTMLButtonElement} */ (document.querySelector('.controls [data-command=stop]'));
    new MutationObserver((_, observer) => {
      if (!/^compiling/.test(document.getElementById('state-text')?.textContent ?? '')) return;
      observer.disconnect();
      requestAnimationFrame(() => stop.click()); // when it is at it
    }).observe(document.body, { characterData: true, childList: true, subtree: true });
  });
  // What compiles is replaced by another.
  const replaced = page.waitForEvent('worker', (worker) => /\/worker-[^/]*$/.test(worker.url()));
  const sums = Array.from({ length: 20_000 }, (_, i) => `n = n * ${i + 3} + n / (n + ${i});`).join(' ');
  await pick(page, 'sums.jsrbin', toJsrs(parseKernel(`fn main() { let mut n: i32 = 5; ${sums} println!("{}", n); }`)));
  await waitForPhase(page, 'stopped');
  await replaced;
  await page.getByLabel('Run mode').selectOption('O0');
  await waitForPhase(page, 'finished');
});

e2e('stepping is of an interpreted run and says so', {}, async (page) => {
  await choose(page, 'O1');
  const said = page.locator('#notice', { hasText: 'steps of an interpreted run' }).waitFor();
  await record(page);
  await said;
  await page.locator('#inspector-tabs [data-tab=trace]').click();
  assert.match(await page.locator('#trace-summary').innerText(), /^[\d,]+ steps, interpreted: the whole run/);
  assert.match(await resultText(page), /compiled -O1/);
});

e2e('a link brings the mode along', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
  await choose(page, 'Os');
  await page.keyboard.press('Alt+L');
  await page.locator('#notice', { hasText: 'with these options' }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const context = await page.context().browser()?.newContext();
  assert.ok(context);
  const other = await context.newPage();
  await other.goto(link);
  await ended(other);
  assert.equal(await other.getByLabel('Run mode').inputValue(), 'Os');
  assert.match(await resultText(other), /compiled -Os/);
  await context.close();
});

e2e('a WebAssembly module has no run mode', {}, async (page) => {
  await pick(page, 'words.wasm', await fixture('wasi/words.wasm'));
  await waitForPhase(page, 'finished', 'failed');
  assert.equal(await page.getByLabel('Run mode').isVisible(), false);
});
