// Places, values and statements of random programs about data (random-data.js).
import { isInt, rustType } from './data-types.js';
import { VEC } from './vec-functions.js';

/** @import { FunctionWriter } from './data-to-jsrs.js' */
/** @import { Data, Enum, Param, Place, Pointer, Row, Step, Struct, Value, Vec } from './data-types.js' */

// ---- places ----

/** @param {string} name @param {Data} type @param {boolean} isRef @returns {Place} */
export function variable(name, type, isRef) {
  return { type, rust: isRef ? `(*${name})` : name, pointer: (w) => w.variable(name) };
}

/** A name for a value, as version 2 has it of what nothing writes. @param {string} name @param {Data} type @returns {Place} */
export function bound(name, type) {
  const pointer = () => {
    throw new Error(`${name} has no address`);
  };
  return { type, rust: name, isBound: true, pointer, value: (w) => w.bound(name) };
}

/** @param {Param} param @returns {Place} */
export const parameter = ({ name, type, isRef, isBound }) =>
  isBound ? bound(name, type) : variable(name, type, isRef);

/** @param {Place} place @param {number} at @returns {Place} */
export function fieldOf(place, at) {
  const type = /** @type {Struct} */ (place.type).fields[at];
  return {
    type,
    isBound: place.isBound,
    rust: `${place.rust}.f${at}`,
    pointer: (w) => w.field(place.pointer(w), at),
    value: (w) => w.get(read(place).write(w), type, at),
  };
}

/** @param {Place} place @param {Value} index @returns {Place} */
export function elementOf(place, index) {
  const { of } = /** @type {Row} */ (place.type);
  return {
    type: of,
    isBound: place.isBound,
    rust: `${place.rust}[${index.rust}]`,
    pointer: (w) => {
      const row = w.load(place.type, place.pointer(w));
      return w.element(row, passed(w, index));
    },
    // What is read may stand in a copy of the array.
    value: (w) => {
      const row = read(place).write(w);
      return w.load(of, w.element(row, passed(w, index)));
    },
  };
}

/** The variable that a place is part of. @param {string} rust */
export const rootOf = (rust) => /** @type {RegExpExecArray} */ (/v\d+/.exec(rust))[0];

// ---- values ----

/** @param {Place} place @returns {Value} */
export function read(place) {
  const { type, rust, isBound, pointer, value } = place;
  return { type, rust, write: (w) => (value && (isBound || w.alternates()) ? value(w) : w.load(type, pointer(w))) };
}

/** @param {Place} place @returns {Value} */
export const refer = (place) => ({ type: place.type, rust: `&mut ${place.rust}`, write: (w) => place.pointer(w) });

/** @param {string} type @param {number | bigint | boolean | string} value @returns {Value} */
export function constant(type, value) {
  const plain = isInt(type) ? `${BigInt(/** @type {number | bigint} */ (value))}` : String(value);
  const rust =
    type === 'bool'
      ? plain
      : type === 'str'
        ? JSON.stringify(value)
        : type === 'char'
          ? `'\\u{${/** @type {string} */ (value).codePointAt(0)?.toString(16)}}'`
          : `(${plain}${type})`;
  const isLiteral = isInt(type) && BigInt(/** @type {number | bigint} */ (value)) < 2n ** 63n;
  const literal = (/** @type {FunctionWriter} */ w) => w.literal(/** @type {number | bigint} */ (value));
  return { type, rust, write: (w) => w.constant(type, value), literal: isLiteral ? literal : undefined };
}

/** Writes it where what takes it has a type of its own. @param {FunctionWriter} w @param {Value} value */
export const passed = (w, { write, literal }) => (literal && w.alternates() ? literal(w) : write(w));

/** @param {Pointer} type @param {string} name @returns {Value} */
export const pointerTo = (type, name) => ({
  type,
  rust: `(${name} as ${rustType(type)})`,
  write: (w) => w.pointerTo(name),
});

