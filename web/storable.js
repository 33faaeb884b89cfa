// Files on their way into IndexedDB and back, none of which holds the page.

import { pause } from './pause.js';

const BLOB_SLICE = 1 << 22;
/** A database that has not answered by then, as of a damaged profile, will not. */
const PATIENCE_MS = 3000;

/**
 * @param {string} name
 * @param {(database: IDBDatabase) => void} make makes its stores at the first visit
 * @returns {Promise<IDBDatabase>} rejects where there is none
 */
export function openDatabase(name, make) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => make(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    setTimeout(reject, PATIENCE_MS, new Error(`no answer from ${name}`));
  });
}

/**
 * What is stored of a file. The browser copies an array at once, which of a large one holds the page; a blob is copied
 * in slices here, then stored and read by other threads.
 * @param {Uint8Array} bytes
 * @returns {Promise<Uint8Array | Blob>}
 */
export async function storable(bytes) {
  // A piece of a larger buffer would be stored with all of it.
  if (bytes.length <= BLOB_SLICE) return bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice();
  const parts = [];
  for (let start = 0; start < bytes.length; start += BLOB_SLICE) {
    parts.push(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes.subarray(start, start + BLOB_SLICE))]));
    await pause();
  }
  return new Blob(parts);
}

/** @param {Uint8Array | Blob} record what was stored @returns {Promise<Uint8Array>} */
export async function stored(record) {
  return record instanceof Blob ? new Uint8Array(await record.arrayBuffer()) : record;
}
