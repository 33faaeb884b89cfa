/**
 * Values as text (spec aver-abi.md 5): what an import or the result of `main` hands over, by its tag.
 */

/** @import { GuestMemory } from '../guest-memory.js' */
/** @import { Names } from './names.js' */

import { floatText } from '../float-text.js';
import { Heap, KIND } from './heap.js';
import { MOST_TEXT, ValueWriter, floatOf } from './value-writer.js';

const TAGS = ['Int', 'Float', 'Bool', 'String', 'Heap', 'Unit'];
const STRING = 3;
/** Characters of a value in a trace. */
const MOST_SHOWN = 256;

/**
 * The text of `print_value` and `format_value` for every tag but strings, whose bytes need no text.
 * @param {GuestMemory} memory @param {Names} names
 * @param {number} tag of section 5.1 @param {bigint} value
 */
export function valueText(memory, names, tag, value) {
  switch (tag) {
    case 1:
      return floatText(floatOf(value));
    case 2:
      return value === 0n ? 'false' : 'true';
    case 4:
      return new ValueWriter(new Heap(memory), names).whole(value);
    case 5:
      return '';
    default:
      return value.toString();
  }
}

/**
 * A value as a trace of calls shows it: its type, and the beginning of its text.
 * @param {GuestMemory} memory @param {Names} names @param {number} tag @param {bigint} value
 */
export function describeValue(memory, names, tag, value) {
  return {
    tag: TAGS[tag] ?? tag,
    value: tag === STRING ? stringText(memory, value) : shortened(valueText(memory, names, tag, value)),
  };
}

/** @param {GuestMemory} memory @param {bigint} value */
function stringText(memory, value) {
  const pointer = Number(BigInt.asUintN(32, value));
  if (!memory.holds(pointer, 8)) return '';
  const length = memory.view.getUint32(pointer, true);
  return shortened(new TextDecoder().decode(memory.slice(pointer + 8, Math.min(length, MOST_SHOWN + 1))?.slice()));
}

/** @param {string} text */
function shortened(text) {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
}

/**
 * What the result of `main` says of a failed program: the text of a `Result.Err`, else null (section 2).
 * @param {GuestMemory} memory @param {Names} names @param {number} result
 */
export function failureText(memory, names, result) {
  const sentinel = names.sentinel(result);
  if (sentinel !== undefined) return /^Result\.Err\((.*)\)$/s.exec(sentinel)?.[1] ?? null;
  const heap = new Heap(memory);
  const wrapper = heap.object(result >>> 0);
  if (wrapper === null || wrapper.tag !== 1 || wrapper.count !== 1) return null;
  if (![KIND.wrapper, KIND.wrapperFloat, KIND.wrapperInt].includes(wrapper.kind)) return null;
  const message = wrapper.meta & 1 ? heap.object(heap.pointer(wrapper, 0)) : null;
  if (message?.kind === KIND.string) return heap.text(message, MOST_TEXT);
  return new ValueWriter(heap, names).payload(wrapper);
}
