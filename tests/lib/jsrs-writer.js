// A small assembler for JSRS (spec jsrs.md 1-5), for programs that no corpus holds: endless loops, floods of
// output, files with a hundred thousand functions, random programs. Knows only the instructions that these need.

const MAGIC = 0x52534a53;
const WORD_BYTES = 4;
const FIRST_NAME = 1; // behind the module's
const INT = { i8: 0, i16: 1, i32: 2, i64: 3, i128: 4, isize: 5, u8: 6, u16: 7, u32: 8, u64: 9, u128: 10, usize: 11 };
const FLOAT = { f32: 0, f64: 1 };

/** Instructions by number (spec 4). */
export const OP = {
  fconst: 1,
  bconst: 2,
  ineg: 13,
  fneg: 14,
  icmp: 20,
  fcmp: 21,
  alloca: 22,
  load: 23,
  memcpy: 25,
  gep: 26,
  ptradd: 27,
  bitcast: 35,
  call: 36,
  callDyn: 43,
};
/** Those of Rust's operators. @type {Record<string, number>} */
export const INT_OPS = { '+': 4, '-': 5, '*': 6, '/': 7, '%': 8, '&': 15, '|': 16, '^': 17, '<<': 18, '>>': 19 };
/** @type {Record<string, number>} */
export const FLOAT_OPS = { '+': 9, '-': 10, '*': 11, '/': 12 };
export const CASTS = { trunc: 28, sext: 29, zext: 30, fptoui: 31, fptosi: 32, uitofp: 33, sitofp: 34 };
/** By the number that `icmp` and `fcmp` have for them. */
export const ORDERS = ['==', '!=', '<', '<=', '>', '>='];
/** What is added to an order's number for those of unsigned numbers. */
export const UNSIGNED_FORMS = 4;

export const PRINTLN = '__jsrust_builtin_println_fmt';
export const PRINT = '__jsrust_builtin_print_fmt';
export const PRINTLN_BYTES = '__jsrust_builtin_println_bytes';
export const PRINT_BYTES = '__jsrust_builtin_print_bytes';

/**
 * Structs and enums by the number of their name among `names` of the program.
 * @typedef {keyof INT | keyof FLOAT | 'bool' | 'ptr' | 'unit' | { struct: number } | { enum: number }
 *   | { length: number, of: Type } | { params: Type[], result: Type }} Type
 */
/** @typedef {(out: Bytes) => void} Code  writes one instruction or terminator */
/** @typedef {{ id: number, params?: [Type, number][], code?: Code[], end: Code }} Block */
/** @typedef {{ name: string, params?: [Type, number][], result?: Type, blocks: Block[] }} Func */

class Bytes {
  #bytes = new Uint8Array(1024);
  length = 0;

  /** @param {number} count */
  #room(count) {
    if (this.length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.length + count));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  /** @param {number} value */
  u8(value) {
    this.#room(1);
    this.#bytes[this.length++] = value;
  }

  /** @param {number} value */
  u32(value) {
    for (let shift = 0; shift < 32; shift += 8) this.u8((value >>> shift) & 0xff);
  }

  /** @param {number | bigint} value */
  i64(value) {
    const bits = BigInt.asUintN(64, BigInt(value));
    this.u32(Number(bits & 0xffffffffn));
    this.u32(Number(bits >> 32n));
  }

  /** @param {string} value */
  text(value) {
    const bytes = new TextEncoder().encode(value);
    this.u32(bytes.length);
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** @param {number} value */
  f64(value) {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value, true);
    for (let at = 0; at < 8; at++) this.u8(view.getUint8(at));
  }

  /** @param {Type} type */
  type(type) {
    if (typeof type === 'object') this.#made(type);
    else if (type in INT) {
      this.u8(0);
      this.u8(INT[/** @type {keyof INT} */ (type)]);
    } else if (type in FLOAT) {
      this.u8(1);
      this.u8(FLOAT[/** @type {keyof FLOAT} */ (type)]);
    } else this.u8({ bool: 2, ptr: 3, unit: 4 }[/** @type {'bool' | 'ptr' | 'unit'} */ (type)]);
  }

  /** @param {Exclude<Type, string>} type */
  #made(type) {
    if ('struct' in type || 'enum' in type) {
      this.u8('struct' in type ? 5 : 6);
      this.u32(FIRST_NAME + ('struct' in type ? type.struct : type.enum));
    } else if ('of' in type) {
      this.u8(7);
      this.u32(type.length);
      this.type(type.of);
    } else {
      this.u8(8);
      this.list(type.params, (param) => this.type(param));
      this.type(type.result);
    }
  }

  /** @template T @param {T[]} items @param {(item: T) => void} write */
  list(items, write) {
    this.u32(items.length);
    items.forEach(write);
  }

  /** @param {number[]} ids */
  ids(ids) {
    this.list(ids, (id) => this.u32(id));
  }

  done() {
    return this.#bytes.slice(0, this.length);
  }
}

