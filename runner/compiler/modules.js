/**
 * WebAssembly of the program that is held: to run, to keep as a file, and to look into. The last of each kind is kept, since
 * runs and questions about one module come in rows.
 */
import { MODULE_MEMORY_BYTES } from '../limits.js';
import { compileModule, openModule } from '../module/open.js';
import { instantiateTools } from '../module/tools.js';
import { CODE, hostReport } from '../result.js';
import { Refusal } from './refusal.js';

/** @import { Backend } from '../backend/backend.js' */
/** @import { WasmInfo } from '../module/info.js' */
/** @import { ModuleTools } from '../module/tools.js' */
/** @import { Report } from '../result.js' */
/** @import { Answers, BuildQuestion, BytesQuestion, Way } from './questions.js' */

/** @typedef {{ bytes: Uint8Array<ArrayBuffer>, origins: Uint32Array, milliseconds: number }} Compiled */

export class Modules {
  #backend;
  #toolsModule;
  /** The module that the inspector shows. @type {{ key: string, made: Compiled, tools: ModuleTools, info: WasmInfo } | null} */
  #inspected = null;
  /** The last one that was run. @type {{ key: string, built: Answers['build'] } | null} */
  #built = null;

  /**
   * @param {() => Backend} backend that holds the program
   * @param {WebAssembly.Module} toolsModule
   */
  constructor(backend, toolsModule) {
    this.#backend = backend;
    this.#toolsModule = toolsModule;
  }

  forget() {
    this.#inspected = null;
    this.#built = null;
  }

  /** A file to keep, with names. @param {BytesQuestion} question */
  file(question) {
    return this.#compile(question, { adapter: question.adapter, names: true }).bytes;
  }

  /** The text of such a file. @param {BytesQuestion} question @returns {Answers['text']['text']} */
  text(question) {
    const tools = this.#read(this.file(question));
    const { text } = tools.moduleText();
    tools.close();
    return new TextEncoder().encode(text);
  }

  /** What is run. @param {BuildQuestion} question @returns {Promise<Answers['build']>} */
  async build(question) {
    const { level, entry, memory } = question;
    const key = `${level} ${memory} ${entry}`;
    if (this.#built?.key === key) return this.#built.built;
    const { bytes, milliseconds } = this.#compile(question, { adapter: 'jsrust', blockWrite: true, memory });
    const tools = instantiateTools(this.#toolsModule);
    const { plan, report } = openModule(tools, bytes);
    if (report) throw new Refusal(ourFault(report));
    const compiled = await compileModule(tools, memory || MODULE_MEMORY_BYTES, bytes);
    tools.close();
    if (compiled.report) throw new Refusal(ourFault(compiled.report));
    const { module, shift } = compiled;
    const built = { module, shift, plan, size: bytes.length, milliseconds };
    this.#built = { key, built };
    return built;
  }

  /** The module with all that a view needs. @param {Way} way */
  inspect(way) {
    const key = `${way.level} ${way.entry}`;
    if (this.#inspected?.key === key) return this.#inspected;
    const made = this.#compile(way, { adapter: 'jsrust', names: true, origins: true, blockWrite: true });
    const tools = this.#read(made.bytes);
    return (this.#inspected = { key, made, tools, info: tools.describe() });
  }

  /** @param {Uint8Array} bytes of ours */
  #read(bytes) {
    const tools = instantiateTools(this.#toolsModule);
    const loaded = tools.load(bytes);
    if (!loaded.ok) throw new Error(loaded.fault.message);
    return tools;
  }

  /**
   * @param {Way} way
   * @param {Partial<Parameters<Backend['compile']>[1]>} options
   * @returns {Compiled}
   */
  #compile({ entry, level }, options) {
    const backend = this.#backend();
    const started = performance.now();
    const { code, bytes, origins } = backend.compile(entry, { level, map: true, ...options });
    const milliseconds = performance.now() - started;
    if (code !== CODE.OK || !bytes) throw new Refusal(backend.report());
    return { bytes, origins: origins ?? new Uint32Array(0), milliseconds };
  }
}

/** What we compiled and cannot be read or run is our own fault. @param {Report} report */
function ourFault(report) {
  return report.code === CODE.EXECUTE
    ? report
    : hostReport(CODE.INTERNAL, `the compiled module is faulty: ${report.message}`);
}
