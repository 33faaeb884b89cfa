// One function of a module on screen: lines of the text format, each with its place in the file, one of them selected.

import { address } from '../guest/hex.js';
import { calledFunction, watTokens } from '../guest/wat.js';
import { countBelow } from '../trace/numbers.js';
import { h } from '../ui/dom.js';
import { createIrList } from './ir-list.js';

/** @import { Listing } from '../ir/listing.js' */

const NOTHING = { listing: null, offsets: new Uint32Array(0), bytes: new Uint8Array(0) };

/**
 * What is shown: the text, where each line's instruction begins in the file, and the file.
 * @typedef {{ listing: Listing | null, offsets: Uint32Array, bytes: Uint8Array }} ShownCode
 */

export class CodeLines {
  #host;
  #list;
  #callLink;
  /** @type {ShownCode} */
  #shown = NOTHING;
  #selected = -1;
  #digits = 4;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.host the scrolling element
   * @param {(text: string, index: number) => Node} parts.callLink leads to the function of that index
   * @param {AbortSignal} parts.signal
   */
  constructor({ host, callLink, signal }) {
    this.#host = host;
    this.#callLink = callLink;
    this.#list = createIrList({ host, render: (row, element) => this.#drawRow(row, element), signal });
  }

  get isEmpty() {
    return this.#shown.listing === null;
  }

  /** @param {{ listing: Listing, offsets: Uint32Array, bytes: Uint8Array }} code */
  show(code) {
    this.#shown = code;
    this.#selected = -1;
    this.#digits = address(code.bytes.length).length - 2;
    this.#host.style.setProperty('--offset-digits', `${this.#digits + 2}ch`);
    this.#list.setCount(code.listing.lineCount);
    this.#list.scrollToRow(0, 'start');
    this.#list.refresh();
  }

  clear() {
    this.#shown = NOTHING;
    this.#selected = -1;
    this.#list.setCount(0);
    this.#list.refresh();
  }

  /** Selects the instruction at a place in the file. @param {number | null} offset null: the first line */
  select(offset) {
    const before = this.#selected;
    this.#selected = offset === null ? 0 : lineAt(this.#shown.offsets, offset);
    for (const row of [before, this.#selected]) if (row >= 0) this.#list.refreshRow(row);
    this.#list.scrollToRow(this.#selected, 'centre');
  }

  /** @param {number} row @param {HTMLElement} element */
  #drawRow(row, element) {
    const { listing, offsets } = this.#shown;
    if (!listing) return;
    const offset = row < offsets.length ? offsets[row] : -1;
    element.append(h('span', { class: 'at', text: offset < 0 ? '' : address(offset, this.#digits) }));
    for (const { text, kind } of watTokens(listing.line(row))) {
      if (kind === 'plain') element.append(text);
      else if (kind === 'call') element.append(this.#called(text, offset));
      else element.append(h('span', { class: `token-${kind}`, text }));
    }
    if (row !== this.#selected) return;
    element.classList.add('selected');
    element.setAttribute('aria-current', 'true');
  }

  /** What a call calls, as the file's own bytes name it. @param {string} text @param {number} offset */
  #called(text, offset) {
    const index = offset >= 0 ? calledFunction(this.#shown.bytes, offset) : -1;
    return index < 0 ? h('span', { class: 'token-value', text }) : this.#callLink(text, index);
  }
}

/** The last line that begins at an offset or before it. @param {Uint32Array} offsets @param {number} offset */
function lineAt(offsets, offset) {
  return Math.max(0, countBelow(offsets, offset + 1) - 1);
}
