/**
 * The command line's `run` for WebAssembly modules: the library's parts, with this process's streams and terminal.
 */
import { feed } from '../feed.js';
import { startGuest } from '../guest/start-guest.js';
import { CODE, hostReport } from '../result.js';
import { prepareModule } from '../run-module.js';
import { oneLine, visible } from '../visible.js';
import { AtomicFile } from './atomic-file.js';
import { errorText } from './diagnostics.js';
import { fileSentence } from './file-sentence.js';
import { endWithTerminal, isLate, onEnding } from './host.js';
import { moduleHost } from './module-host.js';
import { standardInput } from './standard-input.js';

/** @import { Options } from './options.js' */
/** @import { Output } from './host.js' */
/** @import { Plan } from '../module/plan.js' */
/** @import { RunOptions } from '../run.js' */
/** @import { Prepared } from '../run-module.js' */
/** @import { GuestRequest } from '../guest/types.js' */
/** @import { GuestResult } from '../guest/guest-result.js' */
/** @import { GuestWorkerLike } from '../guest/start-guest.js' */

/** Calls of imports written down by --trace. */
const TRACED_CALLS = 1_000_000;
const MOST_STATUS = 255;

/**
 * @param {{ bytes: Uint8Array, file: string, modules: Record<string, Uint8Array> }} program `file`: its path, for its
 *   name; `modules`: those linked to it
 * @param {Options} options
 * @param {Output} out
 * @param {Output} err
 * @param {GuestWorkerLike} worker of moduleHost; whoever started it terminates it
 * @returns {Promise<number>} the exit status
 */
export async function runModuleFile({ bytes, file, modules }, options, out, err, worker) {
  const keys = await keysOf(options);
  const fault = faultOf(options) ?? keys.fault;
  if (fault) return fail(err, hostReport(CODE.ARGS, fault));
  const tools = await moduleHost.tools(undefined);
  const warnings = /** @type {string[]} */ ([]);
  const onWarning = (/** @type {string} */ sentence) => void warnings.push(oneLine(sentence));
  const asked = { ...libraryOptions(bytes, file, options, keys.names), modules, onWarning };
  const prepared = await prepareModule(asked, tools);
  if (prepared.report) return fail(err, prepared.report);
  warnings.push(...uselessIn(options, prepared.plan));
  for (const sentence of warnings) await err.write(`warning: ${sentence}\n`);
  return play(prepared, options, out, err, worker);
}

/**
 * @param {Extract<Prepared, { report: null }>} prepared
 * @param {Options} options
 * @param {Output} out
 * @param {Output} err
 * @param {GuestWorkerLike} worker
 */
async function play({ module, linked, shift, plan, request }, options, out, err, worker) {
  const trace = openTrace(options.traceOut);
  if (trace?.fault) return fail(err, hostReport(CODE.IO, trace.fault));
  const terminal = await openTerminal(plan, options, out, err);
  const streams = terminal ?? directly(out, err);
  let traceFault = '';
  const started = performance.now();
  const guest = startGuest({
    spawn: () => worker,
    module,
    linked,
    shift,
    plan,
    request: requestOnTerminal(request, plan, options),
    events: {
      onStdout: (chunk) => streams.write(1, chunk),
      onStderr: (chunk) => streams.write(2, chunk),
      onCalls(lines) {
        if (traceFault !== '') return;
        const fails = (/** @type {unknown} */ thrown) => {
          traceFault = `the trace cannot be written: ${fileSentence(thrown)}`;
          guest.stop({ message: traceFault, help: '' });
        };
        try {
          if (trace?.file) trace.file.write(lines);
          else Promise.resolve(streams.write(2, lines)).catch(fails);
        } catch (thrown) {
          fails(thrown);
        }
      },
      onWarning: (sentence) =>
        void Promise.resolve(streams.write(2, `warning: ${oneLine(sentence)}\n`)).catch(() => {}),
      onWaiting: (what) => terminal?.waiting(what),
    },
  });
  const input = terminal || !plan.readsLines ? null : standardInput(options.raw, () => end(130));
  let ended = 0;
  const end = (/** @type {number} */ status) => {
    ended ||= status;
    input?.close();
    terminal?.leave();
    guest.stop();
  };
  const unlisten = onEnding(end);
  terminal?.attach(guest, end);
  if (input) void feed(guest, input.bytes);
  const result = await guest.done;
  if (ended || isLate(started, options)) for (const each of [out, err]) each.hurry();
  guest.close();
  input?.close();
  await terminal?.close();
  unlisten();
  if (options.screen && result.screen) await out.write(`${result.screen.lines.join('\n')}\n`);
  await out.flush();
  const stopped = traceFault !== ''; // or it had ended by then
  if (trace?.file && !stopped) traceFault = closeTrace(trace.file, options.traceOut);
  if (ended !== 0) endWithTerminal([out, err], ended);
  if (out.error) return CODE.IO;
  if (traceFault !== '' && result.code === CODE.OK) return fail(err, hostReport(CODE.IO, traceFault));
  const status = await tell(result, plan, options, err);
  if (traceFault !== '') return stopped ? CODE.IO : fail(err, hostReport(CODE.IO, traceFault));
  return result.code === CODE.OK ? status : ended || status;
}

