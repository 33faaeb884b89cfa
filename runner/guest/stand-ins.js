/**
 * What stands in for imports that nobody serves: functions that end the run, or give zero where the user chose stubs; and
 * memories, tables, globals and tags of the wanted types.
 */
import { MODULE_MEMORY_BYTES } from '../limits.js';
import { wireType } from '../module/plan.js';
import { visible } from '../visible.js';
import { GuestTrap } from './ends.js';
import { isMemoryRefused } from './instantiate.js';

/** @import { CallTrace } from '../abi/traced.js' */
/** @import { PlannedImport } from '../module/plan.js' */
/** @import { Io } from './io.js' */
/** @import { ImportRow } from './types.js' */

const PAGE = 65536;

/** What the proposal for exceptions adds; TypeScript does not know it yet, and an engine may lack it. */
const { Tag } = /** @type {{ Tag: new (type: { parameters: string[] }) => object }} */ (
  /** @type {unknown} */ (WebAssembly)
);

/**
 * What takes the place of an import: a trap, a stub, or a thing of its type. Throws GuestTrap where none can be made.
 * @param {PlannedImport} planned
 * @param {Io} io
 * @param {CallTrace | null} trace
 * @returns {unknown}
 */
export function standIn(planned, io, trace) {
  const { kind, module, name, fate, reason, parameters, results, limits } = planned;
  const named = `${visible(module)}.${visible(name)}`;
  if (kind !== 'function') {
    try {
      if (kind === 'memory' && limits)
        return makeMemory(named, limits, io.request.limits.memory || MODULE_MEMORY_BYTES);
      if (kind === 'table' && limits) return makeTable(planned.type, limits);
      if (kind === 'global') return makeGlobal(planned.type);
      if (kind === 'tag') return makeTag(planned.type);
    } catch (thrown) {
      if (thrown instanceof GuestTrap || isMemoryRefused(thrown)) throw thrown;
    }
    throw new GuestTrap(`the ${kind} ${named} (${planned.type}) cannot be made here`);
  }
  if (fate === 'trap') {
    io.warn(`${named} is not served: calling it ends the run. ${reason}`);
    return () => {
      throw new GuestTrap(`the program called ${named}, which is not served here`);
    };
  }
  io.warn(`${named} is a stub: it gives zero.`);
  const zero = zeroOf(results);
  const stub = () => zero;
  return trace ? trace.wrap(`${module}.${name}`, rowOf(parameters, results), stub) : stub;
}

/** @param {string[]} results */
function zeroOf(results) {
  const zeros = results.map((type) => (type === 'i64' ? 0n : type.startsWith('i') || type.startsWith('f') ? 0 : null));
  const numbers = results.map((type, i) => (/ref/.test(type) ? null : zeros[i]));
  return numbers.length > 1 ? numbers : numbers[0];
}

/** @param {string[]} parameters @param {string[]} results @returns {ImportRow} */
function rowOf(parameters, results) {
  const named = parameters.map((type, index) => `${index}:${type}`).join(' ');
  return { type: wireType(parameters, results), parameters: named, result: results.join(' ') };
}

/**
 * With a maximum, as the rewriter gives one to memories of the module's own.
 * @param {string} named
 * @param {NonNullable<PlannedImport['limits']>} limits
 * @param {number} most bytes
 */
function makeMemory(named, { initial, maximum: wanted, shared, is64 }, most) {
  const pages = Math.floor(most / PAGE);
  if (initial > pages)
    throw new GuestTrap(
      `memory limit reached: the memory ${named} starts with ${initial} pages, but the limit is ${pages}`,
    );
  const maximum = Math.min(wanted ?? pages, pages);
  const type = /** @type {WebAssembly.MemoryDescriptor} */ ({
    initial: is64 ? BigInt(initial) : initial,
    maximum: is64 ? BigInt(maximum) : maximum,
    ...(is64 ? { address: 'i64' } : {}),
    shared,
  });
  return new WebAssembly.Memory(type);
}

/** @param {string} type @param {NonNullable<PlannedImport['limits']>} limits */
function makeTable(type, { initial, maximum, is64 }) {
  const element = /externref/.test(type) ? 'externref' : 'anyfunc';
  const size = (/** @type {number} */ items) => (is64 ? BigInt(items) : items);
  const descriptor = /** @type {WebAssembly.TableDescriptor} */ ({
    element,
    initial: size(initial),
    ...(maximum === null ? {} : { maximum: size(maximum) }),
    ...(is64 ? { address: 'i64' } : {}),
  });
  return new WebAssembly.Table(descriptor);
}

/** One of its own: nobody else throws or catches it. @param {string} type `(i32, externref) -> ()` */
function makeTag(type) {
  const parameters = type.slice(1, type.indexOf(') ->')).split(', ').filter(Boolean);
  return new Tag({ parameters: parameters.map((each) => (each === 'funcref' ? 'anyfunc' : each)) });
}

/** @param {string} type `i32` or `mut i32` */
function makeGlobal(type) {
  const value = /** @type {WebAssembly.ValueType} */ (type.replace('mut ', ''));
  const reference = /ref/.test(value);
  const zero = value === 'i64' ? 0n : reference ? null : 0;
  const descriptor = {
    value: reference && /func/.test(value) ? /** @type {const} */ ('anyfunc') : value,
    mutable: type.startsWith('mut '),
  };
  return new WebAssembly.Global(descriptor, zero);
}
