// Random programs of version 1, as its front end wrote them: nothing is ever written but what `&x` has the address of, what an
// `if` gives is a block's parameter, text is bytes. They end, and mean the same in Rust (release mode) and in JSRS; one in
// three may fail, by a division. Both are made at once.
import {
  FLOAT_OPS,
  INT_OPS,
  OP,
  ORDERS,
  PRINTLN_BYTES,
  PRINT_BYTES,
  UNSIGNED_FORMS,
  assemble,
  br,
  brIf,
  call,
  iconst,
  instruction,
  operation,
  ret,
  store,
} from './jsrs-writer.js';
import { Random } from './random.js';

/** @import { Code, Type } from './jsrs-writer.js' */
/** @typedef {'i8' | 'i16' | 'i32' | 'i64' | 'u8' | 'u32' | 'u64' | 'f64' | 'bool'} Scalar */
/** @typedef {{ block: number, at: number }} Point  an instruction of a block; its parameters stand before 0 */
/** @typedef {Point & { id: number, uses: Point[] }} Id  where it is defined and used */
/** @typedef {{ rust: string, id: Id, type: Scalar }} Value */
/** @typedef {{ name: string, type: Scalar, isRef: boolean }} Param */
/** @typedef {{ name: string, params: Param[], result: Scalar | null }} Signature */
/** @typedef {{ above: number | null, params: [Scalar, Id][], code: (() => Code)[], end: () => Code }} Block  above: dominates it */

/** @type {Scalar[]} */
const INTS = ['i8', 'i16', 'i32', 'i64', 'u8', 'u32', 'u64'];
/** @type {Scalar[]} */
const SCALARS = [...INTS, 'i32', 'i32', 'i32', 'i32', 'f64', 'f64', 'bool', 'bool'];
const WORDS = ['', 'a', 'tick', 'two words', '\u00fcber {}', '\u{1f980}'];
const TURNS = 5;
const DEPTH = 3;
const LAST = Infinity; // place of a block's end

const isSigned = (/** @type {Scalar} */ type) => type.startsWith('i');
const bitsOf = (/** @type {Scalar} */ type) => Number(type.slice(1));

/** @param {number} seed @returns {{ rust: string, jsrs: Uint8Array }} */
export function randomEarly(seed) {
  return new Maker(seed).program();
}

/** What the functions of a file share. */
class Maker extends Random {
  /** Values are numbered over the file, parameters in each function from 1: none meets one by chance. */
  ids = 1000;
  /** Whether values take the numbers of parameters (spec jsrs.md 6). */
  isSharing = this.oneIn(2);
  mayFail = this.oneIn(3);
  /** Those that can be called. @type {Signature[]} */
  signatures = [];

  program() {
    const functions = [];
    for (let left = this.below(4); left > 0; left--) {
      functions.push(...(this.oneIn(3) ? this.#recursive(left) : [this.#function(`helper_${left}`)]));
    }
    functions.push(this.#function('main', []));
    const isExit = INTS.includes(/** @type {Scalar} */ (functions[functions.length - 1].signature.result));
    const show = isExit ? 'let exit = go(); print!("=> {}", exit as i64);' : 'go();';
    return {
      rust: `${functions.map((each) => each.rust).join('')}pub fn main() { ${show} }\n`,
      jsrs: assemble({ version: 1, functions: functions.map((each) => each.jsrs()) }),
    };
  }

  /** @param {string} name @param {Param[]} [params] @returns {Signature} */
  #signature(name, params) {
    const some = Array.from({ length: this.below(4) }, (_, at) => {
      return { name: `p${at}`, type: this.pick(SCALARS), isRef: this.oneIn(4) };
    });
    return { name, params: params ?? some, result: this.oneIn(5) ? null : this.pick(SCALARS) };
  }

  /** @param {string} name @param {Param[]} [params] */
  #function(name, params) {
    const made = new FunctionMaker(this, this.#signature(name, params), []);
    made.whole();
    this.signatures.push(made.signature);
    return made;
  }

  /** One that calls itself, or two that call each other, as often as their first parameter says. @param {number} number */
  #recursive(number) {
    const names = this.oneIn(2) ? ['even', 'odd'] : ['again'];
    const group = names.map((name) => {
      const { params, result } = this.#signature(name);
      /** @type {Param} */
      const left = { name: 'left', type: 'i32', isRef: false };
      return { name: `${name}_${number}`, params: [left, ...params], result };
    });
    const made = group.map((signature) => new FunctionMaker(this, signature, group));
    for (const each of made) each.whole();
    this.signatures.push(...group);
    return made;
  }
}

class FunctionMaker {
  signature;
  rust = '';
  #file;
  #group;
  #params = 1;
  #names = 0;
  #depth = 0;
  #calls = 0; // of its group
  /** @type {Block[]} */
  #blocks = [];
  #at = 0; // the block that is written
  /** @type {[Scalar | 'ptr', Id][]} */
  #own = [];
  /** @type {Value[]} */
  #scope = [];
  /** @type {Value[]} */
  #refs = [];
  /** @type {Id[]} */
  #results = [];

