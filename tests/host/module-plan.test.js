// Who serves which import, what is missing and why, what a module is and where it starts (runner/module/plan.js,
// reasons.js).
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assemble } from '../../fixtures/wat.mjs';
import { PROBED, probeOf, unknownToEngine } from '../../runner/module/engine-features.js';
import { missingReport } from '../../runner/module/missing.js';
import { compileModule, openModule } from '../../runner/module/open.js';
import { importReason, mayBeLinked } from '../../runner/module/reasons.js';
import { moduleHost } from '../../runner/node/module-host.js';
import { instantiateTools } from '../../runner/module/tools.js';

/** @type {import('../../runner/module/tools.js').ModuleTools} */
let tools;
before(async () => void (tools = instantiateTools(await moduleHost.tools(undefined))));

async function planOf(/** @type {string} */ fields) {
  const { plan, report } = openModule(tools, await assemble('test', `(module ${fields})`));
  assert.ok(plan, report?.message);
  return plan;
}

const FD_WRITE = '(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))';
const PRINT = '(import "aver" "console_print" (func (param i32 i32)))';
const ABORT = '(import "env" "abort" (func (param i32 i32 i32 i32)))';
const BYTE = '(import "env" "jsrust_write_byte" (func (param i32) (result i32)))';

for (const [fields, kind] of [
  ['', 'plain'],
  [FD_WRITE, 'wasi'],
  [PRINT, 'aver'],
  [`${FD_WRITE} ${PRINT}`, 'aver'],
  [BYTE, 'generated'],
  ['(import "env" "other" (func))', 'plain'],
  ['(import "wasi_unstable" "fd_close" (func (param i32) (result i32)))', 'wasi'],
  [ABORT, 'plain'],
  [`${ABORT} ${BYTE}`, 'generated'],
]) {
  test(`a module with ${fields || 'no imports'} is ${kind}`, async () =>
    assert.equal((await planOf(fields)).kind, kind));
}

test('a feature that the engine lacks is told by its name', async () => {
  for (const name of PROBED) {
    const bytes = probeOf(name);
    const { info, report } = openModule(tools, bytes);
    assert.ok(info?.features.includes(name), `${name}: ${report?.message}`);
    const compiled = await compileModule(tools, 2 ** 20, bytes);
    if (WebAssembly.validate(bytes)) assert.deepEqual([compiled.report, unknownToEngine([name])], [null, []], name);
    else assert.equal(compiled.report?.message, `the module uses what this engine does not know: ${name}`);
  }
  assert.ok(PROBED.some((name) => WebAssembly.validate(probeOf(name))));
});

/** @type {[string, string | null, RegExp][]} */
const entries = [
  ['(func (export "_start")) (func (export "main"))', '_start', /^$/],
  ['(func (export "main") (result i64) i64.const 1)', 'main', /^$/],
  ['(func (export "main") (param i32 i32) (result i32) i32.const 1)', null, /`main` takes parameters/],
  ['(global (export "_start") i32 (i32.const 1))', null, /`_start` is a global/],
  ['(global (export "_start") i32 (i32.const 1)) (func (export "main"))', 'main', /^$/],
  ['(func (export "other"))', null, /neither/],
];
for (const [fields, entry, fault] of entries) {
  test(`the entry of ${fields}`, async () => {
    const plan = await planOf(fields);
    assert.equal(plan.entry, entry);
    assert.match(plan.entryFault, fault);
  });
}

test('a reactor is what exports an `_initialize` that can be called', async () => {
  for (const [fields, reactor] of /** @type {[string, boolean][]} */ ([
    ['(func (export "_initialize"))', true],
    ['(func (export "_initialize") (param i64))', false],
    ['(global (export "_initialize") i32 (i32.const 0))', false],
  ]))
    assert.equal((await planOf(fields)).reactor, reactor, fields);
});

