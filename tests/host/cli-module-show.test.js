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
  assert.match(stderr, /^error\[validate-error\]: the module is not valid/);
});
