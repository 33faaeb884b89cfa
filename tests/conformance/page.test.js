// The page as a mode: every corpus file through the page's client and worker as built, in Chromium, behind serve.py's
// headers, in one page; interpreted, traced, and compiled at each level as the page compiles and runs it. Latin-1 strings carry the bytes out of the browser.
import assert from 'node:assert/strict';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import { launchBrowser, serveFolder } from '../lib/browser.mjs';
import { ownFolder, project } from '../lib/files.mjs';
import { badCases, goodCases } from './cases.mjs';
import { LEVELS, checkCompiled, interpretedCases } from './compiled-cases.mjs';
import { modes } from './modes.mjs';

const folder = ownFolder('page');
/** Each reserves gigabytes of addresses, which a process gives back when it gets to it: Chromium 150 refuses the 61st at times. */
const RUNS_OF_A_PAGE = 50;
/** @type {Awaited<ReturnType<typeof launchBrowser>>} */
let browser;
/** @type {import('playwright-core').Page} */
let page;
/** @type {{ url: string, close: () => void }} */
let server;

before(async () => {
  cpSync(join(project, 'web/dist'), folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><script type="module" src="client.js"></script>');
  await build({
    entryPoints: [join(project, 'tests/conformance/page-client.js')],
    outfile: join(folder, 'client.js'),
    bundle: true,
    format: 'esm',
    logLevel: 'warning',
  });
  server = await serveFolder(folder);
  browser = await launchBrowser();
  page = await openPage();
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** A page of its own process, with a client that has started. */
async function openPage() {
  const opened = await browser.newPage();
  await opened.goto(server.url);
  const built = (/** @type {RegExp} */ name) => readdirSync(folder).find((file) => name.test(file)) ?? '';
  const files = {
    worker: built(/^worker[.-].*\.js$/),
    guestWorker: built(/^guest-worker[.-].*\.js$/),
    backend: built(/^jsrust-interpreter[.-].*\.wasm$/),
    compiler: built(/^jsrust-backend[.-].*\.wasm$/),
    tools: built(/^jsrust-wasm-tools[.-].*\.wasm$/),
  };
  await opened.waitForFunction('"startClient" in globalThis');
  await opened.evaluate(`startClient(${JSON.stringify(files)})`);
  return opened;
}

/** @returns {Promise<import('./modes.mjs').Outcome>} */
async function inPage(/** @type {import('./modes.mjs').Case} */ item, traced = false) {
  const call = `runFile(${JSON.stringify(item.bytes.toString('base64'))}, ${JSON.stringify(item.entry)}, ${traced})`;
  const outcome = /** @type {any} */ (await page.evaluate(call));
  return { ...outcome, stdout: Buffer.from(outcome.stdout, 'latin1') };
}

for (const item of goodCases()) {
  test(`page: ${item.name}`, async () => {
    const { code, exitValue, stdout, message } = await inPage(item);
    assert.deepEqual([code, exitValue], [item.code, item.exitValue], message);
    assert.deepEqual(stdout, item.stdout);
    const traced = await inPage(item, true);
    assert.deepEqual([traced.code, traced.exitValue, traced.stdout], [item.code, item.exitValue, item.stdout]);
    const contract = await modes['contract traced'](item);
    assert.ok(traced.trace === contract.trace, 'the trace differs from the contract host');
  });
}

for (const item of badCases()) {
  test(`page: malformed ${item.name}`, async () => {
    const { code, exitValue, stdout, message } = await inPage(item);
    assert.ok(item.accept.includes(code), `code ${code} is not among ${item.accept}: ${message}`);
    assert.deepEqual([exitValue, stdout.length], [null, 0]);
    assert.match(message, /^[^\n]+$/);
  });
}

/** @type {ReturnType<typeof interpretedCases> | undefined} */
let interpreted;

for (const level of LEVELS) {
  test(`page: compiled at ${level}`, async (t) => {
    interpreted ??= interpretedCases();
    for (const [index, { item, wanted }] of (await interpreted).entries()) {
      if (index % RUNS_OF_A_PAGE === 0) {
        await page.close();
        page = await openPage();
      }
      const file = item.bytes.toString('base64');
      const call = `runCompiledFile(${[file, item.entry, level].map((word) => JSON.stringify(word)).join()})`;
      const outcome = /** @type {any} */ (await page.evaluate(call));
      await t.test(item.name, () =>
        checkCompiled({ ...outcome, stdout: Buffer.from(outcome.stdout, 'latin1') }, wanted),
      );
    }
  });
}
