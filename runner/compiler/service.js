/**
 * The worker's answers about compiling: modules to run and to keep, the IR pass by pass, its code beside it, graphs of its
 * control flow. Brought in with the first such question. Keeps what was made for the last file, because questions about
 * one program come in rows.
 */
import { instructionsOf } from '../ir-view/blocks.js';
import { diffLines, ROW } from '../ir-view/diff.js';
import { functionsOf, linesOf } from '../ir-view/functions.js';
import { changeFrom, readHistory, textAt } from '../ir-view/history.js';
import { originsOf, pairLines } from '../ir-view/pairs.js';
import { flowOf } from '../graph/flow.js';
import { compileModule, openModule } from '../module/open.js';
import { instantiateTools } from '../module/tools.js';
import { KEEP_BYTES, MODULE_MEMORY_BYTES } from '../limits.js';
import { loadProgram } from '../program.js';
import { textOf } from '../program-text.js';
import { CODE, hostReport, sentenceOf } from '../result.js';
import { bodyAt } from './bodies.js';

/** @import { Backend } from '../backend/backend.js' */
/** @import { WasmInfo } from '../module/info.js' */
/** @import { ModuleTools } from '../module/tools.js' */
/** @import { Report } from '../result.js' */
/** @import { TextFunction } from '../ir-view/functions.js' */
/** @import { IrHistory } from '../ir-view/history.js' */
/** @import { Answer, Answers, BuildQuestion, BytesQuestion, ChangeQuestion, FlowQuestion, IrFunction, IrQuestion, PairQuestion, PassQuestion, PassesQuestion, Question, Way } from './questions.js' */

/** Texts of whole modules that are kept: those around a pass, before and after. */
const TEXTS_KEPT = 3;
/** Functions that are kept with what each pass made of them. */
const HISTORIES_KEPT = 4;
const CODE_SECTION = 10;

/** A text and where its functions stand. @typedef {{ text: string, functions: TextFunction[] }} IrText */
/** @typedef {{ bytes: Uint8Array<ArrayBuffer>, origins: Uint32Array, milliseconds: number }} Compiled */
/** `backend` is null where it grew too large to be kept. @typedef {{ id: number, validate: boolean, backend: Backend | null }} Held */

/** Carries a report out of the depths of an answer: what a program is at fault for, not we. */
class Refusal extends Error {
  /** @param {Report} report */
  constructor(report) {
    super(report.message);
    this.report = report;
  }
}

export class CompilerService {
  #compiler;
  #toolsModule;
  /** @type {Held | null} */
  #held = null;
  /** By way and position. @type {Map<string, IrText>} */
  #texts = new Map();
  /** By way and function. @type {Map<string, IrHistory>} */
  #histories = new Map();
  /** The module that the inspector shows. @type {{ key: string, made: Compiled, tools: ModuleTools, info: WasmInfo } | null} */
  #inspected = null;
  /** The last one that was run. @type {{ key: string, built: Answers['build'] } | null} */
  #built = null;

