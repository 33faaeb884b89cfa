/**
 * What the two ends of a run share: over shared memory where the page is isolated (and always under Node), so that the
 * guest can block, and nothing that it printed is lost when its worker is terminated. Both ends make a Channel over the
 * same buffers. Without shared memory the same records travel as messages (message-port.js).
 *
 * Output is one ring of bytes, and a ring of the places where their kind changes: so a print call of a few bytes costs
 * their copy and one store. It is there for the reader at once, and a reader that sleeps is woken.
 */
import { Ring, ringBytes } from './ring.js';
import { INPUT_RING_BYTES, KEY_RING, OUTPUT_RING_BYTES } from '../limits.js';

/** Int32 words of the control buffer. */
const WORD = Object.freeze({
  /** Goes up with whatever the guest may wait for: input, its end, a stop, room for output, a new size. */
  EVENT: 0,
  STOP: 1,
  INPUT_ENDED: 2,
  /** What the reader of the output does: one of READER. */
  READER: 3,
  /** The writer of the input waits for room, and wants a message when there is some. */
  FEEDER_WAITS: 4,
  /** 64 KiB pages of the guest's memory. */
  PAGES: 5,
  COUNT: 6,
});

/**
 * `READS`: it will look again. `SLEEPS`: it has read all there was, and wants a message when there is more. `RESTS`: it
 * will look in a moment, and wants a message only when there is much.
 */
const READER = Object.freeze({ READS: 0, SLEEPS: 1, RESTS: 2 });
const MUCH_BYTES = OUTPUT_RING_BYTES / 2;

/** Kinds of output record. */
export const RECORD = Object.freeze({ STDOUT: 1, STDERR: 2, CALL: 3 });
/** Changes of the kind that wait to be read: each the position in the output from which on it holds, and the kind. */
const CHANGES = 8192;
const CHANGE_BYTES = 8;

/** @typedef {Record<'control' | 'input' | 'keys' | 'output' | 'changes', SharedArrayBuffer>} ChannelBuffers */

/** @returns {ChannelBuffers} */
export function channelBuffers() {
  return {
    control: new SharedArrayBuffer(4 * WORD.COUNT),
    input: new SharedArrayBuffer(ringBytes(INPUT_RING_BYTES)),
    keys: new SharedArrayBuffer(ringBytes(4 * KEY_RING)),
    output: new SharedArrayBuffer(ringBytes(OUTPUT_RING_BYTES)),
    changes: new SharedArrayBuffer(ringBytes(CHANGE_BYTES * CHANGES)),
  };
}

/** The guest's end. */
export class GuestEnd {
  #control;
  #output;
  #changes;
  #change = new Uint32Array(CHANGE_BYTES / 4);
  #changeBytes = new Uint8Array(this.#change.buffer);
  /** Of what was sent last. */
  #kind = 0;
  #keys;
  #key = new Uint32Array(1);
  #keyBytes = new Uint8Array(this.#key.buffer);
  #seen = 0;
  #notify;

  /**
   * @param {ChannelBuffers} buffers
   * @param {(what: 'output' | 'room') => void} notify tells the other end, by a message
   */
  constructor(buffers, notify) {
    this.#control = new Int32Array(buffers.control);
    this.#output = new Ring(buffers.output);
    this.#changes = new Ring(buffers.changes);
    this.input = new Ring(buffers.input);
    this.#keys = new Ring(buffers.keys);
    this.#notify = notify;
  }

