/**
 * The host's end of a run of a module: gives it to a fresh worker, brings it input, takes its output with back-pressure,
 * holds it to its limits, stops it within 100 ms, and makes its result. No DOM and no Node: both bring `spawn`.
 */
import { RECORD, HostEnd, channelBuffers } from './channel.js';
import { isSilent, reportOf, resultOfGuest } from './guest-result.js';
import { InputFeed } from './input-feed.js';
import { keyNumber } from './key-numbers.js';
import {
  FILES_MILLISECONDS,
  KEY_RING,
  PROGRESS_MILLISECONDS,
  REST_MILLISECONDS,
  STOP_GRACE_MILLISECONDS,
  UNPACED_OUTPUT_BYTES,
} from '../limits.js';
import { CODE, hostReport, noStats, sentenceOf } from '../result.js';
import { ScreenReader, createScreenBuffer, screenResult } from '../terminal/screen.js';

/** @import { Plan } from '../module/plan.js' */
/** @import { OutputRecord } from './channel.js' */
/** @import { Report } from '../result.js' */
/** @import { GuestResult } from './guest-result.js' */
/** @import { Outcome } from './outcome.js' */
/** @import { FromGuest, GuestDone, ToGuest } from './protocol.js' */
/** @import { ExportCall, FileEntry, GuestRequest, Waiting } from './types.js' */

/**
 * A worker that has loaded guest-worker.js. `listen` is called once.
 * @typedef {object} GuestWorkerLike
 * @property {(message: ToGuest, transfer: ArrayBuffer[]) => void} post
 * @property {(on: { message: (message: FromGuest) => void, error: (sentence: string) => void }) => void} listen
 * @property {() => void} terminate
 */
/**
 * What `onOutput` returns is awaited before more is taken, and the program is held up meanwhile.
 * @typedef {object} GuestEvents
 * @property {(bytes: Uint8Array) => void | Promise<void>} [onStdout]
 * @property {(bytes: Uint8Array) => void | Promise<void>} [onStderr]
 * @property {(lines: Uint8Array) => void} [onCalls] JSON lines of traced calls (abi/traced.js)
 * @property {(what: Waiting) => void} [onWaiting]
 * @property {(sentence: string) => void} [onWarning]
 * @property {(progress: { seconds: number, outputBytes: number, memory: number }) => void} [onProgress]
 * @property {() => void} [onScreen] there is a new snapshot; only where memory is not shared
 * @property {(files: FileEntry[]) => void} [onFiles] what the file system holds, now and then while it changes
 */
/**
 * @typedef {object} GuestRun
 * @property {Promise<GuestResult>} done never rejects
 * @property {'shared' | 'messages'} transport
 * @property {ScreenReader | null} screen
 * @property {(reason?: { message: string, help: string }) => void} stop
 * @property {(report: Report) => void} fail ends it, if it has not ended, by a fault outside of it
 * @property {(bytes: Uint8Array) => void} input more of standard input; what does not fit waits here
 * @property {() => number} inputWaiting bytes given and not yet taken over by the guest's side
 * @property {() => Promise<void>} inputTaken resolves when some of it was taken over, or the run has ended
 * @property {() => void} endInput
 * @property {(name: string) => boolean} key false: refused, because too many wait or there is no such key
 * @property {(columns: number, rows: number) => void} resize
 * @property {(call: ExportCall) => Promise<Outcome | null>} call one more export of the instance, after `done`
 * @property {(pointer: number, length: number) => Promise<{ bytes: Uint8Array, size: number } | null>} peek
 * @property {(types: Record<string, string>) => Promise<{ name: string, type: string, value: string }[] | null>} globals
 * @property {() => void} close gives the worker up; the instance is gone
 */
/**
 * @param {{ spawn: () => GuestWorkerLike, module: WebAssembly.Module, linked?: WebAssembly.Module[], shift: number,
 *   plan: Plan, request: GuestRequest, given?: ArrayBuffer[], events?: GuestEvents, shared?: boolean }} options `linked`:
 *   compiled, those of `plan.linked` in their order; `shift`: as `Compiled` has it; `given`: those of the request that are
 *   given away; `shared` false: as on a page that is not isolated
 * @returns {GuestRun}
 */
export function startGuest(options) {
  const { spawn, module, linked = [], shift, plan, request, given = [], events = {}, shared = canShare() } = options;
  return new Guest(spawn, { module, linked }, shift, plan, request, given, events, shared);
}

