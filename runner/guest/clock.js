/**
 * A guest's clocks: the machine's, or virtual ones that only waiting and being asked move on, so that a run is repeatable.
 */

/** @import { GuestClock } from './types.js' */

/** How far a virtual clock moves when it is asked: a program that waits for time in a loop comes to its end. */
const ASKED_MILLISECONDS = 0.001;

/** @typedef {GuestClock & { virtual: boolean, passTo: (monotonic: number) => void }} RunClock */

/**
 * @param {number | null} start milliseconds since 1970 of a virtual clock; null = the machine's
 * @param {() => number} now milliseconds of the machine's clock that never goes back
 * @returns {RunClock}
 */
export function createClock(start, now) {
  return start === null ? machineClock(now) : virtualClock(start);
}

/** @param {() => number} now @returns {RunClock} */
function machineClock(now) {
  const began = now();
  const origin = performance.timeOrigin + performance.now() - began;
  return {
    virtual: false,
    realtime: () => origin + now(),
    monotonic: () => now() - began,
    passTo: () => {},
  };
}

/** @param {number} start @returns {RunClock} */
function virtualClock(start) {
  let now = 0;
  return {
    virtual: true,
    realtime: () => start + (now += ASKED_MILLISECONDS),
    monotonic: () => (now += ASKED_MILLISECONDS),
    passTo: (monotonic) => void (now = Math.max(now, monotonic)),
  };
}
