// What the page does with a WebAssembly module: opens it, runs it in a fresh worker, brings it input, stops it, and asks
// its instance afterwards. Loaded with the first module. Session (../session.js) hands over to it and takes numbers of
// openings and runs from it, so that a late answer of an earlier program changes nothing.

import { canShare, startGuest } from '../../runner/guest/start-guest.js';
import { memoryShares } from '../../runner/module/memory-shares.js';
import { CODE, hostReport, resultOf, sentenceOf } from '../../runner/result.js';
import { CallLog } from './call-log.js';
import { LinkedModules } from './linked.js';
import { missingSentence } from './module-words.js';
import { filesToGive, requestOf } from './request.js';
import { SpareWorker } from './spare-worker.js';

/** @import { ClientLike } from '../../runner/client.js' */
/** @import { GuestRun } from '../../runner/guest/start-guest.js' */
/** @import { ExportCall, Waiting } from '../../runner/guest/types.js' */
/** @import { Plan } from '../../runner/module/plan.js' */
/** @import { Compiled, OpenedModule } from '../../runner/protocol.js' */
/** @import { Report } from '../../runner/result.js' */
/** @import { Keep } from '../keep.js' */
/** @import { Brought } from '../intake.js' */
/** @import { OutputStore } from '../output/store.js' */
/** @import { Terminal } from './request.js' */
/** @import { Program, Store } from '../state.js' */

const NO_ROOM = hostReport(CODE.EXECUTE, 'there is no memory for the given files', 'Take some of them away.');
const STOPPED = hostReport(CODE.EXECUTE, 'stopped', 'It had not begun.');
const UNKEPT = 'The browser keeps no files here: it stays until the page is closed.';

/** Engines with JSPI suspend a module that waits. @returns {'shared' | 'suspend' | 'prepared'} */
export function inputMode() {
  if (canShare()) return 'shared';
  return 'Suspending' in WebAssembly ? 'suspend' : 'prepared';
}

/**
 * Takes output; a promise holds the program up.
 * @typedef {(bytes: Uint8Array, stream: 1 | 2) => void | Promise<void>} TakeOutput
 */

/**
 * What shows runs: it is asked before each of them, and told what comes.
 * @typedef {object} GuestView
 * @property {() => Promise<void>} begins resolves when what shows the run is there
 * @property {() => Terminal} terminal that the program will find
 * @property {TakeOutput} take
 * @property {() => void} screenChanged there is a new frame; only where memory is not shared
 */

export class GuestSession {
  #client;
  #store;
  #output;
  #calls = new CallLog();
  #take;
  #workers;
  #linked;
  #keeping;
  #refreshPrograms;
  #notice;
  /** The program without what is linked to it. @type {OpenedModule | null} */
  #bare = null;
  /** @type {GuestRun | null} */
  #run = null;
  /** What is typed at a run that has yet to begin. @type {((run: GuestRun) => unknown)[]} */
  #early = [];
  #running = 0;
  /** @type {GuestView | null} */
  #view = null;

  /**
   * @param {{ client: ClientLike, store: Store, output: OutputStore, keeping: Promise<Keep>,
   *   refreshPrograms: () => Promise<unknown>, notice: (sentence: string) => void, take: TakeOutput,
   *   workerAddress: string }} parts
   */
  constructor({ client, store, output, keeping, refreshPrograms, notice, take, workerAddress }) {
    this.#client = client;
    this.#linked = new LinkedModules(client, keeping);
    this.#keeping = keeping;
    this.#refreshPrograms = refreshPrograms;
    this.#notice = notice;
    this.#store = store;
    this.#output = output;
    this.#take = take;
    this.#workers = new SpareWorker(workerAddress);
  }

  /** Calls of imports of the present run. */
  get calls() {
    return this.#calls;
  }

  /** The run under way, or the last one: its instance answers until the next run or program. */
  get current() {
    return this.#run;
  }