/** Whether memory can be shared with workers. */
export function canShare() {
  const isolated = /** @type {{ crossOriginIsolated?: boolean }} */ (globalThis).crossOriginIsolated;
  return typeof SharedArrayBuffer === 'function' && isolated !== false;
}

/** @implements {GuestRun} */
class Guest {
  #worker;
  #shift;
  #plan;
  #request;
  #events;
  /** @type {HostEnd | null} */
  #channel = null;
  /** @type {(result: GuestResult) => void} */
  #resolve = () => {};
  #ended = false;
  /** Whether the worker was terminated: nobody answers questions any more. */
  #gone = false;
  /** Why we end it. @type {{ message: string, help: string } | null} */
  #stopping = null;
  #started = performance.now();
  #outputBytes = 0;
  #pages = 0;
  /** Keys on their way or waiting, where memory is not shared. */
  #keysWaiting = 0;
  #input;
  /** Records taken and not yet handed on, one after the other. @type {Promise<void>} */
  #delivered = Promise.resolve();
  /** @type {Promise<void> | null} */
  #draining = null;
  /** Ends a rest of whoever drains. */
  #wake = () => {};
  /** Ends the wait for a slow taker of output. */
  #giveUp = () => {};
  /** @type {FileEntry[] | null} */
  #files = null;
  /** Of those at the end, what came up to now. @type {FileEntry[]} */
  #filesBack = [];
  #filesLeft = 0;
  #filesToldAt = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #filesTimer;
  /** @type {ReturnType<typeof setTimeout>[]} */
  #timers = [];
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #progress;
  /** @type {Map<number, (value: any) => void>} */
  #questions = new Map();
  #lastQuestion = 0;
  /** Some output was not taken: no more is handed on. */
  #isUndelivered = false;
  /** What the run failed by outside of the program. @type {Report | null} */
  #fault = null;

