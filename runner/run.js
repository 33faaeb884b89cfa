/**
 * The library's `run`: one file, with all results in one object. A JSRS program runs in the calling thread, in slices of a
 * few milliseconds; a WebAssembly module in a worker of its own (run-module.js). It never rejects for what a program or a
 * file does, nor for a bad option: that is a result, too.
 */
import { LEVELS } from './backend/abi.js';
import { checked, fetchBackend } from './backend/load.js';
import { Collector } from './collect.js';
import { COLLECT_BYTES, noLimits, readLimits } from './limits.js';
import { backendFault, isJsrs, isModule, loadProgram } from './program.js';
import { CODE, callerFault, hostReport, resultOf, sentenceOf, startFault } from './result.js';
import { Session } from './session.js';

/** @import { Mode, Progress, TraceRequest } from './protocol.js' */
/** @import { Limits } from './limits.js' */
/** @import { Level } from './backend/abi.js' */
/** @import { Backend } from './backend/backend.js' */
/** @import { Report, Result } from './result.js' */

/**
 * Those of ModuleOptions are for WebAssembly modules.
 * @typedef {JsrsOptions & import('./module-options.js').ModuleOptions} RunOptions
 */
/**
 * @typedef {object} JsrsOptions
 * @property {Uint8Array | ArrayBuffer} bytes the file
 * @property {string} [entry] default `main`
 * @property {boolean} [validate] default true
 * @property {Mode} [mode] default `interpreted`; `compiled`: as WebAssembly, in a worker
 * @property {Level} [level] of mode `compiled`: `O0`, `O1` (default), `O2` or `Os`
 * @property {Partial<Limits>} [limits]
 * @property {boolean | Partial<TraceRequest> | null} [trace] true: events and text
 * @property {AbortSignal} [signal] stops the run; the result then is an execute-error
 * @property {(bytes: Uint8Array) => void | Promise<void>} [onStdout] a promise holds the program up
 * @property {(bytes: Uint8Array) => void | Promise<void>} [onStderr] JSRS programs have no standard error
 * @property {(sentence: string) => void | Promise<void>} [onWarning] what a module's user should know
 * @property {(progress: Progress) => void | Promise<void>} [onProgress] at most 10 times a second
 * @property {() => void | Promise<void>} [onStart] the file is accepted and about to run; awaited
 * @property {boolean} [collect] whether `stdout` of the result is filled; default true
 * @property {WebAssembly.Module | string | URL} [tools] the module reader, likewise
 * @property {string | URL} [guestWorker] address of the worker that modules run in, where the usual one is not there
 * @property {WebAssembly.Module | string | URL} [backend] compiled, or its address or path; default: backend/bin/jsrust-backend.wasm
 */
/**
 * Of modules: `screen` is the terminal at the end, as in the fields of `terminal` in fixtures/aver; `files` what the file
 * system holds; `values` the results of the last call, `results` those of each; null where there is none.
 * @typedef {Result & { stderr: Uint8Array, screen: ReturnType<typeof import('./terminal/screen.js').screenResult> | null,
 *   files: import('./module-options.js').Files | null, values?: string[], results?: string[][],
 *   end?: string }} RunResult
 */

/** How each option is checked: what it must be, and whether a value is. @type {Readonly<Record<string, [string, (value: any) => boolean]>>} */
const OPTIONS = {
  bytes: ['a Uint8Array or ArrayBuffer', (value) => value instanceof Uint8Array || value instanceof ArrayBuffer],
  entry: ['the name of a function', (value) => typeof value === 'string' && value !== ''],
  validate: ['true or false', isA('boolean')],
  mode: ['`interpreted` or `compiled`', (value) => value === 'interpreted' || value === 'compiled'],
  level: [LEVELS.map((each) => `\`${each}\``).join(', '), (value) => LEVELS.includes(value)],
  limits: ['an object', isA('object')],
  trace: ['true, false or an object', (value) => ['boolean', 'object'].includes(typeof value)],
  signal: ['an AbortSignal', (value) => value instanceof AbortSignal],
  onStdout: ['a function', isA('function')],
  onStderr: ['a function', isA('function')],
  onProgress: ['a function', isA('function')],
  onWarning: ['a function', isA('function')],
  onStart: ['a function', isA('function')],
  collect: ['true or false', isA('boolean')],
  tools: ['a module or an address', (value) => ['string', 'object'].includes(typeof value)],
  guestWorker: ['an address', (value) => ['string', 'object'].includes(typeof value)],
  backend: ['a module or an address', (value) => ['string', 'object'].includes(typeof value)],
};
/** Options of modules only; run-module.js checks their values. */
const OF_MODULES = [
  ...[
    'args',
    'programName',
    'env',
    'stdin',
    'keys',
    'size',
    'seed',
    'clock',
    'files',
    'dirs',
    'stub',
    'calls',
    'modules',
  ],
];

