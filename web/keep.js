// The visitor's own programs, kept in IndexedDB until they clear them. Names and bytes lie in two stores, so that
// listing costs nothing however large the files are. Where IndexedDB is refused, they last as long as the page.

import { pause } from './pause.js';
import { openDatabase, storable, stored as bytesOf } from './storable.js';

/**
 * @typedef {object} Kept
 * @property {number} id
 * @property {string} name
 * @property {number} size
 * @property {string} kind what it was recognised as
 * @property {number} time when it was opened last
 * @property {string} digest
 */

const DATABASE = 'jsrust';
const HASH_SLICE = 1 << 20;

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
function committed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

const open = () =>
  openDatabase(DATABASE, (database) => {
    database.createObjectStore('programs', { keyPath: 'id', autoIncrement: true });
    database.createObjectStore('bytes');
  });

/**
 * Tells equal contents apart from different ones of the same name. Not for secrets: FNV-1a in two 32-bit lanes, in
 * slices, because crypto.subtle does not exist on plain http.
 * @param {Uint8Array} bytes
 */
async function digestOf(bytes) {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let start = 0; start < bytes.length; start += HASH_SLICE) {
    const end = Math.min(bytes.length, start + HASH_SLICE);
    for (let i = start; i < end; i++) {
      a = Math.imul(a ^ bytes[i], 0x01000193);
      b = Math.imul(b ^ bytes[i], 0x85ebca6b) ^ (b >>> 15);
    }
    if (end < bytes.length) await pause();
  }
  return `${bytes.length}-${(a >>> 0).toString(16)}-${(b >>> 0).toString(16)}`;
}

export class Keep {
  /** Undefined when it was closed. @type {IDBDatabase | null | undefined} */
  #database;
  /** Used where there is no database. @type {Map<number, { kept: Kept, bytes: Uint8Array }>} */
  #memory = new Map();
  /** Ids of this visit alone, other than those of the one before. */
  #lastId = -Date.now();
  /** Tells other tabs that the list is another. */
  #others = new BroadcastChannel(DATABASE);
  /** Called when another tab has changed the list. */
  onChange = () => {};

  /** @param {IDBDatabase | null} database */
  constructor(database) {
    this.#others.onmessage = () => this.onChange();
    this.#use(database);
  }

  /** @param {IDBDatabase | null | undefined} database */
  #use(database) {
    this.#database = database;
    if (database) database.onclose = () => (this.#database = undefined);
  }

  /** Null where there is none. One that the browser closed, because somebody cleared what is stored, is opened anew. */
  async #opened() {
    if (this.#database === undefined) this.#use(await open().catch(() => undefined));
    return this.#database ?? null;
  }

  /** @returns {Promise<Keep>} never rejects */
  static async open() {
    try {
      return new Keep(await open());
    } catch {
      return new Keep(null);
    }
  }

  /** Newest first. @returns {Promise<Kept[]>} never rejects */
  async list() {
    const held = [...this.#memory.values()].map(({ kept }) => kept);
    const all = held.concat(await this.#stored().catch(() => []));
    return all.sort((a, b) => b.time - a.time || b.id - a.id);
  }

  /** @returns {Promise<Kept[]>} rejects when the database fails */
  async #stored() {
    const database = await this.#opened();
    return database ? answer(database.transaction('programs').objectStore('programs').getAll()) : [];
  }

  /**
   * Keeps a program, or moves the same one to the front.
   * @param {{ name: string, kind: string, bytes: Uint8Array, time: number }} program
   * @returns {Promise<{ id: number, lasting: boolean }>} lasting: whether it will be there after a reload
   */
  async add({ name, kind, bytes, time }) {
    const digest = await digestOf(bytes);
    const same = (await this.list()).find((kept) => kept.digest === digest && kept.name === name);
    const record = { name, size: bytes.length, kind, time, digest };
    const database = await this.#opened();
    if (database && !(same && this.#memory.has(same.id))) {
      try {
        const stored = same ? null : await storable(bytes);
        const transaction = database.transaction(['programs', 'bytes'], 'readwrite');
        const done = committed(transaction);
        const id = Number(
          await answer(transaction.objectStore('programs').put(same ? { ...record, id: same.id } : record)),
        );
        if (stored) transaction.objectStore('bytes').put(stored, id);
        await done;
        this.#others.postMessage(null);
        return { id, lasting: true };
      } catch {
        // Most likely the quota: keep it for this visit.
      }
    }
    // Ids of this kind are negative, so that they never meet the database's.
    const id = same?.id ?? --this.#lastId;
    this.#memory.set(id, { kept: { ...record, id }, bytes });
    return { id, lasting: false };
  }

  /**
   * @param {number} id
   * @returns {Promise<{ kept: Kept, bytes: Uint8Array } | null>}
   */
  async get(id) {
    const held = this.#memory.get(id);
    const database = held ? null : await this.#opened();
    if (!database) return held ?? null;
    const transaction = database.transaction(['programs', 'bytes']);
    const [kept, stored] = await Promise.all([
      answer(transaction.objectStore('programs').get(id)),
      answer(transaction.objectStore('bytes').get(id)),
    ]);
    if (!kept || !stored) return null;
    return { kept, bytes: await bytesOf(stored) };
  }

  /** @param {number} id */
  async remove(id) {
    const database = await this.#opened();
    if (this.#memory.delete(id) || !database) return;
    const transaction = database.transaction(['programs', 'bytes'], 'readwrite');
    transaction.objectStore('programs').delete(id);
    transaction.objectStore('bytes').delete(id);
    await committed(transaction);
    this.#others.postMessage(null);
  }

  async clear() {
    this.#memory.clear();
    const database = await this.#opened();
    if (!database) return;
    const transaction = database.transaction(['programs', 'bytes'], 'readwrite');
    transaction.objectStore('programs').clear();
    transaction.objectStore('bytes').clear();
    await committed(transaction);
    this.#others.postMessage(null);
  }
}
