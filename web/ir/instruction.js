// One line of the file's own listing, taken apart as far as the stepper needs: result, operation, operands, edges.

/** @typedef {{ block: number, args: number[], value: string | null }} Edge  value: the case of a switch; null elsewhere */
/**
 * @typedef {object} Instruction
 * @property {number} result value id; -1 = none
 * @property {string} op
 * @property {string} type first type written after the operation; '' = none
 * @property {number[]} operands value ids in order, those of edges left out
 * @property {string} callee name of the function a call names; '' = none
 * @property {Edge[]} edges of a terminator
 * @property {number[]} params value ids of a block's or function's head
 * @property {'block' | 'function' | 'terminator' | 'instruction'} kind
 * @property {string} rest the text after the operation
 */

const TERMINATORS = new Set(['ret', 'br', 'br_if', 'switch', 'unreachable']);
const EDGE = /(?:(-?\d+)\s*(?:=>|->|:)\s*)?\bblock(\d+)(?:\s*[([]([^)\]]*)[)\]])?/g;
const VALUE = /\bv(\d+)\b/g;

/** @param {string} text @returns {number[]} */
function values(text) {
  return Array.from(text.matchAll(VALUE), (match) => Number(match[1]));
}

/**
 * @param {string} line
 * @returns {Instruction}
 */
export function parseInstruction(line) {
  const text = line.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\s;.*$/, '');
  const head = /^\s*(?:(block)(\d+)|fn\b)/.exec(text);
  if (head) {
    const kind = head[1] ? 'block' : 'function';
    return { ...EMPTY, kind, op: head[2] ?? '', params: values(text.slice(text.indexOf('('))) };
  }
  const match = /^\s*(?:v(\d+)\s*=\s*)?([A-Za-z_][\w.]*)\s*(.*)$/.exec(text);
  if (!match) return EMPTY;
  const [, result, op, rest] = match;
  const kind = TERMINATORS.has(op) ? 'terminator' : 'instruction';
  /** @type {Edge[]} */
  const edges = [];
  let own = rest;
  if (kind === 'terminator') {
    for (const [, value, block, args] of rest.matchAll(EDGE))
      edges.push({ block: Number(block), args: values(args ?? ''), value: value ?? null });
    own = rest.replace(EDGE, '');
  }
  return {
    kind,
    result: result === undefined ? -1 : Number(result),
    op,
    type: /^\s*(?:\[[^\]]*\]|[a-z]\w*)/.exec(rest)?.[0].trim() ?? '',
    operands: values(own),
    callee: op === 'call' ? (/@?([A-Za-z_$<][^\s(),]*)\s*\(/.exec(rest)?.[1] ?? '') : '',
    edges,
    params: [],
    rest,
  };
}

/** @type {Instruction} */
const EMPTY = {
  kind: 'instruction',
  result: -1,
  op: '',
  type: '',
  operands: [],
  callee: '',
  edges: [],
  params: [],
  rest: '',
};
