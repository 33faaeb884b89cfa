// Files and trees of them, from a button or a drop, as entries for a module's file system.

import { FILES_GIVEN } from '../../runner/limits.js';
import { counted } from '../format.js';

/** @import { FileEntry } from '../../runner/guest/types.js' */

/** @typedef {{ entries: FileEntry[], fault: string }} TakenFiles `fault`: what was left out and why; '' = nothing */

/**
 * @param {Iterable<File>} files with their place below the folder that was chosen, if one was
 * @returns {Promise<TakenFiles>}
 */
export async function fromFiles(files) {
  const taken = new Taken();
  for (const file of files) if (!(await taken.add(file.webkitRelativePath || file.name, file))) break;
  return taken.result();
}

/**
 * What was dropped, with the folders in it. Must be called while the drop is handled: the browser takes the data back.
 * @param {DataTransfer} data
 * @returns {Promise<TakenFiles>}
 */
export function fromDrop(data) {
  const dropped = [...data.items].filter(({ kind }) => kind === 'file');
  const roots = dropped.map((item) => item.webkitGetAsEntry?.() ?? null);
  const files = dropped.map((item) => item.getAsFile());
  return walkAll(roots, files);
}

/** @param {(FileSystemEntry | null)[]} roots @param {(File | null)[]} files in place of roots that are not to be had */
async function walkAll(roots, files) {
  const taken = new Taken();
  for (let i = 0; i < roots.length; i++) {
    const root = roots[i];
    const file = files[i];
    const more = root?.isDirectory ? await walk(root, taken) : !file || (await taken.add(file.name, file));
    if (!more) break;
  }
  return taken.result();
}

/** @param {FileSystemEntry} root @param {Taken} taken @returns {Promise<boolean>} whether more can be taken */
async function walk(root, taken) {
  const waiting = [root];
  for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
    if (entry.isFile) {
      const file = await fileOf(/** @type {FileSystemFileEntry} */ (entry)).catch(() => null);
      if (!file) taken.fault ||= `${entry.name} could not be read.`;
      else if (!(await taken.add(entry.fullPath, file))) return false;
    } else {
      if (!taken.addFolder(entry.fullPath)) return false;
      waiting.push(...(await childrenOf(/** @type {FileSystemDirectoryEntry} */ (entry))));
    }
  }
  return true;
}

/** @param {FileSystemFileEntry} entry @returns {Promise<File>} */
function fileOf(entry) {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader gives a hundred at a time. @param {FileSystemDirectoryEntry} folder @returns {Promise<FileSystemEntry[]>} */
async function childrenOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

class Taken {
  /** @type {Map<string, FileEntry>} */
  #entries = new Map();
  #bytes = 0;
  fault = '';

  /** @param {string} path @param {File} file @returns {Promise<boolean>} whether more can be taken */
  async add(path, file) {
    const clean = cleanPath(path);
    if (clean === '') return true;
    if (this.#entries.size >= FILES_GIVEN.entries || this.#bytes + file.size > FILES_GIVEN.bytes) return this.#full();
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      this.#bytes += bytes.length;
      this.#entries.set(clean, { path: clean, kind: 'file', bytes });
    } catch {
      this.fault ||= `${file.name} could not be read.`;
    }
    return true;
  }

  /** @param {string} path */
  addFolder(path) {
    const clean = cleanPath(path);
    if (this.#entries.size >= FILES_GIVEN.entries) return this.#full();
    if (clean !== '') this.#entries.set(clean, { path: clean, kind: 'directory' });
    return true;
  }

  /** @returns {TakenFiles} */
  result() {
    return { entries: [...this.#entries.values()], fault: this.fault };
  }

  #full() {
    this.fault = 'Not all could be taken: at most 20,000 files and 512 MB can be given.';
    return false;
  }
}

/** `3 files`, or `1 folder without files`. @param {readonly FileEntry[]} entries */
export function takenText(entries) {
  const files = entries.filter(({ kind }) => kind === 'file').length;
  return files > 0 ? counted(files, 'file') : counted(entries.length, 'folder without files', 'folders without files');
}

/** Relative, without `.` and `..`. @param {string} path */
export function cleanPath(path) {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/');
}
