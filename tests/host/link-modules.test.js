// Modules linked to a program: which import is served by which export, what does not fit and how that is said, whose memory a
// call means, and linked modules that mean harm. Programs of the real compiler are in tests/conformance/modules.test.js.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assemble } from '../../fixtures/wat.mjs';
import { outcomeOf } from '../../runner/guest/outcome.js';
import { openLinked } from '../../runner/module/open.js';
import { instantiateTools } from '../../runner/module/tools.js';
import { moduleHost } from '../../runner/node/module-host.js';
import { run } from '../../runner/index.js';

/** @typedef {import('../../runner/run.js').RunOptions} RunOptions */

const text = (/** @type {Uint8Array} */ bytes) => new TextDecoder().decode(bytes);
const wat = (/** @type {string} */ fields) => assemble('test', `(module ${fields})`);

/** @param {string} program @param {Record<string, string>} modules @param {Partial<RunOptions>} [options] */
async function runLinked(program, modules, options = {}) {
  const made = await Promise.all(Object.entries(modules).map(async ([name, fields]) => [name, await wat(fields)]));
  return run({ bytes: await wat(program), modules: Object.fromEntries(made), ...options });
}

const CALL_F = '(import "lib" "f" (func $f (result i32))) (func (export "main") (result i32) call $f)';
const give = (/** @type {number} */ value) => `(func (export "f") (result i32) i32.const ${value})`;

test('functions, memories, globals and tables of a linked module are the program’s own', async () => {
  const result = await runLinked(
    `(import "lib" "put" (func $put (param i32)))
     (import "lib" "memory" (memory 1))
     (import "lib" "count" (global $count (mut i32)))
     (import "lib" "table" (table 1 funcref))
     (type $t (func (result i32)))
     (func (export "main") (result i32)
       i32.const 40 call $put
       (global.set $count (i32.add (global.get $count) (i32.const 1)))
       (i32.add (i32.load (i32.const 8)) (call_indirect (type $t) (i32.const 0))))`,
    {
      lib: `(memory (export "memory") 1) (global $count (export "count") (mut i32) (i32.const 1))
        (table (export "table") 1 funcref) (elem (i32.const 0) $get)
        (func $get (result i32) global.get $count)
        (func (export "put") (param i32) (i32.store (i32.const 8) (local.get 0)))`,
    },
  );
  assert.equal(result.exitValue, '42', result.message);
});

test('a constant may be imported by a type that its own is a subtype of', async () => {
  const tools = instantiateTools(await moduleHost.tools(undefined));
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  /** (import "lib" "x" (global TYPE)) */
  const program = (/** @type {number[]} */ ...type) =>
    Uint8Array.from([...header, 2, 8 + type.length, 1, 3, 0x6c, 0x69, 0x62, 1, 0x78, 3, ...type]);
  // (func) (global (export "x") (ref func) (ref.func 0))
  const sections = [1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 6, 7, 1, 0x64, 0x70, 0, 0xd2, 0, 0x0b, 7, 5, 1, 1, 0x78, 3, 0];
  const lib = Uint8Array.from([...header, ...sections, 10, 4, 1, 2, 0, 0x0b]);
  const fate = (/** @type {number[]} */ ...type) =>
    openLinked(tools, program(...type), new Map([['lib', lib]])).plan?.imports[0].fate;
  assert.equal(fate(0x70, 0), 'linked'); // funcref
  assert.equal(fate(0x70, 1), 'missing'); // mut funcref
  assert.equal(fate(0x7f, 0), 'missing'); // i32
});

test('linked modules import from each other, in whatever order they are given', async () => {
  const up = (/** @type {string} */ from) =>
    `(import "${from}" "f" (func $f (result i32))) (func (export "f") (result i32) (i32.add (call $f) (i32.const 1)))`;
  const result = await runLinked(CALL_F, { lib: up('b'), b: up('c'), c: give(5) });
  assert.equal(result.exitValue, '7', result.message);
});

test('names that objects have by themselves are names like others', async () => {
  const result = await runLinked(
    `(import "__proto__" "constructor" (func $f (result i32))) (func (export "main") (result i32) call $f)`,
    { ['__proto__']: '(func (export "constructor") (result i32) i32.const 3)' },
  );
  assert.equal(result.exitValue, '3', result.message);
});

test('a module that has to be set up is, before anybody calls it; its own start is nobody’s', async () => {
  const result = await runLinked(CALL_F, {
    lib: `(global $ready (mut i32) (i32.const 0))
      (func (export "_initialize") (global.set $ready (i32.const 9))) (func (export "_start") unreachable)
      (func (export "f") (result i32) global.get $ready)`,
  });
  assert.equal(result.exitValue, '9', result.message);
});

/** Has `$say`, which writes four bytes from 16 on by WASI; `memory` is the field that brings the memory. */
const says = (/** @type {string} */ memory) => `
  (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32))) ${memory}
  (func $say (export "say") (i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (i32.const 4))
    (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))`;

