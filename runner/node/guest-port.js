/**
 * How the workers that modules run in are served under Node (guest-worker.js, compiled-worker.js).
 */
import { parentPort } from 'node:worker_threads';
import { serveGuest } from '../guest/serve-guest.js';

/** @import { Place } from '../guest/serve-guest.js' */

/** Kept, because `process` is a getter. */
const { hrtime } = process;
const [began] = hrtime();

/** Faster than performance.now() under Node. Taken apart at once, the pair is never made. */
function now() {
  const [seconds, nanoseconds] = hrtime();
  return (seconds - began) * 1e9 + nanoseconds;
}

/** @param {Omit<Place, 'now' | 'smallStack'>} place */
export function serveOnParentPort(place) {
  if (!parentPort) return;
  const port = parentPort;
  serveGuest(
    {
      post: (message, transfer) => port.postMessage(message, transfer),
      listen: (receive) => void port.on('message', receive),
    },
    { ...place, smallStack: false, now },
  );
}
