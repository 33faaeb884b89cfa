/**
 * The guest's way to the world by messages, for pages that share no memory. Where the engine suspends guests (JSPI),
 * input and stops arrive while it waits; elsewhere it gets what was prepared, and only time can be waited for.
 * Output is sent at once as long as a program prints little. One that prints much has it gathered, and may lose the
 * last of it if it then computes without end and is stopped by force.
 */
import { DRAIN_BYTES, TURN_MILLISECONDS, WINDOW_BYTES } from '../limits.js';

/** @import { Port } from './port.js' */

/** Records sent singly in a period; what comes after is gathered. */
const SINGLE_RECORDS = 256;
const PERIOD_MILLISECONDS = 100;
/** Pause after each full piece where nobody can say that it is behind. */
const PACE_MILLISECONDS = 2;

/** @typedef {{ type: 'output', kind: number, bytes: Uint8Array } | { type: 'pages', pages: number }
 *   | { type: 'keysTaken', count: number }} FromPort */
/**
 * @typedef {{ type: 'stdin', bytes: Uint8Array } | { type: 'endInput' } | { type: 'key', key: number }
 *   | { type: 'stop' } | { type: 'event' } | { type: 'credit', bytes: number }} ToPort
 */

export class MessagePortEnd {
  #post;
  #suspends;
  /** @type {Uint8Array[]} */
  #input = [];
  #inputBytes = 0;
  #inputEnded = false;
  /** @type {number[]} */
  #keys = [];
  /** Keys given to the program that the other end has not heard of. */
  #keysTaken = 0;
  #stopped = false;
  #happened = false;
  /** @type {((happened: boolean) => void) | null} */
  #wake = null;
  #gathered = new Uint8Array(DRAIN_BYTES);
  #gatheredLength = 0;
  #gatheredKind = 0;
  #underWay = 0;
  #singles = 0;
  #periodStart = 0;
  #lastTurn = performance.now();
  #sleeper = sleepingMemory();

  /**
   * @param {boolean} suspends whether the engine suspends guests; false: input is at its end from the start
   * @param {(message: FromPort, transfer: ArrayBuffer[]) => void} post
   */
  constructor(suspends, post) {
    this.#suspends = suspends;
    this.#inputEnded = !suspends;
    this.#post = post;
  }

  /** @returns {Port} */
  get port() {
    return {
      mode: this.#suspends ? 'suspend' : 'prepared',
      input: {
        readable: () => this.#inputBytes,
        read: (into) => this.#read(into),
        ended: () => this.#inputEnded && this.#inputBytes === 0,
      },
      nextKey: () => this.#nextKey(),
      send: (kind, bytes, start, end) => this.#send(kind, bytes, start, end),
      wait: (milliseconds) => this.#wait(milliseconds),
      stopped: () => this.#stopped,
      turn: () => this.#turn(),
      setPages: (pages) => this.#post({ type: 'pages', pages }, []),
      flush: () => this.#flush(),
    };
  }

  /** @param {ToPort} message */
  receive(message) {
    if (message.type === 'stdin') {
      this.#input.push(message.bytes);
      this.#inputBytes += message.bytes.length;
    } else if (message.type === 'endInput') this.#inputEnded = true;
    else if (message.type === 'key') this.#keys.push(message.key);
    else if (message.type === 'stop') this.#stopped = true;
    else if (message.type === 'credit') this.#underWay -= message.bytes;
    this.#happened = true;
    this.#wake?.(true);
  }

  /** @param {Uint8Array} into */
  #read(into) {
    let length = 0;
    while (length < into.length && this.#input.length > 0) {
      const [first] = this.#input;
      const part = first.subarray(0, into.length - length);
      into.set(part, length);
      length += part.length;
      if (part.length === first.length) this.#input.shift();
      else this.#input[0] = first.subarray(part.length);
    }
    this.#inputBytes -= length;
    return length;
  }

  /** @param {number} kind @param {Uint8Array} bytes @param {number} [start] @param {number} [end] */
  #send(kind, bytes, start = 0, end = bytes.length) {
    if (kind !== this.#gatheredKind) this.#flush();
    this.#gatheredKind = kind;
    for (let at = start; at < end;) {
      const part = bytes.subarray(at, Math.min(end, at + DRAIN_BYTES - this.#gatheredLength));
      this.#gathered.set(part, this.#gatheredLength);
      this.#gatheredLength += part.length;
      at += part.length;
      if (this.#gatheredLength === DRAIN_BYTES) {
        this.#flush();
        if (!this.#suspends) this.#block(PACE_MILLISECONDS);
      }
    }
    if (this.#maySendSingly()) this.#flush();
    if (this.#suspends && this.#underWay > WINDOW_BYTES) return this.#waitForCredit();
    return !this.#stopped;
  }

  #maySendSingly() {
    if (this.#singles < SINGLE_RECORDS) return ++this.#singles > 0;
    const now = performance.now();
    if (now - this.#periodStart < PERIOD_MILLISECONDS) return false;
    this.#periodStart = now;
    this.#singles = 1;
    return true;
  }

  #flush() {
    if (this.#gatheredLength === 0) return;
    const bytes = this.#gathered.slice(0, this.#gatheredLength);
    this.#gatheredLength = 0;
    this.#underWay += bytes.length;
    this.#post({ type: 'output', kind: this.#gatheredKind, bytes }, [bytes.buffer]);
  }

  async #waitForCredit() {
    while (this.#underWay > WINDOW_BYTES && !this.#stopped) await this.#wait(Infinity);
    return !this.#stopped;
  }

  #nextKey() {
    const key = this.#keys.shift();
    if (key !== undefined) this.#keysTaken += 1;
    return key ?? -1;
  }

  /** Whoever presses keys hears how many still wait. */
  #tellKeys() {
    if (this.#keysTaken > 0) this.#post({ type: 'keysTaken', count: this.#keysTaken }, []);
    this.#keysTaken = 0;
  }

  /** @param {number} milliseconds @returns {boolean | Promise<boolean>} */
  #wait(milliseconds) {
    this.#flush();
    this.#tellKeys();
    if (this.#suspends) return this.#suspend(milliseconds);
    this.#block(milliseconds);
    return false;
  }

  /** @param {number} milliseconds @returns {Promise<boolean>} */
  #suspend(milliseconds) {
    return new Promise((resolve) => {
      /** @type {ReturnType<typeof setTimeout> | undefined} */
      let timer;
      const wake = (/** @type {boolean} */ happened) => {
        clearTimeout(timer);
        this.#wake = null;
        this.#happened = false;
        this.#lastTurn = performance.now();
        resolve(happened);
      };
      if (this.#happened) return void setTimeout(() => wake(true));
      this.#wake = wake;
      if (milliseconds < 2 ** 31) timer = setTimeout(() => wake(false), Math.max(milliseconds, 0));
    });
  }

  /** Sleeps where the thread has nothing to be woken by. @param {number} milliseconds */
  #block(milliseconds) {
    if (this.#sleeper && milliseconds > 0) Atomics.wait(this.#sleeper, 0, 0, Math.min(milliseconds, 2 ** 31 - 1));
  }

  #turn() {
    if (!this.#suspends || performance.now() - this.#lastTurn < TURN_MILLISECONDS) return undefined;
    return this.#suspend(0).then(() => {});
  }
}

/** Memory to sleep on: an engine that shares none with others still makes it for WebAssembly. */
function sleepingMemory() {
  try {
    return new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
  } catch {
    return null;
  }
}
