// The built modules of fixtures/wasi, wasm, wasm3 and hostile: each is valid where it should be, is small, has its source and its
// expectation, and is what its source gives where that is text (C needs a compiler and is left out).
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generate } from '../../fixtures/hostile/generate.mjs';
import { assemble } from '../../fixtures/wat.mjs';
import { unknownToEngine } from '../../runner/module/engine-features.js';
import { exists, project, projectFiles, readText } from '../lib/files.mjs';

const FOLDERS = ['fixtures/wasi', 'fixtures/wasm', 'fixtures/wasm3', 'fixtures/hostile'];
/** What wabt does not know: it is assembled by another tool (fixtures/Makefile). */
const BEYOND_WABT = /^fixtures\/wasm3\/(function_references|gc|page_sizes)\.wat$/;
const MOST_BYTES = 20 * 1024;

const modules = FOLDERS.flatMap((folder) => projectFiles(folder, /\.wasm$/));
const read = (/** @type {string} */ file) => new Uint8Array(readFileSync(join(project, file)));
const beside = (/** @type {string} */ file, /** @type {string} */ suffix) => file.replace(/\.wasm$/, suffix);
const casesOf = (/** @type {string} */ file) => JSON.parse(readText(beside(file, '.expect.json'))).cases;
const generated = await generate();
const isGenerated = (/** @type {string} */ file) =>
  Object.hasOwn(generated, file.replace(/^.*\//, '').replace(/\.wasm$/, '')) && file.startsWith('fixtures/hostile/');

test('there are modules to look at', () => {
  for (const folder of FOLDERS) assert.ok(modules.filter((file) => file.startsWith(`${folder}/`)).length >= 8, folder);
});

test('every module is valid, or said not to be', () => {
  for (const file of modules) {
    const valid = casesOf(file).every((/** @type {{ valid?: boolean }} */ each) => each.valid !== false);
    const { features = [] } = JSON.parse(readText(beside(file, '.expect.json')));
    const known = unknownToEngine(features).length === 0;
    assert.equal(WebAssembly.validate(read(file)), valid && known, file);
  }
});

test('every module has a source, and every source its module', () => {
  for (const file of modules) {
    const sources = ['.c', '.wat'].filter((suffix) => exists(beside(file, suffix)));
    assert.equal(sources.length + Number(isGenerated(file)), 1, file);
  }
  const sources = FOLDERS.flatMap((folder) => projectFiles(folder, /\.(c|wat)$/));
  for (const file of sources) assert.ok(modules.includes(file.replace(/\.(c|wat)$/, '.wasm')), file);
});

test('modules of WebAssembly text are what their sources assemble to', async () => {
  for (const file of modules.filter((each) => exists(beside(each, '.wat')))) {
    const source = beside(file, '.wat');
    if (BEYOND_WABT.test(source)) continue;
    assert.deepEqual(await assemble(source, readText(source)), read(file), `${file}: run \`make -C fixtures\``);
  }
});

test('generated modules are what the generator gives', () => {
  for (const [name, bytes] of Object.entries(generated)) {
    assert.deepEqual(bytes, read(`fixtures/hostile/${name}.wasm`), `${name}: run \`make -C fixtures\``);
  }
});

test('programs for the gallery are small', () => {
  for (const file of modules.filter((each) => !each.startsWith('fixtures/hostile/'))) {
    assert.ok(statSync(join(project, file)).size <= MOST_BYTES, file);
  }
});

test('C programs import only what their folder is about', () => {
  for (const file of modules.filter((each) => exists(beside(each, '.c')))) {
    const allowed = file.startsWith('fixtures/wasm/') ? ['aver'] : ['wasi_snapshot_preview1', 'wasi_unstable'];
    const module = new WebAssembly.Module(/** @type {Uint8Array<ArrayBuffer>} */ (read(file)));
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      assert.ok(allowed.includes(from), `${file}: ${from}.${name}`);
    }
    const exports = WebAssembly.Module.exports(module).map(({ name }) => name);
    for (const name of ['memory', '_start']) assert.ok(exports.includes(name), `${file}: ${name}`);
  }
});

/** Fields of a case; fixtures/README.md says what they mean. */
const FIELDS = {
  in: 'name args env stdin files keys keys_times size seed clock stub calls limits',
  out: 'ends exit stdout stderr stdout_matches stderr_matches stdout_bytes files_after trap globals memory screen',
  refusal: 'message_matches message_at_most valid',
};

test('every expectation is of the documented form', () => {
  const fields = Object.values(FIELDS).join(' ').split(' ');
  const readme = readText('fixtures/README.md');
  for (const field of fields) assert.ok(readme.includes(`\`${field}\``), `README.md: ${field}`);
  const expectations = FOLDERS.flatMap((folder) => projectFiles(folder, /\.expect\.json$/));
  assert.deepEqual(
    expectations,
    modules.map((file) => beside(file, '.expect.json')),
  );
  for (const file of expectations) {
    const { abi, cases } = JSON.parse(readText(file));
    assert.ok(['wasi', 'aver', 'plain'].includes(abi), file);
    assert.ok(cases.length > 0, file);
    for (const each of cases) {
      assert.ok(each.name?.length > 0, `${file}: a case without a name`);
      for (const field of Object.keys(each)) assert.ok(fields.includes(field), `${file}: ${each.name}: ${field}`);
    }
  }
});

test('gallery programs exist, their lines fit, and what they are given is of the documented form', () => {
  const { examples } = JSON.parse(readText('fixtures/manifest.json'));
  const names = examples.map((/** @type {{ name: string }} */ { name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, file, title, line, group, given = {} } of examples) {
    assert.match(name, /^[a-z0-9_]+$/);
    assert.ok(exists(`fixtures/${file}`), file);
    assert.ok(title.length > 0 && line.length > 0 && line.length <= 80 && group.length > 0, name);
    const { args = '', env = '', stdin = '', keys = '', files = {}, terminal = 'none', ...more } = given;
    for (const text of [args, env, stdin, keys]) assert.equal(typeof text, 'string', name);
    for (const content of Object.values(files)) assert.equal(typeof (content.base64 ?? content), 'string', name);
    assert.ok(['none', 'line', 'raw'].includes(terminal), name);
    assert.deepEqual(Object.keys(more), [], name);
  }
});
