/**
 * Frames from the writer of a screen to its reader without a lock: of three, one is being written, one waits and one is
 * the reader's. Publishing swaps the first two, taking the last two (layout.js HEADER.READY and FRONT), so the reader
 * always has the newest whole frame, and older ones that nobody took are passed over.
 */
import { CELL_WORDS, FRESH, HEADER, LIVE, PLANE } from './layout.js';

/** @import { Layout } from './layout.js' */

const FIRST_BACK = 3;
const INDEX = 3;

/** The writer's side. */
export class FrameWriter {
  #layout;
  #back = FIRST_BACK;
  #last = FIRST_BACK;
  /** The stamp of what each frame last held, by plane. */
  #epochs = new Int32Array(INDEX + 1);

  /** @param {Layout} layout */
  constructor(layout) {
    this.#layout = layout;
  }

  /** The plane of the frame that was published last; it stays as it is until the next but one. */
  get last() {
    return this.#last;
  }

  /**
   * Makes a frame of the live grid as it is.
   * @param {number} epoch the stamp of rows that changed since the frame before
   */
  publish(epoch) {
    const { words, signed } = this.#layout;
    const back = this.#back;
    const source = this.#layout.plane(LIVE);
    const target = this.#layout.plane(back);
    const columns = signed[source + PLANE.COLUMNS];
    const rows = signed[source + PLANE.ROWS];
    const asBefore = signed[target + PLANE.COLUMNS] === columns && signed[target + PLANE.ROWS] === rows;
    for (let word = 0; word < PLANE.COUNT; word++) words[target + word] = words[source + word];
    if (asBefore) this.#copyChanged(back, columns, rows);
    else this.#copyRows(back, 0, rows, columns);
    this.#epochs[back] = epoch;
    this.#last = back;
    this.#back = Atomics.exchange(signed, HEADER.READY, back | FRESH) & INDEX;
    Atomics.add(signed, HEADER.GENERATION, 1);
  }

  /** Rows that are newer than what the frame holds, neighbours together. @param {number} back @param {number} columns @param {number} rows */
  #copyChanged(back, columns, rows) {
    const { signed } = this.#layout;
    const stamps = this.#layout.stamps(LIVE);
    const held = this.#epochs[back];
    let first = -1;
    for (let row = 0; row < rows; row++) {
      const changed = ((signed[stamps + row] - held) | 0) > 0;
      if (changed && first < 0) first = row;
      if (!changed && first >= 0) {
        this.#copyRows(back, first, row, columns);
        first = -1;
      }
    }
    if (first >= 0) this.#copyRows(back, first, rows, columns);
  }

  /** @param {number} back @param {number} from @param {number} to @param {number} columns */
  #copyRows(back, from, to, columns) {
    const { words } = this.#layout;
    const stride = columns * CELL_WORDS;
    const cells = this.#layout.cells(LIVE);
    words.copyWithin(this.#layout.cells(back) + from * stride, cells + from * stride, cells + to * stride);
    const stamps = this.#layout.stamps(LIVE);
    words.copyWithin(this.#layout.stamps(back) + from, stamps + from, stamps + to);
  }
}

/**
 * The reader's side: the plane of the newest frame, which stays as it is until the next call.
 * @param {Layout} layout
 */
export function newestFrame({ signed }) {
  if (Atomics.load(signed, HEADER.READY) & FRESH) {
    const taken = Atomics.exchange(signed, HEADER.READY, signed[HEADER.FRONT]) & INDEX;
    Atomics.store(signed, HEADER.FRONT, taken);
  }
  return signed[HEADER.FRONT];
}
