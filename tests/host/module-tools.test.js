// The reader of WebAssembly modules as the page uses it: descriptions beside what V8 and wabt say of the same modules,
// disassemblies beside their golden files (tests/golden/wasm, `UPDATE=1 node --test` on this file blesses them), the cap
// on memories by what the engine then lets a module do, and hostile names and counts.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { ModuleTools, checkedTools, instantiateTools } from '../../runner/module/tools.js';
import { exists, project, projectFiles, readText } from '../lib/files.mjs';

const wabt = await createRequire(import.meta.url)('wabt')();
const TOOLS = join(project, 'backend/bin/jsrust-wasm-tools.wasm');
const module = checkedTools(new WebAssembly.Module(readFileSync(TOOLS)), TOOLS);
const FEATURES = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  threads: true,
  multi_value: true,
  tail_call: true,
  bulk_memory: true,
  reference_types: true,
  memory64: true,
  extended_const: true,
  relaxed_simd: true,
  multi_memory: true,
};

/** @returns {Uint8Array} */
function assemble(/** @type {string} */ text) {
  const parsed = wabt.parseWat('case.wat', text, FEATURES);
  try {
    return parsed.toBinary({ write_debug_names: true }).buffer;
  } finally {
    parsed.destroy();
  }
}

/** Loads and expects it to be well. */
function load(/** @type {Uint8Array} */ bytes, tools = instantiateTools(module)) {
  assert.deepEqual(tools.load(bytes), { ok: true });
  return tools;
}

const describe = (/** @type {Uint8Array} */ bytes) => load(bytes).describe();
const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const leb = (/** @type {number} */ n) => {
  const bytes = [];
  for (; n > 127; n >>>= 7) bytes.push((n & 127) | 128);
  return [...bytes, n];
};
const section = (/** @type {number} */ id, /** @type {number[]} */ content) => [id, ...leb(content.length), ...content];
const bytesOf = (/** @type {number[][]} */ ...sections) => Uint8Array.from([...header, ...sections.flat()]);
const fixtures = projectFiles('fixtures', /\.wasm$/).map((name) => ({
  name,
  bytes: new Uint8Array(readFileSync(join(project, name))),
}));

// ---- descriptions ----

test('imports and exports of every fixture are those that the engine sees, and what the engine takes loads', () => {
  const tools = instantiateTools(module);
  let seen = 0;
  for (const { name, bytes } of fixtures) {
    const loaded = tools.load(bytes);
    if (!WebAssembly.validate(bytes)) continue;
    assert.deepEqual(loaded, { ok: true }, name);
    const compiled = new WebAssembly.Module(bytes);
    const info = tools.describe();
    const imports = info.imports.map((item) => ({ module: item.module, name: item.name, kind: item.kind }));
    const exports = info.exports.map((item) => ({ name: item.name, kind: item.kind }));
    assert.deepEqual(imports, WebAssembly.Module.imports(compiled), name);
    assert.deepEqual(exports, WebAssembly.Module.exports(compiled), name);
    for (const custom of info.custom) {
      const sections = WebAssembly.Module.customSections(compiled, custom.name);
      assert.ok(
        sections.some((content) => content.byteLength === custom.size),
        `${name}: ${custom.name}`,
      );
    }
    seen++;
  }
  assert.ok(seen > 20, `${seen} modules`);
});

