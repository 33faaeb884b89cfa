// Writes ZIP archives (PKWARE APPNOTE 6.3): deflated where that helps, stored otherwise; of a large file samples tell, as what
// is compressed already (pictures, other archives) takes seconds to find out about. Names are UTF-8 and cannot lead out of the
// folder that somebody unpacks them into. A link becomes a small text file that says where it led.

import { crc32 } from '../crc32.js';
import { slices } from '../pause.js';

/** @import { FileEntry } from '../../runner/guest/types.js' */

/** @typedef {{ name: string, isFolder: boolean, crc: number, size: number, packed: Uint8Array, method: 0 | 8 }} Item */

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
/** Needed to unpack: deflate and folders; and ZIP64, for more entries than 16 bits can count. */
const VERSION = 20;
const VERSION_64 = 45;
const MADE_ON_UNIX = 3 << 8;
const UTF8_NAMES = 0x0800;
const MOST_ITEMS_16 = 0xfffe;
const LARGEST = 0xffffffff;
/** Smaller ones do not shrink. */
const WORTH_DEFLATING = 64;
/** Of larger ones so many pieces are tried first, all together. */
const SAMPLED_FROM = 1 << 22;
const SAMPLES = 8;
const SAMPLE_BYTES = 1 << 15;
/** What a sample has left at the most where deflating is worth the time. */
const SHRINKS_TO = 0.98;
/** Bytes of UTF-8 that any file system takes; Windows counts UTF-16, of which a name has no more. */
const LONGEST_NAME = 255;
const LONE_SURROGATE = /\p{Surrogate}/gu;
const HASH_SLICE = 1 << 20;

const encoder = new TextEncoder();

/** `took` is told of each piece, and may reject: then so does this. @typedef {(bytes: Uint8Array, took: (bytes: number) => Promise<void>) => Promise<Uint8Array>} Deflate */

/**
 * @param {readonly FileEntry[]} entries
 * @param {object} options
 * @param {Date} options.date of all entries
 * @param {Deflate} options.deflate
 * @param {(part: number) => void} [options.progress] from 0 to 1
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<Uint8Array[]>} the archive, in parts; rejects when it would pass 4 GB, or is aborted
 */
