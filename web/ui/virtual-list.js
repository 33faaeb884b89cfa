// A list that draws only the rows in view, for any number of rows. Rows have one height and stand at whole multiples of it.
// Browsers cap the height of an element (about 17 million px in Firefox, 33 in Chromium), so past MAX_HEIGHT the
// scroll bar is scaled: wheels, keys and fingers scroll by exact pixels, dragging the thumb jumps to the matching place.

import { number } from '../format.js';

const MAX_HEIGHT = 4_000_000;
const OVERSCAN = 4;
/** A movement by wheel or key is over after so long, animation and all. */
const MOVEMENT_MS = 1000;
/** Rows that go on paper. */
const MOST_PRINTED = 1000;

/**
 * @typedef {object} ListOptions
 * @property {HTMLElement} host the scrolling element
 * @property {number} rowHeight
 * @property {(row: number, element: HTMLElement) => void} render fills an empty row element
 * @property {AbortSignal} signal
 * @property {() => void} [onResize]
 */

export class VirtualList {
  /** @type {Map<number, HTMLElement>} */
  #rows = new Map();
  /** Rows in the document that must be drawn anew; they stay until they are, so that nothing flashes. @type {Set<number>} */
  #stale = new Set();
  #count = 0;
  #rowHeight;
  #columns = 0;
  #frame = 0;
  /** What is added to scrollTop to get the place in the whole list. */
  #offset = 0;
  #lastScroll = 0;
  /** Whether the list stays at its end while rows are added. */
  #follows = false;
  /** Whether it does so again once the reader is back at the end. */
  #returns = false;
  /** While a finger lies on the list, nothing moves it but the finger. */
  #isHeld = false;
  /** When a wheel or a key last scrolled it. */
  #movedAt = -Infinity;
  /** Where to scroll once the list has a size. @type {{ row: number, align: 'nearest' | 'centre' | 'start' } | null} */
  #wanted = null;
  #isOnPaper = false;
  #host;
  #sizer;
  #render;

