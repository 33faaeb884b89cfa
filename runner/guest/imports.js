/**
 * The import object of one run: each planned import as a function of its ABI, written down and suspendable where asked
 * for; a trap for what an ABI leaves unserved; stubs where the user chose them.
 */
import { CallTrace } from '../abi/traced.js';
import { abiOf, importText } from '../module/plan.js';
import { sentenceOf } from '../result.js';
import { GuestTrap, GuestUnserved } from './ends.js';
import { standIn } from './stand-ins.js';

/** @import { PlannedImport } from '../module/plan.js' */
/** @import { Abi, Guest, ServedAbi } from './types.js' */
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
 * An instance that serves others; before it is made there is nothing of it but an imported memory.
 * @typedef {{ memory: WebAssembly.Memory | null, exports: WebAssembly.Exports }} Server
 */

/** Makes the import objects of a run's instances: the program's, and of the modules linked to it. They share the ABIs. */
export class Linker {
  #abis;
  #io;
  #guest;
  #trace;
  /** @type {Map<Abi, ServedAbi>} */
  #served = new Map();
  /** Instances by the name of the import module that they are. @type {Map<string, Server>} */
  #servers = new Map();

  /**
   * @param {readonly Abi[]} abis
   * @param {Io} io
   * @param {Guest} guest the program
   * @param {CallTrace | null} trace
   */
  constructor(abis, io, guest, trace) {
    this.#abis = abis;
    this.#io = io;
    this.#guest = guest;
    this.#trace = trace;
  }

  get served() {
    return [...this.#served.values()];
  }

  /** From now on imports from `name` can be its exports. @param {string} name @param {Server} server */
  add(name, server) {
    this.#servers.set(name, server);
  }

  /**
   * @param {PlannedImport[]} planned
   * @param {Server | null} caller the linked module whose imports these are; null: they are the program's
   * @returns {{ imports: WebAssembly.Imports, memory: WebAssembly.Memory | null }} `memory`: an imported one. Throws
   *   GuestTrap when an import is missing and may not be stubbed
   */
  link(planned, caller) {
    /** @type {Record<string, Record<string, unknown>>} */
    const imports = Object.create(null);
    /** @type {WebAssembly.Memory | null} */
    let memory = null;
    for (const each of planned) {
      const value = this.#valueOf(each, caller);
      if (value instanceof WebAssembly.Memory) memory ??= value;
      (imports[each.module] ??= Object.create(null))[each.name] = value;
    }
    return { imports: /** @type {WebAssembly.Imports} */ (imports), memory };
  }

  /** @param {PlannedImport} each @param {Server | null} caller @returns {unknown} */
  #valueOf(each, caller) {
    if (each.fate === 'abi') return this.#fromAbi(each, caller);
    if (each.fate === 'linked') return this.#servers.get(each.module)?.exports[each.name];
    if (each.fate === 'missing' && !this.#io.request.stub)
      throw new GuestTrap(`${importText(each)} is missing: ${each.reason}`);
    return standIn(each, this.#io, this.#trace);
  }

  /** @param {Abi} abi */
  #serve(abi) {
    try {
      const functions = abi.serve(this.#io, this.#guest);
      this.#served.set(abi, functions);
      return functions;
    } catch (thrown) {
      throw new GuestUnserved(sentenceOf(thrown));
    }
  }

  /** @param {PlannedImport} each @param {Server | null} caller */
  #fromAbi({ module, name }, caller) {
    const abi = /** @type {Abi} */ (abiOf(this.#abis, module, name));
    const functions = this.#served.get(abi) ?? this.#serve(abi);
    const row = abi.table[name];
    const { [name]: plain } = functions.functions;
    const traced = this.#trace ? this.#trace.wrap(`${module}.${name}`, row, plain, functions.describe?.[name]) : plain;
    const call = caller ? onBehalfOf(caller, traced, this.#guest) : traced;
    return this.#io.mode === 'suspend' && row.blocks && engine.Suspending ? new engine.Suspending(call) : call;
  }
}

/**
 * An import as another instance than the program calls it: what it says of memory is meant of its own.
 * @param {Server} caller
 * @param {Function} call
 * @param {Guest} guest
 */
function onBehalfOf(caller, call, guest) {
  return (/** @type {unknown[]} */ ...values) => {
    const { exports } = guest;
    const memory = guest.memory.attach(caller.memory);
    guest.exports = caller.exports;
    const back = () => {
      guest.memory.attach(memory);
      guest.exports = exports;
    };
    let isUnderWay = false;
    try {
      const result = call(...values);
      isUnderWay = result instanceof Promise;
      return isUnderWay ? result.finally(back) : result;
    } finally {
      if (!isUnderWay) back();
    }
  };
}