/** Trace events kept when no number is given. */
const USUAL_EVENTS = 1_000_000;

/**
 * @param {RunOptions} options
 * @returns {Promise<RunResult>}
 */
export async function run(options) {
  const fault = await faultOfAny(options);
  if (fault !== null) return complete(resultOf(hostReport(CODE.ARGS, fault, 'See runner/README.md for the options.')));
  if (isModule(bytesOf(options))) return runModule(options);
  if (options.mode === 'compiled') return runCompiled(options);
  let module;
  try {
    module = await moduleOf(options.backend);
  } catch (thrown) {
    return complete(resultOf(hostReport(CODE.INTERNAL, sentenceOf(thrown), 'Build it with `make wasm`.')));
  }
  const { backend, report } = await loadProgram(module, bytesOf(options), { validate: options.validate ?? true });
  if (!backend) return complete(resultOf(report));
  try {
    return await execute(backend, options);
  } catch (thrown) {
    return complete(resultOf(backendFault(thrown)));
  }
}

/** Objects that throw when they are looked into are no options either. @param {RunOptions} options */
async function faultOfAny(options) {
  try {
    return faultOf(options) ?? (isModule(bytesOf(options)) ? await moduleFault(options) : jsrsFault(options));
  } catch (thrown) {
    return `the options cannot be read: ${sentenceOf(thrown)}`;
  }
}

/** @param {Backend} backend @param {RunOptions} options */
async function execute(backend, options) {
  const { onStdout, onProgress, collect = true, limits } = options;
  /** What `onProgress` threw: that ends the run. @type {Report | null} */
  let fault = null;
  const output = new Collector(onStdout, collect ? limits?.output || COLLECT_BYTES : 0);
  const session = new Session(backend, requestOf(options), {
    write: (bytes) => output.write(bytes),
    progress: async (progress) => {
      try {
        await onProgress?.(progress);
      } catch (thrown) {
        fault ??= callerFault('onProgress', thrown);
        stop();
      }
    },
  });
  const stop = () => session.stop();
  options.signal?.addEventListener('abort', stop);
  try {
    const unstarted = await startFault(options);
    if (unstarted) return complete(resultOf(unstarted));
    if (options.signal?.aborted) stop();
    const result = await session.run();
    return complete({ ...result, ...ended(fault) }, output.bytes());
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
}

/** What a fault of ours makes of a result. @param {Report | null} fault */
function ended(fault) {
  return fault && { ...fault, exitCode: fault.code };
}

/** Output that is collected only is limited: memory would be its limit otherwise. @param {RunOptions} options */
function requestOf({ entry = 'main', limits: given, trace, onStdout }) {
  const read = readLimits(given);
  const limits = 'limits' in read ? read.limits : noLimits();
  if (!onStdout && limits.output === 0) limits.output = COLLECT_BYTES;
  return { entry, limits, trace: traceOf(trace) };
}

/** @param {RunOptions['trace']} trace @returns {TraceRequest | null} */
function traceOf(trace) {
  if (!trace) return null;
  const { events = USUAL_EVENTS, stopWhenFull = false, text = true } = trace === true ? {} : trace;
  return { events, stopWhenFull, text };
}

/** The first thing that is wrong with the options, as a sentence. @param {RunOptions} options @returns {string | null} */
function faultOf(options) {
  if (typeof options !== 'object' || options === null) return '`run` takes an object of options';
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || (value === null && name === 'trace')) continue;
    if (OF_MODULES.includes(name)) continue;
    if (!Object.hasOwn(OPTIONS, name)) return `option \`${name}\` is unknown`;
    const [what, isRight] = OPTIONS[name];
    if (value === null || !isRight(value)) return `option \`${name}\` must be ${what}`;
  }
  if (!options.bytes) return 'option `bytes` is missing';
  const limits = readLimits(options.limits);
  return 'fault' in limits ? limits.fault : faultOfTrace(options.trace);
}

