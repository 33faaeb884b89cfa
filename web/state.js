// The one store: what is open, what runs, what is seen. Panels read it and watch the keys they draw; README.md says who
// writes it. Bytes of output and events of a trace are not in here but in output/store.js and trace/model.js.

/** @import { Limits } from '../runner/limits.js' */
/** @import { FileEntry, Waiting } from '../runner/guest/types.js' */
/** @import { WasmInfo } from '../runner/module/info.js' */
/** @import { Plan } from '../runner/module/plan.js' */
/** @import { Level } from '../runner/compiler/questions.js' */
/** @import { ModuleInfo, Mode, Progress } from '../runner/protocol.js' */
/** @import { Position, Result } from '../runner/result.js' */
/** @import { ScreenReader } from '../runner/terminal/screen.js' */
/** @import { Listing } from './ir/listing.js' */
/** @import { Trace } from './trace/model.js' */

/**
 * @typedef {'starting' | 'opening' | 'ready' | 'running' | 'paused' | 'stopping' | 'finished' | 'stopped' | 'failed' | 'refused'} Phase
 *   ready: a module without an entry, whose exports can be called; refused: the bytes are nothing that can run; failed: the run or the file was at fault
 */
/**
 * @typedef {object} Program
 * @property {string} name
 * @property {Uint8Array} bytes
 * @property {{ kind: 'example', name: string } | { kind: 'recent', id: number } | { kind: 'loose' }} source
 * @property {string} entry the wanted entry; '' = choose
 * @property {Given} [given] what an example brings along
 */
/**
 * What an example is given: inputs in place of empty ones, files, and the terminal that it wants.
 * @typedef {{ inputs: Partial<GuestOptions>, files: FileEntry[], terminal: 'raw' | 'line' | 'none' }} Given
 */
/**
 * What a module is given. Texts as people write them: `args` as in a shell, `env` a line per variable, an empty `seed` for
 * real chance, an empty `clock` for the real one.
 * @typedef {object} GuestOptions
 * @property {string} args
 * @property {string} env
 * @property {string} stdin all of standard input; empty: what is typed while the program runs
 * @property {string} keys names of keys (aver-abi.md 6.3) that wait before the program starts
 * @property {string} seed
 * @property {string} clock a date and time at which a virtual clock starts
 * @property {boolean} stub whether stubs stand in for missing imports
 * @property {boolean} trace whether calls of imports are written down
 */
/**
 * `mode` and `level`: how JSRS programs run, and how hard the optimiser tries when they are compiled.
 * @typedef {{ limits: Limits, validate: boolean, mode: Mode, level: Level, guest: GuestOptions }} Options
 */
/**
 * What the last run in each mode took, of one program and entry.
 * @typedef {object} Figures
 * @property {{ milliseconds: number, steps: number, outcome: string } | null} interpreted
 * @property {{ level: Level, compiling: number, milliseconds: number, size: number, outcome: string } | null} compiled
 */
/** @typedef {{ kind: string, sentence: string, advice: string, position?: Position | null }} Refusal */
/** @typedef {'ir' | 'trace' | 'module' | 'passes' | 'graph' | 'compiled' | 'code' | 'calls' | 'files' | 'exports'} Tab */
/**
 * @typedef {object} State
 * @property {Phase} phase
 * @property {Program | null} program
 * @property {ModuleInfo | null} module what a JSRS program consists of
 * @property {ModuleInfo | null} invalid what a file consists of that breaks a rule, so that it is no program
 * @property {string} kind what the file was recognised as
 * @property {Listing | null} listing the file's own IR
 * @property {Refusal | null} refusal why it could not be opened
 * @property {string} entry
 * @property {Progress | null} progress
 * @property {Result | null} result
 * @property {boolean} building the program is being compiled, for a run that comes next
 * @property {Figures} figures
 * @property {boolean} recording a traced run is under way
 * @property {Trace | null} trace
 * @property {number} step current step of the trace; -1 = none
 * @property {number | null} selectedSite source number that something linked to
 * @property {Options} options
 * @property {WasmInfo | null} wasm what a WebAssembly module consists of; null: the program is none
 * @property {Plan | null} plan who serves its imports, and what running it means
 * @property {string | null} missing what keeps it from running without stubs, as a sentence
 * @property {Waiting} waiting what a module waits for
 * @property {string[]} warnings of the present run
 * @property {FileEntry[]} uploads files that the user gave to modules
 * @property {FileEntry[] | null} files what the module's file system held when last heard of
 * @property {boolean} calling whether an export that somebody called has yet to return
 * @property {number} filesLeft entries of it that are not among them
 * @property {ScreenReader | null} screen the terminal that a module draws on
 * @property {'shared' | 'suspend' | 'prepared'} inputMode how input reaches a module in this browser
 * @property {'text' | 'terminal'} outputView
 * @property {'output' | 'inspector'} pane what a phone shows
 * @property {Tab} tab of the inspector
 */

/** @type {Figures} */
export const NO_FIGURES = Object.freeze({ interpreted: null, compiled: null });

/** @returns {Options} */
export function initialOptions() {
  return {
    limits: { steps: 0, memory: 0, output: 0, seconds: 0 },
    validate: true,
    mode: 'interpreted',
    level: 'O1',
    guest: { args: '', env: '', stdin: '', keys: '', seed: '', clock: '', stub: false, trace: true },
  };
}

/** @returns {State} */
export function initialState() {
  return {
    phase: 'starting',
    program: null,
    module: null,
    invalid: null,
    kind: '',
    listing: null,
    refusal: null,
    entry: '',
    progress: null,
    result: null,
    building: false,
    figures: NO_FIGURES,
    recording: false,
    trace: null,
    step: -1,
    selectedSite: null,
    options: initialOptions(),
    wasm: null,
    plan: null,
    missing: null,
    waiting: null,
    warnings: [],
    uploads: [],
    files: null,
    filesLeft: 0,
    calling: false,
    screen: null,
    inputMode: 'shared',
    outputView: 'text',
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

/** Whether it is a WebAssembly module, or was meant to be one. @param {Readonly<State>} state */
export function isWasm({ wasm, kind }) {
  return wasm !== null || kind.startsWith('wasm');
}
