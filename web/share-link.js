// A program as the text of a link, and back. No DOM: the streams that compress are given (deflate.js), so tests can bring
// their own. What arrives is hostile until it has been read: every length is checked, and what it grows to is bounded.
//
// The text is base64url (RFC 4648 section 5, no padding) of
//
//     u8   version, 1
//     u32  CRC-32 of the fields, little endian: links get cut and changed on their way
//     ...  the fields, compressed as raw deflate (RFC 1951)
//
// and the fields, each at most once and in any order, are
//
//     u8   what it is, see FIELD
//     u32  bytes that follow, little endian
//     ...  UTF-8 text, or the file itself
//
// A link without the file field holds options for the example that its `?example=` names.

import { crc32 } from './crc32.js';

/** @typedef {{ name: string, bytes: Uint8Array, entry: string, options: object | null }} SharedProgram */
/**
 * @typedef {object} Codec
 * @property {(bytes: Uint8Array, took?: (bytes: number) => Promise<void>) => Promise<Uint8Array>} deflate `took` is told of
 *   each piece and waited for; what it rejects with ends it
 * @property {(bytes: Uint8Array, most: number) => Promise<Uint8Array | null>} inflate null: more than `most` bytes come
 *   out; throws where the stream is broken
 */

/** Characters: what browsers, and most programs that pass messages on, take whole. */
export const MOST_TEXT = 48 * 1024;
/** What a link may grow to: its text could stand for a thousand times as much. */
export const MOST_SHARED = 16 * 1024 * 1024;

const VERSION = 1;
/** No page will ever write more versions: a larger number is of no link. */
const LAST_VERSION = 31;
const FIELD = { name: 1, entry: 2, options: 3, file: 4 };
const HEADER = 5;
const FIELD_HEADER = 5;
/** Texts beside the file, in bytes. */
const MOST_NAME = 1024;
const MOST_OPTIONS = 1024 * 1024;
const DECODE_SLICE = 8192;

const DAMAGED = 'The link is damaged: a part of it is missing or was changed on its way.';
const encoder = new TextEncoder();

/**
 * @param {{ name?: string, bytes?: Uint8Array | null, entry?: string, options?: object | null }} program without
 *   bytes: only what goes with an example
 * @param {Codec} codec
 * @returns {Promise<string | null>} null: too large for a link
 */
export async function encodeShared({ name = '', bytes = null, entry = '', options = null }, codec) {
  if ((bytes?.length ?? 0) > MOST_SHARED) return null;
  /** @type {[number, Uint8Array][]} */
  const fields = [];
  if (name !== '') fields.push([FIELD.name, cutText(name, MOST_NAME)]);
  if (entry !== '') fields.push([FIELD.entry, encoder.encode(entry)]);
  if (options !== null) fields.push([FIELD.options, encoder.encode(JSON.stringify(options))]);
  if (bytes !== null) fields.push([FIELD.file, bytes]);
  const content = new Uint8Array(fields.reduce((sum, [, value]) => sum + FIELD_HEADER + value.length, 0));
  if (content.length > MOST_SHARED || fields.some(([kind, { length }]) => length > mostOf(kind))) return null;
  const view = new DataView(content.buffer);
  let at = 0;
  for (const [kind, value] of fields) {
    view.setUint8(at, kind);
    view.setUint32(at + 1, value.length, true);
    content.set(value, at + FIELD_HEADER);
    at += FIELD_HEADER + value.length;
  }
  const packed = await codec.deflate(content);
  const whole = new Uint8Array(HEADER + packed.length);
  whole[0] = VERSION;
  new DataView(whole.buffer).setUint32(1, crc32(content), true);
  whole.set(packed, HEADER);
  const text = toBase64Url(whole);
  return text.length > MOST_TEXT ? null : text;
}

/**
 * @param {string} text
 * @param {Codec} codec
 * @returns {Promise<(Omit<SharedProgram, 'bytes'> & { bytes: Uint8Array | null }) | { sentence: string }>}
 */
export async function decodeShared(text, codec) {
  const whole = fromBase64Url(text);
  if (!whole || whole.length < HEADER || whole[0] > LAST_VERSION) return { sentence: DAMAGED };
  if (whole[0] !== VERSION) {
    return {
      sentence: `The link is of another version (${whole[0]}) than this page reads (${VERSION}). Reload the page.`,
    };
  }
  /** @type {Uint8Array | null} */
  let content;
  try {
    content = await codec.inflate(whole.subarray(HEADER), MOST_SHARED);
  } catch {
    return { sentence: DAMAGED };
  }
  if (content === null) return { sentence: 'The link unpacks to more than 16 MB, which no link of this page does.' };
  const sum = new DataView(whole.buffer).getUint32(1, true);
  const fields = crc32(content) === sum ? readFields(content) : null;
  return (fields && readProgram(fields)) ?? { sentence: DAMAGED };
}

/** @param {Uint8Array} content @returns {Map<number, Uint8Array> | null} */
function readFields(content) {
  /** @type {Map<number, Uint8Array>} */
  const fields = new Map();
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  let at = 0;
  while (at < content.length) {
    if (content.length - at < FIELD_HEADER) return null;
    const kind = view.getUint8(at);
    const length = view.getUint32(at + 1, true);
    at += FIELD_HEADER;
    if (length > content.length - at || length > mostOf(kind) || fields.has(kind)) return null;
    fields.set(kind, content.subarray(at, at + length));
    at += length;
  }
  return fields;
}

/** Bytes that a field may have; none of an unknown one, which version 1 never writes. @param {number} kind */
function mostOf(kind) {
  if (kind === FIELD.file) return MOST_SHARED;
  if (kind === FIELD.options) return MOST_OPTIONS;
  return kind === FIELD.name || kind === FIELD.entry ? MOST_NAME : -1;
}

/** @param {Map<number, Uint8Array>} fields */
function readProgram(fields) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  /** @param {number} kind */
  const text = (kind) => decoder.decode(fields.get(kind) ?? new Uint8Array(0));
  try {
    const options = fields.has(FIELD.options) ? JSON.parse(text(FIELD.options)) : null;
    if (options !== null && (typeof options !== 'object' || Array.isArray(options))) return null;
    // A copy: the file must not keep all that was unpacked alive.
    const bytes = fields.get(FIELD.file)?.slice() ?? null;
    return { name: text(FIELD.name) || 'shared program', bytes, entry: text(FIELD.entry), options };
  } catch {
    return null; // not UTF-8, or not JSON
  }
}

/** UTF-8 of a text, cut between characters. @param {string} text @param {number} most bytes */
function cutText(text, most) {
  const bytes = new Uint8Array(most);
  return bytes.subarray(0, encoder.encodeInto(text, bytes).written);
}

/** @param {Uint8Array} bytes */
function toBase64Url(bytes) {
  let binary = '';
  for (let at = 0; at < bytes.length; at += DECODE_SLICE)
    binary += String.fromCharCode(...bytes.subarray(at, at + DECODE_SLICE));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer> | null} */
function fromBase64Url(text) {
  // A longer one was not made here; it could only cost time.
  if (text.length > MOST_TEXT || text.length % 4 === 1 || !/^[\w-]+$/.test(text)) return null;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}
