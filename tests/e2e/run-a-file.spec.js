// C1, C2: every way to bring a program, each of which runs it at once; and the choice of its entry.
import assert from 'node:assert/strict';
import { countingCalls, printLines } from '../lib/jsrs-writer.js';
import {
  drop,
  e2e,
  ended,
  fixture,
  named,
  openExample,
  outputRows,
  paste,
  resultText,
  waitForPhase,
} from './harness.js';

const fizz = (await fixture('jsrs/fizz.stdout')).toString().trimEnd().split('\n');

e2e('the page opens on an example that has run', {}, async (page) => {
  assert.equal(await page.locator('#program-name').innerText(), 'Primes');
  assert.match(await resultText(page), /^ok .*steps [\d,]+ time [\d.]+ m?s memory/);
  assert.ok((await outputRows(page)).length > 0);
  assert.ok((await page.locator('#ir .row').count()) > 5);
  assert.ok((await page.locator('#examples .program').count()) >= 12);
  assert.equal(await page.locator('#stepper').isVisible(), false);
});

e2e('a dropped file runs', {}, async (page) => {
  await drop(page, 'fizz.jsrbin', await fixture('jsrs/fizz.v2.jsrbin'));
  await ended(page);
  assert.deepEqual(await outputRows(page), fizz);
  assert.match(await page.locator('#program-chip').innerText(), /^JSRS v2 · /);
});

e2e('a name that would turn itself around is shown as it is', {}, async (page) => {
  const bytes = await fixture('jsrs/fizz.v2.jsrbin');
  await page.locator('#file-input').setInputFiles({
    ...{ name: 'a\u202enibrsj.exe', mimeType: 'application/octet-stream' },
    buffer: bytes,
  });
  await page.locator('#program-name', { hasText: 'nibrsj' }).waitFor();
  assert.equal(await page.locator('#program-name').innerText(), 'a\ufffdnibrsj.exe');
  await page.locator('#recent .program-name', { hasText: 'a\ufffdnibrsj.exe' }).waitFor();
  assert.equal(await page.title(), 'a\ufffdnibrsj.exe · JSRust Playground');
});

e2e('while a file hovers, the page says that it may be let go', {}, async (page) => {
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['x'], 'x'));
    document.body.dispatchEvent(new DragEvent('dragenter', { bubbles: true, dataTransfer: data }));
  });
  await page.getByText('Let go to run it here').waitFor();
});

e2e('a picked file runs', {}, async (page) => {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'choose a file' }).click();
  await (
    await chooser
  ).setFiles({
    name: 'picked.bin',
    mimeType: 'application/octet-stream',
    buffer: await fixture('jsrs/fizz.v2.jsrbin'),
  });
  await named(page, 'picked.bin');
  await ended(page);
  assert.deepEqual(await outputRows(page), fizz);
});

e2e('bytes pasted as base64 or hex run', {}, async (page) => {
  const bytes = await fixture('jsrs/fizz.v2.jsrbin');
  const spellings = [
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('base64').replace(/.{76}/g, '$&\n'),
    bytes.toString('hex'),
    bytes.toString('hex').replace(/../g, '0x$&, '),
  ];
  for (const text of spellings) {
    await openExample(page, 'ackermann');
    await ended(page);
    await paste(page, text);
    await ended(page);
    assert.deepEqual(await outputRows(page), fizz, text.slice(0, 40));
  }
});

e2e('the paste dialog takes what cannot be pasted on the page', {}, async (page) => {
  await page.getByRole('button', { name: 'paste', exact: true }).click();
  await page.locator('#paste-text').fill((await fixture('jsrs/fizz.v2.jsrbin')).toString('base64'));
  await page.getByRole('button', { name: 'Run it' }).click();
  await named(page, 'pasted');
  await ended(page);
  assert.deepEqual(await outputRows(page), fizz);
});

e2e('every example of the gallery runs', { query: '?example=fizz' }, async (page) => {
  const { examples } = JSON.parse((await fixture('manifest.json')).toString());
  for (const { name, title, file } of examples) {
    await openExample(page, name);
    assert.equal(await page.locator('#program-name').innerText(), title);
    if (file.endsWith('.wasm')) {
      await waitForPhase(page, 'finished', 'ready', 'waiting for a key', 'waiting for a line', 'waiting for input');
      await page.keyboard.press('Control+.');
      await waitForPhase(page, 'finished', 'ready', 'stopped');
      continue;
    }
    await ended(page);
    // Benchmark programs have no expectation beside them: they all succeed.
    const expectation = await fixture(file.replace(/jsrbin$/, 'expect.json')).catch(() => '{ "code": 0 }');
    const { code } = JSON.parse(expectation.toString());
    assert.match(await resultText(page), code === 0 ? /^ok / : /^execute-error /, name);
    const current = page.locator('.program-open[aria-current=true]');
    assert.equal(await current.getAttribute('data-key'), `example:${name}`);
  }
});

e2e('a link opens an example', { query: '?example=fizz' }, async (page) => {
  assert.equal(await page.locator('#program-name').innerText(), 'FizzBuzz');
  assert.deepEqual(await outputRows(page), fizz);
});

e2e('what is said of a program goes when another is opened', {}, async (page) => {
  const notice = page.locator('#notice');
  await page.keyboard.press('Control+s');
  await notice.filter({ hasText: 'Saved' }).waitFor();
  await openExample(page, 'fizz');
  assert.equal(await notice.textContent(), '');
  assert.equal(await notice.isVisible(), false);
});

e2e('a link to no example says so', { query: '?example=%3Cb%3Enone' }, async (page) => {
  assert.match(await resultText(page), /There is no example called <b>none\..*Choose one/);
});

e2e('the entry can be chosen among functions without parameters', {}, async (page) => {
  await drop(page, 'calls.jsrbin', countingCalls(3));
  await ended(page);
  assert.match(await resultText(page), /exit value 3/);
  await page.getByRole('button', { name: 'entry main' }).click();
  await page.locator('.picker [role=option]').first().waitFor();
  assert.deepEqual(await page.locator('.picker [role=option]').allInnerTexts(), ['main\n-> i64']);
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'entry');
});

e2e('running again gives the same, in place of the first', {}, async (page) => {
  await drop(page, 'lines.jsrbin', printLines(4));
  await ended(page);
  const before = await outputRows(page);
  await page.getByRole('button', { name: 'Run again' }).click();
  await ended(page);
  assert.deepEqual(await outputRows(page), before);
  assert.equal(before.length, 4);
});
