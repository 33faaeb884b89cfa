/**
 * How runs of modules and calls of their exports end, and what was thrown as such an end.
 */
import { importText } from '../module/plan.js';
import { GuestExit, GuestStopped, GuestTrap, GuestUnserved } from './ends.js';
import { describeTrap } from './traps.js';

/** @import { LinkedPlan, Plan } from '../module/plan.js' */
/** @import { Position } from '../result.js' */
/** @import { WasmStack } from './traps.js' */

/**
 * How a run, or a later call, ended. `returned`: with `values`; `exit`: the program gave a status; `failed`: it says itself
 * that it failed; `trapped`; `stopped`: by us; `refused`: it could not be linked; `unserved`: what it was to be given is
 * not to be had.
 * @typedef {object} Outcome
 * @property {'returned' | 'exit' | 'failed' | 'trapped' | 'stopped' | 'refused' | 'unserved'} end
 * @property {string[]} values of the last call, as text
 * @property {string[][]} results values of every call that came to its end
 * @property {number} status
 * @property {string} message
 * @property {string} help
 * @property {Position[]} stack innermost first
 * @property {number | null} omitted
 * @property {boolean} inSource whether `stack` is places of the JSRS file that the module was compiled from, not the module's
 * @property {boolean} said whether the program has said on standard error itself why it failed
 */

/** @param {string[]} values @returns {Outcome} */
export function returned(values) {
  return {
    end: 'returned',
    values,
    results: [],
    status: 0,
    message: '',
    help: '',
    stack: [],
    omitted: 0,
    inSource: false,
    said: false,
  };
}

/** @param {unknown} thrown @param {WasmStack} where @param {Plan} plan @param {LinkedPlan | null} making @returns {Outcome} */
export function outcomeOf(thrown, where, plan, making) {
  const outcome = returned([]);
  if (thrown instanceof GuestExit) return { ...outcome, end: 'exit', status: thrown.status };
  if (thrown instanceof GuestStopped) return { ...outcome, end: 'stopped', message: thrown.message, help: thrown.help };
  if (thrown instanceof GuestUnserved) return { ...outcome, end: 'unserved', message: thrown.message };
  if (thrown instanceof WebAssembly.LinkError || thrown instanceof WebAssembly.CompileError) {
    return { ...outcome, end: 'refused', message: unlinked(thrown, making?.plan ?? plan, making) };
  }
  const { message, help, stack, omitted } = describeTrap(thrown, where, plan, making);
  const said = thrown instanceof GuestTrap ? thrown.message : message;
  return { ...outcome, end: 'trapped', message: said, help: thrown instanceof GuestTrap ? '' : help, stack, omitted };
}

/** What the planner leaves to the engine, which tells an import by its number. @param {Error} thrown @param {Plan} plan @param {LinkedPlan | null} making */
function unlinked(thrown, { imports }, making) {
  const what = making ? making.file : 'the module';
  const each = imports[Number(/Import #(\d+)/.exec(thrown.message)?.[1] ?? NaN)];
  if (!each) return `${what} cannot be linked: an import does not fit what serves it`;
  return `${what} cannot be linked: ${importText(each)} does not fit what serves it${each.by && `, ${each.by}`}`;
}
