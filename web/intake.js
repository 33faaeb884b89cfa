// What people bring, as bytes: a dropped or picked file, pasted files, or pasted text that spells bytes in base64 or hex.
// Text that is neither goes on as its UTF-8 bytes; the runner then says what it is.

import { number, size } from './format.js';
import { pause } from './pause.js';

export const MOST_BYTES = 256 * 1024 * 1024;
/** So many files may be brought at once: a program, and what is linked to it. */
const MOST_FILES = 17;
/** The first bytes of a JSRS file, a WebAssembly module, a zip, a gzip and an ELF file: what base64 or hex may stand for. */
const MAGICS = [
  [0x53, 0x4a, 0x53, 0x52],
  [0x00, 0x61, 0x73, 0x6d],
  [0x50, 0x4b, 0x03, 0x04],
  [0x1f, 0x8b],
  [0x7f, 0x45, 0x4c, 0x46],
];
const DECODE_SLICE = 1 << 18; // a multiple of 4 and of 2: base64 quads and hex pairs stay whole

/** @typedef {{ name: string, bytes: Uint8Array } | { name: string, sentence: string }} Brought */

/**
 * All that somebody brings at once, one after the other: modules that belong together find each other. What cannot be read is
 * told by the notice then, so that it does not take the place of what can.
 * @param {File[] | string} what files, or text that was pasted
 * @param {(sentence: string) => void} notice
 */
export async function* intake(what, notice) {
  if (typeof what === 'string') {
    yield await fromText(what);
    return;
  }
  if (what.length > MOST_FILES) notice(`Of these ${number(what.length)} files the page takes the first ${MOST_FILES}.`);
  /** @type {Brought | null} */
  let unread = null;
  let some = false;
  for (const file of what.slice(0, MOST_FILES)) {
    const brought = await fromFile(file);
    if (what.length > 1 && 'sentence' in brought) {
      notice(`${brought.name}: ${brought.sentence}`);
      unread = brought;
    } else {
      some = true;
      yield brought;
    }
  }
  if (unread && !some) yield unread;
}

/**
 * @param {File} file
 * @returns {Promise<Brought>}
 */
export async function fromFile(file) {
  const name = file.name || 'pasted file';
  if (file.size > MOST_BYTES) {
    return { name, sentence: `This file has ${size(file.size)}; the page takes up to ${size(MOST_BYTES)}.` };
  }
  try {
    return { name, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch {
    return { name, sentence: 'The file could not be read. A folder cannot be dropped; choose a file in it.' };
  }
}

/**
 * @param {string} text
 * @returns {Promise<Brought>}
 */
async function fromText(text) {
  const name = 'pasted';
  if (text.length > 2 * MOST_BYTES) {
    return { name, sentence: `The pasted text is too long; the page takes files of up to ${size(MOST_BYTES)}.` };
  }
  const bytes = (await speltBytes(text)) ?? new TextEncoder().encode(text);
  return bytes.length === 0 ? { name, sentence: 'Nothing was pasted: the text is empty.' } : { name, bytes };
}

/**
 * Why text or a link that was dropped is not taken; null: it spells a file.
 * @param {string} text
 * @returns {Promise<string | null>}
 */
export async function faultOfDropped(text) {
  if (text.length > 2 * MOST_BYTES || (await speltBytes(text))) return null;
  return /^[a-z]+:\S+\s*$/i.test(text)
    ? 'The page fetches nothing from elsewhere: save what the link leads to, and drop the file.'
    : 'This is no program: drop a .jsrbin or .wasm file, or text that spells one in base64 or hex.';
}

/** @param {string} text */
const speltBytes = async (text) => (await hexBytes(text)) ?? (await base64Bytes(text));

/** @param {Uint8Array} bytes */
function startsLikeAFile(bytes) {
  return MAGICS.some((magic) => magic.every((byte, index) => bytes[index] === byte));
}

/**
 * Hex digits with blanks, commas, `0x` and `\x` between them (a dump's offsets and text columns are not taken apart).
 * @param {string} text
 * @returns {Promise<Uint8Array | null>}
 */
async function hexBytes(text) {
  if (!/^[\s\da-fA-Fx\\,]{8,}$/.test(text.slice(0, 4096))) return null;
  const digits = text.replace(/0x|\\x|[\s,]/g, '');
  if (digits.length % 2 !== 0 || !/^[\da-fA-F]+$/.test(digits)) return null;
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = parseInt(digits.slice(2 * i, 2 * i + 2), 16);
    if (i % DECODE_SLICE === DECODE_SLICE - 1) await pause();
  }
  return startsLikeAFile(bytes) ? bytes : null;
}

/**
 * Base64 (also the URL alphabet, line breaks, and a `data:` address around it).
 * @param {string} text
 * @returns {Promise<Uint8Array | null>}
 */
async function base64Bytes(text) {
  const body = text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text;
  if (!/^[\s\w+/=-]{8,}$/.test(body.slice(0, 4096))) return null;
  const letters = body.replace(/\s/g, '').replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '');
  if (letters.length % 4 === 1 || !/^[A-Za-z\d+/]+$/.test(letters)) return null;
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let at = 0;
  for (let start = 0; start < letters.length; start += DECODE_SLICE) {
    const binary = atob(letters.slice(start, start + DECODE_SLICE));
    for (let i = 0; i < binary.length; i++) bytes[at++] = binary.charCodeAt(i);
    if (start > 0) await pause();
  }
  return startsLikeAFile(bytes) ? bytes : null;
}
