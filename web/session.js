// What the page does with a program: open it, run it, stop it, record it. Talks to the worker through runner/client.js and
// writes what comes back into the store and the output. Each opening and each run has a number, so that a late answer of
// an earlier one changes nothing.

import { lateRun } from './compiled/late-run.js';
import { sentence } from './format.js';
import { readListing } from './ir/listing.js';
import { figuresOf, phaseOf } from './outcome.js';
import { createTaking } from './output/taking.js';
import { NO_FIGURES, isLive } from './state.js';

/** @import { ClientLike, ClientRun } from '../runner/client.js' */
/** @import { IrTextName } from '../runner/program-text.js' */
/** @import { Described, Opened, OpenedModule, Progress } from '../runner/protocol.js' */
/** @import { Position } from '../runner/result.js' */
/** @import { CompiledRuns } from './compiled/late-run.js' */
/** @import { CompiledRun } from './compiled/runs.js' */
/** @import { GuestSession } from './guest/session.js' */
/** @import { Listing } from './ir/listing.js' */
/** @import { Lazy } from './lazy.js' */
/** @import { OutputStore } from './output/store.js' */
/** @import { Program, Store } from './state.js' */
/** @import { Trace } from './trace/model.js' */

/** The old output stays this long if the new run prints nothing: a quick run replaces it without a flash. */
const CLEAR_AFTER_MS = 80;

/** The store of a program that is no module. */
const NO_GUEST = Object.freeze({ wasm: null, plan: null, missing: null, waiting: null, files: null, screen: null });

export class Session {
  #client;
  #store;
  #output;
  #stepping;
  #guests;
  /** What runs WebAssembly modules; null until the first one comes. @type {GuestSession | null} */
  #guest = null;
  /** @type {Promise<GuestSession | null> | null} */
  #guestComing = null;
  #opening = 0;
  #running = 0;
  #compiledRuns;
  /** @type {CompiledRun | null} */
  #run = null;
  /** @type {ClientRun | undefined} */
  #recording;
  #recordingWork = new AbortController();
  /** Of the program that was opened last. @type {Promise<Listing>} */
  #listing = new Promise(() => {});
  #take;

  /**
   * @param {ClientLike} client
   * @param {Store} store
   * @param {OutputStore} output
   * @param {Lazy['stepping']} stepping
   * @param {(take: import('./guest/session.js').TakeOutput) => Promise<GuestSession | null>} guests makes what runs modules
   * @param {() => Promise<CompiledRuns | null>} compiledRuns
   */
  constructor(client, store, output, stepping, guests, compiledRuns) {
    this.#client = client;
    this.#store = store;
    this.#output = output;
    this.#take = createTaking(output);
    this.#stepping = stepping;
    this.#guests = guests;
    this.#compiledRuns = compiledRuns;
  }

