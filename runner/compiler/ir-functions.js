/**
 * The IR of the program that is held, function by function, before and after each pass of the optimiser.
 */
import { changeFrom, readHistory, textAt } from '../ir-view/history.js';
import { functionsOf, linesOf } from '../ir-view/functions.js';
import { Refusal } from './refusal.js';

/** @import { Backend } from '../backend/backend.js' */
/** @import { TextFunction } from '../ir-view/functions.js' */
/** @import { IrHistory } from '../ir-view/history.js' */
/** @import { Report } from '../result.js' */
/** @import { ChangeQuestion, IrFunction, Way } from './questions.js' */

/** Texts of whole modules that are kept: those around a pass, before and after. */
const TEXTS_KEPT = 3;
/** Functions that are kept with what each pass made of them. */
const HISTORIES_KEPT = 4;

/** A text and where its functions stand. @typedef {{ text: string, functions: TextFunction[] }} IrText */
/** `lines` is null where the function is gone. @typedef {{ function: IrFunction, lines: string[] | null }} FunctionLines */

export class IrFunctions {
  #backend;
  /** By way and position. @type {Map<string, IrText>} */
  #texts = new Map();
  /** By way and function. @type {Map<string, IrHistory>} */
  #histories = new Map();

  /** @param {() => Backend} backend that holds the program */
  constructor(backend) {
    this.#backend = backend;
  }

  forget() {
    this.#texts.clear();
    this.#histories.clear();
  }

  /** @param {Way} way */
  passNames({ level }) {
    return this.#backend().passes(level);
  }

  /**
   * A function after the first `at` passes.
   * @param {Way & { function: IrFunction }} question
   * @param {number} at
   * @returns {FunctionLines}
   */
  at(question, at) {
    const history = this.#history(question, question.function.number);
    const text = textAt(history, at);
    if (text === null) return this.#inWhole(question, at);
    return { function: history.function, lines: text.split('\n') };
  }

  /**
   * The same, of a function so large that not all passes are kept: it is most of its module. A later pass may have dropped
   * it; numbers are not given twice, but a name that differs tells that they were given anew.
   * @param {Way & { function: IrFunction }} question
   * @param {number} at
   * @returns {FunctionLines}
   */
  #inWhole(question, at) {
    const { text, functions } = this.#text(question, at);
    const { number, name } = question.function;
    const found = number < 0 ? entryOf(text, functions) : findFunction(functions, number, name);
    if (!found) return { function: question.function, lines: null };
    return { function: { number: found.number, name: found.name }, lines: linesOf(text, found) };
  }

  /** The next pass that changes a function; -1 = none. @param {ChangeQuestion} question @returns {number} */
  change(question) {
    const last = this.passNames(question).length;
    const { at, direction } = question;
    const known = changeFrom(this.#history(question, question.function.number), at, direction);
    if (known !== null) return known;
    // Going back, `at` itself is not wanted either: it is what is shown.
    for (let next = at + direction; next >= 1 && next <= last; next += direction) {
      const before = this.at(question, next - 1).lines;
      const after = this.at(question, next).lines;
      if (before?.join('\n') !== after?.join('\n')) return next;
    }
    return -1;
  }

  /** The IR after the first `at` passes. @param {Way} way @param {number} at @returns {IrText} */
  #text({ entry, level }, at) {
    return kept(this.#texts, `${level} ${at} ${entry}`, TEXTS_KEPT, () => {
      const { text, report } = this.#backend().irAfter(entry, level, at);
      if (text === null) throw new Refusal(/** @type {Report} */ (report));
      return { text, functions: functionsOf(text) };
    });
  }

  /** What each pass made of a function. @param {Way} way @param {number} number -1 = the entry @returns {IrHistory} */
  #history({ entry, level }, number) {
    const key = (/** @type {number} */ of) => `${level} ${of} ${entry}`;
    const history = kept(this.#histories, key(number), HISTORIES_KEPT, () => {
      const { text, report } = this.#backend().irHistory(entry, level, Math.max(number, 0));
      if (text === null) throw new Refusal(/** @type {Report} */ (report));
      return readHistory(text);
    });
    // Whoever asks for the entry asks for its number next.
    return kept(this.#histories, key(history.function.number), HISTORIES_KEPT, () => history);
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