test('a description says all there is to say of a module', () => {
  const bytes = assemble(`(module $whole
    (type (func (param i32 f64) (result i64)))
    (import "env" "f" (func $imported (type 0)))
    (import "env" "m" (memory 1 5))
    (import "env" "g" (global $flag (mut i32)))
    (import "env" "t" (table 2 funcref))
    (memory $own i64 2)
    (global $limit i64 (i64.const -5))
    (global (mut f32) (f32.const 0.5))
    (tag $oops (param i32))
    (table $refs 3 7 externref)
    (func $go (export "go") (param i32) (result i32 i32) (local i64 i64) local.get 0 local.get 0)
    (func $begin)
    (start $begin)
    (export "limit" (global $limit))
    (export "own" (memory $own))
    (export "oops" (tag $oops))
    (export "refs" (table $refs))
    (elem (i32.const 1) $go)
    (elem func $go $begin)
    (data (i32.const 8) "abc")
    (data "passive"))`);
  const info = describe(bytes);
  assert.equal(info.moduleName, 'whole');
  assert.equal(info.size, bytes.length);
  assert.equal(info.importedFunctions, 1);
  assert.equal(info.start, 2);
  assert.equal(info.version, 1);
  assert.deepEqual(info.omitted, {});
  assert.deepEqual(info.types, [
    '(func (param i32 f64) (result i64))',
    '(func (param i32))',
    '(func (param i32) (result i32 i32))',
    '(func)',
  ]);
  assert.deepEqual(info.imports, [
    {
      module: 'env',
      name: 'f',
      kind: 'function',
      index: 0,
      type: '(i32, f64) -> (i64)',
      params: ['i32', 'f64'],
      results: ['i64'],
    },
    { module: 'env', name: 'm', kind: 'memory', index: 0, type: '1..5' },
    { module: 'env', name: 'g', kind: 'global', index: 0, type: 'mut i32' },
    { module: 'env', name: 't', kind: 'table', index: 0, type: '2.. funcref' },
  ]);
  assert.deepEqual(info.exports, [
    {
      name: 'go',
      kind: 'function',
      index: 1,
      type: '(i32) -> (i32, i32)',
      params: ['i32'],
      results: ['i32', 'i32'],
    },
    { name: 'limit', kind: 'global', index: 1, type: 'i64' },
    { name: 'own', kind: 'memory', index: 1, type: '2.. i64' },
    { name: 'oops', kind: 'tag', index: 0, type: '(i32) -> ()' },
    { name: 'refs', kind: 'table', index: 1, type: '3..7 externref' },
  ]);
  assert.deepEqual(info.memories, [
    { index: 0, imported: true, name: null, initial: 1, maximum: 5, is64: false, shared: false },
    { index: 1, imported: false, name: 'own', initial: 2, maximum: null, is64: true, shared: false },
  ]);
  assert.deepEqual(info.tables, [
    { index: 0, imported: true, name: null, type: 'funcref', initial: 2, maximum: null, is64: false },
    { index: 1, imported: false, name: 'refs', type: 'externref', initial: 3, maximum: 7, is64: false },
  ]);
  assert.deepEqual(info.globals, [
    { index: 0, imported: true, name: 'flag', type: 'i32', mutable: true, init: null },
    { index: 1, imported: false, name: 'limit', type: 'i64', mutable: false, init: 'i64.const -5' },
    { index: 2, imported: false, name: null, type: 'f32', mutable: true, init: 'f32.const 0.5' },
  ]);
  assert.deepEqual(info.tags, [{ index: 0, imported: false, name: 'oops', type: '(i32) -> ()' }]);
  assert.deepEqual(
    info.functions.map(({ offset, ...rest }) => ({ ...rest, end: bytes[offset + rest.size - 1] })),
    [
      { index: 1, name: 'go', type: '(i32) -> (i32, i32)', size: 8, locals: 2, instructions: 2, end: 0x0b },
      { index: 2, name: 'begin', type: '() -> ()', size: 2, locals: 0, instructions: 0, end: 0x0b },
    ],
  );
  assert.deepEqual(info.elements, [
    { mode: 'active', table: 0, offset: 'i32.const 1', type: 'funcref', count: 1 },
    { mode: 'passive', table: null, offset: null, type: 'funcref', count: 2 },
  ]);
  assert.deepEqual(info.data, [
    { mode: 'active', memory: 0, offset: 'i32.const 8', size: 3 },
    { mode: 'passive', memory: null, offset: null, size: 7 },
  ]);
  assert.deepEqual(info.features, [
    'mutable-globals',
    'multi-value',
    'bulk-memory',
    'reference-types',
    'exceptions',
    'multi-memory',
    'memory64',
  ]);
  const names = info.sections.map(({ id, name, count }) => `${id} ${name} ${count}`);
  assert.deepEqual(names.slice(0, 5), ['1 type 4', '2 import 4', '3 function 2', '4 table 1', '5 memory 1']);
  assert.equal(names.at(-1), '0 name null');
  assert.deepEqual(
    info.custom.map(({ name }) => name),
    ['name'],
  );
});

