// Section 17's rules that no corpus file shows: pointers, lengths, resets, and one run leaving nothing for the next.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { goodCases } from './cases.mjs';
import { loadContract } from './contract-host.mjs';
import { WASM } from './modes.mjs';

const wasm = readFileSync(WASM);
const cases = new Map(goodCases().map((item) => [item.name, item]));

/** @param {string} name */
function item(name) {
  const found = cases.get(name);
  assert.ok(found, name);
  return found;
}

const fizz = item('fizz.v2');
const panics = item('array_oob.v3');
const wraps = item('wrap_i32.v1');

test('the module imports nothing', () => {
  assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(wasm)), []);
});

test('before a run every getter gives 0 or nothing', async () => {
  const host = await loadContract(wasm);
  const empty = { code: 0, exitValue: null, message: '', stdout: Buffer.alloc(0), trace: '' };
  assert.deepEqual(host.results(), empty);
  assert.equal(host.exports.jsrust_wasm_result_exit_value(), 0n);
  host.run(wraps.bytes, wraps.entry, { trace: true });
  host.reset();
  assert.deepEqual(host.results(), empty);
  assert.equal(host.exports.jsrust_wasm_result_exit_value(), 0n);
});

test('a second run without reset starts empty', async () => {
  const host = await loadContract(wasm);
  host.run(fizz.bytes, fizz.entry, { trace: true });
  const second = host.run(fizz.bytes, fizz.entry, { reset: false });
  assert.deepEqual([second.code, second.stdout, second.trace], [0, fizz.stdout, '']);
});

test('a run after a failed one is as the first', async () => {
  const host = await loadContract(wasm);
  const first = host.run(fizz.bytes, fizz.entry);
  assert.equal(host.run(panics.bytes, panics.entry).code, 40);
  assert.equal(host.run(Buffer.from('nonsense'), 'main').code, 20);
  assert.deepEqual(host.run(fizz.bytes, fizz.entry), first);
});

test('10,000 runs: the last behaves as the first, in the same memory', async () => {
  const host = await loadContract(wasm);
  const first = host.run(fizz.bytes, fizz.entry);
  for (let i = 0; i < 100; i++) host.run(fizz.bytes, fizz.entry);
  const size = host.exports.memory.buffer.byteLength;
  for (let i = 0; i < 9_900; i++) host.run(i % 7 === 0 ? panics.bytes : fizz.bytes, 'main');
  assert.deepEqual(host.run(fizz.bytes, fizz.entry), first);
  assert.equal(host.exports.memory.buffer.byteLength, size);
});

test('an empty entry name means main', async () => {
  const host = await loadContract(wasm);
  assert.deepEqual(host.run(fizz.bytes, '').stdout, fizz.stdout);
});

test('an unknown entry gives 40 and its known sentence', async () => {
  const host = await loadContract(wasm);
  const { code, message, trace } = host.run(fizz.bytes, 'nobody', { trace: true });
  assert.equal(code, 40);
  assert.match(message, /entry function not found/);
  assert.equal(trace, '');
});

test('input of length 0 gives 20', async () => {
  const host = await loadContract(wasm);
  assert.equal(host.run(Buffer.alloc(0), 'main').code, 20);
});

test('spans that lie outside memory give 100 and no trap', async () => {
  const host = await loadContract(wasm);
  const { exports } = host;
  const end = exports.memory.buffer.byteLength;
  const at = exports.jsrust_wasm_alloc(16);
  for (const [input, length, entry, entryLength] of [
    [0, 16, 0, 0],
    [at, 16, 0, 4],
    [end - 8, 64, 0, 0],
    [-16, 64, 0, 0],
    [at, -1, 0, 0],
    [at, 16, end - 2, 8],
    [at, 16, -1, -1],
  ]) {
    assert.equal(exports.jsrust_wasm_run(input, length, entry, entryLength, 0), 100, `${[input, length, entry]}`);
    assert.equal(exports.jsrust_wasm_result_code(), 100);
    assert.ok(exports.jsrust_wasm_result_message_len() > 0);
  }
  assert.deepEqual(host.run(fizz.bytes, fizz.entry).stdout, fizz.stdout);
});

test('alloc gives 0 for size 0 and for more than there is', async () => {
  const { exports } = await loadContract(wasm);
  assert.equal(exports.jsrust_wasm_alloc(0), 0);
  assert.equal(exports.jsrust_wasm_alloc(0xffffffff), 0);
  const [first, second] = [exports.jsrust_wasm_alloc(100), exports.jsrust_wasm_alloc(100)];
  assert.ok(first !== 0 && second !== 0 && Math.abs(second - first) >= 100);
});

test('any non-zero value turns the trace on, and a trace changes nothing else', async () => {
  const host = await loadContract(wasm);
  const { exports } = host;
  const plain = host.run(fizz.bytes, fizz.entry);
  exports.jsrust_wasm_reset();
  const at = exports.jsrust_wasm_alloc(fizz.bytes.length);
  new Uint8Array(exports.memory.buffer).set(fizz.bytes, at);
  exports.jsrust_wasm_run(at, fizz.bytes.length, 0, 0, -7);
  const traced = host.results();
  assert.match(traced.trace, /^block \d+\n/);
  assert.deepEqual({ ...traced, trace: '' }, plain);
});

test('a trace is kept up to and including the instruction that fails', async () => {
  const host = await loadContract(wasm);
  const { code, stdout, trace } = host.run(panics.bytes, panics.entry, { trace: true });
  assert.deepEqual([code, stdout], [40, panics.stdout]);
  assert.match(trace, /inst \d+(?: -> v\d+)?\n$/);
});
