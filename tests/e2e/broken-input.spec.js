// C5: hostile or broken input of any kind gives a sentence within a second, leaves the page as it was, and is never HTML.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../lib/files.mjs';
import { PRINTLN, assemble, call, iconst, printLines, ret, sconst } from '../lib/jsrs-writer.js';
import { takesLess } from '../lib/timing.mjs';
import {
  drop,
  e2e,
  ended,
  fixture,
  named,
  openExample,
  outputRows,
  paste,
  phase,
  resultText,
  waitForPhase,
} from './harness.js';

const SECOND = 1000;
/** @typedef {import('playwright-core').Page} Page */

/** Drops bytes and returns what the page says, which it does within a second. */
async function say(/** @type {Page} */ page, /** @type {string} */ name, /** @type {Uint8Array} */ bytes) {
  let text = '';
  const opening = async (/** @type {number} */ round) => {
    const start = performance.now();
    await drop(page, round === 0 ? name : `${round} ${name}`, bytes);
    await ended(page);
    text = await resultText(page);
    return performance.now() - start;
  };
  await takesLess(SECOND, opening, name);
  return text;
}

const text = (/** @type {string} */ content) => new TextEncoder().encode(content);

e2e('what cannot run is named for what it is', {}, async (page) => {
  /** @type {[string, Uint8Array, RegExp][]} */
  const cases = [
    ['main.rs', text('fn main() {\n    println!("hi");\n}\n'), /Rust/],
    ['a.wasm', Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0), /WebAssembly component/],
    ['cut.wasm', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 9), /malformed.*section type/],
    ['a.zip', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0, 0, 0), /zip/],
    ['a.out', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0), /ELF/],
    ['empty', new Uint8Array(0), /empty|truncated/],
    ['zeros', new Uint8Array(5000), /./],
    ['short', text('SJSR'), /./],
    ['page.html', text('<img src=x onerror="document.title=1">'), /./],
  ];
  for (const [name, bytes, expected] of cases) {
    const said = await say(page, name, bytes);
    assert.match(said, /^\S+-error .+\./, name);
    assert.match(said, expected, name);
  }
});

e2e('every malformed file gives a sentence within a second', {}, async (page) => {
  const files = readdirSync(join(project, 'fixtures/jsrs-malformed')).filter((name) => name.endsWith('.jsrbin'));
  assert.ok(files.length > 40);
  for (const name of files) {
    const said = await say(page, name, await fixture(`jsrs-malformed/${name}`));
    assert.match(said, /^(?:ok |[a-z]+-[a-z]+ [A-Z\d].+\.)/, name);
  }
  await openExample(page, 'fizz');
  await ended(page);
  assert.match(await resultText(page), /^ok/);
});

e2e('pasted text that is no program is named', {}, async (page) => {
  await paste(page, 'hello, world');
  await ended(page);
  assert.match(await resultText(page), /^\S+-error .*text/);
});

e2e('text that is dropped is pasted where it spells a program, else answered', {}, async (page) => {
  const dropText = (/** @type {string} */ type, /** @type {string} */ text, on = 'body') =>
    page.locator(on).evaluate(
      (target, [type, text]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.setData(type, text);
        return ['dragenter', 'dragover', 'drop'].map(
          (kind) => !target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer })),
        );
      },
      [type, text],
    );
  const notice = page.locator('#notice');
  const name = await page.locator('#program-name').innerText();
  assert.deepEqual(await dropText('text/uri-list', 'https://example.org/a.wasm'), [true, true, true]);
  await notice.filter({ hasText: 'The page fetches nothing from elsewhere' }).waitFor();
  await dropText('text/plain', 'hello, world');
  await notice.filter({ hasText: 'This is no program' }).waitFor();
  assert.equal(await phase(page), 'finished');
  assert.equal(await page.locator('#program-name').innerText(), name);
  assert.equal(await page.locator('.drop-overlay.shown').count(), 0);

  // Fields take text themselves, and what is dragged within the page goes nowhere.
  await page.locator('[data-command=search]').click();
  await page.locator('#find-text').waitFor();
  assert.deepEqual(await dropText('text/plain', 'hello', '#find-text'), [false, false, false]);
  const bytes = (await fixture('jsrs/primes.v3.jsrbin')).toString('base64');
  const drag = (/** @type {string} */ type) => page.locator('#output').dispatchEvent(type);
  await drag('dragstart');
  assert.deepEqual(await dropText('text/plain', bytes), [false, false, false]);
  await drag('dragend');

  await dropText('text/plain', bytes);
  await named(page, 'pasted');
  await ended(page);
  assert.match(await resultText(page), /^ok /);
});

e2e('program text is never HTML', {}, async (page) => {
  const markup = '<img src=x onerror="document.title=1"><b>{}</b>';
  await drop(page, '<b>name.jsrbin', printLines(1, markup));
  await ended(page);
  assert.deepEqual(await outputRows(page), [markup.replace('{}', '0')]);
  const name = '<i>evil</i>';
  const main = {
    id: 0,
    code: [sconst(1, 0), call(2, /** @type {const} */ ('unit'), PRINTLN, [1]), iconst(3, 'i64', 1)],
    end: ret(3),
  };
  await drop(
    page,
    'names.jsrbin',
    assemble({
      literals: [markup.replace('{}', '')],
      functions: [
        { name, blocks: [{ id: 0, end: ret() }] },
        { name: 'main', result: 'i64', blocks: [main] },
      ],
    }),
  );
  await ended(page);
  for (const tab of ['module', 'ir']) {
    await page.locator(`#inspector-tabs [data-tab=${tab}]`).click();
    await page.locator(`#${tab} .row`, { hasText: name }).first().waitFor();
  }
  assert.equal(await page.locator('img, #output b, #ir i, #module i').count(), 0);
});

e2e('control characters and broken UTF-8 are shown, not obeyed', {}, async (page) => {
  await drop(page, 'controls.jsrbin', printLines(1, 'a\u001b[31mb\u0007{}\tend\u202ex'));
  await ended(page);
  assert.match((await outputRows(page))[0], /^a␛\[31mb␇0\tend/);
});

e2e('a folder or a file that is too large is refused with a sentence', {}, async (page) => {
  await page.evaluate(() => {
    const data = new DataTransfer();
    const file = new File(['x'], 'huge.jsrbin');
    Object.defineProperty(file, 'size', { value: 3e9 });
    Object.defineProperty(DataTransfer.prototype, 'files', { value: [file] });
    data.items.add(new File(['x'], 'x'));
    document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
  });
  await waitForPhase(page, 'not run');
  assert.match(await resultText(page), /huge\.jsrbin: This file has 2\.8 GB; the page takes up to 256 MB/);
});

e2e('a module that cannot be read looks like a module', { query: '?example=primes' }, async (page) => {
  await drop(page, 'cut.wasm', await fixture('hostile/cut_section.wasm'));
  await waitForPhase(page, 'not run');
  const tabs = page.locator('#inspector-tabs [role=tab]:visible');
  assert.deepEqual(await tabs.allTextContents(), ['Module']);
  assert.equal(await page.locator('#mode-choice').isVisible(), false);
  assert.equal(await page.locator('[data-command=pause]').isVisible(), false);
  assert.equal(await page.locator('#entry-name').isVisible(), false);
  await openExample(page, 'fizz');
  await ended(page);
  assert.ok((await tabs.allTextContents()).includes('IR'));
  assert.ok(await page.locator('#mode-choice').isVisible());
});
