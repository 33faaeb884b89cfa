// The command line on WebAssembly modules, as a process: options, streams, exit status, files, folders, refusals.
// Terminals are in cli-terminal.test.js; what every fixture must do is in tests/conformance.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { assemble } from '../../fixtures/wat.mjs';
import { project } from '../lib/files.mjs';
import { atRest, cli, start } from './cli-process.js';
import { fixturePath as jsrsPath } from './fixtures.js';

const folder = mkdtempSync(join(tmpdir(), 'jsrs-cli-module-'));
after(() => rmSync(folder, { recursive: true }));

const fixture = (/** @type {string} */ name) => join(project, 'fixtures', `${name}.wasm`);
const inFolder = (/** @type {string} */ name) => join(folder, name);
const put = (/** @type {string} */ name, /** @type {Uint8Array | string} */ bytes) => {
  writeFileSync(inFolder(name), bytes);
  return inFolder(name);
};
const made = async (/** @type {string} */ name, /** @type {string} */ source) =>
  put(`${name}.wasm`, await assemble(name, source));

/** Ends with the status that its first argument is. */
const exits = (/** @type {number} */ status) =>
  made(
    `exits${status}`,
    `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1) (func (export "_start") i32.const ${status} call $exit))`,
  );
/** Copies standard input to standard output, by 64 KiB. */
const CAT = await made(
  'cat',
  `(module (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 2)
    (func (export "_start") (local $from i32)
      (loop $more
        (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 65536))
        (if (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)) (then (call $exit (i32.const 9))))
        (if (i32.load (i32.const 8)) (then
          (i32.store (i32.const 4) (i32.load (i32.const 8)))
          (loop $rest
            (if (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12)) (then (call $exit (i32.const 8))))
            (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.load (i32.const 12))))
            (i32.store (i32.const 4) (i32.sub (i32.load (i32.const 4)) (i32.load (i32.const 12))))
            (br_if $rest (i32.load (i32.const 4))))
          (br $more))))))`,
);
const HELLO = fixture('aver/hello');
const MATH = fixture('wasm/math');
const ENDLESS = fixture('hostile/endless_output');

for (const [status, exit, line] of /** @type {[number, number, string][]} */ ([
  [0, 0, 'ok exit=0\n'],
  [3, 3, 'exit status 3\n'],
  [40, 40, 'exit status 40\n'],
  [255, 255, 'exit status 255\n'],
  [256, 255, 'exit status 256\n'],
  [258, 2, 'exit status 258\n'],
  [-1, 255, 'exit status 4294967295\n'],
])) {
  test(`a program that exits with ${status}: status ${exit}`, async () => {
    const { status: got, stderr } = cli(['run', await exits(status)]);
    assert.deepEqual([got, stderr], [exit, line]);
  });
}

test('--quiet drops the last line and nothing else', async () => {
  assert.deepEqual([cli(['run', HELLO, '--quiet']).stderr, cli(['run', await exits(3), '--quiet']).stderr], ['', '']);
  assert.match(cli(['run', fixture('aver/trap'), '--quiet']).stderr, /^error\[execute-error\]/);
});

