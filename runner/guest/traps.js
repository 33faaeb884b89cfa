/**
 * What engines throw when a module fails, as our own sentences: an engine's text differs from browser to browser. The
 * left column fits V8's, SpiderMonkey's and JavaScriptCore's words; the sentences are those of backend/ir/traps.def where it has them.
 */

import { demangled } from '../module/demangle.js';
import { visible } from '../visible.js';

/** @import { LinkedPlan, Plan } from '../module/plan.js' */
/** @import { Position } from '../result.js' */

/** @type {[RegExp, string, string][]} */
const TRAPS = [
  [/unreachable/i, 'unreachable code reached', 'The program gave up here: a failed check, a panic or an abort.'],
  [/divide by zero|division by zero/i, 'division by zero', ''],
  [/remainder by zero|integer divide/i, 'division by zero', ''],
  [/integer overflow|divide result unrepresentable/i, 'integer overflow in a division or a conversion', ''],
  [
    /float unrepresentable|out of range.*(trunc|conver)|invalid conversion|bounds trunc/i,
    'a float that fits no integer of the wanted width',
    '',
  ],
  [/table.*out of bounds|out of bounds (table|call_indirect)|undefined element/i, 'a table index out of bounds', ''],
  [
    /signature mismatch|indirect call.*(mismatch|type)|signature that does not match/i,
    'an indirect call of an empty table entry or of a function of another type',
    '',
  ],
  [
    /null function|indirect call to null|null table entry|uninitialized element/i,
    'an indirect call of an empty table entry',
    '',
  ],
  [/unaligned|alignment/i, 'an unaligned atomic access', ''],
  [/data segment.*out of bounds/i, 'a data segment out of bounds', ''],
  [/element segment.*out of bounds/i, 'an element segment out of bounds', ''],
  [/array.*out of bounds|out of bounds array/i, 'an array index out of bounds', ''],
  [/array.*too large|too many array elements/i, 'an array that is too large', ''],
  [
    /^index out of bounds/i,
    'access out of bounds',
    'Of a memory, a table or an array: this browser does not say which.',
  ],
  [/out of bounds|out-of-bounds/i, 'memory access out of bounds', ''],
  [/dereferencing a null|null (pointer|reference|value)|reference is null/i, 'null reference', ''],
  [/cast/i, 'an illegal cast', ''],
  [
    /type incompatib|v128/i,
    'a vector (v128) would have to cross to JavaScript, which it cannot',
    'Or another value that has no form there.',
  ],
];

/** How many frames engines are asked for: each costs a microsecond and 400 bytes when a program fails at such depth. */
export const STACK_FRAMES = 10_000;

const STACK_HELP = 'Calls are nested too deeply: a recursion without end, or too deep for the browser.';
const MEMORY_HELP = 'Raise the memory limit, or give the program less to do.';
/** Frames that are shown. */
const MOST_FRAMES = 20;
/** Frames kept from the inner end when some are cut. */
const INNER_FRAMES = 10;
/** No engine cuts a stack to fewer: SpiderMonkey keeps 128 whatever it is asked for. */
const FEWEST_CUT = 100;

/**
 * @param {unknown} thrown by an instance
 * @param {WasmStack} where
 * @param {Pick<Plan, 'names' | 'linked' | 'moduleName'>} [plan] `names`: of functions by index, where the engine knows none
 * @param {LinkedPlan | null} [making] the linked module whose instance was being made, in place of the program's
 * @returns {{ message: string, help: string, stack: Position[], omitted: number | null }}
 */
export function describeTrap(
  thrown,
  { frames, whole },
  plan = { names: {}, linked: [], moduleName: '' },
  making = null,
) {
  const { shown, omitted } = cutStack(frames, whole);
  // The program calls the modules linked to it, and they nobody: what was called first is the program.
  const outermost = making ? '' : frames.at(-1)?.script;
  const stack = shown.map((frame) => {
    if (plan.linked.length === 0 || frame.script === outermost)
      return positionOf(readFrame(frame.text(), plan.moduleName), plan.names);
    const linked = making ?? (plan.linked.length === 1 ? plan.linked[0] : null);
    return foreignPosition(readFrame(frame.text(), linked?.plan.moduleName ?? ''), linked);
  });
  return { ...sentenceOf(thrown), stack, omitted };
}

