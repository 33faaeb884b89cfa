/**
 * A Node worker as the client wants it: `createClient({ spawn: spawnNodeWorker })`.
 */
import { Worker } from 'node:worker_threads';

/** @import { WorkerLike } from '../client.js' */

/**
 * @param {(worker: Worker) => void} [spawned] is given the thread, for those who watch it
 * @returns {WorkerLike}
 */
export function spawnNodeWorker(spawned) {
  const worker = new Worker(new URL('./worker.js', import.meta.url));
  spawned?.(worker);
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen({ message, error }) {
      worker.on('message', message);
      worker.on('messageerror', () => error('a message of the worker could not be read'));
      worker.on('error', (thrown) => error(`the worker failed: ${thrown.message}`));
      worker.on('exit', () => error('the worker ended'));
    },
    terminate: () => void worker.terminate(),
  };
}