/** @type {[string, string[], number, RegExp][]} */
const failures = [
  ['a trap', ['run', fixture('aver/trap')], 40, /^error\[execute-error\]: division by zero\n {2}at /],
  [
    'a missing import',
    ['run', fixture('wasm/needs_imports')],
    30,
    /^error\[validate-error\]: 2 imports are missing: env\.log /,
  ],
  [
    'a damaged module',
    ['run', fixture('hostile/cut_section')],
    20,
    /^error\[deserialize-error\]: the module is malformed: /,
  ],
  ['a component', ['run', fixture('hostile/component')], 20, /this is a WebAssembly component/],
  ['a module without an entry', ['run', MATH], 40, /nothing to run[^]*help: Call one of its exports: add /],
  ['a missing entry', ['run', MATH, '--entry', 'nobody'], 11, /no exported function "nobody"/],
  ['--max-steps', ['run', HELLO, '--max-steps', '5'], 11, /option --max-steps has no meaning for a WebAssembly module/],
  [
    '--no-validate',
    ['run', HELLO, '--no-validate'],
    11,
    /option --no-validate has no meaning for a WebAssembly module/,
  ],
  ['--out-bin', ['run', HELLO, '--out-bin', 'x'], 11, /option --out-bin has no meaning for a WebAssembly module/],
  [
    '--codegen-wasm',
    ['run', HELLO, '--codegen-wasm'],
    11,
    /option --codegen-wasm has no meaning for a WebAssembly module/,
  ],
  ['a key that is none', ['run', HELLO, '--keys', 'up,F13'], 11, /option --keys: no key "F13": up, down, /],
  ['an empty key', ['run', HELLO, '--keys', 'up,,down'], 11, /option --keys: an empty name/],
  [
    'a size without columns',
    ['run', HELLO, '--size', '0x5'],
    11,
    /option --size cannot be "0x5": a terminal has 1 to 512/,
  ],
  ['a size too large', ['run', HELLO, '--size', '80x257'], 11, /option --size cannot be "80x257"/],
  ['a size of another form', ['run', HELLO, '--size', '80'], 11, /option --size cannot be "80": it takes COLUMNSxROWS/],
  ['--env without a name', ['run', HELLO, '--env', '=v'], 11, /option --env cannot be "=v": it takes K=V/],
  ['--env without a value', ['run', HELLO, '--env', 'NAME'], 11, /option --env cannot be "NAME"/],
  ['--clock that is no number', ['run', HELLO, '--clock', 'now'], 11, /option --clock cannot be "now": it takes MS/],
  ['--call without brackets', ['run', MATH, '--call', 'fib'], 11, /option --call cannot be "fib": it takes FN\(ARGS\)/],
  ['--call of a missing export', ['run', MATH, '--call', 'nobody()'], 11, /no exported function "nobody"/],
  [
    '--call with too few arguments',
    ['run', MATH, '--call', 'add(1)'],
    11,
    /add takes \(i32, i32\) -> \(i32\); 1 arguments/,
  ],
  [
    '--call with a word for a number',
    ['run', MATH, '--call', 'fib(x)'],
    11,
    /argument 1 of fib: `x` is no whole number/,
  ],
  [
    '--call and --entry',
    ['run', MATH, '--call', 'fib(1)', '--entry', 'fib'],
    11,
    /--entry and --call exclude each other/,
  ],
  ['--dir without a folder', ['run', CAT, '--dir', '::/x'], 11, /option --dir cannot be "::\/x": it takes HOST::GUEST/],
  ['--dir twice for one path', ['run', CAT, '--dir', '.::/x', '--dir', '/tmp::/x'], 11, /"\/x" is "\." already/],
  ['--trace-out alone', ['run', HELLO, '--trace-out', 'x'], 11, /--trace-out needs --trace/],
  ['--json of run', ['run', HELLO, '--json'], 11, /option --json has no meaning for run/],
  ['--function that is no number', ['disassemble', MATH, '--function', 'x'], 11, /option --function cannot be "x"/],
  [
    'a function that there is not',
    ['disassemble', MATH, '--function', '99'],
    11,
    /there is no function 99: the module has 10/,
  ],
  ['ir of a module', ['ir', MATH], 11, /ir has no meaning for a WebAssembly module/],
  ['inspect of a JSRS program', ['inspect', jsrsPath('hello.v2')], 11, /inspect has no meaning for a JSRS program/],
  ['disassemble of text', ['disassemble', join(project, 'fixtures/wasm/math.wat')], 20, /this is WebAssembly text/],
  ['a time limit', ['run', fixture('hostile/endless_loop'), '--timeout', '0.2'], 40, /time limit reached \(0\.2 s\)/],
  ['an output limit', ['run', ENDLESS, '--max-output', '1K'], 40, /output limit reached \(1024 bytes\)/],
  ['a memory limit', ['run', fixture('hostile/memory_initial'), '--max-memory', '64K'], 40, /memory limit reached/],
  ['deep recursion', ['run', fixture('hostile/deep_recursion')], 40, /stack exhausted/],
];
for (const [name, words, status, sentence] of failures) {
  test(`${name}: status ${status}`, () => {
    const done = cli(words);
    assert.equal(done.status, status, done.stderr);
    assert.match(done.stderr, sentence);
    assert.doesNotMatch(done.stderr, /^ok/m);
  });
}

