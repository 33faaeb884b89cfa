// What a step did, spelt out for people: `35 % 5 = 0`, `is_prime(35)`, `*v4 = 2`.

/** @import { Trace } from './model.js' */
/** @import { Instruction } from '../ir/instruction.js' */

/** @type {Readonly<Record<string, string>>} */
const SIGNS = {
  iadd: '+', isub: '-', imul: '*', idiv: '/', imod: '%', fadd: '+', fsub: '-', fmul: '*', fdiv: '/',
  iand: '&', ior: '|', ixor: '^', ishl: '<<', ishr: '>>',
}; // prettier-ignore
/** @type {Readonly<Record<string, string>>} */
const COMPARES = {
  eq: '==', ne: '!=', slt: '<', sle: '<=', sgt: '>', sge: '>=', ult: '<', ule: '<=', ugt: '>', uge: '>=',
  oeq: '==', one: '!=', olt: '<', ole: '<=', ogt: '>', oge: '>=', lt: '<', le: '<=', gt: '>', ge: '>=',
}; // prettier-ignore
const CASTS = new Set(['trunc', 'sext', 'zext', 'fptoui', 'fptosi', 'uitofp', 'sitofp', 'bitcast']);
const MOST_ARGUMENTS = 8;

/**
 * @param {Trace} trace
 * @param {number} step
 * @param {Map<number, number>} values of the frame, as trace.values gives them
 * @returns {string} '' where the line itself says it all
 */
export function spell(trace, step, values) {
  const instruction = trace.instruction(trace.siteOf(step));
  const event = trace.resultOf(step);
  const result = event === null ? null : trace.valueText(event);
  /** @param {number} index */
  const operand = (index) => valueOf(trace, values, instruction.operands[index]);
  const what = spellOperation(instruction, operand);
  if (what === null) return result === null ? '' : `= ${result}`;
  return result === null ? what : `${what} = ${result}`;
}

/** @param {Trace} trace @param {Map<number, number>} values @param {number} id */
function valueOf(trace, values, id) {
  const event = values.get(id);
  return event === undefined ? `v${id}` : trace.valueText(event);
}

/**
 * @param {Instruction} instruction
 * @param {(index: number) => string} operand
 * @returns {string | null} null: the result alone
 */
function spellOperation({ op, operands, callee, rest }, operand) {
  if (op in SIGNS) return `${operand(0)} ${SIGNS[op]} ${operand(1)}`;
  if (op.startsWith('icmp') || op.startsWith('fcmp')) {
    const name = `${op} ${rest}`.match(/[a-z]+/g)?.find((word) => word in COMPARES);
    return `${operand(0)} ${name ? COMPARES[name] : '?'} ${operand(1)}`;
  }
  if (op === 'ineg' || op === 'fneg') return `-${operand(0)}`;
  if (CASTS.has(op)) return `${operand(0)} as`;
  if (op === 'load') return `*v${operands[0]}`;
  if (op === 'store') return `*v${operands[0]} = ${operand(1)}`;
  if (op === 'call') return `${callee.replace(/^__jsrust_(builtin_)?/, '')}(${list(operands.length, operand, 0)})`;
  if (op === 'call_dyn') return `${operand(0)}(${list(operands.length, operand, 1)})`;
  if (op === 'struct_get' || op === 'enum_get_data') return `v${operands[0]}${/\.\d+/.exec(rest)?.[0] ?? ''}`;
  if (op === 'enum_get_tag') return `variant of v${operands[0]}`;
  return null;
}

/** @param {number} count @param {(index: number) => string} operand @param {number} from */
function list(count, operand, from) {
  const texts = [];
  for (let i = from; i < Math.min(count, from + MOST_ARGUMENTS); i++) texts.push(operand(i));
  if (count - from > MOST_ARGUMENTS) texts.push('…');
  return texts.join(', ');
}
