/**
 * The library's `run` for WebAssembly modules: opened and compiled here, run in a worker of its own.
 */
import { Collector } from './collect.js';
import { feed } from './feed.js';
import { startGuest } from './guest/start-guest.js';
import { COLLECT_BYTES, readLimits } from './limits.js';
import { bytesOf, filesOf, requestOf } from './module-options.js';
import { missingReport } from './module/missing.js';
import { memoryShares } from './module/memory-shares.js';
import { compileLinked, compileModule, openLinked } from './module/open.js';
import { instantiateTools } from './module/tools.js';
import { visible } from './visible.js';
import { CODE, callerFault, hostReport, noTrace, resultOf, sentenceOf, startFault } from './result.js';

/** @import { GuestResult } from './guest/guest-result.js' */
/** @import { GuestWorkerLike } from './guest/start-guest.js' */
/** @import { GuestRequest } from './guest/types.js' */
/** @import { WasmInfo } from './module/info.js' */
/** @import { Plan } from './module/plan.js' */
/** @import { RunOptions, RunResult } from './run.js' */
/** @import { Report, Trace } from './result.js' */

/**
 * What differs between Node and the browser.
 * @typedef {object} ModuleHost
 * @property {(from: RunOptions['tools']) => Promise<WebAssembly.Module>} tools the module reader, compiled
 * @property {(from: RunOptions['guestWorker']) => GuestWorkerLike} spawn
 * @property {(from: RunOptions['guestWorker']) => GuestWorkerLike} spawnCompiled for what our own generator made
 */
/** `linked`: compiled, those of the plan; none without. */
/** @typedef {{ module: WebAssembly.Module, linked?: WebAssembly.Module[], shift: number, info: WasmInfo, plan: Plan, request: GuestRequest, report: null } | { report: Report }} Prepared */

/**
 * @param {RunOptions} options checked
 * @param {ModuleHost} host
 * @returns {Promise<RunResult>}
 */
export async function runModule(options, host) {
  try {
    const prepared = await prepareModule(options, await host.tools(options.tools));
    if (prepared.report) return refused(prepared.report);
    return await execute(prepared, options, host);
  } catch (thrown) {
    return refused(hostReport(CODE.INTERNAL, sentenceOf(thrown)));
  }
}

/**
 * Opens, compiles and plans; everything that can be refused is refused here.
 * @param {RunOptions} options
 * @param {WebAssembly.Module} toolsModule
 * @returns {Promise<Prepared>}
 */
export async function prepareModule(options, toolsModule) {
  const tools = instantiateTools(toolsModule);
  const bytes = bytesOf(options.bytes);
  const library = new Map(Object.entries(options.modules ?? {}).map(([name, each]) => [name, bytesOf(each)]));
  const { info, plan, report } = openLinked(tools, bytes, library);
  if (report) return { report };
  const missing = options.stub ? null : missingReport(plan);
  if (missing) return { report: missing };
  const asked = requestOf(options, info);
  if ('fault' in asked) return { report: hostReport(CODE.ARGS, asked.fault) };
  const { request } = asked;
  if (plan.entry === null && request.calls.length === 0) {
    const help = exportsText(plan, info);
    if (!startsByItself(plan))
      return { report: hostReport(CODE.EXECUTE, `there is nothing to run. ${plan.entryFault}`, help) };
    if (help !== NO_FUNCTION) await options.onWarning?.(`only its start function runs. ${plan.entryFault} ${help}`);
  }
  const shares = memoryShares(plan, request.limits.memory);
  if (shares.report) return { report: shares.report };
  const compiled = await compileModule(tools, shares.program, bytes);
  const { linked, report: fault } = await compileLinked(tools, plan, library, shares.linked);
  tools.close();
  if (compiled.report) return { report: compiled.report };
  if (fault) return { report: fault };
  return { module: compiled.module, linked, shift: compiled.shift, info, plan, request, report: null };
}

/** Whether being made is all of its run, as of a program in AssemblyScript: its start function can print. @param {Plan} plan */
function startsByItself({ startsItself, imports }) {
  return startsItself && imports.some(({ fate }) => fate === 'abi');
}

