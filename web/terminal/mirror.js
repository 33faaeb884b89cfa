/**
 * The screen for people who hear it: its text as a document that can be walked through, and what changed, told when the
 * text has come to rest, so that an animation does not talk without end. Its text is never older than a few such rests.
 */

const REST_MS = 600;
/** Looks at a text that changes all the time, after which the document has it without its being told. */
const MOST_LOOKS = 4;
const MOST_LINES = 6;

export class Mirror {
  #text = document.createElement('pre');
  #news = document.createElement('div');
  #lines;
  /** @type {string[]} */
  #told = [];
  /** The text when it was last looked at. */
  #seen = '';
  #looks = 0;
  /** While it is looked at; 0 = it rests. */
  #timer = 0;

  /** @param {HTMLElement} element @param {string} label @param {() => string[]} lines of the screen as it is now */
  constructor(element, label, lines) {
    this.#lines = lines;
    this.#text.className = 'terminal-text';
    this.#text.tabIndex = -1;
    this.#text.setAttribute('role', 'document');
    this.#text.setAttribute('aria-label', `${label} as text`);
    this.#news.className = 'terminal-news';
    this.#news.setAttribute('aria-live', 'polite');
    element.append(this.#text, this.#news);
  }

  /** The screen was drawn anew: perhaps with the text that it had, or only the cursor's blinking. */
  changed() {
    if (this.#timer) return;
    this.#seen = this.#lines().join('\n');
    this.#looks = 0;
    this.#timer = setTimeout(() => this.#look(), REST_MS);
  }

  /** Another program's screen: nothing of the last one is left. */
  clear() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#told = [];
    this.#text.textContent = this.#news.textContent = '';
  }

  close() {
    clearTimeout(this.#timer);
    this.#text.remove();
    this.#news.remove();
  }

  #look() {
    const lines = this.#lines();
    const text = lines.join('\n');
    this.#timer = 0;
    if (text === this.#seen) return this.#tell(lines, text);
    this.#seen = text;
    this.#looks += 1;
    if (this.#looks % MOST_LOOKS === 0) this.#text.textContent = text;
    this.#timer = setTimeout(() => this.#look(), REST_MS);
  }

  /** @param {string[]} lines @param {string} text */
  #tell(lines, text) {
    if (text === this.#told.join('\n') && text === this.#text.textContent) return;
    const before = new Set(this.#told);
    const changed = lines.filter((line) => line.trim() !== '' && !before.has(line));
    this.#told = lines;
    this.#text.textContent = text;
    if (changed.length > 0) this.#news.textContent = changed.slice(0, MOST_LINES).join('\n');
  }
}