/** A module for each proposal that wabt can write; not every engine takes all of them. @type {[string, string][]} */
const proposals = [
  ['mutable-globals', '(module (global (export "g") (mut i32) (i32.const 0)))'],
  ['sign-extension', '(module (func (param i32) (result i32) local.get 0 i32.extend8_s))'],
  ['nontrapping-fptoint', '(module (func (param f32) (result i32) local.get 0 i32.trunc_sat_f32_u))'],
  ['multi-value', '(module (func (result i32 i32) i32.const 1 i32.const 2))'],
  ['bulk-memory', '(module (memory 1) (data "x") (func i32.const 0 i32.const 0 i32.const 0 memory.init 0))'],
  ['reference-types', '(module (table 1 externref) (func (result externref) i32.const 0 table.get 0))'],
  ['simd', '(module (func (result v128) v128.const i32x4 1 2 3 4))'],
  ['threads', '(module (memory 1 1 shared) (func (result i32) i32.const 0 i32.atomic.load))'],
  ['tail-call', '(module (func $f return_call $f))'],
  ['extended-const', '(module (global i32 (i32.add (i32.const 1) (i32.const 2))))'],
  ['legacy-exceptions', '(module (tag (param i32)) (func try catch 0 drop end))'],
  ['exceptions', '(module (tag $e) (func throw $e))'],
  ['relaxed-simd', '(module (func (param v128) (result v128) local.get 0 local.get 0 i8x16.relaxed_swizzle))'],
  ['multi-memory', '(module (memory 1) (memory 1) (func (result i32) memory.size 1))'],
  ['memory64', '(module (memory i64 1) (func (result i64) memory.size))'],
];

for (const [feature, text] of proposals) {
  test(`a module that needs ${feature} loads, and that is said`, () => {
    const bytes = assemble(text);
    assert.ok(describe(bytes).features.includes(feature), describe(bytes).features.join());
  });
}

test('producers and target features are read', () => {
  const text = (/** @type {string} */ s) => [...leb(s.length), ...new TextEncoder().encode(s)];
  const producers = [...text('producers'), 2, ...text('language'), 1, ...text('Rust'), ...text('2021')];
  const info = describe(
    bytesOf(
      section(0, [...producers, ...text('sdk'), 0]),
      section(0, [...text('target_features'), 2, 0x2b, ...text('simd128'), 0x2d, ...text('atomics')]),
      section(0, [...text('.debug_info'), 1, 2, 3]),
    ),
  );
  assert.deepEqual(info.producers, [{ field: 'language', name: 'Rust', version: '2021' }]);
  assert.deepEqual(info.targetFeatures, ['+simd128', '-atomics']);
  assert.equal(info.custom[2].name, '.debug_info');
  assert.equal(info.custom[2].size, 3);
});

test('functions that the description leaves out are described piece by piece', () => {
  const count = 12_000;
  const imported = section(2, [1, 1, 109, 1, 110, 0, 0]);
  const functions = section(3, [...leb(count), ...new Array(count).fill(0)]);
  const code = section(10, [...leb(count), ...new Array(count).fill([2, 0, 0x0b]).flat()]);
  const tools = load(bytesOf(section(1, [1, 0x60, 0, 0]), imported, functions, code));
  const info = tools.describe();
  assert.deepEqual(info.omitted, { functions: 7000 });
  const [second, third] = [5000, 10_000].map((first) => tools.functions(first));
  assert.equal(second.length, 5000);
  assert.equal(third.length, 2000);
  assert.deepEqual(
    [...info.functions, ...second, ...third].map(({ index }) => index),
    Array.from({ length: count }, (_, at) => at + 1),
  );
  assert.deepEqual({ ...third[1999], offset: 0, index: 0 }, { ...info.functions[0], offset: 0, index: 0 });
  for (const past of [count, count + 1, 2 ** 32 - 1]) assert.deepEqual(tools.functions(past), []);
  assert.deepEqual(tools.functions(0), info.functions);
});

test('names of any bytes come as text, and lists are bounded', () => {
  const odd = [0xff, 0x00, 0x22, 0x5c, 0xe2, 0x80, 0xae, 0x0a];
  const count = 6000;
  const types = section(1, [1, 0x60, 0, 0]);
  const functions = section(3, [...leb(count), ...new Array(count).fill(0)]);
  const code = section(10, [...leb(count), ...new Array(count).fill([2, 0, 0x0b]).flat()]);
  const name = section(0, [4, 110, 97, 109, 101, 1, ...leb(odd.length + 3), 1, 0, odd.length, ...odd]);
  const info = describe(bytesOf(types, functions, code, name));
  assert.equal(info.functions.length, 5000);
  assert.deepEqual(info.omitted, { functions: 1000 });
  assert.equal(info.functions[0].name, '\ufffd\0"\\\u202e\n');
  assert.equal(info.functions[1].name, null);
});

