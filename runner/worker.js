/**
 * Entry of the browser worker: wires the service to the page's messages.
 */
import { checked, fetchBackend } from './backend/load.js';
import { importAgain } from './import-again.js';
import { serve } from './service.js';

/** @import { ToWorker } from './protocol.js' */

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
const usual = new URL('../backend/bin/jsrust-backend.wasm', import.meta.url);
const usualTools = new URL('../backend/bin/jsrust-wasm-tools.wasm', import.meta.url);
const bringTools = importAgain(() => import('./module/tools.js'));

serve(
  {
    post: (message, transfer) => scope.postMessage(message, transfer),
    listen: (receive) => scope.addEventListener('message', (event) => receive(/** @type {ToWorker} */ (event.data))),
  },
  async (source) =>
    source instanceof WebAssembly.Module ? checked(source, 'the given module') : fetchBackend(source ?? usual),
  async (address) => (await bringTools()).fetchTools(address ?? usualTools),
);
