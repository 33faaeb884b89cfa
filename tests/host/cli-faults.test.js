// What a user can do wrong on both command lines, the runner's and the native one: each says it in the same words, with the
// same status (spec jsrs.md 18).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ERRNO_BY_NAME, describeErrno } from '../../runner/abi/wasi/errno.js';
import { project, readText } from '../lib/files.mjs';
import { fixturePath } from './fixtures.js';

const NATIVE = join(project, 'backend/bin/jsrust-backend-c');
const RUNNER = join(project, 'runner/main.js');
const folder = mkdtempSync(join(tmpdir(), 'jsrs-faults-'));
after(() => rmSync(folder, { recursive: true }));

const FILE = fixturePath('primes.v3');
const NONE = join(folder, 'none');
const LONG = 'x'.repeat(100);
/** What a number may be at most is each one's own. */
const MOST = /\d{16,}/;

/**
 * Columns: the fault, its words as the runner takes them (`run FILE` is `run --input FILE` natively), status, sentence.
 * @type {[string, string[], number, string][]}
 */
const faults = [
  ['nothing', [], 11, 'a command is missing'],
  ['an unknown command', ['jump', FILE], 11, '"jump" is not a command'],
  ['no file to run', ['run'], 11, 'a file is missing; `-` is standard input'],
  ['no file to check', ['check'], 11, 'a file is missing; `-` is standard input'],
  ['two files', ['check', FILE, 'b'], 11, 'one file at a time: "b" is too many'],
  ['an empty path', ['check', ''], 11, 'the path of the file is empty'],
  ['an unknown option', ['check', FILE, '--frob'], 11, 'option "--frob" is unknown'],
  ['a long option', ['check', FILE, `--${LONG}`], 11, `option "--${LONG.slice(0, 78)}..." is unknown`],
  ['an option to be quoted', ['check', FILE, '--a"\\\n'], 11, 'option "--a\\"\\\\\\n" is unknown'],
  ['an option without its value', ['run', FILE, '--entry'], 11, 'option --entry needs a value: FN'],
  ['an empty value', ['run', FILE, '--entry='], 11, 'option --entry cannot be "": it takes FN'],
  [
    'an empty path of a trace',
    ['run', FILE, '--trace', '--trace-out', ''],
    11,
    'option --trace-out cannot be "": it takes PATH',
  ],
  ['a value of a flag', ['run', FILE, '--trace=1'], 11, 'option --trace takes no value'],
  [
    'an option of another command',
    ['check', FILE, '--print-after', 'all'],
    11,
    'option --print-after has no meaning for check',
  ],
  [
    'steps of a build',
    ['build', FILE, '-o', '-', '--max-steps', '5'],
    11,
    'option --max-steps has no meaning for build',
  ],
  [
    'a limit of 0',
    ['run', FILE, '--max-steps', '0'],
    11,
    'option --max-steps cannot be "0": it takes a whole number from 1 up to N',
  ],
  [
    'half a number',
    ['run', FILE, '--max-steps', '1e9'],
    11,
    'option --max-steps cannot be "1e9": it takes a whole number from 1 up to N',
  ],
  [
    'an unknown unit',
    ['run', FILE, '--max-memory', '12Q'],
    11,
    'option --max-memory cannot be "12Q": it takes a number of bytes from 1 up, or of K, M or G, N bytes at most',
  ],
  [
    'a unit alone',
    ['run', FILE, '--max-output', 'G'],
    11,
    'option --max-output cannot be "G": it takes a number of bytes from 1 up, or of K, M or G, N bytes at most',
  ],
  ['a level that is none', ['build', FILE, '-o', '-', '-O7'], 11, 'option -O cannot be "7": it takes 0, 1, 2 or s'],
  [
    'an adapter that is none',
    ['build', FILE, '-o', '-', '--adapter', 'x'],
    11,
    'option --adapter cannot be "x": it takes jsrust or wasi',
  ],
  [
    'blocks for WASI',
    ['build', FILE, '-o', '-', '--adapter', 'wasi', '--block-write'],
    11,
    '--block-write is for the adapter jsrust',
  ],
  ['a trace file without a trace', ['run', FILE, '--trace-out', NONE], 11, '--trace-out needs --trace'],
  [
    'a trace among the output',
    ['run', FILE, '--trace', '--trace-out', '-'],
    11,
    "option --trace-out cannot be -: stdout is for the program's output",
  ],
  ['a build without a place', ['build', FILE], 11, 'option -o is missing: where the module goes'],
  ['a build over its program', ['build', FILE, '-o', FILE], 11, `option -o would replace what is read: ${FILE}`],
  [
    'a trace over its program',
    ['run', FILE, '--trace', '--trace-out', FILE],
    11,
    `option --trace-out would replace what is read: ${FILE}`,
  ],
  ['a pass that is none', ['ir', FILE, '--print-after', 'jump'], 11, 'no level has a pass "jump"'],
  ['a file that is not there', ['run', NONE], 10, `${NONE} cannot be read: there is no such file or directory`],
  ['a folder', ['check', folder], 10, `${folder} cannot be read: it is a directory`],
  ['a file below a file', ['check', `${FILE}/x`], 10, `${FILE}/x cannot be read: it is not a directory`],
  [
    'a name that is too long',
    ['check', 'x'.repeat(300)],
    10,
    `${'x'.repeat(300)} cannot be read: the name is too long`,
  ],
  [
    'a module in no folder',
    ['build', FILE, '-o', `${NONE}/x`],
    10,
    `${NONE}/x cannot be written: there is no such file or directory`,
  ],
  [
    'a trace in no folder',
    ['run', FILE, '--trace', '--trace-out', `${NONE}/x`],
    10,
    `${NONE}/x cannot be written: there is no such file or directory`,
  ],
  ['a missing entry', ['run', FILE, '--entry', 'nobody'], 40, 'entry function not found: `nobody`'],
  ['an entry with parameters', ['run', FILE, '--entry', 'is_prime'], 40, 'entry function takes parameters: `is_prime`'],
];