const NO_FUNCTION = 'It exports no function.';

/** What can be called instead. @param {Plan} plan @param {WasmInfo} info */
function exportsText(plan, info) {
  const names = info.exports
    .filter(({ kind, name }) => kind === 'function' && !(plan.reactor && name === '_initialize'))
    .map(({ name, type }) => `${visible(name)} ${type}`);
  return names.length === 0 ? NO_FUNCTION : `Call one of its exports: ${names.slice(0, 10).join(', ')}.`;
}

/**
 * @param {Omit<Extract<Prepared, { report: null }>, 'info'>} prepared
 * @param {RunOptions} options
 * @param {Pick<ModuleHost, 'spawn'>} host
 * @returns {Promise<RunResult>}
 */
export async function execute({ module, linked = [], shift, plan, request }, options, host) {
  const { onStdout, onStderr, onProgress, onWarning, onStart, signal, collect = true, limits: given } = options;
  const read = readLimits(given);
  const room = collect ? ('limits' in read && read.limits.output) || COLLECT_BYTES : 0;
  const stdout = new Collector(onStdout, room);
  const stderr = new Collector(onStderr, room);
  const calls = new Collector(undefined, COLLECT_BYTES);
  const limited =
    !onStdout && request.limits.output === 0 ? { ...request.limits, output: COLLECT_BYTES } : request.limits;
  /** @param {'onProgress' | 'onWarning'} name @param {() => void | Promise<void>} call what it throws ends the run */
  const tell = async (name, call) => {
    try {
      await call();
    } catch (thrown) {
      guest.fail(callerFault(name, thrown));
    }
  };
  const unstarted = await startFault({ onStart });
  if (unstarted) return refused(unstarted);
  const guest = startGuest({
    spawn: () => host.spawn(options.guestWorker),
    module,
    linked,
    shift,
    plan,
    request: { ...request, limits: limited },
    events: {
      onStdout: (bytes) => stdout.write(bytes),
      onStderr: (bytes) => stderr.write(bytes),
      onCalls: (lines) => void calls.write(lines),
      onProgress: onProgress && ((progress) => void tell('onProgress', () => onProgress({ ...progress, steps: 0 }))),
      onWarning: onWarning && ((sentence) => void tell('onWarning', () => onWarning(sentence))),
    },
  });
  const stop = () => guest.stop();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  const feeding = typeof options.stdin === 'object' && Symbol.asyncIterator in options.stdin;
  if (feeding) void feed(guest, /** @type {AsyncIterable<unknown>} */ (options.stdin));
  const result = await guest.done;
  signal?.removeEventListener('abort', stop);
  guest.close();
  const trace = options.trace ? traceOf(calls.bytes(), result.stats.calls, options.trace) : noTrace();
  return complete(result, stdout.bytes(), stderr.bytes(), trace);
}

/**
 * Whole lines only: the last one may have had no room. All calls are known once the program itself has come to its end.
 * @param {Uint8Array} lines
 * @param {number} calls
 * @param {Exclude<RunOptions['trace'], false | null | undefined>} wanted
 * @returns {Trace}
 */
function traceOf(lines, calls, wanted) {
  const text = lines.subarray(0, lines.lastIndexOf(NEWLINE) + 1);
  let count = 0;
  for (let at = text.indexOf(NEWLINE); at >= 0; at = text.indexOf(NEWLINE, at + 1)) count += 1;
  const isWanted = wanted === true || wanted.text !== false;
  return { ...noTrace(), text: isWanted && count > 0 ? text : null, count, dropped: Math.max(calls - count, 0) };
}

const NEWLINE = 10;

/** @param {GuestResult} result @param {Uint8Array} stdout @param {Uint8Array} stderr @param {Trace} trace @returns {RunResult} */
function complete(result, stdout, stderr, trace) {
  const files = result.files ? filesOf(result.files) : null;
  return { ...result, stdout, stderr, files, trace };
}

/** @param {Report} report @returns {RunResult} */
function refused(report) {
  return { ...resultOf(report), stderr: new Uint8Array(0), screen: null, files: null };
}
