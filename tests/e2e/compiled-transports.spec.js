// A compiled run where memory is shared, where messages take its place, and where nothing can be held up: the same output.
import assert from 'node:assert/strict';
import { ended, outputRows } from './harness.js';
import { inMode } from './modes.js';

for (const mode of /** @type {const} */ (['headers', 'service worker', 'suspension', 'prepared'])) {
  inMode('a compiled program prints the same', mode, { query: '?example=fizz' }, async (page) => {
    await ended(page);
    const interpreted = await outputRows(page);
    await page.getByLabel('Run mode').selectOption('O2');
    await page.waitForFunction(() => /compiled -O2/.test(document.getElementById('result')?.innerText ?? ''));
    assert.ok(interpreted.length > 10);
    assert.deepEqual(await outputRows(page), interpreted);
  });
}
