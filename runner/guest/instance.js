/**
 * One instance of a module, from linking to its end, and what can be asked of it afterwards: more calls of its exports,
 * its memory and globals. Runs in the guest's own worker. Nothing that a module does makes a method here reject.
 */
import { CallTrace } from '../abi/traced.js';
import { GuestMemory } from '../abi/guest-memory.js';
import { describeProgramTrap, trapGlobal } from '../compiled/program-trap.js';
import { CODE } from '../result.js';
import { MODULE_MEMORY_BYTES } from '../limits.js';
import { RECORD } from './channel.js';
import { GuestTrap, OutputLimit } from './ends.js';
import { Linker, canSuspend, promising } from './imports.js';
import { instantiate } from './instantiate.js';
import { outcomeOf, returned } from './outcome.js';
import { splitStart } from './start-function.js';
import { wasmFrames } from './traps.js';
import { foreignAmong, valueText } from './values.js';
import { wireType } from '../module/plan.js';
import { visible } from '../visible.js';

/** @import { LinkedPlan, Plan } from '../module/plan.js' */
/** @import { Outcome } from './outcome.js' */
/** @import { Server } from './imports.js' */
/** @import { Abi, ExportCall, FileEntry, FilesBudget, Guest, ServedAbi } from './types.js' */
/** @import { Io } from './io.js' */
/** @import { WasmStack } from './traps.js' */
/** @import { Port } from './port.js' */

const encoder = new TextEncoder();
const PAGE = 65536;

export class Instance {
  #plan;
  #io;
  #port;
  #abis;
  #ownStack;
  #shift;
  /** @type {Guest} */
  #guest;
  /** @type {CallTrace | null} */
  #trace = null;
  /** @type {ServedAbi[]} */
  #served = [];
  /** @type {string[][]} */
  #results = [];
  /** The program's, and those of linked modules. @type {Set<WebAssembly.Memory>} */
  #memories = new Set();
  /** A linked module that is being made. @type {LinkedPlan | null} */
  #making = null;
  /** @type {WebAssembly.Module | null} */
  #module = null;

  /**
   * @param {Plan} plan
   * @param {Io} io
   * @param {Port} port
   * @param {{ abis: readonly Abi[], errno: (number: number) => string, shift: number, ownStack: boolean }} place `shift`:
   *   of StartGuest; `ownStack`: exports are called on stacks that the engine makes for modules it can suspend, 20 times as
   *   deep as that of a browser's worker, at some 40 ns for each call of an import
   */
  constructor(plan, io, port, { abis, errno, shift, ownStack }) {
    this.#shift = shift;
    this.#ownStack = ownStack && canSuspend;
    this.#plan = plan;
    this.#io = io;
    this.#port = port;
    this.#abis = abis;
    const all = [...plan.linked.flatMap((each) => each.plan.imports), ...plan.imports];
    const importTypes = Object.fromEntries(
      all.map(({ module, name, parameters, results }) => [`${module}.${name}`, wireType(parameters, results)]),
    );
    this.#guest = { memory: new GuestMemory(), exports: {}, importTypes };
    if (io.request.tracedCalls > 0) this.#trace = this.#createTrace(errno);
  }

  /**
   * @param {WebAssembly.Module} module
   * @param {WebAssembly.Module[]} linked those of the plan, in its order
   * @returns {Promise<Outcome>}
   */
  async run(module, linked) {
    this.#module = module;
    const outcome = await this.#guard(async () => {
      const linker = new Linker(this.#abis, this.#io, this.#guest, this.#trace);
      for (const [index, each] of linked.entries()) await this.#makeLinked(linker, this.#plan.linked[index], each);
      const instance = await instantiate(this.#plan, () => {
        const { imports, memory } = this.#link(linker, this.#plan, null);
        if (memory) this.#attach(memory);
        return new WebAssembly.Instance(module, imports);
      });
      const { exports, start } = splitStart(this.#plan, module, instance);
      this.#guest.exports = exports;
      if (exports.memory instanceof WebAssembly.Memory) this.#attach(exports.memory);
      for (const abi of this.#served) abi.attached?.();
      // One that only computes from here on can be asked for nothing more.
      this.tellMemory();
      if (start) await this.#invoke(start, []);
      return this.#enter();
    });
    // A program is over; exports of other modules may yet be called.
    if (this.#plan.entry !== null) for (const abi of this.#served) abi.close?.();
    return outcome;
  }

  /**
   * Makes the instance of a linked module; one that has to be set up first is. Its `_start` is nobody's business: what is
   * imported are its other exports.
   * @param {Linker} linker
   * @param {LinkedPlan} linked
   * @param {WebAssembly.Module} module
   */
  async #makeLinked(linker, linked, module) {
    this.#making = linked;
    const server = /** @type {Server} */ ({ memory: null, exports: {} });
    const instance = await instantiate(linked.plan, () => {
      const { imports, memory } = this.#link(linker, linked.plan, server);
      server.memory = memory;
      return new WebAssembly.Instance(module, imports);
    });
    const { exports, start } = splitStart(linked.plan, module, instance);
    server.exports = exports;
    if (exports.memory instanceof WebAssembly.Memory) server.memory = exports.memory;
    if (server.memory) this.#memories.add(server.memory);
    linker.add(linked.name, server);
    if (start) await this.#invoke(start, []);
    if (linked.plan.reactor) await this.#invoke(exports._initialize, []);
    this.#making = null;
  }

