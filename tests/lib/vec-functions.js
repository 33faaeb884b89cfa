// `Vec` as files of version 2 have it (spec jsrs.md 11.2): ordinary functions over the heap, for elements of any type.

/** @import { FunctionWriter } from './data-to-jsrs.js' */
/** @import { Data, Enum, Func, Param, Struct } from './data-types.js' */

/** @type {Struct} */
const ANY = { struct: 'T', fields: [] };
/** @type {Struct} */
export const VEC = { struct: 'Vec', fields: ['ptr', 'i32', 'i32'] };
const FIELD = { row: 0, length: 1, room: 2 };
const SELF = { name: 'self', type: VEC, isRef: true };

/** @param {Data} of @returns {Enum} */
export const optionOf = (of) => ({ enum: 'Option', variants: [null, of] });

const number = (/** @type {FunctionWriter} */ w, /** @type {number} */ value) => w.constant('i32', value);
const row = (/** @type {FunctionWriter} */ w) => w.get(w.load(VEC, w.variable('self')), 'ptr', FIELD.row);
/** @param {FunctionWriter} w @param {'length' | 'room'} field */
const count = (w, field) => w.get(w.load(VEC, w.variable('self')), 'i32', FIELD[field]);
/** @param {FunctionWriter} w @param {'row' | 'length' | 'room'} field @param {number} value */
const set = (w, field, value) =>
  w.store(w.field(w.variable('self'), FIELD[field]), value, field === 'row' ? 'ptr' : 'i32');

/** @param {FunctionWriter} w */
function grow(w) {
  const isEmpty = w.compare('==', 'i32', count(w, 'room'), number(w, 0));
  const room = w.choose(
    'i32',
    isEmpty,
    () => number(w, 1),
    () => w.binary('+', 'i32', count(w, 'room'), count(w, 'room')),
  );
  set(w, 'row', w.call('__jsrust_realloc', [row(w), count(w, 'room'), room], 'ptr'));
  set(w, 'room', room);
}

/** @param {FunctionWriter} w */
function push(w) {
  const isFull = w.compare('==', 'i32', count(w, 'length'), count(w, 'room'));
  w.branch(
    isFull,
    () => grow(w),
    () => {},
  );
  const place = w.element(row(w), count(w, 'length'));
  w.store(place, w.load(ANY, w.variable('value')), ANY);
  set(w, 'length', w.binary('+', 'i32', count(w, 'length'), number(w, 1)));
}

/** @param {FunctionWriter} w */
function pop(w) {
  const option = optionOf(ANY);
  const isEmpty = w.compare('==', 'i32', count(w, 'length'), number(w, 0));
  const last = () => {
    set(w, 'length', w.binary('-', 'i32', count(w, 'length'), number(w, 1)));
    return w.enum(option, 1, w.load(ANY, w.element(row(w), count(w, 'length'))));
  };
  w.return(w.choose(option, isEmpty, () => w.enum(option, 0, null), last));
}

/** @param {FunctionWriter} w */
function at(w) {
  const index = () => w.load('i32', w.variable('index'));
  const isOut = w.compare('>=', 'i32', index(), count(w, 'length'));
  const fail = () => void w.call('__jsrust_panic_bounds_check', [index(), count(w, 'length')], null);
  w.branch(isOut, fail, () => {});
  w.return(w.load(ANY, w.element(row(w), index())));
}

/** @param {string} name @param {Param[]} params @param {Data | null} result @param {(w: FunctionWriter) => void} write @returns {Func} */
const func = (name, params, result, write) => ({ name, params, result, rust: '', body: [{ rust: '', write }] });

export const VEC_FUNCTIONS = [
  func('Vec::new', [], VEC, (w) =>
    w.return(w.struct(VEC, [w.call('__jsrust_alloc', [number(w, 0)], 'ptr'), number(w, 0), number(w, 0)])),
  ),
  func('Vec::len', [SELF], 'i32', (w) => w.return(count(w, 'length'))),
  func('Vec::push', [SELF, { name: 'value', type: ANY, isRef: false }], null, push),
  func('Vec::pop', [SELF], optionOf(ANY), pop),
  func('Vec::index', [SELF, { name: 'index', type: 'i32', isRef: false }], ANY, at),
];
