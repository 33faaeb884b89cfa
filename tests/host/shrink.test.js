// The last step of the build of our own wasm (backend/link/shrink.c), on modules as small as what it looks for.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ownFolder, project } from '../lib/files.mjs';
import { wasmOf } from '../lib/wat.mjs';

const SHRINK = join(project, 'backend/build/shrink');
const folder = ownFolder('shrink');

/** @param {string} name @param {Uint8Array} bytes */
function shrink(name, bytes) {
  const file = join(folder, `${name}.wasm`);
  writeFileSync(file, bytes);
  return spawnSync(SHRINK, [file]);
}

/** @type {[string, string, string][]} */
const CASES = [
  [
    'load',
    '(drop (i32.load offset=4 (i32.add (local.get 0) (i32.const 8))))',
    '(drop (i32.load offset=12 (local.get 0)))',
  ],
  [
    'store',
    '(i64.store16 offset=1 align=1 (i32.add (local.get 0) (i32.const 200)) (local.get 2))',
    '(i64.store16 offset=201 align=1 (local.get 0) (local.get 2))',
  ],
  ['value', '(drop (i32.add (local.get 0) (i32.const 8)))', ''],
  ['below', '(drop (i32.load offset=4 (i32.add (local.get 0) (i32.const -8))))', ''],
  ['table', '(drop (i32.load (i32.add (local.get 0) (i32.const 4096))))', ''],
  ['product', '(drop (i32.load (i32.mul (local.get 0) (i32.const 8))))', ''],
  ['kept', '(drop (i32.load (local.tee 1 (i32.add (local.get 0) (i32.const 8)))))', ''],
  // The sum is what is stored, not where.
  ['stored', '(i32.store (local.get 1) (i32.add (local.get 0) (i32.const 8)))', ''],
  ['far', '(i32.store (i32.add (local.get 0) (i32.const 8)) (i32.clz (local.get 1)))', ''],
  [
    'two',
    '(i32.store (i32.add (local.get 0) (i32.const 8)) (i32.load (i32.add (local.get 1) (i32.const 4))))',
    '(i32.store (i32.add (local.get 0) (i32.const 8)) (i32.load offset=4 (local.get 1)))',
  ],
  // A load of three bytes ends where the sum that it took in did.
  [
    'load of what was loaded',
    '(drop (i32.load (i32.load (i32.add (local.get 0) (i32.const 8)))))',
    '(drop (i32.load (i32.load offset=8 (local.get 0))))',
  ],
  ['branched', '(drop (i32.load (block (result i32) (i32.add (local.get 0) (i32.const 8)))))', ''],
];

const around = (/** @type {string} */ code) =>
  `(module (memory 1) (func (param i32) (local i32 i64) ${code}) (global i32 (i32.const 7)) (data (i32.const 3) "behind"))`;

for (const [name, before, after] of CASES) {
  test(`sums and offsets: ${name}`, () => {
    const { status, stdout } = shrink(name, wasmOf(around(before)));
    assert.equal(status, 0);
    assert.deepEqual(new Uint8Array(stdout), new Uint8Array(wasmOf(around(after || before))));
  });
}

test('the locals that are used most come first within their declaration', () => {
  const code = (/** @type {number[]} */ n) => `(module (func (param i32 i32) (local i32 i32 i32) (local f32 f32)
    (drop (local.get 1)) (drop (local.get ${n[0]})) (drop (local.get ${n[1]})) (drop (local.get ${n[1]}))
    (local.set ${n[2]} (f32.const 1)) (local.set ${n[2]} (local.tee ${n[2]} (local.get ${n[3]})))))`;
  const { status, stdout } = shrink('locals', wasmOf(code([3, 4, 6, 5])));
  assert.equal(status, 0);
  assert.deepEqual(new Uint8Array(stdout), new Uint8Array(wasmOf(code([3, 2, 5, 6]))));
});

test('what is no module is refused', () => {
  const { status, stderr } = shrink('none', Buffer.from('\0asm nothing'));
  assert.equal(status, 1);
  assert.equal(stderr.toString(), 'shrink: the file is no module\n');
});
