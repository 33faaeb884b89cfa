// Random programs about data (random-data.js) as JSRS of version 2 or 3, the way the JSRust front ends write them: every
// variable is an alloca, an array is a variable that holds a pointer to its storage, structs and enums are values.
import {
  CASTS,
  FLOAT_OPS,
  INT_OPS,
  OP,
  ORDERS,
  PRINT,
  PRINTLN,
  UNSIGNED_FORMS,
  assemble,
  br,
  brIf,
  functionNumber,
  iconst,
  instruction,
  operation,
  ret,
  sconst,
  select,
  store,
  unreachable,
} from './jsrs-writer.js';
import { bitsOf, isFloat, isInt, isSigned, rustType } from './data-types.js';

/** @import { Block, Code, Type } from './jsrs-writer.js' */
/** @import { Data, Enum, Func, Row, Struct } from './data-types.js' */
/** @import { Program } from './random-data.js' */

const MADE = { struct: 37, field: 38, enum: 39, tag: 40, payload: 41 };
const TAG = { str: 0, int: 1, float: 2, bool: 3, char: 4 };

/** @param {Program} program @returns {Uint8Array} */
export function toJsrs({ version, functions }) {
  const file = new Whole(version);
  const parts = functions.map((each) => new FunctionWriter(each, file).made());
  const definitions = file.definitions();
  return assemble({ version, literals: file.literals, functions: parts, names: file.names, ...definitions });
}

const isPointer = (/** @type {Data} */ type) => typeof type === 'object' && 'takes' in type;
/** @param {Struct | Enum} type */
const keyOf = (type) => ('enum' in type ? `enum:${rustType(type)}{}` : rustType(type));

/** What the functions of a file share: one numbering of values, texts, names. */
class Whole {
  version;
  ids = 1;
  literals = /** @type {string[]} */ ([]);
  names = /** @type {string[]} */ ([]);
  #defined = /** @type {Map<string, Struct | Enum>} */ (new Map());

  /** @param {2 | 3} version */
  constructor(version) {
    this.version = version;
  }

  /** @param {string} name */
  name(name) {
    if (!this.names.includes(name)) this.names.push(name);
    return this.names.indexOf(name);
  }

  /** @param {string} text */
  literal(text) {
    if (!this.literals.includes(text)) this.literals.push(text);
    return this.literals.indexOf(text);
  }