// ---- disassembly ----

for (const file of projectFiles('tests/golden/wasm', /\.wat$/)) {
  test(`disassembly of ${file}`, () => {
    const tools = load(assemble(readText(file)));
    const info = tools.describe();
    let text = '';
    for (let index = 0; index < info.importedFunctions + info.functions.length; index++) {
      const made = tools.disassemble(index);
      assert.equal(made.text.split('\n').length - 1, made.offsets.length);
      text += made.text;
    }
    const golden = file.replace(/\.wat$/, '.out');
    if (process.env.UPDATE) writeFileSync(join(project, golden), text);
    assert.ok(exists(golden), `${golden} is missing: UPDATE=1 writes it`);
    assert.equal(text, readText(golden));
  });
}

test('offsets of lines are where the instructions stand', () => {
  const bytes = assemble('(module (func (param i32) (result i32) (local f32) local.get 0 i32.const 1000 i32.add))');
  const { text, offsets } = load(bytes).disassemble(0);
  const lines = text.split('\n').slice(0, -1);
  assert.deepEqual(
    lines.map((line, at) => `${line.trim().split(' ')[0]} ${bytes[offsets[at]].toString(16)}`),
    ['(func 1', '(local 1', 'local.get 20', 'i32.const 41', 'i32.add 6a', ') b'],
  );
});

/** Fixtures whose types and instructions wabt does not know; newer engines than its feature list do. */
const BEYOND_WABT = /\/wasm3\/(?:function_references|gc)\.wasm$/;

/** Instructions of each function in wabt's flat text, by their first word. */
function wabtInstructions(/** @type {Uint8Array} */ bytes) {
  const read = wabt.readWasm(bytes, { ...FEATURES, readDebugNames: false });
  const text = read.toText({ foldExprs: false, inlineExport: false });
  read.destroy();
  /** @type {string[][]} */
  const functions = [];
  let inside = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('  (')) {
      inside = line.startsWith('  (func ');
      if (inside) functions.push([]);
    } else if (inside && !line.trim().startsWith('(local')) {
      // A line in parentheses is a clause of the instruction before, such as the catches of a `try_table`.
      const [word] = line.trim().split(/[ )]/);
      if (word && !word.startsWith('(')) functions[functions.length - 1].push(word);
    }
  }
  return functions;
}

test('every function of every fixture has the instructions that wabt finds', () => {
  const tools = instantiateTools(module);
  let compared = 0;
  for (const { name, bytes } of fixtures) {
    if (!WebAssembly.validate(bytes) || BEYOND_WABT.test(name)) continue;
    const functions = wabtInstructions(bytes);
    load(bytes, tools);
    const info = tools.describe();
    info.functions.forEach(({ index, instructions }, at) => {
      const lines = tools.disassemble(index).text.split('\n').slice(1, -2);
      const words = lines.map((line) => line.trim().split(' ')[0]).filter((word) => !word.startsWith('('));
      assert.deepEqual(words, functions[at], `${name}, function ${index}`);
      assert.equal(words.length, instructions, `${name}, function ${index}`);
      compared++;
    });
  }
  assert.ok(compared > 100, `${compared} functions`);
});

/** The module without custom sections: without names, everything is called by its index. */
function withoutNames(/** @type {Uint8Array} */ bytes) {
  const kept = describe(bytes).sections.filter(({ id }) => id !== 0);
  return bytesOf(...kept.map(({ id, offset, size }) => section(id, [...bytes.subarray(offset, offset + size)])));
}

