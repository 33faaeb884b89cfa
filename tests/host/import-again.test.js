// Late imports that failed, asked for again. tests/e2e/late-answers.spec.js has the page do it in a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importAgain } from '../../runner/import-again.js';

/** An import that fails the first time; `calls` counts. */
function failingOnce(/** @type {string} */ message) {
  const it = {
    calls: 0,
    load: importAgain(async () => {
      if (++it.calls === 1) throw new TypeError(message);
      return 'part';
    }),
  };
  return it;
}

test('an import whose error names no address is repeated', async () => {
  const it = failingOnce('Importing a module script failed.');
  await assert.rejects(it.load(), /Importing a module/);
  assert.equal(await it.load(), 'part');
  assert.equal(it.calls, 2);
});

test('an address that a browser keeps as failed is not asked for again', async () => {
  const it = failingOnce('Failed to fetch dynamically imported module: http://127.0.0.1/parts-1a2b.js');
  await assert.rejects(it.load(), TypeError);
  // Node imports nothing over HTTP, and says so: the other address was tried.
  await assert.rejects(it.load(), { code: 'ERR_UNSUPPORTED_ESM_URL_SCHEME' });
  assert.equal(it.calls, 1);
});

test('what was had is the same each time', async () => {
  const load = importAgain(() => import('../../runner/limits.js'));
  assert.equal(await load(), await load());
});