  /** By which a type is called: version 3 has a copy of a generic one for each use. @param {Struct | Enum} type @param {string} plain */
  #named(type, plain) {
    if (this.version === 2) return this.name(plain);
    this.#defined.set(keyOf(type), type);
    return this.name(keyOf(type));
  }

  /** Of all types that were named; those that these name come to them. */
  definitions() {
    const structs = [];
    const enums = [];
    for (const [key, type] of this.#defined) {
      const name = this.name(key);
      if ('struct' in type) structs.push({ name, fields: type.fields.map((each) => this.type(each)) });
      else {
        const variants = type.variants.map((payload) => (payload ? [this.type(payload)] : []));
        enums.push({ name, shown: this.name(type.enum), variants });
      }
    }
    return { structs, enums };
  }

  /** @param {Data} type @returns {Type} */
  type(type) {
    if (type === 'char') return 'u32';
    if (type === 'str') return 'ptr';
    if (typeof type === 'string') return /** @type {Type} */ (type);
    if ('struct' in type) return { struct: this.#named(type, type.struct) };
    if ('enum' in type) return { enum: this.#named(type, type.enum) };
    if ('takes' in type) return { params: [this.type(type.takes)], result: this.type(type.gives) };
    return 'ptr';
  }
}

export class FunctionWriter {
  #func;
  #file;
  #blocks = /** @type {Block[]} */ ([]);
  #code = /** @type {Code[]} */ ([]);
  #variables = /** @type {Map<string, { pointer: number, isRef: boolean }>} */ (new Map());
  #bound = /** @type {Map<string, number>} */ (new Map());
  /** Values that are literals which an i32 holds. @type {Set<number>} */
  #literals = new Set();
  #turn = 0;
  isOpen = false;

  /** @param {Func} func @param {Whole} file */
  constructor(func, file) {
    this.#func = func;
    this.#file = file;
  }

  made() {
    const { name, params, result, body, generic } = this.#func;
    const isErased = generic !== undefined && this.#file.version === 2;
    const erased = { struct: this.#file.name('T') };
    /** @param {Data} type @param {boolean} [plain] @returns {Type} */
    const typeOf = (type, plain) => (isErased && !plain ? erased : this.#named(type));
    /** @type {[Type, number][]} */
    const list = params.map((each, at) => {
      const plain = params.length > 1 && at === 0; // the test of `choose`
      return [each.isRef ? 'ptr' : typeOf(each.type, plain), this.#id()];
    });
    this.#start(0);
    params.forEach((each, at) => {
      const [type, id] = list[at];
      if (each.isBound) return this.bind(each.name, id);
      // Version 2 has the reference itself at hand.
      if (each.isRef && this.#file.version === 2 && this.alternates())
        return void this.#variables.set(each.name, { pointer: id, isRef: false });
      const pointer = this.#alloca(type);
      this.#code.push(store(pointer, id, type));
      this.#variables.set(each.name, { pointer, isRef: each.isRef });
    });
    if (isErased) this.#typeNow = erased;
    for (const each of body) if (this.isOpen) each.write(this);
    if (this.isOpen) this.#end(result ? unreachable() : ret());
    return { name, params: list, result: result ? typeOf(result) : /** @type {Type} */ ('unit'), blocks: this.#blocks };
  }

  /** What all values but bools have in a function for any type. @type {Type | null} */
  #typeNow = null;

  /** @param {Data} type @returns {Type} */
  #type(type) {
    return this.#typeNow && type !== 'bool' ? this.#typeNow : this.#file.type(type);
  }

  /** Enums of version 3 are called by either name where variables and what goes through them are typed. @param {Data} type @returns {Type} */
  #named(type) {
    const isAlias = typeof type === 'object' && 'enum' in type && this.#file.version === 3 && this.alternates();
    return isAlias ? { struct: this.#file.name(type.enum) } : this.#type(type);
  }

  /** Now true, now false: where there are two ways to write the same. */
  alternates() {
    this.#turn = (Math.imul(this.#turn, 1103515245) + 12345) & 0x7fffffff;
    return this.#turn % 65536 < 32768;
  }

  /** For what no known front end writes, though it may. */
  #isRare() {
    return this.alternates() && this.alternates() && this.alternates();
  }

  #id() {
    return this.#file.ids++;
  }

  /** @param {number} id */
  #start(id) {
    this.#code = [];
    this.#blocks.push({ id, code: this.#code, end: ret() });
    this.isOpen = true;
  }

  /** @param {Code} end */
  #end(end) {
    if (this.isOpen) this.#blocks[this.#blocks.length - 1].end = end;
    this.isOpen = false;
  }

  /** @param {(result: number) => Code} write */
  #value(write) {
    const result = this.#id();
    this.#code.push(write(result));
    return result;
  }

  // ---- memory ----

  /** @param {Type} type */
  #alloca(type) {
    const version = this.#file.version;
    return this.#value((result) =>
      instruction(OP.alloca, result, 'ptr', (out) => {
        out.u32(version === 2 ? 0 : result);
        if (version === 3) out.type(type);
      }),
    );
  }

  /**
   * `isLoose`: as front ends of version 3 write what is borrowed without a name of its own: its place is said to be an i64.
   * @param {string} name @param {Data} type @param {number} value @param {boolean} [isLoose]
   */
  let(name, type, value, isLoose) {
    const named = this.#named(type);
    const pointer = this.#alloca(isLoose && !isInt(type) && type !== 'char' && !isPointer(type) ? 'i64' : named);
    this.#code.push(store(pointer, value, this.#stored(value, named)));
    this.#variables.set(name, { pointer, isRef: false });
  }

  /** @param {string} name @param {number} value */
  bind(name, value) {
    this.#bound.set(name, value);
  }

  /** @param {string} name */
  bound(name) {
    const value = this.#bound.get(name);
    if (value === undefined) throw new Error(`nothing is called ${name}`);
    return value;
  }

  /** The address of what a variable holds, or refers to. @param {string} name */
  variable(name) {
    const found = this.#variables.get(name);
    if (!found) throw new Error(`no variable is called ${name}`);
    return found.isRef ? this.#value((result) => operation(OP.load, result, 'ptr', [found.pointer])) : found.pointer;
  }

  /** @param {Data} type @param {number} pointer */
  load(type, pointer) {
    const named = this.#named(type);
    return this.#value((result) => operation(OP.load, result, named, [pointer]));
  }

  /** @param {number} pointer @param {number} value @param {Data} type */
  store(pointer, value, type) {
    this.#code.push(store(pointer, value, this.#stored(value, this.#named(type))));
  }

  /** The type that a store is said to have. @param {number} value @param {Type} type of the place @returns {Type} */
  #stored(value, type) {
    return this.#literals.has(value) && this.alternates() ? 'i32' : type;
  }

  /** @param {number} pointer @param {number[]} indices */
  #part(pointer, indices) {
    return this.#value((result) =>
      instruction(OP.gep, result, 'ptr', (out) => {
        out.u32(pointer);
        out.ids(indices);
      }),
    );
  }

  /** @param {number} pointer to a struct @param {number} at */
  field(pointer, at) {
    const number = this.constant('i32', at);
    return this.#part(pointer, this.#file.version === 2 ? [this.constant('i32', 0), number] : [number]);
  }

  /** @param {number} row @param {number} index */
  element(row, index) {
    if (!this.#isRare()) return this.#part(row, [index]);
    const moved = this.#value((result) => operation(OP.ptradd, result, 'ptr', [row, index]));
    return this.#part(moved, [this.constant('i32', 0)]);
  }

  /** What stands at one address to another. @param {number} to @param {number} from */
  copy(to, from) {
    const size = this.constant('i64', 8); // which nobody looks at
    this.#code.push((out) => {
      out.u8(OP.memcpy);
      out.type('unit');
      [to, from, size].forEach((id) => out.u32(id));
    });
  }

  // ---- values ----

  /** @param {string} type @param {number | bigint | boolean | string} value */
  constant(type, value) {
    const written = this.#file.type(type);
    if (type === 'str') return this.#value((result) => sconst(result, this.#file.literal(String(value))));
    return this.#value((result) => {
      if (type === 'bool') return instruction(OP.bconst, result, 'bool', (out) => out.u8(value ? 1 : 0));
      if (isFloat(type)) return instruction(OP.fconst, result, written, (out) => out.f64(Number(value)));
      return iconst(result, written, type === 'char' ? Number(String(value).codePointAt(0)) : BigInt(value));
    });
  }

  /** A whole number as front ends write one where they have no type for it: as an i32 even if none holds it. @param {number | bigint} value */
  literal(value) {
    const made = this.constant('i32', value);
    if (BigInt.asIntN(32, BigInt(value)) === BigInt(value)) this.#literals.add(made);
    return made;
  }

  /** @param {string} op @param {string} type @param {number} a @param {number} b */
  binary(op, type, a, b) {
    if (type === 'bool')
      return this.#value((result) => operation(INT_OPS[op], result, this.alternates() ? 'bool' : 'i8', [a, b]));
    const code = isFloat(type) ? FLOAT_OPS[op] : INT_OPS[op];
    return this.#value((result) => operation(code, result, this.#file.type(type), [a, b]));
  }

  /** @param {string} op @param {string} type @param {number} a @param {number} b */
  compare(op, type, a, b) {
    const order = ORDERS.indexOf(op);
    const form = order >= 2 && !isFloat(type) && !isSigned(type) && this.alternates() ? order + UNSIGNED_FORMS : order;
    return this.#value((result) =>
      instruction(isFloat(type) ? OP.fcmp : OP.icmp, result, 'bool', (out) => {
        [a, b].forEach((id) => out.u32(id));
        out.u8(form);
      }),
    );
  }

  /** @param {string} type @param {number} a */
  negate(type, a) {
    return this.#value((result) => operation(isFloat(type) ? OP.fneg : OP.ineg, result, this.#file.type(type), [a]));
  }

  /** @param {string} to @param {string} from @param {number} a */
  cast(to, from, a) {
    const target = this.#file.type(to);
    if (isFloat(from))
      return this.#value((result) => operation(isSigned(to) ? CASTS.fptosi : CASTS.fptoui, result, target, [a]));
    if (isFloat(to))
      return this.#value((result) => operation(isSigned(from) ? CASTS.sitofp : CASTS.uitofp, result, target, [a]));
    const bits = (/** @type {string} */ type) => (type === 'char' ? 32 : bitsOf(type));
    const op = bits(to) < bits(from) ? CASTS.trunc : isSigned(from) ? CASTS.sext : CASTS.zext;
    return this.#value((result) =>
      instruction(op, result, target, (out) => {
        out.u32(a);
        out.type(this.#file.type(from));
      }),
    );
  }

  /** A float of these bits. @param {string} to @param {number} a */
  fromBits(to, a) {
    return this.#value((result) => operation(OP.bitcast, result, this.#file.type(to), [a]));
  }

  /** @param {Struct} type @param {number[]} fields */
  struct(type, fields) {
    return this.#value((result) => instruction(MADE.struct, result, this.#type(type), (out) => out.ids(fields)));
  }

  /** @param {number} whole @param {Data} type of the field @param {number} at */
  get(whole, type, at) {
    return this.#value((result) =>
      instruction(MADE.field, result, this.#type(type), (out) => {
        out.u32(whole);
        out.u32(at);
      }),
    );
  }

  /** @param {Enum} type @param {number} variant @param {number | null} payload */
  enum(type, variant, payload) {
    return this.#value((result) =>
      instruction(MADE.enum, result, this.#type(type), (out) => {
        out.u32(variant);
        out.u8(payload === null ? 0 : 1);
        if (payload !== null) out.u32(payload);
      }),
    );
  }

  /** @param {number} whole @param {Enum} type @param {number} variant */
  payload(whole, type, variant) {
    const inner = /** @type {Data} */ (type.variants[variant]);
    const named = this.#type(type);
    return this.#value((result) =>
      instruction(MADE.payload, result, this.#type(inner), (out) => {
        [whole, variant, 0].forEach((each) => out.u32(each));
        if (this.#file.version === 3) out.type(named);
      }),
    );
  }

  /** @param {Row} type @param {number[]} values */
  row(type, values) {
    const of = this.#named(type.of);
    const storage = this.#alloca({ length: type.length, of });
    values.forEach((value, at) => {
      const element = this.element(storage, this.constant('i32', at));
      this.#code.push(store(element, value, of));
    });
    return storage;
  }

  /** @param {string} name @param {number[]} args @param {Data | null} type of the result */
  call(name, args, type) {
    const result = type ? this.#named(type) : 'unit';
    return this.#value((id) =>
      instruction(OP.call, id, result, (out) => {
        out.u32(functionNumber(name));
        out.ids(args);
      }),
    );
  }

  /** The function's number. @param {string} name */
  pointerTo(name) {
    return this.#value((result) => iconst(result, 'i64', functionNumber(name)));
  }

  /** @param {number} pointer @param {number[]} args @param {Data} type of the result */
  callThrough(pointer, args, type) {
    return this.#value((id) =>
      instruction(OP.callDyn, id, this.#type(type), (out) => {
        out.u32(pointer);
        out.ids(args);
      }),
    );
  }

  // ---- control ----

  /** @param {number} test @param {() => void} then @param {() => void} other */
  branch(test, then, other) {
    const [yes, no, next] = [this.#id(), this.#id(), this.#id()];
    this.#end(brIf(test, yes, [], no));
    this.#arm(yes, then, next);
    this.#arm(no, other, next);
    this.#start(next);
  }

  /** @param {number} id @param {() => void} body @param {number} next */
  #arm(id, body, next) {
    this.#start(id);
    body();
    this.#end(br(next));
  }

  /** A value by one of two ways: through a variable, or as a parameter of the block where they meet.
   *  @param {Data} type @param {number} test @param {() => number} then @param {() => number} other */
  choose(type, test, then, other) {
    const written = this.#type(type);
    if (this.alternates()) {
      const pointer = this.#alloca(written);
      const put = (/** @type {() => number} */ make) => () => {
        const made = make(); // which may be in another block by then
        this.#code.push(store(pointer, made, written));
      };
      this.branch(test, put(then), put(other));
      return this.#value((result) => operation(OP.load, result, written, [pointer]));
    }
    const [yes, no, next, result] = [this.#id(), this.#id(), this.#id(), this.#id()];
    this.#end(brIf(test, yes, [], no));
    for (const [id, make] of /** @type {[number, () => number][]} */ ([
      [yes, then],
      [no, other],
    ])) {
      this.#start(id);
      const made = make();
      this.#end(br(next, [made]));
    }
    this.#start(next);
    this.#blocks[this.#blocks.length - 1].params = [[written, result]];
    return result;
  }

  /** @param {() => number} test @param {() => void} body */
  while(test, body) {
    const [head, inside, next] = [this.#id(), this.#id(), this.#id()];
    this.#end(br(head));
    this.#start(head);
    this.#end(brIf(test(), inside, [], next));
    this.#arm(inside, body, head);
    this.#start(next);
  }

  /** @param {number} whole an enum @param {(() => void)[]} arms by variant */
  match(whole, arms) {
    const tagType = this.#file.version === 2 ? 'u8' : 'usize';
    const tag = this.#value((result) => operation(MADE.tag, result, tagType, [whole]));
    const ids = arms.map(() => this.#id());
    const [other, next] = [this.#id(), this.#id()];
    this.#end(
      select(
        tag,
        ids.map((id, at) => [at, id]),
        other,
      ),
    );
    arms.forEach((body, at) => this.#arm(ids[at], body, next));
    this.#start(other);
    this.#end(unreachable());
    this.#start(next);
  }

  /** @param {number} on @param {[bigint, () => void][]} arms by number @param {() => void} otherwise */
  switch(on, arms, otherwise) {
    const ids = arms.map(() => this.#id());
    const [other, next] = [this.#id(), this.#id()];
    this.#end(
      select(
        on,
        arms.map(([number], at) => [number, ids[at]]),
        other,
      ),
    );
    arms.forEach(([, body], at) => this.#arm(ids[at], body, next));
    this.#arm(other, otherwise, next);
    this.#start(next);
  }

  /** @param {number} value */
  return(value) {
    this.#end(ret(value));
  }

  /** @param {string} text @param {[string, number][]} values @param {boolean} [line] */
  print(text, values, line) {
    const literal = this.#file.literal(text);
    const args = [this.#value((result) => sconst(result, literal))];
    for (const [type, value] of values) {
      const tag = isInt(type)
        ? TAG.int
        : isFloat(type)
          ? TAG.float
          : TAG[/** @type {'bool' | 'char' | 'str'} */ (type)];
      args.push(
        this.#value((result) => iconst(result, this.#file.version === 2 ? 'i32' : 'i64', tag)),
        value,
      );
    }
    const target = functionNumber(line ? PRINTLN : PRINT);
    this.#value((result) =>
      instruction(OP.call, result, 'unit', (out) => {
        out.u32(target);
        out.ids(args);
      }),
    );
  }
}
