// What the runtime of compiled programs prints, held against JavaScript's numbers, and how it leaves under each adapter.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Exit, SENTENCE, TRAP, randomNumbers, startRuntime } from './runtime-harness.js';

const FREE = 32768; // behind the runtime's data and stack
const bytesOf = (/** @type {string} */ text) => new TextEncoder().encode(text);

/** Shortest digits without an exponent: '1e-7' becomes '0.0000001'. */
function plain(/** @type {string} */ text) {
  const [, sign, whole, decimals = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text) ?? [];
  if (whole === undefined) return text.replace('Infinity', 'inf');
  const point = whole.length + Number(exponent);
  const digits = whole + decimals;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** The fewest digits whose nearest decimal reads back; in the middle the larger one, as Rust and toExponential have it. */
function shortest(/** @type {number} */ value, /** @type {(value: number) => number} */ read) {
  if (!Number.isFinite(value)) return plain(String(value));
  for (let digits = 1; ; digits++) {
    const text = value.toExponential(digits - 1).replace(/\.?0*e/, 'e');
    if (read(Number(text)) === value) return plain(Object.is(value, -0) ? '-0' : text);
  }
}
const ofF64 = (/** @type {number} */ value) => shortest(value, Number);
const ofF32 = (/** @type {number} */ value) => shortest(value, Math.fround);

/** All lines that printing gives, one a value, against what they should be. */
function expectPrinted(/** @type {string} */ name, /** @type {any[][]} */ calls, /** @type {string[]} */ want) {
  const p = startRuntime({ way: 'block' });
  for (const call of calls) {
    p.x[`print_${name}`](...call);
    p.x.print_byte(10n);
    p.flush();
  }
  const got = p.text().split('\n');
  for (let i = 0; i < want.length; i++) assert.equal(got[i], want[i], `${name} ${call(calls[i])}`);
  assert.equal(got.length, want.length + 1);
}
const call = (/** @type {any[]} */ values) => values.map(String).join(' ');

/** Around every power of two and ten, then random ones. */
function integers(/** @type {number} */ bits) {
  const random = randomNumbers(bits);
  const found = [0n, (1n << BigInt(bits)) - 1n];
  for (let i = 0; i < bits; i++) found.push(1n << BigInt(i), (1n << BigInt(i)) - 1n);
  for (let p = 1n; p < 1n << BigInt(bits); p *= 10n) found.push(p, p - 1n, p + 1n);
  for (let i = 0; i < 5000; i++) found.push(random.sized(bits));
  return found;
}
const halves = (/** @type {bigint} */ value) => [BigInt.asIntN(64, value), BigInt.asIntN(64, value >> 64n)];

test('integers', () => {
  const narrow = integers(64);
  const wide = integers(128);
  const signed = (/** @type {number} */ bits) => (/** @type {bigint} */ value) => String(BigInt.asIntN(bits, value));
  expectPrinted('u64', narrow.map((value) => [value]), narrow.map(String)); // prettier-ignore
  expectPrinted('i64', narrow.map((value) => [value]), narrow.map(signed(64))); // prettier-ignore
  expectPrinted('u64_small', narrow.map((value) => [value]), narrow.map(String)); // prettier-ignore
  expectPrinted('i64_small', narrow.map((value) => [value]), narrow.map(signed(64))); // prettier-ignore
  expectPrinted('u128', wide.map(halves), wide.map(String));
  expectPrinted('i128', wide.map(halves), wide.map(signed(128)));
});

test('floats', () => {
  const random = randomNumbers(3);
  const view = new DataView(new ArrayBuffer(8));
  const wide = [0, -0, 0.1, 1, 1e21, 1e300, 5e-324, 2 ** 53, 0.3, 1 / 3, 2.5e-8, NaN, Infinity, -Infinity, 123456.789];
  for (let i = 0; i < 6000; i++) {
    view.setBigUint64(0, random.u64());
    wide.push(view.getFloat64(0), Math.round(view.getInt32(0) / 1000) / 100);
  }
  expectPrinted('f64', wide.map((value) => [value]), wide.map(ofF64)); // prettier-ignore
  const narrow = wide.slice(0, 15).map(Math.fround);
  for (let i = 0; i < 6000; i++) {
    view.setBigUint64(0, random.u64());
    narrow.push(view.getFloat32(0), Math.fround(view.getInt16(0) / 100));
  }
  expectPrinted('f32', narrow.map((value) => [value]), narrow.map(ofF32)); // prettier-ignore
});

test('bool, char, byte and text; what is refused prints nothing', () => {
  const p = startRuntime();
  p.putItem(FREE, bytesOf('häß'));
  p.x.print_bool(1);
  p.x.print_bool(0);
  for (const point of [0x41, 0xe4, 0x20ac, 0x1f600, 0x10ffff, 0xd7ff, 0xe000])
    assert.equal(p.x.print_char(BigInt(point)), TRAP.NONE);
  for (const point of [0xd800n, 0xdfffn, 0x110000n, 1n << 32n, -1n])
    assert.equal(p.x.print_char(point), TRAP.PRINT_CHAR);
  assert.equal(p.x.print_byte(66n), TRAP.NONE);
  for (const byte of [256n, -1n]) assert.equal(p.x.print_byte(byte), TRAP.PRINT_BYTE);
  p.x.print_data(FREE);
  assert.equal(p.x.print_str(FREE), TRAP.NONE);
  assert.equal(p.text(), 'truefalseAä€😀\u{10ffff}\ud7ff\ue000Bhäßhäß');

  const end = p.view().byteLength;
  for (const at of [0, 63]) assert.equal(p.x.print_str(at), TRAP.NULL_POINTER);
  for (const at of [end - 3, end, -4, -1]) assert.equal(p.x.print_str(at), TRAP.BAD_POINTER, String(at));
  p.view().setUint32(end - 4, 0, true);
  assert.equal(p.x.print_str(end - 4), TRAP.NONE);
  for (const len of [1, -1]) {
    p.view().setInt32(end - 4, len, true);
    assert.equal(p.x.print_str(end - 4), TRAP.BAD_POINTER);
  }
});

// Pieces of every size around the buffer's.
const SIZES = [0, 1, 10, 4095, 4096, 4097, 1, 9000, 3000, 3000, 20000, 5];
function printSizes(/** @type {ReturnType<typeof startRuntime>} */ p, print = 'print_data') {
  let want = '';
  SIZES.forEach((size, at) => {
    const text = String.fromCharCode(97 + at).repeat(size);
    p.putItem(FREE, bytesOf(text));
    p.x[print](FREE);
    want += text;
    if (at % 2 === 0) p.flush();
  });
  p.flush();
  return want;
}

test('bytes go one by one, with a flush for each print call', () => {
  const p = startRuntime();
  assert.ok(printSizes(p) === p.text());
  assert.ok(p.pieces.every((piece) => piece.bytes.length === 1));
  assert.equal(p.flushes(), SIZES.length / 2 + 1);
});

test('blocks go when the print call ends or the buffer is full', () => {
  const p = startRuntime({ way: 'block' });
  assert.ok(printSizes(p) === p.text());
  assert.equal(p.flushes(), 0);
  p.pieces.length = 0;
  p.x.print_u64(12n);
  p.x.print_bool(1);
  assert.equal(p.pieces.length, 0);
  p.flush();
  p.flush();
  assert.deepEqual([p.pieces.length, p.text()], [1, '12true']);
  p.x.print_u64(7n);
  p.x.trap_block(1);
  assert.equal(p.text(), '12true7');
});

test('what is printed byte by byte leaves as texts do', () => {
  for (const way of /** @type {const} */ (['bytes', 'block', 'wasi'])) {
    const p = startRuntime({ way });
    const want = printSizes(p, 'print_data_small');
    if (way === 'wasi') p.x.start_wasi();
    assert.ok(p.text() === want, way);
    if (way !== 'bytes') assert.ok(p.pieces.every((piece) => piece.bytes.length <= 4096) && p.pieces.length < 20);
  }
});

test('a host that refuses ends the program', () => {
  for (const way of /** @type {const} */ (['bytes', 'block'])) {
    const p = startRuntime({ way, accept: () => false });
    assert.throws(() => {
      p.x.print_u64(1n);
      p.flush();
    }, WebAssembly.RuntimeError);
  }
});

test('wasi: written at a newline, when full, and at the end', () => {
  const p = startRuntime({ way: 'wasi' });
  p.x.print_u64(1n);
  p.flush();
  assert.equal(p.text(), '');
  p.x.print_byte(10n);
  assert.equal(p.text(), '');
  p.flush();
  assert.equal(p.text(), '1\n');
  const want = printSizes(p);
  p.x.start_wasi();
  assert.ok(p.text() === `1\n${want}`);
  const calls = p.pieces.length;
  p.x.start_wasi();
  assert.equal(p.pieces.length, calls);
});

test('wasi: parts, interruptions and full pipes are asked again', () => {
  const random = randomNumbers(9);
  const p = startRuntime({
    way: 'wasi',
    fdWrite(_fd, bytes) {
      const chance = random.below(4);
      return chance === 0 ? { error: 27 } : chance === 1 ? { error: 6 } : { take: 1 + random.below(bytes.length) };
    },
  });
  const want = printSizes(p);
  p.x.start_wasi();
  assert.ok(p.text() === want);
});

test('wasi: output that cannot be written ends the program with 10', () => {
  for (const answer of [{ error: 64 }, { error: 8 }, { take: 0 }, { take: 100 }]) {
    const p = startRuntime({ way: 'wasi', fdWrite: () => answer });
    p.x.print_u64(1n);
    assert.throws(() => p.x.start_wasi(), new Exit(10));
  }
});

test('wasi: a trap writes what waits, then says why and where, and exits with 40', () => {
  const NAMES = FREE;
  const PLACES = FREE + 64;
  const NONE = 0xffff_ffff;
  const places = [
    [NAMES, 0, 3],
    [NAMES, 7, NONE],
    [NAMES, NONE, NONE],
    [0, 1, 2],
  ];
  const cases = /** @type {const} */ ([
    ['DIV_ZERO', 0, ''],
    ['DIV_ZERO', 1, ' in `mäin`, block 0, instruction 3'],
    ['UNREACHABLE', 2, ' in `mäin`, block 7, terminator'],
    ['TYPE', 3, ' in `mäin`'],
    ['BOUNDS', 4, ''],
    ['BOUNDS', 5, ''],
    ['MEMORY', 1, ': 4096 bytes in `mäin`, block 0, instruction 3'],
    ['STACK', 2, ': 500 nested calls in `mäin`, block 7, terminator'],
  ]);
  for (const [name, place, rest] of cases) {
    const p = startRuntime({ way: 'wasi' });
    p.putItem(NAMES, bytesOf('mäin'));
    places.flat().forEach((value, at) => p.view().setUint32(PLACES + at * 4, value, true));
    p.setCell('places', PLACES);
    p.setCell('place_count', places.length);
    p.setCell('memory_limit', 4096);
    p.setCell('depth', 500);
    p.x.print_u64(5n);
    assert.throws(() => p.x.trap_wasi(TRAP[name] | (place << 6)), new Exit(40));
    assert.equal(p.text(1), '5');
    assert.equal(p.text(2), `error[execute-error]: ${SENTENCE[name]}${rest}\n`);
  }
});