for (const [whose, memory, said] of [
  ['its own memory', '(memory (export "memory") 1) (data (i32.const 16) "app\\n")', 'lib\napp\nlib\n'],
  ['the memory that both have', '(import "lib" "memory" (memory 1))', 'lib\nlib\nlib\n'],
]) {
  test(`a call of a linked module means ${whose}`, async () => {
    const result = await runLinked(
      `(import "lib" "say" (func $lib)) ${says(memory)} (func (export "_start") call $lib call $say call $lib)`,
      { lib: says('(memory (export "memory") 1) (data (i32.const 16) "lib\\n")') },
      { trace: true },
    );
    assert.equal(text(result.stdout), said, result.message);
    assert.equal(result.trace.count, 3);
  });
}

test('what a linked module leaves out of an ABI is served here', async () => {
  const result = await runLinked(
    `(import "aver" "random_int" (func $r (param i64 i64) (result i64)))
     (import "aver" "console_print" (func $p (param i32 i32)))
     (memory (export "memory") 1) (data (i32.const 200) "said")
     (func (export "main") (result i64) (call $p (i32.const 200) (i32.const 4)) (call $r (i64.const 1) (i64.const 6)))`,
    { aver: '(func (export "random_int") (param i64 i64) (result i64) i64.const 77)' },
    { calls: [{ name: 'main' }] },
  );
  assert.deepEqual([result.values, text(result.stdout)], [['77'], 'said'], result.message);
});

/** What is imported from `lib`, what `lib` has, and what is said of it. @type {[string, string, RegExp][]} */
const unfit = [
  ['(func)', '', /lib\.x \(\) -> \(\): lib\.wasm does not export it/],
  ['(func)', '(memory (export "x") 1)', /lib\.wasm exports it as a memory/],
  [
    '(func (param i32))',
    '(func (export "x") (param i64))',
    /lib\.x \(i32\) -> \(\): lib\.wasm exports it with another type, `\(i64\) -> \(\)`/,
  ],
  ['(global i32)', '(global (export "x") (mut i32) (i32.const 0))', /another type, `mut i32`/],
  ['(table 1 funcref)', '(table (export "x") 1 externref)', /another type, `1\.\. externref`/],
  ['(table 2 funcref)', '(table (export "x") 1 funcref)', /other limits, `1\.\. funcref`/],
  ['(memory 2)', '(memory (export "x") 1)', /memory lib\.x 2\.\.: lib\.wasm exports it with other limits, `1\.\.`/],
  ['(memory 1 5)', '(memory (export "x") 1)', /other limits, `1\.\.`/],
  ['(memory 1 5)', '(memory (export "x") 1 6)', /other limits, `1\.\.6`/],
];
for (const [wanted, has, sentence] of unfit) {
  test(`an import ${wanted} does not take ${has || 'nothing'}`, async () => {
    const result = await runLinked(`(import "lib" "x" ${wanted}) (func (export "main"))`, { lib: has });
    assert.equal(result.code, 30, result.message);
    assert.match(result.message, sentence);
  });
}

test('missing imports of a linked module are told with its name', async () => {
  const lib = `(import "env" "log" (func)) (import "env" "other" (func)) ${give(1)}`;
  const result = await runLinked(CALL_F, { lib });
  assert.match(
    result.message,
    /^2 imports are missing: lib\.wasm needs env\.log \(\) -> \(\): Nobody .*; lib\.wasm needs env\.other .*: likewise$/,
  );
  const stubbed = await runLinked(CALL_F, { lib }, { stub: true });
  assert.equal(stubbed.exitValue, '1', stubbed.message);
});

test('modules that import from each other in a circle are refused, and one from itself', async () => {
  const takes = (/** @type {string} */ from) => `(import "${from}" "f" (func (result i32))) ${give(1)}`;
  for (const modules of [{ lib: takes('b'), b: takes('lib') }, { lib: takes('lib') }]) {
    const result = await runLinked(CALL_F, /** @type {any} */ (modules));
    assert.equal(result.code, 30);
    assert.match(result.message, /needs (b|lib)\.f .*: The modules import from each other: none can be made first/);
  }
});

test('a trap in a linked module keeps the output and names both functions', async () => {
  const result = await runLinked(
    `(import "lib" "f" (func $f)) (func $inner call $f) (func (export "main") call $inner)`,
    { lib: `(func $deep unreachable) (func $f (export "f") call $deep)` },
  );
  assert.deepEqual([result.code, result.message], [40, 'unreachable code reached']);
  assert.deepEqual(
    result.stack.map(({ function: name, functionIndex }) => [name, functionIndex]),
    [
      ['deep of lib.wasm', null],
      ['f of lib.wasm', null],
      ['inner', 1],
      ['main', 2],
    ],
  );
});

