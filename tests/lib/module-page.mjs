// The guest worker as the page was built with it, in Chromium, without the page around it: a folder to serve, and pages
// that run one module after the other (tests/conformance/page-modules.js). Needs web/dist.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { launchBrowser, serveFolder } from './browser.mjs';
import { project } from './files.mjs';
import { servePlainly } from './plain-server.mjs';

/** @import { Seen, Wanted } from '../conformance/run-case.js' */
/** How input reaches a module. @typedef {'shared' | 'suspend' | 'prepared'} Mode */

const fileOf = (/** @type {string} */ folder, /** @type {RegExp} */ name) =>
  readdirSync(folder).find((file) => name.test(file)) ?? '';

/** A copy of the build with a page of ours. @param {string} folder made anew */
export async function makeModulePages(folder) {
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
  // For an engine that cannot suspend.
  const worker = fileOf(folder, /^guest-worker[.-].*\.js$/);
  writeFileSync(join(folder, 'no-suspending.js'), 'delete WebAssembly.Suspending; delete WebAssembly.promising;');
  writeFileSync(join(folder, 'old-worker.js'), `import './no-suspending.js'; import './${worker}';`);
}

/**
 * @param {string} folder of makeModulePages
 * @param {Mode} mode shared memory where the server sends isolation headers; else suspended by the engine; else prepared
 */
export async function openModulePage(folder, mode) {
  const server = await (mode === 'shared' ? serveFolder(folder) : servePlainly(folder, '/'));
  const browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.waitForFunction('"startModules" in globalThis');
  if (mode === 'prepared') await page.evaluate('delete WebAssembly.Suspending');
  const worker = mode === 'prepared' ? 'old-worker.js' : fileOf(folder, /^guest-worker[.-].*\.js$/);
  const tools = fileOf(folder, /^jsrust-wasm-tools[.-].*\.wasm$/);
  assert.equal(await page.evaluate(`startModules(${JSON.stringify(worker)}, ${JSON.stringify(tools)})`), mode);
  return {
    /** @param {Uint8Array} bytes @param {Wanted} wanted @returns {Promise<Seen>} */
    async run(bytes, wanted) {
      const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
      const call = `runModuleCase(${JSON.stringify(file)}, ${JSON.stringify(wanted)})`;
      return JSON.parse(/** @type {string} */ (await page.evaluate(call)));
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
