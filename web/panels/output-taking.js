// The output, or the screen of a terminal in its place, taken away: to the clipboard or as a file.

import { counted, size } from '../format.js';
import { pause } from '../pause.js';
import { h } from '../ui/dom.js';

/** @import { OutputStore } from '../output/store.js' */
/** @import { Store } from '../state.js' */

/** What a clipboard takes without trouble. */
const COPY_BYTES = 16 * 1024 * 1024;

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {OutputStore} parts.output
 * @param {() => string | null} parts.terminalText null while the output is shown
 * @param {(text: string) => void} parts.notice
 */
export function createOutputTaking({ store, output, terminalText, notice }) {
  /** @param {string} text @param {string} what */
  async function copyText(text, what) {
    try {
      await navigator.clipboard.writeText(text);
      notice(`Copied ${what}.`);
    } catch {
      notice('The browser did not allow copying. Select the text, or save it instead.');
    }
  }

  async function copy() {
    const screen = terminalText();
    if (screen !== null) return copyText(screen, 'the screen');
    if (output.totalBytes === 0) return notice('There is no output to copy.');
    const kept = output.totalBytes - output.droppedBytes;
    if (kept > COPY_BYTES) {
      return notice(`The output has ${size(kept)}: too much for the clipboard. Save it instead.`);
    }
    const stream = new TextDecoder();
    /** @type {string[]} */
    const texts = [];
    for (const part of output.parts()) {
      texts.push(stream.decode(part, { stream: true }));
      if (texts.length % 16 === 0) await pause();
    }
    await copyText(texts.join('') + stream.decode(), counted(output.lines, 'line'));
  }

  function save() {
    const screen = terminalText();
    if (screen === null && output.totalBytes === 0) return notice('There is no output to save.');
    const name = (store.now.program?.name ?? 'program').replace(/\.(jsrbin|wasm)$/, '').replace(/[^\w.-]+/g, '_');
    const blob = new Blob(screen === null ? output.parts() : [screen], { type: 'text/plain' });
    const address = URL.createObjectURL(blob);
    h('a', { href: address, download: `${name}.txt` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    notice(`Saved ${screen === null ? size(blob.size) : 'the screen'} as ${name}.txt.`);
  }

  return { copy, save };
}
