// What a visit begins with is on its way before main.js has come, and nothing is that nobody asks for afterwards.
import assert from 'node:assert/strict';
import { e2e, waitForPhase } from './harness.js';

const MAIN = /\/main-\w+\.js$/;

const WORKER = ['chunk.js', 'worker.js'];
const JSRS = [...WORKER, 'jsrust-interpreter.wasm'];
const MODULE = [
  ...[...WORKER, 'guest-parts.js', 'guest-worker.js'],
  ...['jsrust-wasm-tools.wasm', 'module-service.js', 'tools.js'],
];
const VISITS = [
  { query: '', early: [...JSRS, 'primes.jsrbin'] },
  { query: '?example=fib', early: [...JSRS, 'fib.jsrbin'] },
  { query: '?example=hexdump', early: [...MODULE, 'hexdump.wasm'] },
  { query: '?example=constructor', early: [] },
  { query: '#p=A', early: [] },
];

/** The name of a file without its folder and hash. @param {string} address */
const plain = (address) => new URL(address).pathname.replace(/.*\//, '').replace(/[-.]\w{8,12}(?=\.\w+$)/, '');

for (const { query, early } of VISITS) {
  e2e(`what ${query || 'the first example'} begins with is fetched before the script, and used`, {}, async (opened) => {
    const context = await opened.context().browser()?.newContext({ serviceWorkers: 'block' });
    assert.ok(context);
    const page = await context.newPage();
    /** @type {() => void} */
    let release = () => {};
    const held = new Promise((resolve) => (release = () => resolve(undefined)));
    await page.route(MAIN, (route) => held.then(() => route.continue()));
    await page.goto(opened.url() + query, { waitUntil: 'commit' });
    // The links begin with the page; the script that fetches is over when there is a body.
    await page.locator('body').waitFor({ state: 'attached' });
    const fetched = await page.waitForFunction(
      (stems) => {
        const names = performance.getEntriesByType('resource').flatMap((entry) => {
          const { initiatorType, name } = /** @type {PerformanceResourceTiming} */ (entry);
          return initiatorType === 'fetch' ? name : [];
        });
        return stems.every((stem) => names.some((name) => new RegExp(`/${stem}[-.]`).test(name))) && names;
      },
      early.map((name) => name.replace(/\.\w+$/, '')),
    );
    const addresses = await fetched.jsonValue();
    assert.ok(addresses);
    assert.deepEqual(new Set(addresses.map(plain)), new Set(early));

    /** @type {Set<string>} */
    const asked = new Set();
    context.on('request', (request) => asked.add(request.url()));
    release();
    await waitForPhase(page, 'finished', 'failed', 'not run');
    assert.deepEqual(
      addresses.filter((address) => !asked.has(address)),
      [],
    );
    await context.close();
  });
}