/**
 * Of a deep stack the innermost and the outermost frames; of one that the engine cut the innermost alone, as nobody knows
 * how many there were.
 * @template Frame
 * @param {Frame[]} frames
 * @param {boolean} whole
 * @returns {{ shown: Frame[], omitted: number | null }}
 */
export function cutStack(frames, whole) {
  if (!whole) return { shown: frames.slice(0, MOST_FRAMES), omitted: null };
  const omitted = Math.max(frames.length - MOST_FRAMES, 0);
  const shown = omitted > 0 ? [...frames.slice(0, INNER_FRAMES), ...frames.slice(INNER_FRAMES + omitted)] : frames;
  return { shown, omitted };
}

/** @param {unknown} thrown */
function sentenceOf(thrown) {
  // JavaScriptCore adds the JavaScript that it was in: "... (evaluating 'call()')".
  const text = thrown instanceof Error ? thrown.message.replace(/ \(evaluating .*/s, '') : '';
  const isRange = thrown instanceof RangeError || /too much recursion/.test(text);
  if (isRange && /call stack|recursion/i.test(text)) return { message: 'stack exhausted', help: STACK_HELP };
  if (isRange && /memory/i.test(text)) return { message: 'memory limit reached', help: MEMORY_HELP };
  const exception = /** @type {any} */ (WebAssembly).Exception;
  if (exception && thrown instanceof exception)
    return { message: 'an exception that nobody caught', help: 'The program threw it and has no handler for it.' };
  if (/suspend/i.test(text) && /** @type {any} */ (thrown)?.name === 'SuspendError') {
    return {
      message: 'the program waits for input where it cannot be suspended',
      help: 'Give its input before the run.',
    };
  }
  const [, message, help] = TRAPS.find(([sign]) => sign.test(text)) ?? ['', 'the program failed', ''];
  return { message, help };
}

/**
 * `offset`: of the call, or of what failed, in the module; 0 where the engine does not tell. `script`: the address of its
 * module, which differs from module to module. `text`: the frame's line, which has its function's name; that may be as
 * long as its module likes.
 * @typedef {{ offset: number, script: string, text: () => string }} WasmFrame
 */
/** `frames`: innermost first. `whole`: the engine left none out. @typedef {{ frames: WasmFrame[], whole: boolean }} WasmStack */
/** What V8 tells of a frame, as far as it is asked here. @typedef {{ getFileName: () => unknown, getPosition: () => number }} CallSite */

/**
 * The wasm frames of a stack, as far as the engine names them.
 * @param {unknown} thrown
 * @returns {WasmStack}
 */
export function wasmFrames(thrown) {
  if (!(thrown instanceof Error)) return { frames: [], whole: true };
  const { stack, sites } = stackOf(thrown);
  const all = sites ? sites.map(frameOfSite) : stack.trimEnd().split('\n').map(frameOfLine);
  // It is JavaScript that calls an instance: a long stack that ends within one was cut.
  return { frames: all.filter((frame) => frame !== null), whole: all.length < FEWEST_CUT || all.at(-1) === null };
}

/** @param {CallSite} site @returns {WasmFrame | null} null: not of WebAssembly */
function frameOfSite(site) {
  const script = String(site.getFileName() ?? '');
  return script.startsWith('wasm:') ? { offset: site.getPosition(), script, text: () => `    at ${site}` } : null;
}

/** @param {string} line @returns {WasmFrame | null} */
function frameOfLine(line) {
  const place = placeIn(line);
  return place && { offset: place.offset, script: scriptIn(line.slice(0, place.at)), text: () => line };
}

/**
 * V8 makes a stack's text when it is first looked at, and lets us have its frames instead: of ten thousand functions with
 * names of a megabyte most are never shown.
 * @param {Error} thrown
 * @returns {{ stack: string, sites: CallSite[] | null }}
 */
function stackOf(thrown) {
  const engine = /** @type {{ prepareStackTrace?: (error: unknown, sites: CallSite[]) => unknown }} */ (
    /** @type {unknown} */ (Error)
  );
  const usual = engine.prepareStackTrace;
  /** @type {CallSite[] | null} */
  let sites = null;
  engine.prepareStackTrace = (error, given) => {
    if (error === thrown) sites = given;
    return '';
  };
  try {
    const { stack } = thrown;
    return { stack: typeof stack === 'string' ? stack : '', sites };
  } finally {
    engine.prepareStackTrace = usual;
  }
}

const FRAME = 'wasm-function[';
const PLACE = /^(\d+)\](?::(?:0x)?([\da-f]+))?\)?$/;

