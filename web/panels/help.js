// The dialog of keyboard shortcuts, made from the table of commands.

import { byId, h } from '../ui/dom.js';
import { createDialog } from '../ui/dialog.js';

/** @import { Command } from '../commands.js' */

/**
 * @param {Command[]} commands
 * @param {AbortSignal} signal
 */
export function createHelp(commands, signal) {
  byId('shortcuts').replaceChildren(
    ...commands
      .filter((command) => command.keys)
      .map(({ label, keys }) => {
        const cell = h('td');
        const alternatives = keys === 'Ctrl+.' ? [keys, 'Esc'] : [keys ?? ''];
        alternatives.forEach((each, index) => cell.append(index > 0 ? ' or ' : '', h('kbd', { text: each })));
        return h('tr', {}, h('th', { scope: 'row', text: label }), cell);
      }),
  );
  return createDialog(/** @type {HTMLDialogElement} */ (byId('help-dialog')), signal);
}
