/**
 * The memory limit of a run divided among its modules, as nobody counts together what they grow by: what all of them leave of it at
 * first, divided among those that can grow. A module's own memories share its part likewise (backend/wasm/rewrite.h).
 */
import { MODULE_MEMORY_BYTES } from '../limits.js';
import { CODE, hostReport } from '../result.js';

/** @import { Report } from '../result.js' */
/** @import { Plan } from './plan.js' */

const PAGE = 65536;

/**
 * @param {Plan} plan
 * @param {number} memory bytes; 0 = the default
 * @returns {{ program: number, linked: number[], report: null } | { report: Report }} bytes; `linked`: of the plan, in its order
 */
export function memoryShares(plan, memory) {
  const most = memory || MODULE_MEMORY_BYTES;
  const plans = [plan, ...plan.linked.map((each) => each.plan)];
  const starts = plans.map(({ memoryAtStart }) => memoryAtStart ?? 0);
  // One that by itself has too much says so when it is rewritten.
  if (plans.length === 1 || Math.max(...starts) > most) return shares(plans.map(() => most));
  const atStart = starts.reduce((sum, bytes) => sum + bytes, 0);
  if (atStart > most) {
    const message = `memory limit reached: the modules start with ${atStart} bytes together, but the limit is ${most}`;
    return { report: hostReport(CODE.EXECUTE, message) };
  }
  const growing = plans.filter(({ memoryGrows }) => memoryGrows).length;
  const more = Math.floor((most - atStart) / PAGE / growing) * PAGE;
  return shares(plans.map(({ memoryGrows }, index) => starts[index] + (memoryGrows ? more : 0)));
}

/** @param {number[]} all the program's first */
function shares([program, ...linked]) {
  return { program, linked, report: null };
}