  /** What it was to be given may not be to be had, a folder say. @param {Linker} linker @param {Plan} plan @param {Server | null} caller */
  #link(linker, plan, caller) {
    try {
      return linker.link(plan.imports, caller);
    } finally {
      this.#served = linker.served;
    }
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

  /** Entries of the file system, also those that a budget leaves out. */
  get fileCount() {
    return this.#served.find(({ files }) => files)?.fileCount?.() ?? 0;
  }

  /** Goes up whenever a file changes. */
  get filesGeneration() {
    return this.#served.find(({ files }) => files)?.generation?.() ?? 0;
  }

  get memoryBytes() {
    let sum = 0;
    for (const { buffer } of this.#memories) sum += buffer.byteLength;
    return sum;
  }

  get calls() {
    return this.#trace?.calls ?? 0;
  }

  /** Tells the size of the memory to whoever watches. */
  tellMemory() {
    this.#port.setPages(this.memoryBytes / PAGE);
  }

  /** @param {WebAssembly.Memory} memory */
  #attach(memory) {
    this.#memories.add(memory);
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
    const foreign = foreignAmong(this.#plan.exports[name] ?? []);
    if (foreign !== null) throw new GuestTrap(`${visible(name)} gives ${foreign}, which cannot cross to JavaScript`);
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
  #callNow(name, values) {
    return this.#invoke(this.#guest.exports[name], values);
  }

  /** @param {WebAssembly.ExportValue} value a function @param {ExportCall['arguments']} values */
  async #invoke(value, values) {
    const call = /** @type {Function} */ (value);
    return this.#ownStack ? await promising(call)(...values) : call(...values);
  }

  /** @param {() => Promise<Outcome>} act @returns {Promise<Outcome>} */
  async #guard(act) {
    try {
      return { ...(await act()), results: this.#results };
    } catch (thrown) {
      const where = wasmFrames(thrown);
      const outcome = outcomeOf(thrown, where, this.#plan, this.#making);
      return { ...outcome, ...this.#programTrap(outcome, thrown, where), results: this.#results };
    } finally {
      for (const abi of this.#served) abi.finish?.();
    }
  }

  /**
   * Of programs that our generator wrote, in their own words.
   * @param {Outcome} outcome
   * @param {unknown} thrown
   * @param {WasmStack} where
   */
  #programTrap({ end, status }, thrown, { frames, whole }) {
    const trap = trapGlobal(this.#guest.exports);
    const exits = end === 'exit' && status === CODE.EXECUTE && trap !== null && trap.value !== 0;
    const printed = thrown instanceof OutputLimit ? thrown.bytes : null;
    if (!this.#module || !(exits || end === 'trapped' || printed !== null)) return null;
    const { memoryBytes } = this.#plan;
    const limit = this.#io.request.limits.memory || MODULE_MEMORY_BYTES;
    const limits = { memory: memoryBytes === null ? limit : Math.min(memoryBytes, limit), output: printed };
    const offsets = frames.map(({ offset }) => offset - this.#shift);
    const described = describeProgramTrap({ trap, thrown, offsets, whole, module: this.#module, limits });
    if (!described) return null;
    const { message, stack, omitted } = described;
    const place = stack.length > 0 ? { stack, omitted, inSource: true } : null;
    // What helps against a limit is said of all programs alike (result.js).
    if (printed !== null) return { end: /** @type {const} */ ('stopped'), message, help: '', ...place };
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
      stopWhenFull: this.#io.request.stopWhenFull,
    });
  }
}

/** @param {WebAssembly.Global} global @param {string} type */
function readGlobal(global, type) {
  try {
    return valueText(global.value, type);
  } catch {
    return type; // a v128 cannot be read
  }
}
