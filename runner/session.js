/**
 * One run: start, slices, output with back-pressure, pause, stop, result. The same in a browser worker, a Node worker
 * and the command line; what differs between them comes in as the host's functions.
 * A slice takes a few milliseconds, so that messages are heard and V8 can swap in its faster code (it does so only when
 * a function is called again).
 */
import { STAT, SLICE } from './backend/abi.js';
import {
  DRAIN_BYTES,
  FIRST_SLICE_STEPS,
  LEAST_SLICE_STEPS,
  MOST_SLICE_STEPS,
  PROGRESS_MILLISECONDS,
  SLICE_MILLISECONDS,
} from './limits.js';
import { CODE, hostReport, resultOf, sentenceOf } from './result.js';

/** @import { Backend } from './backend/backend.js' */
/** @import { Progress, TraceRequest } from './protocol.js' */
/** @import { Limits } from './limits.js' */
/** @import { Report, Result, Stats, Trace } from './result.js' */

/**
 * What a session needs of the place where it runs.
 * @typedef {object} Host
 * @property {(bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>} write takes output; a promise holds the program up
 * @property {(progress: Progress) => void} [progress]
 * @property {(state: 'running' | 'paused') => void} [state]
 */
/** @typedef {{ entry: string, limits: Limits, trace: TraceRequest | null }} SessionRequest */
/** @typedef {{ message: string, help: string }} StopReason */

/** The longest delay that timers take. */
const TIMER_MOST = 2 ** 31 - 1;

export class Session {
  #backend;
  #request;
  #host;
  #paused = false;
  /** Why the run is to end early. @type {StopReason | null} */
  #stopping = null;
  /** Whether the backend was told to stop: what it then reports is our doing. */
  #told = false;
  /** Why output was not taken. @type {Report | null} */
  #fault = null;
  /** Ends the present wait. @type {(() => void) | null} */
  #wake = null;
  /** Start of the run, moved on by the length of every pause. */
  #started = 0;
  #toldAt = 0;
  #sliceSteps = FIRST_SLICE_STEPS;

  /**
   * @param {Backend} backend with a file loaded
   * @param {SessionRequest} request
   * @param {Host} host
   */
  constructor(backend, request, host) {
    this.#backend = backend;
    this.#request = request;
    this.#host = host;
  }

  /** Ends the run after the present slice. @param {StopReason} [reason] */
  stop(reason = { message: 'stopped', help: 'It was stopped from outside.' }) {
    this.#stopping ??= reason;
    this.#wake?.();
  }

  /** Holds the run after the present slice. Its time limit holds too. */
  pause() {
    this.#paused = true;
  }

  resume() {
    this.#paused = false;
    this.#wake?.();
  }