/**
 * V8 writes `at NAME (wasm://wasm/ID:wasm-function[7]:0x1f2)`, SpiderMonkey `NAME@ADDRESS:wasm-function[7]:0x1f2` and
 * JavaScriptCore `NAME@<?>:wasm-function[7]`.
 * @param {string} line
 */
function placeIn(line) {
  const at = line.lastIndexOf(FRAME);
  const place = at < 0 ? null : PLACE.exec(line.slice(at + FRAME.length).trimEnd());
  return place && { at, index: Number(place[1]), offset: parseInt(place[2] ?? '0', 16) };
}

/** @param {string} before */
function scriptIn(before) {
  return before.slice(Math.max(before.lastIndexOf('('), before.lastIndexOf('@'), before.lastIndexOf(' ')) + 1);
}

const NOWHERE = Object.freeze({ block: null, instruction: null, site: null, text: null });

/** `name`: as the engine knows it. @typedef {{ name: string | null, index: number, offset: number }} Frame */

/** @param {string} line @param {string} moduleName by its own account @returns {Frame} */
function readFrame(line, moduleName) {
  const { at, index, offset } = placeIn(line) ?? { at: 0, index: 0, offset: 0 };
  const name = nameOf(line.slice(0, at), moduleName);
  // JavaScriptCore gives a function without a name its number.
  return { name: name === String(index) ? null : name, index, offset };
}

/** @param {Frame} frame @param {Plan['names']} names @returns {Position} */
function positionOf({ name, index, offset }, names) {
  const known = name ?? visible(names[index] ?? `function ${index}`);
  return { ...NOWHERE, function: known, functionIndex: index, offset: offset || null };
}

/** A place outside the program: its index and offset mean nothing there. @param {Frame} frame @param {LinkedPlan | null} linked @returns {Position} */
function foreignPosition({ name, index }, linked) {
  const known = name ?? visible(linked?.plan.names[index] ?? `function ${index}`);
  const file = linked ? visible(linked.file) : 'a linked module';
  return { ...NOWHERE, function: `${known} of ${file}`, functionIndex: null, offset: null };
}

/**
 * The name that stands before the address, as in `    at NAME (` or `NAME@`; null = none. V8 puts the module's before it.
 * @param {string} before
 * @param {string} moduleName
 */
function nameOf(before, moduleName) {
  const text = before.trimStart();
  const isV8 = text.startsWith('at ');
  const end = isV8 ? text.lastIndexOf(' (') : text.lastIndexOf('@');
  const name = end < 0 ? '' : text.slice(isV8 ? 3 : 0, end);
  // A function without a name then has the module's alone.
  if (name === '' || name === '<anonymous>' || (isV8 && name === moduleName)) return null;
  const isPrefixed = isV8 && moduleName !== '' && name.startsWith(`${moduleName}.`);
  return visible(demangled(isPrefixed ? name.slice(moduleName.length + 1) : name));
}
