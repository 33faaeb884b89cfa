/**
 * The screen for people who hear it: its text as a document that can be walked through, and what changed, told when the
 * screen has come to rest, so that an animation does not talk without end.
 */

/** @import { Frame } from '../../runner/terminal/reader.js' */

const REST_MS = 600;
const MOST_LINES = 6;

export class Mirror {
  #text = document.createElement('pre');
  #news = document.createElement('div');
  /** @type {string[]} */
  #told = [];
  /** @type {Frame | null} */
  #frame = null;
  #timer = 0;

  /** @param {HTMLElement} element @param {string} label */
  constructor(element, label) {
    this.#text.className = 'terminal-text';
    this.#text.tabIndex = -1;
    this.#text.setAttribute('role', 'document');
    this.#text.setAttribute('aria-label', `${label} as text`);
    this.#news.className = 'terminal-news';
    this.#news.setAttribute('aria-live', 'polite');
    element.append(this.#text, this.#news);
  }

  /** There is another frame. @param {Frame} frame */
  show(frame) {
    this.#frame = frame;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), REST_MS);
  }

  close() {
    clearTimeout(this.#timer);
    this.#text.remove();
    this.#news.remove();
  }

  #tell() {
    if (!this.#frame) return;
    const lines = this.#frame.lines();
    const before = new Set(this.#told);
    const changed = lines.filter((line) => line.trim() !== '' && !before.has(line));
    this.#told = lines;
    this.#text.textContent = lines.join('\n');
    if (changed.length > 0) this.#news.textContent = changed.slice(0, MOST_LINES).join('\n');
  }
}
