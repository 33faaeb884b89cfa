// Issue 4, item 10: a link that holds an example's name or the program itself, made by button and keyboard, opened
// elsewhere; what is too large, damaged or hostile says so.
import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import { endlessLoop, printLines } from '../lib/jsrs-writer.js';
import { drop, e2e, ended, named, openExample, openOptions, outputRows, resultText } from './harness.js';

/** @typedef {import('playwright-core').Page} Page */

const permissions = ['clipboard-read', 'clipboard-write'];
const clipboard = (/** @type {Page} */ page) => page.evaluate(() => navigator.clipboard.readText());
const programName = (/** @type {Page} */ page) => page.locator('#program-name').innerText();

/** Presses the shortcut and gives the link that was copied. @param {Page} page @param {RegExp} said */
async function share(page, said) {
  await page.keyboard.press('Alt+L');
  await page.locator('#notice', { hasText: said }).waitFor();
  return clipboard(page);
}

/** Opens a link in another browser context, which knows nothing of this one. @param {Page} page @param {string} link */
async function openElsewhere(page, link) {
  const context = await page.context().browser()?.newContext();
  assert.ok(context);
  const other = await context.newPage();
  await other.goto(link);
  await ended(other);
  return other;
}

e2e('an example is shared by its name', { permissions }, async (page) => {
  await openExample(page, 'fizz');
  await ended(page);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.locator('#notice', { hasText: /^Link copied\. It opens this example\./ }).waitFor();
  const link = await clipboard(page);
  assert.equal(link, `${new URL(page.url()).origin}/?example=fizz`);
  const other = await openElsewhere(page, link);
  assert.equal(await programName(other), 'FizzBuzz');
  await other.context().close();
});

e2e('a file is shared within the link, which is not sent', { permissions }, async (page) => {
  await drop(page, 'three <b>.jsrbin', printLines(3, 'n {}'));
  await ended(page);
  const link = await share(page, /^Link copied\. It holds the program itself \([\d.]+ K?B\).*not send that part/);
  assert.match(link, /\/#p=[\w-]+$/);
  const other = await openElsewhere(page, link);
  assert.equal(await programName(other), 'three <b>.jsrbin');
  assert.deepEqual(await outputRows(other), ['n 0', 'n 1', 'n 2']);
  await other.context().close();
});

e2e('an opened link runs its program with its entry and options', { permissions }, async (page) => {
  await openOptions(page);
  await page.locator('#option-steps').fill('10,000');
  await page.getByRole('button', { name: 'Apply and run' }).click();
  await drop(page, 'loop.jsrbin', endlessLoop());
  await ended(page);
  const other = await openElsewhere(page, await share(page, /^Link copied/));
  assert.equal(await programName(other), 'loop.jsrbin');
  assert.match(await resultText(other), /Stopped after 10,000 steps/);
  await other.reload();
  await ended(other);
  assert.equal(await programName(other), 'loop.jsrbin');
  // The options came with the program and go with it.
  await openExample(other, 'fizz');
  await ended(other);
  await openOptions(other);
  assert.equal(await other.locator('#option-steps').inputValue(), '');
  assert.equal(new URL(other.url()).hash, '', 'the address is no longer that of the link');
  await other.context().close();
});

e2e('an example takes options along', { permissions, query: '?example=primes' }, async (page) => {
  await openOptions(page);
  await page.locator('#option-steps').fill('50');
  await page.getByRole('button', { name: 'Apply and run' }).click();
  await ended(page);
  const link = await share(page, /^Link copied\. It opens this example with these options/);
  assert.match(link, /\?example=primes#p=[\w-]+$/);
  const other = await openElsewhere(page, link);
  assert.match(await resultText(other), /Stopped after 5\d steps/);
  await other.context().close();
});

e2e('a link wins over the program that was open, also in an open page', { permissions }, async (page) => {
  await drop(page, 'two.jsrbin', printLines(2, 'n {}'));
  await ended(page);
  const link = await share(page, /^Link copied/);
  await openExample(page, 'fizz');
  await ended(page);
  await page.goto(link);
  await named(page, 'two.jsrbin');
  await ended(page);
  assert.deepEqual(await outputRows(page), ['n 0', 'n 1']);
});

e2e('where copying is refused, the link stands selected in a dialog', {}, async (page) => {
  await page.evaluate(() => {
    const refuse = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    Object.assign(navigator.clipboard, { write: refuse, writeText: refuse });
  });
  await page.getByRole('button', { name: 'Share' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Share by link' });
  await dialog.waitFor();
  const selected = await page.evaluate(() => {
    const field = /** @type {HTMLTextAreaElement} */ (document.activeElement);
    return field.value.slice(field.selectionStart, field.selectionEnd);
  });
  assert.equal(selected, `${new URL(page.url()).origin}/?example=primes`);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Share');
});

e2e('a program too large for a link says what to do', {}, async (page) => {
  let state = 1;
  const noise = Uint8Array.from(
    { length: 60_000 },
    () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 24,
  );
  await drop(page, 'noise.bin', noise);
  await ended(page);
  await page.keyboard.press('Alt+L');
  await page.locator('#notice', { hasText: /too large for a link.*48 KB\. Send the file itself/ }).waitFor();
});

e2e('a damaged link says so, and the page works on', { query: '#p=AQAAAAAAAA' }, async (page) => {
  assert.match(await resultText(page), /^io-error The link is damaged: .* Ask for the link once more/);
  await openExample(page, 'fizz');
  await ended(page);
  assert.match(await resultText(page), /^ok/);
});

const bomb = Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), deflateRawSync(new Uint8Array(17 << 20))]);
e2e('a link that would fill the memory is refused', { query: `#p=${bomb.toString('base64url')}` }, async (page) => {
  assert.match(await resultText(page), /unpacks to more than 16 MB/);
});
