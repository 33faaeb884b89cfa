/**
 * Waiting inside an import function: at once where the thread may block, by a promise where the engine suspends the guest.
 */

/** @import { GuestIo } from './types.js' */

/**
 * Calls `poll` until it gives something, sleeping between until input arrives.
 * @template T
 * @param {GuestIo} io
 * @param {() => T | undefined} poll undefined = not yet
 * @param {number} [deadline] of `io.clock.monotonic()`, milliseconds
 * @returns {T | undefined | Promise<T | undefined>} undefined once the deadline has passed
 */
export function until(io, poll, deadline = Infinity) {
  for (;;) {
    const value = poll();
    if (value !== undefined || io.clock.monotonic() >= deadline) return value;
    const slept = io.sleep(deadline);
    if (typeof slept === 'object') return slept.then(() => until(io, poll, deadline));
  }
}
