/**
 * Letting the event loop turn between slices, without the 4 ms that browsers make nested timers wait.
 * Node has setImmediate for it. A MessageChannel would not do there: Node hands out up to a thousand messages of one
 * port before it looks at another, so a run that posts to itself would hear of a stop seconds later.
 */

/**
 * @typedef {object} Breather for one run
 * @property {() => Promise<void>} breathe
 * @property {() => void} close
 */

/** @returns {Breather} */
export function createBreather() {
  if (typeof setImmediate === 'function') {
    return { breathe: () => new Promise((resolve) => void setImmediate(resolve)), close() {} };
  }
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void) | null} */
  let turned = null;
  port1.onmessage = () => turned?.();
  return {
    breathe: () =>
      new Promise((resolve) => {
        turned = resolve;
        port2.postMessage(null);
      }),
    close: () => port1.close(),
  };
}
