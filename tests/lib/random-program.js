// Random programs that end, never fail and mean the same in Rust (release mode, wrapping) and in JSRS: integers of every
// width to 64 bits, floats, arrays, calls, branches and loops, some of whose turns are constants. A program is a tree;
// `rustText` writes it as Rust, program-to-jsrs.js as JSRS.
import { ORDERS } from './jsrs-writer.js';
import { Random } from './random.js';

/** @typedef {'i8' | 'i16' | 'i32' | 'i64' | 'u8' | 'u16' | 'u32' | 'u64'} Int */
/** @typedef {Int | 'f32' | 'f64'} Num */
/** @typedef {Num | 'bool'} Scalar */
/** @typedef {{ name: string, type: Num, length: number }} Variable  length 0: no array */
/**
 * @typedef {{ kind: 'const', type: Num, value: number }
 *   | { kind: 'read', type: Num, name: string }
 *   | { kind: 'element', type: Num, name: string, row?: Expression, index: Expression }
 *   | { kind: 'binary', type: Num, op: string, a: Expression, b: Expression }
 *   | { kind: 'compare', type: 'bool', op: string, a: Expression, b: Expression }
 *   | { kind: 'negate', type: Num, a: Expression }
 *   | { kind: 'cast', type: Num, a: Expression }
 *   | { kind: 'call', type: Num, name: string, args: Expression[] }} Expression
 */
/**
 * @typedef {{ kind: 'let', name: string, type: Num, value: Expression }
 *   | { kind: 'array', name: string, type: Num, values: number[], rows?: number }
 *   | { kind: 'assign', name: string, value: Expression }
 *   | { kind: 'set', name: string, row?: Expression, index: Expression, value: Expression }
 *   | { kind: 'while', test: Expression, body: Statement[] }
 *   | { kind: 'if', test: Expression, then: Statement[], other: Statement[] }
 *   | { kind: 'match', on: Expression, cases: { value: number, body: Statement[] }[], other: Statement[] }
 *   | { kind: 'print', values: Expression[] }
 *   | { kind: 'return', value: Expression }} Statement
 */
/** @typedef {{ name: string, params: Variable[], result: Num | null, body: Statement[] }} Func */

/** @type {Record<Int, { bits: number, signed: boolean }>} */
export const INTS = {
  i8: { bits: 8, signed: true },
  i16: { bits: 16, signed: true },
  i32: { bits: 32, signed: true },
  i64: { bits: 64, signed: true },
  u8: { bits: 8, signed: false },
  u16: { bits: 16, signed: false },
  u32: { bits: 32, signed: false },
  u64: { bits: 64, signed: false },
};
const INT_NAMES = /** @type {Int[]} */ (Object.keys(INTS));

/** @param {Scalar} type @returns {type is Int} */
export const isInt = (type) => Object.hasOwn(INTS, type);

/** @param {number} seed */
export function randomProgram(seed) {
  return new Maker(seed).program();
}

class Maker extends Random {
  #names = 0;
  /** @type {Variable[]} */
  #scope = [];
  /** Counters of loops: read, never written. @type {Set<string>} */
  #fixed = new Set();
  /** @type {Func[]} */
  #functions = [];
  #loops = 0;
  /** Of the function that is made. @type {Num | null} */
  #result = null;

