/**
 * The worker's answers about WebAssembly modules: what they consist of, functions as text, compiled code. Brought in when
 * the first module comes. Keeps the reader, which holds the module of the last request.
 */
import { detect } from './detect.js';
import { CODE, hostReport, sentenceOf } from './result.js';
import { missingReport } from './module/missing.js';
import { compileModule, openModule } from './module/open.js';
import { instantiateTools } from './module/tools.js';

/** @import { Compiled, Disassembled, NotOpened, OpenedModule } from './protocol.js' */
/** @import { WasmFunction } from './module/info.js' */
/** @import { OpenedModule as Known } from './module/open.js' */

const encoder = new TextEncoder();

export class ModuleService {
  #toolsModule;
  /** What the reader holds. @type {{ id: number, tools: import('./module/tools.js').ModuleTools, known: Known } | null} */
  #held = null;
  /** The last compiled module: the next run of it starts with V8's fast code. @type {{ id: number, memory: number, compiled: Compiled } | null} */
  #compiled = null;

  /** @param {WebAssembly.Module} toolsModule */
  constructor(toolsModule) {
    this.#toolsModule = toolsModule;
  }

  /** @param {{ id: number, bytes: Uint8Array }} file @returns {OpenedModule | NotOpened} */
  open(file) {
    const { kind, why } = detect(file.bytes);
    try {
      const { info, plan, report } = this.#load(file).known;
      if (report) return { ok: false, kind, why, report };
      return { ok: true, kind: 'wasm-module', wasm: info, plan, missing: missingReport(plan) };
    } catch (thrown) {
      this.#held = null;
      const report = hostReport(CODE.INTERNAL, `the module reader failed: ${sentenceOf(thrown)}`);
      return { ok: false, kind, why, report };
    }
  }

  /** Functions after those that the description lists. @param {{ id: number, bytes: Uint8Array }} file @param {number} first @returns {WasmFunction[]} */
  functions(file, first) {
    try {
      return this.#load(file).tools.functions(first);
    } catch {
      this.#held = null;
      return []; // the list ends where it ends
    }
  }

  /** @param {{ id: number, bytes: Uint8Array }} file @param {number} index @returns {Disassembled} */
  disassemble(file, index) {
    try {
      const { text, offsets } = this.#load(file).tools.disassemble(index);
      return { text: encoder.encode(text), offsets };
    } catch (thrown) {
      this.#held = null;
      return { text: encoder.encode(`;; ${sentenceOf(thrown)}`), offsets: new Uint32Array(0) };
    }
  }

  /** @param {{ id: number, bytes: Uint8Array }} file @param {number} memory bytes @returns {Promise<Compiled>} */
  async compile(file, memory) {
    if (this.#compiled?.id === file.id && this.#compiled.memory === memory) return this.#compiled.compiled;
    try {
      const { tools, known } = this.#load(file);
      if (known.report) return { module: null, shift: 0, report: known.report };
      const compiled = await compileModule(tools, memory, file.bytes);
      this.#compiled = { id: file.id, memory, compiled };
      return compiled;
    } catch (thrown) {
      this.#held = null;
      return {
        module: null,
        shift: 0,
        report: hostReport(CODE.INTERNAL, `the module reader failed: ${sentenceOf(thrown)}`),
      };
    }
  }

  /** @param {{ id: number, bytes: Uint8Array }} file */
  #load({ id, bytes }) {
    if (this.#held?.id === id) return this.#held;
    const tools = instantiateTools(this.#toolsModule);
    return (this.#held = { id, tools, known: openModule(tools, bytes) });
  }
}
