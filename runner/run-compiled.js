/**
 * The library's `run` for JSRS programs in mode `compiled`: the backend makes a module, which then runs as any other does,
 * in a worker of its own.
 */
import { jsrust } from './abi/jsrust.js';
import { planGenerated } from './compiled/plan.js';
import { quoteLines } from './compiled/quote.js';
import { MOST_QUOTED_BYTES, noLimits, readLimits } from './limits.js';
import { usualRequest } from './module-options.js';
import { backendFault, loadProgram } from './program.js';
import { CODE, hostReport, resultOf, sentenceOf } from './result.js';
import { execute } from './run-module.js';

/** @import { Backend } from './backend/backend.js' */
/** @import { RunOptions, RunResult } from './run.js' */
/** @import { GuestWorkerLike } from './guest/start-guest.js' */
/** @import { ModuleHost } from './run-module.js' */
/** @import { Report } from './result.js' */

/** Guest memory where no other limit is given, as the interpreter's. */
const MEMORY_BYTES = 256 * 1024 * 1024;

/**
 * @param {RunOptions} options checked
 * @param {Uint8Array} bytes
 * @param {() => Promise<WebAssembly.Module>} bringBackend
 * @param {GuestWorkerLike} worker for what comes of it
 * @returns {Promise<RunResult>}
 */
export async function runCompiled(options, bytes, bringBackend, worker) {
  try {
    const { backend, report } = await loadProgram(await bringBackend(), bytes, { validate: options.validate ?? true });
    if (!backend) return refused(report);
    return await compileAndRun(backend, options, bytes, { spawn: () => worker });
  } catch (thrown) {
    return refused(backendFault(thrown));
  }
}

/** @param {Backend} backend @param {RunOptions} options @param {Uint8Array} bytes @param {Pick<ModuleHost, 'spawn'>} host */
async function compileAndRun(backend, options, bytes, host) {
  if (!backend.canCompile) return refused(hostReport(CODE.INTERNAL, 'this backend cannot compile', ''));
  const read = readLimits(options.limits);
  const limits = 'limits' in read ? read.limits : noLimits();
  const { memory } = limits;
  const began = performance.now();
  const made = backend.compile(options.entry ?? 'main', { level: options.level, blockWrite: true, memory });
  if (!made.bytes) return refused(backend.report());
  const module = await compileModule(made.bytes);
  if (module instanceof Error) {
    const sentence = `the compiled module is not valid: ${sentenceOf(module)}`;
    return refused(hostReport(CODE.INTERNAL, sentence));
  }
  const milliseconds = performance.now() - began;
  const plan = planGenerated(module, jsrust, made.givesExitValue, memory || MEMORY_BYTES);
  const result = await execute({ module, shift: 0, plan, request: usualRequest(limits), report: null }, options, host);
  const stats = { ...result.stats, compiled: { milliseconds, bytes: made.bytes.length } };
  return {
    ...result,
    message: result.code === CODE.OK ? 'ok' : result.message,
    ...placesOf(result, backend, bytes.length),
    stats,
  };
}

/**
 * Places in the file with their lines. Those that the engine tells are of a module that nobody has seen.
 * @param {RunResult} result
 * @param {Backend} backend
 * @param {number} size of the file
 */
function placesOf(result, backend, size) {
  if (result.position === null) return null;
  if (result.position.site === null) return { position: null, stack: [], omitted: 0 };
  return size <= MOST_QUOTED_BYTES ? quoteLines(backend, result) : null;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function compileModule(bytes) {
  try {
    return await WebAssembly.compile(bytes);
  } catch (thrown) {
    return /** @type {Error} */ (thrown);
  }
}

/** @param {Report} report @returns {RunResult} */
function refused(report) {
  return { ...resultOf(report), stderr: new Uint8Array(0), screen: null, files: null };
}
