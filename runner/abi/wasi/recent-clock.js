/**
 * The time that files are stamped with. Reading the real clock costs half as much as all else that a small write does,
 * so writes that follow each other share a reading. Whenever the program could compare the stamp with a clock or has
 * slept, the next write reads it anew: stamps never lie before a time that the program has been told.
 */

/** @import { GuestClock } from '../../guest/types.js' */

/** Writes that one reading may serve. */
const SHARED = 32;

export class RecentClock {
  /** What was read last, in nanoseconds since the run began. The fraction tells the engine that it will outgrow 32 bits. */
  time = 0.5;
  #clock;
  #serial = 0;
  #left = 0;

  /** @param {GuestClock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** Nanoseconds since the run began, read now. */
  now() {
    this.#left = SHARED;
    this.#serial++;
    this.time = this.#clock.nanoseconds();
    return this.time;
  }

  /** Number of the reading that is recent enough. A whole number, because one with a fraction would be an allocation. */
  recent() {
    if (--this.#left < 0) this.now();
    return this.#serial;
  }

  /** Such a reading in nanoseconds since 1970. @param {number} time */
  sinceEpoch(time) {
    return this.#clock.origin + BigInt(time);
  }

  /** The program may know the time from elsewhere. */
  passed() {
    this.#left = 0;
  }
}
