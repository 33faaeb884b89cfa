// Issue 4, items 5 and "works offline after the first visit": the service worker on a host that sends no headers, in a
// sub folder. It isolates the page, keeps it for use without a connection, and a new build replaces it.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { serveFolder } from '../lib/browser.mjs';
import { ownFolder, project } from '../lib/files.mjs';
import { servePlainly } from '../lib/plain-server.mjs';
import { ended, openDialog, openExample, openOptions, record } from './harness.js';
import { ownBrowser } from './own-browser.js';

/** @typedef {import('playwright-core').Page} Page */

const dist = join(project, 'web/dist');
const folder = ownFolder('offline');
const PREFIX = '/some/where/';
const PATIENCE_MS = 60_000;
/** Between two looks at what is kept: without a pause they would hold up the service worker themselves. */
const POLL_MS = 50;
/** The chunk's name, which the page itself has in its script. @param {string} start */
const built = (start) => readdirSync(dist).find((name) => name.startsWith(`${start}-`)) ?? '';

/**
 * A test with a plain host and a fresh browser context.
 * @param {string} title
 * @param {(page: Page, server: Awaited<ReturnType<typeof servePlainly>>) => Promise<void>} body
 */
function hosted(title, body) {
  test(title, async () => {
    const server = await servePlainly(dist, PREFIX);
    const context = await (await ownBrowser()).newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    /** @type {string[]} */
    const faults = [];
    page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
    try {
      await page.goto(server.url);
      await ended(page);
      await body(page, server);
      assert.deepEqual(faults, []);
    } finally {
      await context.close();
      await server.close().catch(() => {});
    }
  });
}

const isolated = (/** @type {Page} */ page) => page.evaluate(() => crossOriginIsolated);
const programName = (/** @type {Page} */ page) => page.locator('#program-name').innerText();

/** Asks again until the answer is the expected one. @param {() => Promise<unknown>} ask @param {unknown} expected */
async function until(ask, expected) {
  const deadline = Date.now() + PATIENCE_MS;
  let answer = await ask();
  while (!isDeepStrictEqual(answer, expected) && Date.now() < deadline) {
    await setTimeout(POLL_MS);
    answer = await ask();
  }
  assert.deepEqual(answer, expected);
}

/** How many builds are kept. @param {Page} page */
const builds = (page) => page.evaluate(async () => (await caches.keys()).length);

/** Waits until the service worker answers for the page and has kept every file of a build. @param {Page} page */
async function kept(page, root = dist) {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const names = readdirSync(root, { recursive: true })
    .map(String)
    .filter((name) => /\.\w+$/.test(name) && !['index.html', 'isolation-worker.js'].includes(name));
  const missing = (/** @type {string[]} */ wanted) =>
    page.evaluate(async (wanted) => {
      /** @type {Set<string>} */
      const kept = new Set();
      for (const name of await caches.keys())
        for (const { url } of await (await caches.open(name)).keys()) kept.add(url);
      return wanted.filter((name) => !kept.has(new URL(name, document.baseURI).href));
    }, wanted);
  await until(() => missing(names), []);
}

/** What isolation.js says, made anew. @param {Page} page @param {'state' | 'becomeIsolated'} ask */
function isolation(page, ask, nothingToLose = true) {
  return page.evaluate(
    async ({ chunk, ask, nothingToLose }) => {
      const { createIsolation } = await import(new URL(chunk, document.baseURI).href);
      return createIsolation(() => nothingToLose)[ask]();
    },
    { chunk: built('isolation'), ask, nothingToLose },
  );
}

hosted('the second load is isolated', async (page) => {
  assert.equal(await isolated(page), false);
  assert.deepEqual(await isolation(page, 'state'), { isolated: false, how: 'none', canReload: true });
  await kept(page);
  await page.reload();
  await ended(page);
  assert.equal(await isolated(page), true);
  assert.deepEqual(await isolation(page, 'state'), { isolated: true, how: 'service worker', canReload: false });
  assert.equal(await isolation(page, 'becomeIsolated'), true);
});

hosted('a page that becomes isolated is loaded once more and has its program back', async (page) => {
  await openExample(page, 'fizz');
  await ended(page);
  assert.equal(await isolation(page, 'becomeIsolated', false), false, 'not while something could be lost');
  const loaded = page.waitForEvent('load');
  await isolation(page, 'becomeIsolated').catch(() => {}); // the page goes away under it
  await loaded;
  await ended(page);
  assert.equal(await isolated(page), true);
  assert.equal(await programName(page), 'FizzBuzz');
});

