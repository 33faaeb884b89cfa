/**
 * The library's options for modules: checked one by one, and turned into the request that travels to the guest's worker.
 */
import { faultOfFiles, fileEntries } from './given-files.js';
import { keyNumber } from './guest/key-numbers.js';
import { readValue } from './guest/values.js';
import { visible } from './visible.js';
import { MOST_COLUMNS, MOST_ROWS, noLimits, readLimits } from './limits.js';
import { sentenceOf } from './result.js';

/** @import { ExportCall, FileEntry, GuestRequest } from './guest/types.js' */
/** @import { WasmInfo } from './module/info.js' */

/**
 * Contents by path from the root, as in `{ 'notes/today.txt': 'text', 'empty/': '' }`. A name that ends with `/` is a
 * folder; `{ link }` is a symbolic link.
 * @typedef {Record<string, Uint8Array | string | { link: string }>} Files
 */
/**
 * @typedef {object} ModuleOptions
 * @property {string[]} [args]
 * @property {string} [programName] default `program`
 * @property {Record<string, string>} [env]
 * @property {Uint8Array | ArrayBuffer | string | AsyncIterable<ArrayBufferView | ArrayBuffer | string>} [stdin] what is
 *   iterated is input as it comes
 * @property {string[]} [keys] names of aver-abi.md 6.3
 * @property {{ columns: number, rows: number }} [size] of the terminal, default 80 by 24
 * @property {string | number | bigint} [seed] makes all that is random repeatable
 * @property {number} [clock] milliseconds since 1970 at which a virtual clock starts
 * @property {Files} [files]
 * @property {Record<string, string>} [dirs] guest path to a folder of the host; Node only
 * @property {boolean} [stub] lets stubs stand in for missing imports
 * @property {Record<string, Uint8Array | ArrayBuffer>} [modules] modules whose exports serve imports, by the names that the
 *   imports have for them: `{ aver_runtime: bytes }`
 * @property {{ name: string, arguments?: (string | number | bigint | null)[] }[]} [calls] exports to call, in place of the
 *   usual entry
 */

const USUAL_SIZE = Object.freeze({ columns: 80, rows: 24 });

const encoder = new TextEncoder();
/** `every` passes over holes. @param {unknown} value @param {(each: any) => boolean} isRight */
const isListOf = (value, isRight) => Array.isArray(value) && Array.from(value).every(isRight);
const isText = (/** @type {unknown} */ value) => typeof value === 'string';
const isTexts = (/** @type {unknown} */ value) => isListOf(value, isText);
const isArgument = (/** @type {unknown} */ value) =>
  value === null || ['string', 'number', 'bigint'].includes(typeof value);
const isCall = (/** @type {any} */ value) =>
  isRecord(value) && isText(value.name) && (value.arguments === undefined || isListOf(value.arguments, isArgument));
const isTextRecord = (/** @type {any} */ value) => isRecord(value) && Object.values(value).every(isText);
const isSide = (/** @type {unknown} */ value, /** @type {number} */ most) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;

/** How each option is checked: what it must be, and whether a value is. @type {Readonly<Record<string, [string, (value: any) => boolean]>>} */
const MODULE_OPTIONS = {
  args: ['a list of texts', isTexts],
  programName: ['a text', isText],
  env: ['an object of texts', isTextRecord],
  stdin: [
    'a text, bytes or an async iterable of them',
    (value) => typeof value === 'string' || isBytes(value) || typeof value?.[Symbol.asyncIterator] === 'function',
  ],
  keys: ['a list of key names', isTexts],
  size: [
    `columns from 1 to ${MOST_COLUMNS} and rows from 1 to ${MOST_ROWS}`,
    (value) => isRecord(value) && isSide(value.columns, MOST_COLUMNS) && isSide(value.rows, MOST_ROWS),
  ],
  seed: ['a text or a number', (value) => ['string', 'number', 'bigint'].includes(typeof value)],
  clock: ['milliseconds since 1970', (value) => Number.isFinite(value)],
  files: ['an object of texts, bytes or links by path', isFiles],
  dirs: ['an object of folders by guest path', isTextRecord],
  stub: ['true or false', (value) => typeof value === 'boolean'],
  modules: ['an object of bytes by name', (value) => isRecord(value) && Object.values(value).every(isBytes)],
  calls: ['a list of { name, arguments }, which are texts, numbers or null', (value) => isListOf(value, isCall)],
};

/** The first thing that is wrong with them, as a sentence. @param {ModuleOptions} options @returns {string | null} */
export function faultOfModuleOptions(options) {
  for (const [name, [what, isRight]] of Object.entries(MODULE_OPTIONS)) {
    const value = /** @type {any} */ (options)[name];
    try {
      if (value !== undefined && !isRight(value)) return `option \`${name}\` must be ${what}`;
    } catch (thrown) {
      return `option \`${name}\` cannot be read: ${sentenceOf(thrown)}`;
    }
  }
  return options.files ? faultOfFiles(options.files) : null;
}

