/**
 * Every limit of the runner, its value and unit, in one place, and the reading of limits that users give.
 * The backend's own defaults (guest memory, call depth, trace size) are in backend/interp; 0 asks for them.
 */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Longest time in the interpreter before messages are looked at. V8 swaps in faster code between slices. */
export const SLICE_MILLISECONDS = 4;
/** Steps of the first slice: short, so that V8 can leave its slow tier at once; later ones follow the clock. */
export const FIRST_SLICE_STEPS = 20_000;
export const LEAST_SLICE_STEPS = 1_000;
/** About 20 ms in V8's slow tier: the longest that a slice takes where the clock is too coarse to tell. */
export const MOST_SLICE_STEPS = 4_000_000;
/** Output that ends a slice; the backend itself stops to have that much drained. */
export const DRAIN_BYTES = 64 * KIB;
/** Output sent by the worker and not yet acknowledged by the page. */
export const WINDOW_BYTES = MIB;
/** Least time between two progress messages: at most 10 a second. */
export const PROGRESS_MILLISECONDS = 100;
/** How long a worker may take to answer a request to stop before it is terminated; with the rest under 100 ms. */
export const STOP_GRACE_MILLISECONDS = 50;
/** Requests a client may have under way. */
export const REQUESTS = 32;
/** Largest file taken. The backend addresses 4 GiB and needs several times the file's size. */
export const INPUT_BYTES = 256 * MIB;
/** Output that `run` collects when no other limit is given. */
export const COLLECT_BYTES = 64 * MIB;
/** Largest file whose listing is made just to quote a line of it. */
export const MOST_QUOTED_BYTES = 8 * MIB;
/** Largest text made of a file; its listing has several times its size. */
export const TEXT_BYTES = 64 * MIB;
/** How long a new worker runs its warm-up program, at most. */
export const WARM_UP_MILLISECONDS = 40;
/** Memory that a worker keeps for a loaded file between two runs of it; above it starts afresh. */
export const KEEP_BYTES = 256 * MIB;

/* WebAssembly modules. */

/** Input that waits in shared memory for a module to read; more waits with whoever brings it. A power of two. */
export const INPUT_RING_BYTES = 256 * KIB;
/** Keys that wait for a module; the next one is refused. A power of two. */
export const KEY_RING = 8192;
/** Output on its way to the page in shared memory. A power of two. */
export const OUTPUT_RING_BYTES = 256 * KIB;
/** How long the page rests between two looks at output that is not much. */
export const REST_MILLISECONDS = 4;
/** Memory of a module when no other limit is given. */
export const MODULE_MEMORY_BYTES = 1024 * MIB;
/** Least time between two snapshots of the files that a module wrote. */
export const FILES_MILLISECONDS = 250;
/** Snapshots up to this size come when a file is closed, for as long as they take this share of the time, and these ms. */
export const FILES_AT_ONCE = { entries: 100, bytes: 256 * KIB, share: 0.1, milliseconds: 20 };
/** What such a snapshot holds at most: a larger file system would keep both ends busy, and comes at the end only. */
export const FILES_TOLD = { entries: 1000, bytes: 4 * MIB };
/** What a module is given in the page, and what comes back of it at the end: all of it can be given to the next run. */
export const FILES_GIVEN = { entries: 20_000, bytes: 512 * MIB };
/** Entries that come back in one message: reading one is a task of the page. */
export const FILES_PART = 1000;
/** Output that a module may print where nothing can hold it up. */
export const UNPACED_OUTPUT_BYTES = 64 * MIB;
/** Guests wait for messages that long at most where only the event loop brings them. */
export const TURN_MILLISECONDS = 8;
/** Largest terminal. */
export const MOST_COLUMNS = 512;
export const MOST_ROWS = 256;

/**
 * Limits of one run. 0 = the default: none for steps, output and seconds; the backend's for memory.
 * @typedef {object} Limits
 * @property {number} steps
 * @property {number} memory guest bytes
 * @property {number} output bytes
 * @property {number} seconds
 */

const NAMES = /** @type {const} */ (['steps', 'memory', 'output', 'seconds']);

/** @returns {Limits} */
export function noLimits() {
  return { steps: 0, memory: 0, output: 0, seconds: 0 };
}

/**
 * Checks limits from outside; fills in what is missing.
 * @param {unknown} given
 * @returns {{ limits: Limits } | { fault: string }}
 */
export function readLimits(given) {
  const limits = noLimits();
  if (given === undefined || given === null) return { limits };
  if (typeof given !== 'object') return { fault: '`limits` must be an object' };
  for (const [name, value] of Object.entries(given)) {
    const known = NAMES.find((each) => each === name);
    if (known === undefined) return { fault: `\`limits.${name}\` is not a limit: ${NAMES.join(', ')} are` };
    if (value === undefined) continue;
    const whole = known === 'seconds' ? Number.isFinite(value) : Number.isSafeInteger(value);
    if (!whole || value < 0) {
      return { fault: `\`limits.${name}\` must be a ${known === 'seconds' ? '' : 'whole '}number from 0 up` };
    }
    limits[known] = value;
  }
  return { limits };
}

/** @type {Readonly<Record<string, number>>} */
const UNITS = { '': 1, K: KIB, M: MIB, G: 1024 * MIB };

/**
 * A size as people write it: `65536`, `64K`, `64M`, `1G` (powers of 1024). Null when it has another form.
 * @param {string} text
 */
export function parseSize(text) {
  const match = /^(\d{1,15})([KMG]?)(?:i?B)?$/i.exec(text);
  if (match === null) return null;
  const size = Number(match[1]) * UNITS[match[2].toUpperCase()];
  return Number.isSafeInteger(size) ? size : null;
}
