// Random programs about data: structs and enums in one another, arrays of them, references, copies, generic functions,
// recursion, numbers of all twelve types. They end, and mean the same in Rust (release mode) and in JSRS; one in three may
// fail, by an index out of bounds or a division. Each part of a program is made as both at once: its Rust text, and what
// writes it as JSRS the way the JSRust front ends do (data-parts.js, data-to-jsrs.js).
import {
  variable,
  bound,
  parameter,
  fieldOf,
  elementOf,
  rootOf,
  read,
  refer,
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
  ifStep,
  lengthOf,
  elementAt,
  newVec,
  pushOn,
  block,
  writeAll,
  letStep,
  bindStep,
  assign,
  copyStep,
  callStep,
  print,
  text,
} from './data-parts.js';
import { FLOATS, INTS, UNSIGNED, bitsOf, holdsRow, isFloat, isInt, isSigned, rustType, same } from './data-types.js';
import { Random } from './random.js';
import { VEC_FUNCTIONS, optionOf } from './vec-functions.js';

/** @import { Data, Enum, Func, Param, Place, Pointer, Row, Step, Struct, Value, Vec } from './data-types.js' */

const SCALARS = [...INTS, ...INTS, 'i32', 'i32', 'f32', 'f64', 'f64', 'bool', 'bool', 'char', 'str'];
const WORDS = ['', 'a', 'two words', '\u00fcber {}', '0123456789 0123456789 0123456789'];
const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='];
const CHARS = ['a', 'Z', '0', '~', '\u00e9', '\u20ac', '\u{1f980}', '\ud7ff', '\ue000', '\u{10ffff}'];
const PAYLOAD_DEPTH = 2;
const DEPTH = 3; // of statements in one another

/** @param {number} seed @param {2 | 3} version of the file: 2 has no arrays */
export function randomData(seed, version) {
  return new Maker(seed, version).program();
}

/** @typedef {ReturnType<typeof randomData>} Program */

class Maker extends Random {
  #version;
  #names = 0;
  #loops = 0;
  #depth = 0;
  #functions = /** @type {Func[]} */ ([]);
  #structs = /** @type {Struct[]} */ ([]);
  #enums = /** @type {Enum[]} */ ([]);
  #both = /** @type {Struct[]} */ ([]);
  #shown = /** @type {Map<string, Func>} */ (new Map());
  /** What can be read. @type {Place[]} */
  #scope = [];
  /** Never empty; files of version 2 alone have them. @type {Vec[]} */
  #vecs = [];
  /** Names that nothing may write: counters. @type {Set<string>} */
  #fixed = new Set();
  #result = /** @type {Data | null} */ (null);
  #isIndexing = false;
  #isRecursive = false;
  #mayFail = false;
  #pointer = /** @type {Pointer | null} */ (null);

  /** @param {number} seed @param {2 | 3} version */
  constructor(seed, version) {
    super(seed);
    this.#version = version;
  }

  #name = () => `v${this.#names++}`;

