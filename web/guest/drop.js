// Files dropped on the page while a module is open that has a file system: data goes to the module, a program is opened.

import { isLive } from '../state.js';
import { fromDrop, fromFiles, takenText } from './file-intake.js';

/** @import { TakenFiles } from './file-intake.js' */
/** @import { Uploads } from './uploads.js' */
/** @import { Store } from '../state.js' */

/** Programs, and archives, which are to be unpacked first: the page says so. At which byte, and what stands there. */
const FOR_THE_PAGE = [
  [0, '\0asm'],
  [0, 'SJSR'],
  [0, 'PK\x03\x04'],
  [0, '\x1f\x8b'],
  [257, 'ustar'],
];
const SAMPLE_BYTES = 512;

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {Uploads} parts.uploads
 * @param {() => void} parts.run
 * @param {(files: File[]) => unknown} parts.bring opens files as programs
 * @param {(sentence: string) => void} parts.notice
 */
export function createDrop({ store, uploads, run, bring, notice }) {
  /** @param {TakenFiles} taken */
  function give({ entries, fault }) {
    if (entries.length > 0) uploads.add(entries);
    const live = isLive(store.now);
    const given =
      entries.length === 0 ? '' : `${takenText(entries)} for the program${live ? ': for its next run' : ''}.`;
    notice([given, fault].filter(Boolean).join(' '));
    if (entries.length > 0 && !live) run();
  }

  /** Must be called while the drop is handled: the browser takes the data back. @param {DataTransfer} data */
  return async (data) => {
    const [file] = data.files;
    const isTree = [...data.items].some((item) => item.webkitGetAsEntry?.()?.isDirectory);
    if (!store.now.plan?.usesFiles) return bring([...data.files]);
    if (isTree || data.files.length > 1) return give(await fromDrop(data));
    if (!file) return;
    if (await isForThePage(file)) return bring([file]);
    give(await fromFiles([file]));
  };
}

/** @param {File} file */
async function isForThePage(file) {
  const bytes = new Uint8Array(
    await file
      .slice(0, SAMPLE_BYTES)
      .arrayBuffer()
      .catch(() => new ArrayBuffer(0)),
  );
  return FOR_THE_PAGE.some(([at, text]) =>
    [...String(text)].every((letter, index) => bytes[Number(at) + index] === letter.charCodeAt(0)),
  );
}
