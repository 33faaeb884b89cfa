// A program as a link's text: what goes in comes out, and whatever else arrives is a sentence, never an exception and
// never more than 16 MB. The streams are Node's zlib here; deflate.js, which has the browser's, is tried where Node has them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { deflateRaw } from '../../web/deflate.js';
import { hasStreams } from '../lib/streams.mjs';
import { MOST_SHARED, MOST_TEXT, decodeShared, encodeShared } from '../../web/share-link.js';

/** @import { Codec } from '../../web/share-link.js' */

/** @type {Codec} */
const zlib = {
  deflate: async (bytes) => new Uint8Array(deflateRawSync(bytes)),
  inflate: async (bytes, most) => {
    try {
      return new Uint8Array(inflateRawSync(bytes, { maxOutputLength: most, finishFlush: constants.Z_FINISH }));
    } catch (fault) {
      if (/** @type {any} */ (fault).code === 'ERR_BUFFER_TOO_LARGE') return null;
      throw fault;
    }
  },
};

const bytesOf = (/** @type {number[]} */ ...bytes) => Uint8Array.from(bytes);
/** Bytes that do not compress, the same in every run. */
function noise(/** @type {number} */ length) {
  let state = 1;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 24);
}

/** The text of a link with any content, made by hand. @param {Uint8Array} content */
function linkOf(content, { version = 1, crc = crc32(content), packed = deflateRawSync(content) } = {}) {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc);
  return Buffer.concat([Buffer.of(version), sum, packed]).toString('base64url');
}
/** @param {number} kind @param {Uint8Array | string} value */
function field(kind, value, length = Buffer.from(value).length) {
  const head = Buffer.alloc(5);
  head[0] = kind;
  head.writeUInt32LE(length, 1);
  return Buffer.concat([head, Buffer.from(value)]);
}
/** Bit by bit, unlike the one that is tested. @param {Uint8Array} bytes */
function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

const guest = { args: ['-x', 'ü "1"'], env: { HOME: '/' }, stdin: 'one\ntwo\n', seed: '7' };
const options = { limits: { steps: 5, memory: 0, output: 0, seconds: 0.5 }, validate: true, guest };
const programs = [
  { title: 'a small file', program: { name: 'a.wasm', bytes: bytesOf(0, 97, 115, 109) } },
  { title: 'an empty file', program: { name: 'empty', bytes: bytesOf() } },
  { title: 'every byte', program: { name: 'all', bytes: Uint8Array.from({ length: 256 }, (_, i) => i) } },
  { title: 'entry and options', program: { name: 'ä 😀 ‮.bin', bytes: bytesOf(1), entry: 'start', options } },
  { title: 'options of an example', program: { entry: 'go', options } },
  { title: 'zeros, a thousandfold', program: { name: 'zeros', bytes: new Uint8Array(1 << 20) } },
  { title: 'about as much as fits', program: { name: 'noise', bytes: noise(36_000) } },
];

for (const { title, program } of programs) {
  test(`a link gives back ${title}`, async () => {
    const text = await encodeShared(program, zlib);
    assert.match(text ?? '', /^[\w-]+$/);
    const { name = 'shared program', bytes = null, entry = '', options: chosen = null } = program;
    assert.deepEqual(await decodeShared(text ?? '', zlib), { name, bytes, entry, options: chosen });
  });
}

test('the layout is the one that is described', async () => {
  const program = { name: 'n', bytes: bytesOf(9), entry: 'e', options: { a: 1 } };
  const content = Buffer.concat([field(1, 'n'), field(2, 'e'), field(3, '{"a":1}'), field(4, bytesOf(9))]);
  assert.equal(await encodeShared(program, zlib), linkOf(content));
});

test('what is too large gives no link', async () => {
  assert.equal(await encodeShared({ name: 'n', bytes: noise(37_000) }, zlib), null, 'its text would be too long');
  assert.equal(await encodeShared({ name: 'n', bytes: new Uint8Array(MOST_SHARED + 1) }, zlib), null);
  assert.equal(await encodeShared({ name: 'n', bytes: new Uint8Array(MOST_SHARED) }, zlib), null, 'with its name');
  assert.equal(await encodeShared({ options: { text: 'x'.repeat(2 << 20) } }, zlib), null, 'options have a limit');
});

