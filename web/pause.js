// Long work in slices: nothing of ours may hold the main thread for 50 ms.

const SLICE_MS = 5;

/** Lets the browser draw and handle input, then goes on. @returns {Promise<void>} */
export function pause() {
  return new Promise((resolve) => setTimeout(resolve));
}

/**
 * A clock for one long piece of work: `if (slice.over()) await slice.next()`.
 * @param {AbortSignal} [signal] makes `next` throw once it is aborted
 */
export function slices(signal) {
  let until = performance.now() + SLICE_MS;
  return {
    over: () => performance.now() > until,
    async next() {
      await pause();
      signal?.throwIfAborted();
      until = performance.now() + SLICE_MS;
    },
  };
}