/** @param {Place} place of a pointer to a function @param {Value} argument @returns {Value} */
export function callThrough(place, argument) {
  const { gives } = /** @type {Pointer} */ (place.type);
  return {
    type: gives,
    rust: `(${place.rust})(${argument.rust})`,
    write: (w) => w.callThrough(read(place).write(w), [argument.write(w)], gives),
  };
}

/** @param {string} op @param {string} type @param {Value} a @param {Value} b @returns {Value} */
export function binary(op, type, a, b) {
  const shift = { '<<': 'shl', '>>': 'shr' }[op];
  const rust = shift ? `${a.rust}.wrapping_${shift}(${b.rust} as u32)` : `(${a.rust} ${op} ${b.rust})`;
  return { type, rust, write: (w) => w.binary(op, type, passed(w, a), passed(w, b)) };
}

/** @param {string} op @param {Value} a @param {Value} b @returns {Value} */
export const compare = (op, a, b) => ({
  type: 'bool',
  rust: `(${a.rust} ${op} ${b.rust})`,
  write: (w) => w.compare(op, /** @type {string} */ (a.type), passed(w, a), passed(w, b)),
});

/** @param {Value} a @returns {Value} */
export const negate = (a) => ({
  type: a.type,
  rust: `(-${a.rust})`,
  write: (w) => w.negate(/** @type {string} */ (a.type), passed(w, a)),
});

/** @param {Value} a @returns {Value} */
export const not = (a) => ({
  type: 'bool',
  rust: `(!${a.rust})`,
  write: (w) => w.binary('^', 'bool', a.write(w), w.constant('bool', true)),
});

/** @param {string} to @param {Value} a @returns {Value} */
export const cast = (to, a) => ({
  type: to,
  rust: `(${a.rust} as ${to})`,
  write: (w) => w.cast(to, /** @type {string} */ (a.type), a.write(w)),
});

/** @param {string} type @param {Value} a @returns {Value} */
export const fromBits = (type, a) => ({
  type,
  rust: `${type}::from_bits(${a.rust})`,
  write: (w) => w.fromBits(type, a.write(w)),
});

/** @param {string} op @param {Value} a @param {Value} b @returns {Value} */
export const shortCircuit = (op, a, b) => ({
  type: 'bool',
  rust: `(${a.rust} ${op} ${b.rust})`,
  write: (w) => {
    const other = () => w.constant('bool', op === '||');
    const [then, otherwise] = op === '&&' ? [() => b.write(w), other] : [other, () => b.write(w)];
    return w.choose('bool', a.write(w), then, otherwise);
  },
});

/** @param {Value} test @param {Value} one @param {Value} two @returns {Value} */
export const choice = (test, one, two) => ({
  type: one.type,
  rust: `(if ${test.rust} { ${one.rust} } else { ${two.rust} })`,
  write: (w) =>
    w.choose(
      one.type,
      test.write(w),
      () => passed(w, one),
      () => passed(w, two),
    ),
});

/** @param {Struct} type @param {Value[]} fields @returns {Value} */
export const structValue = (type, fields) => ({
  type,
  rust: `${type.struct} { ${fields.map(({ rust }, at) => `f${at}: ${rust}`).join(', ')} }`,
  write: (w) =>
    w.struct(
      type,
      fields.map((each) => passed(w, each)),
    ),
});

/** @param {Enum} type @param {number} variant @param {Value | null} payload @returns {Value} */
export const enumValue = (type, variant, payload) => ({
  type,
  rust: `${type.enum}::V${variant}${payload ? `(${payload.rust})` : ''}`,
  write: (w) => w.enum(type, variant, payload && passed(w, payload)),
});

/** @param {Row} type @param {Value[]} values @returns {Value} */
export const rowValue = (type, values) => ({
  type,
  rust: `[${values.map(({ rust }) => rust).join(', ')}]`,
  write: (w) =>
    w.row(
      type,
      values.map((each) => passed(w, each)),
    ),
});

