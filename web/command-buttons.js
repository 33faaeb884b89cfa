// Binds the table of commands to what people press: every [data-command] button, and the keyboard.

import { isPressed, shortKeys } from './shortcuts.js';
import { h, setText } from './ui/dom.js';

/** @import { Command } from './commands.js' */
/** @import { Store } from './state.js' */

/**
 * @param {Command[]} commands
 * @param {Store} store
 * @param {AbortSignal} signal
 * @returns {{ refresh: () => void }} for switches whose state is not in the store
 */
export function bindCommands(commands, store, signal) {
  const byId = new Map(commands.map((command) => [command.id, command]));
  /** @type {{ button: HTMLButtonElement, command: Command, label: HTMLElement | null }[]} */
  const bound = [];

  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('[data-command]'))) {
    const command = byId.get(button.dataset.command ?? '');
    if (!command) throw new Error(`no command ${button.dataset.command}`);
    /** @type {HTMLElement | null} */
    const label = button.querySelector('[data-label]');
    if (label && command.keys) button.append(h('kbd', { text: shortKeys(command.keys), 'aria-hidden': 'true' }));
    if (command.keys) {
      button.setAttribute('aria-keyshortcuts', command.keys.replace('Ctrl', 'Control'));
      button.title = `${command.label} (${command.keys})`;
    }
    button.addEventListener('click', () => usable(command) && command.run(), { signal });
    bound.push({ button, command, label });
  }

  /** @param {Command} command */
  const usable = (command) => command.available?.(store.now) ?? true;

  function refresh() {
    for (const { button, command, label } of bound) {
      if (command.shown) button.hidden = !command.shown(store.now);
      // A focused button that becomes useless keeps its focus: only what it says and does changes.
      const off = !usable(command);
      if (document.activeElement === button) button.setAttribute('aria-disabled', String(off));
      else {
        button.removeAttribute('aria-disabled');
        button.disabled = off;
      }
      if (label) setText(label, command.name?.(store.now) ?? command.label);
      if (command.pressed) button.setAttribute('aria-pressed', String(command.pressed(store.now)));
    }
  }

  document.addEventListener('focusout', () => setTimeout(refresh), { signal });
  document.addEventListener(
    'keydown',
    (event) => {
      // What is open keeps the keys to itself, the drawer only the one that closes it.
      const open = event.key === 'Escape' ? 'dialog[open]' : 'dialog[open]:not(.drawer)';
      if (event.defaultPrevented || event.isComposing || document.querySelector(`${open}, [popover]:popover-open`))
        return;
      const meant = commands.filter(({ keys = '', matches }) => matches?.(event) ?? isPressed(keys, event));
      const command = meant.find(usable) ?? meant[0];
      if (!command) return;
      // Also when it is of no use now: Ctrl+S must never save the page's HTML.
      if (event.key !== 'Escape' || usable(command)) event.preventDefault();
      if (usable(command)) command.run();
    },
    { signal },
  );
  store.watch(
    [
      'phase',
      'program',
      'module',
      'wasm',
      'plan',
      'missing',
      'options',
      'result',
      'recording',
      'calling',
      'trace',
      'step',
    ],
    refresh,
  );
  return { refresh };
}
