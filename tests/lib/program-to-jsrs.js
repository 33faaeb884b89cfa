// Random programs (random-program.js) as JSRS version 3, the way the JSRust front end writes them: every variable is an
// alloca, an array is a variable that holds a pointer to its storage.
import {
  CASTS,
  FLOAT_OPS,
  INT_OPS,
  OP,
  ORDERS,
  PRINTLN,
  alloca,
  assemble,
  br,
  brIf,
  call,
  iconst,
  instruction,
  operation,
  ret,
  sconst,
  select,
  store,
} from './jsrs-writer.js';
import { INTS, isInt } from './random-program.js';

/** @import { Block, Code, Type } from './jsrs-writer.js' */
/** @import { Expression, Func, Num, Scalar, Statement } from './random-program.js' */

const TAG = { int: 1, float: 2 };

/** @param {Func[]} functions @returns {Uint8Array} */
export function toJsrs(functions) {
  /** @type {string[]} */
  const literals = [];
  const ids = { next: 1 };
  return assemble({ functions: functions.map((each) => new Writer(each, ids, literals).made()), literals });
}

class Writer {
  #func;
  #ids;
  #literals;
  /** @type {Block[]} */
  #blocks = [];
  /** @type {Code[]} */
  #code = [];
  #isOpen = false;
  /** @type {Map<string, { place: number, type: Num, array: boolean, param: boolean }>} */
  #variables = new Map();

  /** @param {Func} func @param {{ next: number }} ids over the whole file @param {string[]} literals */
  constructor(func, ids, literals) {
    this.#func = func;
    this.#ids = ids;
    this.#literals = literals;
  }

  made() {
    const { name, params, result, body } = this.#func;
    /** @type {[Type, number][]} */
    const list = params.map((param) => [param.type, this.#id()]);
    params.forEach((param, at) =>
      this.#variables.set(param.name, { place: list[at][1], type: param.type, array: false, param: true }),
    );
    this.#start(0);
    this.#statements(body);
    if (!result) this.#end(ret());
    return { name, params: list, result: result ?? /** @type {Type} */ ('unit'), blocks: this.#blocks };
  }

  #id() {
    return this.#ids.next++;
  }

  /** @param {number} id */
  #start(id) {
    this.#code = [];
    this.#blocks.push({ id, code: this.#code, end: ret() });
    this.#isOpen = true;
  }

  /** Ends the block that was started last, unless a return has. @param {Code} end */
  #end(end) {
    if (this.#isOpen) this.#blocks[this.#blocks.length - 1].end = end;
    this.#isOpen = false;
  }

  /** @param {(result: number) => Code} write */
  #value(write) {
    const result = this.#id();
    this.#code.push(write(result));
    return result;
  }

  /** @param {Statement[]} statements */
  #statements(statements) {
    for (const each of statements) if (this.#isOpen) this.#statement(each);
  }

  /** @param {Statement} statement */
  #statement(statement) {
    switch (statement.kind) {
      case 'let': {
        const { name, type, value } = statement;
        const place = this.#value((result) => alloca(result, type));
        this.#code.push(store(place, this.#expression(value), type));
        this.#variables.set(name, { place, type, array: false, param: false });
        return;
      }
      case 'array':
        return this.#array(statement.name, statement.type, statement.values, statement.rows);
      case 'assign': {
        const { place, type } = this.#variable(statement.name);
        this.#code.push(store(place, this.#expression(statement.value), type));
        return;
      }
      case 'set': {
        const { type } = this.#variable(statement.name);
        // Rust works the value out first.
        const value = this.#expression(statement.value);
        this.#code.push(store(this.#element(statement), value, type));
        return;
      }
      case 'while': {
        const [head, body, next] = [this.#id(), this.#id(), this.#id()];
        this.#end(br(head));
        this.#start(head);
        this.#branch(statement.test, body, next);
        this.#start(body);
        this.#statements(statement.body);
        this.#end(br(head));
        return this.#start(next);
      }
      case 'if': {
        const [then, other, next] = [this.#id(), this.#id(), this.#id()];
        this.#branch(statement.test, then, other);
        for (const [id, list] of /** @type {[number, Statement[]][]} */ ([
          [then, statement.then],
          [other, statement.other],
        ])) {
          this.#start(id);
          this.#statements(list);
          this.#end(br(next));
        }
        return this.#start(next);
      }
      case 'match': {
        const selector = this.#expression(statement.on);
        const arms = statement.cases.map(({ value, body }) => ({ value, body, id: this.#id() }));
        const [other, next] = [this.#id(), this.#id()];
        this.#end(
          select(
            selector,
            arms.map(({ value, id }) => [value, id]),
            other,
          ),
        );
        for (const { id, body } of [...arms, { id: other, body: statement.other }]) {
          this.#start(id);
          this.#statements(body);
          this.#end(br(next));
        }
        return this.#start(next);
      }
      case 'print':
        return this.#print(statement.values);
      case 'return':
        return this.#end(ret(this.#expression(statement.value)));
    }
  }

  /** @param {string} name @param {Num} type @param {number[]} values @param {number} [rows] so many copies of it in an array */
  #array(name, type, values, rows) {
    let storage = this.#value((result) => alloca(result, type, values.length));
    values.forEach((value, at) => {
      const made = this.#constant(type, value);
      this.#code.push(store(this.#part(storage, this.#constant('i32', at)), made, type));
    });
    if (rows) {
      const row = storage;
      storage = this.#value((result) => alloca(result, 'ptr', rows));
      for (let at = 0; at < rows; at++)
        this.#code.push(store(this.#part(storage, this.#constant('i32', at)), row, 'ptr'));
    }
    const place = this.#value((result) => alloca(result, 'ptr'));
    this.#code.push(store(place, storage, 'ptr'));
    this.#variables.set(name, { place, type, array: true, param: false });
  }

  /** @param {Expression} test @param {number} then @param {number} other */
  #branch(test, then, other) {
    this.#end(brIf(this.#expression(test), then, [], other));
  }

  /** @param {Expression[]} values */
  #print(values) {
    const text = values.map(() => '{}').join(' ');
    if (!this.#literals.includes(text)) this.#literals.push(text);
    const args = [this.#value((result) => sconst(result, this.#literals.indexOf(text)))];
    for (const value of values) {
      const tag = isInt(value.type) ? TAG.int : TAG.float;
      args.push(
        this.#value((result) => iconst(result, 'i64', tag)),
        this.#expression(value),
      );
    }
    this.#value((result) => call(result, 'unit', PRINTLN, args));
  }

  /** @param {string} name */
  #variable(name) {
    const found = this.#variables.get(name);
    if (!found) throw new Error(`no variable is called ${name}`);
    return found;
  }

  /** @param {number} row @param {number} index */
  #part(row, index) {
    return this.#value((result) =>
      instruction(OP.gep, result, 'ptr', (out) => {
        out.u32(row);
        out.ids([index]);
      }),
    );
  }

