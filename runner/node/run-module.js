/**
 * The command line's `run` for WebAssembly modules: the library's parts, with this process's streams and terminal.
 */
import { startGuest } from '../guest/start-guest.js';
import { CODE, hostReport } from '../result.js';
import { feed, prepareModule } from '../run-module.js';
import { errorText } from './diagnostics.js';
import { onInterrupt, writeAtomic } from './host.js';
import { moduleHost } from './module-host.js';

/** @import { Options } from './arguments.js' */
/** @import { Output } from './host.js' */
/** @import { RunOptions } from '../run.js' */
/** @import { GuestResult } from '../guest/start-guest.js' */

const INTERRUPTED = 130;
/** Calls of imports written down by --trace. */
const TRACED_CALLS = 1_000_000;

/**
 * @param {Uint8Array} bytes
 * @param {string} file its path, for the program's name
 * @param {Options} options
 * @param {Output} out
 * @param {Output} err
 * @returns {Promise<number>} the exit status
 */
export async function runModuleFile(bytes, file, options, out, err) {
  const fault = faultOf(options);
  if (fault) return fail(err, hostReport(CODE.ARGS, fault));
  const prepared = await prepareModule(libraryOptions(bytes, file, options), await moduleHost.tools(undefined));
  if (prepared.report) return fail(err, prepared.report);
  const { module, shift, plan, request } = prepared;
  const terminal = await openTerminal(plan.usesScreen, options);
  const size = options.size ?? realSize() ?? request.size;
  const readsInput = plan.readsLines && terminal === null;
  const trace = options.traceOut === null ? null : new TraceFile(options.traceOut);
  const guest = startGuest({
    spawn: () => moduleHost.spawn(undefined),
    module,
    shift,
    plan,
    request: {
      ...request,
      size,
      interactive: plan.readsLines,
      terminal: { input: isTty(process.stdin), output: isTty(process.stdout) },
    },
    events: {
      onStdout: (chunk) => (terminal ? terminal.hold(1, chunk) : out.write(chunk)),
      onStderr: (chunk) => (terminal ? terminal.hold(2, chunk) : err.write(chunk)),
      onCalls: (lines) => void (trace ? trace.write(lines) : err.write(lines)),
      onWarning: (sentence) =>
        void (terminal ? terminal.hold(2, `warning: ${sentence}\n`) : err.write(`warning: ${sentence}\n`)),
      onWaiting: (what) => terminal?.waiting(what),
    },
  });
  let interrupted = false;
  const unlisten = onInterrupt(() => {
    interrupted = true;
    guest.stop();
  });
  terminal?.attach(guest);
  const input = readsInput ? standardInput(options.raw) : null;
  if (input) void feed(guest, input.bytes);
  const result = await guest.done;
  guest.close();
  input?.close();
  unlisten();
  await terminal?.close(out, err);
  if (options.screen && result.screen) await out.write(`${result.screen.lines.join('\n')}\n`);
  trace?.close();
  await out.flush();
  if (out.error) return CODE.IO;
  return interrupted ? INTERRUPTED : tell(result, options, err);
}

/** @param {GuestResult} result @param {Options} options @param {Output} err */
async function tell(result, { quiet }, err) {
  if (result.code !== CODE.OK) return fail(err, result);
  const status = result.exitCode & 0xff;
  const line =
    status !== 0 ? `exit status ${result.exitCode}` : result.exitValue === null ? 'ok' : `ok exit=${result.exitValue}`;
  if (!quiet) await err.write(`${line}\n`);
  return status;
}

/** @param {Output} err @param {import('../result.js').Report} report */
async function fail(err, report) {
  await err.write(errorText(report));
  return report.code;
}

/** Options that mean nothing for a module. @param {Options} options */
function faultOf(options) {
  if (!options.validate) return 'option --no-validate has no meaning for a WebAssembly module';
  if (options.steps > 0) return 'option --max-steps has no meaning for a WebAssembly module';
  if (options.outBin !== null) return 'option --out-bin has no meaning for a WebAssembly module';
  return null;
}

/** @param {Uint8Array} bytes @param {string} file @param {Options} options @returns {RunOptions} */
function libraryOptions(bytes, file, options) {
  const { entryGiven, calls, args, env, keys, dirs, seed, clock, stub, memory, output, seconds, trace } = options;
  return {
    bytes,
    programName: file,
    ...{ args, env, keys, dirs, stub },
    limits: { memory, output, seconds },
    trace: trace ? { events: TRACED_CALLS } : null,
    ...(entryGiven === null ? {} : { entry: entryGiven }),
    ...(calls.length > 0 ? { calls } : {}),
    ...(seed === null ? {} : { seed }),
    ...(clock === null ? {} : { clock }),
  };
}

/** A terminal to draw on, where there is one and it is wanted. @param {boolean} draws @param {Options} options */
async function openTerminal(draws, { screen }) {
  if (!draws || screen || !process.stdin.isTTY || !process.stdout.isTTY) return null;
  const { Terminal } = await import('./terminal.js');
  return new Terminal();
}

function realSize() {
  if (!process.stdout.isTTY) return null;
  const [columns, rows] = process.stdout.getWindowSize();
  return columns > 0 && rows > 0 ? { columns, rows } : null; // a serial line has no size
}

/** @param {{ isTTY?: boolean }} stream */
function isTty(stream) {
  return stream.isTTY === true;
}

/** @param {boolean} raw keys as they come, where it is a terminal */
function standardInput(raw) {
  const { stdin } = process;
  const isRaw = raw && stdin.isTTY;
  if (isRaw) stdin.setRawMode(true);
  return {
    bytes: stdin,
    close() {
      if (isRaw) stdin.setRawMode(false);
      stdin.pause();
      stdin.unref?.();
    },
  };
}

/** Lines of the trace go to a new file, which takes the place of the old one at the end. */
class TraceFile {
  #path;
  /** @type {Uint8Array[]} */
  #chunks = [];

  /** @param {string} path */
  constructor(path) {
    this.#path = path;
  }

  /** @param {Uint8Array} lines */
  write(lines) {
    this.#chunks.push(lines);
  }

  close() {
    writeAtomic(this.#path, Buffer.concat(this.#chunks));
  }
}
