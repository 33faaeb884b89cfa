// A full-screen game of the gallery: it has the focus, its keys reach it in every live mode, its last screen stays, Stop
// answers at once, and the focus can leave.
import assert from 'node:assert/strict';
import { keyLatencies } from '../lib/latency.mjs';
import { staysFree } from '../lib/longest-task.mjs';
import { takesLess } from '../lib/timing.mjs';
import { answerTime, drawn, drop, e2e, ended, fixture, openExample, resultText, waitForPhase } from './harness.js';
import { LIVE_MODES, inMode, screenText } from './modes.js';

/** @param {import('playwright-core').Page} page */
const pixels = (page) =>
  page.evaluate(() => {
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('.terminal-canvas'));
    const context = canvas.getContext('2d', { willReadFrequently: true });
    return [...(context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [])].reduce(
      (sum, value, index) => (sum * 31 + value * (index % 7)) % 1_000_003,
      0,
    );
  });

for (const mode of LIVE_MODES) {
  inMode('keys reach a game that has the focus', mode, { query: '?example=paint' }, async (page) => {
    await waitForPhase(page, 'waiting for a key');
    await page.waitForFunction(() => document.activeElement?.className === 'terminal-field');
    await drawn(page);
    const before = await pixels(page);
    await page.keyboard.press('Space');
    for (let count = 0; count < 5; count++) await page.keyboard.press('ArrowRight');
    await page.waitForFunction(
      (old) => {
        const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('.terminal-canvas'));
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return [...data].reduce((sum, value, index) => (sum * 31 + value * (index % 7)) % 1_000_003, 0) !== old;
      },
      before,
      { polling: 100 },
    );
    // Loosely, for a machine that does other things too; `tests/bench/latency.mjs` has the figures.
    await takesLess(50, async () => (await keyLatencies(page, 8))[0], 'from key to pixel');
    await page.keyboard.press('q');
    await waitForPhase(page, 'finished');
    assert.match(await resultText(page), /^ok time .* imports called [\d,]+$/);
  });
}

e2e('a game opens with the terminal, which keeps its last screen', { query: '?example=primes' }, async (page) => {
  await openExample(page, 'bricks');
  await waitForPhase(page, 'waiting for a key', 'running', 'sleeping');
  await page.locator('.raw-badge').waitFor();
  await page.waitForFunction(() => document.activeElement?.className === 'terminal-field');
  assert.equal(await page.locator('[data-command=pause]').isVisible(), false);
  await page.keyboard.press('q');
  await ended(page);
  assert.ok(await page.locator('.terminal-canvas').isVisible());
  assert.equal(await page.locator('.raw-badge').isVisible(), false);
  await page.waitForFunction(() => document.querySelector('.terminal-text')?.textContent?.includes('B R I C K S'));
  assert.match(await screenText(page), /score/);
});

inMode('a game that no key can reach says nothing else', 'prepared', { query: '?example=bricks' }, async (page) => {
  await page.locator('#input-banner', { hasText: 'This page cannot read keys while a program runs' }).waitFor();
  await waitForPhase(page, 'running', 'sleeping');
  await page.locator('.terminal-canvas').waitFor();
  // The program plays on by itself: it has asked for all keys, and for one, when the second picture is there.
  const first = await pixels(page);
  await page.waitForFunction(
    (old) => {
      const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('.terminal-canvas'));
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return data.reduce((sum, value, index) => (sum * 31 + value * (index % 7)) % 1_000_003, 0) !== old;
    },
    first,
    { polling: 100 },
  );
  assert.equal(await page.locator('.raw-badge').isVisible(), false);
  assert.doesNotMatch((await page.locator('#state-text').textContent()) ?? '', /waiting/);
  assert.equal(await page.locator('.terminal-note:visible').innerText(), 'The program takes no keys now.');
});

