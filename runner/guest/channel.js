/**
 * What the two ends of a run share: over shared memory where the page is isolated (and always under Node), so that the
 * guest can block, and nothing that it printed is lost when its worker is terminated. Both ends make a Channel over the
 * same buffers. Without shared memory the same records travel as messages (message-port.js).
 */
import { Ring, ringBytes } from './ring.js';
import { INPUT_RING_BYTES, KEY_RING, OUTPUT_RING_BYTES } from '../limits.js';

/** Int32 words of the control buffer. */
const WORD = Object.freeze({
  /** Goes up with whatever the guest may wait for: input, its end, a stop, room for output, a new size. */
  EVENT: 0,
  STOP: 1,
  INPUT_ENDED: 2,
  /** The reader of the output has read all there was, and wants a message when there is more. */
  READER_IDLE: 3,
  /** The writer of the input waits for room, and wants a message when there is some. */
  FEEDER_WAITS: 4,
  /** 64 KiB pages of the guest's memory. */
  PAGES: 5,
  COUNT: 6,
});

/** Kinds of output record. */
export const RECORD = Object.freeze({ STDOUT: 1, STDERR: 2, CALL: 3 });
const RECORD_HEADER = 8;
/** Longest piece of one record, so that a record always fits. */
const PIECE_BYTES = OUTPUT_RING_BYTES / 4;

/** @typedef {{ control: SharedArrayBuffer, input: SharedArrayBuffer, keys: SharedArrayBuffer, output: SharedArrayBuffer }} ChannelBuffers */

/** @returns {ChannelBuffers} */
export function channelBuffers() {
  return {
    control: new SharedArrayBuffer(4 * WORD.COUNT),
    input: new SharedArrayBuffer(ringBytes(INPUT_RING_BYTES)),
    keys: new SharedArrayBuffer(ringBytes(4 * KEY_RING)),
    output: new SharedArrayBuffer(ringBytes(OUTPUT_RING_BYTES)),
  };
}

/** The guest's end. */
export class GuestEnd {
  #control;
  #output;
  #header = new Uint8Array(RECORD_HEADER);
  #headerWords = new Uint32Array(this.#header.buffer);
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
   * Sends a record; blocks while the reader is behind.
   * @param {number} kind one of RECORD
   * @param {Uint8Array} bytes
   * @returns {boolean} false: the run is to stop, and not all was sent
   */
  send(kind, bytes) {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.length <= PIECE_BYTES ? bytes : bytes.subarray(at, at + PIECE_BYTES);
      if (!this.#waitForRoom(RECORD_HEADER + piece.length)) return false;
      this.#headerWords[0] = kind;
      this.#headerWords[1] = piece.length;
      this.#output.writeBoth(this.#header, piece);
      this.#wakeReader();
    }
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

  /** @param {number} bytes @returns {boolean} false: the run is to stop */
  #waitForRoom(bytes) {
    for (;;) {
      const event = Atomics.load(this.#control, WORD.EVENT);
      if (this.#output.writable >= bytes) return true;
      if (this.stopped) return false;
      this.#wakeReader();
      Atomics.wait(this.#control, WORD.EVENT, event);
    }
  }

  #wakeReader() {
    if (
      Atomics.load(this.#control, WORD.READER_IDLE) !== 0 &&
      Atomics.exchange(this.#control, WORD.READER_IDLE, 0) !== 0
    )
      this.#notify('output');
  }
}

/** Bytes of records that one task takes. */
const TAKEN_BYTES = 48 * 1024;

/** The host's end: the page's, the command line's. */
export class HostEnd {
  #control;
  #input;
  #keys;
  #output;
  /** Read and not yet taken. @type {Uint8Array<ArrayBuffer>} */
  #read = new Uint8Array(0);
  #key = new Uint32Array(1);
  #keyBytes = new Uint8Array(this.#key.buffer);

  /** @param {ChannelBuffers} buffers */
  constructor(buffers) {
    this.#control = new Int32Array(buffers.control);
    this.#input = new Ring(buffers.input);
    this.#keys = new Ring(buffers.keys);
    this.#output = new Ring(buffers.output);
    Atomics.store(this.#control, WORD.READER_IDLE, 1);
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
    if (this.#read.length > 0) return this.#takeSome();
    if (this.#output.readable === 0) {
      Atomics.store(this.#control, WORD.READER_IDLE, 1);
      if (this.#output.readable === 0) return [];
      Atomics.store(this.#control, WORD.READER_IDLE, 0);
    }
    const bytes = new Uint8Array(this.#output.readable);
    this.#output.read(bytes);
    this.event();
    this.#read = bytes;
    return this.#takeSome();
  }

  /** A full buffer of small records takes too long for one task. */
  #takeSome() {
    const { records, end } = recordsOf(this.#read, TAKEN_BYTES);
    this.#read = this.#read.subarray(end);
    return records;
  }
}

/** @typedef {{ kind: number, bytes: Uint8Array<ArrayBuffer> }} OutputRecord */

/**
 * @param {Uint8Array<ArrayBuffer>} bytes whole records
 * @param {number} most bytes that are looked at, but for the end of a record
 * @returns {{ records: OutputRecord[], end: number }}
 */
function recordsOf(bytes, most) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  /** @type {OutputRecord[]} */
  const records = [];
  let kind = 0;
  let start = 0;
  let end = 0; // contents are moved together over the headers between them
  let at = 0;
  while (at < bytes.length && at < most) {
    const length = view.getUint32(at + 4, true);
    if (view.getUint32(at, true) !== kind) {
      if (end > start) records.push({ kind, bytes: bytes.slice(start, end) });
      kind = view.getUint32(at, true);
      start = end = at;
    }
    bytes.copyWithin(end, at + RECORD_HEADER, at + RECORD_HEADER + length);
    end += length;
    at += RECORD_HEADER + length;
  }
  if (end > start) records.push({ kind, bytes: bytes.slice(start, end) });
  return { records, end: at };
}
