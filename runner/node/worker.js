/**
 * Entry of the Node worker (node:worker_threads): the browser worker's service on another port.
 */
import { parentPort } from 'node:worker_threads';
import { checked } from '../backend/load.js';
import { serve } from '../service.js';
import { loadBackendFile } from './backend-file.js';
import { moduleHost } from './module-host.js';

if (parentPort) {
  const port = parentPort;
  serve(
    {
      post: (message, transfer) => port.postMessage(message, transfer),
      listen: (receive) => void port.on('message', receive),
    },
    async (source) =>
      source instanceof WebAssembly.Module ? checked(source, 'the given module') : loadBackendFile(source),
    (address) => moduleHost.tools(address ?? undefined),
  );
}
