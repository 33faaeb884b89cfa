// The heap of compiled programs against a model of it, and rows that moved pointers reach.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TRAP, randomNumbers, startRuntime } from './runtime-harness.js';

const BASE = 16384;

function startHeap() {
  const p = startRuntime();
  p.setCell('heap_base', BASE);
  const out = (/** @type {bigint} */ value) => ({
    address: Number(BigInt.asUintN(32, value)),
    trap: Number(BigInt.asUintN(64, value) >> 32n),
  });
  const x = p.x;
  /** @typedef {number | bigint} N */
  return {
    ...p,
    alloc: (/** @type {N} */ count, /** @type {number} */ size) => out(x.heap_alloc(BigInt(count), size)),
    realloc: (/** @type {N} */ at, /** @type {N} */ from, /** @type {N} */ to, /** @type {number} */ size) =>
      out(x.heap_realloc(BigInt(at), BigInt(from), BigInt(to), size)),
    free: (/** @type {N} */ at, /** @type {N} */ count) => x.heap_free(BigInt(at), BigInt(count)),
    copy: (/** @type {N} */ from, /** @type {N} */ to, /** @type {N} */ count, /** @type {number} */ size) =>
      x.heap_copy(BigInt(from), BigInt(to), BigInt(count), size),
    count: (/** @type {number} */ row) => p.view().getUint32(row - 4, true),
    row: (/** @type {number} */ row, /** @type {number} */ bytes) => new Uint8Array(x.memory.buffer, row, bytes),
  };
}

test('random sequences: rows are zeroed, apart from each other, counted, and keep what is in them', () => {
  const random = randomNumbers(11);
  const h = startHeap();
  /** @type {{ row: number, count: number, size: number, bytes: Uint8Array }[]} */
  const live = [];
  const fill = (/** @type {typeof live[0]} */ one, from = 0) => {
    for (let i = from; i < one.bytes.length; i++) one.bytes[i] = random.below(256);
    h.row(one.row, one.bytes.length).set(one.bytes);
  };
  const same = (/** @type {typeof live[0]} */ one) => {
    assert.equal(h.count(one.row), one.count);
    assert.ok(Buffer.compare(h.row(one.row, one.bytes.length), one.bytes) === 0, `row ${one.row}`);
  };
  for (let step = 0; step < 20000; step++) {
    const kind = random.below(10);
    const at = random.below(live.length || 1);
    const size = [1, 2, 4, 8, 16, 24][random.below(6)];
    const count = 1 + random.below(random.below(50) === 0 ? 3000 : 40);
    if (kind < 4 || live.length === 0) {
      const { address: row, trap } = h.alloc(count, size);
      assert.deepEqual([trap, row % 16], [TRAP.NONE, 0]);
      const one = { row, count, size, bytes: new Uint8Array(count * size) };
      same(one);
      fill(one);
      live.push(one);
    } else if (kind < 6) {
      const one = live[at];
      const { address: row, trap } = h.realloc(one.row, one.count, count, one.size);
      assert.equal(trap, TRAP.NONE);
      const bytes = new Uint8Array(count * one.size);
      bytes.set(one.bytes.subarray(0, bytes.length));
      const from = Math.min(one.bytes.length, bytes.length);
      live[at] = { row, count, size: one.size, bytes };
      same(live[at]);
      fill(live[at], from);
    } else if (kind < 8) {
      const [one] = live.splice(at, 1);
      same(one);
      assert.equal(h.free(one.row, 1 + random.below(one.count)), TRAP.NONE);
      assert.equal(h.free(one.row, 1), TRAP.NOT_A_HEAP_POINTER);
    } else {
      const from = live[at];
      const to = live[random.below(live.length)];
      if (from.size !== to.size) continue;
      const n = random.below(Math.min(from.count, to.count) + 1);
      const start = random.below(from.count - n + 1);
      const pointer = BigInt(from.row) | (BigInt(start) << 32n);
      assert.equal(h.copy(pointer, to.row, n, to.size), TRAP.NONE);
      to.bytes.set(from.bytes.slice(start * from.size, (start + n) * from.size));
    }
    if (step % 500 === 0) live.forEach(same);
  }
  live.forEach(same);
  const rows = live.map(({ row, bytes }) => [row - 16, row + bytes.length]).sort((a, b) => a[0] - b[0]);
  assert.ok(rows[0][0] >= BASE);
  for (let i = 1; i < rows.length; i++) assert.ok(rows[i][0] >= rows[i - 1][1]);
});

