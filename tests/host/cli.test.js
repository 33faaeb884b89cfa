// The command line as a process: arguments, streams, exit status, files (spec jsrs.md 18).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
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
import { assemble, manyFunctions, printLines, ret } from '../lib/jsrs-writer.js';
import { project } from '../lib/files.mjs';
import { MAIN, atRest, cli, start } from './cli-process.js';
import { expectationOf, fixture, fixturePath } from './fixtures.js';
import { endlessLoop, endlessPrinter } from './programs.js';

const folder = mkdtempSync(join(tmpdir(), 'jsrs-cli-'));
after(() => rmSync(folder, { recursive: true }));

const inFolder = (/** @type {string} */ name) => join(folder, name);
const put = (/** @type {string} */ name, /** @type {Uint8Array | string} */ bytes) => {
  writeFileSync(inFolder(name), bytes);
  return inFolder(name);
};
const LOOP = put('loop', endlessLoop());
const PRINTER = put('printer', endlessPrinter());
const ENDLESS_OUTPUT = join(project, 'fixtures/hostile/endless_output.wasm');
/** One function, which takes a parameter. */
const onlyAdds = () =>
  assemble({ functions: [{ name: 'add', params: [['i64', 1]], result: 'i64', blocks: [{ id: 0, end: ret(1) }] }] });
const HELLO = fixturePath('hello.v2');
const ENTRY = expectationOf('hello.v2').entry;

test('output goes to stdout unchanged, the ok line to stderr', () => {
  for (const name of ['hello.v2', 'exit_neg.v1', 'print_kinds.v3']) {
    const expected = expectationOf(name);
    const { status, done, stderr } = cli(['run', fixturePath(name), '--entry', expected.entry]);
    assert.equal(status, 0, stderr);
    assert.deepEqual(done.stdout, expected.stdout);
    assert.equal(stderr, expected.exit_value === null ? 'ok\n' : `ok exit=${expected.exit_value}\n`);
  }
});

