// axe finds nothing in the output side of modules: a game running, an editor, a program that waits for a line, standard
// error, what is missing, input that must be prepared; light and dark, wide and on a phone. And what is told to those who
// hear the page.
import assert from 'node:assert/strict';
import { drop, e2e, ended, fixture, openOptions, waitForPhase } from './harness.js';
import { findNothing } from './axe.js';
import { inMode } from './modes.js';

/** As openExample, also where the list is in a drawer. @param {import('playwright-core').Page} page @param {string} name */
async function open(page, name) {
  const button = page.locator(`[data-key="example:${name}"]`);
  await button.evaluate((element) => /** @type {HTMLElement} */ (element).click());
  await button.and(page.locator('[aria-current]')).waitFor({ state: 'attached' });
}

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  for (const size of /** @type {const} */ (['wide', 'phone'])) {
    e2e(`axe finds nothing where modules draw and ask, ${scheme}, ${size}`, { scheme, size }, async (page) => {
      await open(page, 'paint');
      await waitForPhase(page, 'waiting for a key');
      await page.locator('.terminal-canvas').waitFor();
      await findNothing(page, 'a game');
      await open(page, 'edit');
      await page.waitForFunction(() => document.querySelector('.xterm-rows')?.textContent?.includes('welcome.txt'));
      await findNothing(page, 'an editor');
      await open(page, 'guess');
      await waitForPhase(page, 'waiting for a line');
      await page.locator('#input-line').waitFor();
      await findNothing(page, 'a dialogue');
      await page.locator('#input-line').fill('Ada');
      await page.locator('#input-line').press('Enter');
      await findNothing(page, 'an answer');
      await drop(page, 'stderr.wasm', await fixture('aver/stderr.wasm'));
      await ended(page);
      await findNothing(page, 'standard error');
      await open(page, 'needs_imports');
      await waitForPhase(page, 'ready');
      await findNothing(page, 'missing imports');
      await openOptions(page);
      await findNothing(page, 'options of a module');
    });
  }
}

inMode('axe finds nothing where input is prepared', 'prepared', { query: '?example=guess' }, async (page) => {
  await page.locator('#input-banner').waitFor();
  await findNothing(page, 'prepared input');
});

e2e('that a program waits is announced', { query: '?example=primes' }, async (page) => {
  await open(page, 'guess');
  await page.waitForFunction(
    () => document.getElementById('announcer')?.textContent === 'The program waits for a line.',
  );
  await page.locator('label[for=input-line]', { hasText: 'Waiting for a line' }).waitFor();
  await open(page, 'paint');
  await page.waitForFunction(
    () => document.getElementById('announcer')?.textContent === 'The program waits for a key.',
  );
});

e2e(
  'the ANSI terminal can be told to screen readers, and that is remembered',
  { query: '?example=primes' },
  async (page) => {
    const welcome = () => document.querySelector('.xterm-rows')?.textContent?.includes('welcome.txt');
    await open(page, 'edit');
    await page.waitForFunction(welcome);
    const button = page.getByRole('button', { name: 'Screen reader' });
    assert.equal(await button.getAttribute('aria-pressed'), 'false');
    assert.equal(await page.locator('.xterm-accessibility').count(), 0);
    await button.focus();
    await page.keyboard.press('Enter');
    await page.locator('.xterm-accessibility').waitFor({ state: 'attached' });
    assert.equal(await button.getAttribute('aria-pressed'), 'true');
    await findNothing(page, 'a terminal told to screen readers');
    await page.reload();
    await page.waitForFunction(welcome);
    await page.locator('.xterm-accessibility').waitFor({ state: 'attached' });
  },
);
