// What the page's views of a module rest on: the tree of files, names that hide something, hex, lines of disassembly.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spelt } from '../../runner/visible.js';
import { Functions } from '../../web/guest/functions.js';
import { sortedInSlices } from '../../web/guest/sort-slices.js';
import { cleanPath } from '../../web/guest/file-intake.js';
import { sameEntry, treeRows, within } from '../../web/guest/file-tree.js';
import { hexRow, readAddress } from '../../web/guest/hex.js';
import { typeOf } from '../../web/guest/module-words.js';
import { cutName } from '../../web/guest/names.js';
import { calledFunction, watTokens } from '../../web/guest/wat.js';

/** @typedef {import('../../runner/guest/types.js').FileEntry} FileEntry */

/** @param {string} path @param {string} text @returns {FileEntry} */
const file = (path, text) => ({ path, kind: 'file', bytes: new TextEncoder().encode(text) });
/** @param {string} path @returns {FileEntry} */
const folder = (path) => ({ path, kind: 'directory' });

/** @param {FileEntry[]} given @param {FileEntry[]} started @param {FileEntry[] | null} held */
const marks = (given, started, held) =>
  treeRows(given, started, held).map(({ path, mark }) => `${path} ${mark}`.trim());

/** @type {[string, FileEntry[], FileEntry[], FileEntry[] | null, string[]][]} */
const TREES = [
  ['nothing', [], [], null, []],
  ['before any run', [file('a', '1')], [], null, ['a given']],
  ['untouched', [file('a', '1')], [file('a', '1')], [file('a', '1')], ['a given']],
  ['changed, same length', [file('a', '1')], [file('a', '1')], [file('a', '2')], ['a changed']],
  ['made by the program', [], [], [folder('out'), file('out/x', '1')], ['out new', 'out/x new']],
  ['deleted by the program', [file('a', '1')], [file('a', '1')], [], ['a deleted']],
  [
    'added after the run',
    [file('a', '1'), file('b', '')],
    [file('a', '1')],
    [file('a', '1')],
    ['a given', 'b waiting'],
  ],
  ['replaced after the run', [file('a', '2')], [file('a', '1')], [file('a', '1')], ['a waiting']],
  ['a file became a folder', [file('a', '')], [file('a', '')], [folder('a')], ['a changed']],
  ['folders nobody names', [file('a/b/c', '')], [], null, ['a', 'a/b', 'a/b/c given']],
  [
    'in the order of a tree',
    [file('a.b', ''), file('a/z', ''), file('B', '')],
    [],
    null,
    ['B given', 'a', 'a/z given', 'a.b given'],
  ],
];
for (const [title, given, started, held, wanted] of TREES) {
  test(`the tree of files: ${title}`, () => assert.deepEqual(marks(given, started, held), wanted));
}

test('a row knows its place', () => {
  const [a, b] = treeRows([file('a/b', '1')], [file('a/b', '1')], [folder('a'), file('a/b', '1')]);
  assert.deepEqual([a.name, a.depth, a.mark], ['a', 0, ''], 'a folder that something given lies in came with it');
  assert.deepEqual([b.name, b.depth, b.mark], ['b', 1, 'given']);
  assert.equal(treeRows([], [], [folder('c')])[0].mark, 'new');
});

test('entries are compared by content', () => {
  const long = new Uint8Array(1001).fill(7);
  const other = long.slice();
  other[1000] = 8;
  /** @param {Uint8Array} bytes @returns {FileEntry} */
  const of = (bytes) => ({ path: 'x', kind: 'file', bytes });
  assert.ok(sameEntry(of(long), of(long.slice())));
  assert.ok(!sameEntry(of(long), of(other)));
  assert.ok(sameEntry(of(long.subarray(1)), of(long.slice(1))));
  assert.ok(!sameEntry({ path: 'x', kind: 'link', target: 'a' }, { path: 'x', kind: 'link', target: 'b' }));
  assert.ok(!sameEntry(folder('x'), of(long)));
});

