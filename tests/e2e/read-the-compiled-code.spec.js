// Issue 5, item 7: the optimiser pass by pass, the code beside the IR with links both ways, its bytes, figures of both modes,
// and files to keep.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { parseKernel } from '../bench/kernel-text.mjs';
import { manyFunctions } from '../lib/jsrs-writer.js';
import { toJsrs } from '../lib/program-to-jsrs.js';
import { longestTask } from '../lib/longest-task.mjs';
import { drawn, drop, e2e, e2eBelow, ended, pick } from './harness.js';

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page @param {'passes' | 'graph' | 'compiled'} tab */
async function show(page, tab) {
  await page.locator(`#inspector-tabs [data-tab=${tab}]`).click();
  await page.locator(`#${tab}-panel .row`).first().waitFor();
  await drawn(page);
}

/** Waits for a function in the panel of the passes. @param {Page} page @param {string} name */
const shown = (page, name) =>
  page.waitForFunction(
    (head) => head.test(document.querySelector('#passes-panel .row')?.textContent ?? ''),
    new RegExp(`^\\s*fn \\d+ "${name}"`),
  );

/** @param {Page} page @param {string} name */
async function choose(page, name) {
  await page.locator('#passes-panel .function-choice').click();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await shown(page, name);
}

/** @param {Page} page @param {string} list */
const rows = (page, list) => page.locator(`${list} .row`).allTextContents();
const IR = '#compiled-code .pair-side:first-child';
const WAT = '#compiled-code .pair-side:last-child';

/** Which it is, the machine decides. */
const COMPARED =
  /^(Compiled code ran [\d.,]+ times as (fast|long)|Running took as long both ways|Not compared: a run of less than 50 ms is mostly its start)\.$/;

e2e('the slider shows what each pass changed', {}, async (page) => {
  await show(page, 'passes');
  const slider = page.getByRole('slider', { name: 'Pass' });
  assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /^0 of \d+: as lowered$/);
  assert.match(await page.locator('#pass-what').innerText(), /^As lowered: \d+ instructions\.$/);
  assert.equal(await page.locator('#passes-panel :is(.added, .removed)').count(), 0);
  await slider.focus();
  await page.keyboard.press('End');
  await page.waitForFunction(() => /^(\d+) \/ \1$/.test(document.getElementById('pass-count')?.textContent ?? ''));
  await page.keyboard.press('Home');
  await page.getByRole('button', { name: 'Next change' }).click();
  await page.locator('#pass-what', { hasText: /\d+ → \d+ instructions; \d+ lines? added, \d+ removed\.$/ }).waitFor();
  await page.locator('#passes-panel .removed').first().waitFor();
  const removed = await page.locator('#passes-panel .removed').first().textContent();
  assert.match(removed ?? '', /^−removed: /);
  const first = Number((await page.locator('#pass-count').innerText()).split(' ')[0]);
  await page.getByRole('button', { name: 'Next change' }).click();
  await page.waitForFunction(
    (before) => Number(document.getElementById('pass-count')?.textContent?.split(' ')[0]) > before,
    first,
  );
  await page.getByRole('button', { name: 'Previous change' }).click();
  await page.waitForFunction(
    (before) => Number(document.getElementById('pass-count')?.textContent?.split(' ')[0]) === before,
    first,
  );
});

e2e('another function and another level are shown', {}, async (page) => {
  await show(page, 'passes');
  await choose(page, 'is_prime');
  const count = () => page.locator('#pass-count').innerText();
  const before = await count();
  await page.locator('#passes-panel').getByLabel('Level of the optimiser').selectOption('O2');
  await page.waitForFunction((old) => {
    const now = document.getElementById('pass-count')?.textContent ?? '';
    return now !== old && !now.endsWith(' 0');
  }, before);
  // The choice of a level is the one in the header; it runs nothing while programs are interpreted.
  assert.equal(await page.getByLabel('Run mode').inputValue(), 'interpreted');
  await page.keyboard.press('Alt+M');
  assert.equal(await page.getByLabel('Run mode').inputValue(), 'O2');
});

