/**
 * The import object of one run: each planned import as a function of its ABI, written down and suspendable where asked
 * for; a trap for what an ABI leaves unserved; stubs where the user chose them.
 */
import { CallTrace } from '../abi/traced.js';
import { importText, wireType } from '../module/plan.js';
import { visible } from '../visible.js';
import { GuestTrap } from './ends.js';

/** @import { PlannedImport } from '../module/plan.js' */
/** @import { Abi, Guest, ImportRow, ServedAbi } from './types.js' */
/** @import { Io } from './io.js' */

/** What JSPI adds to WebAssembly; TypeScript does not know it yet. */
const engine =
  /** @type {{ Suspending?: new (call: Function) => object, promising?: (call: Function) => Function }} */ (
    /** @type {unknown} */ (WebAssembly)
  );

/** Whether this engine can suspend guests. */
export const canSuspend = typeof engine.Suspending === 'function' && typeof engine.promising === 'function';

/** @param {Function} call an export @returns {Function} the same giving a promise */
export function promising(call) {
  return /** @type {(call: Function) => Function} */ (engine.promising)(call);
}

/**
 * @typedef {object} Linked
 * @property {Record<string, Record<string, unknown>>} imports
 * @property {ServedAbi[]} served
 * @property {WebAssembly.Memory | null} memory an imported memory
 * @property {CallTrace | null} trace
 */

/**
 * @param {PlannedImport[]} planned
 * @param {readonly Abi[]} abis
 * @param {Io} io
 * @param {Guest} guest
 * @param {CallTrace | null} trace
 * @returns {Linked} throws GuestTrap when an import is missing and may not be stubbed
 */
export function linkImports(planned, abis, io, guest, trace) {
  /** @type {Map<string, ServedAbi>} */
  const served = new Map();
  /** @type {Linked} */
  const linked = { imports: Object.create(null), served: [], memory: null, trace };
  for (const each of planned) {
    const { module, name } = each;
    if (each.fate === 'missing' && !io.request.stub)
      throw new GuestTrap(`${importText(each)} is missing: ${each.reason}`);
    const value = each.fate === 'abi' ? fromAbi(each) : standIn(each, io, trace);
    if (value instanceof WebAssembly.Memory) linked.memory ??= value;
    (linked.imports[module] ??= Object.create(null))[name] = value;
  }
  linked.served = [...served.values()];
  return linked;

  /** @param {PlannedImport} each */
  function fromAbi({ module, name }) {
    const abi = /** @type {Abi} */ (abis.find((known) => known.module === module));
    let functions = served.get(module);
    if (!functions) served.set(module, (functions = abi.serve(io, guest)));
    const row = abi.table[name];
    const { [name]: plain } = functions.functions;
    const call = trace ? trace.wrap(`${module}.${name}`, row, plain, functions.describe?.[name]) : plain;
    return io.mode === 'suspend' && row.blocks && engine.Suspending ? new engine.Suspending(call) : call;
  }
}

/** @param {PlannedImport} planned @param {Io} io @param {CallTrace | null} trace @returns {unknown} */
function standIn(planned, io, trace) {
  const { kind, module, name, fate, reason, parameters, results, limits } = planned;
  const named = `${visible(module)}.${visible(name)}`;
  if (kind === 'memory' && limits) return makeMemory(limits);
  if (kind === 'table' && limits) return makeTable(planned.type, limits);
  if (kind === 'global') return makeGlobal(planned.type);
  if (kind === 'tag') throw new GuestTrap(`the tag ${named} cannot be made here`);
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

/** @param {NonNullable<PlannedImport['limits']>} limits */
function makeMemory({ initial, maximum, shared, is64 }) {
  const type = /** @type {WebAssembly.MemoryDescriptor} */ ({
    initial: is64 ? BigInt(initial) : initial,
    ...(maximum === null ? {} : { maximum: is64 ? BigInt(maximum) : maximum }),
    ...(is64 ? { address: 'i64' } : {}),
    shared,
  });
  return new WebAssembly.Memory(type);
}

/** @param {string} type @param {NonNullable<PlannedImport['limits']>} limits */
function makeTable(type, { initial, maximum }) {
  const element = /externref/.test(type) ? 'externref' : 'anyfunc';
  return new WebAssembly.Table({ element, initial, ...(maximum === null ? {} : { maximum }) });
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