  /**
   * Tells the run under way what was typed; one that is still being made hears of it as soon as it is there.
   * @template Answer
   * @param {(run: GuestRun) => Answer} what
   * @returns {Answer | undefined}
   */
  tell(what) {
    if (this.#run) return what(this.#run);
    if (this.#store.now.phase === 'running') this.#early.push(what);
  }

  /** @param {GuestView} view */
  set view(view) {
    this.#view = view;
  }

  /**
   * Shows a module and runs it, if there is something to run.
   * @param {Program} program
   * @param {OpenedModule} opened
   * @param {() => boolean} isCurrent whether nothing else was opened meanwhile
   */
  async open(program, opened, isCurrent) {
    const linked = await this.#linked.begin(opened);
    if (!isCurrent()) return;
    this.#bare = opened;
    this.#show(program, linked);
  }

  /**
   * Links what somebody brought to the program, if the program imports from it, keeps it, and runs the program anew.
   * @param {Brought} brought
   * @returns {Promise<boolean>} false: it is not for this program
   */
  async link(brought) {
    const { program, plan } = this.#store.now;
    const bare = this.#bare;
    if ('sentence' in brought || !program || !plan || !bare) return false;
    const { name, bytes } = brought;
    const linked = await this.#linked.add(bare, plan, name, bytes);
    if (!linked) return false;
    if ('fault' in linked) {
      this.#notice(linked.fault);
      return true;
    }
    const present = this.#store.now.program;
    // Another one is open by now.
    if (present?.bytes !== program.bytes) return false;
    this.#show(present, linked.opened);
    const kept = { name: linked.name, kind: 'WebAssembly module', bytes, time: Date.now() };
    const { lasting } = await (await this.#keeping).add(kept);
    await this.#refreshPrograms();
    const next = lasting ? 'It is kept with your recent files, and found there next time.' : UNKEPT;
    this.#notice(`${linked.name} is linked to this program. ${next}`);
    return true;
  }

  /** Takes a linked module away again. It stays among the recent files. @param {string} name of the import module */
  unlink(name) {
    const { program, plan } = this.#store.now;
    const linked = plan?.linked.find((each) => each.name === name);
    if (!program || !linked || !this.#bare) return;
    this.#show(program, this.#linked.remove(this.#bare, name));
    this.#notice(
      `${linked.file} is not linked any more. It stays with your recent files, and is linked again when the program is opened anew.`,
    );
  }

  /** How large the file of a linked module is. @param {string} name */
  linkedSize(name) {
    return this.#linked.sizeOf(name);
  }

  /** @param {Program} program @param {OpenedModule} opened */
  #show(program, { wasm, plan, missing, kind }) {
    this.end();
    this.#store.set({
      ...{ program, wasm, plan, kind, refusal: null, module: null, listing: null, result: null, trace: null },
      missing: missing && missingSentence(plan),
      ...{ step: -1, files: null, screen: null, warnings: [], waiting: null, inputMode: inputMode() },
      entry: plan.entry ?? '',
    });
    this.#output.clear();
    this.#calls.clear();
    void this.run();
  }