e2e('lines of IR and code lead to each other, by pointer and by key', {}, async (page) => {
  await show(page, 'compiled');
  const lines = await rows(page, IR);
  assert.match(lines[0], /^fn \d+ "main"/);
  assert.match((await rows(page, WAT))[0], /^\(func \$main/);
  const at = lines.findIndex((line) => / = mul i32 /.test(line));
  assert.ok(at > 0, lines.join('\n'));
  await page.locator(`${IR} [data-line="${at}"]`).hover();
  await page.locator(`${WAT} .hovered`).first().waitFor();
  assert.ok((await page.locator(`${WAT} .hovered`).allTextContents()).some((line) => line.trim() === 'i32.mul'));
  await page.mouse.move(0, 0);
  await page.locator(`${WAT} .hovered`).first().waitFor({ state: 'detached' });

  await page.locator(`${WAT} .row`, { hasText: 'i32.mul' }).first().hover();
  await page.locator(`${IR} .hovered`).waitFor();
  assert.match((await page.locator(`${IR} .hovered`).textContent()) ?? '', / = mul i32 /);

  const left = page.getByRole('listbox', { name: 'Optimised IR' });
  await left.focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < at; i++) await page.keyboard.press('ArrowDown');
  await drawn(page);
  const active = (await left.getAttribute('aria-activedescendant')) ?? '';
  assert.match((await page.locator(`#${active}`).textContent()) ?? '', / = mul i32 /);
  const partners = await page.locator(`${WAT} .partner`).allTextContents();
  assert.ok(
    partners.some((line) => line.trim() === 'i32.mul'),
    partners.join('\n'),
  );
  await page.getByRole('listbox', { name: 'WebAssembly' }).focus();
  await page.keyboard.press('Home');
  await drawn(page);
  assert.equal(await page.locator(`${IR} .partner`).count(), 0);
});

e2e('the bytes are shown with their sections', {}, async (page) => {
  await show(page, 'compiled');
  await page.getByRole('tab', { name: 'Bytes' }).click();
  await page.locator('#hex .row').first().waitFor();
  assert.match((await page.locator('#hex .row').first().textContent()) ?? '', /^000000 61 73 6d.*header$/);
  const section = page.getByLabel('Section');
  const names = await section.locator('option').allTextContents();
  for (const name of ['type', 'import', 'code', 'data', 'jsrust.map'])
    assert.ok(
      names.some((text) => text.startsWith(`${name}, `)),
      names.join('; '),
    );
  await section.selectOption({ index: names.findIndex((text) => text.startsWith('code, ')) });
  await page.locator('#hex .hex-section', { hasText: 'code' }).waitFor();
});

e2e('figures of both modes stand side by side', { query: '?example=ackermann' }, async (page) => {
  await show(page, 'compiled');
  await page.getByRole('tab', { name: 'Figures' }).click();
  const table = page.locator('.figures-table');
  const row = (/** @type {string} */ name) => table.getByRole('row', { name }).innerText();
  assert.match(await row('Steps'), /^Steps\s+[\d,]+\s+not counted$/);
  await page.getByRole('button', { name: 'Run it compiled' }).click();
  await page.locator('.comparison', { hasText: COMPARED }).waitFor();
  assert.match(await row('Running'), /^Running\s+[\d.]+ m?s\s+[\d.]+ m?s$/);
  assert.match(await row('Module'), /K?B$/);
});

