/**
 * The page's half of the protocol: a worker as promises and streams, replaced when it hangs or crashes.
 * No DOM: `spawn` brings the worker, a browser's through browser-worker.js, Node's through node/spawn.js.
 */
import { Outbox } from './outbox.js';
import * as protocol from './protocol.js';
import { REQUESTS, STOP_GRACE_MILLISECONDS, noLimits } from './limits.js';
import { CODE, hostReport, noStats, resultOf, sentenceOf } from './result.js';

/** @import { Answers, Question } from './compiler/questions.js' */
/** @import { Compiled, Disassembled, FileRef, FromWorker, NotOpened, Opened, OpenedModule, Progress, RunState, ToWorker, TraceRequest } from './protocol.js' */
/** @import { Limits } from './limits.js' */
/** @import { WasmFunction } from './module/info.js' */
/** @import { Report, Result, Stats } from './result.js' */

/**
 * What a client needs of a worker. `listen` is called once, before anything is posted; `error` means that the
 * worker is dead or of no more use.
 * @typedef {object} WorkerLike
 * @property {(message: ToWorker, transfer: ArrayBuffer[]) => void} post
 * @property {(on: { message: (message: FromWorker) => void, error: (sentence: string) => void }) => void} listen
 * @property {() => void} terminate
 */
/**
 * @typedef {object} RunRequest
 * @property {Uint8Array} bytes must not change while the client may use it
 * @property {string} [entry] default `main`
 * @property {Partial<Limits>} [limits]
 * @property {TraceRequest | null} [trace]
 * @property {boolean} [validate] default true
 */
/**
 * Callbacks of a run, called in order; none is called after `done` has resolved. What `onStdout` returns is awaited
 * before the worker may send as many bytes again (1 MiB are under way at most).
 * @typedef {object} RunEvents
 * @property {(bytes: Uint8Array) => void | Promise<void>} [onStdout]
 * @property {(progress: Progress) => void} [onProgress]
 * @property {(state: RunState) => void} [onState]
 */
/**
 * @typedef {object} ClientRun
 * @property {number} id
 * @property {Promise<Result>} done never rejects
 * @property {() => void} stop `done` resolves within 100 ms
 * @property {() => void} pause
 * @property {() => void} resume
 */
/**
 * A request under way: what to do with its messages and with its loss. `again`: post it to a new worker, for those
 * that can be repeated: all but runs that have printed, or have run for a while.
 * @typedef {object} Pending
 * @property {(message: FromWorker) => void} receive
 * @property {(report: Report) => void} lose
 * @property {(() => void) | null} again
 * @property {boolean} [waits] whether the present worker has yet to hear of it
 */

/**
 * @param {{ spawn: () => WorkerLike, backend?: WebAssembly.Module | string | null, tools?: string | null,
 *   compiler?: string | null, onCrash?: (sentence: string) => void }} options
 */
export function createClient(options) {
  return new Client(options);
}

class Client {
  #spawn;
  #onCrash;
  /** @type {WebAssembly.Module | string | null} */
  #backend;
  #tools;
  #compiler;
  /** @type {WorkerLike | null} */
  #worker = null;
  /** To this worker. @type {Outbox | null} */
  #outbox = null;
  /** @type {Promise<void>} */
  #ready = Promise.resolve();
  /** @type {{ resolve: () => void, reject: (error: Error) => void } | null} */
  #starting = null;
  #closed = false;
  #lastId = 0;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  /** The file that the worker holds. @type {{ id: number, bytes: Uint8Array } | null} */
  #held = null;

  /** @param {Parameters<typeof createClient>[0]} options */
  constructor({ spawn, backend = null, tools = null, compiler = null, onCrash = () => {} }) {
    this.#spawn = spawn;
    this.#backend = backend;
    this.#tools = tools;
    this.#compiler = compiler;
    this.#onCrash = onCrash;
    this.#start();
  }

  /** Resolves when the present worker takes requests; rejects with a sentence when it cannot be started. */
  get ready() {
    return this.#ready;
  }

