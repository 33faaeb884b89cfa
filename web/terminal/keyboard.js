/**
 * The keyboard of a terminal: a text field that nobody sees, because only a field gets composed text, dead keys, AltGr, paste
 * and the soft keyboard of phones. Named keys are taken when they are pressed, text when it is committed. What the program
 * does not get the browser does: Tab and Shift+Tab leave, shortcuts work.
 */
import {
  averKey,
  averKeysOfText,
  endsInHalf,
  isCharacter,
  pressOfEvent,
  withPlainBreaks,
} from '../../runner/terminal/keys.js';

/**
 * @typedef {object} KeyboardEvents
 * @property {(name: string) => boolean} onKey a key of aver-abi.md 6.3; false: too many wait, it is refused
 * @property {(focused: boolean) => void} onFocus
 */

export class Keyboard {
  #field = document.createElement('textarea');
  #events;
  #composing = false;
  /** What of the text that is being composed was delivered already. */
  #delivered = '';
  /** Phones compose every word; a key that they cannot name is one of those. */
  #soft = false;
  /** Where the cursor is. */
  #place = { x: 0, y: 0, width: 0, height: 0 };
  #closed = new AbortController();

  /**
   * @param {HTMLElement} element
   * @param {string} label
   * @param {KeyboardEvents} events
   */
  constructor(element, label, events) {
    this.#events = events;
    const field = this.#field;
    field.className = 'terminal-field';
    for (const [name, value] of Object.entries({
      'aria-label': label,
      autocomplete: 'off',
      autocapitalize: 'off',
      autocorrect: 'off',
      spellcheck: 'false',
      rows: '1',
    })) {
      field.setAttribute(name, value);
    }
    const { signal } = this.#closed;
    field.addEventListener('keydown', (event) => this.#keyDown(event), { signal });
    field.addEventListener('input', () => this.#input(), { signal });
    field.addEventListener('compositionstart', () => void (this.#composing = true), { signal });
    field.addEventListener('compositionend', () => this.#composed(), { signal });
    field.addEventListener('paste', (event) => this.#paste(event), { signal });
    field.addEventListener('focus', () => events.onFocus(true), { signal });
    field.addEventListener('blur', () => this.#blurred(), { signal });
    element.append(field);
  }

  get focused() {
    return document.activeElement === this.#field;
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** Who describes the terminal to screen readers. @param {string} id */
  describe(id) {
    this.#field.setAttribute('aria-describedby', id);
  }

  /** To where the cursor is: an input method shows its choices there. @param {{ x: number, y: number, width: number, height: number }} place */
  moveTo(place) {
    this.#place = place;
    this.#layOut();
  }

  /** The field is as wide as what is being composed, which is seen in it; what the program has already is not. */
  #layOut() {
    const field = this.#field;
    const { x, y, width: cell, height } = this.#place;
    const composes = this.#composing && field.value !== this.#delivered;
    field.toggleAttribute('data-composing', composes);
    field.style.height = `${Math.round(height)}px`;
    field.style.width = `${cell}px`;
    let left = x;
    // Only then, as asking for widths with every frame would have the page laid out.
    if (composes) {
      const most = field.parentElement?.clientWidth ?? 0;
      const width = Math.min(field.scrollWidth, most);
      field.style.width = `${width}px`;
      left = Math.min(x, most - width);
    }
    field.style.transform = `translate(${Math.round(left)}px, ${Math.round(y)}px)`;
  }

  close() {
    this.#closed.abort();
    this.#field.remove();
  }

  /** @param {KeyboardEvent} event */
  #keyDown(event) {
    this.#soft = event.key === 'Unidentified';
    const pressed = pressOfEvent(event);
    // Characters come as text.
    if (pressed === null || (isCharacter(pressed.key) && !pressed.ctrl)) return;
    const name = averKey(pressed);
    if (name === null || (pressed.ctrl && String(getSelection()) !== '')) return;
    event.preventDefault();
    this.#events.onKey(name);
  }

  #input() {
    const { value } = this.#field;
    if (this.#composing) {
      // A phone's word grows letter by letter: a game cannot wait for its end. Input methods have other keys and wait.
      this.#layOut();
      const added = this.#soft && value.startsWith(this.#delivered) ? value.slice(this.#delivered.length) : '';
      if (!/^[\x20-\x7e]$/.test(added)) return;
      this.#delivered = value;
      this.#layOut();
      this.#deliver(added);
      return;
    }
    this.#takeRest();
  }

  #composed() {
    this.#composing = false;
    this.#takeRest();
    this.#layOut();
  }

  #takeRest() {
    const { value } = this.#field;
    if (endsInHalf(value)) return;
    this.#deliver(value.startsWith(this.#delivered) ? value.slice(this.#delivered.length) : value);
    this.#delivered = '';
    this.#field.value = '';
  }

  #blurred() {
    this.#composing = false;
    this.#delivered = '';
    this.#field.value = '';
    this.#layOut();
    this.#events.onFocus(false);
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    event.preventDefault();
    // The page pastes programs; this is text for one.
    event.stopPropagation();
    this.#deliver(withPlainBreaks(event.clipboardData?.getData('text/plain') ?? ''));
  }

  /** Once a key is refused nothing that stands behind it is taken. @param {string} text */
  #deliver(text) {
    for (const key of averKeysOfText(text)) if (!this.#events.onKey(key)) return;
  }
}
