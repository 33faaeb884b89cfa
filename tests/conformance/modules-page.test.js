// Every WebAssembly fixture in Chromium, on the guest worker as built, in each way that input can reach a module: shared
// memory, as served with isolation headers; suspended by the engine, on a host without them; and prepared input only, in
// an engine that cannot suspend either. What a module prints, draws and ends with is the same in all.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build } from 'esbuild';
import { launchBrowser, serveFolder } from '../lib/browser.mjs';
import { project } from '../lib/files.mjs';
import { servePlainly } from '../lib/plain-server.mjs';
import { moduleCases } from './module-cases.mjs';

const folder = join(project, 'tests/out/page-modules');
const cases = moduleCases();
/** They nest calls deeper than the stack of a browser's worker; engines that suspend modules give them one of their own. */
const DEEP = ['jsrs-generated/rec_limit.v3'];

before(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(project, 'web/dist'), folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><script type="module" src="client.js"></script>');
  await build({
    entryPoints: [join(project, 'tests/conformance/page-modules.js')],
    outfile: join(folder, 'client.js'),
    bundle: true,
    format: 'esm',
    logLevel: 'warning',
  });
});

/** The guest worker in an engine that cannot suspend. */
function withoutSuspending(/** @type {string} */ worker) {
  writeFileSync(join(folder, 'no-suspending.js'), 'delete WebAssembly.Suspending; delete WebAssembly.promising;');
  writeFileSync(join(folder, 'old-worker.js'), `import './no-suspending.js'; import './${worker}';`);
  return 'old-worker.js';
}

/** @type {{ mode: string, serve: () => Promise<{ url: string, close: () => unknown }> }[]} */
const modes = [
  { mode: 'shared', serve: () => serveFolder(folder) },
  { mode: 'suspend', serve: () => servePlainly(folder, '/') },
  { mode: 'prepared', serve: () => servePlainly(folder, '/') },
];

for (const { mode, serve } of modes) {
  describe(mode, () => {
    /** @type {Awaited<ReturnType<typeof launchBrowser>>} */
    let browser;
    /** @type {import('playwright-core').Page} */
    let page;
    /** @type {{ url: string, close: () => unknown }} */
    let server;

    before(async () => {
      server = await serve();
      browser = await launchBrowser();
      page = await browser.newPage();
      await page.goto(server.url);
      await page.waitForFunction('"startModules" in globalThis');
      const built = (/** @type {RegExp} */ name) => readdirSync(folder).find((file) => name.test(file)) ?? '';
      const files = [built(/^guest-worker[.-].*\.js$/), built(/^jsrust-wasm-tools[.-].*\.wasm$/)];
      if (mode === 'prepared') files[0] = withoutSuspending(files[0]);
      if (mode === 'prepared') await page.evaluate('delete WebAssembly.Suspending');
      assert.equal(await page.evaluate(`startModules(${files.map((file) => JSON.stringify(file)).join()})`), mode);
    });
    after(async () => {
      await browser?.close();
      await server?.close();
    });

    for (const { name, bytes, wanted, check } of cases) {
      test(`${mode}: ${name}`, async () => {
        const call = `runModuleCase(${JSON.stringify(bytes.toString('base64'))}, ${JSON.stringify(wanted)})`;
        /** @type {import('./run-case.js').Seen} */
        const seen = JSON.parse(/** @type {string} */ (await page.evaluate(call)));
        if (mode === 'prepared' && DEEP.includes(name)) assert.equal(seen.message, 'stack exhausted');
        else check(seen);
      });
    }
  });
}