  #name() {
    return `v${this.#names++}`;
  }

  /** @returns {Num} */
  #type() {
    return this.pick([...INT_NAMES, 'i32', 'i32', 'i64', 'f64', 'f64', 'f32']);
  }

  program() {
    const count = this.below(3);
    for (let i = 0; i < count; i++) this.#functions.push(this.#function(`helper_${i}`));
    this.#functions.push(this.#function('main'));
    return this.#functions;
  }

  /** @param {string} name @returns {Func} */
  #function(name) {
    const isMain = name === 'main';
    const params = isMain ? [] : [this.#type(), this.#type()].map((type) => ({ name: this.#name(), type, length: 0 }));
    const result = isMain ? null : this.#type();
    this.#result = result;
    this.#scope = [...params];
    this.#fixed = new Set(params.map((param) => param.name));
    const body = this.#statements(isMain ? 14 : 6);
    if (result) body.push({ kind: 'return', value: this.#expression(result, 2) });
    else for (const each of this.#scope) body.push({ kind: 'print', values: this.#show(each) });
    return { name, params, result, body };
  }

  /** @param {Variable} variable @returns {Expression[]} */
  #show({ name, type, length }) {
    if (length === 0) return [{ kind: 'read', type, name }];
    const element = (/** @type {number} */ at) =>
      /** @type {Expression} */ ({ kind: 'element', type, name, index: index(at) });
    return Array.from({ length }, (_, at) => element(at));
  }

  /** Statements in a scope of their own. @param {number} count */
  #block(count) {
    const outer = this.#scope;
    this.#scope = [...outer];
    const made = this.#statements(count);
    this.#scope = outer;
    return made;
  }

  /** @param {number} count @returns {Statement[]} */
  #statements(count) {
    return Array.from({ length: count }, () => this.#statement()).flat();
  }

  /** @returns {Statement[]} */
  #statement() {
    const kind = this.below(12);
    const scalars = this.#scope.filter((each) => each.length === 0 && !this.#fixed.has(each.name));
    const arrays = this.#scope.filter((each) => each.length > 0);
    if (kind < 2 && this.#loops < 2) return this.#loop();
    if (kind < 4) {
      const then = this.#block(2);
      if (this.#result && this.below(4) === 0) then.push({ kind: 'return', value: this.#expression(this.#result, 1) });
      return [{ kind: 'if', test: this.#comparison(2), then, other: this.#block(this.below(2)) }];
    }
    if (kind < 6 && arrays.length > 0) {
      const { name, type, length } = this.pick(arrays);
      return [{ kind: 'set', name, index: this.#index(length), value: this.#expression(type, 2) }];
    }
    if (kind < 9 && scalars.length > 0) {
      const { name, type } = this.pick(scalars);
      return [{ kind: 'assign', name, value: this.#expression(type, 3) }];
    }
    const name = this.#name();
    const type = this.#type();
    const length = kind === 9 ? 1 + this.below(9) : 0;
    const values = Array.from({ length }, () => this.#constant(type));
    const value = this.#expression(type, 2);
    this.#scope.push({ name, type, length });
    return [length > 0 ? { kind: 'array', name, type, values } : { kind: 'let', name, type, value }];
  }

  /** Counts up or down to a constant or to a small number that is worked out. @returns {Statement[]} */
  #loop() {
    const name = this.#name();
    const type = /** @type {Int} */ (this.pick(['i32', 'i32', 'u32', 'i64', 'u64', 'u8', 'i8']));
    const number = (/** @type {number} */ value) => constant(type, value);
    const counter = /** @type {Expression} */ ({ kind: 'read', type, name });
    const down = this.below(4) === 0;
    const step = 1 + this.below(3);
    const turns = this.below(this.#loops > 0 ? 6 : 20);
    const bound = this.below(3) === 0 ? binary('&', type, this.#expression(type, 1), number(7)) : number(turns * step);
    const start = down ? number(turns * step) : number(this.below(3));
    const test = down ? compare('>', counter, number(step - 1)) : compare(this.pick(['<', '<=']), counter, bound);
    const outer = this.#scope;
    this.#scope = [...outer, { name, type, length: 0 }];
    this.#fixed.add(name);
    this.#loops++;
    const body = this.#block(3);
    this.#loops--;
    this.#scope = outer;
    body.push({ kind: 'assign', name, value: binary(down ? '-' : '+', type, counter, number(step)) });
    if (this.below(5) === 0) body.unshift({ kind: 'print', values: [counter] });
    // The bound is a variable of its own: the body must not move it.
    const limit = this.#name();
    if (test.kind === 'compare' && !down) test.b = { kind: 'read', type, name: limit };
    return [
      { kind: 'let', name: limit, type, value: bound },
      { kind: 'let', name, type, value: start },
      { kind: 'while', test, body },
    ];
  }

  /** @param {Num} type */
  #constant(type) {
    if (!isInt(type)) return this.pick([0, 1, -1, 0.5, 2.25, -3.75, 100, 1e-3]);
    const { bits, signed } = INTS[type];
    const most = 2 ** Math.min(bits - (signed ? 1 : 0), 52);
    return this.pick([0, 1, 2, 3, 7, 10, most - 1, signed ? -1 : 1, signed ? -most : most - 2, this.below(100)]);
  }

  /** Below the length, whatever the values are. @param {number} length @returns {Expression} */
  #index(length) {
    if (this.below(3) === 0) return index(this.below(length));
    return binary('%', 'u64', cast('u64', this.#expression(this.pick(['u32', 'i32', 'u64', 'u8']), 1)), index(length));
  }

  /** @param {number} depth @returns {Expression} */
  #comparison(depth) {
    const type = this.#type();
    return compare(this.pick(ORDERS), this.#expression(type, depth), this.#expression(type, depth - 1));
  }

  /** @param {Num} type @param {number} depth @returns {Expression} */
  #expression(type, depth) {
    const kind = this.below(depth > 0 ? 10 : 3);
    const readable = this.#scope.filter((each) => each.type === type);
    if (kind < 3) {
      if (kind === 0 || readable.length === 0) return constant(type, this.#constant(type));
      const { name, length } = this.pick(readable);
      return length === 0 ? { kind: 'read', type, name } : { kind: 'element', type, name, index: this.#index(length) };
    }
    if (kind === 3) return this.#cast(type, depth - 1);
    if (kind === 4 && (!isInt(type) || INTS[type].signed))
      return { kind: 'negate', type, a: this.#expression(type, depth - 1) };
    const callable = this.#functions.filter((each) => each.result === type);
    if (kind === 5 && callable.length > 0 && this.#loops < 2) {
      const { name, params } = this.pick(callable);
      return { kind: 'call', type, name, args: params.map((param) => this.#expression(param.type, 1)) };
    }
    const op = this.pick(
      isInt(type) ? ['+', '+', '-', '*', '*', '/', '%', '&', '|', '^', '<<', '>>'] : ['+', '-', '*', '/'],
    );
    const a = this.#expression(type, depth - 1);
    const b = this.#expression(type, depth - 1);
    // From 1 to 15: neither 0 nor -1.
    const divides = isInt(type) && (op === '/' || op === '%');
    const small = () => binary('|', type, binary('&', type, b, constant(type, 15)), constant(type, 1));
    return binary(op, type, a, divides ? small() : b);
  }

  /** Between integers, and between an integer and a float. @param {Num} type @param {number} depth @returns {Expression} */
  #cast(type, depth) {
    const from = this.pick(isInt(type) ? [...INT_NAMES, 'f64', 'f32'] : INT_NAMES);
    return from === type
      ? this.#expression(type, depth)
      : cast(type, this.#expression(/** @type {Num} */ (from), depth));
  }
}

/** @param {Num} type @param {number} value @returns {Expression} */
const constant = (type, value) => ({ kind: 'const', type, value });
/** @param {number} at */
const index = (at) => constant('u64', at);
/** @param {string} op @param {Num} type @param {Expression} a @param {Expression} b @returns {Expression} */
const binary = (op, type, a, b) => ({ kind: 'binary', type, op, a, b });
/** @param {string} op @param {Expression} a @param {Expression} b @returns {Expression} */
const compare = (op, a, b) => ({ kind: 'compare', type: 'bool', op, a, b });
/** @param {Num} type @param {Expression} a @returns {Expression} */
const cast = (type, a) => ({ kind: 'cast', type, a });

// ---- as Rust ----

/** @param {Func[]} functions the functions, without what surrounds them */
export function rustText(functions) {
  return functions
    .map(({ name, params, result, body }) => {
      const list = params.map((param) => `${param.name}: ${param.type}`).join(', ');
      return `pub fn ${name}(${list})${result ? ` -> ${result}` : ''} ${rustBlock(body)}\n`;
    })
    .join('');
}

/** @param {Statement[]} statements @returns {string} */
const rustBlock = (statements) => `{\n${statements.map(rustStatement).join('\n')}\n}`;

/** @param {Statement} statement @returns {string} */
function rustStatement(statement) {
  switch (statement.kind) {
    case 'let':
      return `let mut ${statement.name}: ${statement.type} = ${rust(statement.value)};`;
    case 'array': {
      const { name, type, values, rows } = statement;
      // Holes are zeros, and then there is nothing else.
      const list =
        0 in values ? values.map((value) => rust(constant(type, value))).join(', ') : `0 as ${type}; ${values.length}`;
      const of = `[${type}; ${values.length}]`;
      return `let mut ${name}: ${rows ? `[${of}; ${rows}]` : of} = ${rows ? `[[${list}]; ${rows}]` : `[${list}]`};`;
    }
    case 'assign':
      return `${statement.name} = ${rust(statement.value)};`;
    case 'set':
      return `${rustPlace(statement)} = ${rust(statement.value)};`;
    case 'while':
      return `while ${rust(statement.test)} ${rustBlock(statement.body)}`;
    case 'if':
      return `if ${rust(statement.test)} ${rustBlock(statement.then)} else ${rustBlock(statement.other)}`;
    case 'match': {
      const arms = statement.cases.map(({ value, body }) => `${value} => ${rustBlock(body)}`);
      return `match ${rust(statement.on)} {\n${[...arms, `_ => ${rustBlock(statement.other)}`].join('\n')}\n}`;
    }
    case 'print':
      return `println!("${statement.values.map(() => '{}').join(' ')}", ${statement.values.map(rust).join(', ')});`;
    case 'return':
      return `return ${rust(statement.value)};`;
  }
}

/** @param {{ name: string, row?: Expression, index: Expression }} place */
const rustPlace = ({ name, row, index }) =>
  `${name}${(row ? [row, index] : [index]).map((each) => `[${rust(each)} as usize]`).join('')}`;

/** @param {Expression} expression @returns {string} */
function rust(expression) {
  switch (expression.kind) {
    case 'const':
      return isInt(expression.type)
        ? `(${BigInt(expression.value)}${expression.type})`
        : `(${expression.value}${expression.type})`;
    case 'read':
      return expression.name;
    case 'element':
      return rustPlace(expression);
    case 'binary':
      if (expression.op === '<<') return `${rust(expression.a)}.wrapping_shl(${rust(expression.b)} as u32)`;
      if (expression.op === '>>') return `${rust(expression.a)}.wrapping_shr(${rust(expression.b)} as u32)`;
      return `(${rust(expression.a)} ${expression.op} ${rust(expression.b)})`;
    case 'compare':
      return `(${rust(expression.a)} ${expression.op} ${rust(expression.b)})`;
    case 'negate':
      return `(-${rust(expression.a)})`;
    case 'cast':
      return `(${rust(expression.a)} as ${expression.type})`;
    case 'call':
      return `${expression.name}(${expression.args.map(rust).join(', ')})`;
  }
}