/** Number by which calls name a function (spec 11.1). @param {string} name */
export function functionNumber(name) {
  let hash = 0;
  for (const byte of new TextEncoder().encode(name)) hash = (Math.imul(hash, 31) + byte) | 0;
  return Math.abs(hash) % 1_000_000;
}

/** Any instruction with a result. @param {number} op @param {number} result @param {Type} type @param {Code} payload @returns {Code} */
export const instruction = (op, result, type, payload) => (out) => {
  out.u8(op);
  out.u32(result);
  out.type(type);
  payload(out);
};

/** @param {number} result @param {Type} type @param {number | bigint} value */
export const iconst = (result, type, value) => instruction(0, result, type, (out) => out.i64(value));
/** @param {number} result @param {Type} type @param {number} a @param {number} b */
export const iadd = (result, type, a, b) => operation(4, result, type, [a, b]);
/** @param {number} op @param {number} result @param {Type} type @param {number[]} operands */
export const operation = (op, result, type, operands) =>
  instruction(op, result, type, (out) => operands.forEach((id) => out.u32(id)));
/** @param {number} result @param {Type} type @param {number} [length] of an array of the type */
export const alloca = (result, type, length) =>
  instruction(22, result, 'ptr', (out) => {
    out.u32(result);
    if (length !== undefined) {
      out.u8(7);
      out.u32(length);
    }
    out.type(type);
  });
/** @param {number} place @param {number} value @param {Type} type @returns {Code} */
export const store = (place, value, type) => (out) => {
  out.u8(24);
  out.type('unit');
  out.u32(place);
  out.u32(value);
  out.type(type);
};
/** Less than, signed. @param {number} result @param {number} a @param {number} b */
export const lessThan = (result, a, b) =>
  instruction(20, result, 'bool', (out) => {
    out.u32(a);
    out.u32(b);
    out.u8(2);
  });
/** @param {number} result @param {number} literal */
export const sconst = (result, literal) => instruction(42, result, 'ptr', (out) => out.u32(literal));
/** @param {number} result @param {Type} type @param {string} name @param {number[]} args */
export const call = (result, type, name, args) =>
  instruction(36, result, type, (out) => {
    out.u32(functionNumber(name));
    out.ids(args);
  });

/** @param {number} [value] @returns {Code} */
export const ret = (value) => (out) => {
  out.u8(0);
  out.u8(value === undefined ? 0 : 1);
  if (value !== undefined) out.u32(value);
};
/** @returns {Code} */
export const unreachable = () => (out) => out.u8(4);
/** @param {number} target @param {number[]} [args] @returns {Code} */
export const br =
  (target, args = []) =>
  (out) => {
    out.u8(1);
    out.u32(target);
    out.ids(args);
  };
/** @param {number} condition @param {number} then @param {number[]} thenArgs @param {number} other @returns {Code} */
export const brIf = (condition, then, thenArgs, other) => (out) => {
  out.u8(2);
  out.u32(condition);
  out.u32(then);
  out.ids(thenArgs);
  out.u32(other);
  out.ids([]);
};
/** A switch: blocks by number. @param {number} selector @param {[number | bigint, number][]} cases @param {number} other @returns {Code} */
export const select = (selector, cases, other) => (out) => {
  out.u8(3);
  out.u32(selector);
  out.list(cases, ([value, target]) => {
    out.i64(value);
    out.u32(target);
    out.ids([]);
  });
  out.u32(other);
  out.ids([]);
};

/**
 * `names`: of types; `structs` and `enums`: their definitions, by the number of the name; enums of version 3 have another name
 * for people. Version 1 has no literals.
 * @param {{ version?: 1 | 2 | 3, literals?: string[], functions: Func[], names?: string[],
 *   structs?: { name: number, fields: Type[] }[],
 *   enums?: { name: number, shown: number, variants: Type[][] }[] }} program
 * @returns {Uint8Array} the file
 */
export function assemble({ version = 3, literals = [], functions, names = [], structs = [], enums = [] }) {
  const strings = new Bytes();
  strings.list(['module', ...names, ...functions.map(({ name }) => name)], (name) => strings.text(name));
  const types = new Bytes();
  const typeList = (/** @type {Type[]} */ list) => types.list(list, (type) => types.type(type));
  types.list(structs, ({ name, fields }) => {
    types.u32(FIRST_NAME + name);
    typeList(fields);
  });
  types.list(enums, ({ name, shown, variants }) => {
    types.u32(FIRST_NAME + name);
    types.u32(FIRST_NAME + shown);
    types.list(variants, typeList);
  });
  const literalSection = new Bytes();
  literalSection.list(literals, (text) => literalSection.text(text));
  const globals = new Bytes();
  globals.list([], () => {});
  const code = new Bytes();
  code.u32(functions.length);
  functions.forEach((each, index) => writeFunction(code, each, FIRST_NAME + names.length + index));

  const sections = [strings, types, ...(version === 1 ? [] : [literalSection]), globals, code];
  const file = new Bytes();
  const words = [MAGIC, version, 0];
  words.forEach((value) => file.u32(value));
  const header = WORD_BYTES * (words.length + sections.length);
  let offset = header;
  for (const section of sections) {
    file.u32(offset);
    offset += section.length;
  }
  const whole = new Uint8Array(offset);
  whole.set(file.done());
  let at = header;
  for (const section of sections) {
    whole.set(section.done(), at);
    at += section.length;
  }
  return whole;
}