  get stopped() {
    return Atomics.load(this.#control, WORD.STOP) !== 0;
  }

  get inputEnded() {
    return Atomics.load(this.#control, WORD.INPUT_ENDED) !== 0;
  }

  /** @param {number} pages */
  set pages(pages) {
    Atomics.store(this.#control, WORD.PAGES, pages);
  }

  /** Takes one key's number; -1 = none. */
  nextKey() {
    return this.#keys.read(this.#keyBytes) === 4 ? this.#key[0] : -1;
  }

  /** Input was taken: whoever waits for room hears of it. */
  inputTaken() {
    if (Atomics.exchange(this.#control, WORD.FEEDER_WAITS, 0) !== 0) this.#notify('room');
  }

  /**
   * Sends a record, or a part of the bytes as one; blocks while the reader is behind.
   * @param {number} kind one of RECORD
   * @param {Uint8Array} bytes
   * @param {number} [start]
   * @param {number} [end]
   * @returns {boolean} false: the run is to stop, and not all was sent
   */
  send(kind, bytes, start = 0, end = bytes.length) {
    for (let at = start; at < end;) {
      if (kind !== this.#kind && !this.#changeTo(kind)) return false;
      at += this.#output.write(bytes, at, end);
      const reader = Atomics.load(this.#control, WORD.READER);
      if (reader !== READER.READS && (reader === READER.SLEEPS || this.#output.readable >= MUCH_BYTES))
        this.wakeReader();
      if (at < end && !this.#waitForRoom(this.#output, 1)) return false;
    }
    return true;
  }

  /** The reader looks at once, if there is anything. */
  wakeReader() {
    if (this.#output.readable > 0 && Atomics.exchange(this.#control, WORD.READER, READER.READS) !== READER.READS)
      this.#notify('output');
  }

  /** What is sent from here on is of another kind. @param {number} kind @returns {boolean} false: the run is to stop */
  #changeTo(kind) {
    if (!this.#waitForRoom(this.#changes, CHANGE_BYTES)) return false;
    this.#change[0] = this.#output.written;
    this.#change[1] = this.#kind = kind;
    this.#changes.write(this.#changeBytes);
    return true;
  }

  /**
   * Blocks until something happens that was not yet seen.
   * @param {number} milliseconds Infinity = for ever
   * @returns {boolean} whether something happened
   */
  wait(milliseconds) {
    Atomics.wait(this.#control, WORD.EVENT, this.#seen, milliseconds);
    const event = Atomics.load(this.#control, WORD.EVENT);
    const happened = event !== this.#seen;
    this.#seen = event;
    return happened;
  }

  /** @param {Ring} ring @param {number} bytes @returns {boolean} false: the run is to stop */
  #waitForRoom(ring, bytes) {
    for (;;) {
      const event = Atomics.load(this.#control, WORD.EVENT);
      if (ring.writable >= bytes) return true;
      if (this.stopped) return false;
      this.wakeReader();
      Atomics.wait(this.#control, WORD.EVENT, event);
    }
  }
}

/** Bytes that one task takes, so that who draws them need not do so for long. */
const TAKEN_BYTES = 48 * 1024;

/** The host's end: the page's, the command line's. */
export class HostEnd {
  #control;
  #input;
  #keys;
  #output;
  #changes;
  #change = new Uint32Array(CHANGE_BYTES / 4);
  #changeBytes = new Uint8Array(this.#change.buffer);
  /** Whether a change was read that is still ahead. */
  #changeAhead = false;
  /** Of the bytes that come next. */
  #kind = 0;
  #key = new Uint32Array(1);
  #keyBytes = new Uint8Array(this.#key.buffer);

  /** @param {ChannelBuffers} buffers */
  constructor(buffers) {
    this.#control = new Int32Array(buffers.control);
    this.#input = new Ring(buffers.input);
    this.#keys = new Ring(buffers.keys);
    this.#output = new Ring(buffers.output);
    this.#changes = new Ring(buffers.changes);
    Atomics.store(this.#control, WORD.READER, READER.SLEEPS);
  }

  /** Pages of memory that the guest had when last heard of. */
  get pages() {
    return Atomics.load(this.#control, WORD.PAGES);
  }

  stop() {
    Atomics.store(this.#control, WORD.STOP, 1);
    this.event();
  }

  endInput() {
    Atomics.store(this.#control, WORD.INPUT_ENDED, 1);
    this.event();
  }

  /** Tells the guest that there is something to look at. */
  event() {
    Atomics.add(this.#control, WORD.EVENT, 1);
    Atomics.notify(this.#control, WORD.EVENT);
  }

  /**
   * @param {Uint8Array} bytes
   * @returns {number} bytes taken; when not all, a message `room` comes once there is more room
   */
  pushInput(bytes) {
    let taken = this.#input.write(bytes);
    if (taken < bytes.length) {
      Atomics.store(this.#control, WORD.FEEDER_WAITS, 1);
      taken += this.#input.write(bytes.subarray(taken)); // room may have come before the flag was up
    }
    this.event();
    return taken;
  }

  /** @param {number} key its number (keys.js of runner/terminal) @returns {boolean} false: refused, too many wait */
  pushKey(key) {
    if (this.#keys.writable < 4) return false;
    this.#key[0] = key;
    this.#keys.write(this.#keyBytes);
    this.event();
    return true;
  }

  /**
   * Takes records that wait, those of one kind that follow each other as one. None: the guest then sends a message
   * `output` with the next one.
   * @returns {OutputRecord[]}
   */
  take() {
    if (this.#output.readable === 0) {
      Atomics.store(this.#control, WORD.READER, READER.SLEEPS);
      if (this.#output.readable === 0) return [];
    }
    Atomics.store(this.#control, WORD.READER, READER.READS);
    /** @type {OutputRecord[]} */
    const records = [];
    for (let left = Math.min(this.#output.readable, TAKEN_BYTES); left > 0;) {
      const bytes = new Uint8Array(Math.min(left, this.#sameKind()));
      left -= this.#output.read(bytes);
      records.push({ kind: this.#kind, bytes });
    }
    this.event();
    return records;
  }

  /**
   * The reader is about to look again by itself.
   * @returns {boolean} false: there is much to be read already
   */
  rest() {
    Atomics.store(this.#control, WORD.READER, READER.RESTS);
    return this.#output.readable < MUCH_BYTES;
  }

  /** How many bytes that come next are of one kind, which becomes `#kind`; Infinity = all that are there. */
  #sameKind() {
    for (;;) {
      if (!this.#changeAhead) this.#changeAhead = this.#changes.read(this.#changeBytes) > 0;
      if (!this.#changeAhead) return Infinity;
      const ahead = (this.#change[0] - this.#output.taken) >>> 0;
      if (ahead > 0) return ahead;
      this.#kind = this.#change[1];
      this.#changeAhead = false;
    }
  }
}

/** @typedef {{ kind: number, bytes: Uint8Array<ArrayBuffer> }} OutputRecord */
