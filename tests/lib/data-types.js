// The types of random programs about data (random-data.js), and what their parts look like: each is Rust text and what writes
// it as JSRS at once.

/** @import { FunctionWriter } from './data-to-jsrs.js' */
/**
 * Fields are called f0, f1, ..., variants V0, V1, ...; `of`: what T stands for in a generic one.
 * @typedef {{ struct: string, fields: Data[], of?: Data }} Struct
 * @typedef {{ enum: string, variants: (Data | null)[], of?: Data }} Enum
 */
/** @typedef {{ of: Data, length: number }} Row */
/** @typedef {{ takes: string, gives: string }} Pointer  to a function */
/** @typedef {string | Struct | Enum | Row | Pointer} Data  a string: a scalar, by its name in Rust; `str` is &'static str */
/**
 * `write` returns the value's id; `literal` writes a number as the i32 that front ends make of one where its type is not at hand.
 * @typedef {{ type: Data, rust: string, write: (w: FunctionWriter) => number, literal?: (w: FunctionWriter) => number }} Value
 */
/**
 * A place that can be read, written and borrowed: `pointer` writes its address; `isBound`: it can be read alone.
 * @typedef {{ type: Data, rust: string, isBound?: boolean, pointer: (w: FunctionWriter) => number,
 *   value?: (w: FunctionWriter) => number }} Place  value: another way to read it
 */
/** @typedef {{ rust: string, write: (w: FunctionWriter) => void }} Step */
/** @typedef {{ name: string, type: Data, isRef: boolean, isBound?: boolean }} Param */
/** @typedef {{ name: string, of: Data }} Vec */
/**
 * `generic`: the type parameter T stands for it in this copy; files of version 2 have one function for all copies.
 * @typedef {{ name: string, params: Param[], result: Data | null, rust: string, body: Step[], generic?: string }} Func
 */

const SIGNED = ['i8', 'i16', 'i32', 'i64', 'i128', 'isize'];
export const UNSIGNED = ['u8', 'u16', 'u32', 'u64', 'u128', 'usize'];
export const INTS = [...SIGNED, ...UNSIGNED];
export const FLOATS = ['f32', 'f64'];

export const isInt = (/** @type {Data} */ type) => typeof type === 'string' && INTS.includes(type);
export const isSigned = (/** @type {Data} */ type) => typeof type === 'string' && SIGNED.includes(type);
export const isFloat = (/** @type {Data} */ type) => typeof type === 'string' && FLOATS.includes(type);
export const bitsOf = (/** @type {string} */ type) => (type.endsWith('size') ? 64 : Number(type.slice(1)));
/** @param {Data} a @param {Data} b */
export const same = (a, b) => rustType(a) === rustType(b);

/** @param {Data} type @returns {string} */
export function rustType(type) {
  if (typeof type === 'string') return type === 'str' ? "&'static str" : type;
  if ('takes' in type) return `fn(${rustType(type.takes)}) -> ${rustType(type.gives)}`;
  if ('length' in type) return `[${rustType(type.of)}; ${type.length}]`;
  const name = 'struct' in type ? type.struct : type.enum;
  return type.of ? `${name}<${rustType(type.of)}>` : name;
}

/** Whether a value of the type holds an array: what is passed is then the place of it. @param {Data} type @returns {boolean} */
export function holdsRow(type) {
  if (typeof type === 'string' || 'takes' in type) return false;
  if ('struct' in type) return type.fields.some(holdsRow);
  return 'enum' in type ? type.variants.some((each) => each && holdsRow(each)) : true;
}
