// Values of Aver programs as text (spec aver-abi.md 5): each kind of object, and memory that holds no sensible object.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aver } from '../../runner/abi/aver/index.js';
import { Names } from '../../runner/abi/aver/names.js';
import { describeValue, failureText, valueText } from '../../runner/abi/aver/values.js';
import { floatText } from '../../runner/abi/float-text.js';
import { project } from '../lib/files.mjs';
import { HeapBuilder } from './aver-heap.js';
import { fakeIo, guestWith } from './aver-io.js';

const HEAP = 4;
const MIB = 1024 * 1024;

/** @param {HeapBuilder} heap @param {number | bigint} pointer @param {Names} [names] */
function text(heap, pointer, names = new Names()) {
  return valueText(heap.memory, names, HEAP, BigInt(pointer));
}

/** @param {number} value */
function bitsOf(value) {
  return new BigInt64Array(Float64Array.of(value).buffer)[0];
}

test('floats have the shortest digits that read back and never an exponent (5.2)', () => {
  const table = /** @type {[number, string][]} */ ([
    [3, '3'],
    [0.1, '0.1'],
    [-2.5, '-2.5'],
    [0, '0'],
    [-0, '-0'],
    [NaN, 'NaN'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    [1e21, '1000000000000000000000'],
    [-1e21, '-1000000000000000000000'],
    [1e20, '100000000000000000000'],
    [123456789012345680000, '123456789012345680000'],
    [1.5e300, `15${'0'.repeat(299)}`],
    [1e-6, '0.000001'],
    [1e-7, '0.0000001'],
    [-1.25e-7, '-0.000000125'],
    [0.1 + 0.2, '0.30000000000000004'],
    [Number.MAX_VALUE, `17976931348623157${'0'.repeat(292)}`],
    [Number.MIN_VALUE, `0.${'0'.repeat(323)}5`],
    [2 ** -1022, `0.${'0'.repeat(307)}22250738585072014`],
    [2 ** 53 + 2, '9007199254740994'],
    // In the middle between two texts: Rust takes the larger.
    [597914891690779.25, '597914891690779.3'],
    [-597914891690779.75, '-597914891690779.8'],
    [8 + 2 ** -16, '8.000015258789063'],
    [0.5 + 2 ** -17, '0.5000076293945313'],
    [5 * 2 ** -23, '0.0000005960464477539063'],
  ]);
  for (const [value, expected] of table) assert.equal(floatText(value), expected);
});

test('every float reads back, whatever its exponent', () => {
  const view = new DataView(new ArrayBuffer(8));
  for (let exponent = 0; exponent < 2047; exponent++) {
    view.setBigUint64(0, (BigInt(exponent) << 52n) | BigInt(exponent * 2654435761));
    const value = view.getFloat64(0);
    const digits = floatText(value);
    assert.equal(Number(digits), value);
    assert.match(digits, /^\d+(\.\d+)?$/);
  }
});

test('tags other than those of pointers (5.1)', () => {
  const { memory } = new HeapBuilder();
  const of = (/** @type {number} */ tag, /** @type {bigint} */ value) => valueText(memory, new Names(), tag, value);
  assert.equal(of(0, -9223372036854775808n), '-9223372036854775808');
  assert.equal(of(1, bitsOf(2.5)), '2.5');
  assert.equal(of(2, 0n), 'false');
  assert.equal(of(2, 7n), 'true');
  assert.equal(of(5, 7n), '');
  assert.equal(of(6, -7n), '-7');
  assert.equal(of(4, 0n), '[]');
  assert.equal(of(4, -1n), 'Option.None');
});

/** What is built, and its text. @type {[string, (heap: HeapBuilder) => number | bigint, string][]} */
const VALUES = [
  ['a string is quoted, nothing in it escaped', (h) => h.string('say "hi" \\ \n'), '"say "hi" \\ \n"'],
  ['a byte order mark stays', (h) => h.string('\ufeffx'), '"\ufeffx"'],
  ['record', (h) => h.object(1, 0, 1, [h.string('Ann'), 30]), 'Record("Ann", 30)'],
  ['record without fields', (h) => h.object(1, 0, 0, []), 'Record()'],
  ['variant without a name', (h) => h.object(2, 9, 0, [5]), 'Variant#9(5)'],
  ['tuple', (h) => h.object(5, 0, 2, [1, h.string('b')]), '(1, "b")'],
  ['an int that is the address of an object', (h) => h.object(5, 0, 0, [h.string('x'), -1]), '(128, -1)'],
  [
    '64 bits of an int',
    (h) => h.object(5, 0, 0, [2n ** 63n - 1n, -(2n ** 63n)]),
    `(${2n ** 63n - 1n}, ${-(2n ** 63n)})`,
  ],
  ['pointer fields that are empty or none', (h) => h.object(5, 0, 3, [0, -1]), '([], Option.None)'],
  ['Result.Ok of an int', (h) => h.object(3, 0, 0, [5]), 'Result.Ok(5)'],
  ['Result.Err of a string', (h) => h.object(3, 1, 1, [h.string('no')]), 'Result.Err("no")'],
  ['Option.Some of a float', (h) => h.object(7, 2, 0, [bitsOf(0.5)]), 'Option.Some(0.5)'],
  ['wrapper of 32 bits, plain', (h) => h.object(8, 0, 0, [1]), 'Result.Ok(1)'],
  ['wrapper of 32 bits, pointer', (h) => h.object(8, 2, 1, [h.string('x')]), 'Option.Some("x")'],
  ['wrapper with an unknown tag', (h) => h.object(3, 3, 0, [1]), 'Wrapper(1)'],
  ['list', (h) => h.list([1, -2, 3]), '[1, -2, 3]'],
  ['list whose cells differ', (h) => h.object(4, 0, 1, [h.string('a'), h.list([2])]), '["a", 2]'],
  ['list of floats', (h) => h.object(9, 0, 0, [bitsOf(0.5), h.object(9, 0, 0, [bitsOf(1), 0])]), '[0.5, 1]'],
  ['list of lists', (h) => h.list([h.list([1]), 0, h.list([2, 3])], 1), '[[1], [], [2, 3]]'],
  ['a tail that is no cell ends the list', (h) => h.object(4, 0, 0, [1, h.string('x')]), '[1]'],
  ['vector', (h) => h.object(10, 0, 0, [1, 2]), 'Vector[1, 2]'],
  ['vector of pointers', (h) => h.object(10, 0, 1, [h.string('p'), 0]), 'Vector["p", []]'],
  ['empty vector', (h) => h.object(10, 0, 0, []), 'Vector[]'],
  [
    'the newest patch of a vector counts',
    (h) => {
      const older = h.object(10, 0, 2, [h.object(10, 0, 0, [1, 2, 3]), 1, 20], 3);
      return h.object(10, 0, 2, [h.object(10, 0, 2, [older, 2, 30], 3), 1, 21], 3);
    },
    'Vector[1, 21, 30]',
  ],
  [
    'a patch brings its own flag',
    (h) => h.object(10, 0, 3, [h.object(10, 0, 0, [1, 2]), 0, h.string('s')], 2),
    'Vector["s", 2]',
  ],
  ['a patched vector without its base', (h) => h.object(10, 0, 2, [0, 0, 7], 2), 'Vector[7, ...]'],
  [
    'association list: the first of a key counts',
    (h) => {
      const cell = (/** @type {string} */ key, /** @type {number} */ value, /** @type {number} */ next) =>
        h.object(11, 0, 1, [h.object(5, 0, 1, [h.string(key), value]), next]);
      return cell('b', 1, cell('a', 2, cell('b', 3, 0)));
    },
    '{"b": 1, "a": 2}',
  ],
  [
    'flat map, sorted by the text of the keys',
    (h) =>
      h.table(
        [
          [10, 1],
          [9, 2],
          [-1, 3],
        ],
        { removed: 2 },
      ),
    '{-1: 3, 10: 1, 9: 2}',
  ],
  [
    'flat map of strings to lists',
    (h) =>
      h.table(
        [
          [h.string('b'), h.list([1])],
          [h.string('a'), 0],
        ],
        { keyType: 3, pointers: 1 },
      ),
    '{"a": [], "b": [1]}',
  ],
  ['flat map with floats as keys', (h) => h.table([[bitsOf(0.5), 1]], { keyType: 1 }), '{0.5: 1}'],
  [
    'flat map with truth as keys',
    (h) =>
      h.table(
        [
          [1, 1],
          [0, 0],
        ],
        { keyType: 2 },
      ),
    '{false: 0, true: 1}',
  ],
  ['flat map with tuples as keys', (h) => h.table([[h.object(5, 0, 0, [1, 2]), 3]], { keyType: 4 }), '{(1, 2): 3}'],
  [
    'flat map of two entries is not taken for a trie',
    (h) =>
      h.table([
        [1, 1],
        [2, 2],
      ]),
    '{1: 1, 2: 2}',
  ],
  ['empty flat map', (h) => h.table([]), '{}'],
  ['flat map whose capacity is no power of two', (h) => h.table([[1, 1]], { capacity: 6 }), '{...}'],
  ['flat map that ends outside of the memory', (h) => h.object(12, 0, 0, [2n ** 20n], 1), '{...}'],
  ['flat map that miscounts', (h) => h.object(12, 0, 0, [1, 0, 0, 0], 1), '{...}'],
  [
    'trie',
    (h) => {
      const leaf = (/** @type {number} */ key, /** @type {number} */ value) => h.object(14, 0, 0, [99, key, value]);
      const bucket = h.object(15, 0, 0, [leaf(3, 30), leaf(1, 10)]);
      return h.object(12, 0, 1, [h.object(13, 0, 5, [leaf(2, 20), bucket]), 3]);
    },
    '{1: 10, 2: 20, 3: 30}',
  ],
  ['trie with a root of a wrong kind', (h) => h.object(12, 0, 1, [h.string('x'), 3], 2), '{...}'],
  ['empty trie', (h) => h.object(12, 0, 1, [0, 0]), '{}'],
  [
    'strings are sorted by code point',
    (h) =>
      h.table(
        [
          [h.string('\u{1F98A}'), 1],
          [h.string('\uffee'), 2],
        ],
        { keyType: 3 },
      ),
    '{"\uffee": 2, "\u{1F98A}": 1}',
  ],
  [
    'a record of 18 fields: the mask has 16 bits, then what looks like an object is one',
    (h) => h.object(1, 0, 1, [h.string('a'), ...Array(15).fill(128), h.string('q'), 130]),
    `Record("a", ${'128, '.repeat(15)}"q", 130)`,
  ],
  ['a pointer behind the memory', () => 2 ** 31, '2147483648'],
  ['a negative pointer behind the memory', () => -8, '-8'],
  ['a pointer that is not aligned', (h) => h.string('x') + 4, '132'],
  ['a pointer below all objects', () => 64, '64'],
  ['more than 32 bits', () => 2n ** 40n, '1099511627776'],
  ['an object of an unknown kind', (h) => h.object(77, 0, 0, []), '128'],
  ['a forwarded object', (h) => h.object(255, 0, 0, [1]), '128'],
  ['a byte buffer', (h) => h.object(13, 0, 0, [64], 0), '128'],
  ['more fields than memory', (h) => h.object(5, 0, 0, [], 2 ** 32 - 1), '128'],
  ['a string that ends outside of the memory', (h) => h.object(0, 0, 0, [], 65536), '128'],
  ['an unreadable pointer among fields', (h) => h.object(5, 0, 3, [2 ** 31 - 8, -8]), '(2147483640, -8)'],
  ['a pointer extended without its sign', (h) => h.object(5, 0, 1, [2n ** 32n - 8n]), '(4294967288)'],
];

for (const [name, build, expected] of VALUES) {
  test(`value: ${name}`, () => {
    const heap = new HeapBuilder();
    assert.equal(text(heap, build(heap)), expected);
  });
}

test('a string with invalid UTF-8 has replacement characters', () => {
  const heap = new HeapBuilder();
  const pointer = heap.string('abc');
  heap.memory.bytes[pointer + 9] = 0xff;
  assert.equal(text(heap, pointer), '"a\ufffdc"');
});

test('cycles end with dots', () => {
  const heap = new HeapBuilder();
  const tuple = heap.object(5, 0, 2, [1, 0]);
  heap.set(tuple, 1, tuple);
  assert.equal(text(heap, tuple), '(1, ...)');
  const list = heap.list([1, 2, 3]);
  heap.set(list, 1, list);
  assert.match(text(heap, list), /^\[1, (1, )*\.\.\.\]$/);
  const inside = heap.object(4, 0, 1, [0, 0]);
  heap.set(inside, 0, inside);
  assert.equal(text(heap, inside), '[...]');
  const patch = heap.object(10, 0, 2, [0, 0, 5], 1);
  heap.set(patch, 0, patch);
  assert.equal(text(heap, patch), 'Vector[5]');
  const cell = heap.object(11, 0, 1, [heap.object(5, 0, 0, [1, 2]), 0]);
  heap.set(cell, 1, cell);
  assert.equal(text(heap, cell), '{1: 2}');
  const branch = heap.object(13, 0, 1, [0]);
  heap.set(branch, 0, branch);
  assert.equal(text(heap, heap.object(12, 0, 1, [branch, 1])), '{...}');
});

test('a map whose keys are maps of maps, without end', () => {
  const heap = new HeapBuilder();
  const map = heap.table([[1, 1]], { keyType: 4 });
  const bucket = [...Array(8).keys()].find((at) => heap.memory.view.getInt32(map + 16 + 24 * at, true) === 1) ?? -1;
  heap.set(map, 1 + 3 * bucket + 1, map);
  assert.match(text(heap, map), /^\{+\.\.\.(: 1\})+$/);
});

test('a list of a million elements', () => {
  const heap = new HeapBuilder(400);
  let list = 0;
  for (let at = 999_999; at >= 0; at--) list = heap.object(4, 0, 0, [at, list]);
  const shown = text(heap, list);
  const digits = 9 * 1 + 90 * 2 + 900 * 3 + 9000 * 4 + 90_000 * 5 + 900_000 * 6 + 1;
  assert.equal(shown.length, '[]'.length + digits + ', '.length * 999_999);
  assert.ok(shown.startsWith('[0, 1, 2, ') && shown.endsWith(', 999999]'));
});

test('a hundred thousand values inside of each other', () => {
  const heap = new HeapBuilder();
  let value = heap.object(3, 2, 0, [7]);
  for (let depth = 1; depth < 100_000; depth++) value = heap.object(3, 2, 1, [value]);
  assert.equal(text(heap, value), `${'Option.Some('.repeat(100_000)}7${')'.repeat(100_000)}`);
});

test('absurd depth is cut', () => {
  const heap = new HeapBuilder();
  let value = heap.object(5, 0, 0, [7]);
  for (let depth = 1; depth < 300_000; depth++) value = heap.object(5, 0, 1, [value]);
  assert.match(text(heap, value), /^\({200000}\.\.\.\){200000}$/);
});

test('values that unfold without end stop at 16 MiB of text', () => {
  const heap = new HeapBuilder();
  let value = heap.object(5, 0, 0, [1, 2]);
  for (let level = 0; level < 60; level++) value = heap.object(5, 0, 3, [value, value]);
  const shown = text(heap, value);
  assert.ok(shown.length > 16 * MIB && shown.length < 17 * MIB);
  assert.ok(shown.endsWith('...'));
});

test('a string longer than any text is cut', () => {
  const heap = new HeapBuilder(600);
  const pointer = heap.reserve(8 + 20 * MIB);
  heap.header(pointer, 0, 0, 0, 20 * MIB);
  heap.memory.bytes.fill(0x61, pointer + 8, pointer + 8 + 20 * MIB);
  const shown = text(heap, heap.object(5, 0, 1, [pointer]));
  assert.ok(shown.length < 17 * MIB && shown.endsWith('...'));
});

test('work is bounded where there is no text to bound it', () => {
  const heap = new HeapBuilder(300);
  let patch = heap.object(10, 0, 0, []);
  for (let at = 0; at < 50_000; at++) patch = heap.object(10, 0, 2, [patch, 0, 0], 0);
  const shown = text(heap, heap.object(10, 0, 1, Array(10_000).fill(patch)));
  assert.ok(shown.endsWith('...'));
});

test('no memory makes formatting throw', () => {
  const heap = new HeapBuilder();
  const { memory } = heap;
  let state = 12345;
  const random = (/** @type {number} */ below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < 30; round++) {
    for (let at = 128; at < 65536; at += 8) {
      // Words that are headers of every kind, pointers and noise.
      const word = random(3);
      memory.view.setUint32(at, word === 2 ? random(2 ** 32) : word === 1 ? random(4096) * 8 : random(6), true);
      memory.view.setUint32(at + 4, word === 0 ? (random(17) << 24) | (random(5) << 16) | random(8) : 0, true);
    }
    for (let at = 0; at < 300; at++) {
      const pointer = random(8192) * 8;
      assert.equal(typeof text(heap, pointer), 'string');
      failureText(memory, new Names(), pointer);
    }
  }
});

test('a guest without memory', () => {
  const { memory } = guestWith({}, 0);
  assert.equal(valueText(memory, new Names(), HEAP, 128n), '128');
});

test('names of variants are read before the program starts, sentinels where the module has them (5.4, 5.5)', () => {
  const heap = new HeapBuilder();
  const list = (/** @type {string} */ text_) => {
    const pointer = heap.string(text_) + 8;
    const global = (/** @type {number} */ value) => new WebAssembly.Global({ value: 'i32' }, value);
    return [global(pointer), global(new TextEncoder().encode(text_).length)];
  };
  const [pointer, length] = list('0:Color.Red|1:Shape.Rect|x|2:|255:Last.One');
  const names = new Names();
  const exports = { $variant_names_ptr: pointer, $variant_names_len: length };
  names.read({ memory: heap.memory, exports, importTypes: {} });
  heap.memory.bytes.fill(0, pointer.value, pointer.value + length.value);
  assert.equal(text(heap, heap.object(2, 0, 0, []), names), 'Color.Red');
  assert.equal(text(heap, heap.object(2, 1, 0, [4]), names), 'Shape.Rect(4)');
  assert.equal(text(heap, heap.object(2, 255, 0, []), names), 'Last.One');
  assert.equal(text(heap, heap.object(2, 7, 0, []), names), 'Variant#7');
  const fields = heap.object(5, 0, 15, [-2, -9, -11, -12]);
  assert.equal(text(heap, fields, names), '(-2, -9, -11, -12)');
  const [sentinels, sentinelsLength] = list('-11:Color.Green');
  names.read({
    memory: heap.memory,
    exports: { $sentinel_names_ptr: sentinels, $sentinel_names_len: sentinelsLength },
    importTypes: {},
  });
  assert.equal(text(heap, fields, names), '(Result.Ok(true), Option.Some(false), Color.Green, -12)');
  assert.equal(failureText(heap.memory, names, -6), 'false');
});

test('globals that are no list of names are passed over', () => {
  const heap = new HeapBuilder();
  const global = (/** @type {any} */ type, /** @type {any} */ value) => new WebAssembly.Global({ value: type }, value);
  for (const [pointer, length] of [
    [global('i64', 128n), global('i32', 4)],
    [global('i32', -1), global('i32', -1)],
    [global('i32', 128), undefined],
    [() => 128, global('i32', 4)],
  ]) {
    const names = new Names();
    names.read({
      memory: heap.memory,
      exports: /** @type {any} */ ({ $variant_names_ptr: pointer, $variant_names_len: length }),
      importTypes: {},
    });
    assert.equal(names.variant(1), 'Variant#1');
  }
});

test('a result of main that is Result.Err tells what failed (2)', () => {
  const heap = new HeapBuilder();
  const { memory } = heap;
  const fail = (/** @type {number} */ value) => failureText(memory, new Names(), value);
  assert.equal(fail(heap.object(3, 1, 1, [heap.string('out of luck')])), 'out of luck');
  assert.equal(fail(heap.object(8, 1, 1, [heap.string('too')])), 'too');
  assert.equal(fail(heap.object(3, 1, 0, [404])), '404');
  assert.equal(fail(heap.object(7, 1, 0, [bitsOf(0.5)])), '0.5');
  assert.equal(fail(heap.object(3, 1, 1, [heap.list([1, 2])])), '[1, 2]');
  const others = [
    heap.object(3, 0, 1, [0]),
    heap.object(3, 2, 0, [1]),
    heap.object(1, 1, 0, [1]),
    heap.object(3, 1, 0, [1, 2]),
  ];
  for (const value of [0, -1, 1, 96, 7.5, NaN, 2 ** 31, -8, ...others]) assert.equal(fail(value), null);
});

test('a trace shows the type and the beginning of a value', () => {
  const heap = new HeapBuilder();
  const shown = (/** @type {number} */ tag, /** @type {bigint} */ value) =>
    describeValue(heap.memory, new Names(), tag, value);
  assert.deepEqual(shown(0, -5n), { tag: 'Int', value: '-5' });
  assert.deepEqual(shown(9, 5n), { tag: 9, value: '5' });
  assert.deepEqual(shown(4, BigInt(heap.list([1, 2]))), { tag: 'Heap', value: '[1, 2]' });
  assert.deepEqual(shown(3, BigInt(heap.string('text'))), { tag: 'String', value: 'text' });
  assert.deepEqual(shown(3, BigInt(heap.string('x'.repeat(500)))), { tag: 'String', value: `${'x'.repeat(256)}...` });
  assert.deepEqual(shown(3, -1n), { tag: 'String', value: '' });
});

test('maps that the runtime of 0.17.3 made itself', () => {
  const module = new WebAssembly.Module(readFileSync(join(project, 'fixtures/aver-programs/answer.wasm')));
  const world = fakeIo();
  const guest = guestWith();
  const { functions } = aver.serve(world.io, guest);
  /** @type {any} */
  const exports = new WebAssembly.Instance(module, { aver: functions }).exports;
  guest.memory.attach(exports.memory);
  const string = (/** @type {string} */ characters) => {
    const pointer = exports.alloc(8 + characters.length);
    guest.memory.view.setBigInt64(pointer, BigInt(characters.length), true);
    guest.memory.bytes.set(new TextEncoder().encode(characters), pointer + 8);
    return BigInt(pointer);
  };
  let byNumber = 0;
  for (let key = 0n; key < 40n; key++) byNumber = exports.rt_map_set(byNumber, key * 7n, 0, key, 0);
  const expected = Array.from({ length: 40 }, (_, key) => [`${key * 7}`, key]).sort();
  functions.print_value(4, BigInt(byNumber));
  assert.equal(world.stdout(), `{${expected.map(([key, value]) => `${key}: ${value}`).join(', ')}}`);
  let byName = exports.rt_map_set(0, string('pear'), 3, string('green'), 1);
  byName = exports.rt_map_set(byName, string('apple'), 3, string('red'), 1);
  byName = exports.rt_map_set(byName, string('pear'), 3, string('yellow'), 1);
  assert.equal(valueText(guest.memory, new Names(), HEAP, BigInt(byName)), '{"apple": "red", "pear": "yellow"}');
});