  /** Runs to the end. Rejects only when the backend itself traps. @returns {Promise<Result>} */
  async run() {
    if (this.#backend.start(this.#request) !== CODE.OK) return resultOf(this.#backend.report());
    const { breathe, close } = createBreather();
    try {
      await this.#runSlices(breathe);
    } finally {
      close();
    }
    return this.#result();
  }

  /** @param {() => Promise<void>} breathe */
  async #runSlices(breathe) {
    this.#host.state?.('running');
    this.#started = performance.now();
    for (;;) {
      if (this.#paused && !this.#stopping) await this.#waitWhilePaused();
      if (this.#millisecondsLeft() <= 0) this.#stopForTime();
      if (this.#stopping) this.#tellBackend();
      const more = this.#slice();
      await this.#deliver();
      if (!more || this.#fault) return;
      this.#tellProgress();
      await breathe();
    }
  }

  #tellBackend() {
    this.#told = true;
    this.#backend.stop();
  }

  /** @returns {boolean} whether there is more to run */
  #slice() {
    const end = performance.now() + SLICE_MILLISECONDS;
    let state;
    do {
      state = this.#resumeTimed();
    } while (state === SLICE.BUDGET && this.#backend.outputLength < DRAIN_BYTES && performance.now() < end);
    if (state === SLICE.INPUT) {
      this.stop({ message: 'the program waits for input, and there is none', help: '' });
      return true;
    }
    return state === SLICE.BUDGET;
  }

  /** Resumes once and fits the next budget to the clock. Clocks may be coarse, so a budget at most doubles. */
  #resumeTimed() {
    const stepsBefore = this.#backend.stat(STAT.STEPS);
    const timeBefore = performance.now();
    const state = this.#backend.resume(this.#sliceSteps);
    const milliseconds = performance.now() - timeBefore;
    const steps = this.#backend.stat(STAT.STEPS) - stepsBefore;
    const fitting = milliseconds > 0 ? (steps / milliseconds) * SLICE_MILLISECONDS : Infinity;
    const next = Math.floor(Math.min(fitting, this.#sliceSteps * 2, MOST_SLICE_STEPS));
    this.#sliceSteps = Math.max(next, LEAST_SLICE_STEPS);
    return state;
  }

  /** Hands on what was printed; waits where the consumer is slow, but not past a stop or the time limit. */
  async #deliver() {
    if (this.#backend.outputLength === 0) return;
    try {
      const room = this.#host.write(this.#backend.takeOutput());
      if (!room) return;
      const timer = this.#request.limits.seconds > 0 ? this.#timer() : undefined;
      try {
        await this.#wait(room);
      } finally {
        clearTimeout(timer);
      }
    } catch (thrown) {
      this.#fault = hostReport(CODE.INTERNAL, `the output could not be delivered: ${sentenceOf(thrown)}`, '');
    }
  }

  async #waitWhilePaused() {
    const since = performance.now();
    this.#host.state?.('paused');
    while (this.#paused && !this.#stopping) await this.#wait(null);
    this.#started += performance.now() - since;
    if (!this.#stopping) this.#host.state?.('running');
  }

  /**
   * Until `promise` settles, or stop or resume is called; not at all once the run is to stop.
   * @param {Promise<void> | null} promise
   * @returns {Promise<void>}
   */
  #wait(promise) {
    return new Promise((resolve, reject) => {
      this.#wake = resolve;
      if (promise !== null) Promise.resolve(promise).then(resolve, reject);
      if (this.#stopping) resolve();
    });
  }

  #timer() {
    return setTimeout(() => this.#stopForTime(), Math.min(this.#millisecondsLeft(), TIMER_MOST));
  }

  #stopForTime() {
    const { seconds } = this.#request.limits;
    this.stop({ message: `time limit reached (${seconds} s)`, help: 'Raise the time limit to let it run on.' });
  }

  #millisecondsLeft() {
    const { seconds } = this.#request.limits;
    return seconds > 0 ? seconds * 1000 - this.#milliseconds() : Infinity;
  }

  #milliseconds() {
    return performance.now() - this.#started;
  }

  #tellProgress() {
    const now = performance.now();
    if (!this.#host.progress || now - this.#toldAt < PROGRESS_MILLISECONDS) return;
    this.#toldAt = now;
    this.#host.progress({
      steps: this.#backend.stat(STAT.STEPS),
      outputBytes: this.#backend.stat(STAT.OUTPUT),
      memory: this.#backend.stat(STAT.MEMORY_PEAK),
      seconds: this.#milliseconds() / 1000,
    });
  }

  /** @returns {Result} */
  #result() {
    const milliseconds = this.#milliseconds();
    return resultOf(this.#report(), { trace: this.#trace(), stats: this.#stats(milliseconds) });
  }

  /** The backend knows where it was stopped, but not why. @returns {Report} */
  #report() {
    return this.#fault ?? { ...this.#backend.report(), ...(this.#told ? this.#stopping : null) };
  }

  /** @returns {Trace} */
  #trace() {
    const { trace } = this.#request;
    return {
      events: trace && trace.events > 0 ? this.#backend.events() : null,
      count: this.#backend.stat(STAT.EVENTS),
      dropped: this.#backend.stat(STAT.EVENTS_DROPPED),
      text: trace?.text ? this.#backend.traceText() : null,
    };
  }

  /** @param {number} milliseconds @returns {Stats} */
  #stats(milliseconds) {
    return {
      steps: this.#backend.stat(STAT.STEPS),
      calls: this.#backend.stat(STAT.CALLS),
      outputBytes: this.#backend.stat(STAT.OUTPUT),
      memoryPeak: this.#backend.stat(STAT.MEMORY_PEAK),
      depthPeak: this.#backend.stat(STAT.DEPTH_PEAK),
      milliseconds,
    };
  }
}

/**
 * Lets the event loop turn between slices, without the 4 ms that browsers make nested timers wait. Node has setImmediate
 * for it; a MessageChannel would not do there, because Node hands out up to a thousand messages of one port before it
 * looks at another, so that a run that posts to itself would hear of a stop seconds later.
 * @returns {{ breathe: () => Promise<void>, close: () => void }} for one run
 */
function createBreather() {
  if (typeof setImmediate === 'function') {
    return { breathe: () => new Promise((resolve) => void setImmediate(resolve)), close() {} };
  }
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void) | null} */
  let turned = null;
  port1.onmessage = () => turned?.();
  return {
    breathe: () =>
      new Promise((resolve) => {
        turned = resolve;
        port2.postMessage(null);
      }),
    close: () => port1.close(),
  };
}
