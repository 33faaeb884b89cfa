/**
 * Making an instance where memory may be short. Engines set a range of addresses aside for every memory, gigabytes of it,
 * and what a worker that was ended had is given back only some time later: after very many runs one may be refused that
 * would be had a moment later.
 */
import { GuestTrap } from './ends.js';

/** @import { Plan } from '../module/plan.js' */

/** Milliseconds to wait before asking again: workers end in a few, but on a busy machine later. An answer comes within a second. */
const WAITS = [50, 100, 200, 400];

/**
 * Makes an instance; again after a while if the engine had no memory for it. What the module itself throws is thrown.
 * @template Made
 * @param {Plan} plan
 * @param {() => Made} make everything that takes memory, from stubs to the instance. Nothing of the module has run when
 *   it is refused memory
 * @param {number[]} [waits] milliseconds, one before each time that it is asked again
 * @returns {Promise<Made>} throws GuestTrap when there is still no memory
 */
export async function instantiate(plan, make, waits = WAITS) {
  for (const wait of [...waits, null]) {
    try {
      return make();
    } catch (thrown) {
      if (!isMemoryRefused(thrown)) throw thrown;
    }
    if (wait !== null) await new Promise((resolve) => setTimeout(resolve, wait));
  }
  throw new GuestTrap(refusal(plan));
}

/** V8: `could not allocate memory`, `Out of memory: Cannot allocate Wasm memory`; others have `out of memory`. @param {unknown} thrown */
export function isMemoryRefused(thrown) {
  if (!(thrown instanceof Error) || thrown instanceof GuestTrap) return false;
  return /could not allocate memory|cannot allocate wasm memory|out of memory|failed to allocate memory/i.test(
    thrown.message,
  );
}

/** @param {Plan} plan */
function refusal({ memoryAtStart, memoryBytes }) {
  const most = memoryBytes === null ? '' : `, at most ${memoryBytes}`;
  const asked = memoryAtStart === null ? 'its memory' : `${memoryAtStart} bytes of memory at first${most}`;
  return `the host has no room for ${asked}: close other programs or pages, or try again in a moment`;
}
