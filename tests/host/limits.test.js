// Sizes and limits as users give them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSize, readLimits } from '../../runner/limits.js';

/** @type {[string, number | null][]} */
const sizes = [
  ['0', 0],
  ['65536', 65536],
  ['64K', 65536],
  ['64k', 65536],
  ['64KiB', 65536],
  ['64M', 64 * 2 ** 20],
  ['1G', 2 ** 30],
  ['', null],
  ['M', null],
  ['-1', null],
  ['1.5M', null],
  ['1T', null],
  ['0x10', null],
  ['64 M', null],
  ['99999999999999G', null],
];
for (const [text, size] of sizes) {
  test(`size ${JSON.stringify(text)} is ${size}`, () => assert.equal(parseSize(text), size));
}

test('limits that are missing are 0', () => {
  const none = { steps: 0, memory: 0, output: 0, seconds: 0 };
  assert.deepEqual(readLimits(undefined), { limits: none });
  assert.deepEqual(readLimits({ steps: 5, seconds: 0.5 }), { limits: { ...none, steps: 5, seconds: 0.5 } });
});

/** @type {[unknown, RegExp][]} */
const faults = [
  [5, /must be an object/],
  [{ time: 5 }, /`limits.time` is not a limit/],
  [{ steps: -1 }, /`limits.steps` must be a whole number/],
  [{ memory: 1.5 }, /`limits.memory` must be a whole number/],
  [{ output: '5' }, /`limits.output`/],
  [{ seconds: NaN }, /`limits.seconds` must be a number/],
];
for (const [limits, sentence] of faults) {
  test(`limits ${JSON.stringify(limits)} are refused`, () => {
    const read = readLimits(limits);
    assert.ok('fault' in read);
    assert.match(read.fault, sentence);
  });
}