  /**
   * @param {() => GuestWorkerLike} spawn
   * @param {{ module: WebAssembly.Module, linked: WebAssembly.Module[] }} modules
   * @param {number} shift
   * @param {Plan} plan
   * @param {GuestRequest} request
   * @param {ArrayBuffer[]} given
   * @param {GuestEvents} events
   * @param {boolean} shared
   */
  constructor(spawn, modules, shift, plan, request, given, events, shared) {
    this.#shift = shift;
    this.#plan = plan;
    this.#request = shared ? request : withOutputLimit(request);
    this.#events = events;
    this.transport = /** @type {'shared' | 'messages'} */ (shared ? 'shared' : 'messages');
    /** @type {Promise<GuestResult>} */
    this.done = new Promise((resolve) => (this.#resolve = resolve));
    this.screen = plan.usesScreen ? new ScreenReader(createScreenBuffer(shared, request.size)) : null;
    const buffers = shared ? channelBuffers() : null;
    if (buffers) this.#channel = new HostEnd(buffers);
    this.#worker = spawn();
    this.#input = new InputFeed(this.#channel, (message) => this.#worker.post(message, []));
    this.#worker.listen({
      message: (message) => this.#receive(message),
      error: (sentence) => this.#lose(sentence),
    });
    const screen = shared && this.screen ? this.screen.buffer : null;
    const start = { ...modules, shift, plan, request: this.#request, channel: buffers, screen };
    this.#worker.post({ type: 'start', ...start }, given);
    if (!request.interactive) this.#input.end();
    this.#watch();
  }

  /** @param {{ message: string, help: string }} [reason] */
  stop(reason = { message: 'stopped', help: 'It was stopped from outside.' }) {
    if (this.#stopping) return;
    this.#stopping = reason;
    this.#giveUp();
    if (this.#ended) return;
    if (this.#channel) this.#channel.stop();
    else this.#worker.post({ type: 'stop' }, []);
    this.#timers.push(setTimeout(() => void this.#force(), STOP_GRACE_MILLISECONDS));
  }

  /** @param {Report} report */
  fail(report) {
    if (!this.#ended) this.#failBy(report);
  }

  /** The first reason to end it counts, and it does more than the program's own end meanwhile. @param {Report} report */
  #failBy(report) {
    if (this.#stopping || this.#fault) return;
    this.#fault = report;
    this.stop(report);
  }

  /** @param {Uint8Array} bytes */
  input(bytes) {
    if (!this.#ended) this.#input.give(bytes);
  }

  inputWaiting() {
    return this.#input.waiting;
  }

  /** @returns {Promise<void>} */
  inputTaken() {
    return this.#ended ? Promise.resolve() : this.#input.taken();
  }

  endInput() {
    this.#input.end();
  }

  /** @param {string} name */
  key(name) {
    const key = keyNumber(name);
    if (key < 0 || this.#ended) return false;
    if (this.#channel) return this.#channel.pushKey(key);
    if (this.#keysWaiting >= KEY_RING) return false;
    this.#keysWaiting += 1;
    this.#worker.post({ type: 'key', key }, []);
    return true;
  }

  /** @param {number} columns @param {number} rows */
  resize(columns, rows) {
    this.screen?.setSize({ columns, rows });
    if (this.#channel) this.#channel.event();
    else this.#worker.post({ type: 'size', columns, rows }, []);
  }

  /** @param {ExportCall} call */
  call(call) {
    return this.#ask((id) => ({ type: 'call', id, call }));
  }

  /** @param {number} pointer @param {number} length */
  peek(pointer, length) {
    return this.#ask((id) => ({ type: 'peek', id, pointer, length }));
  }

  /** @param {Record<string, string>} types */
  globals(types) {
    return this.#ask((id) => ({ type: 'globals', id, types }));
  }

  close() {
    if (!this.#ended) this.#lose('the run was given up');
    this.#terminate();
  }

  #terminate() {
    this.#gone = true;
    this.#worker.terminate();
    for (const answer of this.#questions.values()) answer(null);
    this.#questions.clear();
  }

  /** @param {(id: number) => ToGuest} question @returns {Promise<any>} null when the worker is gone */
  #ask(question) {
    if (this.#gone) return Promise.resolve(null);
    return new Promise((resolve) => {
      const id = ++this.#lastQuestion;
      this.#questions.set(id, resolve);
      this.#worker.post(question(id), []);
    });
  }

  /** @param {FromGuest} message */
  #receive(message) {
    switch (message.type) {
      case 'output':
        if ('kind' in message) return this.#takeMessage(message);
        this.#wake();
        return void this.#drain();
      case 'room':
        return this.#input.feed();
      case 'pages':
        this.#pages = message.pages;
        return undefined;
      case 'keysTaken':
        this.#keysWaiting -= message.count;
        return undefined;
      case 'waiting':
        return this.#events.onWaiting?.(message.what);
      case 'warning':
        return this.#events.onWarning?.(message.sentence);
      case 'screen':
        if (message.snapshot) this.screen?.load(message.snapshot);
        return this.#events.onScreen?.();
      case 'files':
        this.#files = message.files;
        return this.#tellFiles();
      case 'filesBack':
        this.#filesBack.push(...message.files);
        return undefined;
      case 'answer':
        this.#questions.get(message.id)?.(message.value);
        return void this.#questions.delete(message.id);
      case 'done':
        return void this.#finish(message);
      case 'failed':
        return this.#lose(message.message);
      default:
        return undefined;
    }
  }

  /** Hands on all that waits in shared memory, and waits where its taker is slow: the guest then waits, too. */
  #drain() {
    return (this.#draining ??= this.#drainAll().finally(() => (this.#draining = null)));
  }

  async #drainAll() {
    for (;;) {
      const records = this.#channel?.take() ?? [];
      if (records.length === 0) return;
      await this.#deliver(records);
      if (!this.#ended && this.#channel?.rest()) await this.#rest();
    }
  }

  /** A program that goes on printing is not to wake us for every line. @returns {Promise<void>} */
  #rest() {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, REST_MILLISECONDS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** @param {{ kind: number, bytes: Uint8Array }} record */
  #takeMessage({ kind, bytes }) {
    const { length } = bytes;
    const record = { kind, bytes: /** @type {Uint8Array<ArrayBuffer>} */ (bytes) };
    this.#delivered = this.#delivered
      .then(() => this.#deliver([record]))
      .then(() => this.#worker.post({ type: 'credit', bytes: length }, []));
  }

  /** @param {OutputRecord[]} records */
  async #deliver(records) {
    for (const { kind, bytes } of records) {
      if (kind !== RECORD.CALL) this.#outputBytes += bytes.length;
      if (this.#isUndelivered) continue;
      try {
        if (kind === RECORD.CALL) this.#events.onCalls?.(bytes);
        if (kind === RECORD.STDOUT) await this.#taken(this.#events.onStdout?.(bytes));
        else if (kind === RECORD.STDERR) await this.#taken(this.#events.onStderr?.(bytes));
      } catch (thrown) {
        this.#isUndelivered = true;
        this.#failBy(hostReport(CODE.INTERNAL, `the output could not be delivered: ${sentenceOf(thrown)}`, ''));
      }
    }
  }

  /**
   * Until output is taken, or the run is to stop: what is left is handed on then without waiting.
   * @param {void | Promise<void>} promise
   * @returns {void | Promise<void>}
   */
  #taken(promise) {
    if (!promise) return undefined;
    return new Promise((resolve, reject) => {
      this.#giveUp = resolve;
      Promise.resolve(promise).then(resolve, reject);
      if (this.#stopping) resolve();
    });
  }

  #watch() {
    const { seconds } = this.#request.limits;
    if (seconds > 0) {
      const reason = { message: `time limit reached (${seconds} s)`, help: 'Raise the time limit to let it run on.' };
      this.#timers.push(setTimeout(() => this.stop(reason), Math.min(seconds * 1000, 2 ** 31 - 1)));
    }
    const { onProgress } = this.#events;
    if (!onProgress) return;
    this.#progress = setInterval(() => {
      const memory = (this.#channel?.pages ?? this.#pages) * 65536;
      onProgress({ seconds: (performance.now() - this.#started) / 1000, outputBytes: this.#outputBytes, memory });
    }, PROGRESS_MILLISECONDS);
  }

  /** It did not answer: whatever it has in shared memory is still taken. */
  async #force() {
    if (this.#ended) return;
    this.#terminate();
    await this.#end({ ...hostReport(CODE.EXECUTE, '', ''), ...this.#stopping }, null);
  }

  /** The worker failed by itself. @param {string} sentence */
  #lose(sentence) {
    if (this.#ended) return;
    this.#terminate();
    const report = this.#stopping
      ? { ...hostReport(CODE.EXECUTE, '', ''), ...this.#stopping }
      : hostReport(CODE.INTERNAL, `the program's worker failed: ${sentence}`);
    void this.#end(report, null);
  }

  /** They may come at every closing of one; whoever shows them need not hear of all. */
  #tellFiles() {
    if (this.#filesTimer || this.#ended) return;
    const left = this.#filesToldAt + FILES_MILLISECONDS - performance.now();
    const tell = () => {
      this.#filesTimer = undefined;
      this.#filesToldAt = performance.now();
      this.#events.onFiles?.(this.#files ?? []);
    };
    if (left <= 0) return tell();
    this.#filesTimer = setTimeout(tell, left);
  }

  /** @param {GuestDone} message */
  #finish(message) {
    if (message.files) this.#files = [...this.#filesBack, ...message.files];
    this.#filesLeft = message.filesLeft ?? 0;
    const { inSource, stack: places } = message.outcome;
    // Places in linked modules have no offset.
    const inFile = (/** @type {number | null} */ offset) => (offset === null ? null : offset - this.#shift);
    const stack = inSource ? places : places.map((each) => ({ ...each, offset: inFile(each.offset) }));
    return this.#end(reportOf({ ...message.outcome, stack }, this.#stopping), message);
  }

  /** @param {Report} report @param {GuestDone | null} message */
  async #end(report, message) {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#filesTimer);
    clearInterval(this.#progress);
    this.#input.release();
    this.#wake();
    const milliseconds = message?.milliseconds ?? performance.now() - this.#started;
    await this.#takeRest(); // which the time limit ends, too
    for (const timer of this.#timers) clearTimeout(timer);
    this.#events.onWaiting?.(null);
    this.screen?.end();
    const memoryPeak = message?.memory ?? (this.#channel?.pages ?? this.#pages) * 65536;
    const stats = {
      ...noStats(),
      outputBytes: this.#outputBytes,
      memoryPeak,
      milliseconds,
      calls: message?.calls ?? 0,
    };
    const entry = () => this.#request.calls.at(-1)?.name ?? this.#plan.entry ?? '';
    this.#resolve({
      ...resultOfGuest(this.#fault ?? report, message?.outcome ?? null, stats, () =>
        isSilent(this.#plan.kind, entry()),
      ),
      screen: this.screen ? screenResult(this.screen) : null,
      files: this.#files,
      filesLeft: this.#filesLeft,
    });
  }

  /** What is still under way. A drain that was at its end already has not seen the last of it. */
  async #takeRest() {
    await this.#drain();
    await this.#drain();
    await this.#delivered;
  }
}

/** Where nobody can hold a program up, its output has a limit. @param {GuestRequest} request @returns {GuestRequest} */
function withOutputLimit(request) {
  const output = Math.min(request.limits.output || UNPACED_OUTPUT_BYTES, UNPACED_OUTPUT_BYTES);
  return { ...request, limits: { ...request.limits, output } };
}
