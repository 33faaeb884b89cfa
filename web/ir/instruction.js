// One line of the file's own listing (backend/jsrs/listing.c), taken apart as far as the stepper needs.

/**
 * @typedef {object} Instruction
 * @property {'block' | 'function' | 'instruction'} kind a block's head, a function's head, anything else
 * @property {number} result value id; -1 = none
 * @property {string} op name of the operation, `cmp.sge` for a comparison
 * @property {number[]} operands value ids in the order they are written
 * @property {string} callee name of the function that a call names; '' = none
 * @property {number[]} params value ids of a head, those of type unit left out: they carry no value
 * @property {string} rest the text after the operation
 */

/** @type {Instruction} */
const NOTHING = { kind: 'instruction', result: -1, op: '', operands: [], callee: '', params: [], rest: '' };
const LITERAL = /"(?:[^"\\]|\\.)*"/g;
const VALUE = /\bv(\d+)\b/g;
const PARAMETER = /\bv(\d+): ([^,)]*)/g;

/**
 * @param {string} line
 * @returns {Instruction}
 */
export function parseInstruction(line) {
  const text = line.replace(LITERAL, '""');
  const head = /^\s*(?:(block)\d+|fn\b)/.exec(text);
  if (head) {
    const params = Array.from(text.matchAll(PARAMETER)).filter(([, , type]) => type !== 'unit');
    return { ...NOTHING, kind: head[1] ? 'block' : 'function', params: params.map(([, id]) => Number(id)) };
  }
  const match = /^\s*(?:v(\d+) = )?([a-z][\w.]*)\s*(.*)$/.exec(text);
  if (!match) return NOTHING;
  const [, result, op, rest] = match;
  return {
    ...NOTHING,
    result: result === undefined ? -1 : Number(result),
    op,
    operands: Array.from(rest.matchAll(VALUE), ([, id]) => Number(id)),
    callee: op === 'call' ? (/^(?:\S+ )?(.+)\([^()]*\)/.exec(rest)?.[1] ?? '') : '',
    rest,
  };
}