test('what is within a folder is not what begins alike', () => {
  const paths = [folder('a'), file('a/b', ''), file('ab', '')];
  assert.deepEqual(
    within(paths, 'a').map(({ path }) => path),
    ['a', 'a/b'],
  );
});

const PATHS = [
  ['/a/b', 'a/b'],
  ['../../a', 'a'],
  ['a//./b/', 'a/b'],
  ['..', ''],
];
for (const [given, clean] of PATHS) test(`a given path ${given}`, () => assert.equal(cleanPath(given), clean));

const TEXTS = [
  ['plain häß 世界', 'plain häß 世界'],
  ['a\nb\tc\0', 'a\\nb\\tc\\0'],
  ['\u202egpj.exe', '\\u{202e}gpj.exe'],
  ['\u2066x\u2069\u200b\ufeff', '\\u{2066}x\\u{2069}\\u{200b}\\u{feff}'],
  ['\u001b[31m', '\\u{1b}[31m'],
  ['half \ud83d pair', 'half \\u{d83d} pair'],
  ['<img src=x>', '<img src=x>'],
];
for (const [given, shown] of TEXTS) {
  test(`what cannot be seen is spelt out in ${JSON.stringify(given)}`, () => assert.equal(spelt(given), shown));
}

test('long names are cut in the middle', () => {
  const name = `begin${'x'.repeat(65536)}end`;
  assert.match(cutName(name), /^beginx+…x+end$/);
  assert.ok(cutName(name).length <= 81);
  assert.equal(cutName('short'), 'short');
});

test('a row of hex has bytes and their text', () => {
  const bytes = Uint8Array.from([0x48, 0x69, 0x20, 0x00, 0xff, 0x7f, 0x7e, 0x21, 0x41]);
  assert.deepEqual(hexRow(bytes, 16), {
    numbers: `48 69 20 00 ff 7f 7e 21  41 ${'   '.repeat(7)}`,
    text: 'Hi ...~!A',
  });
  assert.equal(hexRow(bytes.subarray(0, 8), 8).numbers, '48 69 20 00 ff 7f 7e 21 ');
});

/** @type {[string, number | null][]} */
const ADDRESSES = [
  ['4096', 4096],
  [' 0x1000 ', 4096],
  ['1000h', 4096],
  ['65_536', 65536],
  ['0xFFFFFFFFF', 0xfffffffff],
  ['', null],
  ['-1', null],
  ['1000g', null],
  ['0x', null],
];
for (const [text, value] of ADDRESSES)
  test(`the address ${JSON.stringify(text)}`, () => assert.equal(readAddress(text), value));

/** @type {[string, string][]} each token as `text:kind`, plain ones left out */
const LINES = [
  ['  i32.const -8', 'i32.const:operation -8:number'],
  ['  f64.const 0x1.8p+3', 'f64.const:operation 0x1.8p+3:number'],
  ['  i32.load offset=33308 align=2', 'i32.load:operation offset=:keyword 33308:number align=:keyword 2:number'],
  ['  if $l0', 'if:block $l0:block'],
  ['  br_if $l12', 'br_if:operation $l12:block'],
  ['  call $"a b\\"c"', 'call:operation $"a b\\"c":call'],
  ['  call 7', 'call:operation 7:call'],
  ['  call_indirect (type 3)', 'call_indirect:operation type:keyword 3:number'],
  ['  local.get $x', 'local.get:operation $x:value'],
  [
    '(func $f (;3;) (type 0) (param i32)',
    'func:keyword $f:value (;3;):comment type:keyword 0:number param:keyword i32:type',
  ],
  [';; nothing', ';; nothing:comment'],
];
for (const [line, wanted] of LINES) {
  test(`the colours of ${line.trim()}`, () => {
    const tokens = watTokens(line);
    assert.equal(tokens.map(({ text }) => text).join(''), line);
    const coloured = tokens.filter(({ kind }) => kind !== 'plain').map(({ text, kind }) => `${text}:${kind}`);
    assert.equal(coloured.join(' '), wanted);
  });
}

