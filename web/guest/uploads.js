// Files that the visitor gives to modules: in the store for the next run, and in IndexedDB so that they are there after a
// reload, until they are taken away. Where storage is refused, they last as long as the page.

import { openDatabase, storable, stored } from '../storable.js';

/** @import { FileEntry } from '../../runner/guest/types.js' */
/** @import { Store } from '../state.js' */

/** A file as it is stored. @typedef {Exclude<FileEntry, { kind: 'file' }> | { path: string, kind: 'file', bytes: Uint8Array | Blob }} Kept */

const DATABASE = 'jsrust-files';
const FILES = 'files';

export class Uploads {
  #store;
  #notice;
  /** @type {Promise<IDBDatabase | null>} */
  #database;
  /** Writes happen one after the other. @type {Promise<void>} */
  #writing = Promise.resolve();
  /** Resolves when what was kept from before is in the store; never rejects. @type {Promise<void>} */
  ready;

  /** @param {Store} store @param {(sentence: string) => void} notice */
  constructor(store, notice) {
    this.#store = store;
    this.#notice = notice;
    this.#database = openDatabase(DATABASE, (database) => {
      database.createObjectStore(FILES, { keyPath: 'path' });
    }).catch(() => null);
    this.ready = this.#restore();
  }

  /** Adds files; one of the same path is replaced, and so is what stands in the way of its folders. @param {readonly FileEntry[]} entries */
  add(entries) {
    const all = new Map(this.#store.now.uploads.map((entry) => [entry.path, entry]));
    for (const entry of entries) {
      const before = all.get(entry.path);
      if (before?.kind === 'directory' && entry.kind !== 'directory') removeWithin(all, entry.path);
      for (let at = entry.path.indexOf('/'); at > 0; at = entry.path.indexOf('/', at + 1)) {
        const parent = entry.path.slice(0, at);
        if (all.has(parent) && all.get(parent)?.kind !== 'directory') all.delete(parent);
      }
      all.set(entry.path, entry);
    }
    this.#change([...all.values()]);
  }

  /** Takes a file away, or a folder with all in it. @param {string} path */
  remove(path) {
    const all = new Map(this.#store.now.uploads.map((entry) => [entry.path, entry]));
    removeWithin(all, path);
    this.#change([...all.values()]);
  }

  /** @param {FileEntry[]} uploads */
  replace(uploads) {
    this.#change(uploads);
  }

  /** @param {FileEntry[]} uploads */
  #change(uploads) {
    const before = new Map(this.#store.now.uploads.map((entry) => [entry.path, entry]));
    const after = new Map(uploads.map((entry) => [entry.path, entry]));
    this.#store.set({ uploads });
    const gone = [...before.keys()].filter((path) => !after.has(path));
    const put = uploads.filter((entry) => before.get(entry.path) !== entry);
    this.#writing = this.#writing.then(() => this.#write(gone, put));
  }

  /** @param {string[]} gone @param {FileEntry[]} put */
  async #write(gone, put) {
    const database = await this.#database;
    try {
      if (!database) throw new Error('no database');
      const records = [];
      for (const entry of put)
        records.push(entry.kind === 'file' ? { ...entry, bytes: await storable(entry.bytes) } : entry);
      const transaction = database.transaction(FILES, 'readwrite');
      const files = transaction.objectStore(FILES);
      for (const path of gone) files.delete(path);
      for (const record of records) files.put(record);
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
    } catch {
      if (put.length > 0) this.#notice('The browser has no room for these files: they stay until the page is closed.');
    }
  }

  async #restore() {
    try {
      const database = await this.#database;
      if (!database) return;
      const request = database.transaction(FILES).objectStore(FILES).getAll();
      const kept = /** @type {unknown[]} */ (
        await new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        })
      );
      const entries = [];
      for (const record of kept.filter(isRecord))
        entries.push(record.kind === 'file' ? { ...record, bytes: await stored(record.bytes) } : record);
      // What was added meanwhile is newer.
      const now = new Map(this.#store.now.uploads.map((entry) => [entry.path, entry]));
      const added = entries.filter(({ path }) => !now.has(path));
      if (added.length > 0) this.#store.set({ uploads: [...added, ...now.values()] });
    } catch {
      // Nothing is kept, then.
    }
  }
}

/** @param {Map<string, FileEntry>} all @param {string} path */
function removeWithin(all, path) {
  for (const each of all.keys()) if (each === path || each.startsWith(`${path}/`)) all.delete(each);
}

/** A damaged record must not break the page. @param {any} record @returns {record is Kept} */
function isRecord(record) {
  if (typeof record?.path !== 'string' || record.path === '') return false;
  if (record.kind === 'file') return record.bytes instanceof Uint8Array || record.bytes instanceof Blob;
  return record.kind === 'directory' || (record.kind === 'link' && typeof record.target === 'string');
}
