// Whole modules in the text format: wabt reads the text of every module we have as the same module, and hostile ones end in bounds.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { FEATURES } from '../../fixtures/wat.mjs';
import { checkedTools, instantiateTools } from '../../runner/module/tools.js';
import { project, projectFiles } from '../lib/files.mjs';

/** @import { WasmInfo } from '../../runner/module/info.js' */

const wabt = await createRequire(import.meta.url)('wabt')();
const TOOLS = join(project, 'backend/bin/jsrust-wasm-tools.wasm');
const module = checkedTools(new WebAssembly.Module(readFileSync(TOOLS)), TOOLS);
const READ = { ...FEATURES, sat_float_to_int: true, threads: true };

function opened(/** @type {Uint8Array} */ bytes) {
  const tools = instantiateTools(module);
  assert.deepEqual(tools.load(bytes), { ok: true });
  return tools;
}

/** @returns {Uint8Array} */
function assemble(/** @type {string} */ text) {
  const parsed = wabt.parseWat('module.wat', new TextEncoder().encode(text), READ);
  try {
    return parsed.toBinary({}).buffer;
  } finally {
    parsed.destroy();
  }
}

/** What the text must keep: all but names and custom sections, and how the file is laid out. */
function content(/** @type {WasmInfo} */ info) {
  const unnamed = (/** @type {object[]} */ list) => list.map((item) => ({ ...item, name: null, offset: null }));
  const { types, imports, exports, start, tags, memories, tables, globals, elements, data, functions } = info;
  const expression = (/** @type {string | null} */ text) => text?.replace(/\$\S+/g, '$') ?? null;
  return {
    ...{ types, imports, exports, start, tags: unnamed(tags), memories: unnamed(memories), tables: unnamed(tables) },
    globals: globals.map((each) => ({ ...each, name: null, init: expression(each.init) })),
    elements: elements.map((each) => ({ ...each, offset: expression(each.offset) })),
    data: data.map((each) => ({ ...each, offset: expression(each.offset) })),
    functions: functions.map(({ type, instructions }) => ({ type, instructions })),
  };
}

/** Some of WebAssembly 3.0 wabt does not know. */
const LEFT_OUT = /^fixtures\/(hostile\/|wasm3\/(function_references|gc|page_sizes)\.)/;
const modules = projectFiles('fixtures', /\.wasm$/).filter((name) => !LEFT_OUT.test(name));
assert.ok(modules.length > 80);
test('wabt reads the text of every module as the same module', () => {
  for (const name of modules) {
    const bytes = readFileSync(join(project, name));
    const tools = opened(bytes);
    const { text, offsets } = tools.moduleText();
    assert.equal(text.split('\n').length - 1, offsets.length, name);
    const again = opened(assemble(text));
    assert.deepEqual(content(again.describe()), content(tools.describe()), name);
    // Bytes of data segments are not in a description.
    assert.deepEqual(dataOf(again.moduleText().text), dataOf(text), name);
  }
});

/** The contents of the data segments. */
function dataOf(/** @type {string} */ text) {
  return text
    .split('\n')
    .filter((line) => /^(\(data| ")/.test(line))
    .map((line) => line.replace(/^\(data .*?;\)|\(offset .*?\)/g, ''));
}

const CASES = `(module $named
  (type $same (func (param i32)))
  (import "a" "f" (func $f (type $same)))
  (import "a" "memory" (memory $m 1 2))
  (import "a" "g" (global $g i32))
  (table $t 3 funcref)
  (global $h (mut i64) (i64.const -5))
  (export "café \\"x\\"" (func $loop))
  (start $go)
  (elem (table $t) (offset (global.get $g)) func $f $loop)
  (elem $passive funcref (item ref.func $go) (item ref.null func))
  (elem declare func $go)
  (func $loop (param $n i32) (local $k i64) (local $l f32)
    block $out loop $again local.get $n br_if $again br $out end end)
  (func $go i32.const 1 i32.const 0 i32.const 1 memory.init $d data.drop $d)
  (data (offset i32.const 8) "a\\00\\"\\5c\\ffz")
  (data $d "passive"))`;

test('every kind of item', () => {
  const bytes = assemble(CASES);
  const tools = opened(bytes);
  const text = tools.moduleText().text;
  const again = opened(assemble(text));
  assert.deepEqual(content(again.describe()), content(tools.describe()));
  assert.ok(text.includes('"a\\00\\"\\5cffz"') || text.includes('a\\00\\22\\5c\\ffz'), text);
});

test('functions of one name are told apart', () => {
  const function_ = [0x02, 0x00, 0x0b];
  const names = [0x01, 0x07, 0x02, 0x00, 0x01, 0x66, 0x01, 0x01, 0x66];
  const custom = [0x04, 0x6e, 0x61, 0x6d, 0x65, ...names];
  const bytes = Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 3, 2, 0, 0],
    ...[10, 9, 2, 4, 0, 0x10, 1, 0x0b, ...function_, 0, custom.length, ...custom],
  ]);
  const text = opened(bytes).moduleText().text;
  assert.equal(text.match(/\$f/g)?.length, 1);
  assert.deepEqual(opened(assemble(text)).describe().functions.length, 2);
});

