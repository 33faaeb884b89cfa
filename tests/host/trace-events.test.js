// Values in the recorded trace (web/trace/events.js).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVENT, Events } from '../../web/trace/events.js';

const F32 = 12;
const F64 = 13;

/** The text of one value. @param {number} type number of its row in backend/ir/types.def @param {Uint32Array} bits */
function textOf(type, [low, high = 0]) {
  const words = Uint32Array.from([EVENT.VALUE * 2 ** 28, type, low, high]);
  return new Events(new Uint8Array(words.buffer), 1).scalar(0);
}

test('floats of both widths have the digits that read back, and no more', () => {
  for (const [value, text] of /** @type {[number, string][]} */ ([
    [0.1, '0.1'],
    [1000.00006, '1000.00006'],
    [16777216, '16777216'],
    [-0, '-0'],
    [-Infinity, '-inf'],
    [NaN, 'NaN'],
  ])) {
    assert.equal(textOf(F32, new Uint32Array(Float32Array.of(value).buffer)), text);
    assert.equal(textOf(F64, new Uint32Array(Float64Array.of(value).buffer)), text);
  }
});