/** @param {RunOptions} options */
function jsrsFault(options) {
  if (!isJsrs(bytesOf(options))) return null; // what it is instead will be said
  const foreign = OF_MODULES.find((name) => /** @type {any} */ (options)[name] !== undefined);
  if (foreign !== undefined) return `option \`${foreign}\` has no meaning for a JSRS program`;
  if (options.mode !== 'compiled') {
    return options.level === undefined ? null : 'option `level` is for mode `compiled`';
  }
  if (options.trace) return 'a compiled program cannot be traced: leave out `trace`, or run it interpreted';
  if (options.limits?.steps) {
    return 'a compiled program counts no steps: leave out `limits.steps`, or run it interpreted';
  }
  return null;
}

/** @param {RunOptions} options @returns {Promise<string | null>} */
async function moduleFault(options) {
  if (options.validate === false) return 'option `validate` has no meaning for a WebAssembly module';
  if (options.mode !== undefined || options.level !== undefined)
    return 'options `mode` and `level` have no meaning for a WebAssembly module';
  if (options.limits?.steps) return 'option `limits.steps` has no meaning for a WebAssembly module';
  const { faultOfModuleOptions } = await import('./module-options.js');
  return faultOfModuleOptions(options);
}

/** What modules need is brought in when the first of them comes. @param {RunOptions} options */
async function runModule(options) {
  const [runner, host] = await Promise.all([import('./run-module.js'), hostOfModules()]);
  return runner.runModule(options, host.moduleHost);
}

/** @param {RunOptions} options */
async function runCompiled(options) {
  const { moduleHost } = await hostOfModules();
  const worker = moduleHost.spawnCompiled(options.guestWorker); // it loads its code while ours is, and the program compiled
  try {
    const runner = await import('./run-compiled.js');
    return await runner.runCompiled(options, bytesOf(options), () => moduleOf(options.backend), worker);
  } finally {
    worker.terminate();
  }
}

function hostOfModules() {
  return underNode() ? import('./node/module-host.js') : import('./module-host.js');
}

function underNode() {
  return typeof process !== 'undefined' && Boolean(process.versions?.node);
}

/** @param {RunOptions['trace']} trace */
function faultOfTrace(trace) {
  if (typeof trace !== 'object' || trace === null) return null;
  const { events, stopWhenFull, text, ...others } = trace;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `option \`trace.${unknown}\` is unknown`;
  if (events !== undefined && !(Number.isSafeInteger(events) && events >= 0)) {
    return 'option `trace.events` must be a whole number from 0 up';
  }
  const flag = Object.entries({ stopWhenFull, text }).find(
    ([, value]) => !['boolean', 'undefined'].includes(typeof value),
  );
  return flag ? `option \`trace.${flag[0]}\` must be true or false` : null;
}

/** @param {string} type */
function isA(type) {
  return (/** @type {unknown} */ value) => typeof value === type;
}

/** @param {RunOptions} options */
function bytesOf({ bytes }) {
  return bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
}

/** The usual backend, compiled once. @type {Promise<WebAssembly.Module> | null} */
let usualModule = null;

/** @param {RunOptions['backend']} backend */
async function moduleOf(backend) {
  if (backend instanceof WebAssembly.Module) return checked(backend, 'the given module');
  if (backend !== undefined) return load(backend);
  usualModule ??= load(null);
  try {
    return await usualModule;
  } catch (thrown) {
    usualModule = null;
    throw thrown;
  }
}

/** @param {string | URL | null} from null: the usual place */
async function load(from) {
  if (underNode()) {
    const { loadBackendFile } = await import('./node/backend-file.js');
    return loadBackendFile(from);
  }
  return fetchBackend(from ?? new URL('../backend/bin/jsrust-backend.wasm', import.meta.url));
}

/** @param {Result} result @param {Uint8Array} [stdout] @returns {RunResult} */
function complete(result, stdout = result.stdout) {
  return { ...result, stdout, stderr: new Uint8Array(0), screen: null, files: null };
}