test('a long name is cut between characters', async () => {
  const text = await encodeShared({ name: '😀'.repeat(300), bytes: bytesOf() }, zlib);
  const found = await decodeShared(text ?? '', zlib);
  assert.deepEqual(found, { name: '😀'.repeat(256), bytes: bytesOf(), entry: '', options: null });
});

const file = field(4, bytesOf(1, 2, 3));
const damaged = {
  'no text': '',
  'no base64': '%%%%',
  'base64 of the other alphabet': 'AQ+/',
  'half a byte': 'AAAAA',
  'less than a header': Buffer.of(1, 2, 3).toString('base64url'),
  'too much text': 'A'.repeat(MOST_TEXT + 4),
  'another sum': linkOf(file, { crc: 1 }),
  'no deflate': linkOf(file, { packed: Buffer.from([0xff, 0xff, 0xff]) }),
  'deflate cut short': linkOf(file, { packed: deflateRawSync(file).subarray(0, 3) }),
  'nothing deflated': linkOf(file, { packed: Buffer.alloc(0) }),
  'a field cut short': linkOf(file.subarray(0, 6)),
  'a header cut short': linkOf(file.subarray(0, 3)),
  'a length past the end': linkOf(field(4, bytesOf(1), 2)),
  'a length of 4 GB': linkOf(field(4, bytesOf(1), 0xffffffff)),
  'the same field twice': linkOf(Buffer.concat([file, file])),
  'an unknown field': linkOf(field(5, '')),
  'a name too long': linkOf(field(1, 'x'.repeat(1025))),
  'a name that is no UTF-8': linkOf(field(1, bytesOf(0xff))),
  'options that are no JSON': linkOf(field(3, '{')),
  'options that are a list': linkOf(field(3, '[]')),
  'options that are a number': linkOf(field(3, '1')),
  'options nested too deep to read': linkOf(field(3, '['.repeat(500_000))),
};

for (const [title, text] of Object.entries(damaged)) {
  test(`a damaged link says so: ${title}`, async () => {
    const found = await decodeShared(text, zlib);
    assert.deepEqual(found, { sentence: 'The link is damaged: a part of it is missing or was changed on its way.' });
  });
}

test('every cut and every changed letter of a link is noticed', async () => {
  const text = (await encodeShared({ name: 'a.bin', bytes: noise(40), options }, zlib)) ?? '';
  for (let i = 0; i < text.length; i++) {
    const changed = text.slice(0, i) + (text[i] === 'B' ? 'C' : 'B') + text.slice(i + 1);
    for (const [what, each] of Object.entries({ cut: text.slice(0, i), changed })) {
      const found = await decodeShared(each, zlib);
      // Bits of the last letter that stand for nothing may differ.
      const same = what === 'changed' && i === text.length - 1 && !('sentence' in found);
      assert.ok(same || 'sentence' in found, `${what} at ${i}`);
    }
  }
});

test('a link of another version is told apart', async () => {
  const found = await decodeShared(linkOf(file, { version: 2 }), zlib);
  assert.match('sentence' in found ? found.sentence : '', /another version \(2\)/);
  const garbage = await decodeShared('garbagegarbage', zlib);
  assert.match('sentence' in garbage ? garbage.sentence : '', /damaged/);
});

test('a link that unpacks to more than 16 MB is refused', async () => {
  const bomb = linkOf(field(4, new Uint8Array(MOST_SHARED + 1)));
  assert.ok(bomb.length < MOST_TEXT, 'it is short enough to be read');
  const found = await decodeShared(bomb, zlib);
  assert.match('sentence' in found ? found.sentence : '', /more than 16 MB/);
});

test('the streams of the platform do the same, bounded', { skip: !hasStreams() }, async () => {
  const bytes = noise(20_000);
  const text = (await encodeShared({ name: 'n', bytes }, deflateRaw)) ?? '';
  const found = await decodeShared(text, zlib);
  assert.deepEqual('bytes' in found && found.bytes, bytes);
  assert.deepEqual(await decodeShared(text, deflateRaw), found);
  for (const broken of [damaged['no deflate'], damaged['deflate cut short'], damaged['nothing deflated']])
    assert.ok('sentence' in (await decodeShared(broken, deflateRaw)), broken);
  assert.equal(await deflateRaw.inflate(deflateRawSync(new Uint8Array(1 << 26)), MOST_SHARED), null);
});
