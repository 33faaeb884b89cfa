// Archives of a module's files (web/guest/zip.js): what another reader makes of them, names, sizes, and many entries.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { crc32 } from '../../web/crc32.js';
import { deflateRaw } from '../../web/deflate.js';
import { hasStreams } from '../lib/streams.mjs';
import { takesLess } from '../lib/timing.mjs';
import { safeName, zip } from '../../web/guest/zip.js';

const encoder = new TextEncoder();
const date = new Date(2024, 1, 29, 13, 37, 42);
const deflate = async (/** @type {Uint8Array} */ bytes) => new Uint8Array(deflateRawSync(bytes));

// Python's zipfile reads what was written: it checks every CRC, and knows nothing of our code.
const READER = `
import sys, zipfile, json
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps([{'name': i.filename, 'size': i.file_size, 'method': i.compress_type, 'date': list(i.date_time),
  'mode': oct(i.external_attr >> 16), 'text': z.read(i).decode('latin-1')} for i in z.infolist()][:int(sys.argv[2])]
  + [{'count': len(z.infolist())}]))
`;

/** @param {import('../../runner/guest/types.js').FileEntry[]} entries @param {number} [shown] */
async function readBack(entries, shown = 100) {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'));
  try {
    const path = join(folder, 'a.zip');
    writeFileSync(path, Buffer.concat(await zip(entries, { date, deflate })));
    const { stdout, stderr, status } = spawnSync('python3', ['-c', READER, path, String(shown)], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const items = JSON.parse(stdout);
    return { items: items.slice(0, -1), count: items[items.length - 1].count };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} path @param {string} text @returns {import('../../runner/guest/types.js').FileEntry} */
const file = (path, text) => ({ path, kind: 'file', bytes: encoder.encode(text) });

test('the checksum is that of the standard', () => {
  assert.equal(crc32(encoder.encode('123456789')), 0xcbf43926);
  assert.equal(crc32(encoder.encode('6789'), crc32(encoder.encode('12345'))), 0xcbf43926);
  assert.equal(crc32(new Uint8Array(0)), 0);
});

test('files, folders and links come back, deflated where it helps', async () => {
  let state = 1;
  const noise = Uint8Array.from({ length: 300 }, () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 24);
  const { items } = await readBack([
    { path: 'folder', kind: 'directory' },
    file('folder/long.txt', 'again and '.repeat(500)),
    file('empty', ''),
    { path: 'noise.bin', kind: 'file', bytes: noise },
    { path: 'link', kind: 'link', target: '../secret' },
  ]);
  assert.deepEqual(
    items.map((/** @type {any} */ { name, size, method, mode }) => [name, size, method, mode]),
    [
      ['folder/', 0, 0, '0o40755'],
      ['folder/long.txt', 5000, 8, '0o100644'],
      ['empty', 0, 0, '0o100644'],
      ['noise.bin', 300, 0, '0o100644'],
      ['link', 39, 0, '0o100644'],
    ],
  );
  assert.equal(items[1].text, 'again and '.repeat(500));
  assert.equal(items[3].text, Buffer.from(noise).toString('latin1'));
  assert.equal(items[4].text, 'This was a symbolic link to: ../secret\n');
  assert.deepEqual(items[1].date, [2024, 2, 29, 13, 37, 42]);
});

test('names stay below the folder, are unique, and are UTF-8', async () => {
  const { items } = await readBack([
    file('../../etc/passwd', 'a'),
    file('/abs', 'b'),
    file('näme 世界.txt', 'c'),
    file('a:b', 'd'),
    file('a?b', 'e'),
    file('x.tar.gz', 'f'),
    file('./x.tar.gz', 'g'),
  ]);
  assert.deepEqual(
    items.map((/** @type {any} */ { name }) => name),
    ['__/__/etc/passwd', 'abs', 'näme 世界.txt', 'a_b', 'a_b (2)', 'x.tar.gz', 'x.tar (2).gz'],
  );
});

test('long names that are alike stay apart, and within what file systems take', async () => {
  const long = 'ü'.repeat(125);
  const { items } = await readBack([1, 2, 3].map((i) => file(`d/${long}${i}<.txt`, '')));
  const again = await readBack([file(`d/${long}?.txt`, ''), file(`d/${long}*.txt`, '')]);
  assert.equal(new Set(items.map((/** @type {any} */ { name }) => name)).size, 3);
  const names = again.items.map((/** @type {any} */ { name }) => name);
  assert.deepEqual(names, [`d/${long}_.txt`, `d/${'ü'.repeat(123)} (2).txt`]);
  for (const name of names) assert.ok(Buffer.byteLength(name) <= 257, name);
});

test('more entries than 16 bits can count', async () => {
  const many = Array.from({ length: 70_000 }, (_, i) => file(`f${i}`, ''));
  const { items, count } = await readBack(many, 1);
  assert.equal(count, 70_000);
  assert.equal(items[0].name, 'f0');
});

test('an archive of nothing is an archive', async () => {
  assert.equal((await readBack([])).count, 0);
});

/** A file that cannot be made smaller. @param {number} length */
const large = (length) => [
  { path: 'large', kind: /** @type {const} */ ('file'), bytes: new Uint8Array(randomBytes(length)) },
];

test('of a large file that does not shrink only samples are deflated', async () => {
  const lengths = /** @type {number[]} */ ([]);
  const counting = (/** @type {Uint8Array} */ bytes) => (lengths.push(bytes.length), deflate(bytes));
  const entries = large(1 << 23);
  const parts = await zip(entries, { date, deflate: counting });
  assert.deepEqual(lengths, [1 << 18]);
  assert.equal(parts[1], entries[0].bytes);
  entries[0].bytes.fill(0, 1 << 20, 3 << 20);
  await zip(entries, { date, deflate: counting });
  assert.deepEqual(lengths.slice(1), [1 << 18, 1 << 23]);
});

test('how far an archive is is told, and it can be stopped', { skip: !hasStreams() }, async () => {
  const entries = large(1 << 22);
  entries[0].bytes.fill(0, 1 << 20, 2 << 20);
  const told = /** @type {number[]} */ ([]);
  const whole = await zip(entries, { date, deflate: deflateRaw.deflate, progress: (part) => told.push(part) });
  assert.ok(told.length > 3 && told.every((part, i) => part <= 1 && part >= (told[i - 1] ?? 0)), told.join());
  assert.deepEqual(Buffer.from(inflateRawSync(whole[1])), Buffer.from(entries[0].bytes));

  const stop = new AbortController();
  const progress = (/** @type {number} */ part) => part > 0.2 && stop.abort();
  const stopped = zip(entries, { date, deflate: deflateRaw.deflate, progress, signal: stop.signal });
  await assert.rejects(stopped, { name: 'AbortError' });
});

const NAMES = [
  ['plain.txt', 'plain.txt'],
  ['', '_'],
  ['..', '__'],
  ['a/b\\c', 'a_b_c'],
  ['con', '_con'],
  ['COM1.txt', '_COM1.txt'],
  ['console', 'console'],
  ['tab\there\0', 'tab_here_'],
  ['gpj.\u202eexe', 'gpj._exe'],
  ['می\u200cخواهم.txt', 'می\u200cخواهم.txt'],
  ['ක්\u200dෂ 👩\u200d🚀', 'ක්\u200dෂ 👩\u200d🚀'],
  ['\u200d\u200c', '__'],
  ['zero\u200bwidth\u200e', 'zero_width_'],
  ['ends. ', 'ends__'],
  ['half \ud800 pair', 'half _ pair'],
  ['x'.repeat(251) + '.txt', 'x'.repeat(251) + '.txt'],
  ['y'.repeat(300) + '.txt', 'y'.repeat(251) + '.txt'],
  ['ü'.repeat(200) + '.tar.gz', 'ü'.repeat(126) + '.gz'],
  ['🦊'.repeat(70), '🦊'.repeat(63)],
  ['.' + 'z'.repeat(300), '.' + 'z'.repeat(254)],
];
for (const [given, safe] of NAMES) {
  test(`a safe name of ${JSON.stringify(given.slice(0, 20))}`, () => assert.equal(safeName(given), safe));
}

test('a path of nothing has a name, too', async () => {
  const { items } = await readBack([file('/./', '')]);
  assert.equal(items[0].name, '_');
});

test('what is in a folder goes where the folder goes, and no name is another one but for case', async () => {
  const { items } = await readBack([
    file('a_', ''),
    { path: 'a:', kind: 'directory' },
    file('a:/x', ''),
    file('a?/x', ''),
    { path: 'a?', kind: 'directory' },
    file('Über', ''),
    file('u\u0308ber', ''),
    file('.rc', ''),
    file('.RC', ''),
  ]);
  assert.deepEqual(
    items.map((/** @type {any} */ { name }) => name),
    ['a_', 'a_ (2)/', 'a_ (2)/x', 'a_ (3)/x', 'a_ (3)/', 'Über', 'u\u0308ber (2)', '.rc', '.RC (2)'],
  );
});

test('very many names that come to the same are no more work than others', async () => {
  const many = Array.from({ length: 10_000 }, (_, i) =>
    file(i.toString(2).padStart(14, '0').replaceAll('0', '<').replaceAll('1', '>'), ''),
  );
  await takesLess(2000, async () => {
    const before = process.cpuUsage();
    await zip(many, { date, deflate });
    return process.cpuUsage(before).user / 1000;
  });
});
