/**
 * Where a module's import table meets what is served here: who serves each import, what is missing and why, and what
 * there is to run. Works from the decoder's description (tools.js), so nothing is compiled for it.
 */
import { visible } from '../visible.js';
import { importReason } from './reasons.js';

/** @import { Abi, ImportRow } from '../guest/types.js' */
/** @import { WasmImport, WasmInfo } from './info.js' */
/** @import { Cause } from './reasons.js' */

/**
 * One import and its fate. `abi`: served; `linked`: by the export of a module that was given, too; `trap`: a function of an ABI that is not served: it may be linked, and calling
 * it ends the run; `missing`: the module cannot be linked without it, but for stubs.
 * @typedef {object} PlannedImport
 * @property {string} module
 * @property {string} name
 * @property {'function' | 'table' | 'memory' | 'global' | 'tag'} kind
 * @property {string} type as text
 * @property {string[]} parameters of functions
 * @property {string[]} results of functions
 * @property {'abi' | 'linked' | 'trap' | 'missing'} fate
 * @property {string} by who serves it; '' when nobody does
 * @property {string} reason why it is not served; '' when it is
 * @property {Cause | null} cause the kind of reason; null when it is served
 * @property {Limits | null} limits of memories and tables
 * @property {string[]} [wide] of what an ABI serves: names of parameters that are numbers, but texts in a trace of calls
 * @property {boolean} [givesText] whether its result is a text, which may look like a number there
 */
/** @typedef {{ initial: number, maximum: number | null, shared: boolean, is64: boolean }} Limits */
/**
 * A module whose exports serve imports: `name` is what the imports call it, `file` what people know it by.
 * @typedef {{ name: string, file: string, plan: Plan }} LinkedPlan
 */
/**
 * What is known of a module before it runs.
 * @typedef {object} Plan
 * @property {Abi['kind']} kind
 * @property {string} title what the module is, for people
 * @property {string} moduleName by its own account; '' = it has none
 * @property {PlannedImport[]} imports
 * @property {Record<string, string[]>} exports result types of the exported functions
 * @property {boolean} callable whether it exports a function
 * @property {Record<number, string>} names of exported functions by index, for those that have no other name
 * @property {string | null} entry the export that running it calls; null = there is none
 * @property {string} entryFault why there is no entry; '' when there is one
 * @property {number | null} memoryBytes the most that its memory can have by its own account; null = it does not say
 * @property {number | null} memoryAtStart bytes that its own memories have before it runs; null = it is not known
 * @property {boolean} memoryGrows whether a memory of its own can have more than it has at first
 * @property {boolean} startsItself whether it has a start function, which is called first of all (guest/start-function.js)
 * @property {boolean} reactor whether `_initialize` comes before any call
 * @property {boolean} usesScreen whether it draws on the terminal grid
 * @property {boolean} readsLines whether it may read standard input
 * @property {boolean} readsKeys whether it may read single keys
 * @property {boolean} usesFiles whether it has a file system
 * @property {LinkedPlan[]} linked in the order in which they are made; what the program uses, they may use for it (link.js)
 */

const PAGE = 65536;

/**
 * @param {WasmInfo} info
 * @param {readonly Abi[]} abis the first that serves an import of the module tells what it is
 * @returns {Plan}
 */
export function planModule(info, abis) {
  const imports = info.imports.map((each) => planImport(each, limitsOf(each, info), abis));
  const served = new Set(imports.filter(({ fate }) => fate !== 'missing').map(({ by }) => by));
  const abi = abis.find(({ title }) => served.has(title));
  return {
    kind: abi?.kind ?? 'plain',
    title: abi?.programTitle ?? 'WebAssembly module',
    moduleName: info.moduleName ?? '',
    imports,
    exports: Object.fromEntries(info.exports.flatMap(({ name, results }) => (results ? [[name, results]] : []))),
    callable: info.exports.some(({ kind: what }) => what === 'function'),
    names: Object.fromEntries(
      info.exports.flatMap(({ kind: what, index, name }) => (what === 'function' ? [[index, name]] : [])),
    ),
    ...entryOf(info),
    memoryBytes: info.memories[0]?.maximum ? info.memories[0].maximum * (info.memories[0].pageSize ?? PAGE) : null,
    ...ownMemories(info),
    startsItself: info.start !== null,
    reactor: info.exports.some(({ name, params }) => name === '_initialize' && params?.length === 0),
    ...usesOfImports(imports),
    linked: [],
  };
}

