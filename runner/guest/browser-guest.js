/**
 * A browser's worker as start-guest.js wants it.
 */

/** @import { GuestWorkerLike } from './start-guest.js' */

/** @param {Worker} worker of guest-worker.js @returns {GuestWorkerLike} */
export function browserGuest(worker) {
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
