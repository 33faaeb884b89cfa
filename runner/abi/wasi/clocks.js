/**
 * `clock_*`. Both CPU-time clocks give the time since the run began: a run has its thread to itself.
 */

import * as E from './errno.js';
import { CLOCK } from './numbers.js';

/** @import { Host } from './index.js' */

/** What the clocks of engines resolve: a microsecond at best, where the page is isolated. */
const RESOLUTION_NANOSECONDS = 1000;

/** @param {Host} host */
export function clockCalls({ io, access, stamps }) {
  const { clock } = io;
  const originLow = Number(BigInt.asUintN(32, clock.origin));
  const originHigh = Number(BigInt.asUintN(32, clock.origin >> 32n));
  return {
    /** @param {number} id @param {number} resolution */
    clock_res_get(id, resolution) {
      access.refresh();
      if (id >>> 0 > CLOCK.THREAD_CPUTIME) return E.EINVAL;
      if (!access.holds(resolution, 8)) return E.EFAULT;
      access.setWhole(resolution >>> 0, RESOLUTION_NANOSECONDS);
      return E.SUCCESS;
    },

    /** @param {number} id @param {bigint} _precision @param {number} time */
    clock_time_get(id, _precision, time) {
      access.refresh();
      if (id >>> 0 > CLOCK.THREAD_CPUTIME) return E.EINVAL;
      if (!access.holds(time, 8)) return E.EFAULT;
      stamps.passed();
      const nanoseconds = clock.nanoseconds();
      if (id === CLOCK.REALTIME) access.setSum(time >>> 0, nanoseconds, originLow, originHigh);
      else access.setWhole(time >>> 0, nanoseconds);
      return E.SUCCESS;
    },
  };
}
