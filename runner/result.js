/**
 * What every run ends with, in the contract's codes (spec jsrs.md 14), and the few results that the host makes itself.
 * Relies on nothing. Codes and kinds are those of backend/support/error_codes.def; a host test compares the two tables.
 */

/**
 * A place in the file. Null = not known.
 * @typedef {object} Position
 * @property {string | null} function
 * @property {number | null} functionIndex index in the file's function list
 * @property {number | null} block block id as in the file
 * @property {number | null} instruction index in its block; the number of instructions = the terminator
 * @property {number | null} offset byte offset in the file
 * @property {number | null} site source number: index into `lines` of an opened file, and what trace events carry
 * @property {string | null} text the line of the listing, trimmed
 */

/**
 * @typedef {object} Stats
 * @property {number} steps
 * @property {number} calls
 * @property {number} outputBytes
 * @property {number} memoryPeak guest bytes
 * @property {number} depthPeak nested calls
 * @property {number} milliseconds from the first instruction to the end, pauses left out
 * @property {{ milliseconds: number, bytes: number }} [compiled] of a program that was compiled: how long that took, decoding
 *   left out, and the size of the module
 */

/**
 * @typedef {object} Trace
 * @property {Uint8Array | null} events 16 bytes each (TraceEvent in backend/interp/run.h); null if not asked for
 * @property {number} count events kept
 * @property {number} dropped events past the limit
 * @property {Uint8Array | null} text text trace (spec jsrs.md 16); null if not asked for
 */

/**
 * The backend's account of a load or a run (TEXT_REPORT in backend/api/session.h), and the host's advice.
 * @typedef {object} Report
 * @property {number} code
 * @property {string} kind
 * @property {string | null} rule name of the validation rule that was broken
 * @property {string} message one line
 * @property {string} help one sentence on what to do
 * @property {string | null} exitValue decimal
 * @property {Position | null} position
 * @property {Position[]} stack innermost first
 * @property {number | null} omitted frames cut from the middle of `stack`; null: its end is missing, of unknown length
 */

/**
 * @typedef {Report & {
 *   exitCode: number,
 *   stdout: Uint8Array,
 *   trace: Trace,
 *   stats: Stats,
 * }} Result
 * exitCode: status for a process that stands for this run, equal to `code`. stdout: what the library collected;
 * empty where output is streamed only (the client). trace: empty when the run was not traced.
 */

export const CODE = Object.freeze({
  OK: 0,
  IO: 10,
  ARGS: 11,
  DESERIALIZE: 20,
  VERSION: 21,
  VALIDATE: 30,
  EXECUTE: 40,
  INTERNAL: 100,
});

/** @type {Readonly<Record<number, { kind: string, help: string }>>} */
export const CODES = Object.freeze({
  0: { kind: 'ok', help: '' },
  10: { kind: 'io-error', help: 'Check that the path exists and can be read or written.' },
  11: { kind: 'invalid-args', help: 'See --help for the arguments.' },
  20: {
    kind: 'deserialize-error',
    help: 'The bytes are not a whole JSRS file: compile the program again or fetch the file anew.',
  },
  21: {
    kind: 'unsupported-version',
    help: 'Versions 1, 2 and 3 of JSRS can be read: write one of these.',
  },
  30: {
    kind: 'validate-error',
    help: 'The file is complete but breaks a rule of the IR: report it to whoever made the compiler.',
  },
  40: {
    kind: 'execute-error',
    help: 'The program failed while it ran: look at the place and the call stack.',
  },
  100: {
    kind: 'internal-error',
    help: 'This is a fault of the playground or a lack of memory: reload and try again.',
  },
});

/**
 * Which of the limits that people set ended a run; undefined: none. All who hold a run to one begin their sentence with
 * its name (backend/ir/traps.def).
 * @param {{ message: string }} report
 */
export function limitReached({ message }) {
  return /** @type {'step' | 'memory' | 'output' | 'time' | undefined} */ (
    /^(step|memory|output|time) limit reached/.exec(message)?.[1]
  );
}

/**
 * What people can do about a report that says nothing of it itself.
 * @param {{ code: number, message: string }} report
 */
export function helpFor(report) {
  const limit = limitReached(report);
  return limit ? `Raise the ${limit} limit.` : (CODES[report.code] ?? CODES[CODE.INTERNAL]).help;
}

/** @returns {Stats} */
export function noStats() {
  return { steps: 0, calls: 0, outputBytes: 0, memoryPeak: 0, depthPeak: 0, milliseconds: 0 };
}

/** @returns {Trace} */
export function noTrace() {
  return { events: null, count: 0, dropped: 0, text: null };
}

/**
 * A report that the host makes, for what the backend never saw or could not tell.
 * @param {number} code
 * @param {string} message
 * @param {string} [help] in place of the usual sentence
 * @returns {Report}
 */
export function hostReport(code, message, help) {
  const { kind } = CODES[code] ?? CODES[CODE.INTERNAL];
  return {
    code,
    kind,
    rule: null,
    message,
    help: help ?? helpFor({ code, message }),
    exitValue: null,
    position: null,
    stack: [],
    omitted: 0,
  };
}

/** A part of ours that could not be fetched, which no worker is replaced for. @param {unknown} thrown */
export const notFetched = (thrown) => hostReport(CODE.IO, sentenceOf(thrown), 'Check the connection and try again.');

/**
 * @param {Report} report
 * @param {{ stdout?: Uint8Array, trace?: Trace, stats?: Stats }} [parts]
 * @returns {Result}
 */
export function resultOf(report, { stdout, trace, stats } = {}) {
  return {
    ...report,
    exitCode: report.code,
    stdout: stdout ?? new Uint8Array(0),
    trace: trace ?? noTrace(),
    stats: stats ?? noStats(),
  };
}

/**
 * The sentence of anything that was thrown: objects need not have a text.
 * @param {unknown} thrown
 */
export function sentenceOf(thrown) {
  try {
    return thrown instanceof Error ? String(thrown.message || thrown.name) : String(thrown);
  } catch {
    return `a value of type ${typeof thrown}, which has no text, was thrown`;
  }
}

/**
 * What one of the caller's functions threw ends the run, in its own words: no part of ours failed.
 * @param {string} name of the option
 * @param {unknown} thrown
 */
export function callerFault(name, thrown) {
  return hostReport(CODE.INTERNAL, sentenceOf(thrown), `The \`${name}\` that was given threw it.`);
}

/**
 * What the caller's `onStart` throws ends the run before it begins.
 * @param {{ onStart?: () => void | Promise<void> }} options
 * @returns {Promise<Report | null>}
 */
export async function startFault({ onStart }) {
  try {
    await onStart?.();
    return null;
  } catch (thrown) {
    return callerFault('onStart', thrown);
  }
}
