// A GuestIo for tests, in mode `prepared` unless told otherwise: what is written is collected, the clock is the test's,
// sleeping moves it on, and input that arrives later is a list of what happens at which sleep.

import { GuestMemory } from '../../runner/abi/guest-memory.js';
import { createClock } from '../../runner/guest/clock.js';

/** @import { GuestIo, GuestRequest } from '../../runner/guest/types.js' */

/** @param {Partial<GuestRequest>} given @returns {GuestRequest} */
function fakeRequest(given = {}) {
  return {
    calls: [],
    args: [],
    programName: 'program',
    env: {},
    stdin: null,
    interactive: false,
    terminal: { input: false, output: false },
    filesBack: null,
    keys: [],
    size: { columns: 80, rows: 24 },
    seed: 'test',
    clock: null,
    files: [],
    dirs: [],
    stub: false,
    tracedCalls: 0,
    limits: { steps: 0, memory: 0, output: 0, seconds: 0 },
    ...given,
  };
}

/**
 * @param {Partial<GuestRequest>} given
 * @param {{ mode?: GuestIo['mode'], later?: (string | null)[], realClock?: boolean }} options `later`: what arrives at
 *   each sleep, null = nothing more will come
 */
export function fakeIo(given = {}, { mode = 'prepared', later = [], realClock = false } = {}) {
  const request = fakeRequest(given);
  let input = request.stdin ?? new Uint8Array(0);
  let ended = mode === 'prepared' || later.length === 0;
  let now = 0;
  let turns = 0;
  /** @type {{ stream: 1 | 2, bytes: Uint8Array }[]} */
  const written = [];
  /** @type {number[]} */
  const slept = [];
  /** @type {(string | null)[]} */
  const waitings = [];
  /** @type {string[]} */
  const warnings = [];
  const arriving = [...later];

  /** @param {number} deadline */
  const sleep = (deadline) => {
    slept.push(deadline);
    const next = arriving.shift();
    if (next === undefined) {
      if (deadline === Infinity) throw new Error('asleep for ever');
      now = Math.max(now, deadline);
      return false;
    }
    if (next === null) ended = true;
    else input = Buffer.concat([input, Buffer.from(next)]);
    return true;
  };
  const take = (/** @type {number} */ count) => {
    const taken = input.subarray(0, count);
    input = input.subarray(count);
    return taken;
  };

  const io = /** @type {GuestIo} */ ({
    mode,
    request,
    stdin: {
      available: () => input.length,
      read: (into) => {
        const taken = take(into.length);
        into.set(taken);
        return taken.length;
      },
      readLine: () => {
        const end = input.indexOf(10);
        if (end >= 0) return take(end + 1);
        return ended ? take(input.length) : null;
      },
      ended: () => ended && input.length === 0,
    },
    keys: { next: () => null },
    clock: realClock
      ? createClock(null, () => Math.round(performance.now() * 1e6))
      : {
          origin: 1_700_000_000_000_000_000n,
          nanoseconds: () => Math.round(now * 1e6),
          realtime: () => 1_700_000_000_000 + now,
          monotonic: () => now,
        },
    random: {
      fill: (into) => void into.fill(7),
      uint64: () => 7n,
      float: () => 0.5,
      between: (min) => min,
    },
    screen: /** @type {any} */ (null),
    write: (stream, bytes, start = 0, end = bytes.length) => {
      written.push({ stream, bytes: bytes.slice(start, end) });
      return mode === 'suspend' ? Promise.resolve() : undefined;
    },
    sleep: (deadline) => (mode === 'suspend' ? Promise.resolve().then(() => sleep(deadline)) : sleep(deadline)),
    turn: () => {
      turns++;
      return mode === 'suspend' ? Promise.resolve() : undefined;
    },
    filed: () => {},
    waiting: (what) => void waitings.push(what),
    warn: (sentence) => void warnings.push(sentence),
  });
  const text = (/** @type {1 | 2} */ stream) =>
    Buffer.concat(written.filter((each) => each.stream === stream).map(({ bytes }) => bytes)).toString();
  return {
    io,
    written,
    slept,
    waitings,
    warnings,
    turns: () => turns,
    stdout: () => text(1),
    stderr: () => text(2),
    advance: (/** @type {number} */ milliseconds) => void (now += milliseconds),
  };
}

/** A guest with a memory and nothing else. */
export function fakeGuest(pages = 1) {
  const memory = new GuestMemory();
  const raw = new WebAssembly.Memory({ initial: pages });
  memory.attach(raw);
  return { memory, raw, exports: {}, importTypes: {} };
}
