// The dialog of keyboard shortcuts, made from the table of commands.

import { h } from '../ui/dom.js';
import { createDialog, dialogButtons, dialogElement } from '../ui/dialog.js';

/** @import { Command } from '../commands.js' */

/**
 * @param {Command[]} commands
 * @param {AbortSignal} signal
 */
export function createHelp(commands, signal) {
  const rows = commands
    .filter((command) => command.keys)
    .map(({ label, keys }) => {
      const cell = h('td');
      const alternatives = keys === 'Ctrl+.' ? [keys, 'Esc'] : [keys ?? ''];
      alternatives.forEach((each, index) => cell.append(index > 0 ? ' or ' : '', h('kbd', { text: each })));
      return h('tr', {}, h('th', { scope: 'row', text: label }), cell);
    });
  const names = h('tr', {}, h('th', { scope: 'col', text: 'Action' }), h('th', { scope: 'col', text: 'Keys' }));
  const element = dialogElement(
    'help-dialog',
    'Keyboard shortcuts',
    { tabindex: '-1', autofocus: true },
    h('table', { class: 'shortcuts' }, h('thead', { class: 'sr-only' }, names), h('tbody', {}, ...rows)),
    h('p', {
      class: 'dim',
      text: 'A splitter is dragged, or clicked and then its new place; arrows move it, Enter or a double click resets it. In lists: arrows, Home, End, Page Up, Page Down. Shift+Tab leaves a terminal.',
    }),
    h('p', {
      class: 'dim',
      text: 'In the output Ctrl+A selects all of it. The mouse, and the find of the browser, reach only the lines that are in view.',
    }),
    h('p', { class: 'dim' }, h('a', { href: 'licences.txt', text: 'Licences of this page and its parts' })),
    dialogButtons(null, h('button', { type: 'button', class: 'button primary', 'data-close': true, text: 'Close' })),
  );
  return createDialog(element, signal);
}
