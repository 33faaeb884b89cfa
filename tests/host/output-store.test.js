// The bytes that a program printed: which stream they came from, also across blocks and where old ones were dropped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK_BYTES, OutputStore } from '../../web/output/store.js';

const encoder = new TextEncoder();

/** What a store holds, each part of one stream as `stream:text`. @param {OutputStore} store @param {number} [start] */
function shown(store, start = 0) {
  const decoder = new TextDecoder();
  return store
    .streams(start, store.totalBytes)
    .map(({ stream, start: from, end }) => `${stream}:${decoder.decode(store.slice(from, end))}`);
}

test('parts of a row tell their stream', () => {
  const store = new OutputStore();
  const given = /** @type {[string, 0 | 1 | 2][]} */ ([
    ['out ', 1],
    ['err', 2],
    ['', 0],
    ['or', 2],
    [' typed', 0],
    [' out\n', 1],
  ]);
  for (const [text, stream] of given) store.append(encoder.encode(text), stream);
  assert.deepEqual(shown(store), ['1:out ', '2:error', '0: typed', '1: out\n']);
  assert.deepEqual(shown(store, 5), ['2:rror', '0: typed', '1: out\n']);
  assert.deepEqual(shown(store, store.totalBytes), []);
  assert.deepEqual(store.streams(0, 4), [{ stream: 1, start: 0, end: 4 }]);
  store.clear();
  store.append(encoder.encode('new'));
  assert.deepEqual(shown(store), ['1:new']);
});

test('a stream goes on over the end of a block', () => {
  const store = new OutputStore();
  store.append(new Uint8Array(BLOCK_BYTES - 1).fill(46));
  store.append(encoder.encode('error'), 2);
  assert.deepEqual(store.streams(BLOCK_BYTES - 2, BLOCK_BYTES + 3), [
    { stream: 1, start: BLOCK_BYTES - 2, end: BLOCK_BYTES - 1 },
    { stream: 2, start: BLOCK_BYTES - 1, end: BLOCK_BYTES + 3 },
  ]);
});

test('more changes than are kept lose the oldest', () => {
  const store = new OutputStore();
  const byte = encoder.encode('x');
  for (let count = 0; count < 150_000; count++) store.append(byte, count % 2 ? 2 : 1);
  const end = store.totalBytes;
  assert.deepEqual(store.streams(end - 3, end), [
    { stream: 2, start: end - 3, end: end - 2 },
    { stream: 1, start: end - 2, end: end - 1 },
    { stream: 2, start: end - 1, end },
  ]);
  assert.deepEqual(store.streams(0, 10), [{ stream: 1, start: 0, end: 10 }]);
});

test('a row that is gone is empty', () => {
  const store = new OutputStore();
  store.append(encoder.encode('one\ntwo\n'));
  assert.equal(new TextDecoder().decode(store.row(1).bytes), 'two');
  store.clear();
  assert.equal(store.row(1).bytes.length, 0);
});

test('what takes longer to scan than a page may be held is scanned on in tasks of their own', async (t) => {
  // Each look at the clock is ten milliseconds after the one before.
  let now = 0;
  t.mock.method(performance, 'now', () => (now += 10));
  const store = new OutputStore();
  const lines = 3 * (BLOCK_BYTES / 2);
  const scanned = new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    store.onChange(() => store.endRow === lines && resolve());
  });
  store.append(encoder.encode('x\n'.repeat(lines)));
  assert.equal(store.endRow, lines / 3);
  await scanned;
});