/** @type {[string, string[]][]} */
const OF_MODULES = [
  ['--args', ['x']],
  ['--env', ['K=V']],
  ['--dir', ['.::/']],
  ['--keys', ['q']],
  ['--size', ['80x24']],
  ['--screen', []],
  ['--raw', []],
  ['--seed', ['1']],
  ['--clock', ['0']],
  ['--call', ['main()']],
  ['--stub', []],
  ['--preload', ['lib=x.wasm']],
];
test('a file that is neither is told as what it is, whatever options are given', () => {
  for (const [bytes, sentence] of /** @type {[number[], RegExp][]} */ ([
    [[], /this is an empty file/],
    [[0x1f, 0x8b, 8, 0], /this is gzip-compressed data/],
  ])) {
    const { status, stderr } = cli(['run', put('neither', Uint8Array.from(bytes)), '--call', 'f()', '--stub']);
    assert.equal(status, 20);
    assert.match(stderr, sentence);
  }
});

test('a JSRS program refuses the options of modules by name', () => {
  for (const [option, value] of OF_MODULES) {
    const { status, stderr } = cli(['run', jsrsPath('hello.v2'), option, ...value]);
    assert.equal(status, 11, option);
    assert.ok(stderr.includes(`option ${option} has no meaning for a JSRS program`), stderr);
  }
});

test('--preload links modules: run, check and inspect know what they serve', () => {
  const program = fixture('aver-unmerged/queens');
  const runtime = fixture('aver-unmerged/aver_runtime');
  const told = cli(['run', program]);
  assert.equal(told.status, 30);
  assert.match(told.stderr, /75 imports are missing: aver_runtime\.rt_alloc .* link aver_runtime\.wasm; .*: likewise/);
  assert.match(told.stderr, /help: .*--preload NAME=FILE/);
  for (const word of [`aver_runtime=${runtime}`, runtime]) {
    const { status, stdout, stderr } = cli(['run', program, '--preload', word]);
    assert.deepEqual([status, stderr], [0, 'ok\n']);
    assert.match(stdout, /^92 ways/);
  }
  const check = cli(['check', program, '--preload', runtime]);
  assert.deepEqual([check.status, /missing/.test(check.stdout)], [0, false]);
  const dice = ['--preload', runtime, '--preload', `aver=${fixture('aver-unmerged/aver_to_wasi')}`];
  const { stdout } = cli(['inspect', fixture('aver-unmerged/dice'), ...dice]);
  assert.match(stdout, /aver_runtime\.rt_alloc \(i32\) -> \(i32\) {2}<- aver_runtime\.wasm\n/);
  assert.match(stdout, /aver\.console_print .*<- aver\.wasm\n/);
  assert.match(stdout, /aver\.time_now .*<- Aver\n/);
  assert.match(stdout, /imports of aver\.wasm\n[^]* {2}wasi_snapshot_preview1\.fd_write .*<- WASI preview 1\n/);
});

test('--preload says what is wrong with it', async () => {
  const runtime = fixture('aver-unmerged/aver_runtime');
  const program = fixture('aver-unmerged/queens');
  for (const [words, status, sentence] of /** @type {[string[], number, RegExp][]} */ ([
    [['--preload', '=x'], 11, /--preload cannot be "=x": it takes NAME=FILE/],
    [['--preload', runtime, '--preload', `aver_runtime=x`], 11, /"aver_runtime" is ".*aver_runtime\.wasm" already/],
    [['--preload', `aver_runtime=${inFolder('nowhere.wasm')}`], 10, /nowhere\.wasm cannot be read/],
    [['--preload', `aver_runtime=${put('text.wasm', 'text')}`], 20, /aver_runtime\.wasm: the module is malformed/],
    [['--preload', runtime, '--preload', `other=${runtime}`], 0, /warning: --preload: nothing is imported from other/],
  ])) {
    const done = cli(['run', program, ...words]);
    assert.equal(done.status, status, done.stderr);
    assert.match(done.stderr, sentence);
  }
});

