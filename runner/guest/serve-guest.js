/**
 * The guest's worker: takes a module, runs it, says how it ended, and then answers questions about the instance until it
 * is terminated. Browser and Node differ in the port and in the file systems, which their entry files bring
 * (guest-worker.js, node/guest-worker.js).
 */
import { FILES_AT_ONCE, FILES_MILLISECONDS, FILES_PART, FILES_TOLD } from '../limits.js';
import { sentenceOf } from '../result.js';
import { createClock } from './clock.js';
import { canSuspend } from './imports.js';
import { Instance } from './instance.js';
import { Io } from './io.js';
import { MessagePortEnd } from './message-port.js';
import { createSharedPort } from './shared-port.js';
import { STACK_FRAMES } from './traps.js';

/** @import { FromGuest, Question, StartGuest, ToGuest } from './protocol.js' */
/** @import { Abi, FileEntry, GuestRequest } from './types.js' */
/** @import { Port } from './port.js' */
/** @import { Screen } from '../terminal/screen.js' */

/** Least time between two snapshots of the screen, where they travel as messages. */
const SNAPSHOT_MILLISECONDS = 15;
/** Calls that write or wait, between two looks at the clock. */
const TICKS = 64;

/**
 * What differs between browser and Node. `errno` names WASI's error numbers, for traces; `smallStack`: the thread's own
 * stack is small, as in browsers; `now`: whole nanoseconds of a clock that never goes back, below 2^53; `createScreen`: for
 * programs that draw.
 * @typedef {object} Place
 * @property {readonly Abi[]} abis
 * @property {(number: number) => string} errno
 * @property {boolean} smallStack
 * @property {() => number} now
 * @property {typeof import('../terminal/screen.js').createScreen} createScreen
 */

/**
 * @param {{ post: (message: FromGuest, transfer: ArrayBuffer[]) => void, listen: (receive: (message: ToGuest) => void) => void }} port
 * @param {Place} place
 */
export function serveGuest(port, place) {
  const service = new GuestService(port.post, place);
  port.listen((message) => service.receive(message));
  port.post({ type: 'loaded' }, []);
}

class GuestService {
  #post;
  #place;
  /** @type {MessagePortEnd | null} */
  #messages = null;
  /** @type {Screen | null} */
  #screen = null;
  /** @type {Instance | null} */
  #instance = null;
  /** What a message said, which may come before there is a screen. @type {{ columns: number, rows: number } | null} */
  #size = null;
  #sharesScreen = false;
  #screenDirty = false;
  #snapshotAt = 0;
  #filesAt = 0;
  #filesSent = 0;
  /** Whether they are too many for one snapshot at each closing, and what time is left for such. */
  #filesMany = false;
  #filesTime = FILES_AT_ONCE.milliseconds;
  #tickAt = 0;
  #ticks = 0;
  /** Questions are answered one after the other. @type {Promise<unknown>} */
  #answering = Promise.resolve();

  /**
   * @param {(message: FromGuest, transfer: ArrayBuffer[]) => void} post
   * @param {Place} place
   */
  constructor(post, place) {
    this.#post = post;
    this.#place = place;
  }

  /** @param {ToGuest} message */
  receive(message) {
    switch (message.type) {
      case 'start':
        return void this.#start(message);
      case 'call':
      case 'peek':
      case 'globals':
      case 'files':
        this.#answering = this.#answering.then(() => this.#answer(message));
        return undefined;
      case 'size':
        this.#size = { columns: message.columns, rows: message.rows };
        this.#screen?.wantSize(message.columns, message.rows);
        return this.#messages?.receive({ type: 'event' });
      default:
        return this.#messages?.receive(message);
    }
  }