  /**
   * Recognises and loads a file.
   * @param {Uint8Array} bytes must not change while the client may use it
   * @param {{ validate?: boolean }} [options]
   * @returns {Promise<Opened | OpenedModule | NotOpened>} never rejects for what the file is
   */
  open(bytes, { validate = true } = {}) {
    return new Promise((resolve) => {
      const id = this.#nextId();
      const send = () => this.#post(protocol.open(id, this.#fileRef(bytes), validate));
      this.#request(id, send, {
        receive: (message) => {
          if (message.type === 'opened') this.#settle(id, () => resolve(message.file));
        },
        lose: (report) => resolve({ ok: false, kind: 'unknown', why: '', report }),
        again: send,
      });
    });
  }

  /**
   * One function of a WebAssembly module as text.
   * @param {Uint8Array} bytes
   * @param {number} index among all functions
   * @returns {Promise<Disassembled>} rejects when the worker was lost
   */
  disassemble(bytes, index) {
    return this.#ask(
      (id) => protocol.disassemble(id, this.#fileRef(bytes), index),
      (message) => (message.type === 'disassembled' ? message.code : null),
    );
  }

  /**
   * Functions of a module that have a body, from the `first` of them on: for those that its description leaves out.
   * @param {Uint8Array} bytes
   * @param {number} first
   * @returns {Promise<WasmFunction[]>} some of them, none at the end; rejects when the worker was lost
   */
  functions(bytes, first) {
    return this.#ask(
      (id) => protocol.functions(id, this.#fileRef(bytes), first),
      (message) => (message.type === 'functions' ? message.functions : null),
    );
  }

  /**
   * Compiles a WebAssembly module, for guest/start-guest.js.
   * @param {Uint8Array} bytes
   * @param {number} memory cap in bytes; 0 = the default
   * @returns {Promise<Compiled>} rejects when the worker was lost
   */
  compile(bytes, memory) {
    return this.#ask(
      (id) => protocol.compile(id, this.#fileRef(bytes), memory),
      (message) => (message.type === 'compiled' ? message.compiled : null),
    );
  }

  /**
   * Asks something about a JSRS program compiled.
   * @template {keyof Answers} What
   * @param {Uint8Array} bytes
   * @param {Extract<Question, { what: What }> & { what: What }} question
   * @param {AbortSignal} [signal] gives the question up, and the work on it
   * @returns {Promise<Answers[What] | { report: Report }>} rejects when the worker was lost, or the question given up
   */
  ask(bytes, question, signal) {
    return this.#ask(
      (id) => protocol.ask(id, this.#fileRef(bytes), /** @type {Question} */ (question)),
      (message) => (message.type === 'answered' ? /** @type {any} */ (message.answer) : null),
      signal,
    );
  }

  /**
   * @template T
   * @param {(id: number) => ToWorker} make
   * @param {(message: FromWorker) => T | null} read
   * @param {AbortSignal} [signal]
   * @returns {Promise<T>}
   */
  #ask(make, read, signal) {
    return new Promise((resolve, reject) => {
      const id = this.#nextId();
      const giveUp = () => {
        if (!this.#pending.has(id)) return;
        this.#settle(id, () => reject(new Error('stopped')));
        // A worker that is at it hears nothing: it is replaced, unless a run would be lost with it.
        if ([...this.#pending.values()].every(({ again }) => again)) this.#replaceAfterForce();
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      // A signal outlives many questions, and would hold the file of each.
      const forget = () => signal?.removeEventListener('abort', giveUp);
      const send = () => this.#post(make(id));
      this.#request(id, send, {
        receive: (message) => {
          const answer = read(message);
          if (answer === null) return;
          forget();
          this.#settle(id, () => resolve(answer));
        },
        lose: (report) => {
          forget();
          reject(new Error(report.message));
        },
        again: send,
      });
    });
  }

  /**
   * Starts a run; several may be under way and share the worker's time.
   * @param {RunRequest} request
   * @param {RunEvents} [events]
   * @returns {ClientRun}
   */
  run({ bytes, entry = 'main', limits = {}, trace = null, validate = true }, events = {}) {
    const id = this.#nextId();
    /** @type {(result: Result) => void} */
    let resolve;
    /** @type {Promise<Result>} */
    const done = new Promise((resolver) => (resolve = resolver));
    let stats = noStats();
    let ended = false;
    let isPaused = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let grace;

    /** @param {Result} result */
    const end = (result) => {
      if (ended) return;
      ended = true;
      clearTimeout(grace);
      this.#settle(id, () => resolve(result));
      events.onState?.('ended');
    };
    /** @param {Report} report */
    const lose = (report) => end(resultOf(report, { stats }));
    const stop = () => {
      if (ended || grace !== undefined) return;
      if (pending.waits) return lose(hostReport(CODE.EXECUTE, 'stopped', 'It had not begun.'));
      pending.again = null;
      events.onState?.('stopping');
      this.#post(protocol.stop(id));
      grace = setTimeout(() => {
        lose(hostReport(CODE.EXECUTE, 'stopped', 'It did not answer in time, so its worker was replaced.'));
        this.#replaceAfterForce();
      }, STOP_GRACE_MILLISECONDS);
    };
    /** @param {Uint8Array} chunk */
    const deliver = async (chunk) => {
      const size = chunk.length;
      try {
        await events.onStdout?.(chunk);
      } catch (thrown) {
        this.#post(protocol.stop(id));
        lose(hostReport(CODE.INTERNAL, `the output could not be delivered: ${sentenceOf(thrown)}`));
      }
      if (!ended) this.#post(protocol.credit(id, size));
    };

    const file = () => this.#fileRef(bytes);
    const send = () =>
      this.#post(protocol.startRun(id, { file: file(), entry, limits: { ...noLimits(), ...limits }, trace, validate }));
    /** @type {Pending} */
    const pending = {
      receive: (message) => {
        if (ended) return;
        if (!isOfYoung(message)) pending.again = null;
        if (message.type === 'output') void deliver(message.bytes);
        else if (message.type === 'state') events.onState?.(message.state);
        else if (message.type === 'progress') {
          stats = statsOf(message.progress);
          events.onProgress?.(message.progress);
        } else if (message.type === 'done') end(message.result);
      },
      lose,
      again: () => {
        send();
        if (isPaused) this.#post(protocol.pause(id));
      },
    };
    this.#request(id, send, pending);
    /** @param {boolean} on */
    const hold = (on) => {
      isPaused = on;
      if (!ended) this.#post(on ? protocol.pause(id) : protocol.resume(id));
    };
    return { id, done, stop, pause: () => hold(true), resume: () => hold(false) };
  }

  /** Ends the worker; what is under way is lost. The client is of no more use. */
  close() {
    this.#closed = true;
    this.#end();
    this.#starting?.reject(new Error('closed'));
    this.#starting = null;
    this.#loseAll(hostReport(CODE.EXECUTE, 'stopped', 'The client was closed.'));
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#outbox?.close();
  }

  #start() {
    /** @type {Promise<void>} */
    const ready = new Promise((resolve, reject) => (this.#starting = { resolve, reject }));
    ready.catch(() => {}); // whoever awaits `ready` hears of it; nobody has to
    this.#ready = ready;
    this.#held = null;
    const worker = this.#spawn();
    this.#worker = worker;
    const outbox = new Outbox(worker, (sentence) => {
      if (worker === this.#worker) this.#crashed(sentence);
    });
    this.#outbox = outbox;
    worker.listen({
      message: (message) => {
        if (worker === this.#worker) this.#receive(message);
      },
      error: (sentence) => {
        if (worker === this.#worker) this.#crashed(sentence);
      },
    });
    outbox.post(protocol.init(this.#backend, this.#tools, this.#compiler));
  }

  /** @param {FromWorker} message */
  #receive(message) {
    if (message.type === 'ready') {
      this.#backend = message.module;
      this.#starting?.resolve();
      this.#starting = null;
    } else if (message.type === 'failed') {
      this.#crashed(message.message);
    } else {
      this.#pending.get(message.run)?.receive(message);
    }
  }

  /**
   * One that never got ready is not replaced before the next request: it would most likely fail for ever.
   * @param {string} sentence
   */
  #crashed(sentence) {
    this.#end();
    const starting = this.#starting;
    this.#starting = null;
    starting?.reject(new Error(sentence));
    this.#loseAll(hostReport(CODE.INTERNAL, sentence));
    if (!starting && !this.#closed) this.#start();
    this.#onCrash(sentence);
  }

  /**
   * A run did not stop when asked. Requests that can be repeated go to the new worker, but only when whoever waits for
   * the run has heard of its end: they may carry large files. A run that has hardly begun is one of them, such as that
   * in whose place the stopped one had to go; others are lost.
   */
  #replaceAfterForce() {
    this.#end();
    this.#start();
    const worker = this.#worker;
    for (const [id, pending] of [...this.#pending]) {
      const { again } = pending;
      if (!again) pending.lose(hostReport(CODE.EXECUTE, 'stopped', 'Another run had to be stopped by force.'));
      else {
        pending.waits = true;
        setTimeout(() => {
          if (worker !== this.#worker || !this.#pending.has(id)) return;
          pending.waits = false;
          again();
        });
      }
    }
  }

  /** @param {Report} report */
  #loseAll(report) {
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of lost) pending.lose(report);
  }

  #nextId() {
    if (this.#closed) throw new Error('this client is closed');
    if (this.#pending.size >= REQUESTS) throw new Error(`more than ${REQUESTS} requests at once`);
    return ++this.#lastId;
  }

  /**
   * @param {number} id
   * @param {() => void} send
   * @param {Pending} pending
   */
  #request(id, send, pending) {
    this.#pending.set(id, pending);
    if (this.#worker === null) this.#start();
    send();
  }

  /** @param {number} id @param {() => void} finish */
  #settle(id, finish) {
    this.#pending.delete(id);
    finish();
  }

  /** @param {ToWorker} message */
  #post(message) {
    this.#outbox?.post(message);
  }

  /**
   * Bytes travel once as long as the same file is asked for.
   * @param {Uint8Array} bytes
   * @returns {FileRef}
   */
  #fileRef(bytes) {
    if (this.#held?.bytes === bytes) return { id: this.#held.id, bytes: null };
    this.#held = { id: ++this.#lastId, bytes };
    return this.#held;
  }
}

/** @typedef {InstanceType<typeof Client>} ClientLike */

/** Whether what a run says tells of no more than its first second. @param {FromWorker} message */
function isOfYoung(message) {
  if (message.type === 'progress') return message.progress.seconds < 1;
  return message.type === 'state' && message.state !== 'paused';
}

/** What is known of a run that never came to its end. @param {Progress} progress @returns {Stats} */
function statsOf({ steps, outputBytes, memory, seconds }) {
  return { ...noStats(), steps, outputBytes, memoryPeak: memory, milliseconds: seconds * 1000 };
}
