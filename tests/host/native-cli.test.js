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

/** @type {[string, string[], number, RegExp][]} */
const refused = [
  ['nothing', [], 11, /missing command\nusage: /],
  ['an unknown command', ['jump', HELLO], 11, /unknown command jump\nusage: /],
  ['run without a file', ['run'], 11, /missing --input FILE\nusage: /],
  ['check without a file', ['check'], 11, /missing FILE\nusage: /],
  ['a file that --input does not name', ['run', HELLO], 11, /unknown argument .*hello/],
  ['two files', ['check', HELLO, HELLO], 11, /unknown argument .*hello/],
  ['an unknown option', ['run', '--input', HELLO, '--frob'], 11, /unknown argument --frob/],
  ['an option without its value', ['run', '--input'], 11, /missing value after --input/],
  ['an entry without a name', ['run', '--input', HELLO, '--entry', ''], 11, /empty value after --entry\n/],
  ['a path that is empty', ['check', ''], 11, /an argument is empty: no file is called nothing\n/],
  ['an empty path by its option', ['run', '--input='], 11, /empty value after --input=\n/],
  ['a limit of 0', ['run', '--input', HELLO, '--max-steps', '0'], 11, /not a positive number after --max-steps/],
  [
    'a number of 2^64',
    ['run', '--input', HELLO, '--max-steps', String(2n ** 64n)],
    11,
    /too large a number after --max-/,
  ],
  ['a size of 2^64', ['run', '--input', HELLO, '--max-memory', '17179869184G'], 11, /too large a number after --max-/],
  ['half a number', ['run', '--input', HELLO, '--max-steps', '1e9'], 11, /not a positive number after --max-steps/],
  ['a unit alone', ['run', '--input', HELLO, '--max-memory', 'G'], 11, /not a positive number after --max-memory/],
  ['a trace file without a trace', ['run', '--input', HELLO, '--trace-out', 'x'], 11, /--trace-out needs --trace/],
  ['passes of a run', ['run', '--input', HELLO, '--print-after', 'all'], 11, /--print-after are for ir/],
  ['steps of a build', ['build', HELLO, '-o', '-', '--max-steps', '5'], 11, /--max-steps, .* are for run/],
  ['blocks for WASI', ['build', HELLO, '-o', '-', '--adapter', 'wasi', '--block-write'], 11, /for the adapter jsrust/],
  ['a file that does not exist', ['run', '--input', join(folder, 'none')], 10, /none: No such file/],
  ['a folder', ['check', folder], 10, /Is a directory/],
  ['a missing entry', ['run', '--input', HELLO, '--entry', 'nobody'], 40, /entry function not found: `nobody`/],
  [
    'an entry with parameters',
    ['run', '--input', PRIMES, '--entry', 'is_prime'],
    40,
    /takes parameters: `is_prime`\n$/,
  ],
  ['a pass that is none', ['ir', HELLO, ...ENTRY, '--print-after', 'jump'], 11, /no level has a pass "jump"\n/],
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
  assert.match(done.stderr, /^error\[io-error\]: -: larger than 64 MiB\n$/);
});

test('a full disk is an io-error, whatever is printed', { skip: !existsSync('/dev/full') }, () => {
  const full = openSync('/dev/full', 'w');
  for (const words of [['--help'], ['--version'], ['listing', HELLO], ['run', '--input', HELLO, ...ENTRY]]) {
    const done = native(words, { stdio: ['ignore', full, 'pipe'] });
    assert.equal(done.status, 10, words[0]);
    assert.match(done.stderr, /^error\[io-error\]: cannot write /);
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
  assert.match(done.stderr, /trace: File too large/);
  assert.deepEqual(readdirSync(fresh), []);
});
