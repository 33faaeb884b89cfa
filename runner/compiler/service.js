/**
 * The worker's answers about compiling: modules to run and to keep, the IR pass by pass, its code beside it, graphs of its
 * control flow. Brought in with the first such question. Holds the last file and what was made of it (modules.js,
 * ir-functions.js), because questions about one program come in rows.
 */
import { KEEP_BYTES } from '../limits.js';
import { loadProgram } from '../program.js';
import { textOf } from '../program-text.js';
import { CODE, hostReport, sentenceOf } from '../result.js';
import { IrFunctions } from './ir-functions.js';
import { Modules } from './modules.js';
import { Refusal } from './refusal.js';
import { flowView, pairView, passView } from './views.js';

/** @import { Backend } from '../backend/backend.js' */
/** @import { Answer, Answers, IrQuestion, PassesQuestion, Question } from './questions.js' */

/** `backend` is null where it grew too large to be kept. @typedef {{ id: number, validate: boolean, backend: Backend | null }} Held */

export class CompilerService {
  #compiler;
  /** @type {Held | null} */
  #held = null;
  #modules;
  #functions;

  /**
   * @param {WebAssembly.Module} compiler the backend that can compile
   * @param {WebAssembly.Module} toolsModule
   */
  constructor(compiler, toolsModule) {
    this.#compiler = compiler;
    const backend = () => this.#backend;
    this.#modules = new Modules(backend, toolsModule);
    this.#functions = new IrFunctions(backend);
  }

  /** @param {{ id: number, bytes: Uint8Array }} file @param {Question} question @returns {Promise<Answer>} */
  async answer(file, question) {
    try {
      return await this.#answer(file, question);
    } finally {
      // Memory never shrinks: an instance that grew large is given up, what was made of it is not.
      const held = this.#held;
      if (held?.backend && held.backend.memoryBytes > KEEP_BYTES) this.#held = { ...held, backend: null };
    }
  }

  /** @param {{ id: number, bytes: Uint8Array }} file @param {Question} question @returns {Promise<Answer>} */
  async #answer(file, question) {
    try {
      await this.#hold(file, question.validate);
      switch (question.what) {
        case 'build':
          return await this.#modules.build(question);
        case 'ir':
          return this.#irText(question);
        case 'bytes':
          return { bytes: this.#modules.file(question) };
        case 'text':
          return { text: this.#modules.text(question) };
        case 'passes':
          return this.#passes(question);
        case 'pass':
          return passView(this.#functions, question);
        case 'change':
          return { at: this.#functions.change(question) };
        case 'pair':
          return pairView(this.#functions, this.#modules, question);
        case 'flow':
          return flowView(this.#functions, question);
        case 'module': {
          const { made, info } = this.#modules.inspect(question);
          return { bytes: made.bytes.slice(), sections: info.sections };
        }
      }
    } catch (thrown) {
      if (thrown instanceof Refusal) return { report: thrown.report };
      // The instance may be broken: the next question gets a fresh one.
      this.#forget();
      return { report: hostReport(CODE.INTERNAL, `the compiler failed: ${sentenceOf(thrown)}`) };
    }
  }

  #forget() {
    this.#held = null;
    this.#modules.forget();
    this.#functions.forget();
  }

  /** @param {{ id: number, bytes: Uint8Array }} file @param {boolean} validate */
  async #hold({ id, bytes }, validate) {
    const isSame = this.#held?.id === id && this.#held.validate === validate;
    if (isSame && this.#held?.backend) return;
    if (!isSame) this.#forget();
    const { backend, report } = await loadProgram(this.#compiler, bytes, { validate });
    if (!backend) throw new Refusal(report);
    this.#held = { id, validate, backend };
  }

  get #backend() {
    const { backend } = /** @type {Held} */ (this.#held);
    return /** @type {Backend} */ (backend);
  }

  /** @param {IrQuestion} question @returns {Answers['ir']} */
  #irText({ which, entry }) {
    const { bytes, report } = textOf(this.#backend, which, entry);
    if (bytes === null) throw new Refusal(report);
    return { text: bytes };
  }

  /** @param {PassesQuestion} question @returns {Answers['passes']} */
  #passes(question) {
    const { functions, report } = this.#backend.irFunctions(question.entry);
    if (!functions) throw new Refusal(report);
    return {
      passes: this.#functions.passNames(question),
      functions: {
        numbers: Uint32Array.from(functions, ({ number }) => number),
        names: functions.map(({ name }) => name),
      },
    };
  }
}