  /**
   * Ends what the present program does: another is to take its place, and may yet have to be fetched.
   * @returns {number} of the opening
   */
  expect() {
    this.#endRun();
    this.#endRecording();
    this.#store.set({
      phase: 'opening',
      invalid: null,
      refusal: null,
      selectedSite: null,
      result: null,
      progress: null,
      trace: null,
      step: -1,
      figures: NO_FIGURES,
    });
    return ++this.#opening;
  }

  /**
   * Opens a program in place of the present one, and runs it.
   * @param {Program} program
   * @returns {Promise<{ kind: string } | null>} null: it cannot be opened, or another one came in between
   */
  async open(program) {
    const number = this.expect();
    this.#store.set({ program });
    const opened = await this.#client.open(program.bytes, { validate: this.#store.now.options.validate });
    if (number !== this.#opening) return null;
    if (!opened.ok) {
      const { report, kind, why } = opened;
      // Of a JSRS file the report says it all; of anything else, how it was recognised (why) helps.
      const advice = [why, report.help].filter(Boolean).join(' ');
      const { position } = report;
      this.refuse(program, kind, { kind: report.kind, sentence: sentence(report.message || why), advice, position });
      if (opened.invalid) await this.#showInvalid(opened.invalid, position);
      return null;
    }
    if ('wasm' in opened) return this.#openGuest(program, opened, number);
    /** @type {Promise<Listing> | null} */
    let reading = null;
    const names = opened.module.functions.map(({ name }) => name);
    const read = () => (reading ??= readListing(opened.listing, opened.lines, names));
    const entry = await chooseEntry(opened, program.entry, read);
    if (number !== this.#opening) return null;
    this.#store.set({ ...NO_GUEST, module: opened.module, kind: opened.kind, entry, refusal: null, listing: null });
    this.#start();
    this.#listing = read();
    const listing = await this.#listing;
    if (number !== this.#opening) return null;
    this.#store.set({ listing });
    return { kind: `JSRS v${opened.module.version}` };
  }

  /**
   * What is in a file that cannot run, and where it breaks a rule.
   * @param {Described} described
   * @param {Position | null} position
   */
  async #showInvalid({ module: invalid, listing: text, lines }, position) {
    const number = this.#opening;
    this.#store.set({ invalid });
    const listing = await readListing(text, lines);
    if (number === this.#opening) this.#store.set({ listing, selectedSite: position?.site ?? null });
  }

  /** @param {Program} program @param {OpenedModule} opened @param {number} number of the opening */
  async #openGuest(program, opened, number) {
    const guest = await this.#makeGuest();
    if (number !== this.#opening) return null;
    if (!guest) {
      const sentence = 'What runs WebAssembly modules could not be loaded.';
      this.refuse(program, opened.kind, { kind: 'io-error', sentence, advice: 'Check the connection and try again.' });
      return null;
    }
    await guest.open(program, opened, () => number === this.#opening);
    return number === this.#opening ? { kind: opened.plan.title } : null;
  }

  /** Makes what runs modules, once, however many are opened while it comes. A failure is tried again. */
  #makeGuest() {
    return (this.#guestComing ??= this.#guests(this.#take).then((guest) => {
      if (!guest) this.#guestComing = null;
      return (this.#guest = guest);
    }));
  }

  /** What runs the module that is open; null when none is. */
  get guest() {
    return this.#store.now.wasm ? this.#guest : null;
  }

  /**
   * Shows why something cannot be opened.
   * @param {Program | null} program
   * @param {string} kind
   * @param {import('./state.js').Refusal} refusal
   */
  refuse(program, kind, refusal) {
    this.#opening += 1;
    this.#endRun();
    this.#endRecording();
    this.#output.clear();
    this.#store.set({
      phase: 'refused',
      program,
      kind,
      entry: '',
      refusal,
      module: null,
      invalid: null,
      listing: null,
      result: null,
      progress: null,
      trace: null,
      step: -1,
      ...NO_GUEST,
    });
  }

  /** @param {string} entry */
  setEntry(entry) {
    this.forgetTrace();
    this.#store.set({ entry, figures: NO_FIGURES });
    this.run();
  }

  /** The steps of what will not be run so again, recorded or still to come. */
  forgetTrace() {
    this.#endRecording();
    this.#store.set({ trace: null, step: -1 });
  }

  /** Runs the program anew. One that is being opened runs by itself, as soon as it can. */
  run() {
    const { phase, program } = this.#store.now;
    if (program && phase !== 'opening') this.#start();
  }

  #start() {
    const { program, entry, options } = this.#store.now;
    if (!program) return;
    if (this.guest) return void this.guest.run();
    this.#endRun();
    const number = ++this.#running;
    const current = () => number === this.#running;
    let cleared = false;
    const clear = () => {
      if (cleared || !current()) return;
      cleared = true;
      this.#output.clear();
    };
    setTimeout(clear, CLEAR_AFTER_MS);
    const { mode, level, limits, validate } = options;
    const building = mode === 'compiled';
    this.#store.set({ phase: 'running', building, result: null, progress: null, selectedSite: null });
    const request = { bytes: program.bytes, name: program.name, entry, limits, validate, level };
    const events = {
      onBuilt: () => current() && this.#store.set({ building: false }),
      onStdout: (/** @type {Uint8Array} */ bytes) => {
        if (!current()) return;
        clear();
        return this.#take(bytes);
      },
      onProgress: (/** @type {Progress} */ progress) => current() && this.#store.set({ progress }),
      onState: (/** @type {string} */ state) => {
        if (current() && (state === 'running' || state === 'paused' || state === 'stopping'))
          this.#store.set({ phase: state });
      },
    };
    const run = building ? lateRun(this.#compiledRuns, request, events) : this.#client.run(request, events);
    this.#run = run;
    void run.done.then((result) => {
      if (!current()) return;
      clear();
      this.#run = null;
      const figures = { ...this.#store.now.figures, [mode]: figuresOf(result) };
      this.#store.set({ phase: phaseOf(result), building: false, result, progress: null, figures });
    });
  }

  stop() {
    if (this.guest) this.guest.stop();
    else if (isLive(this.#store.now)) this.#run?.stop();
    else if (this.#recording) this.#recording.stop();
    else this.#endRecording(); // which may yet have to begin
  }

  pauseOrResume() {
    if (this.#store.now.phase === 'paused') this.#run?.resume();
    else this.#run?.pause();
  }

  /**
   * Runs the program once more, recording its events (it is deterministic), and goes to the first step. A run that is
   * under way goes on: what it prints is not touched by this.
   * @returns {Promise<Trace | null | undefined>} null: it has no steps, or cannot be shown; undefined: it was given up
   */
  async record() {
    const { program, entry, options } = this.#store.now;
    if (!program || this.#store.now.recording) return;
    const { signal } = (this.#recordingWork = new AbortController());
    this.#store.set({ recording: true });
    const part = await this.#stepping();
    if (signal.aborted) return;
    const request = { bytes: program.bytes, entry, limits: options.limits, validate: options.validate };
    const begun = part?.beginRecording(this.#client, request, this.#listing, signal);
    this.#recording = begun?.run;
    // It fails where there is no memory for what it makes of the events.
    const trace = begun ? await begun.trace.catch(() => null) : null;
    if (signal.aborted) return;
    this.#recording = undefined;
    this.#store.set({ recording: false, ...(trace && { trace, step: 0 }) });
    return trace;
  }

  /** The internal IR of a program. @param {Program} program @param {IrTextName} which */
  irText({ bytes }, which) {
    const { entry, options } = this.#store.now;
    return this.#client.ask(bytes, { what: 'ir', which, entry, level: options.level, validate: options.validate });
  }

  #endRun() {
    this.#running += 1;
    this.#run?.stop();
    this.#run = null;
    this.#guest?.end();
  }

  #endRecording() {
    this.#recordingWork.abort();
    this.#recording?.stop();
    this.#recording = undefined;
    this.#store.set({ recording: false });
  }
}

/**
 * The wanted function if it can be run, else `main`, else the first that can.
 * @param {Opened} opened
 * @param {string} wanted
 * @param {() => Promise<Listing>} read
 */
async function chooseEntry({ module }, wanted, read) {
  const entries = module.functions.filter((each) => each.entry);
  for (const name of wanted === '' ? ['main'] : [wanted, 'main']) {
    if (entries.some((each) => each.name === name)) return name;
    if (module.omitted.functions === 0) continue;
    // Functions that the module's description leaves out are still in the listing, unless that is too large to be made.
    const listing = await read();
    if (listing.lineCount === 0 || listing.canBegin(name)) return name;
  }
  return entries[0]?.name ?? 'main';
}
