// The WebAssembly artefact as a thing to ship: what it exports, that it imports nothing, and that it stays small.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { project, readText } from '../lib/files.mjs';
import { WASM } from './modes.mjs';

const bytes = readFileSync(WASM);
const module = new WebAssembly.Module(bytes);

const exportsTable = readText('backend/api/exports.def');

test('it exports the table of exports.def and memory, and imports nothing', () => {
  const table = [...exportsTable.matchAll(/^EXPORT\((\w+),/gm)].map((match) => match[1]);
  const exported = WebAssembly.Module.exports(module);
  assert.deepEqual(exported.map((item) => item.name).sort(), [...table, 'memory'].sort());
  for (const { name, kind } of exported) assert.equal(kind, name === 'memory' ? 'memory' : 'function', name);
  assert.deepEqual(WebAssembly.Module.imports(module), []);
});

test('its functions have the types of exports.def', () => {
  const { exports } = new WebAssembly.Instance(module, {});
  for (const [, name, parameters] of exportsTable.matchAll(/^EXPORT\((\w+), \w+, "\((.*?)\) ->/gm)) {
    const count = parameters === '' ? 0 : parameters.split(',').length;
    assert.equal(/** @type {any} */ (exports[name]).length, count, name);
  }
});

// Issue 5 asks for 350 KB, and 120 KB compressed, which is not reached: what is must not grow unseen.
const MOST_BYTES = 350_000;
const MOST_COMPRESSED = 149_300;

test('the backend without the generator exports the rest, and is much smaller', () => {
  const small = readFileSync(join(project, 'backend/bin/jsrust-interpreter.wasm'));
  const table = [...exportsTable.matchAll(/^EXPORT\((\w+), all,/gm)].map((match) => match[1]);
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(small)).map(({ name }) => name);
  assert.deepEqual(exported.sort(), [...table, 'memory'].sort());
  const packed = gzipSync(small, { level: 9 }).length;
  assert.ok(packed < 99_600, `${packed} bytes compressed`);
});

test('it grows no larger than it has been', () => {
  assert.ok(bytes.length < MOST_BYTES, `${bytes.length} bytes`);
  const packed = gzipSync(bytes, { level: 9 }).length;
  assert.ok(packed < MOST_COMPRESSED, `${packed} bytes compressed`);
});

test('the page before its first run has less than 150 KB compressed', () => {
  // index.html, all that it names (scripts, style, backend, first example), and the worker that the script starts.
  const html = readText('web/dist/index.html');
  const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]);
  const worker = readdirSync(join(project, 'web/dist')).filter((name) => /^worker[.-]/.test(name));
  const [, imported] = /^import"\.\/([^"]+)";\n$/.exec(readText(`web/dist/${worker[0]}`)) ?? [];
  assert.ok(imported, 'a worker starts with a file that nothing else imports: WebKit would run it twice');
  const files = ['index.html', ...new Set(named), ...worker, imported];
  const sizes = files.map((file) => gzipSync(readFileSync(join(project, 'web/dist', file)), { level: 9 }).length);
  const sum = sizes.reduce((total, size) => total + size, 0);
  assert.ok(files.length > 4 && sum < 150_000, `${sum} bytes compressed in ${files.length} files`);
});