test('a page that cannot be isolated is not loaded again', async () => {
  const server = await servePlainly(dist, PREFIX);
  server.host.missing = /^isolation-worker/;
  const context = await (await ownBrowser()).newContext();
  const page = await context.newPage();
  try {
    let loads = 0;
    page.on('load', () => loads++);
    await page.goto(server.url);
    await ended(page);
    assert.equal(await isolation(page, 'becomeIsolated'), false);
    // As after a reload that did not help.
    await page.evaluate(() => sessionStorage.setItem('jsrust.isolation', 'tried'));
    assert.deepEqual(await isolation(page, 'state'), { isolated: false, how: 'none', canReload: false });
    server.host.missing = null;
    assert.equal(await isolation(page, 'becomeIsolated'), false);
    assert.equal(loads, 1);
  } finally {
    await context.close();
    await server.close();
  }
});

test('where the host sends the headers, they isolate the page', async () => {
  const server = await serveFolder(dist);
  const page = await (await ownBrowser()).newPage();
  try {
    await page.goto(server.url);
    await ended(page);
    for (let load = 1; load <= 2; load++) {
      assert.deepEqual(await isolation(page, 'state'), { isolated: true, how: 'headers', canReload: false });
      await kept(page);
      await page.reload();
      await ended(page);
    }
  } finally {
    await page.close();
    server.close();
  }
});

hosted('without a connection everything still works', async (page, server) => {
  await kept(page);
  await server.close();
  await page.reload();
  await ended(page);
  assert.equal(await programName(page), 'Primes');
  assert.equal(await isolated(page), true);
  await page.goto(`${server.url}?example=fizz`);
  await ended(page);
  assert.equal(await programName(page), 'FizzBuzz');
  await openDialog(page, 'Control+/', 'Keyboard shortcuts');
  await page.keyboard.press('Escape');
  await record(page);
  await page.goto(`${server.url}index.html?example=mandel#p=broken`);
  await ended(page);
  assert.match(await page.locator('#result').innerText(), /The link is damaged/);
});

hosted('a new build takes over at the next load; an open page keeps its own', async (page, server) => {
  await kept(page);
  const newer = join(folder, 'newer');
  rebuild(dist, newer);
  server.host.root = newer;
  // Its chunks are gone from the host.
  await openDialog(page, 'Control+/', 'Keyboard shortcuts');
  await page.keyboard.press('Escape');

  await page.reload();
  await ended(page);
  assert.equal(await page.locator('meta[name=build]').getAttribute('content'), 'newer');
  await kept(page, newer);
  await until(() => builds(page), 1);
  await server.close();
  await page.reload();
  await ended(page);
  assert.equal(await page.locator('meta[name=build]').getAttribute('content'), 'newer');
  await openDialog(page, 'Control+/', 'Keyboard shortcuts');
});

hosted('a page of an older build in another tab keeps its chunks', async (page, server) => {
  await kept(page);
  const newer = join(folder, 'newest');
  rebuild(dist, newer);
  server.host.root = newer;
  const other = await page.context().newPage();
  await other.goto(server.url);
  await ended(other);
  await kept(other, newer);
  assert.equal(await builds(other), 2);
  await openOptions(page);
});

hosted('where nothing may be stored, the page is isolated all the same', async (page, server) => {
  const { origin } = new URL(server.url);
  const fresh = await page.context().newPage();
  const devtools = await page.context().newCDPSession(fresh);
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await fresh.goto(server.url);
  await ended(fresh);
  await fresh.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await fresh.reload();
  await ended(fresh);
  assert.equal(await isolated(fresh), true);
  assert.equal(await programName(fresh), 'Primes');
});

/**
 * Another build: as if the main script had changed, and with it the names of all chunks.
 * @param {string} from
 * @param {string} to
 */
function rebuild(from, to) {
  const renamed = (/** @type {string} */ text) =>
    text.replace(/-([A-Z0-9]{8})\.js/g, (_, hash) => `-${[...hash].reverse().join('')}.js`);
  cpSync(from, to, { recursive: true });
  for (const file of readdirSync(to).filter((name) => /\.(js|html)$/.test(name))) {
    const text = renamed(readFileSync(join(to, file), 'utf8'))
      .replace(/version:"\w+"/, 'version:"newer"')
      .replace('<head>', '<head>\n<meta name="build" content="newer">');
    rmSync(join(to, file));
    writeFileSync(join(to, renamed(file)), text);
  }
}