  /** @param {Maker} file @param {Signature} signature @param {Signature[]} group those that it may call on its way to 0 */
  constructor(file, signature, group) {
    this.#file = file;
    this.signature = signature;
    this.#group = group;
  }

  whole() {
    const { name, params, result } = this.signature;
    this.#block(null);
    for (const { name, type, isRef } of params) {
      const id = this.#param(0);
      this.#own.push([isRef ? 'ptr' : type, id]);
      (isRef ? this.#refs : this.#scope).push({ rust: name, id, type });
    }
    const body = this.#group.length > 0 ? this.#turns() : this.#body(2 + this.#file.below(4), result);
    this.#end([body.id], (id) => ret(id));
    if (this.#file.isSharing) this.#share();
    const list = params.map((each) => `${each.name}: ${each.isRef ? '&' : ''}${each.type}`);
    this.rust = `fn ${name === 'main' ? 'go' : name}(${list.join(', ')})${result ? ` -> ${result}` : ''} { ${body.rust} }\n`;
  }

  jsrs() {
    const { name, result } = this.signature;
    const ids = (/** @type {[Scalar | 'ptr', Id][]} */ list) =>
      list.map(([type, { id }]) => /** @type {[Type, number]} */ ([type, id]));
    const blocks = this.#blocks.map(({ params, code, end }, id) => {
      return { id, params: ids(params), code: code.map((write) => write()), end: end() };
    });
    return { name, params: ids(this.#own), result: /** @type {Type} */ (result ?? 'unit'), blocks };
  }

  /** Goes on until its first parameter is 0. */
  #turns() {
    const left = this.#scope[0];
    const one = this.#literal('i32', 1n);
    return this.#choice(this.#compare('<', left, one), this.signature.result, (again) => {
      if (!again) return this.#body(this.#file.below(2), this.signature.result);
      this.#calls = 2;
      const fewer = this.#arithmetic('-', left, one);
      const called = this.#file.pick(this.#group);
      const { rust, id } = this.#callOf(called, fewer);
      const name = `v${this.#names++}`;
      if (called.result && id) this.#scope.push({ rust: name, id, type: called.result });
      const rest = this.#body(this.#file.below(2), this.signature.result);
      this.#calls = 0;
      return { id: rest.id, rust: `${called.result ? `let ${name} = ` : ''}${rust}; ${rest.rust}` };
    });
  }

  // ---- blocks, values, where they are ----

