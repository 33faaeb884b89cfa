/**
 * A guest's clocks: the machine's, or virtual ones that only waiting and being asked move on, so that a run is repeatable.
 */

/** @import { GuestClock } from './types.js' */

/** How far a virtual clock moves when it is asked: a program that waits for time in a loop comes to its end. */
const ASKED_NANOSECONDS = 1000;
/** As far, in milliseconds, the precise time of day may be from the coarse one. */
const MOST_DRIFT = 100;

/** @typedef {GuestClock & { virtual: boolean, passTo: (monotonic: number) => void }} RunClock */

/**
 * @param {number | null} start milliseconds since 1970 of a virtual clock; null = the machine's
 * @param {() => number} now whole nanoseconds of the machine's clock that never goes back
 * @returns {RunClock}
 */
export function createClock(start, now) {
  return start === null ? machineClock(now) : virtualClock(start);
}

/** @param {() => number} now @returns {RunClock} */
function machineClock(now) {
  const began = now();
  const start = timeOfDay();
  return {
    virtual: false,
    origin: toNanoseconds(start),
    nanoseconds: () => now() - began,
    realtime: () => start + (now() - began) / 1e6,
    monotonic: () => (now() - began) / 1e6,
    passTo: () => {},
  };
}

/**
 * Milliseconds since 1970, as precise as there is. Where the machine has slept, or its clock was set, since the browser
 * began, the precise time is hours behind: engines set its origin once, and some do not count what was slept.
 */
function timeOfDay() {
  const coarse = Date.now();
  const precise = performance.timeOrigin + performance.now();
  return Math.abs(precise - coarse) <= MOST_DRIFT ? precise : coarse;
}

/** @param {number} start @returns {RunClock} */
function virtualClock(start) {
  let now = 0;
  const ask = () => (now += ASKED_NANOSECONDS);
  return {
    virtual: true,
    origin: toNanoseconds(start),
    nanoseconds: ask,
    realtime: () => start + ask() / 1e6,
    monotonic: () => ask() / 1e6,
    passTo: (monotonic) => void (now = Math.max(now, Math.ceil(monotonic * 1e6))),
  };
}

/** Milliseconds, whose nanoseconds are more than a float holds. @param {number} milliseconds */
function toNanoseconds(milliseconds) {
  const whole = Math.floor(milliseconds);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((milliseconds - whole) * 1e6));
}
