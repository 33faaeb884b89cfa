/**
 * Entry of the Node worker in which a module runs: the browser's, with folders of the host.
 */
import { parentPort } from 'node:worker_threads';
import { ABIS, errnoName } from '../abi/index.js';
import { serveGuest } from '../guest/serve-guest.js';
import { useHostFolders } from './host-files.js';
import { useWebCrypto } from './web-crypto.js';

/** Kept, because `process` is a getter. */
const { hrtime } = process;
const [began] = hrtime();

/** Faster than performance.now() under Node. Taken apart at once, the pair is never made. */
function now() {
  const [seconds, nanoseconds] = hrtime();
  return (seconds - began) * 1e9 + nanoseconds;
}

useHostFolders();
useWebCrypto();
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