test('a line of a megabyte is cut and plain', () => {
  const [token, ...rest] = watTokens(`  br_table ${'1 '.repeat(500_000)}`);
  assert.equal(rest.length, 0);
  assert.ok(token.text.length < 2100);
});

/** @type {[number[], number][]} */
const CALLS = [
  [[0x10, 0x05], 5],
  [[0x12, 0x80, 0x01], 128],
  [[0xd2, 0xff, 0xff, 0xff, 0xff, 0x0f], 0xffffffff],
  [[0x10], -1],
  [[0x10, 0x80, 0x80, 0x80, 0x80, 0x80], -1],
  [[0x41, 0x05], -1],
  [[], -1],
];
for (const [bytes, index] of CALLS) {
  test(`the function that ${bytes.join(' ')} names`, () =>
    assert.equal(calledFunction(Uint8Array.from(bytes), 0), index));
}

for (const [kind, type, words] of [
  ['memory', '1..', '1 page or more'],
  ['memory', '1..1000 shared', '1 to 1,000 pages, shared'],
  ['memory', '1..4 i64', '1 to 4 pages, 64-bit addresses'],
  ['memory', '1..4 i64 shared pagesize 1', '1 to 4 pages of 1 byte, 64-bit addresses, shared'],
  ['memory', '10..5000 pagesize 1', '10 to 5,000 pages of 1 byte'],
  ['table', '3..8 i64 funcref', '3 to 8 items, 64-bit indices, funcref'],
  ['table', '2.. (ref null 0)', '2 items or more, (ref null 0)'],
  ['global', 'mut i32', 'mut i32'],
]) {
  test(`${kind} ${type}: ${words}`, () => assert.equal(typeOf({ kind, type }), words));
}

test('sorting in slices sorts as sorting does, and can be given up', async () => {
  const by = (/** @type {number[]} */ a, /** @type {number[]} */ b) => a[0] - b[0];
  const { signal } = new AbortController();
  for (const count of [0, 1, 2, 2047, 2048, 2049, 10_000, 50_001]) {
    const items = Array.from({ length: count }, (_, at) => [(at * 7919) % 1000, at]);
    assert.deepEqual(await sortedInSlices(items, by, signal), items.slice().sort(by), String(count));
  }
  const given = new AbortController();
  const items = Array.from({ length: 300_000 }, (_, at) => [-at]);
  const work = sortedInSlices(items, by, given.signal);
  given.abort();
  await assert.rejects(work, /abort/i);
});

/** @param {number} first @param {number} count */
const described = (first, count) =>
  Array.from({ length: count }, (_, at) => ({
    ...{ index: first + at, name: null, type: '() -> ()', offset: 0, size: 2, locals: 0, instructions: 1 },
  }));
const listOf = (/** @type {number} */ omitted) =>
  new Functions(
    /** @type {any} */ ({ imports: [], exports: [], functions: described(0, 5), importedFunctions: 0, omitted }),
  );

test('functions that a description leaves out are asked for until there are no more', async () => {
  const table = listOf(/** @type {any} */ ({ functions: 7 }));
  assert.equal(table.count, 12);
  assert.equal(table.at(9), null);
  table.describeAll(async (first) => described(first, Math.min(4, 12 - first)));
  await table.listed;
  assert.deepEqual(
    table.defined.map(({ name }) => name),
    Array.from({ length: 12 }, (_, at) => `function ${at}`),
  );
  assert.equal(table.at(9)?.index, 9);
});

test('the list ends where nothing more comes, or the worker is lost', async () => {
  for (const ask of [async () => [], () => Promise.reject(new Error('lost'))]) {
    const table = listOf(/** @type {any} */ ({ functions: 7 }));
    table.describeAll(ask);
    await table.listed;
    assert.equal(table.rows.length, 5);
    assert.equal(table.count, 12);
  }
});
