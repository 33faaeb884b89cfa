// A world for import functions under test: everything prepared, time virtual, output collected. And what is needed to run a
// module against one ABI without the rest of the runner.
import { GuestMemory } from '../../runner/abi/guest-memory.js';
import { createClock } from '../../runner/guest/clock.js';
import { createRandom } from '../../runner/guest/random.js';
import { Stdin } from '../../runner/guest/stdin.js';
import { frameResult } from '../../runner/terminal/result.js';
import { createScreenBuffer, Screen, ScreenReader, screenResult } from '../../runner/terminal/screen.js';

const START = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/**
 * What the program may find: `input` is its whole standard input, `later` more of it, one piece each time that it waits.
 * @param {{ args?: string[], env?: Record<string, string>, input?: string, later?: string[], keys?: string[],
 *   screen?: object, seed?: string, clock?: number }} [world]
 */
export function fakeIo(world = {}) {
  const clock = createClock(world.clock ?? START);
  const keys = [...(world.keys ?? [])];
  const later = [...(world.later ?? [])];
  let fresh = new Uint8Array();
  const stdin = new Stdin(new TextEncoder().encode(world.input ?? ''), {
    readable: () => fresh.length,
    read(into) {
      const taken = fresh.subarray(0, into.length);
      into.set(taken);
      fresh = fresh.subarray(taken.length);
      return taken.length;
    },
    ended: () => later.length === 0 && fresh.length === 0,
  });
  /** @type {{ 1: number[][], 2: number[][] }} */
  const written = { 1: [], 2: [] };
  /** @type {string[]} */
  const log = [];
  const text = (/** @type {1 | 2} */ stream) => Buffer.concat(written[stream].map((part) => Buffer.from(part)));
  return {
    /** @type {any} */
    io: {
      mode: 'prepared',
      request: {
        terminal: { input: false, output: false },
        filesBack: null,
        args: world.args ?? [],
        env: world.env ?? {},
        programName: 'program',
        files: [],
        dirs: [],
        limits: { steps: 0, memory: 0, output: 0, seconds: 0 },
      },
      stdin,
      keys: { next: () => keys.shift() ?? null },
      clock,
      random: createRandom(world.seed ?? 'aver'),
      screen: world.screen ?? recordingScreen(log),
      write(/** @type {1 | 2} */ stream, /** @type {Uint8Array} */ bytes, start = 0, end = bytes.length) {
        written[stream].push([...bytes.subarray(start, end)]);
      },
      sleep(/** @type {number} */ deadline) {
        log.push('sleep');
        const piece = later.shift();
        if (piece !== undefined) fresh = new TextEncoder().encode(piece);
        else clock.passTo(deadline);
        return piece !== undefined;
      },
      turn: () => undefined,
      waiting: (/** @type {string | null} */ what) => void log.push(`waiting ${what}`),
      warn: (/** @type {string} */ sentence) => void log.push(`warn ${sentence}`),
    },
    clock,
    log,
    writes: (/** @type {1 | 2} */ stream) => written[stream].length,
    stdout: () => text(1).toString(),
    stderr: () => text(2).toString(),
  };
}

/** A real screen of 80x24, with what was on it at chosen flushes (1-based). @param {number[]} [flushes] */
export function fakeScreen(flushes = []) {
  const buffer = createScreenBuffer(false);
  const screen = new Screen(buffer);
  const reader = new ScreenReader(buffer);
  /** @type {Record<number, object>} */
  const snapshots = {};
  const flush = screen.flush.bind(screen);
  screen.flush = () => {
    flush();
    if (flushes.includes(reader.flushes)) snapshots[reader.flushes] = frameResult(reader.frame(), reader.flushes);
  };
  return { screen, snapshots, result: () => screenResult(reader) };
}

/** Writes down what is done with it. @param {string[]} log */
function recordingScreen(log) {
  const decoder = new TextDecoder();
  return {
    clear: () => void log.push('clear'),
    moveTo: (/** @type {number} */ column, /** @type {number} */ row) => void log.push(`moveTo ${column} ${row}`),
    print(/** @type {Uint8Array} */ bytes, start = 0, end = bytes.length) {
      log.push(`print ${decoder.decode(bytes.subarray(start, end))}`);
    },
    setColor(/** @type {string} */ name) {
      log.push(`color ${name}`);
      return ['red', 'green', 'yellow', 'blue', 'white', 'cyan', 'magenta', 'black', 'default'].includes(name);
    },
    resetColor: () => void log.push('resetColor'),
    showCursor: (/** @type {boolean} */ visible) => void log.push(`cursor ${visible}`),
    flush: () => void log.push('flush'),
    size: () => ({ columns: 80, rows: 24 }),
    setRaw: (/** @type {boolean} */ raw) => void log.push(`raw ${raw}`),
  };
}

/** A guest whose memory is there at once. @param {object} [exports] `memory` among them, for modules */
export function guestWith(exports = {}, pages = 1) {
  const memory = new GuestMemory();
  memory.attach(new WebAssembly.Memory({ initial: pages }));
  return { memory, exports, importTypes: {} };
}

/**
 * Runs `_start`, else `main`, of a module against these ABIs.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {any[]} abis
 * @param {any} io
 */
export function runModule(bytes, abis, io) {
  const module = new WebAssembly.Module(bytes);
  /** @type {any} */
  const guest = { memory: new GuestMemory(), exports: {}, importTypes: {} };
  const served = abis.map((abi) => ({ module: abi.module, ...abi.serve(io, guest) }));
  const imports = Object.fromEntries(served.map(({ module: name, functions }) => [name, functions]));
  guest.exports = new WebAssembly.Instance(module, imports).exports;
  guest.memory.attach(guest.exports.memory);
  for (const abi of served) abi.attached?.();
  /** @type {unknown} */
  let value;
  /** @type {unknown} */
  let trap = null;
  try {
    value = (guest.exports._start ?? guest.exports.main)();
  } catch (error) {
    trap = error;
  }
  for (const abi of served) abi.finish?.();
  const failure = trap === null ? (served.map((abi) => abi.failureOf?.(value) ?? null).find(Boolean) ?? null) : null;
  return { value, trap, failure };
}
