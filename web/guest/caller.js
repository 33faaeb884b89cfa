// Calls of exports from the form: on the instance that the last run left, or on a fresh one where there is none. One at a
// time; what came of each is told as a line of text.

import { isLive } from '../state.js';

/** @import { Outcome } from '../../runner/guest/outcome.js' */
/** @import { GuestResult } from '../../runner/guest/guest-result.js' */
/** @import { ExportCall } from '../../runner/guest/types.js' */
/** @import { Position } from '../../runner/result.js' */
/** @import { State, Store } from '../state.js' */
/** @import { GuestSession } from './session.js' */

/** `position`: where it failed. @typedef {{ ok: boolean, text: string, position: Position | null, milliseconds: number }} Answer */

const BUSY = 'Another call has yet to return: wait for it, or stop it.';
const EARLY = 'Nothing can be called yet.';

export class Caller {
  #store;
  #guest;
  #busy = false;

  /** @param {Store} store @param {() => GuestSession | null} guest */
  constructor(store, guest) {
    this.#store = store;
    this.#guest = guest;
  }

  get busy() {
    return this.#busy;
  }

  /** Why nothing can be called now; '' = it can. */
  get hindrance() {
    const { missing, options } = this.#store.now;
    if (isLive(this.#store.now) && !this.#busy) return 'The program is running: wait for its end, or stop it.';
    return missing && !options.guest.stub
      ? 'Imports are missing: let stubs stand in (Module) to call what there is.'
      : '';
  }

  /** Whether there is an instance that answers. */
  get hasInstance() {
    return isAlive(this.#store.now) && Boolean(this.#guest()?.current);
  }

  /** @param {ExportCall} call @returns {Promise<Answer>} */
  async call(call) {
    const guest = this.#guest();
    if (this.#busy || !guest) return { ...failed(this.#busy ? BUSY : EARLY, null), milliseconds: 0 };
    this.#busy = true;
    const began = performance.now();
    try {
      const outcome = await (this.hasInstance ? this.#callOn(guest, call) : this.#callFresh(guest, call));
      return { ...outcome, milliseconds: performance.now() - began };
    } finally {
      this.#busy = false;
    }
  }

  /** Ends a call that does not come back, and its instance with it. */
  stop() {
    this.#guest()?.stop();
  }

  /** A fresh instance, as the program's start leaves it. */
  async renew() {
    this.#busy = true;
    try {
      await this.#guest()?.run([], true);
    } finally {
      this.#busy = false;
    }
  }

  /** @param {number} pointer @param {number} length */
  async peek(pointer, length) {
    return this.#canAsk ? ((await this.#guest()?.current?.peek(pointer, length)) ?? null) : null;
  }

  /** @param {Record<string, string>} types */
  async globals(types) {
    return this.#canAsk ? ((await this.#guest()?.current?.globals(types)) ?? null) : null;
  }

  /** A worker that runs, or is gone, answers no questions. */
  get #canAsk() {
    return !isLive(this.#store.now) && this.hasInstance;
  }

  /** @param {GuestSession} guest @param {ExportCall} call */
  async #callOn(guest, call) {
    return answerOf(await guest.call(call));
  }

  /** @param {GuestSession} guest @param {ExportCall} call */
  async #callFresh(guest, call) {
    await guest.run([call], true);
    const result = /** @type {GuestResult | null} */ (this.#store.now.result);
    if (!result) return answerOf(null);
    if (!('end' in result))
      return failed(/** @type {import('../../runner/result.js').Result} */ (result).message, null);
    if (result.end === 'lost') return failed(result.message, null);
    return answerOf({ ...result, end: result.end, status: result.exitCode });
  }
}

/** @param {Readonly<State>} state */
function isAlive({ phase, result }) {
  if (phase === 'ready') return true;
  if (!result || !('end' in result)) return false;
  return !['lost', 'refused', 'stopped'].includes(String(result.end));
}

/** @param {Pick<Outcome, 'end' | 'values' | 'status' | 'message' | 'stack'> | null} outcome */
function answerOf(outcome) {
  if (outcome === null) return failed('The instance is gone.', null);
  const { end, values, status, message, stack } = outcome;
  if (end === 'returned') {
    return { ok: true, text: values.length === 0 ? 'returned nothing' : `= ${values.join(', ')}`, position: null };
  }
  if (end === 'exit') return { ok: status === 0, text: `exited with status ${status}`, position: null };
  return failed(end === 'trapped' ? `trapped: ${message}` : message, stack[0] ?? null);
}

/** @param {string} text @param {Position | null} position */
function failed(text, position) {
  return { ok: false, text, position };
}
