// Benchmark kernels written as a little Rust, read into the trees of lib/random-program.js (which lib/program-to-jsrs.js makes
// JSRS of): functions over numbers, `let mut`, `while`, `if`, `match` on numbers, arrays (and arrays of arrays) in the function
// that made them. Every expression is of one type, which literals take over from what stands beside them.

/** @import { Expression, Func, Num, Statement } from '../lib/random-program.js' */

const NUMS = ['i8', 'i16', 'i32', 'i64', 'u8', 'u16', 'u32', 'u64', 'f32', 'f64'];
const LEVELS = [['==', '!=', '<', '<=', '>', '>='], ['|'], ['^'], ['&'], ['<<', '>>'], ['+', '-'], ['*', '/', '%']];
const TOKEN = /\s*(?:\/\/[^\n]*\s*)*([A-Za-z_]\w*!?|\d+\.\d+|\d+|->|=>|==|!=|<=|>=|<<|>>|\+=|-=|\*=|"[^"]*"|\S|$)/y;

/** @param {string} text @returns {Func[]} */
export function parseKernel(text) {
  const reader = new Reader(text);
  const functions = [];
  while (reader.token) functions.push(reader.func());
  return functions;
}

class Reader {
  #text;
  #at = 0;
  /** @type {Map<string, { params: Num[], result: Num }>} */
  #functions = new Map();
  /** Of the variables of the function at hand. @type {Map<string, Num>} */
  #types = new Map();
  token = '';