/** @param {string} name @param {Value[]} args @param {Data} type @returns {Value} */
export const callValue = (name, args, type) => ({
  type,
  rust: `${name}(${args.map(({ rust }) => rust).join(', ')})`,
  write: (w) =>
    w.call(
      name,
      args.map((each) => passed(w, each)),
      type,
    ),
});

/** @param {Vec} vec @returns {Value} */
export const lengthOf = (vec) => ({
  type: 'i32',
  rust: `(${vec.name}.len() as i32)`,
  write: (w) => w.call('Vec::len', [w.variable(vec.name)], 'i32'),
});

/** @param {Vec} vec @param {Value} index an i32 below the length @returns {Value} */
export const elementAt = (vec, index) => ({
  type: vec.of,
  rust: `${vec.name}[${index.rust} as usize]`,
  write: (w) => w.call('Vec::index', [w.variable(vec.name), index.write(w)], vec.of),
});

// ---- statements ----

/** @param {Vec} vec @returns {Step} */
export const newVec = ({ name, of }) => ({
  rust: `let mut ${name}: Vec<${rustType(of)}> = Vec::new();`,
  write: (w) => w.let(name, VEC, w.call('Vec::new', [], VEC)),
});

/** The value first: it may read the vector. @param {Vec} vec @param {Value} value @returns {Step} */
export const pushOn = ({ name }, value) => ({
  rust: `{ let value = ${value.rust}; ${name}.push(value); }`,
  write: (w) => {
    const made = passed(w, value);
    w.call('Vec::push', [w.variable(name), made], null);
  },
});

/** @param {Step[]} steps */
export const block = (steps) => `{\n${steps.map(({ rust }) => rust).join('\n')}\n}`;

/** @param {FunctionWriter} w @param {Step[]} steps */
export function writeAll(w, steps) {
  for (const each of steps) if (w.isOpen) each.write(w);
}

/** @param {Value} test @param {Step[]} then @param {Step[]} other @returns {Step} */
export const ifStep = (test, then, other) => ({
  rust: `if ${test.rust} ${block(then)} else ${block(other)}`,
  write: (w) =>
    w.branch(
      test.write(w),
      () => writeAll(w, then),
      () => writeAll(w, other),
    ),
});

/** @param {string} name @param {Value} value @param {boolean} [isLoose] @returns {Step} */
export const letStep = (name, value, isLoose) => ({
  rust: `let mut ${name}: ${rustType(value.type)} = ${value.rust};`,
  write: (w) => w.let(name, value.type, passed(w, value), isLoose),
});

/** @param {string} name @param {Value} value @returns {Step} */
export const bindStep = (name, value) => ({
  rust: `let ${name}: ${rustType(value.type)} = ${value.rust};`,
  write: (w) => w.bind(name, passed(w, value)),
});

/** The value first, as in Rust. @param {Place} place @param {Value} value @returns {Step} */
export const assign = (place, value) => ({
  rust: `${place.rust} = ${value.rust};`,
  write: (w) => {
    const made = passed(w, value);
    w.store(place.pointer(w), made, place.type);
  },
});

/** @param {Place} place @param {Place} from @returns {Step} */
export const copyStep = (place, from) => ({
  rust: `${place.rust} = ${from.rust};`,
  write: (w) => w.copy(place.pointer(w), from.pointer(w)),
});

/** @param {string} name @param {Value[]} args @returns {Step} */
export const callStep = (name, args) => ({
  rust: `${name}(${args.map(({ rust }) => rust).join(', ')});`,
  write: (w) =>
    void w.call(
      name,
      args.map((each) => passed(w, each)),
      null,
    ),
});

/** @param {string} type @param {Value} value @returns {Step} */
export const print = (type, value) => ({
  rust: `print!("{} ", ${value.rust});`,
  write: (w) => w.print('{} ', [[type, value.write(w)]]),
});

/** @param {string} words @returns {Step} */
export const text = (words) => ({ rust: `println!("${words}");`, write: (w) => w.print(words, [], true) });
