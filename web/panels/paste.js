// Programs that are brought, as one chunk: files and text as bytes (intake.js), and the dialog for what cannot be pasted
// onto the page itself.

import { h } from '../ui/dom.js';
import { createDialog, dialogButtons, dialogElement } from '../ui/dialog.js';

export { faultOfDropped, intake } from '../intake.js';

/**
 * @param {(text: string) => void} onText
 * @param {AbortSignal} signal
 */
export function createPaste(onText, signal) {
  const field = h('textarea', { id: 'paste-text', rows: '7', spellcheck: 'false', autocomplete: 'off' });
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    dialog.close();
    onText(field.value);
  };
  const form = h(
    'form',
    { on: { submit } },
    h('label', {
      for: 'paste-text',
      text: "The file's bytes in base64 or hex. A copied file can be pasted anywhere on the page.",
    }),
    field,
    dialogButtons(
      null,
      h('button', { type: 'button', class: 'button', 'data-close': true, text: 'Cancel' }),
      h('button', { type: 'submit', class: 'button primary', text: 'Run it' }),
    ),
  );
  const dialog = createDialog(dialogElement('paste-dialog', 'Paste a program', {}, form), signal);
  return {
    open() {
      field.value = '';
      dialog.open();
      field.focus();
    },
  };
}