test('what a program must not do', () => {
  const h = startHeap();
  // Before anything was allocated.
  assert.equal(h.free(BASE + 16, 1), TRAP.NOT_A_HEAP_POINTER);
  assert.equal(h.copy(BASE + 16, BASE + 16, 1, 4), TRAP.NOT_A_HEAP_POINTER);
  assert.equal(h.realloc(100, 1, 2, 4).trap, TRAP.NOT_A_HEAP_POINTER);
  assert.deepEqual(h.alloc(0, 8), { address: 0, trap: TRAP.NONE });
  const { address: row } = h.alloc(10, 8);
  assert.ok(row > BASE);
  assert.equal(h.alloc(-1, 8).trap, TRAP.ALLOC_COUNT);
  assert.equal(h.alloc(1n << 32n, 1).trap, TRAP.ALLOC_COUNT);
  assert.equal(h.alloc(0xffff_ffffn, 8).trap, TRAP.MEMORY);
  assert.equal(h.alloc(0xffff_ffffn, 1).trap, TRAP.MEMORY);
  assert.equal(h.free(0, 5), TRAP.NONE);
  assert.equal(h.free(row, 0), TRAP.NONE);
  assert.equal(h.free(row, 11), TRAP.HEAP_RANGE);
  assert.equal(h.free(row, 1n << 32n), TRAP.ALLOC_COUNT);
  assert.equal(h.free(16, 1), TRAP.NOT_A_HEAP_POINTER);
  assert.equal(h.free(row + 4096, 1), TRAP.NOT_A_HEAP_POINTER);
  assert.equal(h.realloc(row, 11, 20, 8).trap, TRAP.HEAP_RANGE);
  assert.equal(h.realloc(row, 10, -1, 8).trap, TRAP.ALLOC_COUNT);
  assert.equal(h.copy(row, row, 11, 8), TRAP.HEAP_RANGE);
  assert.equal(h.copy(BigInt(row) | (0xffff_ffffn << 32n), row, 1, 8), TRAP.HEAP_RANGE);
  assert.equal(h.copy(row, row, 1n << 32n, 8), TRAP.HEAP_RANGE);
  assert.equal(h.realloc(row, 10, 0, 8).trap, TRAP.NONE);
  assert.equal(h.free(row, 1), TRAP.NOT_A_HEAP_POINTER);
});

test('memory that is out is a trap, and what is left can be used', () => {
  const h = startHeap();
  const { address: large, trap } = h.alloc(200 << 20, 1);
  assert.equal(trap, TRAP.NONE);
  assert.equal(h.alloc(100 << 20, 1).trap, TRAP.MEMORY);
  assert.equal(h.alloc(10, 8).trap, TRAP.NONE);
  assert.equal(h.free(large, 1), TRAP.NONE);
  assert.deepEqual(h.alloc(200 << 20, 1), { address: large, trap: TRAP.NONE });
  // Small rows until no more fit: the set of live rows grows along with them.
  const small = startHeap();
  let rows = 0;
  while (small.alloc(4000, 8).trap === TRAP.NONE) rows++;
  assert.ok(rows > 7800, `${rows} rows`);
  assert.equal(small.view().byteLength, 256 << 20);
});

test('a header that the program overwrote harms no other row', () => {
  const h = startHeap();
  const rows = Array.from({ length: 8 }, () => h.alloc(4, 4).address);
  for (const row of rows.slice(0, 4)) assert.equal(h.free(row, 4), TRAP.NONE);
  // The list of free blocks is in their headers: lead it astray.
  for (const next of [8, rows[6], 0xffff_fff0, h.view().byteLength]) {
    h.view().setUint32(rows[3] - 8, next, true);
    const { address } = h.alloc(4, 4);
    assert.ok(!rows.slice(4).includes(address));
    h.free(address, 4);
  }
  h.view().setUint32(rows[5] - 16, 1 << 30, true);
  assert.equal(h.free(rows[5], 4), TRAP.NOT_A_HEAP_POINTER);
});