  /**
   * Runs the program from its start, or the given exports of a fresh instance.
   * @param {ExportCall[]} [calls]
   * @param {boolean} [keep] whether what was printed stays
   */
  async run(calls = [], keep = false) {
    const { program, plan, options, missing } = this.#store.now;
    if (!program || !plan) return;
    if (missing && !options.guest.stub) return this.#store.set({ phase: 'ready' });
    this.end();
    const number = ++this.#running;
    const isCurrent = () => number === this.#running;
    this.#store.set({
      ...{
        phase: 'running',
        result: null,
        progress: null,
        warnings: [],
        waiting: null,
        files: null,
        filesLeft: 0,
        screen: null,
      },
    });
    if (!keep) this.#output.clear();
    this.#calls.clear();
    const compiling = this.#compile(program, plan, options.limits.memory);
    await this.#view?.begins();
    const { linked, ...compiled } = await compiling;
    const request = requestOf(this.#store.now, calls, this.#view?.terminal());
    const over = await filesToGive(request.files).catch(() => null);
    if (!isCurrent()) return;
    if (!compiled.module) return this.#store.set({ phase: 'failed', result: resultOf(compiled.report) });
    if (!over) return this.#store.set({ phase: 'failed', result: resultOf(NO_ROOM) });
    const run = startGuest({
      spawn: () => this.#workers.take(),
      module: compiled.module,
      linked,
      shift: compiled.shift,
      plan,
      request: { ...request, files: over.files },
      given: over.given,
      shared: canShare(),
      events: {
        onStdout: (bytes) => (isCurrent() ? this.#takeOutput(bytes, 1) : undefined),
        onStderr: (bytes) => (isCurrent() ? this.#takeOutput(bytes, 2) : undefined),
        onCalls: (lines) => void (isCurrent() && this.#calls.append(lines)),
        onWaiting: (waiting) => void (isCurrent() && this.#store.set({ waiting: possible(waiting) })),
        onWarning: (sentence) =>
          void (isCurrent() && this.#store.set({ warnings: [...this.#store.now.warnings, sentence] })),
        onScreen: () => void (isCurrent() && this.#view?.screenChanged()),
        onFiles: (files) => void (isCurrent() && this.#store.set({ files })),
        onProgress: (progress) => void (isCurrent() && this.#store.set({ progress: { ...progress, steps: 0 } })),
      },
    });
    this.#run = run;
    for (const what of this.#early.splice(0)) what(run);
    this.#store.set({ screen: run.screen });
    this.#workers.prepare();
    const result = await run.done;
    if (!isCurrent()) return;
    const { files, filesLeft } = result;
    // A worker that was terminated has told of none; those that were written down are here.
    if (result.end === 'lost') result.stats.calls = this.#calls.count + this.#calls.dropped;
    // A module without an entry is made all the same: its memory and globals can be seen, its exports called.
    const isReady = result.code === 0 && result.exitCode === 0 && plan.entry === null && calls.length === 0;
    if (isReady) return this.#store.set({ phase: 'ready', progress: null, waiting: null, files, filesLeft });
    const phase = result.code === 0 ? 'finished' : result.message === 'stopped' ? 'stopped' : 'failed';
    this.#store.set({ phase, result, progress: null, waiting: null, ...(files ? { files, filesLeft } : {}) });
  }

  /** The program last: the worker keeps what it had last. @param {Program} program @param {Plan} plan @param {number} memory */
  async #compile(program, plan, memory) {
    try {
      const shares = memoryShares(plan, memory);
      if (shares.report) return { ...lost(shares.report), linked: [] };
      const { linked, report } = await this.#linked.compile(plan, shares.linked);
      if (report) return { ...lost(report), linked };
      return { ...(await this.#client.compile(program.bytes, shares.program)), linked };
    } catch (thrown) {
      return { ...lost(hostReport(CODE.INTERNAL, sentenceOf(thrown))), linked: [] };
    }
  }

  /** Calls an export of the instance that the last run left. @param {ExportCall} call */
  async call(call) {
    const run = this.#run;
    if (!run) return null;
    this.#store.set({ calling: true });
    const outcome = await run.call(call);
    this.#store.set({ calling: false });
    return outcome;
  }

  stop() {
    // There is no other way to end a call, so the instance goes with it.
    if (this.#store.now.calling) return this.end();
    if (this.#store.now.phase !== 'running') return;
    if (this.#run) {
      this.#store.set({ phase: 'stopping' });
      this.#run.stop();
    } else {
      // What it waits for may be long in coming.
      this.end();
      this.#store.set({ phase: 'stopped', result: resultOf(STOPPED) });
    }
  }

  /** Gives up the run, or the instance that an earlier one left. */
  end() {
    this.#running += 1;
    this.#early = [];
    this.#run?.close();
    this.#run = null;
  }

  /** @param {Uint8Array} bytes @param {1 | 2} stream */
  #takeOutput(bytes, stream) {
    const shown = this.#view?.take(bytes, stream);
    const taken = this.#take(bytes, stream);
    return shown && taken ? Promise.all([shown, taken]).then(() => {}) : (shown ?? taken);
  }
}

/** What somebody can bring about: where input is prepared nobody can press the key that is asked for. @param {Waiting} waiting @returns {Waiting} */
function possible(waiting) {
  return inputMode() === 'prepared' && waiting !== 'sleep' ? null : waiting;
}

/** A compilation that gave nothing. @param {Report} report @returns {Compiled} */
function lost(report) {
  return { module: null, shift: 0, report };
}
