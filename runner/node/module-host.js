/**
 * Where the library finds the module reader and its workers under Node.
 */
import { Worker } from 'node:worker_threads';
import { checkedTools } from '../module/tools.js';
import { loadWasmFile } from './backend-file.js';

/** @import { ModuleHost } from '../run-module.js' */
/** @import { GuestWorkerLike } from '../guest/start-guest.js' */

/** Room for 200,000 nested calls, which the interpreter allows, of functions with some 30 variables in V8's slow code. */
const STACK_MEGABYTES = 256;

/** @type {Promise<WebAssembly.Module> | null} */
let usual = null;

/** @type {ModuleHost} */
export const moduleHost = {
  tools(from) {
    if (from instanceof WebAssembly.Module) return Promise.resolve(checkedTools(from, 'the given module'));
    if (from === undefined) return (usual ??= load(null));
    return load(from);
  },
  spawn: (from) => start(from ?? new URL('./guest-worker.js', import.meta.url)),
  spawnCompiled: (from) => start(from ?? new URL('./compiled-worker.js', import.meta.url)),
};

/** @param {string | URL} file */
function start(file) {
  return nodeGuest(new Worker(file, { resourceLimits: { stackSizeMb: STACK_MEGABYTES } }));
}

/** @param {string | URL | null} from */
async function load(from) {
  return checkedTools(await loadWasmFile('jsrust-wasm-tools.wasm', from), String(from ?? 'jsrust-wasm-tools.wasm'));
}

/**
 * The worker may be started before it is known what it shall run: what happens until then is told once somebody listens.
 * @param {Worker} worker
 * @returns {GuestWorkerLike}
 */
function nodeGuest(worker) {
  let terminated = false;
  /** @type {Parameters<GuestWorkerLike['listen']>[0] | null} */
  let listener = null;
  let failure = '';
  const fail = (/** @type {string} */ sentence) => {
    if (terminated) return;
    failure ||= sentence;
    listener?.error(failure);
  };
  worker.on('message', (message) => listener?.message(message));
  worker.on('messageerror', () => fail('a message of the worker could not be read'));
  worker.on('error', (thrown) => fail(thrown.message));
  worker.on('exit', () => fail('the worker ended'));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen(given) {
      listener = given;
      if (failure !== '') queueMicrotask(() => given.error(failure));
    },
    terminate() {
      terminated = true;
      void worker.terminate();
    },
  };
}
