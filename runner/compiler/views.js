/**
 * What the inspector's panels show of a compiled program: a function beside itself before a pass, beside its code, as a graph.
 */
import { flowOf } from '../graph/flow.js';
import { instructionsOf } from '../ir-view/blocks.js';
import { ROW, diffLines } from '../ir-view/diff.js';
import { originsOf, pairLines } from '../ir-view/pairs.js';
import { CODE, hostReport } from '../result.js';
import { bodyAt } from './bodies.js';
import { Refusal } from './refusal.js';

/** @import { FunctionLines, IrFunctions } from './ir-functions.js' */
/** @import { Modules } from './modules.js' */
/** @import { Answers, FlowQuestion, IrFunction, PairQuestion, PassQuestion } from './questions.js' */

const CODE_SECTION = 10;

const encoder = new TextEncoder();
const utf8 = (/** @type {string[]} */ lines) => encoder.encode(lines.join('\n'));

/** @param {IrFunctions} functions @param {PassQuestion} question @returns {Answers['pass']} */
export function passView(functions, question) {
  const now = functions.at(question, question.at);
  const lines = now.lines ?? [];
  const before = question.at > 0 ? (functions.at(question, question.at - 1).lines ?? []) : lines;
  const rows = diffLines(before, lines);
  const count = (/** @type {number} */ kind) => rows.kinds.reduce((sum, each) => sum + Number(each === kind), 0);
  return {
    function: now.function,
    text: utf8(rows.lines),
    kinds: rows.kinds,
    before: instructionsOf(before),
    after: instructionsOf(lines),
    added: count(ROW.ADDED),
    removed: count(ROW.REMOVED),
    gone: now.lines === null,
  };
}

/** @param {IrFunctions} functions @param {Modules} modules @param {PairQuestion} question @returns {Answers['pair']} */
export function pairView(functions, modules, question) {
  const { function: shown, lines } = present(functions.at(question, functions.passNames(question).length));
  const { made, tools, info } = modules.inspect(question);
  const origins = originsOf(made.origins, shown.number);
  const code = info.sections.find(({ id }) => id === CODE_SECTION);
  const body = code && origins.length > 0 ? bodyAt(made.bytes, code.offset, origins[0].offset) : null;
  const ir = utf8(lines);
  const none = { offsets: new Uint32Array(0), pairs: new Int32Array(0), index: -1, size: 0 };
  if (!body) return { function: shown, ir, wat: null, ...none };
  const index = info.importedFunctions + body.index;
  const { text, offsets } = tools.disassemble(index);
  return {
    ...{ function: shown, ir, wat: encoder.encode(text), offsets, pairs: pairLines(lines, origins, offsets) },
    ...{ index, size: body.size },
  };
}

/** @param {IrFunctions} functions @param {FlowQuestion} question @returns {Answers['flow']} */
export function flowView(functions, question) {
  const at = question.at < 0 ? functions.passNames(question).length : question.at;
  const { function: shown, lines } = present(functions.at(question, at));
  const flow = flowOf(lines);
  const text = utf8(lines);
  if (!('fault' in flow)) return { function: shown, text, fault: '', ...flow };
  return { function: shown, text, fault: flow.fault, blocks: [], edges: [], width: 0, height: 0 };
}

/** A function that there is to look at. @param {FunctionLines} found @returns {{ function: IrFunction, lines: string[] }} */
function present({ function: shown, lines }) {
  if (lines) return { function: shown, lines };
  throw new Refusal(hostReport(CODE.ARGS, `\`${shown.name}\` is gone: it was inlined or is never called`));
}
