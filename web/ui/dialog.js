// Modal dialogs on the native element: the browser traps focus, closes on Escape and gives focus back.

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
