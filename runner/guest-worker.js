/**
 * Entry of the browser worker in which an uploaded module runs. What the module can call is its imports, and none of them
 * can be talked into reaching the page, the network or storage.
 */
import { ABIS, errnoName } from './abi/index.js';
import { serveGuest } from './guest/serve-guest.js';
import { createScreen } from './terminal/screen.js';

/** @import { ToGuest } from './guest/protocol.js' */

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

serveGuest(
  {
    post: (message, transfer) => scope.postMessage(message, transfer),
    listen: (receive) => scope.addEventListener('message', (event) => receive(/** @type {ToGuest} */ (event.data))),
  },
  { abis: ABIS, errno: errnoName, smallStack: true, now: () => Math.round(performance.now() * 1e6), createScreen },
);