export async function zip(entries, { date, deflate, progress, signal }) {
  const slice = slices(signal);
  const all = entries.reduce((sum, entry) => sum + contentOf(entry).length, 0) || 1;
  let done = 0;
  const took = async (/** @type {number} */ bytes) => {
    done += bytes;
    if (!slice.over()) return;
    progress?.(done / all);
    await slice.next();
  };
  const time = dosTime(date);
  const nameOf = createNaming();
  /** @type {Uint8Array[]} */
  const parts = [];
  /** @type {Uint8Array[]} */
  const directory = [];
  let offset = 0;
  for (const entry of entries) {
    const bytes = contentOf(entry);
    const crc = await crcOf(bytes, slice);
    const item = await pack(entry, bytes, crc, nameOf(entry), deflate, took);
    directory.push(centralHeader(item, time, offset));
    const header = localHeader(item, time);
    parts.push(header, item.packed);
    offset += header.length + item.packed.length;
    if (offset > LARGEST)
      throw new RangeError('The files are too large for one archive (4 GB): download them one by one.');
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  if (offset + size > LARGEST) throw new RangeError('There are too many files for one archive (4 GB).');
  return [...parts, ...directory, endOf(entries.length, size, offset)];
}

/** A name that any system takes: no separators, nothing invisible, none that Windows keeps for itself. @param {string} name */
export function safeName(name) {
  const shown = name
    .replace(LONE_SURROGATE, '_')
    // Control characters, what Windows forbids, and marks that turn the direction of the text around. What joins letters, or
    // keeps them apart, is a part of words in Persian and in India's languages; in front there is nothing to be joined.
    .replace(/[\u0000-\u001f\u007f-\u009f<>:"/\\|?*\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, '_')
    .replace(/^[\u200c\u200d]+/, (joiners) => '_'.repeat(joiners.length));
  const ending = /\.[^.]{1,20}$/.exec(shown)?.[0] ?? '';
  const plain = fitted(shown.slice(0, shown.length - ending.length), ending).replace(/[. ]+$/, (end) =>
    '_'.repeat(end.length),
  );
  if (plain === '') return '_';
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain) ? `_${plain}` : plain;
}

/**
 * Makes what gives each entry its name: one that no other has, each part of which can be a file's name on any system, and
 * that stays below where it is unpacked. What is in a folder goes where the folder goes.
 */
function createNaming() {
  /** Names of folders in the archive, by their paths. @type {Map<string, string>} */
  const folders = new Map();
  /** Names that are taken, as systems without case compare them, with the last number behind each. @type {Map<string, number>} */
  const taken = new Map();

  /** @param {string} folder with a slash behind, or nothing @param {string} name */
  const unique = (folder, name) => {
    const dot = name.lastIndexOf('.');
    const split = dot > 0 ? dot : name.length;
    const wanted = folded(folder + name);
    let number = taken.get(wanted) ?? 1;
    let found = folder + name;
    while (taken.has(folded(found)))
      found = folder + fitted(name.slice(0, split), ` (${++number})${name.slice(split)}`);
    taken.set(folded(found), 1).set(wanted, number);
    return found;
  };

  return (/** @type {FileEntry} */ { path, kind }) => {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    const last = parts.length - 1;
    let from = '';
    let name = '';
    for (const [index, part] of parts.entries()) {
      const isFolder = index < last || kind === 'directory';
      from += `${part}/`;
      const next = (isFolder && folders.get(from)) || unique(name && `${name}/`, safeName(part));
      if (isFolder) folders.set(from, next);
      name = next;
    }
    return name || unique('', '_');
  };
}

/** @param {string} name */
function folded(name) {
  return name.normalize('NFC').toLowerCase();
}

/** A name of whole characters, cut in front of its ending where it is too long. @param {string} stem @param {string} ending */
function fitted(stem, ending) {
  const room = Math.max(0, LONGEST_NAME - encoder.encode(ending).length);
  return stem.slice(0, encoder.encodeInto(stem, new Uint8Array(room)).read) + ending;
}

/**
 * @param {FileEntry} entry
 * @param {Uint8Array} bytes its content
 * @param {number} crc
 * @param {string} name
 * @param {Deflate} deflate
 * @param {(bytes: number) => Promise<void>} took
 * @returns {Promise<Item>}
 */
async function pack(entry, bytes, crc, name, deflate, took) {
  const isFolder = entry.kind === 'directory';
  const item = { name: isFolder ? `${name}/` : name, isFolder, crc, size: bytes.length };
  if (bytes.length >= WORTH_DEFLATING && (await mayShrink(bytes, deflate, took))) {
    const packed = await deflate(bytes, took);
    if (packed.length < bytes.length) return { ...item, packed, method: 8 };
  } else {
    await took(bytes.length);
  }
  return { ...item, packed: bytes, method: 0 };
}

/** @param {Uint8Array} bytes @param {Deflate} deflate @param {(bytes: number) => Promise<void>} took */
async function mayShrink(bytes, deflate, took) {
  if (bytes.length < SAMPLED_FROM) return true;
  const sample = new Uint8Array(SAMPLES * SAMPLE_BYTES);
  for (let i = 0; i < SAMPLES; i++) {
    const at = Math.floor(((bytes.length - SAMPLE_BYTES) * i) / (SAMPLES - 1));
    sample.set(bytes.subarray(at, at + SAMPLE_BYTES), i * SAMPLE_BYTES);
  }
  const packed = await deflate(sample, () => took(0));
  return packed.length < sample.length * SHRINKS_TO;
}

/** @param {FileEntry} entry */
function contentOf(entry) {
  if (entry.kind === 'file') return entry.bytes;
  return encoder.encode(entry.kind === 'link' ? `This was a symbolic link to: ${entry.target}\n` : '');
}

/**
 * What both headers of an item say of it.
 * @param {(value: number, bytes: number) => void} put
 * @param {Item} item
 * @param {number} time
 * @param {number} nameLength bytes
 */
function putItem(put, { crc, size, packed, method }, time, nameLength) {
  put(VERSION, 2);
  put(UTF8_NAMES, 2);
  put(method, 2);
  put(time, 4);
  put(crc, 4);
  put(packed.length, 4);
  put(size, 4);
  put(nameLength, 2);
  put(0, 2); // extra field
}

/** @param {Item} item @param {number} time */
function localHeader(item, time) {
  const bytes = encoder.encode(item.name);
  return record(30, bytes, (put) => {
    put(LOCAL, 4);
    putItem(put, item, time, bytes.length);
  });
}

/** @param {Item} item @param {number} time @param {number} offset of its local header */
function centralHeader(item, time, offset) {
  const { name, isFolder } = item;
  const bytes = encoder.encode(name);
  const mode = isFolder ? 0o40755 : 0o100644;
  return record(46, bytes, (put) => {
    put(CENTRAL, 4);
    put(MADE_ON_UNIX | VERSION, 2);
    putItem(put, item, time, bytes.length);
    put(0, 2); // comment
    put(0, 2); // disk
    put(0, 2); // internal attributes
    put(((mode << 16) | (isFolder ? 0x10 : 0)) >>> 0, 4);
    put(offset, 4);
  });
}

/** @param {number} count @param {number} size of the directory @param {number} offset of the directory */
function endOf(count, size, offset) {
  const isLarge = count > MOST_ITEMS_16;
  return record((isLarge ? 76 : 0) + 22, new Uint8Array(0), (put) => {
    if (isLarge) {
      put(END_64, 4);
      put64(put, 44); // of what follows in this record
      put(MADE_ON_UNIX | VERSION_64, 2);
      put(VERSION_64, 2);
      put(0, 4); // this disk
      put(0, 4); // the directory's disk
      put64(put, count);
      put64(put, count);
      put64(put, size);
      put64(put, offset);
      put(LOCATOR_64, 4);
      put(0, 4); // disk of the record above
      put64(put, offset + size);
      put(1, 4); // disks
    }
    put(END, 4);
    put(0, 2); // this disk
    put(0, 2); // the directory's disk
    put(Math.min(count, 0xffff), 2);
    put(Math.min(count, 0xffff), 2);
    put(size, 4);
    put(offset, 4);
    put(0, 2); // comment
  });
}

/** @param {(value: number, bytes: number) => void} put @param {number} value below 2^32 */
function put64(put, value) {
  put(value, 4);
  put(0, 4);
}

/**
 * A record of little-endian numbers, with a name at its end.
 * @param {number} size without the name
 * @param {Uint8Array} name
 * @param {(put: (value: number, bytes: 2 | 4 | number) => void) => void} fill
 */
function record(size, name, fill) {
  const bytes = new Uint8Array(size + name.length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  fill((value, length) => {
    if (length === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += length;
  });
  bytes.set(name, size);
  return bytes;
}

/** MS-DOS time in the low half, date in the high one; they begin in 1980. @param {Date} date */
function dosTime(date) {
  const year = Math.min(Math.max(date.getFullYear() - 1980, 0), 127);
  const day = (year << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
  const time = (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}

/** @param {Uint8Array} bytes @param {ReturnType<typeof slices>} slice */
async function crcOf(bytes, slice) {
  let crc = 0;
  for (let at = 0; at < bytes.length; at += HASH_SLICE) {
    crc = crc32(bytes.subarray(at, at + HASH_SLICE), crc);
    if (slice.over()) await slice.next();
  }
  return crc;
}
