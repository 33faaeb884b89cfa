// Random programs about data: structs and enums in one another, arrays of them, references, copies, generic functions,
// recursion, numbers of all twelve types. They end, and mean the same in Rust (release mode) and in JSRS; one in three may
// fail, by an index out of bounds or a division. Each part of a program is made as both at once: its Rust text, and what
// writes it as JSRS the way the JSRust front ends do (data-parts.js, data-to-jsrs.js).
import { parameter, read, constant, pointerTo, binary, compare, structValue, ifStep, letStep } from './data-parts.js';
import { rustType } from './data-types.js';
import { RandomSteps } from './random-steps.js';
import { SCALARS } from './random-values.js';
import { VEC_FUNCTIONS } from './vec-functions.js';

/** @import { Data, Param, Pointer } from './data-types.js' */

/** @param {number} seed @param {2 | 3} version of the file: 2 has no arrays */
export function randomData(seed, version) {
  return new Maker(seed, version).program();
}

/** @typedef {ReturnType<typeof randomData>} Program */

class Maker extends RandomSteps {
  program() {
    this.mayFail = this.oneIn(3);
    if (this.oneIn(2)) this.pointer = { takes: this.pick(SCALARS), gives: this.pick(SCALARS) };
    for (let left = 2 + this.below(4); left > 0; left--) {
      if (this.oneIn(2)) this.structs.push(this.struct());
      else this.enums.push(this.enum());
    }
    if (this.version === 2) this.functions.push(...VEC_FUNCTIONS);
    const pointer = this.pointer;
    this.pointer = null; // until there are functions to point to
    for (let left = pointer ? 2 + this.below(2) : 0; pointer && left > 0; left--) this.#leaf(`leaf_${left}`, pointer);
    this.pointer = pointer;
    for (let left = this.below(4); left > 0; left--) this.#function(`helper_${left}`);
    if (this.oneIn(2)) this.#recursive();
    this.#main();
    return { version: this.version, structs: this.structs, enums: this.enums, functions: this.functions };
  }

  // ---- functions ----

  /** One that pointers may lead to. @param {string} name @param {Pointer} pointer */
  #leaf(name, { takes, gives }) {
    const params = [this.param(takes)];
    this.#begin(params, gives);
    this.add({ name, params, result: gives, body: [this.returnStep(this.scalar(gives, 3))] });
  }

  #signature() {
    const params = Array.from({ length: this.below(4) }, () => {
      return this.param(this.type(this.version === 3 && this.oneIn(5)), this.oneIn(3));
    });
    return { params, result: this.oneIn(4) ? null : this.plainType() };
  }

  /** One that calls itself, or two that call each other, as often as their first parameter says. */
  #recursive() {
    const names = this.oneIn(2) ? ['turn_1'] : ['turn_1', 'turn_2'];
    const group = names.map((name) => {
      const { params, result } = this.#signature();
      return { name, params: [this.param('i32'), ...params], result };
    });
    this.isRecursive = true;
    for (const { name, params, result } of group) {
      this.#begin(params, result);
      this.fixed.add(params[0].name);
      const left = read(parameter(params[0]));
      const body = this.steps(this.below(3));
      const fewer = binary('-', 'i32', left, constant('i32', 1));
      const again = this.inside(() => [...this.callOf(this.pick(group), fewer), ...this.steps(this.below(2))]);
      body.push(ifStep(compare('>', left, constant('i32', 0)), again, []), ...this.steps(this.below(3)));
      if (result) body.push(this.returnStep(this.value(result, 2)));
      this.add({ name, params, result, body });
    }
    this.isRecursive = false;
  }

  /** @param {string} name */
  #function(name) {
    const { params, result } = this.#signature();
    this.#begin(params, result);
    const body = this.steps(2 + this.below(5));
    if (result) body.push(this.returnStep(this.value(result, 2)));
    this.add({ name, params, result, body });
  }

  /** @param {Param[]} params @param {Data | null} result */
  #begin(params, result) {
    this.scope = [];
    this.vecs = [];
    this.fixed = new Set();
    this.result = result;
    this.scope.push(...params.map(parameter));
  }

  #main() {
    this.#begin([], null);
    const body = [...Array.from({ length: 4 + this.below(6) }, () => this.declare()), ...this.steps(10)];
    for (const place of this.scope) body.push(this.show(place));
    for (const vec of this.vecs) body.push(this.showVec(vec));
    // What is made nowhere at all has the fields of what is: files of version 2 have no other word on it.
    this.scope = [];
    this.vecs = [];
    for (const type of this.both) {
      const fields = type.fields.map((each) => this.value(each, 1));
      body.unshift(letStep(this.name(), structValue(type, fields)));
    }
    // A file that names no function as a number may call any function through one.
    const leaf = this.functions.find((each) => each.name.startsWith('leaf'));
    if (this.pointer && leaf) body.unshift(letStep(this.name(), pointerTo(this.pointer, leaf.name)));
    this.add({ name: 'main', params: [], result: null, body });
  }
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