  program() {
    this.#mayFail = this.oneIn(3);
    if (this.oneIn(2)) this.#pointer = { takes: this.pick(SCALARS), gives: this.pick(SCALARS) };
    for (let left = 2 + this.below(4); left > 0; left--) {
      if (this.oneIn(2)) this.#structs.push(this.#struct());
      else this.#enums.push(this.#enum());
    }
    if (this.#version === 2) this.#functions.push(...VEC_FUNCTIONS);
    const pointer = this.#pointer;
    this.#pointer = null; // until there are functions to point to
    for (let left = pointer ? 2 + this.below(2) : 0; pointer && left > 0; left--) this.#leaf(`leaf_${left}`, pointer);
    this.#pointer = pointer;
    for (let left = this.below(4); left > 0; left--) this.#function(`helper_${left}`);
    if (this.oneIn(2)) this.#recursive();
    this.#main();
    return { version: this.#version, structs: this.#structs, enums: this.#enums, functions: this.#functions };
  }

  // ---- types ----

  /** @returns {Struct} */
  #struct() {
    const fields = Array.from({ length: 1 + this.below(5) }, () => this.#type(this.#version === 3 && this.oneIn(5)));
    return { struct: `S${this.#structs.length}`, fields };
  }

  /** @returns {Enum} */
  #enum() {
    const length = this.oneIn(8) ? 1 : 2 + this.below(4);
    const variants = Array.from({ length }, () => (this.oneIn(3) ? null : this.#plainType()));
    return { enum: `E${this.#enums.length}`, variants };
  }

  /** @param {boolean} [rows] whether it may be an array @returns {Data} */
  #type(rows = false) {
    if (rows) return { of: this.oneIn(4) ? this.#row() : this.#plainType(), length: 1 + this.below(4) };
    if (this.#pointer && this.oneIn(12)) return this.#pointer;
    if (this.oneIn(8)) return this.#genericType();
    const made = [...this.#structs, ...this.#enums];
    return made.length > 0 && this.oneIn(2) ? this.pick(made) : this.pick(SCALARS);
  }

  /** Nothing in the file says what T stands for. @returns {Data} */
  #genericType() {
    const of = this.#type();
    if (this.oneIn(2)) return { enum: 'Any', variants: [null, of, 'i32', of], of };
    const type = { struct: 'Both', fields: [of, 'u8', of], of };
    this.#both.push(type);
    return type;
  }

  /** @returns {Row} */
  #row() {
    return { of: this.pick(SCALARS), length: 1 + this.below(3) };
  }

  /** One that holds no array. @returns {Data} */
  #plainType() {
    const type = this.#type();
    return holdsRow(type) ? this.pick(SCALARS) : type;
  }

  // ---- functions ----

  /** One that pointers may lead to. @param {string} name @param {Pointer} pointer */
  #leaf(name, { takes, gives }) {
    const params = [this.#param(takes)];
    this.#begin(params, gives);
    this.#add({ name, params, result: gives, body: [this.#return(this.#scalar(gives, 3))] });
  }

  /** @param {Data} type @param {boolean} [isRef] @returns {Param} */
  #param(type, isRef = false) {
    return { name: this.#name(), type, isRef, isBound: !isRef && this.#isBound() };
  }

  /** Version 2 has addresses for what is written alone. */
  #isBound() {
    return this.#version === 2 && this.oneIn(2);
  }

  #signature() {
    const params = Array.from({ length: this.below(4) }, () => {
      return this.#param(this.#type(this.#version === 3 && this.oneIn(5)), this.oneIn(3));
    });
    return { params, result: this.oneIn(4) ? null : this.#plainType() };
  }

  /** One that calls itself, or two that call each other, as often as their first parameter says. */
  #recursive() {
    const names = this.oneIn(2) ? ['turn_1'] : ['turn_1', 'turn_2'];
    const group = names.map((name) => {
      const { params, result } = this.#signature();
      return { name, params: [this.#param('i32'), ...params], result };
    });
    this.#isRecursive = true;
    for (const { name, params, result } of group) {
      this.#begin(params, result);
      this.#fixed.add(params[0].name);
      const left = read(parameter(params[0]));
      const body = this.#steps(this.below(3));
      const fewer = binary('-', 'i32', left, constant('i32', 1));
      const again = this.#inside(() => [...this.#callOf(this.pick(group), fewer), ...this.#steps(this.below(2))]);
      body.push(ifStep(compare('>', left, constant('i32', 0)), again, []), ...this.#steps(this.below(3)));
      if (result) body.push(this.#return(this.#value(result, 2)));
      this.#add({ name, params, result, body });
    }
    this.#isRecursive = false;
  }

  /** @param {string} name */
  #function(name) {
    const { params, result } = this.#signature();
    this.#begin(params, result);
    const body = this.#steps(2 + this.below(5));
    if (result) body.push(this.#return(this.#value(result, 2)));
    this.#add({ name, params, result, body });
  }

  /** @param {Param[]} params @param {Data | null} result */
  #begin(params, result) {
    this.#scope = [];
    this.#vecs = [];
    this.#fixed = new Set();
    this.#result = result;
    this.#scope.push(...params.map(parameter));
  }

  /** @param {Omit<Func, 'rust'>} func */
  #add({ name, params, result, body, generic }) {
    const list = params.map((each) => `mut ${each.name}: ${each.isRef ? '&mut ' : ''}${rustType(each.type)}`);
    const head = `pub fn ${name}(${list.join(', ')})${result ? ` -> ${rustType(result)}` : ''}`;
    const func = { name, params, result, body, generic, rust: `${head} ${block(body)}\n` };
    this.#functions.push(func);
    return func;
  }

  #main() {
    this.#begin([], null);
    const body = [...Array.from({ length: 4 + this.below(6) }, () => this.#let()), ...this.#steps(10)];
    for (const place of this.#scope) body.push(this.#show(place));
    for (const vec of this.#vecs) body.push(this.#showVec(vec));
    // What is made nowhere at all has the fields of what is: files of version 2 have no other word on it.
    this.#scope = [];
    this.#vecs = [];
    for (const type of this.#both) {
      const fields = type.fields.map((each) => this.#value(each, 1));
      body.unshift(letStep(this.#name(), structValue(type, fields)));
    }
    // A file that names no function as a number may call any function through one.
    const leaf = this.#functions.find((each) => each.name.startsWith('leaf'));
    if (this.#pointer && leaf) body.unshift(letStep(this.#name(), pointerTo(this.#pointer, leaf.name)));
    this.#add({ name: 'main', params: [], result: null, body });
  }

  /** A function that prints all of a value. @param {Data} type @returns {Func} */
  #shower(type) {
    const key = rustType(type);
    const known = this.#shown.get(key);
    if (known) return known;
    const outer = { scope: this.#scope, vecs: this.#vecs, fixed: this.#fixed, result: this.#result };
    const param = this.#param(type);
    const place = parameter(param);
    /** @type {Step[]} */
    const body = [];
    if (typeof type === 'string') body.push(print(type, read(place)));
    else if ('takes' in type)
      body.push(print(type.gives, callThrough(place, constant(type.takes, this.#number(type.takes)))));
    else if ('struct' in type) type.fields.forEach((_, at) => body.push(this.#show(fieldOf(place, at))));
    else if ('enum' in type)
      body.push(this.#matching(place, (at, inner) => [text(`V${at}`), ...(inner ? [this.#show(inner)] : [])]));
    else for (let at = 0; at < type.length; at++) body.push(this.#show(elementOf(place, constant('usize', at))));
    this.#scope = outer.scope;
    this.#vecs = outer.vecs;
    this.#fixed = outer.fixed;
    this.#result = outer.result;
    const func = this.#add({ name: `show_${this.#shown.size}`, params: [param], result: null, body });
    this.#shown.set(key, func);
    return func;
  }

  /** @param {Place} place @returns {Step} */
  #show(place) {
    if (typeof place.type === 'string' && this.oneIn(2)) return print(place.type, read(place));
    const { name } = this.#shower(place.type);
    return callStep(name, [read(place)]);
  }

  // ---- statements ----

  /** @param {number} count @returns {Step[]} */
  #steps(count) {
    return Array.from({ length: count }, () => this.#step()).flat();
  }

  /** In a scope of its own. @param {number} count @param {Place | null} [more] what else it may read */
  #block(count, more = null) {
    return this.#inside(() => {
      if (more) this.#scope.push(more);
      return this.#steps(count);
    });
  }

  /** What is made there knows all that is around it, and nothing around it knows that. @param {() => Step[]} make */
  #inside(make) {
    const outer = { scope: this.#scope, vecs: this.#vecs };
    this.#scope = [...outer.scope];
    this.#vecs = [...outer.vecs];
    this.#depth++;
    const made = make();
    this.#depth--;
    this.#scope = outer.scope;
    this.#vecs = outer.vecs;
    return made;
  }

  /** @returns {Step[]} */
  #step() {
    const kind = this.#depth < DEPTH ? this.below(16) : 6 + this.below(10);
    if (kind < 2 && this.#loops < 2) return this.#loop();
    if (kind < 4) return [this.#if()];
    if (kind < 6) {
      const place = this.#somePlace((type) => typeof type === 'object' && 'enum' in type);
      if (place) return [this.#matching(place, (_, inner) => this.#block(this.below(3), inner))];
    }
    if (kind === 6) return [this.#switch()];
    if (kind === 7) return this.#call();
    if (kind < 12) {
      const place = this.#somePlace(() => true);
      if (place && !place.isBound && !this.#fixed.has(place.rust)) {
        const from = this.oneIn(4) ? this.#somePlace((each) => same(each, place.type)) : null;
        return [from && !from.isBound ? copyStep(place, from) : assign(place, this.#value(place.type, 2))];
      }
    }
    if (kind === 12) {
      const place = this.#somePlace(() => true);
      if (place) return [this.#show(place)];
    }
    if (this.#version === 2 && this.oneIn(2)) return this.#vecStep();
    return [this.#let()];
  }

  // ---- vectors ----

  /** @returns {Step[]} */
  #vecStep() {
    const vec = this.oneIn(3) || this.#vecs.length === 0 ? null : this.pick(this.#vecs);
    if (!vec) {
      const made = { name: this.#name(), of: this.#type() };
      const first = this.#value(made.of, 2);
      this.#vecs.push(made);
      return [newVec(made), pushOn(made, first)];
    }
    return [this.oneIn(3) ? this.#pop(vec) : pushOn(vec, this.#value(vec.of, 2))];
  }

  /** Takes the last one and looks at it, unless it is the only one. @param {Vec} vec @returns {Step} */
  #pop(vec) {
    const name = this.#name();
    const body = this.#block(this.below(3), variable(name, vec.of, false));
    const option = optionOf(vec.of);
    return {
      rust: `if ${vec.name}.len() > 1 { match ${vec.name}.pop() { Some(mut ${name}) => ${block(body)} None => {} } }`,
      write: (w) => {
        const isMore = w.compare('>', 'i32', lengthOf(vec).write(w), w.constant('i32', 1));
        const take = () => {
          const whole = w.call('Vec::pop', [w.variable(vec.name)], option);
          const arm = () => {
            w.let(name, vec.of, w.payload(whole, option, 1));
            writeAll(w, body);
          };
          w.match(whole, [() => {}, arm]);
        };
        w.branch(isMore, take, () => {});
      },
    };
  }

  /** @param {Vec} vec @returns {Step} */
  #showVec(vec) {
    const name = this.#name();
    const counter = variable(name, 'i32', false);
    const shown = variable(this.#name(), vec.of, false);
    const test = compare('<', read(counter), lengthOf(vec));
    const body = [letStep(shown.rust, elementAt(vec, read(counter))), this.#show(shown)];
    body.push(assign(counter, binary('+', 'i32', read(counter), constant('i32', 1))));
    const start = letStep(name, constant('i32', 0));
    return {
      rust: `${start.rust} while ${test.rust} ${block(body)}`,
      write: (w) => {
        start.write(w);
        w.while(
          () => test.write(w),
          () => writeAll(w, body),
        );
      },
    };
  }

  #let() {
    const name = this.#name();
    const type = this.#type(this.#version === 3 && this.oneIn(4));
    const value = this.#value(type, 3);
    return this.#named(name, value);
  }

  /** Gives a value a name. @param {string} name @param {Value} value @returns {Step} */
  #named(name, value) {
    const isBound = this.#isBound();
    this.#scope.push(isBound ? bound(name, value.type) : variable(name, value.type, false));
    return isBound ? bindStep(name, value) : letStep(name, value);
  }

  /** @returns {Step} */
  #if() {
    const test = this.#value('bool', 2);
    const then = this.#block(1 + this.below(2));
    if (this.#result && this.oneIn(4)) then.push(this.#return(this.#value(this.#result, 1)));
    const other = this.#block(this.below(2));
    return ifStep(test, then, other);
  }

  /** By the number, or the char. @returns {Step} */
  #switch() {
    const type = this.pick([...INTS, 'char']);
    const isSmall = type !== 'char' && this.oneIn(2);
    const any = this.#scalar(type, 2);
    const on = isSmall ? binary('&', type, any, constant(type, 7)) : any;
    const numbers = new Set(
      isSmall
        ? [0n, 1n, 2n, 3n, 5n, 7n].filter(() => this.oneIn(2))
        : Array.from({ length: this.below(5) }, () => caseOf(this.#number(type))),
    );
    const arms = Array.from(numbers, (number) => ({ number, body: this.#block(this.below(2)) }));
    const other = this.#block(this.below(2));
    const pattern = (/** @type {bigint} */ number) => (type === 'char' ? `'\\u{${number.toString(16)}}'` : `${number}`);
    const texts = [...arms.map(({ number, body }) => `${pattern(number)} => ${block(body)}`), `_ => ${block(other)}`];
    return {
      rust: `match ${on.rust} {\n${texts.join('\n')}\n}`,
      write: (w) =>
        w.switch(
          on.write(w),
          arms.map(({ number, body }) => [number, () => writeAll(w, body)]),
          () => writeAll(w, other),
        ),
    };
  }

  /** @param {Value} value @returns {Step} */
  #return(value) {
    return { rust: `return ${value.rust};`, write: (w) => w.return(passed(w, value)) };
  }

  /**
   * By the variant of an enum, whose payload each arm has in a variable of its own.
   * @param {Place} place @param {(at: number, inner: Place | null) => Step[]} makeArm @returns {Step}
   */
  #matching(place, makeArm) {
    const type = /** @type {Enum} */ (place.type);
    const arms = type.variants.map((payload, at) => {
      const name = this.#name();
      const isBound = this.#isBound();
      const inner = payload === null ? null : parameter({ name, type: payload, isRef: false, isBound });
      return { payload, name, isBound, body: makeArm(at, inner) };
    });
    const texts = arms.map(
      ({ payload, name, body }, at) => `${type.enum}::V${at}${payload ? `(mut ${name})` : ''} => ${block(body)}`,
    );
    return {
      rust: `match ${place.rust} {\n${texts.join('\n')}\n}`,
      write: (w) => {
        const whole = read(place).write(w);
        w.match(
          whole,
          arms.map(({ payload, name, isBound, body }, at) => () => {
            if (payload && isBound) w.bind(name, w.payload(whole, type, at));
            else if (payload) w.let(name, payload, w.payload(whole, type, at));
            writeAll(w, body);
          }),
        );
      },
    };
  }

  /** A few turns, counted by a variable that the body only reads. @returns {Step[]} */
  #loop() {
    const name = this.#name();
    const type = this.pick(['i32', 'u8', 'usize', 'i64', 'u128']);
    const counter = variable(name, type, false);
    const outer = this.#scope;
    this.#scope = [...outer, counter];
    this.#fixed.add(name);
    this.#loops++;
    const body = this.#block(1 + this.below(3));
    this.#loops--;
    this.#scope = outer;
    body.push(assign(counter, binary('+', type, read(counter), constant(type, 1))));
    const test = compare('<', read(counter), constant(type, 1 + this.below(this.#loops > 0 ? 3 : 6)));
    return [
      letStep(name, constant(type, 0)),
      {
        rust: `while ${test.rust} ${block(body)}`,
        write: (w) =>
          w.while(
            () => test.write(w),
            () => writeAll(w, body),
          ),
      },
    ];
  }

  /** What is not borrowed is worked out before. @returns {Step[]} */
  #call() {
    const callable = this.#functions.filter(({ name }) => {
      return name.startsWith('helper') || (name.startsWith('turn') && !this.#isRecursive);
    });
    if (callable.length === 0) return [];
    const func = this.pick(callable);
    return this.#callOf(func, func.name.startsWith('turn') ? constant('i32', this.below(4)) : null);
  }

  /** @param {Omit<Func, 'rust' | 'body'>} func @param {Value | null} turns its first argument, unless it is like the others @returns {Step[]} */
  #callOf({ name, params, result }, turns) {
    const steps = /** @type {Step[]} */ ([]);
    const borrowed = /** @type {Set<string>} */ (new Set());
    const args = params.map(({ type, isRef }, at) => {
      if (turns && at === 0) return turns;
      if (isRef) {
        const place = this.#borrow(type, borrowed);
        if (place) return refer(place);
      }
      const temporary = this.#name();
      const value = this.#value(type, 2);
      if (!isRef && this.#isBound()) {
        steps.push(bindStep(temporary, value));
        return read(bound(temporary, type));
      }
      steps.push(letStep(temporary, value, isRef));
      const place = variable(temporary, type, false);
      return isRef ? refer(place) : read(place);
    });
    if (!result) return [...steps, callStep(name, args)];
    const made = this.#name();
    steps.push(this.#named(made, callValue(name, args, result)));
    return steps;
  }

  /** A place of the type that may be written, of a variable that nothing else of the call uses. @param {Data} type @param {Set<string>} borrowed */
  #borrow(type, borrowed) {
    const free = this.#scope.filter(
      ({ rust, isBound }) => !isBound && !this.#fixed.has(rust) && !borrowed.has(rootOf(rust)),
    );
    const outer = this.#scope;
    this.#scope = free;
    const place = this.#somePlace((each) => same(each, type));
    this.#scope = outer;
    if (place) borrowed.add(rootOf(place.rust));
    return place;
  }

  // ---- places and values ----

  /**
   * Any place, or part of one, of a type as asked for. @param {(type: Data) => boolean} wanted
   * @returns {Place | null}
   */
  #somePlace(wanted) {
    for (let tries = 0; tries < 10 && this.#scope.length > 0; tries++) {
      let place = this.pick(this.#scope);
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
    if (this.#mayFail && this.oneIn(16)) return constant('usize', this.below(length + 2));
    if (this.#isIndexing || this.oneIn(2)) return constant('usize', this.below(length));
    this.#isIndexing = true;
    const number = this.#scalar(this.pick(['usize', 'u8', 'i32', 'u64']), 1);
    this.#isIndexing = false;
    return binary('%', 'usize', cast('usize', number), constant('usize', length));
  }

  /** @param {Data} type @param {number} depth @returns {Value} */
  #value(type, depth) {
    if (!this.oneIn(3)) {
      const place = this.#somePlace((each) => same(each, type));
      if (place) return read(place);
    }
    const vecs = this.#vecs.filter(({ of }) => same(of, type));
    if (vecs.length > 0 && depth > 0 && this.oneIn(2)) {
      const vec = this.pick(vecs);
      const number = cast('i32', this.#scalar('u8', depth - 1));
      return elementAt(vec, this.#mayFail && this.oneIn(8) ? number : binary('%', 'i32', number, lengthOf(vec)));
    }
    if (this.#vecs.length > 0 && type === 'i32' && this.oneIn(8)) return lengthOf(this.pick(this.#vecs));
    if (this.oneIn(6)) {
      const func = this.#functions.find(({ name, params, result }) => {
        return (
          name.startsWith('helper') &&
          result &&
          same(result, type) &&
          params.every((each) => !each.isRef && !holdsRow(each.type))
        );
      });
      if (func && depth > 0 && this.#loops < 2)
        return callValue(
          func.name,
          func.params.map((each) => this.#value(each.type, depth - 1)),
          type,
        );
    }
    if (this.oneIn(8) && !holdsRow(type)) return this.#throughGeneric(type, depth);
    if (depth > 0 && this.oneIn(10))
      return choice(this.#scalar('bool', 1), this.#value(type, depth - 1), this.#value(type, depth - 1));
    if (typeof type === 'string') return this.#scalar(type, depth);
    if ('takes' in type)
      return pointerTo(type, this.pick(this.#functions.filter((each) => each.name.startsWith('leaf'))).name);
    if ('struct' in type)
      return structValue(
        type,
        type.fields.map((each) => this.#value(each, depth - 1)),
      );
    if ('enum' in type) {
      const variant = this.below(type.variants.length);
      const payload = type.variants[variant];
      return enumValue(type, variant, payload ? this.#value(payload, Math.min(depth - 1, PAYLOAD_DEPTH)) : null);
    }
    return rowValue(
      type,
      Array.from({ length: type.length }, () => this.#value(type.of, depth - 2)),
    );
  }

  /** The value itself, or one of two, by a function for any type. @param {Data} type @param {number} depth @returns {Value} */
  #throughGeneric(type, depth) {
    if (this.oneIn(2)) return callValue(this.#generic('same', type), [this.#value(type, depth - 1)], type);
    const args = [this.#scalar('bool', 1), this.#value(type, depth - 1), this.#value(type, depth - 1)];
    return callValue(this.#generic('choose', type), args, type);
  }

  /** The name of the function, which is made when it is wanted first. @param {'same' | 'choose'} kind @param {Data} type */
  #generic(kind, type) {
    const isOne = this.#version === 2; // for all types; version 3 has a copy for each
    const name = isOne ? kind : `${kind}_${rustType(type).replace(/\W+/g, '_')}`;
    if (this.#functions.some((each) => each.name === name)) return name;
    // What T stands for there does not matter, but it is told from the test by its type.
    const own = isOne ? 'i32' : type;
    const types = kind === 'choose' ? ['bool', own, own] : [own];
    const params = types.map((each) => this.#param(each));
    const [first, one, two] = params.map((each) => read(parameter(each)));
    const through = (/** @type {Value} */ value) => callValue(this.#generic('same', own), [value], own);
    const result = kind === 'same' ? first : choice(first, this.oneIn(2) ? through(one) : one, two);
    const func = this.#add({ name, params, result: own, body: [this.#return(result)], generic: 'T' });
    if (isOne) {
      const list = params.map((each) => `${each.name}: ${each.type === 'bool' ? 'bool' : 'T'}`);
      func.rust = `pub fn ${name}<T>(${list.join(', ')}) -> T { return ${result.rust}; }\n`;
    }
    return name;
  }

  /** @param {string} type @param {number} depth @returns {Value} */
  #scalar(type, depth) {
    if (depth <= 0 || this.oneIn(4)) {
      const place = this.oneIn(4) ? null : this.#somePlace((each) => each === type);
      return place ? read(place) : constant(type, this.#number(type));
    }
    if (this.#pointer && type === this.#pointer.gives && this.oneIn(3)) {
      const place = this.#somePlace((each) => each === this.#pointer);
      if (place) return callThrough(place, this.#scalar(this.#pointer.takes, depth - 1));
    }
    if (type === 'str') return constant(type, this.#number(type));
    if (type === 'bool') return this.#test(depth);
    if (type === 'char')
      return this.oneIn(2) ? cast('char', this.#scalar('u8', depth - 1)) : constant(type, this.#number(type));
    if (this.oneIn(4)) return this.#cast(type, depth - 1);
    if (isFloat(type) && this.oneIn(8)) return fromBits(type, this.#scalar(type === 'f32' ? 'u32' : 'u64', depth - 1));
    if (this.oneIn(8) && !UNSIGNED.includes(type)) return negate(this.#scalar(type, depth - 1));
    const op = this.pick(
      isInt(type) ? ['+', '+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'] : ['+', '-', '*', '/'],
    );
    const a = this.#scalar(type, depth - 1);
    if (!isInt(type) || (op !== '/' && op !== '%')) return binary(op, type, a, this.#scalar(type, depth - 1));
    if (this.#mayFail && this.oneIn(8)) return binary(op, type, a, this.#scalar(type, depth - 1));
    // From 1 to 15: neither 0 nor -1.
    const small = binary('&', type, this.#scalar(type, depth - 1), constant(type, 15));
    return binary(op, type, a, binary('|', type, small, constant(type, 1)));
  }

  /** @param {number} depth @returns {Value} */
  #test(depth) {
    const kind = this.below(6);
    if (kind === 0) return not(this.#scalar('bool', depth - 1));
    if (kind < 3) {
      const [a, b] = [this.#scalar('bool', depth - 1), this.#scalar('bool', depth - 1)];
      return this.oneIn(2)
        ? shortCircuit(this.pick(['&&', '||']), a, b)
        : binary(this.pick(['&', '|', '^']), 'bool', a, b);
    }
    const type = this.pick(SCALARS.filter((each) => each !== 'str'));
    return compare(this.pick(COMPARISONS), this.#scalar(type, depth - 1), this.#scalar(type, depth - 1));
  }

  /** @param {string} to a number @param {number} depth @returns {Value} */
  #cast(to, depth) {
    const from = this.pick(isInt(to) ? [...INTS, ...FLOATS, 'char'] : INTS);
    return from === to ? this.#scalar(to, depth) : cast(to, this.#scalar(from, depth));
  }

  /** @param {string} type @returns {number | bigint | boolean | string} */
  #number(type) {
    if (type === 'bool') return this.oneIn(2);
    if (type === 'char') return this.pick(CHARS);
    if (type === 'str') return this.pick(WORDS);
    if (isFloat(type)) return this.pick([0, 1, -1, 0.5, 2.25, -3.75, 100, 1e-3, 1e20]);
    return this.pick([0, 1, 2, 3, 7, 10, this.below(100), ...extremes(type)]);
  }
}

/** @param {number | bigint | boolean | string} value */
const caseOf = (value) => (typeof value === 'string' ? BigInt(value.codePointAt(0) ?? 0) : BigInt(value));

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

// ---- as Rust ----

/** @param {Program} program what stands in a module of its own */
export function rustText({ structs, enums, functions }) {
  const derive = '#[derive(Clone, Copy)]\n';
  const generic = [
    `${derive}pub struct Both<T> { f0: T, f1: u8, f2: T }\n`,
    `${derive}pub enum Any<T> { V0, V1(T), V2(i32), V3(T) }\n`,
  ];
  const types = [
    ...generic,
    ...structs.map(
      (each) =>
        `${derive}pub struct ${each.struct} { ${each.fields.map((type, at) => `f${at}: ${rustType(type)}`).join(', ')} }\n`,
    ),
    ...enums.map(
      (each) =>
        `${derive}pub enum ${each.enum} { ${each.variants.map((type, at) => `V${at}${type ? `(${rustType(type)})` : ''}`).join(', ')} }\n`,
    ),
  ];
  return [...types, ...functions.map(({ rust }) => rust)].join('');
}