  /** The place of an element. @param {{ name: string, row?: Expression, index: Expression }} element */
  #element({ name, row, index }) {
    const load = (/** @type {number} */ place) => this.#value((result) => operation(OP.load, result, 'ptr', [place]));
    let storage = load(this.#variable(name).place);
    if (row) storage = load(this.#part(storage, this.#expression(row)));
    return this.#part(storage, this.#expression(index));
  }

  /** @param {Num} type @param {number} value */
  #constant(type, value) {
    return this.#value((result) =>
      isInt(type) ? iconst(result, type, value) : instruction(OP.fconst, result, type, (out) => out.f64(value)),
    );
  }

  /** @param {Expression} expression @returns {number} the value's id */
  #expression(expression) {
    const { type } = expression;
    switch (expression.kind) {
      case 'const':
        return this.#constant(expression.type, expression.value);
      case 'read': {
        const { place, param } = this.#variable(expression.name);
        return param ? place : this.#value((result) => operation(OP.load, result, type, [place]));
      }
      case 'element': {
        const place = this.#element(expression);
        return this.#value((result) => operation(OP.load, result, type, [place]));
      }
      case 'negate': {
        const a = this.#expression(expression.a);
        return this.#value((result) => operation(isInt(type) ? OP.ineg : OP.fneg, result, type, [a]));
      }
      case 'cast':
        return this.#cast(expression.type, expression.a);
      case 'call': {
        const args = expression.args.map((each) => this.#expression(each));
        return this.#value((result) => call(result, type, expression.name, args));
      }
      case 'binary':
      case 'compare': {
        const operands = [this.#expression(expression.a), this.#expression(expression.b)];
        return expression.kind === 'binary'
          ? this.#binary(expression.type, expression.op, operands)
          : this.#compare(expression.a.type, expression.op, operands);
      }
    }
  }

  /** @param {Num} type @param {string} op @param {number[]} operands */
  #binary(type, op, operands) {
    const code = isInt(type) ? INT_OPS[op] : FLOAT_OPS[op];
    return this.#value((result) => operation(code, result, type, operands));
  }

  /** @param {Scalar} type of the operands @param {string} op @param {number[]} operands */
  #compare(type, op, operands) {
    return this.#value((result) =>
      instruction(isInt(type) ? OP.icmp : OP.fcmp, result, 'bool', (out) => {
        operands.forEach((id) => out.u32(id));
        out.u8(ORDERS.indexOf(op));
      }),
    );
  }

  /** @param {Num} to @param {Expression} from */
  #cast(to, from) {
    const type = from.type;
    const a = this.#expression(from);
    if (type === 'bool') throw new Error('bools are not cast');
    if (!isInt(type)) {
      const op = isInt(to) && INTS[to].signed ? CASTS.fptosi : CASTS.fptoui;
      return this.#value((result) => operation(op, result, to, [a]));
    }
    if (!isInt(to)) {
      const op = INTS[type].signed ? CASTS.sitofp : CASTS.uitofp;
      return this.#value((result) => operation(op, result, to, [a]));
    }
    const op = INTS[to].bits < INTS[type].bits ? CASTS.trunc : INTS[type].signed ? CASTS.sext : CASTS.zext;
    return this.#value((result) =>
      instruction(op, result, to, (out) => {
        out.u32(a);
        out.type(type);
      }),
    );
  }
}
