// The ways in which input reaches a module, each in a browser and behind a host that bring it about: shared memory where the
// host sends the headers, shared memory by the service worker, suspension, and input that must be prepared.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { serveFolder } from '../lib/browser.mjs';
import { project } from '../lib/files.mjs';
import { servePlainly } from '../lib/plain-server.mjs';
import { ownBrowser } from './own-browser.js';
import { inOwnPage } from './own-page.js';

const DIST = join(project, 'web/dist');

/** @typedef {'headers' | 'service worker' | 'suspension' | 'prepared'} Mode */
export const LIVE_MODES = /** @type {const} */ (['headers', 'service worker', 'suspension']);

/** The host that sends the headers, and one that does not. */
const serving = Promise.all([serveFolder(DIST), servePlainly(DIST, '/some/where/')]);
after(async () => {
  for (const host of await serving) await host.close();
});

/**
 * A test in a page of its own that has opened what `query` names.
 * @param {string} title
 * @param {Mode} mode
 * @param {{ query?: string, serviceWorkers?: 'allow' | 'block' }} setting
 * @param {(page: import('playwright-core').Page) => Promise<void>} body
 */
export function inMode(title, mode, { query = '', serviceWorkers }, body) {
  test(`${title}, input by ${mode}`, { timeout: 300_000 }, async () => {
    const workers = serviceWorkers ?? (mode === 'suspension' || mode === 'prepared' ? 'block' : 'allow');
    const viewport = { width: 1280, height: 800 };
    const [[isolating, plain], browser] = await Promise.all([serving, ownBrowser()]);
    const context = await browser.newContext({ viewport, serviceWorkers: workers });
    if (mode === 'prepared') await withoutSuspension(context);
    await inOwnPage(context, `${title}-${mode}`, async (page) => {
      const { url } = mode === 'headers' ? isolating : plain;
      if (mode === 'service worker') {
        await page.goto(url);
        await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      }
      // By its headers, as the page may load itself once more at any time.
      const response = await page.goto(url + query, { waitUntil: 'commit' });
      const isolates = (await response?.headerValue('cross-origin-embedder-policy')) !== null;
      assert.equal(isolates, mode === 'headers' || mode === 'service worker', 'the mode is the one that is meant');
      await body(page);
    });
  });
}

/** As in an engine without JSPI: no flag of Chromium's switches it off any more. @param {import('playwright-core').BrowserContext} context */
async function withoutSuspension(context) {
  const without = 'delete WebAssembly.Suspending; delete WebAssembly.promising;';
  await context.addInitScript(without);
  await context.route(/guest-worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: without + (await response.text()) });
  });
}

/** The terminal as it is told to screen readers, once the screen has come to rest. @param {import('playwright-core').Page} page */
export function screenText(page) {
  return page.evaluate(() => document.querySelector('.terminal-text')?.textContent ?? '');
}