  /** @param {ListOptions} options */
  constructor({ host, rowHeight, render, signal, onResize }) {
    this.#host = host;
    this.#rowHeight = rowHeight;
    this.#render = render;
    this.#sizer = document.createElement('div');
    this.#sizer.className = 'rows';
    host.append(this.#sizer);
    const passive = { signal, passive: true };
    host.addEventListener('scroll', (event) => this.#scrolled(event.timeStamp), passive);
    // What the reader is about to do counts before the scrolling that comes of it: rows that arrive first would undo that.
    host.addEventListener('wheel', (event) => this.#turned(event), passive);
    host.addEventListener('keydown', (event) => this.#typed(event), passive);
    host.addEventListener('pointerdown', (event) => this.#pressed(event), passive);
    host.addEventListener('touchstart', () => (this.#isHeld = true), passive);
    for (const type of ['touchend', 'touchcancel']) host.addEventListener(type, () => (this.#isHeld = false), passive);
    const watcher = new ResizeObserver(() => {
      if (this.#wanted && host.clientHeight > 0) this.scrollToRow(this.#wanted.row, this.#wanted.align);
      if (this.#follows) this.scrollToEnd();
      onResize?.();
      this.schedule();
    });
    watcher.observe(host);
    signal.addEventListener('abort', () => watcher.disconnect());
    addEventListener('beforeprint', () => this.#drawForPaper(), { signal });
    addEventListener('afterprint', () => this.#drawForScreen(), { signal });
  }

  get count() {
    return this.#count;
  }

  get host() {
    return this.#host;
  }

  /** The first row in view. */
  get firstRow() {
    return Math.floor(this.#top() / this.#rowHeight);
  }

  get atEnd() {
    return this.#top() + this.#host.clientHeight >= this.#total() - this.#rowHeight;
  }

  set follows(/** @type {boolean} */ on) {
    this.#follows = this.#returns = on;
    if (on) this.scrollToEnd();
  }

  get follows() {
    return this.#follows;
  }

  /** @param {number} height */
  setRowHeight(height) {
    if (height === this.#rowHeight) return;
    const first = this.firstRow;
    this.#rowHeight = height;
    this.#resize();
    this.#goTo(first * height);
    this.refresh();
  }

  /**
   * @param {number} count
   * @param {number} [dropped] rows that went away at the front: what is in view stays in view
   */
  setCount(count, dropped = 0) {
    const top = this.#top();
    this.#count = count;
    this.#resize();
    if (dropped > 0) {
      this.#makeStale();
      if (!this.#follows) this.#shiftTo(top - dropped * this.#rowHeight);
    }
    if (this.#follows && !this.#isHeld) this.scrollToEnd();
    this.schedule();
  }

  /**
   * Makes the list wide enough for rows of so many monospace columns.
   * @param {number} columns
   */
  setColumns(columns) {
    if (columns === this.#columns) return;
    this.#columns = columns;
    this.#sizer.style.minWidth = columns > 0 ? `calc(${columns}ch + 2 * var(--row-inset, 14px))` : '';
  }

  /** Draws every row in view anew at the next frame. */
  refresh() {
    this.#makeStale();
    this.schedule();
  }

  /**
   * Draws one row anew if it is in view.
   * @param {number} row
   */
  refreshRow(row) {
    if (this.#rows.has(row)) this.#stale.add(row);
    this.schedule();
  }

  /** @param {number} row */
  element(row) {
    return this.#rows.get(row);
  }

  /**
   * @param {number} row
   * @param {'nearest' | 'centre' | 'start'} align
   */
  scrollToRow(row, align = 'nearest') {
    const height = this.#host.clientHeight;
    this.#wanted = height === 0 ? { row, align } : null;
    if (height === 0) return;
    const at = row * this.#rowHeight;
    const top = this.#top();
    const margin = Math.min(2 * this.#rowHeight, height / 4);
    if (align === 'start') this.#goTo(at);
    else if (align === 'centre') this.#goTo(at - (height - this.#rowHeight) / 2);
    else if (at < top + margin || at + this.#rowHeight > top + height - margin) {
      const near = at > top - height && at < top + 2 * height;
      if (!near) this.#goTo(at - (height - this.#rowHeight) / 2);
      else if (at < top + margin) this.#goTo(at - margin);
      else this.#goTo(at + this.#rowHeight - height + margin);
    }
    this.schedule();
  }

  scrollToEnd() {
    this.#goTo(this.#total() - this.#host.clientHeight);
    this.schedule();
  }

  /** Draws at once, for callers that are in an animation frame already. */
  flush() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#draw();
  }

  /** Draws at the next frame; several calls draw once. */
  schedule() {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #total() {
    return this.#count * this.#rowHeight;
  }

  #top() {
    return Math.max(0, Math.min(this.#host.scrollTop + this.#offset, this.#total() - this.#host.clientHeight));
  }

  #resize() {
    this.#sizer.style.height = `${Math.min(this.#total(), MAX_HEIGHT)}px`;
    if (this.#total() <= MAX_HEIGHT) this.#offset = 0;
  }

  /** @param {number} wanted the place in the whole list */
  #goTo(wanted) {
    const view = this.#host.clientHeight;
    const top = Math.max(0, Math.min(wanted, this.#total() - view));
    if (this.#total() <= MAX_HEIGHT) {
      this.#offset = 0;
      this.#host.scrollTop = top;
    } else {
      const share = top / (this.#total() - view);
      this.#host.scrollTop = Math.round(share * (MAX_HEIGHT - view));
      this.#offset = top - this.#host.scrollTop;
    }
    this.#lastScroll = this.#host.scrollTop;
  }

  /** What is in view came to stand elsewhere. @param {number} place of it in the whole list */
  #shiftTo(place) {
    // Where it can do without, the scroll bar is left alone: setting it ends what the reader's wheel or key has begun.
    if (this.#total() > MAX_HEIGHT) this.#offset = Math.max(0, place) - this.#host.scrollTop;
    else this.#goTo(place);
  }

  /** @param {WheelEvent} event */
  #turned({ deltaY, ctrlKey, shiftKey, timeStamp }) {
    if (ctrlKey || shiftKey) return; // magnifies, or scrolls sideways
    this.#movedAt = timeStamp;
    if (deltaY < 0) this.#leaveEnd();
  }

  /** @param {KeyboardEvent} event */
  #typed({ key, shiftKey, altKey, metaKey, timeStamp }) {
    if (altKey || metaKey) return;
    if (['PageUp', 'PageDown', 'ArrowUp', 'ArrowDown', ' '].includes(key)) this.#movedAt = timeStamp;
    if (['PageUp', 'ArrowUp', 'Home'].includes(key) || (key === ' ' && shiftKey)) this.#leaveEnd();
    if (key === 'End' && this.#returns) this.follows = true;
  }

  /** @param {PointerEvent} event */
  #pressed({ target, pointerType }) {
    if (pointerType === 'touch' || target !== this.#host) return;
    // Rows cover all of the list but its scroll bar.
    this.#movedAt = -Infinity;
    if (this.#host.scrollHeight > this.#host.clientHeight) this.#leaveEnd();
  }

  #leaveEnd() {
    if (this.#host.scrollTop > 0) this.#follows = false;
  }

  /** @param {number} time */
  #scrolled(time) {
    const view = this.#host.clientHeight;
    const scroll = this.#host.scrollTop;
    const total = this.#total();
    if (total > MAX_HEIGHT && scroll !== this.#lastScroll) {
      const largest = MAX_HEIGHT - view;
      const jumped = Math.abs(scroll - this.#lastScroll) > 2 * view && time - this.#movedAt > MOVEMENT_MS;
      if (jumped) this.#offset = Math.round((scroll / largest) * (total - view)) - scroll;
      else if (scroll < view || scroll > largest - view) this.#goTo(scroll + this.#offset);
    }
    // Following ends when the reader scrolls up and begins again at the end.
    if (this.#follows && scroll < this.#lastScroll - 1 && !this.atEnd) this.#follows = false;
    else if (this.#returns && scroll > this.#lastScroll && this.atEnd) this.#follows = true;
    this.#lastScroll = this.#host.scrollTop;
    this.schedule();
  }

  #makeStale() {
    for (const row of this.#rows.keys()) this.#stale.add(row);
  }

  #draw() {
    const view = this.#host.clientHeight;
    if (view === 0 || this.#isOnPaper) return;
    const top = this.#top();
    const shift = top - this.#host.scrollTop;
    const first = Math.max(0, Math.floor(top / this.#rowHeight) - OVERSCAN);
    this.#drawRows(first, Math.min(this.#count, Math.ceil((top + view) / this.#rowHeight) + OVERSCAN), shift);
  }

  /** All rows, or those from the first in view on: paper does not scroll. */
  #drawForPaper() {
    if (this.#host.clientHeight === 0) return;
    this.#isOnPaper = true;
    const first = this.#count > MOST_PRINTED ? this.firstRow : 0;
    const last = Math.min(this.#count, first + MOST_PRINTED);
    const isAll = last - first === this.#count;
    this.#sizer.dataset.printed = isAll
      ? ''
      : `Rows ${number(first + 1)} to ${number(last)} of ${number(this.#count)}:`;
    this.#drawRows(first, last, 0);
  }

  #drawForScreen() {
    this.#isOnPaper = false;
    this.#draw();
  }

  /** @param {number} first @param {number} last one past it @param {number} shift */
  #drawRows(first, last, shift) {
    for (const [row, element] of this.#rows) {
      if (row >= first && row < last && !this.#stale.has(row)) continue;
      // A focused row that leaves the view hands its focus to the list, not to the page.
      if (element.contains(document.activeElement)) this.#host.focus({ preventScroll: true });
      element.remove();
      this.#rows.delete(row);
    }
    this.#stale.clear();
    /** @type {HTMLElement | null} */
    let previous = null;
    for (let row = first; row < last; row++) {
      let element = this.#rows.get(row);
      if (!element) {
        element = document.createElement('div');
        element.className = 'row';
        this.#render(row, element);
        this.#rows.set(row, element);
        // In document order, so that selections, Tab and screen readers meet the rows as they stand.
        if (previous) previous.after(element);
        else this.#sizer.prepend(element);
      }
      element.style.transform = `translateY(${row * this.#rowHeight - shift}px)`;
      previous = element;
    }
  }
}