test('--args is all that follows, --env goes in as it is, and the program knows its own name', () => {
  const rover = fixture('wasi/rover');
  const words = [
    'run',
    rover,
    '--env',
    'A=b=c',
    '--env',
    '__proto__=x',
    '--env',
    'EMPTY=',
    '--args',
    '--help',
    '-',
    '--env',
    'Ä b',
  ];
  const { stdout, stderr } = cli(words);
  assert.equal(stderr, 'ok exit=0\n');
  assert.match(stdout, new RegExp(`^arguments \\(5\\)\n  ${rover}\n  --help\n  -\n  --env\n  Ä b\n`));
  for (const line of ['  A=b=c\n', '  __proto__=x\n', '  EMPTY=\n']) assert.ok(stdout.includes(line), stdout);
});

test('an option that a program has no use for is a warning', () => {
  const { status, stderr } = cli(['run', HELLO, '--screen', '--keys', 'q', '--dir', '.::/', '--raw', '--quiet']);
  assert.equal(status, 0);
  assert.deepEqual(
    stderr.split('\n').map((line) => line.replace(/^warning: (--\w+): the program .*$/, '$1')),
    ['--keys', '--screen', '--dir', '--raw', ''],
  );
});

test('standard input: none, closed, binary and more than a megabyte, and a module that is standard input itself', () => {
  const bytes = randomBytes(3_000_001);
  const copied = cli(['run', CAT], { input: bytes });
  assert.equal(copied.stderr, 'ok exit=0\n');
  assert.ok(copied.done.stdout.equals(bytes));
  assert.deepEqual(
    [cli(['run', CAT], { input: '' }).stdout, cli(['run', CAT], { stdio: ['ignore', 'pipe', 'pipe'] }).status],
    ['', 0],
  );
  const own = cli(['run', '-'], { input: readFileSync(CAT) });
  assert.deepEqual([own.stdout, own.status], ['', 0]);
});

test('standard input that stays open does not keep a program that has ended', async () => {
  const { child, ended } = start(['run', HELLO], ['pipe', 'ignore', 'pipe']);
  assert.equal((await ended).status, 0);
  child.stdin?.destroy();
  const reads = start(['run', fixture('aver/readline_echo')], ['pipe', 'pipe', 'pipe']);
  reads.child.stdin?.write('one\ntwo\n');
  reads.child.stdout?.resume();
  await new Promise((resolve) => reads.child.stdout?.once('data', resolve));
  reads.child.stdin?.end();
  assert.equal((await reads.ended).status, 0);
});

test('lines of piped input reach an Aver program', () => {
  const { stdout } = cli(['run', fixture('aver/readline_echo')], { input: 'first\r\nsecond' });
  assert.match(stdout, /first\|[^]*second\|/);
});

test('a reader that goes away ends the program quietly', async () => {
  const { child, ended } = start(['run', ENDLESS]);
  child.stdout?.once('data', () => child.stdout?.destroy());
  assert.deepEqual(await ended, { status: 10, signal: null, stderr: '' });
});

test('a reader of standard error that goes away, too', async () => {
  const { child, ended } = start(['run', HELLO, '--trace'], ['ignore', 'ignore', 'pipe']);
  child.stderr?.destroy();
  assert.deepEqual([(await ended).status, (await ended).signal], [10, null]);
});

test('a slow reader slows the program: nothing piles up', async () => {
  const { child, ended } = start(['run', ENDLESS]);
  await new Promise((resolve) => child.stdout?.once('readable', () => resolve(undefined)));
  // It fills all that is on the way, and then waits.
  const kilobytes = await atRest(child);
  assert.ok(kilobytes < 200_000, `${kilobytes} KB`);
  child.stdout?.resume();
  child.kill('SIGINT');
  await ended;
});