e2e('the module is kept as wasm for both kinds of host, and as text', {}, async (page) => {
  await show(page, 'compiled');
  const panel = page.locator('#compiled-panel');
  const save = async (/** @type {string} */ name) => {
    const coming = page.waitForEvent('download');
    await panel.getByRole('button', { name }).click();
    const download = await coming;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const kept = await save('Save .wasm');
  assert.equal(kept.name, 'Primes.wasm');
  const module = new WebAssembly.Module(kept.bytes);
  const imports = WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`);
  assert.ok(
    imports.every((each) => ['env.jsrust_write_byte', 'env.jsrust_flush'].includes(each)),
    imports.join(),
  );
  await panel.getByLabel('Imports of the file to keep').selectOption('wasi');
  const wasi = new WebAssembly.Module((await save('Save .wasm')).bytes);
  assert.ok(WebAssembly.Module.exports(wasi).some(({ name }) => name === '_start'));
  assert.ok(WebAssembly.Module.imports(wasi).every(({ module: from }) => from === 'wasi_snapshot_preview1'));
  const text = await save('Save .wat');
  assert.equal(text.name, 'Primes.wat');
  assert.match(text.bytes.toString(), /^\(module[\s\S]*\(func \$/);
});

e2e('the views stay where they are, however long the size of a function is', {}, async (page) => {
  await show(page, 'compiled');
  const top = async () => (await page.locator('#compiled-code').boundingBox())?.y;
  const before = await top();
  const right = await page.locator('#compiled-panel .downloads').evaluate((each) => each.getBoundingClientRect().right);
  assert.ok(right <= 1280, String(right));
  await page.locator('#compiled-panel .panel-tools > .dim').evaluate((about) => {
    about.textContent = 'function 12345, 123,456 KB with names';
  });
  await drawn(page);
  assert.equal(await top(), before);
  assert.equal(
    await page.locator('#compiled-panel .downloads').evaluate((each) => each.getBoundingClientRect().right),
    right,
  );
});

e2e('a line that the pointer rests on brings its partner into view, on either side', {}, async (page) => {
  const sums = Array.from({ length: 120 }, (_, i) => `n = n * ${i + 3} + n / (n - ${i});`).join(' ');
  const source = `fn main() { let mut n: i32 = 5; while n != 7 { ${sums} println!("{}", n); } }`;
  await drop(page, 'sums.jsrbin', toJsrs(parseKernel(source)));
  await page.getByLabel('Run mode').waitFor();
  await show(page, 'compiled');
  for (const [from, to] of [
    [IR, WAT],
    [WAT, IR],
  ]) {
    for (const list of [IR, WAT]) await page.locator(`${list} .scroll`).evaluate((host) => (host.scrollTop = 0));
    await page.locator(`${from} .scroll`).evaluate((host) => (host.scrollTop = host.scrollHeight * 0.6));
    const row = page.locator(`${from} .row`, { hasText: from === IR ? ' = mul ' : 'i32.mul' });
    await drawn(page);
    // One in the middle of those that are there, which are more than are seen.
    await row.nth(Math.floor((await row.count()) / 2)).hover();
    await page.waitForFunction(
      (list) =>
        [...document.querySelectorAll(`${list} .row.hovered`)].some((each) => {
          const { top, bottom } = each.getBoundingClientRect();
          const view = /** @type {Element} */ (document.querySelector(`${list} .scroll`)).getBoundingClientRect();
          return top >= view.top && bottom <= view.bottom;
        }),
      to,
    );
    assert.ok((await page.locator(`${to} .scroll`).evaluate((host) => host.scrollTop)) > 500);
    await page.mouse.move(0, 0);
  }
});

e2eBelow(
  50,
  'a program with twenty thousand functions is compiled and looked at without holding the page',
  {},
  async (page) => {
    await pick(page, 'many.jsrbin', manyFunctions(20_000));
    await ended(page);
    return longestTask(page, async () => {
      await show(page, 'passes');
      await page.getByRole('button', { name: 'One pass on' }).click();
      await show(page, 'compiled');
      await page.getByRole('tab', { name: 'Bytes' }).click();
      await page.locator('#hex .row').first().waitFor();
    });
  },
);

/** Several megabytes of code that the entry reaches: the passes take their time. */
function manyLoops(/** @type {number} */ count) {
  const functions = Array.from(
    { length: count },
    (_, i) => `fn f${i}(n: i32) -> i32 {
      let mut sum: i32 = ${i};
      let mut j: i32 = 0;
      while j < n { if sum % 3 == 1 { sum += j * ${i + 7}; } if sum > 100000 { sum -= n * j; } j += 1; }
      return sum + n * ${i};
    }`,
  );
  const calls = Array.from({ length: count }, (_, i) => `sum += f${i}(5);`).join(' ');
  return toJsrs(
    parseKernel(`${functions.join('\n')} fn main() { let mut sum: i32 = 5; ${calls} println!("{}", sum); }`),
  );
}

e2eBelow(50, 'the slider of a program of megabytes follows at once', {}, async (page) => {
  const bytes = manyLoops(14_000);
  assert.ok(bytes.length > 7_000_000, `${bytes.length} bytes`);
  await pick(page, 'loops.jsrbin', bytes);
  await ended(page);
  const longest = await longestTask(page, async () => {
    await show(page, 'passes');
    await choose(page, 'f4321');
    const slider = page.getByRole('slider', { name: 'Pass' });
    const passes = Number(await slider.getAttribute('max'));
    await slider.focus();
    for (let at = 1; at <= passes; at++) {
      await page.keyboard.press('ArrowRight');
      await page.locator('#pass-count', { hasText: `${at} / ${passes}` }).waitFor();
      await page.locator('#pass-what', { hasText: 'instructions' }).waitFor();
    }
    await page.getByRole('button', { name: 'Previous change' }).click();
    await page.locator('#pass-what', { hasText: 'added' }).waitFor();
  });
  return longest;
});

e2e('passes that take their time can be stopped', {}, async (page) => {
  await pick(page, 'loops.jsrbin', manyLoops(14_000));
  await ended(page);
  await show(page, 'passes');
  const panel = page.locator('#passes-panel');
  const what = page.locator('#pass-what');
  const level = panel.getByLabel('Level of the optimiser');
  await choose(page, 'f4321');

  // A fast machine is done within half a second: the time that the page waits before it says so passes quickly here.
  await page.clock.install();
  const count = page.locator('#pass-count');
  const lesser = await count.innerText();
  await level.selectOption('O2');
  await count.filter({ hasText: /^0 \/ [1-9]/, hasNotText: lesser }).waitFor();
  await page.clock.fastForward(300);
  await panel.getByRole('progressbar').waitFor();
  await panel.getByRole('button', { name: 'Stop' }).click();
  await panel.getByText(/^Stopped\. /).waitFor();
  await panel.getByRole('progressbar').waitFor({ state: 'hidden' });
  // It begins again where it is asked to, in a new worker.
  await level.selectOption('O0');
  await what.filter({ hasText: /^As lowered: \d+ instructions\.$/ }).waitFor();
  await shown(page, 'f4321');
});
