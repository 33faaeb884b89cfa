/**
 * Modules linked to a program: which of its imports the exports of others serve, what does not fit and why, and in which
 * order the instances have to be made. Each linked module is a module like the program, with imports and a plan of its own,
 * and may import from others. Works from the decoder's descriptions, so nothing is compiled for it.
 */
import { visible } from '../visible.js';
import { usesOfImports, wireType } from './plan.js';

/** @import { WasmExport, WasmInfo } from './info.js' */
/** @import { LinkedPlan, Limits, Plan, PlannedImport } from './plan.js' */

/**
 * A module that is given beside the program. `name`: the import module that it stands for; `file`: what people know it by.
 * @typedef {{ name: string, file: string, info: WasmInfo, plan: Plan }} Given
 */
/** One that may be imported from, its exports by name. @typedef {{ file: string, info: WasmInfo, exports: Map<string, WasmExport> }} Made */

/** As many may be linked to one program. */
export const LINKED_MODULES = 16;

/** What people know a linked module by. @param {string} name */
export function fileOf(name) {
  return `${visible(name)}.wasm`;
}

/**
 * The plan with all that the given modules serve. Those that nobody imports from are left out of it.
 * @param {Plan} plan of the program, without linked modules
 * @param {WasmInfo} info of the program
 * @param {readonly Given[]} given names differ
 * @returns {Plan}
 */
export function linkModules(plan, info, given) {
  const waiting = importedFrom(plan, given);
  if (waiting.length === 0) return plan;
  const late = new Set(waiting.map(({ name }) => name));
  /** @type {Map<string, Made>} */
  const made = new Map();
  /** @type {LinkedPlan[]} */
  const linked = [];
  while (waiting.length > 0) {
    // Where they import from each other in a circle the first is made without, and its imports say so.
    const free = waiting.findIndex((each) => ![...modulesOf(each.plan)].some((name) => late.has(name)));
    const [next] = waiting.splice(Math.max(free, 0), 1);
    linked.push({ name: next.name, file: next.file, plan: linkOne(next.plan, next.info, made, late) });
    late.delete(next.name);
    const exports = new Map(next.info.exports.map((each) => [each.name, each]));
    made.set(next.name, { file: next.file, info: next.info, exports });
  }
  const whole = linkOne(plan, info, made, late);
  const plans = [whole, ...linked.map(({ plan: each }) => each)];
  const any = (/** @type {'usesScreen' | 'readsLines' | 'readsKeys' | 'usesFiles'} */ what) =>
    plans.some((each) => each[what]);
  return {
    ...whole,
    linked,
    usesScreen: any('usesScreen'),
    readsLines: any('readsLines'),
    readsKeys: any('readsKeys'),
    usesFiles: any('usesFiles'),
  };
}

/** What of the given a program needs, directly or through others. @param {Plan} plan @param {readonly Given[]} given */
function importedFrom(plan, given) {
  const byName = new Map(given.map((each) => [each.name, each]));
  /** @type {Set<Given>} */
  const found = new Set();
  const plans = [plan];
  for (const each of plans) {
    for (const name of modulesOf(each)) {
      const other = byName.get(name);
      if (!other || found.has(other)) continue;
      found.add(other);
      plans.push(other.plan);
    }
  }
  return [...found];
}

/** @param {Plan} plan */
function modulesOf({ imports }) {
  return new Set(imports.map(({ module }) => module));
}

/** @param {Plan} plan @param {WasmInfo} info @param {Map<string, Made>} made @param {Set<string>} late @returns {Plan} */
function linkOne(plan, info, made, late) {
  const imports = plan.imports.map((each, index) => {
    const from = made.get(each.module);
    if (from) return linkImport(each, info.imports[index]?.index ?? -1, info, from);
    if (!late.has(each.module) || each.fate !== 'missing') return each;
    return missing(each, 'The modules import from each other: none can be made first.');
  });
  return { ...plan, imports, ...usesOfImports(imports) };
}

/** @param {PlannedImport} each @param {number} index in its space @param {WasmInfo} info @param {Made} from @returns {PlannedImport} */
function linkImport(each, index, info, { file, info: other, exports }) {
  const found = exports.get(each.name);
  // What a module leaves out may still be served here: a bridge need not know all of an ABI.
  if (!found) return each.fate === 'missing' ? missing(each, `${file} does not export it.`) : each;
  const fault = mismatch(each, index, info, found, other);
  if (fault === '') return { ...each, fate: 'linked', by: file, reason: '', cause: null };
  return missing(each, `${file} exports it ${fault}.`);
}

/** @param {PlannedImport} each @param {string} reason @returns {PlannedImport} */
function missing(each, reason) {
  return { ...each, fate: 'missing', by: '', reason, cause: 'other' };
}

/**
 * How an export does not fit an import, after `exports it`; '' = it fits. The rules are those of "Import matching" in the
 * core specification. Types that name types of their own module are left to the engine.
 * @param {PlannedImport} wanted @param {number} index @param {WasmInfo} info @param {WasmExport} found @param {WasmInfo} other
 */
function mismatch(wanted, index, info, found, other) {
  if (wanted.kind !== found.kind) return `as a ${found.kind}`;
  const typed = `with another type, \`${found.type}\``;
  if (wanted.kind === 'memory') {
    const here = info.memories.find((each) => each.index === index);
    const there = other.memories.find((each) => each.index === found.index);
    const same = here?.shared === there?.shared && here?.is64 === there?.is64 && here?.pageSize === there?.pageSize;
    return same && fits(here, there) ? '' : `with other limits, \`${found.type}\``;
  }
  if (wanted.kind === 'table') {
    const here = info.tables.find((each) => each.index === index);
    const there = other.tables.find((each) => each.index === found.index);
    if (here?.is64 !== there?.is64 || !sameType(here?.type ?? '', there?.type ?? '')) return typed;
    return fits(here, there) ? '' : `with other limits, \`${found.type}\``;
  }
  if (wanted.kind === 'function') {
    const here = wireType(wanted.parameters, wanted.results);
    return sameType(here, wireType(found.params ?? [], found.results ?? [])) ? '' : typed;
  }
  // A constant reference may be of a subtype, which the engine knows of.
  if (wanted.kind === 'global' && REFERENCE.test(wanted.type) && REFERENCE.test(found.type)) return '';
  return sameType(wanted.type, found.type) ? '' : typed;
}

/** @param {Pick<Limits, 'initial' | 'maximum'>} [wanted] @param {Pick<Limits, 'initial' | 'maximum'>} [found] */
function fits(wanted, found) {
  if (!wanted || !found) return true; // not listed
  const most = wanted.maximum === null || (found.maximum !== null && found.maximum <= wanted.maximum);
  return found.initial >= wanted.initial && most;
}

const REFERENCE = /^(?:\w+ref|\(ref .*)$/;
/** A reference to a type by its number, which means something in its own module only. */
const OWN_TYPE = /\(ref (null )?\d/;

/** @param {string} one @param {string} other */
function sameType(one, other) {
  return one === other || OWN_TYPE.test(one) || OWN_TYPE.test(other);
}
