/**
 * One instance of a module, from linking to its end, and what can be asked of it afterwards: more calls of its exports,
 * its memory and globals. Runs in the guest's own worker. Nothing that a module does makes a method here reject.
 */
import { CallTrace } from '../abi/traced.js';
import { GuestMemory } from '../abi/guest-memory.js';
import { describeProgramTrap, trapGlobal } from '../compiled/program-trap.js';
import { CODE, sentenceOf } from '../result.js';
import { MODULE_MEMORY_BYTES } from '../limits.js';
import { RECORD } from './channel.js';
import { GuestExit, GuestStopped, GuestTrap } from './ends.js';
import { canSuspend, linkImports, promising } from './imports.js';
import { describeTrap } from './traps.js';
import { valueText } from './values.js';
import { wireType } from '../module/plan.js';
import { visible } from '../visible.js';

/** @import { Plan } from '../module/plan.js' */
/** @import { Position } from '../result.js' */
/** @import { Abi, ExportCall, FileEntry, FilesBudget, Guest, ServedAbi } from './types.js' */
/** @import { Io } from './io.js' */
/** @import { Port } from './port.js' */

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
 * @property {number} omitted
 * @property {boolean} inSource whether `stack` is places of the JSRS file that the module was compiled from, not the module's
 * @property {boolean} said whether the program has said on standard error itself why it failed
 */

const encoder = new TextEncoder();
const PAGE = 65536;

export class Instance {
  #plan;
  #io;
  #port;
  #abis;
  #ownStack;
  /** @type {Guest} */
  #guest;
  /** @type {CallTrace | null} */
  #trace = null;
  /** @type {ServedAbi[]} */
  #served = [];
  /** @type {string[][]} */
  #results = [];
  /** @type {WebAssembly.Memory | null} */
  #memory = null;
  /** @type {WebAssembly.Module | null} */
  #module = null;

  /**
   * @param {Plan} plan
   * @param {Io} io
   * @param {Port} port
   * @param {{ abis: readonly Abi[], errno: (number: number) => string, ownStack: boolean }} place `ownStack`: exports are
   *   called on stacks that the engine makes for modules it can suspend, 20 times as deep as that of a browser's worker, at
   *   some 40 ns for each call of an import
   */
  constructor(plan, io, port, { abis, errno, ownStack }) {
    this.#ownStack = ownStack && canSuspend;
    this.#plan = plan;
    this.#io = io;
    this.#port = port;
    this.#abis = abis;
    const importTypes = Object.fromEntries(
      plan.imports.map(({ module, name, parameters, results }) => [`${module}.${name}`, wireType(parameters, results)]),
    );
    this.#guest = { memory: new GuestMemory(), exports: {}, importTypes };
    if (io.request.tracedCalls > 0) this.#trace = this.#createTrace(errno);
  }

