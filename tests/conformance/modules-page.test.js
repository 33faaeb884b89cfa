// Every WebAssembly fixture in Chromium, on the guest worker as built, in each way that input can reach a module: shared
// memory, as served with isolation headers; suspended by the engine, on a host without them; and prepared input only, in
// an engine that cannot suspend either. What a module prints, draws and ends with is the same in all.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ownFolder } from '../lib/files.mjs';
import { makeModulePages, openModulePage } from '../lib/module-page.mjs';
import { moduleCases } from './module-cases.mjs';

const folder = ownFolder('page-modules');
const cases = moduleCases();
/** They nest calls deeper than the stack of Chromium's workers; engines that suspend modules give them one of their own. */
const DEEP = ['jsrs-generated/rec_limit.v3'];

before(() => makeModulePages(folder));

/** Other engines cannot suspend yet. */
const modes = process.env.BROWSER
  ? /** @type {const} */ (['shared', 'prepared'])
  : /** @type {const} */ (['shared', 'suspend', 'prepared']);
for (const mode of modes) {
  describe(mode, () => {
    /** @type {Awaited<ReturnType<typeof openModulePage>>} */
    let page;
    before(async () => void (page = await openModulePage(folder, mode)));
    after(() => page?.close());

    for (const { name, bytes, wanted, check } of cases) {
      test(`${mode}: ${name}`, async () => {
        const seen = await page.run(bytes, wanted);
        if (mode === 'prepared' && !process.env.BROWSER && DEEP.includes(name))
          assert.equal(seen.message, 'stack exhausted');
        else check(seen);
      });
    }
  });
}