const natively = (/** @type {string[]} */ [command, ...rest]) =>
  command === 'run' && rest.length > 0
    ? [command, '--input', ...rest]
    : [command, ...rest].filter((word) => word !== undefined);

/** @param {string} program @param {string[]} words @param {object} [options] of spawnSync */
function said(program, words, options) {
  const done = spawnSync(program, words, { timeout: 60_000, encoding: 'utf8', ...options });
  return { status: done.status, line: done.stderr.split('\n')[0].replace(MOST, 'N') };
}

for (const [name, words, status, sentence] of faults) {
  test(`${name}: "${sentence.replaceAll(folder, '').slice(0, 60)}"`, () => {
    const kind = { 10: 'io-error', 11: 'invalid-args', 40: 'execute-error' }[status];
    const expected = { status, line: `error[${kind}]: ${sentence}` };
    assert.deepEqual(said(process.execPath, [RUNNER, ...words]), expected, 'runner');
    assert.deepEqual(said(NATIVE, natively(words)), expected, 'native');
  });
}

test('a full disk', { skip: !existsSync('/dev/full') }, () => {
  const full = openSync('/dev/full', 'w');
  const expected = { status: 10, line: 'error[io-error]: the output cannot be written: no space is left' };
  for (const words of [['--help'], ['listing', FILE], ['run', FILE]]) {
    const options = { stdio: ['ignore', full, 'pipe'] };
    assert.deepEqual(said(process.execPath, [RUNNER, ...words], options), expected, `runner ${words[0]}`);
    assert.deepEqual(said(NATIVE, natively(words), options), expected, `native ${words[0]}`);
  }
  closeSync(full);
  const module = { status: 10, line: 'error[io-error]: /dev/full cannot be written: no space is left' };
  assert.deepEqual(said(process.execPath, [RUNNER, 'build', FILE, '-o', '/dev/full']), module);
  assert.deepEqual(said(NATIVE, ['build', FILE, '-o', '/dev/full']), module);
});

test('a folder as standard input', () => {
  const input = openSync(folder, 'r');
  const expected = { status: 10, line: 'error[io-error]: standard input cannot be read: it is a directory' };
  const options = { stdio: [input, 'pipe', 'pipe'] };
  assert.deepEqual(said(process.execPath, [RUNNER, 'check', '-'], options), expected);
  assert.deepEqual(said(NATIVE, ['check', '-'], options), expected);
  closeSync(input);
});

test("the native command line's sentences about files are the runner's", () => {
  const rows = [...readText('backend/api/file_errors.def').matchAll(/^FILE_ERROR\((\w+), "(.*)"\)$/gm)];
  assert.ok(rows.length > 10);
  for (const [, name, sentence] of rows) assert.equal(sentence, describeErrno(ERRNO_BY_NAME[name])?.sentence, name);
});
