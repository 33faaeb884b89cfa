// Statements of random programs about data (random-data.js).
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
  callThrough,
  binary,
  compare,
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
import { INTS, rustType, same } from './data-types.js';
import { RandomValues } from './random-values.js';
import { optionOf } from './vec-functions.js';

/** @import { Data, Enum, Func, Place, Step, Value, Vec } from './data-types.js' */

const DEPTH = 3; // of statements in one another

export class RandomSteps extends RandomValues {
  #depth = 0;
  #shown = /** @type {Map<string, Func>} */ (new Map());
  /** Names that nothing may write: counters. @type {Set<string>} */
  fixed = new Set();
  result = /** @type {Data | null} */ (null);
  isRecursive = false;

  // ---- statements ----

  /** @param {number} count @returns {Step[]} */
  steps(count) {
    return Array.from({ length: count }, () => this.#step()).flat();
  }

  /** In a scope of its own. @param {number} count @param {Place | null} [more] what else it may read */
  #block(count, more = null) {
    return this.inside(() => {
      if (more) this.scope.push(more);
      return this.steps(count);
    });
  }

  /** What is made there knows all that is around it, and nothing around it knows that. @param {() => Step[]} make */
  inside(make) {
    const outer = { scope: this.scope, vecs: this.vecs };
    this.scope = [...outer.scope];
    this.vecs = [...outer.vecs];
    this.#depth++;
    const made = make();
    this.#depth--;
    this.scope = outer.scope;
    this.vecs = outer.vecs;
    return made;
  }

