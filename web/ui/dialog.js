// Modal dialogs on the native element: the browser traps focus, closes on Escape and gives focus back.

import { h } from './dom.js';

/** @import { Properties } from './dom.js' */

/**
 * A new dialog with a heading, at the end of the page: the parts that come late bring their own.
 * @param {string} id of the dialog; its heading's has `-title` after it
 * @param {string} title
 * @param {Properties} heading
 * @param {...Node} children
 */
export function dialogElement(id, title, heading, ...children) {
  const name = `${id}-title`;
  const head = h('h2', { id: name, text: title, ...heading });
  const element = h('dialog', { class: 'dialog', id, 'aria-labelledby': name }, head, ...children);
  document.body.append(element);
  return element;
}

/** The row of buttons that ends a dialog; `null` is the space between those at the left and at the right. @param {...(HTMLElement | null)} buttons */
export function dialogButtons(...buttons) {
  return h('div', { class: 'dialog-buttons' }, ...buttons.map((button) => button ?? h('span', { class: 'spacer' })));
}

/**
 * Wires a <dialog> of index.html: a press outside it and every [data-close] button close it.
 * @param {HTMLDialogElement} dialog
 * @param {AbortSignal} signal
 * @returns {{ open: () => void, close: () => void }}
 */
export function createDialog(dialog, signal) {
  dialog.addEventListener(
    'click',
    (event) => {
      const target = /** @type {Element} */ (event.target);
      if (target === dialog || target.closest('[data-close]')) dialog.close();
    },
    { signal },
  );
  return {
    open() {
      if (!dialog.open) dialog.showModal();
    },
    close: () => dialog.close(),
  };
}
