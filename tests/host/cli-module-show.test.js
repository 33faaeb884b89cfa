// The command line on modules that it only shows: check, inspect, disassemble.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MATH, fixture, put } from './cli-module-kit.js';
import { cli } from './cli-process.js';

test('check, inspect and disassemble show a module without running it', () => {
  assert.equal(cli(['check', MATH]).stdout, 'valid: WebAssembly module, 10 functions\n');
  assert.match(cli(['check', fixture('wasm/needs_imports')]).stdout, /^valid: .*\nmissing: env\.log \(i32\) -> \(\): /);
  const text = cli(['inspect', fixture('wasi/words')]).stdout;
  for (const part of [
    /^WASI program/,
    /\nimports\n {2}wasi_snapshot_preview1\.\w+ .* <- WASI preview 1\n/,
    /\nmemories\n/,
    /\nglobals\n/,
    /\nsections\n/,
    /\nlargest of \d+ functions\n/,
  ])
    assert.match(text, part);
  const info = JSON.parse(cli(['inspect', fixture('wasi/words'), '--json']).stdout);
  assert.deepEqual([info.plan.kind, info.plan.entry, info.version], ['wasi', '_start', 1]);
  const listing = cli(['disassemble', MATH]).stdout;
  assert.equal(listing.match(/^\(func /gm)?.length, 10);
  const one = cli(['disassemble', MATH, '--function', '1']).stdout;
  assert.ok(one.startsWith('(func (;1;)') && listing.includes(one));
});

test('check tells what only the engine sees', () => {
  const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0b];
  const { status, stderr } = cli(['check', put('untyped.wasm', Uint8Array.from(bytes))]);
  assert.equal(status, 30);
  assert.match(stderr, /^error\[validate-error\]: the module is not valid: expected 1 elements on the stack/);
  assert.match(stderr, / \(section code, function 0, at offset 24\)/);
  assert.doesNotMatch(stderr, /Compiling|@\+/);
});

test('check is about the file, not about what is made of it to be run', () => {
  // (func ref.func 0 drop) (start 0): the function is not declared to be referred to
  const start = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 8, 1, 0];
  const bytes = Uint8Array.from([...start, 10, 7, 1, 5, 0, 0xd2, 0, 0x1a, 0x0b]);
  const { status, stderr } = cli(['check', put('undeclared.wasm', bytes)]);
  assert.equal(status, 30);
  assert.match(stderr, /the module is not valid: undeclared reference to function #0 \(.*offset 27\)/);
});

test('inspect finds the largest function of all, also behind those that a description lists', () => {
  const count = 5001;
  const leb = (/** @type {number} */ n) => [(n & 127) | 128, n >>> 7];
  const list = (/** @type {number} */ id, /** @type {number[]} */ bytes) => {
    const size = bytes.length + 2;
    return [id, (size & 127) | 128, ((size >>> 7) & 127) | 128, size >>> 14, ...leb(count), ...bytes];
  };
  const small = new Array(count - 1).fill([2, 0, 0x0b]).flat();
  const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, ...list(3, new Array(count).fill(0))];
  const file = put('many.wasm', Uint8Array.from([...bytes, ...list(10, [...small, 3, 0, 1, 0x0b])]));
  const text = cli(['inspect', file]).stdout;
  assert.match(text, /\nlargest of 5001 functions\n  function 5000: 3 bytes, 1 instruction\n/);
  assert.doesNotMatch(text, /not listed/);
});

/** What inspect lists below a heading. @param {string} name @param {string} heading */
function listed(name, heading) {
  const text = cli(['inspect', fixture(name)]).stdout;
  return new RegExp(`\\n${heading}\\n((?:  .*\\n)*)`)
    .exec(text)?.[1]
    .split('\n')
    .slice(0, -1)
    .map((line) => line.trim());
}

test('inspect says of memories and tables what sets them apart', () => {
  assert.deepEqual(listed('wasm3/memory64', 'memories'), ['1..1000 pages, 64-bit addresses']);
  assert.deepEqual(listed('wasm3/table64', 'tables'), ['3..8 funcref, 64-bit indices table']);
  assert.deepEqual(listed('wasm3/page_sizes', 'memories'), ['10..5000 pages of 1 byte']);
  assert.deepEqual(listed('wasm3/multi_memory', 'memories'), ['1.. pages from', '1..1 pages to']);
  assert.equal(listed('wasm3/page_sizes', 'exports')?.[0], 'memory memory 10..5000 pagesize 1');
});

test('functions without a name are listed by that of their export', () => {
  assert.deepEqual(listed('wasm3/gc', 'largest of 8 functions')?.slice(0, 2), [
    'sum: 60 bytes, 27 instructions',
    'mark: 29 bytes, 11 instructions',
  ]);
});

test('what no engine knows yet is named by its proposal', () => {
  const continuation = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 2, 0x60, 0, 0, 0x5d, 0];
  const { status, stderr } = cli(['inspect', put('continuation.wasm', Uint8Array.from(continuation))]);
  assert.equal(status, 20);
  assert.match(stderr, /unknown form of type: 0x5d, of the proposal stack-switching \(section type at offset 14\)/);
});
