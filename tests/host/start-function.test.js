// Start functions of modules, which are called when there is an instance with its memory (runner/guest/start-function.js): what
// they may do, in which order things happen, how they fail, and that nobody sees how they come to be called.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assemble } from '../../fixtures/wat.mjs';
import { run } from '../../runner/index.js';

/** @typedef {import('../../runner/run.js').RunOptions} RunOptions */

const text = (/** @type {Uint8Array} */ bytes) => new TextDecoder().decode(bytes);
const wat = (/** @type {string} */ fields) => assemble('test', `(module ${fields})`);

/** Has `$say`, which writes one byte by WASI. @param {string} memory the field that brings the memory */
const says = (memory) => `
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32))) ${memory}
  (func $say (param $byte i32)
    (i32.store (i32.const 0) (i32.const 8)) (i32.store (i32.const 4) (i32.const 1))
    (i32.store (i32.const 8) (local.get $byte))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12))))`;
const OWN = '(memory (export "memory") 1)';
const say = (/** @type {string} */ letter) => `(call $say (i32.const ${letter.charCodeAt(0)}))`;

const starts = `(start $s) (func $s ${say('s')})`;

/** @type {[string, string, Partial<RunOptions>, string][]} */
const ORDERS = [
  [
    'after data segments',
    `${says(OWN)} (data (i32.const 64) "D") (start $s) (func $s (call $say (i32.load8_u (i32.const 64))))
     (func (export "_start"))`,
    {},
    'D',
  ],
  ['before the entry', `${says(OWN)} ${starts} (func (export "_start") ${say('e')})`, {}, 'se'],
  [
    'before _initialize',
    `${says(OWN)} ${starts} (func (export "_initialize") ${say('i')}) (func (export "go") ${say('g')})`,
    { calls: [{ name: 'go' }] },
    'sig',
  ],
  [
    'once, however many exports are called',
    `${says(OWN)} ${starts} (func (export "go") ${say('g')})`,
    { calls: [{ name: 'go' }, { name: 'go' }] },
    'sgg',
  ],
  [
    'on a memory that it imports',
    `${says('(import "x" "memory" (memory 1))')} ${starts} (func (export "_start"))`,
    { stub: true },
    's',
  ],
];

for (const [title, fields, options, said] of ORDERS) {
  test(`a start function runs ${title}`, async () => {
    const result = await run({ bytes: await wat(fields), ...options });
    assert.equal(result.code, 0, result.message);
    assert.equal(text(result.stdout), said);
  });
}

test('a start function without a memory that imports could see runs, and is told so at its first call', async () => {
  const result = await run({
    bytes: await wat(`${says('(memory (export "m") 1)')} ${starts} (func (export "_start"))`),
  });
  assert.match(result.message, /exports no memory/);
  assert.equal(result.position?.function, 'say');
});

test('an import can be the start function', async () => {
  const bytes = await wat('(import "aver" "terminal_clear" (func $clear)) (start $clear) (func (export "_start"))');
  const result = await run({ bytes });
  assert.equal(result.code, 0, result.message);
  assert.notEqual(result.screen, null, 'it has drawn');
});

test('linked modules start before what uses them, each on its own memory', async () => {
  const lib = `${says(OWN)} (start $s) (func $s ${say('l')} (global.set $ready (i32.const 1)))
    (global $ready (mut i32) (i32.const 0)) (func (export "f") (result i32) global.get $ready)`;
  const program = `(import "lib" "f" (func $f (result i32))) ${says(OWN)} (start $s)
    (func $s (call $say (i32.add (i32.const 48) (call $f)))) (func (export "_start") ${say('e')})`;
  const result = await run({ bytes: await wat(program), modules: { lib: await wat(lib) } });
  assert.equal(text(result.stdout), 'l1e', result.message);
});

const TRAPS = `(memory (export "memory") 1) (export "a" (func $deep))
  (func $deep unreachable) (func $s call $deep) (start $s) (func (export "_start"))`;

test('a trap has the places of the file', async () => {
  const bytes = await wat(TRAPS);
  const { message, stack } = await run({ bytes });
  assert.equal(message, 'unreachable code reached');
  assert.deepEqual(
    stack.map((each) => each.functionIndex),
    [0, 1],
  );
  const opcodes = stack.map(({ offset }) => bytes[/** @type {number} */ (offset)]);
  assert.deepEqual(opcodes, [0x00, 0x10], 'unreachable, and the call of it');
});

test('a trap while a linked module starts names that module', async () => {
  const result = await run({
    bytes: await wat('(import "lib" "a" (func $f)) (func (export "_start") call $f)'),
    modules: { lib: await wat(TRAPS) },
  });
  assert.equal(result.message, 'unreachable code reached');
  assert.match(String(result.position?.function), /of lib\.wasm$/);
});

test('what the engine refuses has its offset in the file', async () => {
  const bytes = await wat('(memory 1) (export "f" (func $s)) (func $s nop) (start $s) (func (export "_start") nop)');
  const broken = bytes.slice();
  const at = Buffer.from(broken).lastIndexOf(Buffer.of(0x01, 0x0b)); // `nop`, then the end of the last function
  broken[at] = 0x1a; // drop
  const { kind, position, message } = await run({ bytes: broken });
  assert.equal(kind, 'validate-error', message);
  assert.equal(position?.offset, at, message);
});

test('a start section that is malformed is refused with its place', async () => {
  const bytes = await wat('(func $s) (start $s) (func (export "_start"))');
  const broken = bytes.slice();
  const at = bytes.findIndex((byte, i) => byte === 8 && bytes[i + 1] === 1 && bytes[i + 2] === 0) + 2;
  broken[at] = 9;
  const { kind, position, message } = await run({ bytes: broken });
  assert.match(message, /function 9 does not exist.*\(section start at offset \d+\)/);
  assert.deepEqual([kind, position?.offset], ['deserialize-error', at]);
});

for (const exported of [[], ['start'], ["start'", 'start']]) {
  test(`nobody can call it by name, beside the exports: ${exported.join(' ') || 'none'}`, async () => {
    const exports = exported.map((name) => `(func (export "${name}") (result i32) i32.const 7)`).join(' ');
    const bytes =
      await wat(`(global $n (export "n") (mut i32) (i32.const 0)) (func $s (global.set $n (i32.const 1))) (start $s) ${exports}
      (func (export "main"))`);
    for (const name of ['start', "start'", "start''"]) {
      const { code, message, values } = await run({ bytes, calls: [{ name }] });
      if (exported.includes(name)) assert.deepEqual(values, ['7'], message);
      else assert.deepEqual([code !== 0, message], [true, `there is no exported function "${name}"`]);
    }
  });
}

test('a start function that never ends is stopped like any program', async () => {
  const bytes = await wat(
    '(memory (export "memory") 1) (func $s (loop $l (br $l))) (start $s) (func (export "_start"))',
  );
  const { message } = await run({ bytes, limits: { seconds: 0.2 } });
  assert.equal(message, 'time limit reached (0.2 s)');
});