  /**
   * @param {WebAssembly.Module} compiler the backend that can compile
   * @param {WebAssembly.Module} toolsModule
   */
  constructor(compiler, toolsModule) {
    this.#compiler = compiler;
    this.#toolsModule = toolsModule;
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
          return await this.#build(question);
        case 'ir':
          return this.#irText(question);
        case 'bytes':
          return { bytes: this.#compile(question, { adapter: question.adapter, names: true }).bytes };
        case 'text':
          return { text: this.#wholeText(question) };
        case 'passes':
          return this.#passes(question);
        case 'pass':
          return this.#pass(question);
        case 'change':
          return this.#change(question);
        case 'pair':
          return this.#pair(question);
        case 'flow':
          return this.#flow(question);
        case 'module': {
          const { made, info } = this.#inspect(question);
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
    this.#inspected = null;
    this.#built = null;
    this.#texts.clear();
    this.#histories.clear();
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

  /**
   * @param {Way} way
   * @param {Partial<Parameters<Backend['compile']>[1]>} options
   * @returns {Compiled}
   */
  #compile({ entry, level }, options) {
    const backend = this.#backend;
    const started = performance.now();
    const { code, bytes, origins } = backend.compile(entry, { level, map: true, ...options });
    const milliseconds = performance.now() - started;
    if (code !== CODE.OK || !bytes) throw new Refusal(backend.report());
    return { bytes, origins: origins ?? new Uint32Array(0), milliseconds };
  }

  /** @param {BuildQuestion} question @returns {Promise<Answers['build']>} */
  async #build(question) {
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
  #inspect(way) {
    const key = `${way.level} ${way.entry}`;
    if (this.#inspected?.key === key) return this.#inspected;
    const made = this.#compile(way, { adapter: 'jsrust', names: true, origins: true, blockWrite: true });
    const tools = instantiateTools(this.#toolsModule);
    const loaded = tools.load(made.bytes);
    if (!loaded.ok) throw new Error(loaded.fault.message);
    return (this.#inspected = { key, made, tools, info: tools.describe() });
  }

  /** @param {IrQuestion} question @returns {Answers['ir']} */
  #irText({ which, entry }) {
    const { text, report } = textOf(this.#backend, which, entry);
    if (text === null) throw new Refusal(report);
    return { text };
  }

  /** @param {BytesQuestion} question */
  #wholeText(question) {
    const { bytes } = this.#compile(question, { adapter: question.adapter, names: true });
    const tools = instantiateTools(this.#toolsModule);
    const loaded = tools.load(bytes);
    if (!loaded.ok) throw new Error(loaded.fault.message);
    const { text } = tools.moduleText();
    tools.close();
    return text;
  }

  /** The IR after the first `at` passes. @param {Way} way @param {number} at @returns {IrText} */
  #text({ entry, level }, at) {
    return kept(this.#texts, `${level} ${at} ${entry}`, TEXTS_KEPT, () => {
      const { text, report } = this.#backend.irAfter(entry, level, at);
      if (text === null) throw new Refusal(/** @type {Report} */ (report));
      return { text, functions: functionsOf(text) };
    });
  }

  /** What each pass made of a function. @param {Way} way @param {number} number -1 = the entry @returns {IrHistory} */
  #history({ entry, level }, number) {
    const key = (/** @type {number} */ of) => `${level} ${of} ${entry}`;
    const history = kept(this.#histories, key(number), HISTORIES_KEPT, () => {
      const { text, report } = this.#backend.irHistory(entry, level, Math.max(number, 0));
      if (text === null) throw new Refusal(/** @type {Report} */ (report));
      return readHistory(text);
    });
    // Whoever asks for the entry asks for its number next.
    return kept(this.#histories, key(history.function.number), HISTORIES_KEPT, () => history);
  }

  /** @param {Way} way */
  #passNames({ level }) {
    return this.#backend.passes(level);
  }

  /** @param {PassesQuestion} question @returns {Answers['passes']} */
  #passes(question) {
    const { functions, report } = this.#backend.irFunctions(question.entry);
    if (!functions) throw new Refusal(report);
    return {
      passes: this.#passNames(question),
      functions: {
        numbers: Uint32Array.from(functions, ({ number }) => number),
        names: functions.map(({ name }) => name),
      },
    };
  }

