/**
 * Where the library finds the module reader and its workers in a browser.
 */
import { checkedTools, fetchTools } from './module/tools.js';
import { browserWorker } from './browser-worker.js';

/** @import { ModuleHost } from './run-module.js' */

/** @type {Promise<WebAssembly.Module> | null} */
let usual = null;

/** @type {ModuleHost} */
export const moduleHost = {
  tools(from) {
    if (from instanceof WebAssembly.Module) return Promise.resolve(checkedTools(from, 'the given module'));
    if (from !== undefined) return fetchTools(from);
    return (usual ??= fetchTools(new URL('../backend/bin/jsrust-wasm-tools.wasm', import.meta.url)));
  },
  spawn,
  spawnCompiled: spawn,
};

/** @param {string | URL} [from] */
function spawn(from) {
  return browserWorker(new Worker(from ?? new URL('./guest-worker.js', import.meta.url), { type: 'module' }));
}
