// Taking in what a program prints, at the pace of the display: what comes faster than a frame can take waits for the next,
// which holds the program back.

/** @import { OutputStore } from './store.js' */

/** Time that one frame gives to taking in output; more waits for the next, and slows the program. */
const FRAME_BUDGET_MS = 6;
/** Pieces of output that come closer together are taken in one task. */
const SAME_TASK_MS = 8;
/** A hidden page draws no frames but still takes output. */
const HIDDEN_FRAME_MS = 100;

/** @param {OutputStore} output */
export function createTaking(output) {
  const spent = { frame: Promise.resolve(), milliseconds: 0, waiting: false, end: 0 };

  /**
   * Past the frame's budget the answer is a promise for the next frame.
   * @param {Uint8Array} bytes
   * @param {1 | 2} [stream]
   * @returns {void | Promise<void>}
   */
  return function take(bytes, stream) {
    const start = performance.now();
    output.append(bytes, stream);
    // Of many small pieces in one task, what lies between them is most of it.
    const since = start - spent.end < SAME_TASK_MS ? spent.end : start;
    spent.end = performance.now();
    spent.milliseconds += spent.end - since;
    if (!spent.waiting) {
      spent.waiting = true;
      spent.frame = nextFrame().then(() => {
        spent.waiting = false;
        spent.milliseconds = 0;
      });
    }
    return spent.milliseconds > FRAME_BUDGET_MS ? spent.frame : undefined;
  };
}

/** @returns {Promise<void>} */
function nextFrame() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
    setTimeout(resolve, HIDDEN_FRAME_MS);
  });
}