/** All that code can name, and the functions as they were disassembled, as one module in the text format. */
function moduleText(/** @type {ModuleTools} */ tools) {
  const info = tools.describe();
  const limits = (/** @type {{ is64: boolean, initial: number, maximum: number | null, shared?: boolean }} */ of) =>
    `${of.is64 ? 'i64 ' : ''}${of.initial} ${of.maximum ?? ''} ${of.shared ? 'shared' : ''}`;
  const type = (/** @type {{ type: string, mutable: boolean }} */ of) => (of.mutable ? `(mut ${of.type})` : of.type);
  const imported = (/** @type {string} */ what) => `(import "" "" (${what}))`;
  const tables = info.tables.map((each) => ({ from: each.imported, what: `table ${limits(each)} ${each.type}` }));
  const memories = info.memories.map((each) => ({ from: each.imported, what: `memory ${limits(each)}` }));
  const globals = info.globals.map((each) => ({
    from: each.imported,
    what: `global ${type(each)} ${each.init ?? ''}`,
  }));
  const functions = Array.from(
    { length: info.importedFunctions + info.functions.length },
    (_, index) => tools.disassemble(index).text,
  );
  const others = [...tables, ...memories, ...globals];
  return [
    '(module',
    ...info.types.map((each) => `(type ${each})`),
    ...functions.slice(0, info.importedFunctions),
    ...others.filter(({ from }) => from).map(({ what }) => imported(what)),
    ...others.filter(({ from }) => !from).map(({ what }) => `(${what})`),
    ...info.tags.map((each) => `(tag (param ${/^\((.*?)\)/.exec(each.type)?.[1].replaceAll(',', '')}))`),
    ...functions.slice(info.importedFunctions),
    ...info.elements.map(() => '(elem func)'),
    ...info.data.map(() => '(data "")'),
    ')',
  ].join('\n');
}

test('what is disassembled assembles again, to the same', () => {
  const golden = projectFiles('tests/golden/wasm', /\.wat$/).map((name) => ({ name, bytes: assemble(readText(name)) }));
  const again = instantiateTools(module);
  let compared = 0;
  for (const { name, bytes } of [...golden, ...fixtures]) {
    const known = golden.some((each) => each.name === name);
    if (!known && (!WebAssembly.validate(bytes) || BEYOND_WABT.test(name))) continue;
    const tools = load(withoutNames(bytes));
    const made = withoutNames(assemble(moduleText(tools)));
    load(made, again);
    const { functions } = tools.describe();
    for (const { index } of functions) {
      assert.equal(again.disassemble(index).text, tools.disassemble(index).text, `${name}, function ${index}`);
      compared++;
    }
  }
  assert.ok(compared > 100, `${compared} functions`);
});

test('a function that is not there is refused by a sentence', () => {
  const tools = load(bytesOf());
  assert.throws(() => tools.disassemble(0), /^Error: function 0 does not exist: there are 0$/);
});

// ---- faults ----

test('a fault has section, offset and function', () => {
  const tools = instantiateTools(module);
  const bad = bytesOf(section(1, [1, 0x60, 0, 0]), section(3, [1, 0]), section(10, [1, 4, 0, 0x20, 9, 0x0b]));
  assert.deepEqual(tools.load(bad), {
    ok: false,
    fault: {
      section: 'code',
      offset: 24,
      message: 'local 9 does not exist: there is none',
      function: 0,
      component: false,
    },
  });
  const component = tools.load(Uint8Array.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]));
  assert.ok(!component.ok && component.fault.component && component.fault.section === 'header');
  assert.throws(() => tools.describe(), /no module is loaded/);
  load(bytesOf(), tools);
});

test('every prefix of a module is refused or loads, and never traps', () => {
  const tools = instantiateTools(module);
  const { bytes } = fixtures.find(({ name }) => name.endsWith('wasm/math.wasm')) ?? fixtures[0];
  let refused = 0;
  for (let length = 0; length < bytes.length; length++) {
    const loaded = tools.load(bytes.subarray(0, length));
    if (loaded.ok) tools.describe();
    else refused++;
    assert.ok(loaded.ok || loaded.fault.message.length > 10);
  }
  assert.ok(refused > bytes.length / 2);
});

// ---- what is run: memories capped, the start function exported ----

/** What is run of a module. */
function limited(/** @type {Uint8Array} */ bytes, /** @type {number} */ pages) {
  const made = load(bytes).rewrite(pages);
  assert.ok('bytes' in made, JSON.stringify(made));
  return made.bytes;
}