e2e('the focus leaves a game by Tab, both ways', { query: '?example=primes' }, async (page) => {
  await openExample(page, 'bricks');
  await page.waitForFunction(() => document.activeElement?.className === 'terminal-field');
  await page.keyboard.press('Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement?.className), 'terminal-field');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.className), 'terminal-field');
  await page.keyboard.press('Shift+Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement?.className), 'terminal-field');
  await page.keyboard.press('Control+.');
  await ended(page);
});

e2e('a game is stopped within 100 ms, and its screen stays', { query: '?example=primes' }, async (page) => {
  await takesLess(100, async (round) => {
    if (round > 0) await openExample(page, 'primes');
    await openExample(page, 'bricks');
    await page.locator('.raw-badge').waitFor();
    return answerTime(page, 'stop', 'stopped');
  });
  assert.ok(await page.locator('.terminal-canvas').isVisible());
});

e2e('text and terminal are switched by keys, and what is chosen stays', { query: '?example=primes' }, async (page) => {
  await openExample(page, 'paint');
  await waitForPhase(page, 'waiting for a key');
  await page.keyboard.press('Control+Backquote');
  await page.locator('#output').waitFor();
  assert.equal(await page.locator('.terminal-canvas').isVisible(), false);
  await page.locator('.view-tabs [data-tab=text]').focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('.terminal-canvas').waitFor();
  await page.locator('.terminal-screen').first().click();
  await page.keyboard.press('q');
  await ended(page);
  // Paint prints the picture when it ends: the switch tells of it.
  await page.locator('.view-tabs [data-tab=text]', { hasText: /\d+ lines?/ }).waitFor();
});

e2e(
  'a program that asks how large the terminal is learns of another size',
  { query: '?example=primes' },
  async (page) => {
    await openExample(page, 'aurora');
    await page.locator('.raw-badge').waitFor();
    const width = () => page.evaluate(() => document.querySelector('canvas')?.width ?? 0);
    const before = await width();
    await page.setViewportSize({ width: 1900, height: 1000 });
    await page.waitForFunction((old) => (document.querySelector('canvas')?.width ?? 0) > 1.2 * old, before);
    await page.keyboard.press('x');
    await ended(page);
  },
);

e2e('while a game draws, the main thread is free', { query: '?example=primes' }, async (page) => {
  await openExample(page, 'aurora');
  await page.locator('.raw-badge').waitFor();
  await staysFree(page, 50, 2000);
  await page.keyboard.press('Control+.');
  await ended(page);
});

/** The canvas and the room that it has, in pixels of the page. @param {import('playwright-core').Page} page */
const fit = (page) =>
  page.evaluate(() => {
    const canvas = /** @type {HTMLElement} */ (document.querySelector('.terminal-canvas')).getBoundingClientRect();
    const room = /** @type {HTMLElement} */ (document.querySelector('.terminal-screen'));
    const { clientWidth, clientHeight, scrollWidth, scrollHeight } = room;
    const scrolls = scrollWidth > clientWidth || scrollHeight > clientHeight;
    return { width: canvas.width, height: canvas.height, room: [clientWidth, clientHeight], scrolls };
  });

e2e(
  'eighty columns are as large as they can be, and have all of the window if asked for',
  { query: '?example=primes' },
  async (page) => {
    await openExample(page, 'bricks');
    await page.locator('.raw-badge').waitFor();
    await page.waitForFunction(() => (document.querySelector('.terminal-canvas')?.clientWidth ?? 0) / 80 > 8);
    const usual = await fit(page);
    assert.ok(usual.width > usual.room[0] - 8 && !usual.scrolls, `no gap at the right: ${JSON.stringify(usual)}`);
    const enlarge = page.getByRole('button', { name: 'Enlarge' });
    await enlarge.focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => (document.querySelector('.terminal-canvas')?.clientWidth ?? 0) / 80 > 11);
    assert.equal(await page.locator('#inspector').isVisible(), false);
    const large = await fit(page);
    assert.ok(large.height > large.room[1] - 24 && !large.scrolls, `all of the height: ${JSON.stringify(large)}`);
    await page.locator('.terminal-screen:visible').click();
    await page.keyboard.press('Escape');
    assert.equal(await enlarge.getAttribute('aria-pressed'), 'true', 'Esc is the program’s');
    await drop(page, 'primes.jsrbin', await fixture('jsrs/primes.v3.jsrbin'));
    await page.locator('#inspector').waitFor();
  },
);