  /** @returns {Step[]} */
  #step() {
    const kind = this.#depth < DEPTH ? this.below(16) : 6 + this.below(10);
    if (kind < 2 && this.loops < 2) return this.#loop();
    if (kind < 4) return [this.#if()];
    if (kind < 6) {
      const place = this.somePlace((type) => typeof type === 'object' && 'enum' in type);
      if (place) return [this.#matching(place, (_, inner) => this.#block(this.below(3), inner))];
    }
    if (kind === 6) return [this.#switch()];
    if (kind === 7) return this.#call();
    if (kind < 12) {
      const place = this.somePlace(() => true);
      if (place && !place.isBound && !this.fixed.has(place.rust)) {
        const from = this.oneIn(4) ? this.somePlace((each) => same(each, place.type)) : null;
        return [from && !from.isBound ? copyStep(place, from) : assign(place, this.value(place.type, 2))];
      }
    }
    if (kind === 12) {
      const place = this.somePlace(() => true);
      if (place) return [this.show(place)];
    }
    if (this.version === 2 && this.oneIn(2)) return this.#vecStep();
    return [this.declare()];
  }

  // ---- vectors ----

  /** @returns {Step[]} */
  #vecStep() {
    const vec = this.oneIn(3) || this.vecs.length === 0 ? null : this.pick(this.vecs);
    if (!vec) {
      const made = { name: this.name(), of: this.type() };
      const first = this.value(made.of, 2);
      this.vecs.push(made);
      return [newVec(made), pushOn(made, first)];
    }
    return [this.oneIn(3) ? this.#pop(vec) : pushOn(vec, this.value(vec.of, 2))];
  }

  /** Takes the last one and looks at it, unless it is the only one. @param {Vec} vec @returns {Step} */
  #pop(vec) {
    const name = this.name();
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
  showVec(vec) {
    const name = this.name();
    const counter = variable(name, 'i32', false);
    const shown = variable(this.name(), vec.of, false);
    const test = compare('<', read(counter), lengthOf(vec));
    const body = [letStep(shown.rust, elementAt(vec, read(counter))), this.show(shown)];
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

  declare() {
    const name = this.name();
    const type = this.type(this.version === 3 && this.oneIn(4));
    const value = this.value(type, 3);
    return this.#named(name, value);
  }

  /** Gives a value a name. @param {string} name @param {Value} value @returns {Step} */
  #named(name, value) {
    const isBound = this.isBound();
    this.scope.push(isBound ? bound(name, value.type) : variable(name, value.type, false));
    return isBound ? bindStep(name, value) : letStep(name, value);
  }

  /** @returns {Step} */
  #if() {
    const test = this.value('bool', 2);
    const then = this.#block(1 + this.below(2));
    if (this.result && this.oneIn(4)) then.push(this.returnStep(this.value(this.result, 1)));
    const other = this.#block(this.below(2));
    return ifStep(test, then, other);
  }

  /** By the number, or the char. @returns {Step} */
  #switch() {
    const type = this.pick([...INTS, 'char']);
    const isSmall = type !== 'char' && this.oneIn(2);
    const any = this.scalar(type, 2);
    const on = isSmall ? binary('&', type, any, constant(type, 7)) : any;
    const numbers = new Set(
      isSmall
        ? [0n, 1n, 2n, 3n, 5n, 7n].filter(() => this.oneIn(2))
        : Array.from({ length: this.below(5) }, () => caseOf(this.number(type))),
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

  /**
   * By the variant of an enum, whose payload each arm has in a variable of its own.
   * @param {Place} place @param {(at: number, inner: Place | null) => Step[]} makeArm @returns {Step}
   */
  #matching(place, makeArm) {
    const type = /** @type {Enum} */ (place.type);
    const arms = type.variants.map((payload, at) => {
      const name = this.name();
      const isBound = this.isBound();
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
    const name = this.name();
    const type = this.pick(['i32', 'u8', 'usize', 'i64', 'u128']);
    const counter = variable(name, type, false);
    const outer = this.scope;
    this.scope = [...outer, counter];
    this.fixed.add(name);
    this.loops++;
    const body = this.#block(1 + this.below(3));
    this.loops--;
    this.scope = outer;
    body.push(assign(counter, binary('+', type, read(counter), constant(type, 1))));
    const test = compare('<', read(counter), constant(type, 1 + this.below(this.loops > 0 ? 3 : 6)));
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
    const callable = this.functions.filter(({ name }) => {
      return name.startsWith('helper') || (name.startsWith('turn') && !this.isRecursive);
    });
    if (callable.length === 0) return [];
    const func = this.pick(callable);
    return this.callOf(func, func.name.startsWith('turn') ? constant('i32', this.below(4)) : null);
  }

  /** @param {Omit<Func, 'rust' | 'body'>} func @param {Value | null} turns its first argument, unless it is like the others @returns {Step[]} */
  callOf({ name, params, result }, turns) {
    const steps = /** @type {Step[]} */ ([]);
    const borrowed = /** @type {Set<string>} */ (new Set());
    const args = params.map(({ type, isRef }, at) => {
      if (turns && at === 0) return turns;
      if (isRef) {
        const place = this.#borrow(type, borrowed);
        if (place) return refer(place);
      }
      const temporary = this.name();
      const value = this.value(type, 2);
      if (!isRef && this.isBound()) {
        steps.push(bindStep(temporary, value));
        return read(bound(temporary, type));
      }
      steps.push(letStep(temporary, value, isRef));
      const place = variable(temporary, type, false);
      return isRef ? refer(place) : read(place);
    });
    if (!result) return [...steps, callStep(name, args)];
    const made = this.name();
    steps.push(this.#named(made, callValue(name, args, result)));
    return steps;
  }

  /** A place of the type that may be written, of a variable that nothing else of the call uses. @param {Data} type @param {Set<string>} borrowed */
  #borrow(type, borrowed) {
    const free = this.scope.filter(
      ({ rust, isBound }) => !isBound && !this.fixed.has(rust) && !borrowed.has(rootOf(rust)),
    );
    const outer = this.scope;
    this.scope = free;
    const place = this.somePlace((each) => same(each, type));
    this.scope = outer;
    if (place) borrowed.add(rootOf(place.rust));
    return place;
  }

  // ---- what prints all of a value ----

  /** A function that prints all of a value. @param {Data} type @returns {Func} */
  #shower(type) {
    const key = rustType(type);
    const known = this.#shown.get(key);
    if (known) return known;
    const outer = { scope: this.scope, vecs: this.vecs, fixed: this.fixed, result: this.result };
    const param = this.param(type);
    const place = parameter(param);
    /** @type {Step[]} */
    const body = [];
    if (typeof type === 'string') body.push(print(type, read(place)));
    else if ('takes' in type)
      body.push(print(type.gives, callThrough(place, constant(type.takes, this.number(type.takes)))));
    else if ('struct' in type) type.fields.forEach((_, at) => body.push(this.show(fieldOf(place, at))));
    else if ('enum' in type)
      body.push(this.#matching(place, (at, inner) => [text(`V${at}`), ...(inner ? [this.show(inner)] : [])]));
    else for (let at = 0; at < type.length; at++) body.push(this.show(elementOf(place, constant('usize', at))));
    this.scope = outer.scope;
    this.vecs = outer.vecs;
    this.fixed = outer.fixed;
    this.result = outer.result;
    const func = this.add({ name: `show_${this.#shown.size}`, params: [param], result: null, body });
    this.#shown.set(key, func);
    return func;
  }

  /** @param {Place} place @returns {Step} */
  show(place) {
    if (typeof place.type === 'string' && this.oneIn(2)) return print(place.type, read(place));
    const { name } = this.#shower(place.type);
    return callStep(name, [read(place)]);
  }
}

/** @param {number | bigint | boolean | string} value */
const caseOf = (value) => (typeof value === 'string' ? BigInt(value.codePointAt(0) ?? 0) : BigInt(value));
