// What modules-page.test.js runs inside Chromium: cases of modules on the guest worker that the page was built with,
// without the page around it.
import { browserWorker } from '../../runner/browser-worker.js';
import { canShare } from '../../runner/guest/start-guest.js';
import { fetchTools } from '../../runner/module/tools.js';
import { runCase } from './run-case.js';

const fromBase64 = (/** @type {string} */ text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

Object.assign(globalThis, {
  async startModules(/** @type {string} */ worker, /** @type {string} */ toolsFile) {
    const tools = await fetchTools(new URL(toolsFile, document.baseURI));
    const spawn = () => browserWorker(new Worker(worker, { type: 'module' }));
    Object.assign(globalThis, {
      /** As JSON, in which names such as `__proto__` survive. */
      runModuleCase: async (/** @type {string} */ file, /** @type {import('./run-case.js').Wanted} */ wanted) =>
        JSON.stringify(await runCase(fromBase64(file), wanted, { tools, spawn })),
    });
    return canShare() ? 'shared' : 'Suspending' in WebAssembly ? 'suspend' : 'prepared';
  },
});
