// What the options say, as the request that goes to a module's worker.

import { copyInSlices } from '../../runner/copies.js';
import { FILES_GIVEN } from '../../runner/limits.js';
import { parseKeys } from '../../runner/terminal/keys.js';
import { slices } from '../pause.js';
import { splitWords } from './words.js';

/** @import { ExportCall, FileEntry, GuestRequest } from '../../runner/guest/types.js' */
/** @import { Plan } from '../../runner/module/plan.js' */
/** @import { State } from '../state.js' */

/** Files of more than this together go over as copies that are given away: the browser's own copying would hold the page. */
const COPIED_BYTES = 8 << 20;
/** Calls of imports that are written down. */
const TRACED_CALLS = 100_000;

/**
 * The terminal at the start; `env` is what a program on an ANSI terminal finds in its environment.
 * @typedef {{ size: { columns: number, rows: number }, env: Record<string, string> }} Terminal
 */

/** @type {Terminal} */
const NO_TERMINAL = { size: { columns: 80, rows: 24 }, env: {} };

/**
 * @param {Readonly<State>} state
 * @param {ExportCall[]} calls
 * @param {Terminal} [terminal]
 * @returns {GuestRequest}
 */
export function requestOf(state, calls, { size, env } = NO_TERMINAL) {
  const { program, options, uploads, inputMode } = state;
  const { guest, limits } = options;
  const start = Date.parse(guest.clock);
  const keys = keysOf(guest.keys);
  const interactive = inputMode !== 'prepared' && readsLive(state);
  return {
    calls,
    args: splitWords(guest.args),
    programName: program?.name ?? 'program',
    env: { ...env, ...Object.fromEntries(guest.env.split('\n').flatMap(variable)) },
    stdin: guest.stdin === '' ? null : new TextEncoder().encode(guest.stdin),
    interactive,
    // Whom somebody answers prints line by line, as to a terminal: in C what is printed to anything else comes at the end.
    terminal: { input: interactive, output: interactive || state.outputView === 'terminal' },
    keys: 'keys' in keys ? keys.keys : [],
    size,
    seed: guest.seed === '' ? null : guest.seed,
    clock: Number.isNaN(start) ? null : start,
    files: allFiles(program?.given?.files ?? [], uploads),
    filesBack: FILES_GIVEN,
    dirs: [],
    stub: guest.stub,
    tracedCalls: guest.trace ? TRACED_CALLS : 0,
    limits,
  };
}

/**
 * The files of a request, and buffers of theirs to be given away. Throws RangeError when there is no memory for copies.
 * @param {FileEntry[]} files
 * @returns {Promise<{ files: FileEntry[], given: ArrayBuffer[] }>}
 */
export async function filesToGive(files) {
  const size = files.reduce((sum, file) => sum + (file.kind === 'file' ? file.bytes.length : 0), 0);
  if (size <= COPIED_BYTES) return { files, given: [] };
  const slice = slices();
  /** @type {FileEntry[]} */
  const own = [];
  /** @type {ArrayBuffer[]} */
  const given = [];
  for (const file of files) {
    if (slice.over()) await slice.next();
    if (file.kind !== 'file') own.push(file);
    else {
      const bytes = await copyInSlices(file.bytes);
      own.push({ ...file, bytes });
      given.push(bytes.buffer);
    }
  }
  return { files: own, given };
}

/** Whether what is typed becomes standard input: when none is prepared. @param {Readonly<State>} state */
export function readsLive({ plan, options }) {
  return plan?.readsLines === true && options.guest.stdin === '';
}

/** Whether a module is one that people play or talk with. @param {Plan} plan @param {string} [terminal] that an example wants */
export function wantsPeople(plan, terminal = 'none') {
  return plan.readsKeys || (plan.readsLines && (plan.kind === 'aver' || terminal !== 'none'));
}

/** Names of keys with blanks or commas between. @param {string} text */
export function keysOf(text) {
  return parseKeys(
    text
      .trim()
      .split(/[\s,]+/)
      .join(','),
  );
}

/** A line of the environment. @param {string} line `NAME=value` @returns {[string, string][]} */
export function variable(line) {
  const at = line.indexOf('=');
  return at < 1 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1)]];
}

/** The visitor's files take the place of an example's. @param {FileEntry[]} given @param {FileEntry[]} uploads */
export function allFiles(given, uploads) {
  const own = new Set(uploads.map(({ path }) => path));
  return [...given.filter(({ path }) => !own.has(path)), ...uploads];
}
