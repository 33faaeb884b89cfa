// A file for the visitor to keep, made here.

import { h } from './dom.js';

const HELD_MS = 60_000;

/**
 * @param {string} name
 * @param {Uint8Array[]} parts
 * @param {string} [type]
 */
export function download(name, parts, type = 'application/octet-stream') {
  const blob = new Blob(/** @type {Uint8Array<ArrayBuffer>[]} */ (parts), { type });
  const href = URL.createObjectURL(blob);
  h('a', { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), HELD_MS);
}
