/**
 * What engines throw when a module fails, as our own sentences: an engine's text differs from browser to browser. The
 * left column fits V8's, SpiderMonkey's and JavaScriptCore's words; the sentences are those of backend/ir/traps.def where it has them.
 */

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
    /float unrepresentable|out of range.*(trunc|conver)|invalid conversion/i,
    'a float that fits no integer of the wanted width',
    '',
  ],
  [/table.*out of bounds|out of bounds table|undefined element/i, 'a table index out of bounds', ''],
  [
    /signature mismatch|indirect call.*(mismatch|type)/i,
    'an indirect call of an empty table entry or of a function of another type',
    '',
  ],
  [/null function|indirect call to null|uninitialized element/i, 'an indirect call of an empty table entry', ''],
  [/unaligned|alignment/i, 'an unaligned atomic access', ''],
  [/data segment.*out of bounds/i, 'a data segment out of bounds', ''],
  [/out of bounds|out-of-bounds/i, 'memory access out of bounds', ''],
  [/dereferencing a null|null (pointer|reference)|reference is null/i, 'null reference', ''],
  [/cast/i, 'an illegal cast', ''],
];

const STACK_HELP = 'Calls are nested too deeply: a recursion without end, or too deep for the browser.';
const MEMORY_HELP = 'Raise the memory limit, or give the program less to do.';
const MOST_FRAMES = 20;
/** Frames kept from the inner end when some are cut. */
const INNER_FRAMES = 10;

/**
 * @param {unknown} thrown by an instance
 * @param {Pick<Plan, 'names' | 'linked'>} [plan] `names`: of functions by index, where the engine knows none
 * @param {LinkedPlan | null} [making] the linked module whose instance was being made, in place of the program's
 * @returns {{ message: string, help: string, stack: Position[], omitted: number }}
 */
export function describeTrap(thrown, plan = { names: {}, linked: [] }, making = null) {
  const found = framesOf(thrown);
  // The program calls the modules linked to it, and they nobody: what was called first is the program.
  const outermost = making ? '' : found.at(-1)?.script;
  const frames = found.map((frame) => {
    if (frame.script === outermost || plan.linked.length === 0) return positionOf(frame, plan.names);
    return foreignPosition(frame, making ?? (plan.linked.length === 1 ? plan.linked[0] : null));
  });
  const omitted = Math.max(frames.length - MOST_FRAMES, 0);
  const stack = omitted > 0 ? [...frames.slice(0, INNER_FRAMES), ...frames.slice(INNER_FRAMES + omitted)] : frames;
  return { ...sentenceOf(thrown), stack, omitted };
}

/** @param {unknown} thrown */
function sentenceOf(thrown) {
  const text = thrown instanceof Error ? thrown.message : '';
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

const FRAME = 'wasm-function[';
const PLACE = /^(\d+)\]:(?:0x)?([\da-f]+)\)?$/;

/**
 * Offsets in the module of the wasm frames of a stack, innermost first, as far as the engine names them.
 * @param {unknown} thrown
 */
export function wasmOffsets(thrown) {
  return framesOf(thrown).map(({ offset }) => offset);
}

/**
 * One wasm frame. `script`: the address of its module, which differs from module to module; `name`: as the engine knows it.
 * @typedef {{ script: string, name: string | null, index: number, offset: number }} Frame
 */

/**
 * The wasm frames of a stack, innermost first: V8 writes `at NAME (wasm://wasm/ID:wasm-function[7]:0x1f2)`, the others
 * `NAME@ADDRESS:wasm-function[7]:0x1f2`. A name may be as long as its module likes.
 * @param {unknown} thrown
 * @returns {Frame[]}
 */
function framesOf(thrown) {
  const text = thrown instanceof Error && typeof thrown.stack === 'string' ? thrown.stack : '';
  return text.split('\n').flatMap((line) => {
    const at = line.lastIndexOf(FRAME);
    const place = at < 0 ? null : PLACE.exec(line.slice(at + FRAME.length).trimEnd());
    if (!place) return [];
    const before = line.slice(0, at);
    const script = before.slice(
      Math.max(before.lastIndexOf('('), before.lastIndexOf('@'), before.lastIndexOf(' ')) + 1,
    );
    return [{ script, name: nameOf(before), index: Number(place[1]), offset: parseInt(place[2], 16) }];
  });
}

const NOWHERE = Object.freeze({ block: null, instruction: null, site: null, text: null });

/** @param {Frame} frame @param {Plan['names']} names @returns {Position} */
function positionOf({ name, index, offset }, names) {
  return { ...NOWHERE, function: name ?? visible(names[index] ?? `function ${index}`), functionIndex: index, offset };
}

/** A place outside the program: its index and offset mean nothing there. @param {Frame} frame @param {LinkedPlan | null} linked @returns {Position} */
function foreignPosition({ name, index }, linked) {
  const known = name ?? visible(linked?.plan.names[index] ?? `function ${index}`);
  const file = linked ? visible(linked.file) : 'a linked module';
  return { ...NOWHERE, function: `${known} of ${file}`, functionIndex: null, offset: null };
}

/** The name that stands before the address, as in `    at NAME (` or `NAME@`; null = none. @param {string} before */
function nameOf(before) {
  const text = before.trimStart();
  const isV8 = text.startsWith('at ');
  const end = isV8 ? text.lastIndexOf(' (') : text.lastIndexOf('@');
  const name = end < 0 ? '' : text.slice(isV8 ? 3 : 0, end);
  return name === '' || name === '<anonymous>' ? null : visible(name);
}
