// Memory that the engine refuses when an instance is made: asked for again, then told with its size; and what stands in
// for imported memories, tables and globals, which is held to the same limits (runner/guest/instantiate.js, stand-ins.js).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assemble } from '../../fixtures/wat.mjs';
import { run } from '../../runner/index.js';
import { GuestTrap } from '../../runner/guest/ends.js';
import { instantiate } from '../../runner/guest/instantiate.js';
import { standIn } from '../../runner/guest/stand-ins.js';

const plan = /** @type {any} */ ({ memoryAtStart: 16 * 65536, memoryBytes: 32 * 65536 });
const WORDS = [
  'WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance',
  'WebAssembly.Memory(): could not allocate memory',
  'WebAssembly.instantiate(): Out of memory: wasm memory',
  'failed to allocate memory',
];

/** Is refused memory so many times. */
function refusing(/** @type {number} */ times, /** @type {string} */ words) {
  const made = () => {
    made.calls += 1;
    if (made.calls <= times) throw new RangeError(words);
    return 'an instance';
  };
  made.calls = 0;
  return made;
}

for (const words of WORDS) {
  test(`asked again after: ${words}`, async () => {
    const twice = refusing(2, words);
    assert.equal(await instantiate(plan, twice, [0, 0]), 'an instance');
    assert.equal(twice.calls, 3);
    const always = refusing(9, words);
    await assert.rejects(
      () => instantiate(plan, always, [0, 0]),
      (thrown) =>
        thrown instanceof GuestTrap &&
        /^the host has no room for 1048576 bytes of memory at first, at most 2097152: .*try again/.test(thrown.message),
    );
    assert.equal(always.calls, 3);
  });
}

test('what the module itself throws is not tried again', async () => {
  for (const thrown of [
    new WebAssembly.RuntimeError('unreachable'),
    new RangeError('Maximum call stack size exceeded'),
    new WebAssembly.LinkError('Import #0'),
    new GuestTrap('the program ran out of memory'),
  ]) {
    let calls = 0;
    const make = () => {
      calls += 1;
      throw thrown;
    };
    await assert.rejects(
      () => instantiate(plan, make, [0]),
      (seen) => seen === thrown,
    );
    assert.equal(calls, 1);
  }
});

/** @param {string} fields @param {object} [options] */
const stubbed = async (fields, options) =>
  run({ bytes: await assemble('test', `(module ${fields})`), stub: true, ...options });

test('a memory that stands in has the limit of the module’s own', async () => {
  const grows = `(import "env" "memory" (memory 1)) (func (export "main") (result i32)
    (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) memory.size)`;
  assert.equal((await stubbed(grows, { limits: { memory: 20 * 65536 } })).exitValue, '20');
  assert.equal((await stubbed(grows.replace('(memory 1)', '(memory 1 5)'))).exitValue, '5');
  const large = await stubbed(grows.replace('(memory 1)', '(memory 30)'), { limits: { memory: 20 * 65536 } });
  assert.deepEqual(
    [large.code, large.message],
    [40, 'memory limit reached: the memory env.memory starts with 30 pages, but the limit is 20'],
  );
});

test('what cannot stand in is named, without the engine’s words', () => {
  const table = { module: 'env', name: 't', kind: 'table', type: '4000000000.. funcref', fate: 'missing' };
  const limits = { initial: 4_000_000_000, maximum: null, shared: false, is64: false };
  const io = /** @type {any} */ ({ request: { limits: {} }, warn: () => {} });
  assert.throws(() => standIn(/** @type {any} */ ({ ...table, limits }), io, null), {
    message: 'the table env.t (4000000000.. funcref) cannot be made here',
  });
});
