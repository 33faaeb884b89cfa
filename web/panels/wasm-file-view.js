// One file of a module, opened: as text or as hex, with what can be done with it. A folder or a link says what it is.

import { counted, size } from '../format.js';
import { cutName, nameNodes } from '../guest/names.js';
import { safeName } from '../guest/zip.js';
import { download } from '../ui/download.js';
import { h, setText } from '../ui/dom.js';
import { createArchiveButton } from './archive-button.js';
import { createFileContent } from './wasm-file-content.js';

/** @import { FileEntry } from '../../runner/guest/types.js' */
/** @import { TreeRow } from '../guest/file-tree.js' */

/** What is looked at to tell a text from other bytes. */
const SAMPLE_BYTES = 8192;

/**
 * @param {object} parts
 * @param {(sentence: string) => void} parts.notice
 * @param {(path: string) => void} parts.remove
 * @param {() => void} parts.close
 * @param {AbortSignal} parts.signal
 */
export function createFileView({ notice, remove, close, signal }) {
  const name = h('h2', { class: 'file-name', id: 'file-name' });
  const about = h('span', { class: 'dim', id: 'file-about' });
  const asText = headButton('file-text', 'Text', () => choose(false));
  const asHex = headButton('file-hex', 'Hex', () => choose(true));
  const save = headButton('file-download', 'Download', saveIt);
  const takeAway = headButton('file-remove', 'Remove', () => row && remove(row.path));
  const shut = headButton('file-close', 'Close', close);
  const buttons = [asText, asHex, save, takeAway, shut];
  const head = h('div', { class: 'panel-tools file-head' }, name, about, h('span', { class: 'spacer' }), ...buttons);
  const content = createFileContent(signal);
  const element = h('div', { class: 'file-view', hidden: true }, head, content.cut, content.scroll);
  const archive = createArchiveButton({ button: save, notice, signal });
  /** @type {TreeRow | null} */
  let row = null;
  /** @type {readonly FileEntry[]} */
  let entries = [];
  let isHex = false;

  function fill() {
    asText.setAttribute('aria-pressed', String(!isHex));
    asHex.setAttribute('aria-pressed', String(isHex));
    content.show(row?.entry.kind === 'file' ? row.entry.bytes : new Uint8Array(0), isHex);
  }

  /** @param {boolean} hexWanted */
  function choose(hexWanted) {
    isHex = hexWanted;
    content.toTop();
    fill();
  }

  function saveIt() {
    if (!row) return;
    const { entry, name: shown } = row;
    if (entry.kind === 'file' && !archive.busy) download(safeName(shown), [entry.bytes]);
    else void archive.press(shown, entries);
  }

  return {
    element,
    /** @param {TreeRow | null} next @param {readonly FileEntry[]} contents of a folder, itself included @param {boolean} removable */
    show(next, contents, removable) {
      const before = row;
      row = next;
      entries = contents;
      element.hidden = next === null;
      if (!next) return;
      const { entry } = next;
      const isFile = entry.kind === 'file';
      name.replaceChildren(...nameNodes(next.path, 60));
      setText(about, aboutText(entry, contents.length - 1));
      for (const part of [asText, asHex, content.scroll]) part.hidden = !isFile || entry.bytes.length === 0;
      takeAway.hidden = !removable;
      if (isFile && before?.path !== next.path) {
        isHex = !isText(entry.bytes);
        content.toTop();
      }
      fill();
    },
  };
}

/** @param {string} id @param {string} text @param {() => void} click */
function headButton(id, text, click) {
  return h('button', { type: 'button', class: 'quiet', id, text, on: { click } });
}

/** @param {FileEntry} entry @param {number} inside */
function aboutText(entry, inside) {
  if (entry.kind === 'file') return entry.bytes.length === 0 ? 'empty' : size(entry.bytes.length);
  return entry.kind === 'link' ? `a link to ${cutName(entry.target)}` : `a folder, ${counted(inside, 'item')} inside`;
}

/** UTF-8 without NUL, as far as was looked. @param {Uint8Array} bytes */
function isText(bytes) {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  if (sample.includes(0)) return false;
  try {
    // As a stream, because the sample may end within a character.
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return true;
  } catch {
    return false;
  }
}
