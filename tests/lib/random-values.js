// Types, places and values of random programs about data (random-data.js), and the functions that values come through.
import {
  parameter,
  fieldOf,
  elementOf,
  read,
  constant,
  pointerTo,
  callThrough,
  binary,
  compare,
  negate,
  passed,
  not,
  cast,
  fromBits,
  shortCircuit,
  choice,
  structValue,
  enumValue,
  rowValue,
  callValue,
  lengthOf,
  elementAt,
  block,
} from './data-parts.js';
import { FLOATS, INTS, UNSIGNED, bitsOf, holdsRow, isFloat, isInt, isSigned, rustType, same } from './data-types.js';
import { ORDERS } from './jsrs-writer.js';
import { Random } from './random.js';

/** @import { Data, Enum, Func, Param, Place, Pointer, Row, Step, Struct, Value, Vec } from './data-types.js' */

export const SCALARS = [...INTS, ...INTS, 'i32', 'i32', 'f32', 'f64', 'f64', 'bool', 'bool', 'char', 'str'];
const WORDS = ['', 'a', 'two words', '\u00fcber {}', '0123456789 0123456789 0123456789'];
const CHARS = ['a', 'Z', '0', '~', '\u00e9', '\u20ac', '\u{1f980}', '\ud7ff', '\ue000', '\u{10ffff}'];
const PAYLOAD_DEPTH = 2;

export class RandomValues extends Random {
  /** Of the file: 2 has no arrays. */
  version;
  #names = 0;
  functions = /** @type {Func[]} */ ([]);
  structs = /** @type {Struct[]} */ ([]);
  enums = /** @type {Enum[]} */ ([]);
  both = /** @type {Struct[]} */ ([]);
  /** What can be read. @type {Place[]} */
  scope = [];
  /** Never empty; files of version 2 alone have them. @type {Vec[]} */
  vecs = [];
  loops = 0;
  #isIndexing = false;
  mayFail = false;
  pointer = /** @type {Pointer | null} */ (null);

  /** @param {number} seed @param {2 | 3} version */
  constructor(seed, version) {
    super(seed);
    this.version = version;
  }

  name = () => `v${this.#names++}`;

  // ---- types ----

  /** @returns {Struct} */
  struct() {
    const fields = Array.from({ length: 1 + this.below(5) }, () => this.type(this.version === 3 && this.oneIn(5)));
    return { struct: `S${this.structs.length}`, fields };
  }

  /** @returns {Enum} */
  enum() {
    const length = this.oneIn(8) ? 1 : 2 + this.below(4);
    const variants = Array.from({ length }, () => (this.oneIn(3) ? null : this.plainType()));
    return { enum: `E${this.enums.length}`, variants };
  }

  /** @param {boolean} [rows] whether it may be an array @returns {Data} */
  type(rows = false) {
    if (rows) return { of: this.oneIn(4) ? this.#row() : this.plainType(), length: 1 + this.below(4) };
    if (this.pointer && this.oneIn(12)) return this.pointer;
    if (this.oneIn(8)) return this.#genericType();
    const made = [...this.structs, ...this.enums];
    return made.length > 0 && this.oneIn(2) ? this.pick(made) : this.pick(SCALARS);
  }

  /** Nothing in the file says what T stands for. @returns {Data} */
  #genericType() {
    const of = this.type();
    if (this.oneIn(2)) return { enum: 'Any', variants: [null, of, 'i32', of], of };
    const type = { struct: 'Both', fields: [of, 'u8', of], of };
    this.both.push(type);
    return type;
  }