const leb = (/** @type {number} */ n) => (n < 128 ? [n] : [(n & 127) | 128, n >>> 7]);
const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** A module with one function of this body, and a name section of these bytes. */
function oneFunction(/** @type {number[]} */ body, /** @type {number[]} */ names) {
  const code = [10, ...leb(body.length + 2), 1, ...leb(body.length), ...body];
  const custom = [0, ...leb(names.length + 5), 4, 0x6e, 0x61, 0x6d, 0x65, ...names];
  return Uint8Array.from([...header, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, ...code, ...custom]);
}

test('a branch goes where it went though the outer block is called as the inner one would be that has no name', () => {
  // block (block (br 1)), the outer one's name being `l1`
  const body = [0, 0x02, 0x40, 0x02, 0x40, 0x0c, 1, 0x0b, 0x0b, 0x0b];
  const bytes = oneFunction(body, [3, 7, 1, 0, 1, 0, 2, 0x6c, 0x31]);
  const again = assemble(opened(bytes).moduleText().text);
  assert.ok(Buffer.from(again).includes(Buffer.from(body)));
});

test('names that differ only in what the text leaves out of them are told apart', () => {
  const named = (/** @type {number[]} */ ...names) => [
    ...header,
    1,
    4,
    1,
    0x60,
    0,
    0,
    3,
    3,
    2,
    0,
    0,
    10,
    7,
    2,
    2,
    0,
    0x0b,
    2,
    0,
    0x0b,
    0,
    ...names,
  ];
  const length = 201;
  const long = (/** @type {number} */ last) => [...leb(length), ...new Array(length - 2).fill(0x61), last, 0x80];
  const names = [2, 0, ...long(0xc3), 1, ...long(0xc4)];
  const cut = [...leb(names.length + 8), 4, 0x6e, 0x61, 0x6d, 0x65, 1, ...leb(names.length), ...names];
  const text = opened(Uint8Array.from(named(...cut))).moduleText().text;
  assert.equal(opened(assemble(text)).describe().functions.length, 2);
  const noText = [14, 4, 0x6e, 0x61, 0x6d, 0x65, 1, 7, 2, 0, 1, 0xff, 1, 1, 0xfe];
  assert.equal(
    opened(Uint8Array.from(named(...noText)))
      .moduleText()
      .text.match(/\$/g)?.length,
    1,
  );
});

test('as much as engines take is written whole: locals, names, instructions of a constant, fields', () => {
  const locals = Array.from({ length: 2500 }, (_, at) => (at % 2 ? 'i64' : 'f32')).join(' ');
  const sum = 'i32.const 1 '.repeat(300) + 'i32.add '.repeat(299);
  const name = 'n'.repeat(3000);
  const text = `(module (import "${name}" "${name}" (func)) (global i32 ${sum})
    (func (export "${name}") (local ${locals}) local.get 2499 drop))`;
  const bytes = assemble(text);
  assert.deepEqual(Buffer.from(assemble(opened(bytes).moduleText().text)), Buffer.from(bytes));
  const fields = 2000;
  const struct = [0x5f, ...leb(fields), ...new Array(fields).fill([0x7f, 0]).flat()];
  const types = Uint8Array.from([...header, 1, ...leb(struct.length + 1), 1, ...struct]);
  assert.equal(opened(types).moduleText().text.match(/i32/g)?.length, fields);
});

test('hostile modules end in bounds', () => {
  for (const name of projectFiles('fixtures/hostile', /\.wasm$/)) {
    const tools = instantiateTools(module);
    if (!tools.load(readFileSync(join(project, name))).ok) continue;
    const { text, offsets } = tools.moduleText();
    assert.equal(text.split('\n').length - 1, offsets.length, name);
  }
});
