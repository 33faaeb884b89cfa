// What is in a call log, by import: how often and how long; and which lines a filter lets through. Works its way through the
// log in slices, so that a hundred thousand calls hold nothing up.

import { slices } from '../pause.js';

/** @import { CallLog } from './call-log.js' */

/** @typedef {{ call: string, count: number, time: number }} Total time in milliseconds */
/** @typedef {{ text: string, call: string }} Filter '' = all */

// The recorder writes these fields first and in this order; anything else is parsed whole.
const HEAD = /^\{"n":\d+,"at":[\d.e+-]+,"took":([\d.e+-]+),"call":("(?:[^"\\]|\\.)*")/;

export class CallIndex {
  #log;
  #changed;
  #generation = -1;
  /** Lines looked at. */
  #seen = 0;
  /** @type {Map<string, Total>} */
  #totals = new Map();
  /** @type {Filter} */
  #filter = { text: '', call: '' };
  /** Lines that the filter lets through; not used while it lets all through. @type {number[]} */
  #shown = [];
  #working = false;
  /** Goes up when what was found holds no more. */
  #round = 0;

  /**
   * @param {CallLog} log
   * @param {() => void} changed called after more was looked at
   */
  constructor(log, changed) {
    this.#log = log;
    this.#changed = changed;
    log.onChange(() => void this.#work());
    void this.#work();
  }

  /** By time, the longest first. */
  get totals() {
    return [...this.#totals.values()].sort((a, b) => b.time - a.time || b.count - a.count);
  }

  /** Rows to show. */
  get count() {
    if (this.#generation !== this.#log.generation) return 0;
    return this.#isAll ? this.#seen : this.#shown.length;
  }

  /** The line that a row shows. @param {number} row */
  line(row) {
    return this.#isAll ? row : (this.#shown[row] ?? -1);
  }

  /** @returns {Filter} */
  get filter() {
    return this.#filter;
  }

  get isFiltered() {
    return !this.#isAll;
  }

  /** @param {Filter} filter */
  setFilter(filter) {
    this.#filter = { text: filter.text.toLowerCase(), call: filter.call };
    this.#restart();
    void this.#work();
  }

  get #isAll() {
    return this.#filter.text === '' && this.#filter.call === '';
  }

  #restart() {
    this.#round += 1;
    this.#seen = 0;
    this.#shown = [];
    this.#totals.clear();
  }

  async #work() {
    if (this.#working) return;
    this.#working = true;
    // The log is told of many lines one by one: they are looked at together.
    const slice = slices();
    await slice.next();
    try {
      for (let round = -1; ;) {
        if (this.#generation !== this.#log.generation) {
          this.#generation = this.#log.generation;
          this.#restart();
        }
        if (round !== this.#round) {
          round = this.#round;
          this.#changed();
        }
        if (this.#seen >= this.#log.count) break;
        while (this.#seen < this.#log.count && !slice.over()) this.#look(this.#seen++);
        this.#changed();
        await slice.next();
      }
    } finally {
      this.#working = false;
    }
  }

  /** @param {number} index */
  #look(index) {
    const text = this.#log.textAt(index);
    const { call, took } = headOf(text) ?? this.#log.at(index) ?? { call: '', took: 0 };
    const total = this.#totals.get(call) ?? { call, count: 0, time: 0 };
    total.count += 1;
    total.time += Number.isFinite(took) ? took : 0;
    this.#totals.set(call, total);
    const { text: wanted, call: only } = this.#filter;
    if (this.#isAll || (only !== '' && call !== only)) return;
    if (wanted === '' || text.toLowerCase().includes(wanted)) this.#shown.push(index);
  }
}

/** @param {string} text @returns {{ call: string, took: number } | null} */
function headOf(text) {
  const match = HEAD.exec(text);
  return match ? { took: Number(match[1]), call: JSON.parse(match[2]) } : null;
}
