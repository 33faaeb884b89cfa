// The runner's copies of the backend's tables, and which modules are refused as a backend.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMPILER, CONTRACT, OPTION, OWN, STAT, TEXT } from '../../runner/backend/abi.js';
import { checked, faultOf } from '../../runner/backend/load.js';
import { TRAP, TRAP_SENTENCES } from '../../runner/compiled/trap-kinds.js';
import { CODES } from '../../runner/result.js';
import { readText } from '../lib/files.mjs';

test('the exports that are asked for are those of exports.def', () => {
  const rows = [...readText('backend/api/exports.def').matchAll(/^EXPORT\((\w+), (all|compiler),/gm)];
  const names = (/** @type {string} */ where) => rows.filter((row) => row[2] === where).map((row) => row[1]);
  assert.deepEqual([...CONTRACT, ...OWN], names('all'));
  assert.deepEqual([...COMPILER], names('compiler'));
});

test('codes and kinds are those of error_codes.def, and each fault has its advice', () => {
  const rows = readText('backend/support/error_codes.def').matchAll(/^ERROR_CODE\(\w+, (\d+), "([^"]*)"\)/gm);
  const kinds = Object.fromEntries(Object.entries(CODES).map(([code, { kind }]) => [code, kind]));
  assert.deepEqual(kinds, Object.fromEntries([...rows].map(([, code, kind]) => [code, kind])));
  for (const [code, { help }] of Object.entries(CODES)) assert.equal(help === '', code === '0', code);
});

test('the sentences of traps are those of traps.def', () => {
  const rows = readText('backend/ir/traps.def').matchAll(/^TRAP\((\w+), "([^"]*)"\)/gm);
  const table = [...rows].map(([, name, sentence]) => ({ name, sentence }));
  assert.deepEqual(
    [...TRAP_SENTENCES],
    table.map(({ sentence }) => sentence),
  );
  for (const [name, number] of Object.entries(TRAP)) assert.equal(table[number].name, name);
});

for (const [name, table] of Object.entries({ STAT, TEXT })) {
  test(`the numbers of ${name} are those of session.h`, () => {
    const names = [...readText('backend/api/session.h').matchAll(new RegExp(`^ +(${name}_[A-Z_]+),?`, 'gm'))];
    assert.deepEqual(
      Object.keys(table).map((key) => `${name}_${key}`),
      names.map((match) => match[1]),
    );
    assert.deepEqual(
      Object.values(table),
      names.map((_, i) => i),
    );
  });
}

test('the numbers of OPTION are those of session.h', () => {
  const rows = [...readText('backend/api/session.h').matchAll(/^ +OPTION_([A-Z_]+) = (\d+)/gm)];
  assert.ok(rows.length >= 10);
  assert.deepEqual(OPTION, Object.fromEntries(rows.map(([, key, number]) => [key, Number(number)])));
});

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const EXPORTS_MEMORY = [5, 3, 1, 0, 1, 7, 10, 1, 6, ...Buffer.from('memory'), 2, 0];
/** @type {[string, number[], RegExp][]} */
const strangers = [
  ['an empty module', HEADER, /does not export its memory/],
  [
    'a module with a memory alone',
    [...HEADER, ...EXPORTS_MEMORY],
    /does not export jsrust_wasm_alloc, .*jsrust_text_len/,
  ],
  ['a module with an import', [...HEADER, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0x61, 1, 0x62, 0, 0], /imports a\.b/],
];
for (const [name, bytes, sentence] of strangers) {
  test(`${name} is refused as a backend`, () => {
    const module = new WebAssembly.Module(Uint8Array.from(bytes));
    assert.match(faultOf(module) ?? '', sentence);
    assert.throws(() => checked(module, 'x.wasm'), /x\.wasm is not the backend/);
  });
}