  /** @param {number | null} above */
  #block(above) {
    this.#blocks.push({ above, params: [], code: [], end: () => ret() });
    return this.#blocks.length - 1;
  }

  /** @param {number} block @returns {Id} */
  #param(block) {
    return { id: this.#params++, block, at: -1, uses: [] };
  }

  /** @param {Id[]} used @param {(...ids: number[]) => Code} write */
  #do(used, write) {
    const { code } = this.#blocks[this.#at];
    for (const id of used) id.uses.push({ block: this.#at, at: code.length });
    code.push(() => write(...used.map(({ id }) => id)));
  }

  /** @param {Id[]} used @param {(result: number, ...ids: number[]) => Code} write @returns {Id} */
  #give(used, write) {
    /** @type {Id} */
    const result = { id: this.#file.ids++, block: this.#at, at: this.#blocks[this.#at].code.length, uses: [] };
    this.#results.push(result);
    this.#do(used, (...ids) => write(result.id, ...ids));
    return result;
  }

  /** @param {(Id | null)[]} used @param {(...ids: number[]) => Code} write */
  #end(used, write) {
    const given = used.filter((id) => id !== null);
    for (const id of given) id.uses.push({ block: this.#at, at: LAST });
    this.#blocks[this.#at].end = () => write(...given.map(({ id }) => id));
  }

  /** Gives values the numbers of parameters, where each use still means the nearest definition above it. */
  #share() {
    const params = [
      ...this.#own.map(([, id]) => id),
      ...this.#blocks.flatMap((block) => block.params.map(([, id]) => id)),
    ];
    for (const param of params) {
      const free = this.#results.filter((result) => !params.some(({ id }) => id === result.id));
      if (free.length === 0) return;
      const result = this.#file.pick(free);
      const before = result.id;
      result.id = param.id;
      const isMeant = (/** @type {Id} */ meant, /** @type {Id} */ other) =>
        meant.uses.every((use) => !this.#reaches(other, use) || this.#reaches(other, meant));
      if (!isMeant(param, result) || !isMeant(result, param)) result.id = before;
    }
  }

  /** Whether every way to a place leads past the definition. @param {Point} from @param {Point} to */
  #reaches(from, to) {
    if (from.block === to.block) return from.at < to.at;
    /** @type {number | null} */
    let block = to.block;
    while (block !== null && block !== from.block) block = this.#blocks[block].above;
    return block !== null;
  }

  // ---- values ----

  /** @param {Scalar} type @param {bigint} value @returns {Value} */
  #literal(type, value) {
    return { type, rust: `(${value}${type})`, id: this.#give([], (id) => iconst(id, type, value)) };
  }

  /** @param {Scalar} type @returns {Value} */
  #constant(type) {
    if (type === 'bool') {
      const value = this.#file.below(2);
      const id = this.#give([], (id) => instruction(OP.bconst, id, type, (out) => out.u8(value)));
      return { type, rust: `${value === 1}`, id };
    }
    if (type === 'f64') {
      const value = (this.#file.below(2001) - 1000) / this.#file.pick([1, 4, 7]);
      const id = this.#give([], (id) => instruction(OP.fconst, id, type, (out) => out.f64(value)));
      return { type, rust: `(${value}f64)`, id };
    }
    const most = 1n << BigInt(bitsOf(type) - (isSigned(type) ? 1 : 0));
    const least = isSigned(type) ? -most : 0n;
    const small = BigInt(this.#file.below(100));
    return this.#literal(type, this.#file.oneIn(6) ? this.#file.pick([least, most - 1n]) : small);
  }

  /** @param {Scalar} type @param {number} depth @returns {Value} */
  #value(type, depth) {
    const known = this.#scope.filter((each) => each.type === type);
    const refs = this.#refs.filter((each) => each.type === type);
    const kind = this.#file.below(depth > 0 ? 12 : 4);
    if (kind < 3 && known.length > 0) return this.#file.pick(known);
    if (kind === 3 && refs.length > 0) {
      const { rust, id } = this.#file.pick(refs);
      return { type, rust: `*${rust}`, id: this.#give([id], (to, from) => operation(OP.load, to, type, [from])) };
    }
    if (kind < 4) return this.#constant(type);
    if (kind < 6) return this.#chosen(type, depth - 1);
    if (kind < 8) {
      const callees = [...this.#file.signatures, ...(this.#calls > 0 ? this.#group : [])];
      const callee = callees.filter((each) => each.result === type);
      if (callee.length > 0) return this.#called(this.#file.pick(callee));
    }
    if (type === 'bool') {
      const of = this.#file.pick(SCALARS.filter((each) => each !== 'bool'));
      const order = this.#file.pick(of === 'f64' ? ORDERS.filter((each) => each !== '!=') : ORDERS);
      const a = this.#value(of, depth - 1);
      return this.#compare(order, a, this.#value(of, depth - 1));
    }
    if (kind === 8 && (type === 'f64' || isSigned(type))) {
      const { rust, id } = this.#value(type, depth - 1);
      const op = type === 'f64' ? OP.fneg : OP.ineg;
      return { type, rust: `(-${rust})`, id: this.#give([id], (to, from) => operation(op, to, type, [from])) };
    }
    const a = this.#value(type, depth - 1);
    if (type === 'f64') return this.#arithmetic(this.#file.pick(['+', '-', '*', '/']), a, this.#value(type, depth - 1));
    if (this.#file.oneIn(4)) {
      const by = this.#file.mayFail && this.#file.oneIn(3);
      const number = BigInt(by ? this.#file.below(2) : 2 + this.#file.below(90));
      const divisor = by && this.#file.oneIn(2) ? this.#value(type, 0) : this.#literal(type, number);
      return this.#arithmetic(this.#file.pick(['/', '%']), a, divisor);
    }
    return this.#arithmetic(this.#file.pick(['+', '-', '*']), a, this.#value(type, depth - 1));
  }

  /** @param {string} op @param {Value} a @param {Value} b @returns {Value} */
  #arithmetic(op, a, b) {
    const { type } = a;
    const number = (type === 'f64' ? FLOAT_OPS : INT_OPS)[op];
    const id = this.#give([a.id, b.id], (to, left, right) => operation(number, to, type, [left, right]));
    return { type, rust: `(${a.rust} ${op} ${b.rust})`, id };
  }

  /** @param {string} order @param {Value} a @param {Value} b @returns {Value} */
  #compare(order, a, b) {
    const at = ORDERS.indexOf(order);
    const isUnsignedForm = at > 1 && a.type.startsWith('u') && this.#file.oneIn(2);
    const id = this.#give([a.id, b.id], (to, left, right) =>
      instruction(a.type === 'f64' ? OP.fcmp : OP.icmp, to, 'bool', (out) => {
        out.u32(left);
        out.u32(right);
        out.u8(at + (isUnsignedForm ? UNSIGNED_FORMS : 0));
      }),
    );
    return { type: 'bool', rust: `(${a.rust} ${order} ${b.rust})`, id };
  }

  /** An `if` that gives a value. @param {Scalar} type @param {number} depth @returns {Value} */
  #chosen(type, depth) {
    const test = this.#value('bool', depth);
    const { rust, id } = this.#choice(test, type, () => this.#body(this.#file.below(2), type, depth));
    return { type, rust, id: /** @type {Id} */ (id) };
  }

  /**
   * @param {Value} test @param {Scalar | null} type
   * @param {(isOther: boolean) => { rust: string, id: Id | null }} arm
   */
  #choice(test, type, arm) {
    const from = this.#at;
    const [then, other, join] = [this.#block(from), this.#block(from), this.#block(from)];
    this.#end([test.id], (id) => brIf(id, then, [], other));
    const [first, second] = [then, other].map((block) => {
      const outer = { scope: this.#scope, refs: this.#refs };
      this.#scope = [...outer.scope];
      this.#refs = [...outer.refs];
      this.#at = block;
      const { rust, id } = arm(block === other);
      this.#end([id], (...ids) => br(join, ids));
      this.#scope = outer.scope;
      this.#refs = outer.refs;
      return rust;
    });
    this.#at = join;
    const id = type ? this.#param(join) : null;
    if (type && id) this.#blocks[join].params.push([type, id]);
    else this.#give([], (nothing) => iconst(nothing, 'i8', 0)); // as the front end does
    return { rust: `if ${test.rust} { ${first} } else { ${second} }`, id };
  }

  /** @param {Signature} callee @returns {Value} */
  #called(callee) {
    const { rust, id } = this.#callOf(callee, null);
    return { type: /** @type {Scalar} */ (callee.result), rust, id: /** @type {Id} */ (id) };
  }

  /** @param {Signature} callee @param {Value | null} turns first argument of one of its group @returns {{ rust: string, id: Id | null }} */
  #callOf(callee, turns) {
    const isAgain = this.#group.includes(callee);
    if (isAgain) this.#calls--;
    const args = callee.params.map((param, at) => {
      if (at === 0 && turns) return turns;
      if (param.name === 'left') return isAgain ? this.#fewer() : this.#literal('i32', BigInt(this.#file.below(TURNS)));
      const value = this.#value(param.type, 0);
      return param.isRef ? this.#addressOf(value) : value;
    });
    const result = callee.result ?? 'unit';
    const used = args.map((each) => each.id);
    const id = this.#give(used, (to, ...ids) => call(to, result, callee.name, ids));
    return { rust: `${callee.name}(${args.map((each) => each.rust).join(', ')})`, id: callee.result ? id : null };
  }

  #fewer() {
    return this.#arithmetic('-', this.#scope[0], this.#literal('i32', 1n));
  }

  /** @param {Value} value @returns {Value} */
  #addressOf({ rust, id, type }) {
    const place = this.#give([], (to) => instruction(OP.alloca, to, 'ptr', (out) => out.u32(0)));
    this.#do([place, id], (to, from) => store(to, from, type));
    return { rust: `&${rust}`, id: place, type };
  }

  // ---- statements ----

  /** @param {number} count of statements @param {Scalar | null} type of what it ends with @param {number} [depth] */
  #body(count, type, depth = DEPTH) {
    this.#depth++;
    const steps = Array.from({ length: count }, () => this.#step());
    const end = type ? this.#value(type, depth) : null;
    this.#depth--;
    return { rust: [...steps, ...(end ? [end.rust] : [])].join(' '), id: end?.id ?? null };
  }

  /** @returns {string} */
  #step() {
    const kind = this.#file.below(this.#depth < DEPTH ? 8 : 6);
    if (kind < 1) return this.#print();
    if (kind < 2) return this.#printByte();
    if (kind < 3) {
      const quiet = this.#file.signatures.filter((each) => !each.result);
      if (quiet.length > 0) return `${this.#callOf(this.#file.pick(quiet), null).rust};`;
    }
    if (kind > 5) {
      const test = this.#value('bool', 2);
      return `${this.#choice(test, null, () => this.#body(1 + this.#file.below(2), null)).rust};`;
    }
    const value = this.#value(this.#file.pick(SCALARS), DEPTH);
    const name = `v${this.#names++}`;
    this.#scope.push({ ...value, rust: name });
    return `let ${name}: ${value.type} = ${value.rust};`;
  }

  #print() {
    const text = this.#file.pick(WORDS);
    const isLine = this.#file.oneIn(2);
    const bytes = [...Buffer.from(text)].map((byte) => this.#literal('i32', BigInt(byte)).id);
    this.#give(bytes, (to, ...ids) => call(to, 'unit', isLine ? PRINTLN_BYTES : PRINT_BYTES, ids));
    return `${isLine ? 'println' : 'print'}!("{}", ${JSON.stringify(text)});`;
  }

  /** A letter for a number. */
  #printByte() {
    const any = this.#arithmetic('%', this.#value('i32', 2), this.#literal('i32', 13n));
    const letter = this.#arithmetic('+', any, this.#literal('i32', 78n));
    this.#give([letter.id], (to, id) => call(to, 'unit', PRINT_BYTES, [id]));
    return `print!("{}", ${letter.rust} as u8 as char);`;
  }
}
