/**
 * The world as a guest's imports see it (GuestIo), made of a port, the request and a screen.
 */
import { keyName, keyNumber } from './key-numbers.js';
import { RECORD } from './channel.js';
import { GuestStopped, OutputLimit } from './ends.js';
import { createRandom } from './random.js';
import { Stdin } from './stdin.js';

/** @import { GuestIo, GuestRequest, GuestScreen, Waiting } from './types.js' */
/** @import { Port } from './port.js' */
/** @import { RunClock } from './clock.js' */

/** Sentences of warning that a run may cause. */
const MOST_WARNINGS = 100;

/**
 * @typedef {object} IoHost
 * @property {() => GuestScreen} screen makes or gives the screen
 * @property {() => void} beforeWaiting shows what waits to be shown
 * @property {(what: Waiting) => void} waiting
 * @property {(sentence: string) => void} warn
 * @property {() => void} tick now and then, at calls that write or wait
 * @property {() => void} filed a file was closed or synced
 */

/** @implements {GuestIo} */
export class Io {
  #port;
  #host;
  #clock;
  #room;
  /** @type {Set<string>} */
  #warned = new Set();
  /** Bytes written to standard output and error. */
  written = 0;

  /** @param {GuestRequest} request @param {Port} port @param {RunClock} clock @param {IoHost} host */
  constructor(request, port, clock, host) {
    this.request = request;
    this.#port = port;
    this.#host = host;
    this.#room = request.limits.output || Infinity;
    this.mode = port.mode;
    this.stdin = new Stdin(request.stdin, port.input);
    this.random = createRandom(request.seed);
    this.clock = this.#clock = clock;
    const waiting = request.keys.map(keyNumber).filter((number) => number >= 0);
    let taken = 0;
    this.keys = {
      next: () => {
        const number = taken < waiting.length ? waiting[taken++] : port.nextKey();
        return number < 0 ? null : keyName(number);
      },
    };
  }

  get screen() {
    return this.#host.screen();
  }

  /**
   * @param {1 | 2} stream
   * @param {Uint8Array} bytes
   * @param {number} [start]
   * @param {number} [end]
   * @returns {void | Promise<void>}
   */
  write(stream, bytes, start = 0, end = bytes.length) {
    const fits = end - start <= this.#room;
    const length = fits ? end - start : this.#room;
    const sent = this.#port.send(stream === 1 ? RECORD.STDOUT : RECORD.STDERR, bytes, start, start + length);
    this.written += length;
    this.#room -= length;
    this.#host.tick();
    if (sent === true && fits) return undefined;
    return typeof sent === 'object' ? sent.then((done) => this.#afterWrite(done, fits)) : this.#afterWrite(sent, fits);
  }

  /** @param {boolean} sent @param {boolean} fits */
  #afterWrite(sent, fits) {
    if (!sent) throw stopped();
    if (!fits) throw new OutputLimit(this.request.limits.output);
  }

  /** @param {number} deadline @returns {boolean | Promise<boolean>} */
  sleep(deadline) {
    if (this.#port.stopped()) throw stopped();
    this.#host.beforeWaiting();
    this.#port.flush();
    if (this.#clock.virtual && deadline < Infinity) {
      this.#clock.passTo(deadline);
      return false;
    }
    const left = deadline - this.#clock.monotonic();
    if (this.mode === 'prepared' && left === Infinity) {
      throw new GuestStopped('the program waits for input that cannot come', 'Give all of its input before the run.');
    }
    const happened = this.#port.wait(Math.max(left, 0));
    if (typeof happened === 'object') return happened.then((value) => this.#afterWait(value));
    return this.#afterWait(happened);
  }

  /** @param {boolean} happened */
  #afterWait(happened) {
    if (this.#port.stopped()) throw stopped();
    this.#host.tick();
    return happened;
  }

  turn() {
    if (this.#port.stopped()) throw stopped();
    return this.#port.turn();
  }

  filed() {
    this.#host.filed();
  }

  /** @param {Waiting} what */
  waiting(what) {
    this.#host.waiting(what);
  }

  /** @param {string} sentence */
  warn(sentence) {
    if (this.#warned.has(sentence) || this.#warned.size >= MOST_WARNINGS) return;
    this.#warned.add(sentence);
    this.#host.warn(sentence);
  }
}

function stopped() {
  return new GuestStopped('stopped', 'It was stopped from outside.');
}