/** @param {Bytes} out @param {Func} func @param {number} nameString */
function writeFunction(out, { params = [], result = 'unit', blocks }, nameString) {
  /** @param {[Type, number]} param */
  const param = ([type, id]) => {
    out.type(type);
    out.u32(id);
  };
  out.u32(nameString);
  out.list(params, param);
  out.type(result);
  out.list([], () => {});
  out.list(blocks, ({ id, params: blockParams = [], code = [], end }) => {
    out.u32(id);
    out.list(blockParams, param);
    out.list(code, (write) => write(out));
    end(out);
  });
}

/** `fn main() { loop {} }`, with an addition in it so that steps pass. */
export function endlessLoop() {
  return assemble({
    functions: [
      {
        name: 'main',
        blocks: [
          { id: 0, code: [iconst(1, 'i64', 0)], end: br(1, [1]) },
          { id: 1, params: [['i64', 2]], code: [iconst(3, 'i64', 1), iadd(4, 'i64', 2, 3)], end: br(1, [4]) },
        ],
      },
    ],
  });
}

/** The same by a switch that leads back to its own block, in which nothing stands. */
export function endlessSwitch() {
  /** @type {[number, number][]} */
  const cases = [0, 1, 2, 3, 4].map((value) => [value, value === 0 ? 1 : 2]);
  return assemble({
    functions: [
      {
        name: 'main',
        blocks: [
          { id: 0, code: [iconst(1, 'i64', 0)], end: br(1) },
          { id: 1, end: select(1, cases, 2) },
          { id: 2, end: ret() },
        ],
      },
    ],
  });
}

/**
 * Prints `line N ...` for N from 0 up to a count, which it returns.
 * @param {number} count
 * @param {string} [template] one `{}`
 */
export function printLines(count, template = 'line {} of many, all of them alike but for the number') {
  return assemble({
    literals: [template],
    functions: [
      {
        name: 'main',
        result: 'i64',
        blocks: [
          { id: 0, code: [iconst(1, 'i64', 0)], end: br(1, [1]) },
          {
            id: 1,
            params: [['i64', 2]],
            code: [
              sconst(3, 0),
              iconst(4, 'i64', 1),
              call(5, 'unit', PRINTLN, [3, 4, 2]),
              iconst(6, 'i64', 1),
              iadd(7, 'i64', 2, 6),
              iconst(8, 'i64', count),
              lessThan(9, 7, 8),
            ],
            end: brIf(9, 1, [7], 2),
          },
          { id: 2, end: ret(7) },
        ],
      },
    ],
  });
}

/** Prints for ever. */
export function endlessPrinter() {
  return printLines(Number.MAX_SAFE_INTEGER);
}

/**
 * Counts to `rounds`, calling `next` for each step: a long run with calls.
 * @param {number} rounds
 */
export function countingCalls(rounds) {
  return assemble({
    functions: [
      {
        name: 'main',
        result: 'i64',
        blocks: [
          { id: 0, code: [iconst(1, 'i64', 0)], end: br(1, [1]) },
          {
            id: 1,
            params: [['i64', 2]],
            code: [call(3, 'i64', 'next', [2]), iconst(4, 'i64', rounds), lessThan(5, 3, 4)],
            end: brIf(5, 1, [3], 2),
          },
          { id: 2, end: ret(3) },
        ],
      },
      {
        name: 'next',
        params: [['i64', 10]],
        result: 'i64',
        blocks: [{ id: 0, code: [iconst(11, 'i64', 1), iadd(12, 'i64', 10, 11)], end: ret(12) }],
      },
    ],
  });
}

/**
 * A file with many functions; `main` calls the last one.
 * @param {number} count
 */
export function manyFunctions(count) {
  // Numbers come from names and collide: leave out the names that would (spec 11.1).
  const taken = new Set([functionNumber('main')]);
  /** @type {Func[]} */
  const functions = [];
  for (let i = 0; functions.length < count; i++) {
    const name = `helper_${i}`;
    const number = functionNumber(name);
    if (taken.has(number)) continue;
    taken.add(number);
    functions.push({ name, result: 'i64', blocks: [{ id: 0, code: [iconst(1, 'i64', i)], end: ret(1) }] });
  }
  const last = functions[functions.length - 1].name;
  const main = { id: 0, code: [call(1, 'i64', last, [])], end: ret(1) };
  return assemble({ functions: [...functions, { name: 'main', result: 'i64', blocks: [main] }] });
}
