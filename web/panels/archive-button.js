// The button that saves files as one zip archive. Where that takes long, it shows how far it is, and stops it.

import { deflateRaw } from '../deflate.js';
import { size } from '../format.js';
import { safeName, zip } from '../guest/zip.js';
import { setText } from '../ui/dom.js';
import { download } from '../ui/download.js';

/** @import { FileEntry } from '../../runner/guest/types.js' */

/** Until then a press more is one too many, not a wish to stop. */
const SHOWN_AFTER_MS = 400;

/**
 * @param {object} parts
 * @param {HTMLButtonElement} parts.button
 * @param {(sentence: string) => void} parts.notice
 * @param {AbortSignal} parts.signal
 */
export function createArchiveButton({ button, notice, signal }) {
  const label = button.textContent ?? '';
  /** The archive that is being made. @type {AbortController | null} */
  let making = null;
  let stoppable = false;

  return {
    get busy() {
      return making !== null;
    },
    /**
     * The button was pressed: begins, or stops what it began.
     * @param {string} name of the archive, without its ending
     * @param {readonly FileEntry[]} entries
     */
    async press(name, entries) {
      if (stoppable) making?.abort();
      if (making) return;
      making = new AbortController();
      const began = performance.now();
      try {
        const parts = await zip(entries, {
          date: new Date(),
          deflate: deflateRaw.deflate,
          signal: AbortSignal.any([signal, making.signal]),
          progress(part) {
            stoppable = performance.now() - began > SHOWN_AFTER_MS;
            if (stoppable) setText(button, `Stop (${Math.floor(part * 100)} %)`);
          },
        });
        const file = `${safeName(name)}.zip`;
        download(file, parts, 'application/zip');
        notice(`Saved ${file}, ${size(parts.reduce((sum, { length }) => sum + length, 0))}.`);
      } catch (thrown) {
        if (making.signal.aborted) notice('Stopped: there is no archive.');
        else notice(thrown instanceof RangeError ? thrown.message : 'The archive could not be made.');
      } finally {
        making = null;
        stoppable = false;
        setText(button, label);
      }
    },
  };
}
