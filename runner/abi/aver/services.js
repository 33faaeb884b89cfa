/**
 * Arguments, environment, chance, time and the mathematics that WebAssembly has no instructions for (spec aver-abi.md 3).
 */

/** @import { GuestMemory } from '../guest-memory.js' */
/** @import { GuestIo } from '../../guest/types.js' */
/** @import { StringsIntoGuest } from './strings.js' */

import { until } from '../../guest/until.js';

/** What 24 characters of ISO 8601 can say: the years 0 to 9999. */
const FIRST_TIME = -62167219200000;
const LAST_TIME = 253402300799999;
/** A sleep that is worth telling. */
const LONG_SLEEP_MILLISECONDS = 1000;
const UNSET = -1;

/** @param {GuestIo} io @param {GuestMemory} memory @param {StringsIntoGuest} strings */
export function serviceFunctions(io, memory, strings) {
  const { request, clock, random } = io;
  const environment = new Map(Object.entries(request.env));

  /** @param {number} pointer @param {number} length */
  function text(pointer, length) {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(memory.slice(pointer, length)?.slice());
  }

  return {
    args_len: () => request.args.length,
    args_get: (/** @type {number} */ index) => strings.text(request.args[index] ?? ''),

    env_get(/** @type {number} */ pointer, /** @type {number} */ length) {
      const value = environment.get(text(pointer, length));
      if (value === undefined) return UNSET;
      if (strings.canAllocate) return strings.object(value);
      io.warn('the module exports no `alloc`: what it reads of its environment seems unset');
      return UNSET;
    },

    env_set(
      /** @type {number} */ name,
      /** @type {number} */ nameLength,
      /** @type {number} */ value,
      /** @type {number} */ valueLength,
    ) {
      environment.set(text(name, nameLength), text(value, valueLength));
    },

    random_int: (/** @type {bigint} */ min, /** @type {bigint} */ max) => random.between(min, max),
    random_float: () => random.float(),

    time_now() {
      const time = Math.min(Math.max(Math.floor(clock.realtime()), FIRST_TIME), LAST_TIME);
      return strings.text(new Date(time).toISOString());
    },

    time_unixMs: () => BigInt(Math.floor(clock.realtime())),

    time_sleep(/** @type {bigint} */ milliseconds) {
      if (milliseconds <= 0n) return;
      const long = milliseconds >= LONG_SLEEP_MILLISECONDS;
      const awake = () => {
        if (long) io.waiting(null);
      };
      if (long) io.waiting('sleep');
      // Input that arrives meanwhile does not end it.
      const slept = until(io, () => undefined, clock.monotonic() + Number(milliseconds));
      return slept instanceof Promise ? slept.then(awake) : awake();
    },

    math_sin: Math.sin,
    math_cos: Math.cos,
    math_atan2: Math.atan2,
    math_pow: power,
  };
}

/** As IEEE has it: JavaScript gives NaN where the base is 1 or -1 and the exponent is no number or infinite. @param {number} base @param {number} exponent */
function power(base, exponent) {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  return base ** exponent;
}
