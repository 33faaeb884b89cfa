// C1: the address says which example is open, and the browser's Back and Forward lead through what was open.
import assert from 'node:assert/strict';
import { printLines } from '../lib/jsrs-writer.js';
import { drop, e2e, ended, named, openExample, openOptions, outputRows, waitForPhase } from './harness.js';

const query = (/** @type {import('playwright-core').Page} */ page) => new URL(page.url()).search;

e2e('Back and Forward lead through the examples', { query: '?example=fizz' }, async (page) => {
  await openExample(page, 'fib');
  await named(page, 'Fibonacci');
  assert.equal(query(page), '?example=fib');
  await openExample(page, 'collatz');
  await named(page, 'Collatz');
  assert.equal(query(page), '?example=collatz');
  await ended(page);
  await page.goBack();
  await named(page, 'Fibonacci');
  assert.equal(query(page), '?example=fib');
  await page.goBack();
  await named(page, 'FizzBuzz');
  await ended(page);
  assert.equal(query(page), '?example=fizz');
  assert.equal((await outputRows(page))[0], '1');
  assert.equal(await page.locator('[data-key="example:fizz"]').getAttribute('aria-current'), 'true');
  await page.goForward();
  await named(page, 'Fibonacci');
  await page.reload();
  await named(page, 'Fibonacci');
  await ended(page);
  assert.equal(query(page), '?example=fib');
});

e2e('choosing the open example again is no step of its own', {}, async (page) => {
  await openExample(page, 'fizz');
  await ended(page);
  const before = await page.evaluate(() => history.length);
  await page.locator('[data-key="example:fizz"]').click();
  await ended(page);
  assert.equal(await page.evaluate(() => history.length), before);
  await page.goBack();
  await named(page, 'Primes');
  assert.equal(query(page), '', 'the first visit has no name in its address');
});

e2e('Back leads to a file, and from a file to an example', { query: '?example=fizz' }, async (page) => {
  await drop(page, 'three.jsrbin', printLines(3, 'n {}'));
  await ended(page);
  await page.locator('#recent .program-open[aria-current]').waitFor();
  assert.equal(query(page), '');
  await openExample(page, 'fib');
  await ended(page);
  await page.goBack();
  await named(page, 'three.jsrbin');
  await ended(page);
  assert.deepEqual(await outputRows(page), ['n 0', 'n 1', 'n 2']);
  await page.goBack();
  await named(page, 'FizzBuzz');
  await ended(page);
  await page.goForward();
  await named(page, 'three.jsrbin');
  await ended(page);
  await page.getByRole('button', { name: 'Remove three.jsrbin' }).click();
  await page.goBack();
  await named(page, 'FizzBuzz');
  await ended(page);
  await page.goForward();
  await page.locator('#notice', { hasText: 'This file is kept no more' }).waitFor();
});

e2e('the same file once more is no step of its own', { query: '?example=fizz' }, async (page) => {
  const file = { name: 'same.jsrbin', mimeType: '', buffer: Buffer.from(printLines(2, 'n {}')) };
  const picks = async () => {
    await page.locator('#file-input').setInputFiles(file);
    await page.waitForFunction(
      () => /** @type {HTMLInputElement} */ (document.getElementById('file-input')).value === '',
    );
    await named(page, 'same.jsrbin');
    await page.waitForFunction(() => history.state?.kind === 'recent');
    await ended(page);
  };
  await picks();
  await picks();
  await page.goBack();
  await named(page, 'FizzBuzz');
});

e2e('of what could not be run, Forward says that it was not kept', { query: '?example=fizz' }, async (page) => {
  await drop(page, 'letter.txt', Buffer.from('Dear reader'));
  await waitForPhase(page, 'not run');
  await page.goBack();
  await named(page, 'FizzBuzz');
  await ended(page);
  await page.goForward();
  await page.locator('#notice', { hasText: 'This file was not kept: choose it once more.' }).waitFor();
  assert.equal(await page.locator('#program-name').innerText(), 'FizzBuzz');
});

e2e('what is typed under Options, and chosen there, outlives Back', { query: '?example=fizz' }, async (page) => {
  await openExample(page, 'fib');
  await ended(page);
  let dialog = await openOptions(page);
  await dialog.getByLabel('Steps').fill('123456');
  await page.goBack();
  await named(page, 'FizzBuzz');
  await ended(page);
  assert.equal(await dialog.getByLabel('Steps').inputValue(), '123456');
  await dialog.getByRole('button', { name: 'Apply and run' }).click();
  await ended(page);
  await page.goForward();
  await named(page, 'Fibonacci');
  await ended(page);
  dialog = await openOptions(page);
  assert.match(await dialog.getByLabel('Steps').inputValue(), /^123,?456$/);
});

for (const written of ['mandelbrot', 'Word%20count'])
  e2e(`a link may give an example's title: ${written}`, { query: `?example=${written}` }, async (page) => {
    await page.locator('.program-open[aria-current]', { hasText: decodeURIComponent(written) }).waitFor();
    await ended(page);
  });

e2e('the list shows the example that a link opened', { query: '?example=words' }, async (page) => {
  const current = page.locator('.program-open[aria-current]');
  await current.waitFor();
  const { top, bottom, from, to } = await current.evaluate((button) => {
    const { top, bottom } = button.getBoundingClientRect();
    const list = [...document.querySelectorAll('*')].filter((each) => each.contains(button) && each.scrollTop > 0);
    const frame = list[0]?.getBoundingClientRect();
    return { top, bottom, from: frame?.top ?? NaN, to: frame?.bottom ?? NaN };
  });
  assert.ok(top >= from && bottom <= to, `${top}-${bottom} in ${from}-${to}`);
});
