// How people give files to a module: two buttons with their file dialogs, and dropping on the panel.

import { fromDrop, fromFiles } from '../guest/file-intake.js';
import { h } from '../ui/dom.js';

/** @import { TakenFiles } from '../guest/file-intake.js' */

/**
 * @param {object} parts
 * @param {HTMLElement} parts.panel where files may be dropped
 * @param {(taken: TakenFiles) => void} parts.take
 * @param {AbortSignal} parts.signal
 * @returns the buttons, and the fields behind them, which are never seen
 */
export function createFileIntake({ panel, take, signal }) {
  const files = fileField('files-input', 'Files for the module', { multiple: true });
  const folder = fileField('folder-input', 'Folder for the module', { webkitdirectory: true });
  for (const field of [files, folder]) {
    field.addEventListener(
      'change',
      async () => {
        take(await fromFiles(field.files ?? []));
        field.value = '';
      },
      { signal },
    );
  }
  takeDrops(panel, take, signal);
  return {
    add: opener('files-add', 'Add files', files),
    addFolder: opener('files-add-folder', 'Add a folder', folder),
    fields: [files, folder],
  };
}

/** @param {string} id @param {string} label @param {object} kind */
function fileField(id, label, kind) {
  return h('input', { type: 'file', ...kind, hidden: true, tabindex: '-1', 'aria-label': label, id });
}

/** @param {string} id @param {string} text @param {HTMLInputElement} field */
function opener(id, text, field) {
  return h('button', { type: 'button', class: 'quiet', id, text, on: { click: () => field.click() } });
}

/** @param {HTMLElement} panel @param {(taken: TakenFiles) => void} take @param {AbortSignal} signal */
function takeDrops(panel, take, signal) {
  const showDropping = (/** @type {boolean} */ on) => void panel.toggleAttribute('data-dropping', on);
  panel.addEventListener(
    'dragover',
    (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      showDropping(true);
    },
    { signal },
  );
  panel.addEventListener(
    'dragleave',
    ({ relatedTarget }) => panel.contains(/** @type {Node | null} */ (relatedTarget)) || showDropping(false),
    { signal },
  );
  panel.addEventListener(
    'drop',
    async (event) => {
      if (!event.dataTransfer || !hasFiles(event)) return;
      event.preventDefault();
      showDropping(false);
      take(await fromDrop(event.dataTransfer));
    },
    { signal },
  );
}

/** @param {DragEvent} event */
function hasFiles({ dataTransfer }) {
  return dataTransfer?.types.includes('Files') ?? false;
}
