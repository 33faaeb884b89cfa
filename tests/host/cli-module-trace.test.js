// The command line on modules: calls of imports written down, to standard error or a file.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { assemble } from '../../fixtures/wat.mjs';
import { ENDLESS, HELLO, fixture, inFolder, put } from './cli-module-kit.js';
import { cli } from './cli-process.js';

test('--trace writes calls as JSON lines to standard error', () => {
  const { stderr } = cli(['run', HELLO, '--trace']);
  const lines = stderr.trimEnd().split('\n');
  assert.equal(lines.pop(), 'ok');
  const calls = lines.map((line) => JSON.parse(line));
  assert.deepEqual(calls[0], {
    ...calls[0],
    n: 1,
    call: 'aver.print_value',
    args: { tag: 'String', value: 'Hello, Aver!' },
  });
});

test('a traced call that reads shows what it has read, and the room it had where it failed', async () => {
  const module = put(
    'reads.wasm',
    await assemble(
      'reads',
      `(module
      (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 0) "\\20\\00\\00\\00\\03\\00\\00\\00\\40\\00\\00\\00\\10\\00\\00\\00")
      (func (export "_start")
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 2) (i32.const 16)))
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 2) (i32.const 16)))
        (drop (call $read (i32.const 9) (i32.const 0) (i32.const 2) (i32.const 16)))))`,
    ),
  );
  const { stderr } = cli(['run', module, '--trace', '--quiet'], { input: 'hello' });
  const calls = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    calls.map(({ args, result }) => [args.iovs, result]),
    [
      [['hel', 'lo'], 'SUCCESS'],
      [['', ''], 'SUCCESS'],
      [[3, 16], 'EBADF'],
    ],
  );
});

test('--trace-out replaces a file whole, also when the program fails, and leaves it when nothing ran', () => {
  const path = put('trace', 'old');
  assert.equal(cli(['run', fixture('wasm/needs_imports'), '--trace', '--trace-out', path]).status, 30);
  assert.equal(readFileSync(path, 'utf8'), 'old');
  const { status, stderr } = cli(['run', fixture('aver/trap'), '--trace', '--trace-out', path]);
  assert.equal(status, 40);
  assert.doesNotMatch(stderr, /"call"/);
  assert.match(readFileSync(path, 'utf8'), /^(\{"n":.*\}\n)+$/);
  assert.ok(!readdirSync(inFolder('')).some((name) => name.endsWith('.tmp')));
  assert.equal(cli(['run', HELLO, '--trace', '--trace-out', '/dev/null']).status, 0);
});

test('a trace file that cannot be written: a sentence, status 10, and nothing runs', () => {
  const { status, stdout, stderr } = cli(['run', HELLO, '--trace', '--trace-out', inFolder('none/t')]);
  assert.deepEqual([status, stdout], [10, '']);
  assert.match(stderr, /^error\[io-error\]: .*none\/t cannot be written/);
});

test(
  'a trace that fills the disk ends the program: a sentence, status 10',
  { skip: process.platform !== 'linux' },
  () => {
    const words = ['run', ENDLESS, '--trace', '--trace-out', '/dev/full'];
    const { status, stderr } = cli(words, { stdio: ['ignore', 'ignore', 'pipe'] });
    assert.equal(status, 10);
    assert.match(stderr, /^error\[execute-error\]: the trace cannot be written: /);
    // A program that has ended by then is not said to be well.
    const ended = cli(['run', HELLO, '--trace', '--trace-out', '/dev/full']);
    assert.equal(ended.status, 10);
    assert.match(ended.stderr, /^error\[\w+-error\]: the trace cannot be written: (?![^]*^ok)/m);
  },
);