  /** @param {StartGuest} start */
  async #start(start) {
    Error.stackTraceLimit = STACK_FRAMES;
    try {
      await this.#run(start);
    } catch (thrown) {
      this.#post({ type: 'failed', message: sentenceOf(thrown) }, []);
    }
  }

  /** @param {StartGuest} start */
  async #run({ module, linked, shift, plan, request, channel, screen }) {
    const suspends = !channel && canSuspend;
    const port = channel
      ? createSharedPort(channel, (type) => this.#post(type === 'room' ? { type } : { type }, []))
      : this.#messagePort(suspends);
    this.#sharesScreen = screen !== null;
    const { abis, errno, smallStack, now } = this.#place;
    const io = new Io(request, port, createClock(request.clock, now), {
      screen: () => (this.#screen ??= this.#createScreen(screen, request)),
      beforeWaiting: () => this.#showScreen(),
      waiting: (what) => this.#post({ type: 'waiting', what }, []),
      warn: (sentence) => this.#post({ type: 'warning', sentence }, []),
      tick: () => void (++this.#ticks % TICKS === 0 && this.#tick()),
      filed: () => this.#tellFiles(true),
    });
    const instance = (this.#instance = new Instance(plan, io, port, {
      abis,
      errno,
      shift,
      ownStack: suspends || smallStack,
    }));
    const began = performance.now();
    const outcome = await instance.run(module, linked);
    const milliseconds = performance.now() - began;
    this.#screen?.restore();
    this.#showScreen();
    port.flush();
    instance.tellMemory();
    const { calls, memoryBytes: memory } = instance;
    const files = this.#sendFiles(instance.files(request.filesBack ?? undefined));
    const filesLeft = instance.fileCount - files.count;
    const message = { type: /** @type {const} */ ('done'), outcome, calls, memory, milliseconds, filesLeft };
    this.#post({ ...message, files: files.last }, buffersOf(files.last ?? []));
  }

  /** Sends all but the last of them. @param {FileEntry[] | null} files */
  #sendFiles(files) {
    let at = 0;
    for (; files && files.length - at > FILES_PART; at += FILES_PART) {
      const part = files.slice(at, at + FILES_PART);
      this.#post({ type: 'filesBack', files: part }, buffersOf(part));
    }
    return { last: files && files.slice(at), count: files?.length ?? 0 };
  }

  /** @param {boolean} suspends @returns {Port} */
  #messagePort(suspends) {
    this.#messages = new MessagePortEnd(suspends, this.#post);
    return this.#messages.port;
  }

  /** @param {ArrayBufferLike | null} buffer @param {GuestRequest} request */
  #createScreen(buffer, { size }) {
    return this.#place.createScreen(buffer, this.#size ?? size, () => this.#published());
  }

  /** Whoever reads shared memory looks by itself; others are sent what is newest, not every frame. */
  #published() {
    if (this.#sharesScreen) return;
    this.#screenDirty = true;
    if (performance.now() - this.#snapshotAt >= SNAPSHOT_MILLISECONDS) this.#showScreen();
  }

  #showScreen() {
    if (this.#sharesScreen || !this.#screen || !this.#screenDirty) return;
    this.#screenDirty = false;
    this.#snapshotAt = performance.now();
    const snapshot = this.#screen.snapshot();
    this.#post({ type: 'screen', snapshot }, [snapshot.buffer]);
  }

  /** Tells of memory, and of files that have changed, now and then. */
  #tick() {
    const now = performance.now();
    if (now - this.#tickAt < FILES_MILLISECONDS) return;
    this.#tickAt = now;
    this.#instance?.tellMemory();
    this.#tellFiles(false);
  }

  /**
   * Tells of files that have changed, so that they are not lost with a worker that computes and must be terminated. What
   * a program writes before it computes may be the last that is heard of it, so few and small ones go at each closing.
   * @param {boolean} closed whether one was closed just now
   */
  #tellFiles(closed) {
    const instance = this.#instance;
    if (!instance || instance.filesGeneration === this.#filesSent) return;
    const began = performance.now();
    const since = began - this.#filesAt;
    const time = Math.min(FILES_AT_ONCE.milliseconds, this.#filesTime + since * FILES_AT_ONCE.share);
    if (closed && !this.#filesMany ? time <= 0 : since < FILES_MILLISECONDS) return;
    this.#filesSent = instance.filesGeneration;
    const files = instance.files(FILES_TOLD) ?? [];
    this.#post({ type: 'files', files }, buffersOf(files));
    this.#filesAt = performance.now();
    const bytes = files.reduce((sum, file) => sum + (file.kind === 'file' ? file.bytes.length : 0), 0);
    this.#filesMany = files.length > FILES_AT_ONCE.entries || bytes > FILES_AT_ONCE.bytes;
    this.#filesTime = time - (this.#filesAt - began);
  }

  /** @param {Question} question */
  async #answer(question) {
    const value = await this.#answerOf(question);
    this.#post({ type: 'answer', id: question.id, value }, []);
  }

  /** @param {Question} question */
  #answerOf(question) {
    const instance = this.#instance;
    if (!instance) return null;
    if (question.type === 'call') return instance.call(question.call);
    if (question.type === 'peek') return instance.peek(question.pointer, question.length);
    return question.type === 'globals' ? instance.globals(question.types) : instance.files();
  }
}

/** A buffer below this is copied faster than it is handed over. */
const TRANSFERRED_BYTES = 16 * 1024;

/** What goes over without another copy. @param {FileEntry[]} files */
function buffersOf(files) {
  return files.flatMap((file) =>
    file.kind === 'file' && file.bytes.length >= TRANSFERRED_BYTES
      ? [/** @type {ArrayBuffer} */ (file.bytes.buffer)]
      : [],
  );
}
