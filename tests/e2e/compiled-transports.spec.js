// A compiled run where memory is shared, where messages take its place, and where nothing can be held up: the same output.
import assert from 'node:assert/strict';
import { inMode } from './modes.js';

for (const mode of /** @type {const} */ (['headers', 'service worker', 'suspension', 'prepared'])) {
  inMode('a compiled program prints the same', mode, { query: '?example=fizz' }, async (page) => {
    const output = () => page.locator('#output .row').allTextContents();
    await page.waitForFunction(() => document.getElementById('state-text')?.textContent === 'finished');
    const interpreted = await output();
    await page.getByLabel('Run mode').selectOption('O2');
    await page.waitForFunction(() => /compiled -O2/.test(document.getElementById('result')?.innerText ?? ''));
    assert.ok(interpreted.length > 10);
    assert.deepEqual(await output(), interpreted);
  });
}
