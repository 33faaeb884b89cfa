/**
 * Keys that a phone's keyboard does not have, as buttons: Esc, arrows, Enter, and Ctrl for the next key. They do not take
 * the focus, so the soft keyboard stays as it is; held down they repeat.
 */
import { press } from '../../runner/terminal/keys.js';

/** @import { KeyPress } from '../../runner/terminal/keys.js' */

const REPEAT_AFTER_MS = 400;
const REPEAT_MS = 60;

/** Key, what stands on it, what it is called, whether it repeats. @type {[string, string, string, boolean][]} */
const BUTTONS = [
  ['Escape', 'Esc', 'Esc', false],
  ['Control', 'Ctrl', 'Ctrl with the next key', false],
  ['ArrowLeft', '←', 'Left', true],
  ['ArrowDown', '↓', 'Down', true],
  ['ArrowUp', '↑', 'Up', true],
  ['ArrowRight', '→', 'Right', true],
  ['Enter', '⏎', 'Enter', false],
];

export class KeyRow {
  #element = document.createElement('div');
  /** @type {HTMLButtonElement | null} */
  #control = null;
  #timer = 0;
  #closed = new AbortController();

  /** @param {HTMLElement} element @param {(pressed: KeyPress) => void} onPress */
  constructor(element, onPress) {
    this.#element.className = 'terminal-keys';
    this.#element.setAttribute('role', 'toolbar');
    this.#element.setAttribute('aria-label', 'Keys');
    for (const [key, text, name, repeats] of BUTTONS) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = text;
      button.setAttribute('aria-label', name);
      if (key === 'Control') {
        this.#control = button;
        button.setAttribute('aria-pressed', 'false');
      }
      this.#listen(button, () => this.#pressed(key, onPress), repeats);
      this.#element.append(button);
    }
    element.append(this.#element);
  }

  /** Whether Ctrl was pressed for the next key; it is used up. */
  takeControl() {
    const held = this.#control?.getAttribute('aria-pressed') === 'true';
    this.#control?.setAttribute('aria-pressed', 'false');
    return held;
  }

  close() {
    this.#closed.abort();
    clearTimeout(this.#timer);
    this.#element.remove();
  }

  /** @param {string} key @param {(pressed: KeyPress) => void} onPress */
  #pressed(key, onPress) {
    if (key === 'Control') this.#control?.setAttribute('aria-pressed', String(!this.takeControl()));
    else onPress(press(key, { ctrl: this.takeControl() }));
  }

  /** @param {HTMLButtonElement} button @param {() => void} act @param {boolean} repeats */
  #listen(button, act, repeats) {
    const { signal } = this.#closed;
    const repeat = () => {
      act();
      this.#timer = setTimeout(repeat, REPEAT_MS);
    };
    button.addEventListener(
      'pointerdown',
      (event) => {
        event.preventDefault();
        act();
        clearTimeout(this.#timer);
        if (repeats) this.#timer = setTimeout(repeat, REPEAT_AFTER_MS);
      },
      { signal },
    );
    for (const type of ['pointerup', 'pointercancel', 'pointerleave']) {
      button.addEventListener(type, () => clearTimeout(this.#timer), { signal });
    }
    // From the keyboard, and from screen readers: no pointer was down.
    button.addEventListener('click', (event) => void (event.detail === 0 && act()), { signal });
  }
}