test('elements of rows by moved pointers', () => {
  const h = startHeap();
  const end = h.view().byteLength;
  const moved = (/** @type {number} */ at, /** @type {number} */ by) =>
    BigInt.asIntN(64, BigInt.asUintN(32, BigInt(at)) | (BigInt(by) << 32n));
  const trap = (/** @type {string} */ name) => BigInt(TRAP[name]) << 32n;
  /** @type {[bigint, bigint, number, number, bigint][]} */
  const cases = [
    [moved(BASE, 0), 3n, 4, 8, BigInt(BASE + 24)],
    [moved(BASE, 0), 4n, 4, 8, trap('BOUNDS')],
    [moved(BASE, 2), 1n, 4, 8, BigInt(BASE + 24)],
    [moved(BASE, 2), 2n, 4, 8, trap('BOUNDS')],
    [moved(BASE, -3), 3n, 4, 8, BigInt(BASE)],
    [moved(BASE, -3), 2n, 4, 8, trap('BOUNDS')],
    [moved(BASE, 0), -1n, 4, 8, trap('BOUNDS')],
    [moved(BASE, 1), -1n, 4, 8, trap('BOUNDS')],
    [moved(BASE, 0x7fff_ffff), 0x7fff_ffff_ffff_ffffn, -1, 8, trap('BOUNDS')],
    [moved(63, 0), 0n, 4, 8, trap('NULL_POINTER')],
    [moved(64, 0), 0n, 4, 8, 64n],
    [moved(end, 0), 0n, 4, 8, trap('BAD_POINTER')],
    [moved(end + 1, 0), 0n, 4, 8, trap('BAD_POINTER')],
    [moved(BASE, 0), 0xffff_fffen, -1, -1, trap('BAD_POINTER')],
  ];
  for (const [pointer, index, count, size, want] of cases) {
    assert.equal(h.x.row_element(pointer, index, count, size), want, `${pointer} ${index}`);
    const row = Number(BigInt.asUintN(32, pointer));
    if (row < 64 || row > end) continue;
    h.view().setInt32(row - 4, count, true);
    assert.equal(h.x.heap_row_element(pointer, index, size), want, `heap ${pointer} ${index}`);
  }
  assert.equal(h.x.heap_row_element(moved(63, 0), 0n, 8), trap('NULL_POINTER'));
  assert.equal(h.x.heap_row_element(moved(-1, 0), 0n, 8), trap('BAD_POINTER'));

  for (const [by, more, want] of /** @type {const} */ ([
    [0, 5n, 5],
    [7, -9n, -2],
    [0x7fff_ffff, 1n, 0x7fff_ffff],
    [-0x8000_0000, -1n, -0x8000_0000],
    [0, 1n << 40n, 0x7fff_ffff],
    [5, (1n << 63n) - 1n, 0x7fff_ffff],
    [-5, -(1n << 63n), -0x8000_0000],
  ]))
    assert.equal(h.x.moved_pointer(moved(-16, by), more), moved(-16, want));
});

test('blocks copied and zeroed without bulk memory', () => {
  const random = randomNumbers(5);
  const p = startRuntime();
  const memory = new Uint8Array(p.x.memory.buffer);
  for (let i = BASE; i < BASE + 1024; i++) memory[i] = random.below(256);
  for (let round = 0; round < 2000; round++) {
    const [to, from, n] = [BASE + random.below(900), BASE + random.below(900), random.below(100)];
    const want = memory.slice();
    if (round % 2) want.copyWithin(to, from, from + n);
    else want.fill(0, to, to + n);
    if (round % 2) p.x.copy(to, from, n);
    else p.x.fill(to, n);
    assert.ok(Buffer.compare(memory, want) === 0, `${to} ${from} ${n}`);
    memory[BASE + random.below(1024)] = random.below(256);
  }
});