  /** @param {string} text */
  constructor(text) {
    this.#text = text;
    for (const [, name, params, result] of text.matchAll(/fn (\w+)\(([^)]*)\) -> (\w+)/g)) {
      const types = [...params.matchAll(/: (\w+)/g)].map(([, type]) => type);
      this.#functions.set(name, /** @type {{ params: Num[], result: Num }} */ ({ params: types, result }));
    }
    this.#next();
  }

  #next() {
    const before = this.token;
    TOKEN.lastIndex = this.#at;
    this.token = TOKEN.exec(this.#text)?.[1] ?? '';
    this.#at = TOKEN.lastIndex;
    return before;
  }

  /** @param {string} token */
  #accept(token) {
    if (this.token !== token) return false;
    this.#next();
    return true;
  }

  /** @param {string[]} tokens */
  #expect(...tokens) {
    for (const token of tokens) {
      if (this.token !== token)
        throw new Error(`expected ${token} before ${this.#text.slice(this.#at - this.token.length, this.#at + 30)}`);
      this.#next();
    }
  }

  #type() {
    const type = this.#next();
    if (!NUMS.includes(type)) throw new Error(`${type} is no type of a kernel`);
    return /** @type {Num} */ (type);
  }

  /** @returns {Func} */
  func() {
    this.#expect('fn');
    const name = this.#next();
    const params = [];
    this.#types.clear();
    this.#expect('(');
    while (!this.#accept(')')) {
      const param = this.#next();
      this.#expect(':');
      const type = this.#type();
      this.#types.set(param, type);
      params.push({ name: param, type, length: 0 });
      this.#accept(',');
    }
    const result = this.#accept('->') ? this.#type() : null;
    return { name, params, result, body: this.#block() };
  }

  #block() {
    /** @type {Statement[]} */
    const list = [];
    this.#expect('{');
    while (!this.#accept('}')) list.push(this.#statement());
    return list;
  }

  /** @returns {Statement} */
  #statement() {
    if (this.#accept('let')) return this.#let();
    if (this.#accept('while')) return { kind: 'while', test: this.#expression(), body: this.#block() };
    if (this.#accept('if')) return this.#if();
    if (this.#accept('match')) return this.#match();
    if (this.#accept('println!')) return this.#print();
    if (this.#accept('return')) {
      const value = this.#expression();
      this.#expect(';');
      return { kind: 'return', value };
    }
    const name = this.#next();
    const type = this.#variable(name);
    const place = this.#place();
    const op = this.#next();
    const right = this.#expression(type);
    this.#expect(';');
    /** @type {Expression} */
    const old = place ? { kind: 'element', type, name, ...place } : { kind: 'read', type, name };
    /** @type {Expression} */
    const value = op === '=' ? right : { kind: 'binary', type, op: op[0], a: old, b: right };
    return place ? { kind: 'set', name, ...place, value } : { kind: 'assign', name, value };
  }

  /** What stands in brackets behind a name: one index, or two. @returns {{ row?: Expression, index: Expression } | null} */
  #place() {
    if (!this.#accept('[')) return null;
    const index = this.#expression('u32');
    this.#expect(']');
    if (!this.#accept('[')) return { index };
    const column = this.#expression('u32');
    this.#expect(']');
    return { row: index, index: column };
  }

  /** @returns {Statement} */
  #let() {
    this.#accept('mut');
    const name = this.#next();
    this.#expect(':');
    if (this.#accept('[')) {
      const nested = this.#accept('[');
      const type = this.#type();
      const zero = type === 'f64' || type === 'f32' ? '0.0' : '0';
      const length = this.#length();
      const rows = nested ? this.#length() : undefined;
      this.#expect('=', ...(nested ? ['['] : []), '[', zero, ';', String(length), ']');
      if (nested) this.#expect(';', String(rows), ']');
      this.#expect(';');
      this.#types.set(name, type);
      return { kind: 'array', name, type, rows, values: new Array(length) }; // storage is zeroed: nothing is stored for a hole
    }
    const type = this.#type();
    this.#expect('=');
    const value = this.#expression(type);
    this.#expect(';');
    this.#types.set(name, type);
    return { kind: 'let', name, type, value };
  }

  #length() {
    this.#expect(';');
    const length = Number(this.#next());
    this.#expect(']');
    return length;
  }

  /** `match x { 0 => { .. } 1 => { .. } _ => { .. } }` @returns {Statement} */
  #match() {
    const on = this.#expression();
    const cases = [];
    this.#expect('{');
    while (!this.#accept('_')) {
      const value = Number(this.#next());
      this.#expect('=>');
      cases.push({ value, body: this.#block() });
    }
    this.#expect('=>');
    const other = this.#block();
    this.#expect('}');
    return { kind: 'match', on, cases, other };
  }

  /** @returns {Statement} */
  #if() {
    const test = this.#expression();
    const then = this.#block();
    if (!this.#accept('else')) return { kind: 'if', test, then, other: [] };
    const other = this.#accept('if') ? [this.#if()] : this.#block();
    return { kind: 'if', test, then, other };
  }

  /** @returns {Statement} */
  #print() {
    this.#expect('(');
    this.#next(); // the template: one {} for each value
    const values = [];
    while (this.#accept(',')) values.push(this.#expression());
    this.#expect(')', ';');
    return { kind: 'print', values };
  }

  /** @param {string} name */
  #variable(name) {
    const type = this.#types.get(name);
    if (!type) throw new Error(`no variable is called ${name}`);
    return type;
  }

  /** @param {Num} [wanted] type of literals @returns {Expression} */
  #expression(wanted, level = 0) {
    if (level === LEVELS.length) return this.#cast(wanted);
    let a = this.#expression(level === 0 ? undefined : wanted, level + 1);
    if (level === 0 && !LEVELS[0].includes(this.token)) return wanted ? retyped(a, wanted) : a;
    while (LEVELS[level].includes(this.token)) {
      const op = this.#next();
      let b = this.#expression(typeOf(a) ?? wanted, level + 1);
      if (!typeOf(a) && typeOf(b)) a = retyped(a, /** @type {Num} */ (typeOf(b)));
      if (typeOf(a)) b = retyped(b, /** @type {Num} */ (typeOf(a)));
      a =
        level === 0
          ? { kind: 'compare', type: 'bool', op, a, b }
          : { kind: 'binary', type: /** @type {Num} */ (a.type), op, a, b };
    }
    return a;
  }

  /** @param {Num} [wanted] @returns {Expression} */
  #cast(wanted) {
    let a = this.#primary(wanted);
    while (this.#accept('as')) a = { kind: 'cast', type: this.#type(), a };
    return a;
  }

  /** @param {Num} [wanted] @returns {Expression} */
  #primary(wanted) {
    if (this.#accept('-')) {
      const a = this.#primary(wanted);
      return { kind: 'negate', type: /** @type {Num} */ (a.type), a };
    }
    if (this.#accept('(')) {
      const a = this.#expression(wanted);
      this.#expect(')');
      return a;
    }
    const token = this.#next();
    if (/^\d/.test(token)) return literal(Number(token), NUMS.includes(this.token) ? this.#type() : wanted);
    if (this.#accept('(')) return this.#call(token);
    const type = this.#variable(token);
    const place = this.#place();
    return place ? { kind: 'element', type, name: token, ...place } : { kind: 'read', type, name: token };
  }

  /** @param {string} name @returns {Expression} */
  #call(name) {
    const called = this.#functions.get(name);
    if (!called) throw new Error(`no function is called ${name}`);
    const args = [];
    while (!this.#accept(')')) {
      args.push(this.#expression(called.params[args.length]));
      this.#accept(',');
    }
    return { kind: 'call', type: called.result, name, args };
  }
}

/** A literal takes the type it is used at. @param {number} value @param {Num} [type] @returns {Expression} */
const literal = (value, type) => /** @type {Expression} */ ({ kind: 'const', type, value });

/** None yet: a literal, or literals alone. @param {Expression} expression */
const typeOf = (expression) => /** @type {Num | undefined} */ (expression.type);

/** @param {Expression} expression @param {Num} type @returns {Expression} */
function retyped(expression, type) {
  if (typeOf(expression)) return expression;
  if (expression.kind !== 'binary') return /** @type {Expression} */ ({ ...expression, type });
  return { ...expression, type, a: retyped(expression.a, type), b: retyped(expression.b, type) };
}
