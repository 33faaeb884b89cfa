// 128-bit arithmetic and conversions of compiled programs, held against BigInt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomNumbers, startRuntime } from './runtime-harness.js';

const p = startRuntime();
const x = p.x;
const halves = (/** @type {bigint} */ value) => [BigInt.asIntN(64, value), BigInt.asIntN(64, value >> 64n)];
const signed = (/** @type {bigint} */ value) => BigInt.asIntN(128, value);
const unsigned = (/** @type {bigint} */ value) => BigInt.asUintN(128, value);
const whole = (/** @type {bigint} */ low) => (p.high() << 64n) | BigInt.asUintN(64, low);

const random = randomNumbers(7);
/** @type {bigint[]} */
const edges = [];
for (let i = 0n; i < 128n; i++) edges.push(1n << i, (1n << i) - 1n, unsigned(-(1n << i)), unsigned(1n - (1n << i)));
const any = () => (random.below(3) === 0 ? edges[random.below(edges.length)] : random.sized(128));

test('product, quotient, remainder and shifts', () => {
  for (let i = 0; i < 30000; i++) {
    const a = any();
    const b = any();
    const both = [...halves(a), ...halves(b)];
    assert.equal(whole(x.mul_128(...both)), unsigned(a * b), `${a} * ${b}`);
    const by = random.below(128);
    assert.equal(whole(x.shl_128(...halves(a), by)), unsigned(a << BigInt(by)), `${a} << ${by}`);
    assert.equal(whole(x.shr_u128(...halves(a), by)), a >> BigInt(by), `${a} >> ${by}`);
    assert.equal(whole(x.shr_i128(...halves(a), by)), unsigned(signed(a) >> BigInt(by)), `${signed(a)} >> ${by}`);
    if (b === 0n) continue;
    assert.equal(whole(x.div_u128(...both)), a / b, `${a} / ${b}`);
    assert.equal(whole(x.rem_u128(...both)), a % b, `${a} % ${b}`);
    if (signed(a) === -(1n << 127n) && signed(b) === -1n) continue;
    assert.equal(whole(x.div_i128(...both)), unsigned(signed(a) / signed(b)), `${signed(a)} / ${signed(b)}`);
    assert.equal(whole(x.rem_i128(...both)), unsigned(signed(a) % signed(b)), `${signed(a)} % ${signed(b)}`);
  }
});

/** Nearest f32, ties to even, in one rounding. */
function toF32(/** @type {bigint} */ value) {
  const size = value < 0n ? -value : value;
  const cut = BigInt(Math.max(0, size.toString(2).length - 26));
  // 26 bits, the last of them set if anything below is: f64 holds them exactly.
  const top = (size >> cut) | (size & ((1n << cut) - 1n) ? 1n : 0n);
  return Math.fround(Number(top) * 2 ** Number(cut)) * (value < 0n ? -1 : 1);
}

test('integers to floats: nearest, ties to even', () => {
  for (let i = 0; i < 20000; i++) {
    // Often just at and beside the middle between two floats.
    const tie = random.below(3) ? 0n : ((random.u64() >> 40n) * 2n + 1n) << BigInt(20 + random.below(80));
    const a = tie ? unsigned(tie + BigInt(random.below(3) - 1)) : any();
    const both = halves(a);
    assert.equal(x.u128_to_f64(...both), Number(a), `${a}`);
    assert.equal(x.i128_to_f64(...both), Number(signed(a)), `${signed(a)}`);
    assert.equal(x.u128_to_f32(...both), toF32(a), `${a}`);
    assert.equal(x.i128_to_f32(...both), toF32(signed(a)), `${signed(a)}`);
  }
});

test('floats to integers: toward zero, saturating, NaN gives 0', () => {
  const floats = [0, -0, 0.5, -0.5, 0.999, -0.999, NaN, Infinity, -Infinity, 1e308, -1e308, 5e-324];
  for (const bits of [31, 32, 63, 64, 127, 128])
    for (const sign of [1, -1])
      for (const near of [1, 1 - 2 ** -53, 1 + 2 ** -52]) floats.push(sign * 2 ** bits * near);
  for (const add of [-1, -0.5, 0.5, 1]) floats.push(2 ** 31 + add, -(2 ** 31) + add, 2 ** 32 + add);
  const view = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < 20000; i++) {
    view.setBigUint64(0, random.u64());
    floats.push(view.getFloat64(0), (random.below(2) ? 1 : -1) * Number(random.sized(128)) * 1.37);
  }
  const cut = (/** @type {number} */ value, /** @type {number} */ bits, /** @type {boolean} */ negative) => {
    const most = (1n << BigInt(negative ? bits - 1 : bits)) - 1n;
    const least = negative ? -most - 1n : 0n;
    if (Number.isNaN(value)) return 0n;
    const exact = Number.isFinite(value) ? BigInt(Math.trunc(value)) : value > 0 ? most : least;
    return exact > most ? most : exact < least ? least : exact;
  };
  for (const value of floats) {
    assert.equal(BigInt(x.f64_to_i32(value)), cut(value, 32, true), `i32 ${value}`);
    assert.equal(BigInt(x.f64_to_u32(value) >>> 0), cut(value, 32, false), `u32 ${value}`);
    assert.equal(x.f64_to_i64(value), cut(value, 64, true), `i64 ${value}`);
    assert.equal(BigInt.asUintN(64, x.f64_to_u64(value)), cut(value, 64, false), `u64 ${value}`);
    assert.equal(whole(x.f64_to_u128(value)), cut(value, 128, false), `u128 ${value}`);
    assert.equal(signed(whole(x.f64_to_i128(value))), cut(value, 128, true), `i128 ${value}`);
  }
});