  /** @returns {Row} */
  #row() {
    return { of: this.pick(SCALARS), length: 1 + this.below(3) };
  }

  /** One that holds no array. @returns {Data} */
  plainType() {
    const type = this.type();
    return holdsRow(type) ? this.pick(SCALARS) : type;
  }

  // ---- functions ----

  /** @param {Data} type @param {boolean} [isRef] @returns {Param} */
  param(type, isRef = false) {
    return { name: this.name(), type, isRef, isBound: !isRef && this.isBound() };
  }

  /** Version 2 has addresses for what is written alone. */
  isBound() {
    return this.version === 2 && this.oneIn(2);
  }

  /** @param {Omit<Func, 'rust'>} func */
  add({ name, params, result, body, generic }) {
    const list = params.map((each) => `mut ${each.name}: ${each.isRef ? '&mut ' : ''}${rustType(each.type)}`);
    const head = `pub fn ${name}(${list.join(', ')})${result ? ` -> ${rustType(result)}` : ''}`;
    const func = { name, params, result, body, generic, rust: `${head} ${block(body)}\n` };
    this.functions.push(func);
    return func;
  }

  /** @param {Value} value @returns {Step} */
  returnStep(value) {
    return { rust: `return ${value.rust};`, write: (w) => w.return(passed(w, value)) };
  }

  // ---- places and values ----

  /**
   * Any place, or part of one, of a type as asked for. @param {(type: Data) => boolean} wanted
   * @returns {Place | null}
   */
  somePlace(wanted) {
    for (let tries = 0; tries < 10 && this.scope.length > 0; tries++) {
      let place = this.pick(this.scope);
      for (let depth = 0; depth < 4 && typeof place.type === 'object'; depth++) {
        if (wanted(place.type) && this.oneIn(3)) return place;
        if ('fields' in place.type) place = fieldOf(place, this.below(place.type.fields.length));
        else if ('length' in place.type) place = elementOf(place, this.#index(place.type.length));
        else break;
      }
      if (wanted(place.type)) return place;
    }
    return null;
  }

  /** Below the length, whatever the values are. @param {number} length @returns {Value} */
  #index(length) {
    if (this.mayFail && this.oneIn(16)) return constant('usize', this.below(length + 2));
    if (this.#isIndexing || this.oneIn(2)) return constant('usize', this.below(length));
    this.#isIndexing = true;
    const number = this.scalar(this.pick(['usize', 'u8', 'i32', 'u64']), 1);
    this.#isIndexing = false;
    return binary('%', 'usize', cast('usize', number), constant('usize', length));
  }

  /** @param {Data} type @param {number} depth @returns {Value} */
  value(type, depth) {
    if (!this.oneIn(3)) {
      const place = this.somePlace((each) => same(each, type));
      if (place) return read(place);
    }
    const vecs = this.vecs.filter(({ of }) => same(of, type));
    if (vecs.length > 0 && depth > 0 && this.oneIn(2)) {
      const vec = this.pick(vecs);
      const number = cast('i32', this.scalar('u8', depth - 1));
      return elementAt(vec, this.mayFail && this.oneIn(8) ? number : binary('%', 'i32', number, lengthOf(vec)));
    }
    if (this.vecs.length > 0 && type === 'i32' && this.oneIn(8)) return lengthOf(this.pick(this.vecs));
    if (this.oneIn(6)) {
      const func = this.functions.find(({ name, params, result }) => {
        return (
          name.startsWith('helper') &&
          result &&
          same(result, type) &&
          params.every((each) => !each.isRef && !holdsRow(each.type))
        );
      });
      if (func && depth > 0 && this.loops < 2)
        return callValue(
          func.name,
          func.params.map((each) => this.value(each.type, depth - 1)),
          type,
        );
    }
    if (this.oneIn(8) && !holdsRow(type)) return this.#throughGeneric(type, depth);
    if (depth > 0 && this.oneIn(10))
      return choice(this.scalar('bool', 1), this.value(type, depth - 1), this.value(type, depth - 1));
    if (typeof type === 'string') return this.scalar(type, depth);
    if ('takes' in type)
      return pointerTo(type, this.pick(this.functions.filter((each) => each.name.startsWith('leaf'))).name);
    if ('struct' in type)
      return structValue(
        type,
        type.fields.map((each) => this.value(each, depth - 1)),
      );
    if ('enum' in type) {
      const variant = this.below(type.variants.length);
      const payload = type.variants[variant];
      return enumValue(type, variant, payload ? this.value(payload, Math.min(depth - 1, PAYLOAD_DEPTH)) : null);
    }
    return rowValue(
      type,
      Array.from({ length: type.length }, () => this.value(type.of, depth - 2)),
    );
  }

  /** The value itself, or one of two, by a function for any type. @param {Data} type @param {number} depth @returns {Value} */
  #throughGeneric(type, depth) {
    if (this.oneIn(2)) return callValue(this.#generic('same', type), [this.value(type, depth - 1)], type);
    const args = [this.scalar('bool', 1), this.value(type, depth - 1), this.value(type, depth - 1)];
    return callValue(this.#generic('choose', type), args, type);
  }

  /** The name of the function, which is made when it is wanted first. @param {'same' | 'choose'} kind @param {Data} type */
  #generic(kind, type) {
    const isOne = this.version === 2; // for all types; version 3 has a copy for each
    const name = isOne ? kind : `${kind}_${rustType(type).replace(/\W+/g, '_')}`;
    if (this.functions.some((each) => each.name === name)) return name;
    // What T stands for there does not matter, but it is told from the test by its type.
    const own = isOne ? 'i32' : type;
    const types = kind === 'choose' ? ['bool', own, own] : [own];
    const params = types.map((each) => this.param(each));
    const [first, one, two] = params.map((each) => read(parameter(each)));
    const through = (/** @type {Value} */ value) => callValue(this.#generic('same', own), [value], own);
    const result = kind === 'same' ? first : choice(first, this.oneIn(2) ? through(one) : one, two);
    const func = this.add({ name, params, result: own, body: [this.returnStep(result)], generic: 'T' });
    if (isOne) {
      const list = params.map((each) => `${each.name}: ${each.type === 'bool' ? 'bool' : 'T'}`);
      func.rust = `pub fn ${name}<T>(${list.join(', ')}) -> T { return ${result.rust}; }\n`;
    }
    return name;
  }

  /** @param {string} type @param {number} depth @returns {Value} */
  scalar(type, depth) {
    if (depth <= 0 || this.oneIn(4)) {
      const place = this.oneIn(4) ? null : this.somePlace((each) => each === type);
      return place ? read(place) : constant(type, this.number(type));
    }
    if (this.pointer && type === this.pointer.gives && this.oneIn(3)) {
      const place = this.somePlace((each) => each === this.pointer);
      if (place) return callThrough(place, this.scalar(this.pointer.takes, depth - 1));
    }
    if (type === 'str') return constant(type, this.number(type));
    if (type === 'bool') return this.#test(depth);
    if (type === 'char')
      return this.oneIn(2) ? cast('char', this.scalar('u8', depth - 1)) : constant(type, this.number(type));
    if (this.oneIn(4)) return this.#cast(type, depth - 1);
    if (isFloat(type) && this.oneIn(8)) return fromBits(type, this.scalar(type === 'f32' ? 'u32' : 'u64', depth - 1));
    if (this.oneIn(8) && !UNSIGNED.includes(type)) return negate(this.scalar(type, depth - 1));
    const op = this.pick(
      isInt(type) ? ['+', '+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'] : ['+', '-', '*', '/'],
    );
    const a = this.scalar(type, depth - 1);
    if (!isInt(type) || (op !== '/' && op !== '%')) return binary(op, type, a, this.scalar(type, depth - 1));
    if (this.mayFail && this.oneIn(8)) return binary(op, type, a, this.scalar(type, depth - 1));
    // From 1 to 15: neither 0 nor -1.
    const small = binary('&', type, this.scalar(type, depth - 1), constant(type, 15));
    return binary(op, type, a, binary('|', type, small, constant(type, 1)));
  }

  /** @param {number} depth @returns {Value} */
  #test(depth) {
    const kind = this.below(6);
    if (kind === 0) return not(this.scalar('bool', depth - 1));
    if (kind < 3) {
      const [a, b] = [this.scalar('bool', depth - 1), this.scalar('bool', depth - 1)];
      return this.oneIn(2)
        ? shortCircuit(this.pick(['&&', '||']), a, b)
        : binary(this.pick(['&', '|', '^']), 'bool', a, b);
    }
    const type = this.pick(SCALARS.filter((each) => each !== 'str'));
    return compare(this.pick(ORDERS), this.scalar(type, depth - 1), this.scalar(type, depth - 1));
  }

  /** @param {string} to a number @param {number} depth @returns {Value} */
  #cast(to, depth) {
    const from = this.pick(isInt(to) ? [...INTS, ...FLOATS, 'char'] : INTS);
    return from === to ? this.scalar(to, depth) : cast(to, this.scalar(from, depth));
  }

  /** @param {string} type @returns {number | bigint | boolean | string} */
  number(type) {
    if (type === 'bool') return this.oneIn(2);
    if (type === 'char') return this.pick(CHARS);
    if (type === 'str') return this.pick(WORDS);
    if (isFloat(type)) return this.pick([0, 1, -1, 0.5, 2.25, -3.75, 100, 1e-3, 1e20]);
    return this.pick([0, 1, 2, 3, 7, 10, this.below(100), ...extremes(type)]);
  }
}

/** Numbers of a type at its ends; of 128 bits, those that a constant of a file can be. @param {string} type */
function extremes(type) {
  const bits = BigInt(bitsOf(type));
  const most = 2n ** (isSigned(type) ? bits - 1n : bits) - 1n;
  const end = most < 2n ** 64n ? most : 2n ** 63n - 1n;
  return [
    end,
    end - 1n,
    3_000_000_000_000n <= most ? 3_000_000_000_000n : end / 2n + 1n,
    isSigned(type) ? -1n : end,
    isSigned(type) ? -end - 1n : 1n,
  ];
}