/**
 * @param {ModuleOptions & { entry?: string, limits?: object,
 *   trace?: import('./run.js').RunOptions['trace'] }} options without a fault
 * @param {WasmInfo} info
 * @returns {{ request: GuestRequest } | { fault: string }}
 */
export function requestOf(options, info) {
  const bad = (options.keys ?? []).find((name) => keyNumber(name) < 0);
  if (bad !== undefined) return { fault: `option \`keys\`: ${JSON.stringify(bad)} is no key` };
  const read = readCalls(options, info);
  if ('fault' in read) return read;
  const { stdin, seed, trace } = options;
  const limits = readLimits(options.limits);
  const { events = USUAL_CALLS, stopWhenFull = false } = typeof trace === 'object' && trace !== null ? trace : {};
  return {
    request: {
      ...usualRequest('limits' in limits ? limits.limits : noLimits()),
      calls: read.calls,
      args: [...(options.args ?? [])],
      programName: options.programName ?? 'program',
      env: { ...options.env },
      stdin: typeof stdin === 'string' ? encoder.encode(stdin) : isBytes(stdin) ? bytesOf(stdin) : null,
      interactive: typeof stdin === 'object' && !isBytes(stdin),
      keys: [...(options.keys ?? [])],
      size: sizeOf(options.size ?? USUAL_SIZE),
      seed: seed === undefined ? null : String(seed),
      clock: options.clock ?? null,
      files: fileEntries(options.files ?? {}),
      dirs: Object.entries(options.dirs ?? {}).map(([guest, host]) => ({ guest, host })),
      stub: options.stub ?? false,
      tracedCalls: trace ? events : 0,
      stopWhenFull,
    },
  };
}

/** What else the object may carry does not travel. @param {{ columns: number, rows: number }} size */
const sizeOf = ({ columns, rows }) => ({ columns, rows });

/**
 * A request in which nothing was asked for but limits.
 * @param {GuestRequest['limits']} limits
 * @returns {GuestRequest}
 */
export function usualRequest(limits) {
  return {
    ...{ calls: [], args: [], programName: 'program', env: {}, stdin: null, interactive: false },
    ...{ terminal: { input: false, output: false }, keys: [], size: USUAL_SIZE, seed: null, clock: null },
    ...{ files: [], filesBack: null, dirs: [], stub: false, tracedCalls: 0, limits },
  };
}

/** Calls of imports that are written down when no number is given. */
const USUAL_CALLS = 100_000;

/**
 * The calls with their arguments as the types want them. An entry by name is a call without arguments.
 * @param {ModuleOptions & { entry?: string }} options
 * @param {WasmInfo} info
 * @returns {{ calls: ExportCall[] } | { fault: string }}
 */
function readCalls({ calls, entry }, info) {
  if (calls !== undefined && entry !== undefined) return { fault: 'options `calls` and `entry` exclude each other' };
  const wanted = calls ?? (entry === undefined ? [] : [{ name: entry, arguments: [] }]);
  /** @type {ExportCall[]} */
  const read = [];
  for (const { name, arguments: given = [] } of wanted) {
    const found = info.exports.find((each) => each.name === name && each.kind === 'function');
    if (!found) return { fault: `there is no exported function ${JSON.stringify(name)}` };
    const types = found.params ?? [];
    if (types.length !== given.length)
      return {
        fault: `${visible(name)} takes ${found.type}; ${given.length} ${given.length === 1 ? 'argument is' : 'arguments are'} given`,
      };
    const values = given.map((each, index) => readValue(each === null ? 'null' : String(each), types[index]));
    const fault = values.findIndex((each) => 'fault' in each);
    if (fault >= 0)
      return { fault: `argument ${fault + 1} of ${visible(name)}: ${/** @type {any} */ (values[fault]).fault}` };
    read.push({ name, arguments: values.map((each) => /** @type {any} */ (each).value) });
  }
  return { calls: read };
}

/**
 * Files as they go out again.
 * @param {FileEntry[]} entries
 * @returns {Files}
 */
export function filesOf(entries) {
  /** @type {[string, Files[string]][]} */
  const files = entries.map((entry) => {
    if (entry.kind === 'file') return [entry.path, entry.bytes];
    return entry.kind === 'link' ? [entry.path, { link: entry.target }] : [`${entry.path}/`, new Uint8Array(0)];
  });
  return Object.fromEntries(files);
}

/** @param {unknown} value */
function isFiles(value) {
  const isContent = (/** @type {any} */ each) =>
    typeof each === 'string' || isBytes(each) || (isRecord(each) && typeof each.link === 'string');
  return isRecord(value) && Object.values(value).every(isContent);
}

/** @param {unknown} value @returns {value is Uint8Array | ArrayBuffer} */
function isBytes(value) {
  return value instanceof Uint8Array || value instanceof ArrayBuffer;
}

/** @param {Uint8Array | ArrayBuffer} value */
export function bytesOf(value) {
  return value instanceof Uint8Array ? value : new Uint8Array(value);
}

/** Whether it is an object for its own properties: not a list, a promise or a map. @param {unknown} value @returns {value is Record<string, any>} */
function isRecord(value) {
  return Object.prototype.toString.call(value) === '[object Object]';
}