/** Each takes whole pages of the usual size. @param {WasmInfo} info */
function ownMemories({ memories }) {
  const own = memories.filter(({ imported }) => !imported);
  const pages = (/** @type {(typeof own)[0]} */ { initial, pageSize }) =>
    Math.ceil((initial * (pageSize ?? PAGE)) / PAGE);
  return {
    memoryAtStart: own.reduce((sum, memory) => sum + pages(memory) * PAGE, 0),
    memoryGrows: own.some(({ initial, maximum }) => maximum === null || maximum > initial),
  };
}

/** What of the world a module may use. @param {PlannedImport[]} imports */
export function usesOfImports(imports) {
  const asks = (/** @type {RegExp} */ pattern) =>
    imports.some(({ fate, module, name }) => fate === 'abi' && pattern.test(`${module}.${name}`));
  return {
    usesScreen: asks(/^aver\.terminal_/),
    readsLines: asks(/^aver\.console_readLine$|^wasi_\w+\.fd_read$/),
    readsKeys: asks(/^aver\.terminal_readKey$/),
    usesFiles: asks(/^wasi_\w+\.path_open$/),
  };
}

/** Imports without which the module, or one that is linked to it, cannot be linked. @param {Plan} plan */
export function missingOf({ imports, linked }) {
  const ofLinked = linked.flatMap(({ plan }) => plan.imports);
  return [...imports, ...ofLinked].filter(({ fate }) => fate === 'missing');
}

/** @param {PlannedImport} planned `env.log (i32) -> ()` */
export function importText({ module, name, kind, type }) {
  const named = `${visible(module)}.${visible(name)} ${visible(type)}`;
  return kind === 'function' ? named : `${kind} ${named}`;
}

/** @param {WasmImport} each @param {Limits | null} limits @param {readonly Abi[]} abis @returns {PlannedImport} */
function planImport({ module, name, kind, type, params = [], results = [] }, limits, abis) {
  const planned = { module, name, kind, type, parameters: params, results, limits };
  const abi = abiOf(abis, module, name);
  const row = abi && Object.hasOwn(abi.table, name) ? abi.table[name] : null;
  if (abi && row && kind === 'function' && typesOf(row).includes(wireType(params, results)))
    return {
      ...planned,
      fate: /** @type {const} */ ('abi'),
      by: abi.title,
      reason: '',
      cause: null,
      wide: wideOf(row),
      givesText: row.result.startsWith('text'),
    };
  const { cause, sentence: reason } = importReason({ ...planned, abi, row: abi?.sharesNames ? null : row });
  const trap = kind === 'function' && abi?.tolerant === true;
  return { ...planned, fate: trap ? 'trap' : 'missing', by: '', reason, cause };
}

/** The ABI that has the function, else any with the import module. @param {readonly Abi[]} abis @param {string} module @param {string} name */
export function abiOf(abis, module, name) {
  const those = abis.filter((known) => known.module === module);
  return those.find(({ table }) => Object.hasOwn(table, name)) ?? those[0] ?? null;
}

/** @param {WasmImport} each @param {WasmInfo} info @returns {Limits | null} */
function limitsOf({ kind, index }, { memories, tables }) {
  const of = kind === 'memory' ? memories : kind === 'table' ? tables : [];
  const found = of.find((each) => each.index === index);
  if (!found) return null;
  const { initial, maximum, is64 } = found;
  return { initial, maximum, shared: 'shared' in found && found.shared, is64 };
}

/** Wider than the numbers of JSON, or told in another base. @param {ImportRow} row */
function wideOf({ parameters }) {
  const named = parameters.split(' ').map((each) => each.split(':'));
  return named.filter(([, kind]) => /^(?:[iu]64|hex)$/.test(kind)).map(([name]) => name);
}

/** @param {ImportRow} row */
function typesOf({ type, also = [] }) {
  return [type, ...also];
}

/** @param {string[]} params @param {string[]} results */
export function wireType(params, results) {
  return `${params.join(' ')} -> ${results.join(' ')}`.trim();
}

/** @param {WasmInfo} info @returns {{ entry: string | null, entryFault: string }} */
function entryOf({ exports }) {
  let entryFault = 'It exports neither `_start` nor `main`.';
  for (const wanted of ['_start', 'main']) {
    const found = exports.find(({ name }) => name === wanted);
    if (!found) continue;
    if (found.kind === 'function' && (found.params ?? []).length === 0) return { entry: wanted, entryFault: '' };
    entryFault =
      found.kind === 'function'
        ? `Its export \`${wanted}\` takes parameters, so it cannot be run as the entry.`
        : `Its export \`${wanted}\` is a ${found.kind}, not a function.`;
  }
  return { entry: null, entryFault };
}