for (const [signal, status] of /** @type {[NodeJS.Signals, number][]} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])) {
  test(`${signal}: what was printed is out, status ${status}`, async () => {
    const { child, ended } = start([
      'run',
      fixture('hostile/endless_output'),
      '--trace',
      '--trace-out',
      inFolder(signal),
    ]);
    let bytes = 0;
    child.stdout?.on('data', (chunk) => {
      if (bytes === 0) child.kill(signal);
      bytes += chunk.length;
    });
    const { status: got, stderr } = await ended;
    assert.equal(got, status, stderr);
    assert.match(stderr, /^error\[execute-error\]: stopped\n/);
    assert.match(readFileSync(inFolder(signal), 'utf8'), /^\{"n":1,/);
  });
}

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
  assert.ok(!readdirSync(folder).some((name) => name.endsWith('.tmp')));
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

test('--keys, --size and --screen play without a terminal', () => {
  const words = ['--seed', '1', '--clock', '0', '--timeout', '20', '--quiet'];
  const bricks = cli(['run', fixture('wasm/bricks'), '--keys', 'enter,x,p,x', '--keys', 'q', '--screen', ...words]);
  assert.deepEqual([bricks.status, bricks.stderr], [0, '']);
  assert.match(bricks.stdout, /^bricks: \d+ points\n[^]*SCORE[^]*▐████▌/);
  const small = cli(['run', fixture('wasm/bricks'), '--keys', 'x,q', '--size', '40x12', '--screen', ...words]);
  assert.match(small.stdout, /needs 74 by 24/);
  assert.ok(small.stdout.split('\n').every((line) => line.length <= 40));
  const printed = cli(['run', fixture('wasm/bricks'), '--keys', 'q', ...words]);
  assert.equal(printed.stdout, 'bricks: 0 points\n', 'without --screen only what was printed');
});

/** @type {{ keys: string[] }} */
const recorded = JSON.parse(readFileSync(join(project, 'fixtures/aver-programs/bricks.expect.json'), 'utf8'));
test('an Aver program plays its recorded keys', () => {
  const names = recorded.keys.map((key) => (key === ' ' ? 'space' : key)).join(',');
  const { status, stdout, stderr } = cli([
    'run',
    fixture('aver-programs/bricks'),
    '--keys',
    names,
    '--screen',
    '--clock',
    '0',
    '--seed',
    '1',
  ]);
  assert.deepEqual([status, stderr], [0, 'ok\n']);
  assert.ok(stdout.trim().length > 100);
});

test('--seed and --clock make a run repeatable; without them it is not', () => {
  const dice = (/** @type {string[]} */ ...words) => cli(['run', fixture('aver-programs/dice'), ...words]).stdout;
  assert.equal(dice('--seed', 'a', '--clock', '1000'), dice('--seed', 'a', '--clock', '1000'));
  assert.notEqual(dice('--seed', 'a', '--clock', '1000'), dice('--seed', 'b', '--clock', '1000'));
  assert.notEqual(dice(), dice());
});

test('--call takes every name, also none', () => {
  assert.equal(cli(['run', fixture('hostile/odd_export_names'), '--call', '()']).stderr, 'ok exit=1\n');
});

test('a call of a WASI module shows what it gave', async () => {
  const yields = '(import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))';
  const next = '(func (export "next") (result i32) i32.const 42) (func (export "quiet"))';
  const path = put('library.wasm', await assemble('library', `(module ${yields} ${next})`));
  assert.equal(cli(['run', path, '--call', 'next()']).stderr, 'ok exit=42\n');
  assert.equal(cli(['run', path, '--call', 'quiet()']).stderr, 'ok\n');
});

test('what sets a module up is not among the exports to call', async () => {
  const bytes = await assemble('reactor', '(module (func (export "_initialize")) (func (export "next")))');
  assert.match(
    cli(['run', put('reactor.wasm', bytes)]).stderr,
    /help: Call one of its exports: next \(\) -> \(\)\.\n$/,
  );
});

test('--call: one gives its result in the last line, each of several a line of its own', () => {
  assert.equal(cli(['run', MATH, '--call', 'fib(10)']).stderr, 'ok exit=55\n');
  const several = cli([
    'run',
    MATH,
    '--call',
    'add( -1 , 0x10)',
    '--call',
    'divide(7,2)',
    '--call',
    'hypotenuse(3, 4)',
  ]);
  assert.equal(several.stderr, 'add(-1, 0x10) = 15\ndivide(7, 2) = 3, 1\nhypotenuse(3, 4) = 5\nok exit=5\n');
  const fails = cli(['run', MATH, '--call', 'fib(10)', '--call', 'divide(1,0)']);
  assert.equal(fails.status, 40);
  assert.match(fails.stderr, /^fib\(10\) = 55\nerror\[execute-error\]: division by zero/);
});

test('--entry starts elsewhere, --stub lets stubs stand in and says so', () => {
  assert.equal(cli(['run', fixture('aver/hello'), '--entry', '_start']).status, 0);
  const { status, stderr } = cli(['run', fixture('wasm/needs_imports'), '--stub', '--call', 'announce(5)']);
  assert.equal(status, 0);
  assert.match(stderr, /^warning: env\.log is a stub: it gives zero\.\n[^]*ok exit=6\n$/);
});

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

/* Folders of the host. */

mkdirSync(inFolder('home/sub'), { recursive: true });
mkdirSync(inFolder('other'));
put('secret', 'SECRET');
put('home/sub/note', 'hello\n');
put('other/text', 'one two three\n');
symlinkSync('../secret', inFolder('home/up'));
symlinkSync(inFolder('secret'), inFolder('home/absolute'));
symlinkSync('sub/note', inFolder('home/inside'));
symlinkSync('..', inFolder('home/parent'));
const HEXDUMP = fixture('wasi/hexdump');

test('--dir: files are read, made and kept; several folders; the path is the same where one is given', () => {
  const counted = cli([
    'run',
    fixture('wasi/words'),
    '--dir',
    `${inFolder('home')}::/`,
    '--dir',
    `${inFolder('other')}::/data/x`,
    '--args',
    'sub/note',
    '/data/x/text',
  ]);
  assert.equal(counted.status, 0, counted.stderr);
  assert.match(counted.stdout, / 1 +3 +14 +\/data\/x\/text\n/);
  assert.match(readFileSync(inFolder('home/report.txt'), 'utf8'), /text/);
  rmSync(inFolder('home/report.txt'));
  const same = cli(['run', HEXDUMP, '--dir', inFolder('other'), '--args', inFolder('other/text')]);
  assert.match(same.stdout, /one two/, same.stderr);
  assert.match(cli(['run', HEXDUMP, '--dir', `${inFolder('home')}::/`, '--args', 'inside']).stdout, /hello/);
});

test('--dir cannot be left: not by .., absolute paths or links', () => {
  for (const path of [
    '../secret',
    'sub/../../secret',
    '/../secret',
    inFolder('secret'),
    'up',
    'absolute',
    'parent/secret',
    'sub/../parent/secret',
  ]) {
    const { status, stdout, stderr } = cli(['run', HEXDUMP, '--dir', `${inFolder('home')}::/`, '--args', path]);
    assert.notEqual(status, 0, path);
    assert.ok(!stdout.includes('SECRET') && stdout === '', path);
    assert.match(stderr, /hexdump: /, path);
  }
  assert.equal(readFileSync(inFolder('secret'), 'utf8'), 'SECRET');
});

test('a folder that there is not, and a file for a folder: a sentence, status 10', () => {
  for (const path of [inFolder('none'), inFolder('secret')]) {
    const { status, stderr } = cli(['run', HEXDUMP, '--dir', `${path}::/`]);
    assert.equal(status, 10, stderr);
    assert.match(stderr, /^error\[io-error\]: the folder `.*` cannot be opened: /);
  }
});

test('a full disk is an io-error', { skip: process.platform !== 'linux' }, async () => {
  const { ended } = start(['run', ENDLESS], ['ignore', openSync('/dev/full', 'w'), 'pipe']);
  const { status, stderr } = await ended;
  assert.equal(status, 10);
  assert.match(stderr, /^error\[io-error\]: the output cannot be written/);
});