test('a module with a cap grows up to it and no further, and still works', () => {
  const bytes = assemble(`(module (memory (export "m") 1) (data (i32.const 0) "hi")
    (func (export "grow") (param i32) (result i32) local.get 0 memory.grow))`);
  const capped = limited(bytes, 3);
  const { m, grow } = /** @type {any} */ (new WebAssembly.Instance(new WebAssembly.Module(capped)).exports);
  assert.equal(new TextDecoder().decode(new Uint8Array(m.buffer, 0, 2)), 'hi');
  assert.equal(grow(2), 1);
  assert.equal(grow(1), -1);
  assert.deepEqual(describe(capped).memories[0].maximum, 3);
  assert.deepEqual(limited(capped, 3), capped, 'nothing is left to be changed');
  assert.equal(describe(limited(capped, 1000)).memories[0].maximum, 3, 'a smaller maximum stays');
});

/** Sections that may differ in what is run: memory, export, start. */
const REWRITTEN = [5, 7, 8];

test('what is run of every fixture is still valid, and all else stays', () => {
  for (const { name, bytes } of fixtures) {
    if (!WebAssembly.validate(bytes)) continue;
    const made = load(bytes).rewrite(16384);
    if (!('bytes' in made)) continue;
    assert.ok(WebAssembly.validate(made.bytes), name);
    const [before, after] = [bytes, made.bytes].map((each) => describe(each).sections);
    const [stayed, kept] = [before, after].map((all) => all.filter(({ id }) => !REWRITTEN.includes(id)));
    assert.equal(stayed.length, kept.length, name);
    stayed.forEach((one, at) => {
      const [was, is] = [bytes.subarray(one.offset, one.offset + one.size), kept[at]];
      assert.deepEqual(made.bytes.subarray(is.offset, is.offset + is.size), was, `${name}: ${one.name}`);
    });
  }
});

test('a start function becomes an export that engines take, whatever else is exported', () => {
  for (const names of [[], ['start'], ["start'", 'start', '']]) {
    const exports = names.map((name) => `(export "${name}" (func $f))`).join(' ');
    const bytes = assemble(`(module (func $f) (func $s unreachable) (start $s) (memory 1) ${exports})`);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(limited(bytes, 3))); // starts nothing
    const all = Object.entries(instance.exports);
    assert.deepEqual(
      all.slice(0, -1).map(([name]) => name),
      names,
    );
    assert.throws(/** @type {() => void} */ (all.at(-1)?.[1]), WebAssembly.RuntimeError);
    assert.equal(describe(limited(bytes, 3)).start, null);
  }
});

test('a memory or a table that starts out larger is a fault', () => {
  const memory = load(assemble('(module (memory 100))')).rewrite(50);
  assert.ok('fault' in memory);
  assert.equal(memory.fault.message, 'memory 0 starts with 100 pages of 64 KiB, but the limit is 50');
  const table = load(assemble('(module (table 20000000 funcref))')).rewrite(50);
  assert.ok('fault' in table);
  assert.equal(table.fault.message, 'table 0 starts with 20000000 elements, but the limit is 10000000');
});

// ---- the module itself ----

test('what is not the reader is refused by a sentence, and the reader imports nothing', () => {
  const other = new WebAssembly.Module(bytesOf());
  assert.throws(() => checkedTools(other, 'x.wasm'), /^Error: x.wasm is not the module reader: it does not export its/);
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  assert.ok(readFileSync(TOOLS).length < 63_000, `${readFileSync(TOOLS).length} bytes`);
});

test('memory that does not suffice is a sentence, not a fault of the module', () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const short = { memory, tools_reset: () => {}, tools_alloc: () => 0 };
  assert.throws(() => new ModuleTools(short).load(new Uint8Array(5)), /^Error: out of memory: no room for 5 bytes$/);
  const later = { ...short, tools_alloc: () => 8, tools_load: () => 100, tools_text_len: () => 0 };
  assert.throws(() => new ModuleTools(later).load(new Uint8Array(5)), /^Error: out of memory$/);
});

test('memory is given back from module to module', () => {
  const { exports } = new WebAssembly.Instance(module);
  const tools = new ModuleTools(exports);
  const bytes = fixtures.reduce(
    (largest, { bytes: each }) => (each.length > largest.length ? each : largest),
    bytesOf(),
  );
  const sizes = new Set();
  for (let round = 0; round < 5; round++) {
    load(bytes, tools).describe();
    tools.close();
    sizes.add(/** @type {WebAssembly.Memory} */ (exports.memory).buffer.byteLength);
  }
  assert.equal(sizes.size, 1);
});
