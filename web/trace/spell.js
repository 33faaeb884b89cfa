// What a step did, spelt out for people: `35 % 5 = 0`, `is_prime(35)`, `*v4 = 2`.

/** @import { Trace } from './model.js' */
/** @import { Instruction } from '../ir/instruction.js' */

/** @type {Readonly<Record<string, string>>} */
const SIGNS = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  rem: '%',
  fadd: '+',
  fsub: '-',
  fmul: '*',
  fdiv: '/',
  and: '&',
  or: '|',
  xor: '^',
  shl: '<<',
  shr: '>>',
};
/** By the last two letters of `slt`, `ult`, `olt`, `eq`, `one` and their like. @type {Readonly<Record<string, string>>} */
const COMPARES = { eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' };
const CASTS = new Set(['trunc', 'sext', 'zext', 'fptoui', 'fptosi', 'uitofp', 'sitofp', 'bitcast']);
const MOST_ARGUMENTS = 8;

/**
 * @param {Trace} trace
 * @param {number} step
 * @param {Map<number, number>} values of its activation, as trace.values gives them
 * @returns {string} '' where the line itself says it all
 */
export function spell(trace, step, values) {
  const instruction = trace.instruction(trace.siteOf(step));
  if (instruction.op === 'const' || instruction.op === 'str') return '';
  const event = trace.resultOf(step);
  const result = event === null ? null : trace.valueText(event);
  /** @param {number} index */
  const operand = (index) => {
    const id = instruction.operands[index];
    const given = values.get(id);
    return given === undefined ? `v${id}` : trace.valueText(given);
  };
  const what = spellOperation(instruction, operand);
  if (what === null) return result === null ? '' : `= ${result}`;
  return result === null ? what : `${what} = ${result}`;
}

/**
 * @param {Instruction} instruction
 * @param {(index: number) => string} operand
 * @returns {string | null} null: the result alone
 */
function spellOperation({ op, operands, callee, rest }, operand) {
  if (op in SIGNS) return `${operand(0)} ${SIGNS[op]} ${operand(1)}`;
  if (/^f?cmp\./.test(op)) return `${operand(0)} ${COMPARES[op.slice(-2)] ?? '?'} ${operand(1)}`;
  if (CASTS.has(op)) return `${operand(0)} as ${rest.split(' ', 1)[0]}`;
  switch (op) {
    case 'neg':
    case 'fneg':
      return `-(${operand(0)})`;
    case 'load':
      return `*v${operands[0]}`;
    case 'store':
      return `*v${operands[0]} = ${operand(1)}`;
    case 'call':
      return `${callee.replace(/^__jsrust_(?:builtin_)?/, '')}(${list(operands.length, operand, 0)})`;
    case 'call_dyn':
      return `${operand(0)}(${list(operands.length, operand, 1)})`;
    case 'field':
    case 'payload':
      return `v${operands[0]}${/(?:\.\d+)+$/.exec(rest)?.[0] ?? ''}`;
    case 'tag':
      return `variant of v${operands[0]}`;
    default:
      return null;
  }
}

/** @param {number} count @param {(index: number) => string} operand @param {number} from */
function list(count, operand, from) {
  const texts = [];
  for (let i = from; i < Math.min(count, from + MOST_ARGUMENTS); i++) texts.push(operand(i));
  if (count - from > MOST_ARGUMENTS) texts.push('…');
  return texts.join(', ');
}
