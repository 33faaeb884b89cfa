/**
 * Entry of the Node worker in which a module runs: the browser's, with folders of the host.
 */
import { parentPort } from 'node:worker_threads';
import { ABIS, errnoName } from '../abi/index.js';
import { serveGuest } from '../guest/serve-guest.js';
import { useHostFolders } from './host-files.js';

/** Faster than performance.now() under Node. */
function now() {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

useHostFolders();
if (parentPort) {
  const port = parentPort;
  serveGuest(
    {
      post: (message, transfer) => port.postMessage(message, transfer),
      listen: (receive) => void port.on('message', receive),
    },
    { abis: ABIS, errno: errnoName, smallStack: false, now },
  );
}
