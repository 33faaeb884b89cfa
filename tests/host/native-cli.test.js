// The native command line's arguments, files and statuses (spec jsrs.md 18). What it runs is in tests/conformance.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { assemble, iadd, iconst, ret } from '../lib/jsrs-writer.js';
import { project } from '../lib/files.mjs';
import { expectationOf, fixture, fixturePath } from './fixtures.js';

const NATIVE = join(project, 'backend/bin/jsrust-backend-c');
const folder = mkdtempSync(join(tmpdir(), 'jsrs-native-'));
after(() => rmSync(folder, { recursive: true }));

const HELLO = fixturePath('hello.v2');
const PRIMES = fixturePath('primes.v3');
const ENTRY = ['--entry', expectationOf('hello.v2').entry];

/** @param {string[]} words @param {object} [options] of spawnSync */
function native(words, options) {
  const { status, stdout, stderr } = spawnSync(NATIVE, words, { timeout: 60_000, ...options });
  return { status, stdout, stderr: String(stderr) };
}

// What both command lines refuse is in cli-faults.test.js.
/** @type {[string, string[], number, RegExp][]} */
const refused = [
  ['a file that --input does not name', ['run', HELLO], 11, /run takes its file by --input, not ".*hello.*"\nusage: /],
  [
    'a value of a flag behind its name',
    ['check', HELLO, '--no-optimise=1'],
    11,
    /--no-optimise takes no value\nusage: /,
  ],
  [
    'a number of 2^64',
    ['run', '--input', HELLO, '--max-depth', String(2n ** 64n)],
    11,
    /it takes a whole number from 1/,
  ],
  [
    'a size of 2^64',
    ['run', '--input', HELLO, '--max-memory', '17179869184G'],
    11,
    /"17179869184G": it takes a number/,
  ],
  ['an encoding without a place', ['encode', HELLO], 11, /option -o is missing: where the file goes\nusage: /],
  ['an index that is none', ['disassemble', HELLO, 'x'], 11, /x: not an index of a function\n$/],
  [
    'an engine',
    ['run', '--input', HELLO, '--codegen-wasm'],
    11,
    /no WebAssembly engine; `build` .*runner\/main\.js run FILE/,
  ],
];
for (const [name, words, status, sentence] of refused) {
  test(`${name}: status ${status}`, () => {
    const done = native(words);
    assert.equal(done.status, status, done.stderr);
    assert.match(done.stderr, /^error\[[a-z-]+\]: /);
    assert.match(done.stderr, sentence);
    assert.equal(done.stdout.length, 0);
  });
}

test('a rule that is broken is named with its place, down to the instruction', () => {
  const add = iadd(2, 'i64', 1, 1);
  const input = assemble({
    functions: [{ name: 'main', blocks: [{ id: 7, code: [iconst(0, 'i64', 1), add], end: ret() }] }],
  });
  const { status, stderr } = native(['check', '-'], { input });
  assert.equal(status, 30);
  assert.match(
    stderr,
    /^error\[validate-error\]: UndefinedValue: in function main, block 7: .*, at byte (\d+)\n {2}at `main`, block 7, instruction 1 \(byte \1\)\n$/,
  );
});

test('`-` is standard input, of every command', () => {
  const input = fixture('hello.v2');
  const run = native(['run', '--input', '-', ...ENTRY], { input });
  assert.equal(run.status, 0, run.stderr);
  assert.deepEqual(run.stdout, expectationOf('hello.v2').stdout);
  assert.deepEqual(native(['check', '-'], { input }), native(['check', HELLO]));
  assert.deepEqual(native(['listing', '-'], { input }), native(['listing', HELLO]));
});

test('what never ends is not read for ever', { skip: !existsSync('/dev/zero') }, () => {
  const input = openSync('/dev/zero', 'r');
  const done = native(['check', '-'], { stdio: [input, 'pipe', 'pipe'] });
  closeSync(input);
  assert.equal(done.status, 10);
  assert.match(done.stderr, /^error\[io-error\]: standard input cannot be read: it has more than 67108864 bytes\n$/);
});

test('a full disk is an io-error, whatever is printed', { skip: !existsSync('/dev/full') }, () => {
  const full = openSync('/dev/full', 'w');
  for (const words of [['--help'], ['--version'], ['listing', HELLO], ['run', '--input', HELLO, ...ENTRY]]) {
    const done = native(words, { stdio: ['ignore', full, 'pipe'] });
    assert.equal(done.status, 10, words[0]);
    assert.match(done.stderr, /^error\[io-error\]: the output cannot be written: no space is left\n$/);
  }
  closeSync(full);
});

test('a trace file is replaced whole, or stays as it was', () => {
  const path = join(folder, 'trace');
  writeFileSync(path, 'old');
  assert.equal(native(['run', '--input', join(folder, 'none'), '--trace', '--trace-out', path]).status, 10);
  assert.equal(readFileSync(path, 'utf8'), 'old');
  assert.equal(native(['run', '--input', HELLO, ...ENTRY, '--trace', '--trace-out', path]).status, 0);
  assert.match(readFileSync(path, 'utf8'), /^block \d+\ninst /);
});

test('a file that may not grow so far is an io-error, and no part of it stays', () => {
  const fresh = mkdtempSync(join(folder, 'limited-'));
  const words = [NATIVE, 'run', '--input', PRIMES, '--trace', '--trace-out', join(fresh, 'trace')];
  const done = spawnSync('sh', ['-c', 'ulimit -f 1; exec "$@"', 'sh', ...words], { encoding: 'utf8' });
  assert.equal(done.status, 10, done.stderr);
  assert.match(done.stderr, /trace cannot be written: the file would be too large\n$/);
  assert.deepEqual(readdirSync(fresh), []);
});
