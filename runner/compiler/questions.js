/**
 * What can be asked of the worker about a JSRS program's way to WebAssembly, and what it answers, as types only. Everything
 * here can be posted. Texts are UTF-8: a browser hands bytes over at once, but copies what is a string while its page waits.
 * A question that cannot be answered gets `{ report }`.
 */

/** @import { IrTextName } from '../program-text.js' */
/** @import { Report } from '../result.js' */
/** @import { Plan } from '../module/plan.js' */
/** @import { WasmSection } from '../module/info.js' */
/** @import { FlowBlock } from '../graph/flow.js' */
/** @import { DrawnEdge } from '../graph/edges.js' */

/** @typedef {import('../backend/abi.js').Level} Level */
/** @typedef {import('../backend/abi.js').Adapter} Adapter */
/** How the program is compiled: where it starts and how hard the optimiser tries. @typedef {{ entry: string, level: Level, validate: boolean }} Way */
/** A function of the IR. `number` alone tells it; -1 stands for the entry. @typedef {{ number: number, name: string }} IrFunction */

/**
 * build: a module that can be run, its memory capped (bytes, 0 = the default).
 * ir: a text of the internal IR as lowered, as optimised for the interpreter, or its bytecode.
 * bytes: a module to keep, without the block write that only our hosts serve; text: the same in the text format.
 * passes: names of the level's passes in order, and the functions as lowered.
 * pass: a function after the first `at` passes, and what the last of them changed.
 * change: the next position, before or behind `at`, whose pass changes the function; -1 = there is none.
 * pair: a function after all passes beside its code.
 * flow: the control-flow graph of a function after the first `at` passes (-1 = all), laid out.
 * module: the bytes that `pair` shows, with their sections.
 *
 * @typedef {Way & { what: 'build', memory: number }} BuildQuestion
 * @typedef {Way & { what: 'ir', which: IrTextName }} IrQuestion
 * @typedef {Way & { what: 'bytes' | 'text', adapter: Adapter }} BytesQuestion
 * @typedef {Way & { what: 'passes' }} PassesQuestion
 * @typedef {Way & { what: 'pass', at: number, function: IrFunction }} PassQuestion
 * @typedef {Way & { what: 'change', at: number, direction: 1 | -1, function: IrFunction }} ChangeQuestion
 * @typedef {Way & { what: 'pair', function: IrFunction }} PairQuestion
 * @typedef {Way & { what: 'flow', at: number, function: IrFunction }} FlowQuestion
 * @typedef {Way & { what: 'module' }} ModuleQuestion
 * @typedef {BuildQuestion | IrQuestion | BytesQuestion | PassesQuestion | PassQuestion | ChangeQuestion | PairQuestion | FlowQuestion
 *   | ModuleQuestion} Question
 */

/** `milliseconds`: of compiling to WebAssembly, without the engine's own. @typedef {{ module: WebAssembly.Module, shift: number, plan: Plan, size: number, milliseconds: number }} Built */
/** @typedef {Uint8Array<ArrayBuffer>} Utf8 */
/** @typedef {{ bytes: Uint8Array<ArrayBuffer> }} Bytes */
/** `numbers[i]` and `names[i]` are a function. @typedef {{ passes: string[], functions: { numbers: Uint32Array<ArrayBuffer>, names: string[] } }} Passes */
/**
 * `kinds[line]`: ROW of ir-view/diff.js. `before` and `after` count instructions. `gone`: the function is no more.
 * @typedef {{ function: IrFunction, text: Utf8, kinds: Uint8Array<ArrayBuffer>, before: number, after: number, added: number,
 *   removed: number, gone: boolean }} PassView
 */
/**
 * `wat` is null where the function left no code of its own. `pairs[line of wat]`: line of `ir`, -1 = none.
 * @typedef {{ function: IrFunction, ir: Utf8, wat: Utf8 | null, offsets: Uint32Array, pairs: Int32Array<ArrayBuffer>,
 *   index: number, size: number }} PairView
 */
/** `text`: the function's lines; `fault`: why it is not drawn. @typedef {{ function: IrFunction, text: Utf8, blocks: FlowBlock[], edges: DrawnEdge[], width: number, height: number, fault: string }} FlowView */
/** @typedef {{ bytes: Uint8Array<ArrayBuffer>, sections: WasmSection[] }} ModuleView */

/**
 * @typedef {{ build: Built, ir: { text: Utf8 }, bytes: Bytes, text: { text: Utf8 }, passes: Passes, pass: PassView, change: { at: number },
 *   pair: PairView, flow: FlowView, module: ModuleView }} Answers
 */
/** @typedef {Answers[keyof Answers] | { report: Report }} Answer */

export {};
