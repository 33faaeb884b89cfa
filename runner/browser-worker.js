/**
 * A browser's worker as the client and a module's run want theirs, whatever the messages are.
 */

/**
 * @template To, From
 * @typedef {object} WorkerPort
 * @property {(message: To, transfer: ArrayBuffer[]) => void} post
 * @property {(on: { message: (message: From) => void, error: (sentence: string) => void }) => void} listen
 * @property {() => void} terminate
 */

/**
 * @param {Worker} worker
 * @returns {WorkerPort<any, any>}
 */
export function browserWorker(worker) {
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen({ message, error }) {
      worker.addEventListener('message', (event) => message(event.data));
      worker.addEventListener('messageerror', () => error('a message of the worker could not be read'));
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        error(event.message || 'the worker could not be started');
      });
    },
    terminate: () => worker.terminate(),
  };
}