test('--quiet drops the ok line and nothing else', () => {
  assert.equal(cli(['run', HELLO, '--entry', ENTRY, '--quiet']).stderr, '');
  assert.match(cli(['run', HELLO, '--entry', 'nobody', '--quiet']).stderr, /^error\[/);
});

test('`-` is standard input', () => {
  const { status, done } = cli(['run', '-', '--entry', ENTRY], { input: fixture('hello.v2') });
  assert.equal(status, 0);
  assert.deepEqual(done.stdout, expectationOf('hello.v2').stdout);
});

test('a folder as standard input is said to be one', () => {
  const { status, stderr } = cli(['run', '-'], { stdio: [openSync(folder, 'r'), 'pipe', 'pipe'] });
  assert.equal(status, 10);
  assert.match(stderr, /^error\[io-error\]: standard input cannot be read: it is a directory\n/);
});

test('a failure prints the output first, then kind, message, place and calls', () => {
  const { status, done, stderr } = cli(['run', fixturePath('array_oob.v3')]);
  assert.equal(status, 40);
  assert.deepEqual(done.stdout, expectationOf('array_oob.v3').stdout);
  const lines = stderr.split('\n');
  assert.match(lines[0], /^error\[execute-error\]: .*index out of bounds/);
  assert.match(lines[1], /^ {2}at \S+, block \d+, instruction \d+ \(byte offset \d+\)$/);
  assert.doesNotMatch(stderr, /^ok/m);
});

/** @type {[string, string[], number, RegExp][]} */
const failures = [
  ['no arguments', [], 11, /usage: /],
  ['an unknown option', ['run', HELLO, '--frob'], 11, /^error\[invalid-args\]: option "--frob" is unknown\nusage: /],
  ['a traced compiled run', ['run', HELLO, '--codegen-wasm', '--trace'], 11, /compiled programs cannot be traced/],
  [
    'a file that does not exist',
    ['run', inFolder('none')],
    10,
    /none cannot be read: there is no such file or directory\n/,
  ],
  ['a folder', ['run', folder], 10, /^error\[io-error\]: .* cannot be read: it is a directory\n/],
  ['a file without a name', ['run', ''], 11, /^error\[invalid-args\]: the path of the file is empty/],
  ['an empty file', ['run', put('empty', '')], 20, /^error\[deserialize-error\]: truncated binary input/],
  ['Rust text', ['run', put('x.jsrbin', 'fn main() {}')], 20, /this is Rust source text\n {2}help: .*JSRust/],
  [
    'an unknown version',
    ['run', put('v9', Buffer.from('534a535209000000', 'hex'))],
    21,
    /^error\[unsupported-version\]/,
  ],
  [
    'a missing entry',
    ['run', fixturePath('ack.v3')],
    40,
    /^error\[execute-error\]: entry function not found: `main`\n {2}help: Functions that can be the entry: `warm`, `go`\.\n$/,
  ],
  [
    'an entry with parameters',
    ['run', fixturePath('primes.v3'), '--entry', 'is_prime'],
    40,
    /^error\[execute-error\]: entry function takes parameters: `is_prime`\n {2}help: Functions that can be the entry: `main`\.\n$/,
  ],
  [
    'a file without an entry',
    ['run', put('library', onlyAdds())],
    40,
    /help: It has no function that could be the entry/,
  ],
  [
    'a step limit',
    ['run', LOOP, '--max-steps', '1000'],
    40,
    /step limit reached.*\n( .*\n)* {2}help: Raise the step limit\.\n$/,
  ],
  ['a time limit', ['run', LOOP, '--timeout', '0.1'], 40, /time limit reached \(0\.1 s\)/],
  [
    'an output limit',
    ['run', PRINTER, '--max-output', '1K'],
    40,
    /output limit reached.*\n( .*\n)* {2}help: Raise the output limit\./,
  ],
  [
    'check of a damaged file',
    ['check', put('cut', fixture('hello.v2').slice(0, 60))],
    20,
    /^error\[deserialize-error\]/,
  ],
  ['the IR of a missing entry', ['ir', HELLO, '--entry', 'nobody'], 40, /entry function not found/],
  ['a missing entry of passes', ['ir', fixturePath('ack.v3'), '-O2'], 40, /can be the entry: `warm`, `go`/],
  ['a missing entry of a compiled run', ['run', fixturePath('ack.v3'), '--codegen-wasm'], 40, /`warm`, `go`/],
  ['a missing entry of build', ['build', fixturePath('ack.v3'), '-o', inFolder('n')], 40, /`warm`, `go`/],
];
for (const [name, words, status, sentence] of failures) {
  test(`${name}: status ${status}`, () => {
    const done = cli(words);
    assert.equal(done.status, status, done.stderr);
    assert.match(done.stderr, sentence);
  });
}

test('what never ends is not read for ever', { skip: !existsSync('/dev/zero') }, () => {
  const sentence = / cannot be read: it has more than \d+ bytes\n/;
  const file = cli(['run', '/dev/zero']);
  assert.equal(file.status, 10);
  assert.match(file.stderr, sentence);
  const input = openSync('/dev/zero', 'r');
  const piped = cli(['check', '-'], { stdio: [input, 'pipe', 'pipe'] });
  closeSync(input);
  assert.equal(piped.status, 10);
  assert.match(piped.stderr, /^error\[io-error\]: standard input/);
  assert.match(piped.stderr, sentence);
});

test('a pipe can be a file', { skip: !existsSync('/dev/stdin') }, () => {
  const line = 'cat "$0" | "$1" "$2" run /dev/stdin --entry "$3"';
  const done = spawnSync('sh', ['-c', line, HELLO, process.execPath, MAIN, ENTRY], { timeout: 60_000 });
  assert.equal(done.status, 0, String(done.stderr));
  assert.deepEqual(done.stdout, expectationOf('hello.v2').stdout);
});

test('--help and --version go to stdout with status 0', () => {
  assert.match(cli(['--help']).stdout, /^usage: /);
  assert.match(cli(['--version']).stdout, /^jsrust-playground \d+\.\d+\.\d+\n$/);
});

test('check, listing, ir and bytecode print what they are for', () => {
  assert.match(cli(['check', HELLO]).stdout, /^valid: JSRS version 2, \d+ functions?\n$/);
  const many = put('many', manyFunctions(3000));
  assert.equal(cli(['check', many]).stdout, 'valid: JSRS version 3, 3001 functions\n', 'not those that are listed');
  assert.equal(cli(['check', LOOP]).stdout, 'valid: JSRS version 1, 1 function\n');
  for (const command of ['listing', 'ir', 'bytecode']) {
    const words = command === 'listing' ? [] : ['--entry', ENTRY];
    const { status, stdout, stderr } = cli([command, HELLO, ...words]);
    assert.equal(status, 0, stderr);
    assert.ok(stdout.length > 50);
  }
});

test('--trace prints the trace to stderr, before the ok line', () => {
  const { stderr } = cli(['run', HELLO, '--entry', ENTRY, '--trace']);
  assert.match(stderr, /^block 0\ninst .*\nok/s);
});

test('--trace-out replaces a file, also when the program fails', () => {
  const path = put('trace', 'old');
  assert.equal(cli(['run', fixturePath('array_oob.v3'), '--trace', '--trace-out', path]).status, 40);
  assert.match(readFileSync(path, 'utf8'), /^block \d+\n/);
  assert.ok(!readdirSync(folder).some((name) => name.endsWith('.tmp')));
});

test('a trace file stays as it was when nothing ran', () => {
  const path = put('kept', 'old');
  assert.equal(cli(['run', inFolder('empty'), '--trace', '--trace-out', path]).status, 20);
  assert.equal(readFileSync(path, 'utf8'), 'old');
});

test('a trace file that cannot be written: status 10, the output is out', () => {
  const { status, done, stderr } = cli(['run', HELLO, '--entry', ENTRY, '--trace', '--trace-out', inFolder('none/t')]);
  assert.equal(status, 10);
  assert.match(stderr, /^error\[io-error\]: .*none\/t cannot be written/);
  assert.deepEqual(done.stdout, expectationOf('hello.v2').stdout);
});

test('a folder without leave to write keeps the old trace file', { skip: process.getuid?.() === 0 }, () => {
  mkdirSync(inFolder('locked'));
  const path = put('locked/trace', 'old');
  chmodSync(inFolder('locked'), 0o555);
  assert.equal(cli(['run', HELLO, '--entry', ENTRY, '--trace', '--trace-out', path]).status, 10);
  assert.equal(readFileSync(path, 'utf8'), 'old');
});

test('--out-bin writes the file, before the program runs', () => {
  const path = inFolder('out.jsrbin');
  cli(['run', LOOP, '--out-bin', path, '--timeout', '0.1']);
  assert.deepEqual(new Uint8Array(readFileSync(path)), endlessLoop());
});

test('--out-bin leaves the old file when the input is damaged, and runs nothing when it cannot write', () => {
  const path = put('old.jsrbin', 'old');
  assert.equal(cli(['run', inFolder('cut'), '--out-bin', path]).status, 20);
  assert.equal(readFileSync(path, 'utf8'), 'old');
  const { status, stdout } = cli(['run', HELLO, '--entry', ENTRY, '--out-bin', inFolder('none/o')]);
  assert.equal(status, 10);
  assert.equal(stdout.length, 0);
});

test('a reader that goes away ends the program quietly', async () => {
  const { child, ended } = start(['run', PRINTER]);
  child.stdout?.once('data', () => child.stdout?.destroy());
  assert.deepEqual(await ended, { status: 10, signal: null, stderr: '' });
});

test('a slow reader slows the program: nothing piles up', async () => {
  const { child, ended } = start(['run', PRINTER]);
  await new Promise((resolve) => child.stdout?.once('readable', () => resolve(undefined)));
  // It fills all that is on the way, and then waits.
  const kilobytes = await atRest(child);
  assert.ok(kilobytes < 150_000, `${kilobytes} KB`);
  child.stdout?.resume();
  child.kill('SIGINT');
  await ended;
});

/** How a program ends whose output nobody reads. @param {ReturnType<typeof start>} started */
async function endUnread({ child, ended }) {
  await new Promise((resolve) => child.once('exit', resolve));
  child.stdout?.resume();
  return ended;
}

test('a reader that takes nothing holds up neither the time limit nor Ctrl-C', async () => {
  for (const words of [[PRINTER], [PRINTER, '--codegen-wasm'], [ENDLESS_OUTPUT]]) {
    const interrupted = start(['run', ...words]);
    await new Promise((resolve) => interrupted.child.stdout?.once('readable', () => resolve(undefined)));
    interrupted.child.kill('SIGINT');
    const late = start(['run', ...words, '--timeout', '0.2']);
    assert.equal((await endUnread(interrupted)).status, 130, words.join(' '));
    const { status, stderr } = await endUnread(late);
    assert.equal(status, 40, words.join(' '));
    assert.match(stderr, /time limit reached \(0\.2 s\)/);
  }
});

test('what nobody takes within the time limit does not pass for success', async () => {
  const path = put('long', printLines(20_000));
  for (const words of [[path], [path, '--codegen-wasm']]) {
    const { status, stderr } = await endUnread(start(['run', ...words, '--timeout', '0.5']));
    assert.notEqual(status, 0);
    assert.match(stderr, /its reader takes nothing|time limit/);
  }
});

test('Ctrl-C ends the program cleanly: output is out, status 130', async () => {
  const { child, ended } = start(['run', PRINTER]);
  let bytes = 0;
  child.stdout?.on('data', (chunk) => {
    if (bytes === 0) child.kill('SIGINT');
    bytes += chunk.length;
  });
  const { status, stderr } = /** @type {any} */ (await ended);
  assert.equal(status, 130);
  assert.match(stderr, /^error\[execute-error\]: stopped\n/);
  assert.equal(bytes % 64, 0, 'whole lines');
});

test('a full disk is an io-error', { skip: !existsSync('/dev/full') }, async () => {
  const { ended } = start(['run', PRINTER], ['ignore', openSync('/dev/full', 'w'), 'pipe']);
  const { status, stderr } = /** @type {any} */ (await ended);
  assert.equal(status, 10);
  assert.match(stderr, /^error\[io-error\]: the output cannot be written: no space is left\n/);
});

test('a trace that cannot be written does not hide why the program failed', () => {
  const path = inFolder('none/t');
  const { status, stderr } = cli(['run', fixturePath('array_oob.v3'), '--trace', '--trace-out', path]);
  assert.equal(status, 40);
  assert.match(
    stderr,
    /^error\[execute-error\]: index out of bounds[^]*\nerror\[io-error\]: .*none\/t cannot be written/,
  );
});

test('two outputs are not one file', () => {
  const path = inFolder('both');
  const { status, stderr } = cli(['run', HELLO, '--trace', '--trace-out', path, '--out-bin', `${path}/../both`]);
  assert.equal(status, 11);
  assert.match(stderr, /options --trace-out and --out-bin are one file: .*both\n/);
});

test('JSRUST_BACKEND_WASM names the backend; what is none is refused with 100', () => {
  const env = { ...process.env, JSRUST_BACKEND_WASM: LOOP };
  const { status, stderr } = cli(['run', HELLO], { env });
  assert.equal(status, 100);
  assert.match(stderr, /^error\[internal-error\]: .*loop is not a WebAssembly module/);
  const missing = cli(['run', HELLO], { env: { ...env, JSRUST_BACKEND_WASM: inFolder('none') } });
  assert.equal(missing.status, 100);
  assert.match(missing.stderr, /: JSRUST_BACKEND_WASM: .*none cannot be read: there is no such file or directory\n/);
});
