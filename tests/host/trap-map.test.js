// The reader of `jsrust.map` (backend/codegen/trap_map.h): what it makes of a section, and that no bytes make it run on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chainsOf, placesOfCalls } from '../../runner/compiled/trap-map.js';

/** @param {number} value @returns {number[]} */
function leb(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

/** @param {number} value @returns {number[]} */
function signed(value) {
  const bytes = [];
  let rest = BigInt(value);
  for (;;) {
    const low = Number(rest & 127n);
    rest >>= 7n;
    if ((rest === 0n && low < 64) || (rest === -1n && low >= 64)) return [...bytes, low];
    bytes.push(low | 128);
  }
}

const name = (/** @type {number} */ index, /** @type {number[]} */ bytes) => [
  ...leb(index),
  ...leb(bytes.length),
  ...bytes,
];
const ascii = (/** @type {string} */ text) => [...Buffer.from(text)];
/** Name, block and terminator, instruction, difference of offsets, of sources, place of the call. */
const place = (/** @type {number[]} */ [of, block, instruction, offset, source, at]) => [
  ...[...leb(of), ...leb(block), ...leb(instruction), ...signed(offset), ...signed(source), ...leb(at)],
];
const section = (/** @type {number[][]} */ names, /** @type {number[][]} */ places) =>
  Uint8Array.from([1, ...leb(names.length), ...names.flat(), ...leb(places.length), ...places.flat()]);

const usual = section(
  [name(3, ascii('main')), name(300, ascii('div'))],
  [
    place([1, 2 * 5, 8, 1001, 70, 2]),
    place([0, 2 * 9 + 1, 3, -900, -20, 0]),
    place([0, 2 * (2 ** 32 - 1), 0, -101, 2 ** 31, 1]),
    place([7, 0, 0, 0, 0, 0]),
  ],
);

test('a place and those that it was inlined at', () => {
  const div = { function: 'div', shown: 'div', functionIndex: 300, block: 5, instruction: 7, terminator: false };
  const main = { function: 'main', shown: 'main', functionIndex: 3, block: 9, instruction: 2, terminator: true };
  const first = { ...div, offset: 1000, source: 70, inlinedAt: 2 };
  const second = { ...main, offset: 100, source: 50, inlinedAt: 0 };
  assert.deepEqual(chainsOf(usual, [1]), [first, second]);
  assert.deepEqual(chainsOf(usual, [2]), [second]);
  const [head, ...rest] = chainsOf(usual, [3]);
  assert.deepEqual([head.block, head.instruction, head.offset], [2 ** 32 - 1, null, null]);
  assert.deepEqual(rest, [first, second]);
});

test('what is not there gives nothing', () => {
  for (const number of [0, 4, 5, 2 ** 26 - 1]) assert.deepEqual(chainsOf(usual, [number]), []);
  for (let length = 0; length < usual.length; length++) {
    const cut = usual.subarray(0, length);
    for (const { function: found } of chainsOf(cut, [1])) assert.match(found, /^(div|main)$/);
  }
  assert.deepEqual(chainsOf(Uint8Array.from([2, ...usual.subarray(1)]), [1]), []);
});

test('calls that name each other end', () => {
  const circle = section([name(0, ascii('f'))], [place([0, 0, 1, 1, 1, 2]), place([0, 0, 1, 1, 1, 1])]);
  assert.equal(chainsOf(circle, [1]).length, 20);
});

test('names are told as the backend tells them', () => {
  const shown = (/** @type {number[]} */ bytes) =>
    chainsOf(section([name(0, bytes)], [place([0, 0, 1, 1, 1, 0])]), [1])[0].shown;
  assert.equal(shown(ascii('a\nb\u2028c\u0085d')), 'a\ufffdb\ufffdc\ufffdd');
  assert.equal(shown(ascii('x'.repeat(80))), 'x'.repeat(80));
  assert.equal(shown(ascii('x'.repeat(81))), `${'x'.repeat(80)}...`);
  assert.equal(shown(ascii(`${'x'.repeat(79)}é`)), `${'x'.repeat(79)}...`);
});

test('no bytes make it run on', () => {
  const counts = [1, 0xff, 0xff, 0xff, 0xff, 0x0f];
  const huge = [counts, [1, 0, ...counts.slice(1)], [1, 1, 0, ...counts.slice(1)], [1, 1, 0, 0, ...counts.slice(1)]];
  for (const bytes of huge) assert.deepEqual(chainsOf(Uint8Array.from(bytes), [2 ** 26 - 1]), []);
  let seed = 1;
  const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 16;
  for (let round = 0; round < 20_000; round++) {
    const bytes = usual.slice();
    for (let i = random() % 4; i >= 0; i--) bytes[random() % bytes.length] = random();
    assert.ok(chainsOf(bytes, [1 + (random() % 4)]).length <= 20);
  }
});

test('the place of a call, by its offset in the module', () => {
  const calls = [...leb(3), ...leb(400), ...leb(2), ...leb(1), ...leb(1), ...leb(70000), ...leb(4)];
  const map = Uint8Array.from([...usual, ...calls]);
  const found = placesOfCalls(map, [0, 70401, 399, 400, 401, 402, 70402, 400]);
  assert.deepEqual(
    [...found],
    [
      [400, 2],
      [401, 1],
      [70401, 4],
    ],
  );
  for (let length = 0; length < map.length; length++)
    assert.equal(placesOfCalls(map.subarray(0, length), [70401]).size, 0);
});

test('a stack of places, those that they were inlined at behind each', () => {
  const lines = chainsOf(usual, [2, 1, 9, 2, 3]).map(({ function: name, source }) => `${name} ${source}`);
  const outer = 'main 50';
  assert.deepEqual(lines, [outer, 'div 70', outer, outer, `main ${50 + 2 ** 31}`, 'div 70', outer]);
  assert.deepEqual(chainsOf(usual, []), []);
});