/** The import, what becomes of it, and why. @type {[string, 'abi' | 'trap' | 'missing', RegExp][]} */
const fates = [
  [FD_WRITE, 'abi', /^$/],
  ['(import "wasi_snapshot_preview1" "fd_write" (func (param i32)))', 'missing', /type is wrong: WASI preview 1 has/],
  ['(import "wasi_snapshot_preview1" "fd_writ" (func))', 'missing', /no function of this name/],
  ['(import "wasi_snapshot_preview1" "fd_write" (global i32))', 'missing', /a function of this name, not a global/],
  ['(import "aver" "later_import" (func))', 'trap', /no function of this name/],
  ['(import "aver" "console_print" (func (param i32 i32 i32)))', 'trap', /wasm-gc/],
  ['(import "wasi" "thread-spawn" (func (param i32) (result i32)))', 'missing', /threads/],
  ['(import "wasi:cli/stdout@0.2.0" "get-stdout" (func (result i32)))', 'missing', /preview 2/],
  ['(import "wasix_32v1" "fd_dup" (func (param i32 i32) (result i32)))', 'missing', /WASIX/],
  ['(import "gojs" "runtime.wasmExit" (func (param i32)))', 'missing', /GOOS=wasip1/],
  ['(import "wbg" "__wbindgen_throw" (func (param i32 i32)))', 'missing', /wasm-bindgen/],
  ['(import "env" "emscripten_resize_heap" (func (param i32) (result i32)))', 'missing', /Emscripten/],
  ['(import "env" "getTempRet0" (func (result i32)))', 'missing', /Emscripten wrote/],
  ['(import "env" "_mmap_js" (func (result i32)))', 'missing', /Emscripten wrote/],
  ['(import "a" "b" (func (param i32)))', 'missing', /Emscripten shortens/],
  ['(import "a" "bcd" (func (param i32)))', 'missing', /Nobody here/],
  ['(import "env" "abort" (func (param i32 i32 i32 i32)))', 'abi', /^$/],
  ['(import "env" "abort" (func))', 'missing', /Emscripten/],
  ['(import "env" "seed" (func (result i32)))', 'missing', /Nobody here/],
  ['(import "env" "document.hasFocus" (func (result i32)))', 'missing', /AssemblyScript's compiler wrote/],
  ['(import "env" "jsrust_flush" (func))', 'missing', /type is wrong: JSRust has/],
  ['(import "env" "memory" (memory 1))', 'missing', /host would have to bring/],
  ['(import "toString" "constructor" (func))', 'missing', /Nobody here/],
  ['(import "__proto__" "__proto__" (func))', 'missing', /Nobody here/],
  ['(import "env" "toString" (func))', 'missing', /Nobody here/],
];
for (const [fields, fate, reason] of fates) {
  test(`${fields} is ${fate}`, async () => {
    const [planned] = (await planOf(fields)).imports;
    assert.equal(planned.fate, fate);
    assert.match(planned.reason, reason);
  });
}

test('linking is not offered for what needs a host of its own', async () => {
  const go = '(import "gojs" "runtime.wasmExit" (func (param i32)))';
  const other = '(import "other" "f" (func))';
  const helpOf = async (/** @type {string} */ fields) => missingReport(await planOf(fields))?.help ?? '';
  assert.doesNotMatch(await helpOf(go), /Link/);
  assert.match(await helpOf(`${go} ${other}`), /Link/);
  assert.match(await helpOf('(import "a" "b" (func))'), /Link/);
  assert.doesNotMatch(await helpOf('(import "wasi_snapshot_preview1" "fd_wrote" (func))'), /Link/);
  assert.match(await helpOf(`(import "wasi_snapshot_preview1" "fd_wrote" (func)) ${other}`), /Link/);
  const shared = { module: 'env', name: 'memory', kind: 'memory', type: '1..2 shared', abi: null, row: null };
  const { cause, sentence } = importReason(shared);
  assert.match(sentence, /threads, which are not served here: build it without threads/);
  assert.equal(mayBeLinked(cause), false);
});

test('what a module may want of its user is known from its imports', async () => {
  const plan = await planOf(`${PRINT}
    (import "aver" "terminal_readKey" (func (result i32 i32)))
    (import "aver" "console_readLine" (func (result i32 i32)))
    (import "wasi_snapshot_preview1" "path_open" (func (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))`);
  assert.deepEqual([plan.usesScreen, plan.readsKeys, plan.readsLines, plan.usesFiles], [true, true, true, true]);
  const none = await planOf(PRINT);
  assert.deepEqual([none.usesScreen, none.readsKeys, none.readsLines, none.usesFiles], [false, false, false, false]);
});