/** @param {GuestResult} result @param {Plan} plan @param {Options} options @param {Output} err */
async function tell(result, { kind }, { quiet, calls }, err) {
  if (!quiet && (calls.length > 1 || result.code !== CODE.OK)) await err.write(resultsText(result, calls));
  if (result.code !== CODE.OK) return fail(err, result, result.said);
  const { exitCode } = result;
  const exitValue = result.exitValue ?? (kind === 'wasi' && calls.length === 0 ? '0' : null);
  const line = exitCode !== 0 ? `exit status ${exitCode}` : exitValue === null ? 'ok' : `ok exit=${exitValue}`;
  if (!quiet) await err.write(`${line}\n`);
  // A process has eight bits of it; what is not success must not become it.
  return exitCode > MOST_STATUS ? exitCode & MOST_STATUS || MOST_STATUS : exitCode;
}

/** What each call gave that came to its end. @param {GuestResult} result @param {Options['calls']} calls */
function resultsText({ results }, calls) {
  const lines = calls
    .slice(0, results.length)
    .map(
      ({ name, arguments: values }, i) => `${visible(name)}(${values.join(', ')}) = ${results[i].join(', ') || '()'}`,
    );
  return lines.map((line) => `${line}\n`).join('');
}

/** @param {Output} err @param {import('../result.js').Report} report @param {boolean} [said] whether the program told it itself */
async function fail(err, report, said = false) {
  const text = errorText(report);
  await err.write(said ? text.slice(text.indexOf('\n') + 1) : text);
  return report.code;
}

/** Options that mean nothing for a module. @param {Options} options */
function faultOf(options) {
  /** @type {[string, boolean][]} */
  const rows = [
    ['--no-validate', !options.validate],
    ['--max-steps', options.steps > 0],
    ['--out-bin', options.outBin !== null],
    ['--codegen-wasm', options.codegenWasm],
  ];
  const given = rows.find(([, isGiven]) => isGiven);
  return given ? `option ${given[0]} has no meaning for a WebAssembly module` : null;
}

/** @param {Options} options @returns {Promise<{ names: string[], fault: string | null }>} */
async function keysOf({ keys }) {
  if (keys === null) return { names: [], fault: null };
  const { parseKeys } = await import('../terminal/keys.js');
  const read = parseKeys(keys);
  return 'error' in read ? { names: [], fault: `option --keys: ${read.error}` } : { names: read.keys, fault: null };
}

/** Options that this program has no use for: it runs all the same. @param {Options} options @param {Plan} plan */
function uselessIn({ keys, screen, dirs, raw, preload }, { usesScreen, readsKeys, readsLines, usesFiles, linked }) {
  /** @type {[boolean, string][]} */
  const rows = [
    [keys !== null && !readsKeys, '--keys: the program reads no keys'],
    [screen && !usesScreen, '--screen: the program draws on no screen'],
    [Object.keys(dirs).length > 0 && !usesFiles, '--dir: the program opens no files'],
    [raw && (usesScreen || !readsLines), '--raw: the program does not read standard input'],
  ];
  for (const name of Object.keys(preload)) {
    const isUsed = linked.some((each) => each.name === name);
    rows.push([!isUsed, `--preload: nothing is imported from ${visible(name)}`]);
  }
  return rows.filter(([isUseless]) => isUseless).map(([, sentence]) => sentence);
}

/** @param {Uint8Array} bytes @param {string} file @param {Options} options @param {string[]} keys @returns {RunOptions} */
function libraryOptions(bytes, file, options, keys) {
  const { entryGiven, calls, args, env, dirs, seed, clock, stub, memory, output, seconds, trace } = options;
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

/**
 * What this process's streams are adds to the request. Programs that get every key draw the terminal themselves: they are
 * told its size the way that needs no answer from it.
 * @param {GuestRequest} request
 * @param {Plan} plan
 * @param {Options} options
 * @returns {GuestRequest}
 */
function requestOnTerminal(request, plan, { size: given, raw }) {
  const real = realSize();
  const size = given ?? real ?? request.size;
  /** @type {Record<string, string>} */
  const told = raw && (given ?? real) ? { COLUMNS: String(size.columns), LINES: String(size.rows) } : {};
  return {
    ...request,
    env: { ...told, ...request.env },
    size,
    interactive: plan.readsLines,
    terminal: { input: isTty(process.stdin), output: isTty(process.stdout) },
  };
}

/**
 * A terminal to draw on, where there is one and it is wanted.
 * @param {Plan} plan
 * @param {Options} options
 * @param {Output} out
 * @param {Output} err
 */
async function openTerminal({ usesScreen, readsKeys }, { screen }, out, err) {
  if (!usesScreen || screen || !isTty(process.stdin) || !isTty(process.stdout)) return null;
  const { Terminal } = await import('./terminal.js');
  return new Terminal(out, err, readsKeys);
}

/** @param {Output} out @param {Output} err */
function directly(out, err) {
  return {
    write: (/** @type {1 | 2} */ stream, /** @type {Uint8Array | string} */ content) =>
      (stream === 1 ? out : err).write(content),
  };
}

function realSize() {
  if (!isTty(process.stdout)) return null;
  const [columns, rows] = process.stdout.getWindowSize();
  return columns > 0 && rows > 0 ? { columns, rows } : null; // a serial line has no size
}

/** @param {{ isTTY?: boolean }} stream */
function isTty(stream) {
  return stream.isTTY === true;
}

/** Opened before the program starts: it need not run for a trace that has no place. @param {string | null} path */
function openTrace(path) {
  if (path === null) return null;
  try {
    return { file: new AtomicFile(path), fault: '' };
  } catch (thrown) {
    return { file: null, fault: `${path} cannot be written: ${fileSentence(thrown)}` };
  }
}

/** @param {AtomicFile} file @param {string | null} path @returns {string} what went wrong */
function closeTrace(file, path) {
  try {
    file.close();
    return '';
  } catch (thrown) {
    return `${path} cannot be written: ${fileSentence(thrown)}`;
  }
}
