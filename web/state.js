// The one store: what is open, what runs, what is seen. Panels read it and watch the keys they draw; only session.js,
// view.js and main.js write it. Bytes of output and events of a trace are not in here but in output/store.js and trace/model.js.

/** @import { Limits } from '../runner/limits.js' */
/** @import { ModuleInfo, Progress } from '../runner/protocol.js' */
/** @import { Result } from '../runner/result.js' */
/** @import { Listing } from './ir/listing.js' */
/** @import { Trace } from './trace/model.js' */

/**
 * @typedef {'starting' | 'opening' | 'running' | 'paused' | 'stopping' | 'finished' | 'stopped' | 'failed' | 'refused'} Phase
 *   refused: the bytes are nothing that can run; failed: the run or the file was at fault
 */
/**
 * @typedef {object} Program
 * @property {string} name
 * @property {Uint8Array} bytes
 * @property {{ kind: 'example', name: string } | { kind: 'recent', id: number } | { kind: 'loose' }} source
 * @property {string} entry the wanted entry; '' = choose
 */
/** @typedef {{ limits: Limits, validate: boolean }} Options */
/** @typedef {{ kind: string, sentence: string, advice: string }} Refusal */
/**
 * @typedef {object} State
 * @property {Phase} phase
 * @property {Program | null} program
 * @property {ModuleInfo | null} module
 * @property {string} kind what the file was recognised as
 * @property {Listing | null} listing the file's own IR
 * @property {Refusal | null} refusal why it could not be opened
 * @property {string} entry
 * @property {Progress | null} progress
 * @property {Result | null} result
 * @property {boolean} recording a traced run is under way
 * @property {Trace | null} trace
 * @property {number} step current step of the trace; -1 = none
 * @property {number | null} selectedSite source number that something linked to
 * @property {Options} options
 * @property {'output' | 'inspector'} pane what a phone shows
 * @property {'ir' | 'trace' | 'module'} tab of the inspector
 */

/** @returns {State} */
export function initialState() {
  return {
    phase: 'starting',
    program: null,
    module: null,
    kind: '',
    listing: null,
    refusal: null,
    entry: '',
    progress: null,
    result: null,
    recording: false,
    trace: null,
    step: -1,
    selectedSite: null,
    options: { limits: { steps: 0, memory: 0, output: 0, seconds: 0 }, validate: true },
    pane: 'output',
    tab: 'ir',
  };
}

export class Store {
  #state;
  /** @type {{ keys: (keyof State)[], draw: (state: Readonly<State>) => void }[]} */
  #watchers = [];

  /** @param {State} state */
  constructor(state) {
    this.#state = state;
  }

  /** @returns {Readonly<State>} */
  get now() {
    return this.#state;
  }

  /** @param {Partial<State>} change */
  set(change) {
    const changed = new Set();
    for (const key of /** @type {(keyof State)[]} */ (Object.keys(change)))
      if (this.#state[key] !== change[key]) changed.add(key);
    if (changed.size === 0) return;
    this.#state = { ...this.#state, ...change };
    for (const { keys, draw } of this.#watchers) if (keys.some((key) => changed.has(key))) draw(this.#state);
  }

  /**
   * Calls `draw` now and whenever one of the keys changes.
   * @param {(keyof State)[]} keys
   * @param {(state: Readonly<State>) => void} draw
   */
  watch(keys, draw) {
    this.#watchers.push({ keys, draw });
    draw(this.#state);
  }
}

/**
 * Whether a run is under way, paused ones included.
 * @param {Readonly<State>} state
 */
export function isLive(state) {
  return state.phase === 'running' || state.phase === 'paused' || state.phase === 'stopping';
}
