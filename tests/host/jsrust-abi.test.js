// The imports of generated modules (spec jsrs.md 19), and that output is neither lost nor handed on byte by byte.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsrust } from '../../runner/abi/jsrust.js';
import { fakeIo, guestWith } from './aver-io.js';

function served() {
  const { io, ...seen } = fakeIo();
  const guest = guestWith();
  /** @type {any} */
  const abi = jsrust.serve(io, guest);
  return { ...seen, io, guest, abi, functions: abi.functions };
}

test('every import has a row, every row a function', () => {
  assert.deepEqual(Object.keys(served().functions).sort(), Object.keys(jsrust.table).sort());
});

test('bytes wait for the end of the print call', () => {
  const { functions, stdout, writes } = served();
  for (const byte of [0x141, 0x42, -189, 0x0a]) assert.equal(functions.jsrust_write_byte(byte), 1);
  assert.equal(writes(1), 0);
  assert.equal(functions.jsrust_flush(), 1);
  assert.equal(stdout(), 'ABC\n');
  assert.equal(functions.jsrust_flush(), 1);
  assert.equal(writes(1), 1);
});

test('a print call of any length is handed on in order', () => {
  const { functions, stdout, guest } = served();
  let expected = '';
  const long = 'y'.repeat(10_000);
  guest.memory.bytes.set(new TextEncoder().encode(`${long}\0`), 100);
  for (let at = 0; at < 10_000; at++) {
    const byte = 97 + (at % 26);
    functions.jsrust_write_byte(byte);
    expected += String.fromCharCode(byte);
    if (at === 5000) {
      assert.equal(functions.jsrust_write_cstr(100), 1);
      expected += long;
    }
  }
  functions.jsrust_flush();
  assert.equal(stdout(), expected);
});

test('what was printed before a trap is there at the end', () => {
  const { functions, stdout, abi } = served();
  functions.jsrust_write_byte(0x61);
  abi.finish();
  abi.finish();
  assert.equal(stdout(), 'a');
});

test('values as text', () => {
  const table = /** @type {[string, any, string][]} */ ([
    ['i64', -(2n ** 63n), '-9223372036854775808'],
    ['i64', 0n, '0'],
    ['f64', 4, '4'],
    ['f64', -0, '-0'],
    ['f64', 0.1 + 0.2, '0.30000000000000004'],
    ['f64', 1e-7, '0.0000001'],
    ['f64', 1e21, '1000000000000000000000'],
    ['f64', 123456789012345680, '123456789012345680'],
    ['f64', -Infinity, '-inf'],
    ['f64', NaN, 'NaN'],
    ['bool', 0, 'false'],
    ['bool', 2, 'true'],
    ['char', 65n, 'A'],
    ['char', 0n, '\0'],
    ['char', 0x1f980n, '🦀'],
    ['char', 0x10ffffn, '\u{10ffff}'],
  ]);
  for (const [name, value, text] of table) {
    const { functions, stdout } = served();
    assert.equal(functions[`jsrust_write_${name}`](value), 1);
    functions.jsrust_flush();
    assert.equal(stdout(), text);
  }
});

test('a block is handed on at once, behind the bytes before it', () => {
  const { functions, stdout, writes, guest } = served();
  guest.memory.bytes.set(new TextEncoder().encode('block'), 100);
  assert.equal(functions.jsrust_write(100, 5), 1);
  assert.equal(writes(1), 1);
  functions.jsrust_write_byte(0x2d);
  assert.equal(functions.jsrust_write(101, 3), 1);
  assert.equal(stdout(), 'block-loc');
  assert.equal(functions.jsrust_write(100, 0), 1);
  assert.equal(functions.jsrust_write(65_536, 0), 1);
  assert.equal(stdout(), 'block-loc');
});

/** @type {[number, number][]} pointer, length */
const outside = [
  [65_536, 1],
  [65_535, 2],
  [0, 65_537],
  [100, -1],
  [-1, 1],
  [-8, 16],
  [2 ** 31 - 1, 2 ** 31 - 1],
];
test('a block that does not lie in memory gives 0 and prints nothing', () => {
  const { functions, stdout } = served();
  for (const [pointer, length] of outside)
    assert.equal(functions.jsrust_write(pointer, length), 0, `${pointer} ${length}`);
  functions.jsrust_flush();
  assert.equal(stdout(), '');
});

test('what cannot be printed gives 0', () => {
  const { functions, stdout, guest } = served();
  for (const value of [-1n, 0xd800n, 0xdfffn, 0x110000n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    assert.equal(functions.jsrust_write_char(value), 0);
  }
  guest.memory.bytes.fill(0x61, 60_000);
  for (const pointer of [60_000, 65_536, -1, 2 ** 31 - 1]) assert.equal(functions.jsrust_write_cstr(pointer), 0);
  guest.memory.bytes[65_535] = 0;
  assert.equal(functions.jsrust_write_cstr(65_534), 1);
  assert.equal(functions.jsrust_write_cstr(65_535), 1);
  functions.jsrust_flush();
  assert.equal(stdout(), 'a');
});

test('in mode suspend a write that has to wait gives a promise of 1', async () => {
  const { functions, io, stdout, guest } = served();
  const { write } = io;
  io.write = async (/** @type {any[]} */ ...given) => write(...given);
  assert.equal(functions.jsrust_write_byte(0x61), 1);
  guest.memory.bytes.set(new TextEncoder().encode(`${'z'.repeat(4095)}!\0`), 100);
  const waiting = functions.jsrust_write_cstr(100);
  assert.ok(waiting instanceof Promise);
  guest.memory.bytes.fill(0);
  assert.equal(await waiting, 1);
  assert.equal(await functions.jsrust_flush(), 1);
  assert.equal(stdout(), `a${'z'.repeat(4095)}!`);
  guest.memory.bytes.set(new TextEncoder().encode('block'), 100);
  functions.jsrust_write_byte(0x2d);
  const block = functions.jsrust_write(100, 5);
  assert.ok(block instanceof Promise);
  guest.memory.bytes.fill(0);
  assert.equal(await block, 1);
  assert.equal(await functions.jsrust_write(100, 1), 1);
  assert.equal(stdout(), `a${'z'.repeat(4095)}!-block\0`);
});