  /** @param {WebAssembly.Module} module @returns {Promise<Outcome>} */
  async run(module) {
    this.#module = module;
    const outcome = await this.#guard(async () => {
      const linked = this.#link();
      if ('fault' in linked) return { ...returned([]), end: 'unserved', message: linked.fault };
      const { imports, served, memory } = linked;
      if (memory) this.#attach(memory);
      const { exports } = new WebAssembly.Instance(module, /** @type {WebAssembly.Imports} */ (imports));
      this.#guest.exports = exports;
      this.#served = served;
      if (exports.memory instanceof WebAssembly.Memory) this.#attach(exports.memory);
      for (const abi of served) abi.attached?.();
      return this.#enter();
    });
    // A program is over; exports of other modules may yet be called.
    if (this.#plan.entry !== null) for (const abi of this.#served) abi.close?.();
    return outcome;
  }

  /** Calls one more export of the same instance. @param {ExportCall} call @returns {Promise<Outcome>} */
  call(call) {
    return this.#guard(() => this.#callExport(call));
  }

  /** @param {number} pointer @param {number} length @returns {{ bytes: Uint8Array, size: number }} what there is of it */
  peek(pointer, length) {
    const { bytes } = this.#guest.memory;
    return { bytes: bytes.slice(pointer, pointer + length), size: bytes.length };
  }

  /** Exported globals and their present values. @param {Record<string, string>} types of globals by name */
  globals(types) {
    return Object.entries(types).flatMap(([name, type]) => {
      const global = this.#guest.exports[name];
      if (!(global instanceof WebAssembly.Global)) return [];
      return [{ name, type, value: readGlobal(global, type) }];
    });
  }

  /** @param {FilesBudget} [budget] @returns {FileEntry[] | null} null: it has no file system */
  files(budget) {
    const abi = this.#served.find(({ files }) => files);
    return abi?.files?.(budget) ?? null;
  }

  /** Goes up whenever a file changes. */
  get filesGeneration() {
    return this.#served.find(({ files }) => files)?.generation?.() ?? 0;
  }

  get memoryBytes() {
    return this.#memory?.buffer.byteLength ?? 0;
  }

  get calls() {
    return this.#trace?.calls ?? 0;
  }

  /** Tells the size of the memory to whoever watches. */
  tellMemory() {
    this.#port.setPages(this.memoryBytes / PAGE);
  }

  /** An ABI that cannot be served, for want of a folder say, throws a sentence. */
  #link() {
    try {
      return linkImports(this.#plan.imports, this.#abis, this.#io, this.#guest, this.#trace);
    } catch (thrown) {
      return { fault: sentenceOf(thrown) };
    }
  }

  /** @param {WebAssembly.Memory} memory */
  #attach(memory) {
    this.#memory = memory;
    this.#guest.memory.attach(memory);
  }

  /** The usual entry, or the calls that were asked for. @returns {Promise<Outcome>} */
  async #enter() {
    const { entry, reactor } = this.#plan;
    const { calls } = this.#io.request;
    if (reactor && entry === null) await this.#callNow('_initialize', []);
    let outcome = returned([]);
    for (const call of calls) {
      outcome = await this.#callExport(call);
      this.#results.push(outcome.values);
    }
    if (calls.length > 0 || entry === null) return outcome;
    return this.#callExport({ name: entry, arguments: [] });
  }

  /** @param {ExportCall} call @returns {Promise<Outcome>} */
  async #callExport({ name, arguments: values }) {
    const call = this.#guest.exports[name];
    if (typeof call !== 'function') throw new GuestTrap(`there is no exported function \`${visible(name)}\``);
    if (this.#plan.exports[name]?.includes('v128'))
      throw new GuestTrap(`${visible(name)} gives a vector (v128), which cannot cross to JavaScript`);
    const trap = trapGlobal(this.#guest.exports);
    if (trap) trap.value = 0; // that of an earlier call
    const value = await this.#callNow(name, values);
    for (const abi of this.#served) {
      const failure = abi.failureOf?.(value);
      if (failure) return { ...returned([]), end: 'failed', message: failure };
    }
    const types = this.#plan.exports[name] ?? [];
    const list = types.length === 0 ? [] : types.length === 1 ? [value] : [.../** @type {Iterable<unknown>} */ (value)];
    return returned(list.map((each, index) => valueText(each, types[index])));
  }

  /** @param {string} name @param {ExportCall['arguments']} values */
  async #callNow(name, values) {
    const call = /** @type {Function} */ (this.#guest.exports[name]);
    return this.#ownStack ? await promising(call)(...values) : call(...values);
  }

  /** @param {() => Promise<Outcome>} act @returns {Promise<Outcome>} */
  async #guard(act) {
    try {
      return { ...(await act()), results: this.#results };
    } catch (thrown) {
      const outcome = outcomeOf(thrown, this.#plan.names);
      return { ...outcome, ...this.#programTrap(outcome, thrown), results: this.#results };
    } finally {
      for (const abi of this.#served) abi.finish?.();
    }
  }

  /** Of programs that our generator wrote, in their own words. @param {Outcome} outcome @param {unknown} thrown */
  #programTrap({ end, status }, thrown) {
    const trap = trapGlobal(this.#guest.exports);
    const exits = end === 'exit' && status === CODE.EXECUTE && trap !== null && trap.value !== 0;
    if (!this.#module || !(exits || end === 'trapped')) return null;
    const { memoryBytes } = this.#plan;
    const limit = this.#io.request.limits.memory || MODULE_MEMORY_BYTES;
    const most = memoryBytes === null ? limit : Math.min(memoryBytes, limit);
    const described = describeProgramTrap(trap, thrown, this.#module, most);
    if (!described) return null;
    const { message, stack } = described;
    const place = stack.length > 0 ? { stack, omitted: 0, inSource: true } : null;
    return { end: /** @type {const} */ ('trapped'), message, help: '', said: exits, ...place };
  }

  /** @param {(number: number) => string} errno */
  #createTrace(errno) {
    return new CallTrace({
      guest: this.#guest,
      now: () => this.#io.clock.monotonic(),
      write: (line) => void this.#port.send(RECORD.CALL, encoder.encode(line)),
      errno,
      most: this.#io.request.tracedCalls,
    });
  }
}

/** @param {string[]} values @returns {Outcome} */
function returned(values) {
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

/** @param {unknown} thrown @param {Plan['names']} names @returns {Outcome} */
function outcomeOf(thrown, names) {
  const outcome = returned([]);
  if (thrown instanceof GuestExit) return { ...outcome, end: 'exit', status: thrown.status };
  if (thrown instanceof GuestStopped) return { ...outcome, end: 'stopped', message: thrown.message, help: thrown.help };
  if (thrown instanceof WebAssembly.LinkError || thrown instanceof WebAssembly.CompileError) {
    return { ...outcome, end: 'refused', message: `the module cannot be linked: ${sentenceOf(thrown)}` };
  }
  const { message, help, stack, omitted } = describeTrap(thrown, names);
  const said = thrown instanceof GuestTrap ? thrown.message : message;
  return { ...outcome, end: 'trapped', message: said, help: thrown instanceof GuestTrap ? '' : help, stack, omitted };
}

/** @param {WebAssembly.Global} global @param {string} type */
function readGlobal(global, type) {
  try {
    return valueText(global.value, type);
  } catch {
    return type; // a v128 cannot be read
  }
}