/** A linked module that means harm, and how the run ends. @type {[string, string, object, RegExp][]} */
const hostile = [
  ['a start that traps', '(func $s unreachable) (start $s)', {}, /^unreachable code reached$/],
  ['a start that never returns', '(func $s (loop br 0)) (start $s)', { seconds: 0.3 }, /^time limit reached/],
  ['a set-up that never returns', '(func (export "_initialize") (loop br 0))', { seconds: 0.3 }, /^time limit reached/],
  [
    'more memory than is allowed',
    '(memory 200)',
    { memory: 6_553_600 },
    /^lib\.wasm: memory limit reached: .*200 pages of 64 KiB, but the limit is 100$/,
  ],
  ['data that does not fit its memory', '(memory 1) (data (i32.const 65536) "x")', {}, /out of bounds$/],
  ['endless recursion', '(func $s call $s) (start $s)', {}, /^stack exhausted$/],
];
for (const [what, lib, limits, sentence] of hostile) {
  test(`${what} ends the run as the program’s own would`, async () => {
    const result = await runLinked(CALL_F, { lib: `${lib} ${give(1)}` }, { limits: { seconds: 20, ...limits } });
    assert.equal(result.code, 40, result.message);
    assert.match(result.message, sentence);
  });
}

test('the memory of a linked module is held to the limit', async () => {
  const result = await runLinked(
    CALL_F,
    {
      lib: `(memory (export "memory") 1) (func (export "f") (result i32)
        (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) memory.size)`,
    },
    { limits: { memory: 10 * 65536 } },
  );
  assert.equal(result.exitValue, '10', result.message);
  assert.equal(result.stats.memoryPeak, 10 * 65536);
});

test('a linked file that is no module is refused with its name', async () => {
  const bytes = await wat(CALL_F);
  const broken = await run({ bytes, modules: { lib: (await wat(give(1))).subarray(0, 20) } });
  assert.equal(broken.code, 20);
  assert.match(broken.message, /^lib\.wasm: the module is malformed: /);
  const other = await run({ bytes, modules: { lib: new TextEncoder().encode('not a module') } });
  assert.match(other.message, /^lib\.wasm: the module is malformed: /);
  const many = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`m${index}`, bytes]));
  assert.match((await run({ bytes, modules: many })).message, /17 modules are to be linked; at most 16/);
  const wrong = await run({ bytes, modules: /** @type {any} */ ({ lib: 'text' }) });
  assert.match(wrong.message, /option `modules` must be an object of bytes by name/);
});

test('each run makes its linked instances anew', async () => {
  const lib = `(global $n (mut i32) (i32.const 0))
    (func (export "f") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) global.get $n)`;
  for (let i = 0; i < 3; i++) assert.equal((await runLinked(CALL_F, { lib })).exitValue, '1');
});

test('what only the engine can tell does not fit is told by the import’s name', async () => {
  const imports = [{ module: 'lib', name: 'x', kind: 'function', type: '((ref null 0)) -> ()', by: 'lib.wasm' }];
  const plan = /** @type {any} */ ({ imports, linked: [], names: {} });
  for (const [text, message] of [
    [
      'WebAssembly.Instance(): Import #0 "lib" "x": imported function does not match',
      /^the module cannot be linked: lib\.x .* does not fit what serves it, lib\.wasm$/,
    ],
    ['import object field is not a Function', /^the module cannot be linked: an import does not fit what serves it$/],
  ]) {
    const outcome = outcomeOf(new WebAssembly.LinkError(String(text)), { frames: [], whole: true }, plan, null);
    assert.equal(outcome.end, 'refused');
    assert.match(outcome.message, /** @type {RegExp} */ (message));
  }
});

/** Grows its memory as far as it goes; gives its size. */
const fill = (/** @type {string} */ name) => `(func (export "${name}") (result i32)
  (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) memory.size)`;
const CALL_BOTH = `(func (export "main") (result i32) (i32.add (i32.mul (call $f) (i32.const 1000)) (call $own)))`;

/** @type {[string, string, string, number, string][]} pages that both have in the end, 1000 * the library's + the program's */
const SHARES = [
  ['two memories share what they leave of the limit', '(memory 2)', '(memory 4)', 20, '11009'],
  ['a memory that cannot grow takes no share', '(memory 2)', '(memory 4 4)', 20, '4016'],
  ['a maximum of its own stays', '(memory 2)', '(memory 4 6)', 20, '6009'],
  [
    'a memory that the program imports is counted once',
    '(import "lib" "m" (memory 2))',
    '(memory (export "m") 4)',
    20,
    '20020',
  ],
];
for (const [title, memory, others, pages, sizes] of SHARES) {
  test(`memory limit: ${title}`, async () => {
    const own = fill('own').replace('(func', '(func $own');
    const program = `(import "lib" "f" (func $f (result i32))) ${memory} ${own} ${CALL_BOTH}`;
    const limits = { memory: pages * 65536 };
    const result = await runLinked(program, { lib: `${others} ${fill('f')}` }, { limits });
    assert.equal(result.exitValue, sizes, result.message);
  });
}

test('memory limit: modules that together start with more are not run', async () => {
  const program = `${CALL_F} (memory 12)`;
  const result = await runLinked(program, { lib: `(memory 12) ${give(1)}` }, { limits: { memory: 20 * 65536 } });
  const message = 'memory limit reached: the modules start with 1572864 bytes together, but the limit is 1310720';
  assert.deepEqual([result.code, result.message], [40, message]);
});