  /**
   * A function after the first `at` passes.
   * @param {Way & { function: IrFunction }} question
   * @param {number} at
   * @returns {{ function: IrFunction, lines: string[] | null }}
   */
  #functionAt(question, at) {
    const history = this.#history(question, question.function.number);
    const text = textAt(history, at);
    if (text === null) return this.#functionInWhole(question, at);
    return { function: history.function, lines: text.split('\n') };
  }

  /**
   * The same, of a function so large that not all passes are kept: it is most of its module. A later pass may have dropped
   * it; numbers are not given twice, but a name that differs tells that they were given anew.
   * @param {Way & { function: IrFunction }} question
   * @param {number} at
   * @returns {{ function: IrFunction, lines: string[] | null }}
   */
  #functionInWhole(question, at) {
    const { text, functions } = this.#text(question, at);
    const { number, name } = question.function;
    const found = number < 0 ? entryOf(text, functions) : findFunction(functions, number, name);
    if (!found) return { function: question.function, lines: null };
    return { function: { number: found.number, name: found.name }, lines: linesOf(text, found) };
  }

  /** @param {PassQuestion} question @returns {Answers['pass']} */
  #pass(question) {
    const now = this.#functionAt(question, question.at);
    const lines = now.lines ?? [];
    const before = question.at > 0 ? (this.#functionAt(question, question.at - 1).lines ?? []) : lines;
    const rows = diffLines(before, lines);
    const count = (/** @type {number} */ kind) => rows.kinds.reduce((sum, each) => sum + Number(each === kind), 0);
    return {
      function: now.function,
      text: rows.lines.join('\n'),
      kinds: rows.kinds,
      before: instructionsOf(before),
      after: instructionsOf(lines),
      added: count(ROW.ADDED),
      removed: count(ROW.REMOVED),
      gone: now.lines === null,
    };
  }

  /** @param {ChangeQuestion} question @returns {Answers['change']} */
  #change(question) {
    const last = this.#passNames(question).length;
    const { at, direction } = question;
    const known = changeFrom(this.#history(question, question.function.number), at, direction);
    if (known !== null) return { at: known };
    // Going back, `at` itself is not wanted either: it is what is shown.
    for (let next = at + direction; next >= 1 && next <= last; next += direction) {
      const before = this.#functionAt(question, next - 1).lines;
      const after = this.#functionAt(question, next).lines;
      if (before?.join('\n') !== after?.join('\n')) return { at: next };
    }
    return { at: -1 };
  }

  /** @param {PairQuestion} question @returns {Answers['pair']} */
  #pair(question) {
    const { function: shown, lines } = this.#functionAt(question, this.#passNames(question).length);
    if (!lines)
      throw new Refusal(hostReport(CODE.ARGS, `\`${shown.name}\` is gone: it was inlined or is never called`));
    const { made, tools, info } = this.#inspect(question);
    const origins = originsOf(made.origins, shown.number);
    const code = info.sections.find(({ id }) => id === CODE_SECTION);
    const body = code && origins.length > 0 ? bodyAt(made.bytes, code.offset, origins[0].offset) : null;
    const ir = lines.join('\n');
    const none = { offsets: new Uint32Array(0), pairs: new Int32Array(0), index: -1, size: 0 };
    if (!body) return { function: shown, ir, wat: null, ...none };
    const index = info.importedFunctions + body.index;
    const { text, offsets } = tools.disassemble(index);
    return {
      ...{ function: shown, ir, wat: text, offsets, pairs: pairLines(lines, origins, offsets) },
      ...{ index, size: body.size },
    };
  }

  /** @param {FlowQuestion} question @returns {Answers['flow']} */
  #flow(question) {
    const at = question.at < 0 ? this.#passNames(question).length : question.at;
    const { function: shown, lines } = this.#functionAt(question, at);
    if (!lines)
      throw new Refusal(hostReport(CODE.ARGS, `\`${shown.name}\` is gone: it was inlined or is never called`));
    const flow = flowOf(lines);
    const text = lines.join('\n');
    if (!('fault' in flow)) return { function: shown, text, fault: '', ...flow };
    return { function: shown, text, fault: flow.fault, blocks: [], edges: [], width: 0, height: 0 };
  }
}

/**
 * What a map has for a key, made and kept if need be. Of the others those that were asked for last stay.
 * @template Value
 * @param {Map<string, Value>} map
 * @param {string} key
 * @param {number} most
 * @param {() => Value} make
 */
function kept(map, key, most, make) {
  const value = map.get(key) ?? make();
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(/** @type {string} */ (map.keys().next().value));
  return value;
}

/** @param {string} text @param {TextFunction[]} functions */
function entryOf(text, functions) {
  const number = Number(/^entry (\d+)/.exec(text)?.[1] ?? -1);
  return functions.find((each) => each.number === number) ?? functions[0] ?? null;
}

/** @param {TextFunction[]} functions @param {number} number @param {string} name */
function findFunction(functions, number, name) {
  const same = functions.find((each) => each.number === number && each.name === name);
  if (same) return same;
  const named = functions.filter((each) => each.name === name);
  return named.length === 1 ? named[0] : null;
}

/** What we compiled and cannot be read or run is our own fault. @param {Report} report */
function ourFault(report) {
  return report.code === CODE.EXECUTE
    ? report
    : hostReport(CODE.INTERNAL, `the compiled module is faulty: ${report.message}`);
}
