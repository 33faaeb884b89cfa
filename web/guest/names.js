// Names and texts out of modules and files, shown as what they are: characters that cannot be seen, or that turn the text
// around, are spelt out; a long name is cut, with all of it on demand.

import { spelt } from '../../runner/visible.js';
import { createDialog, dialogButtons, dialogElement } from '../ui/dialog.js';
import { counted, number } from '../format.js';
import { h, setText } from '../ui/dom.js';

export const LONGEST_NAME = 80;
const TAIL = 16;

/**
 * A text in the middle of others: one line, of bounded length.
 * @param {string} text
 * @param {number} [longest]
 */
export function cutName(text, longest = LONGEST_NAME) {
  if (text.length <= longest) return spelt(text);
  return `${spelt(text.slice(0, longest - TAIL))}…${spelt(text.slice(-TAIL))}`;
}

/**
 * @param {string} text
 * @param {number} [longest]
 * @returns {Node[]} a long one with a button that shows all of it
 */
export function nameNodes(text, longest = LONGEST_NAME) {
  const name = h('bdi', {
    class: text === '' ? 'name dim' : 'name',
    text: text === '' ? '(no name)' : cutName(text, longest),
  });
  if (text.length <= longest) return [name];
  const label = `Show all ${counted(text.length, 'character')}`;
  return [
    name,
    h('button', {
      type: 'button',
      class: 'link whole',
      title: label,
      'aria-label': label,
      text: 'all',
      on: { click: () => showWhole(text) },
    }),
  ];
}

/** What the dialog shows at most: more is a document, not a name. */
const MOST_SHOWN = 200_000;
/** @type {{ open: () => void, title: Element, text: Element } | null} */
let dialog = null;

/** @param {string} text */
export function showWhole(text) {
  dialog ??= createWhole();
  setText(dialog.title, `Whole text, ${counted(text.length, 'character')}`);
  const rest = text.length - MOST_SHOWN;
  setText(dialog.text, spelt(text.slice(0, MOST_SHOWN)) + (rest > 0 ? ` … and ${number(rest)} more` : ''));
  dialog.open();
}

function createWhole() {
  const text = h('p', { class: 'scroll code whole-text', tabindex: '0', role: 'region', 'aria-label': 'Text' });
  const close = h('button', { type: 'button', class: 'button', 'data-close': true, text: 'Close' });
  const element = dialogElement('whole-dialog', 'Whole text', {}, text, dialogButtons(null, close));
  // One for the whole page, which stays.
  const { open } = createDialog(element, new AbortController().signal);
  return { open, text, title: /** @type {Element} */ (element.querySelector('h2')) };
}
