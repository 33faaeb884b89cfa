// The command line on WebAssembly modules, as a process: options, exit status, refusals, modules linked, exports called. What
// else it does with them has files of its own (cli-module-*); what every fixture must do is in tests/conformance.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assemble } from '../../fixtures/wat.mjs';
import { project } from '../lib/files.mjs';
import { CAT, ENDLESS, HELLO, MATH, fixture, inFolder, made, put } from './cli-module-kit.js';
import { cli } from './cli-process.js';
import { fixturePath as jsrsPath } from './fixtures.js';

/** Ends with the status that its first argument is. */
const exits = (/** @type {number} */ status) =>
  made(
    `exits${status}`,
    `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1) (func (export "_start") i32.const ${status} call $exit))`,
  );

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

test('of a module without an entry whose start function can print, that is the run', async () => {
  const { status, stdout, stderr } = cli(['run', fixture('wasm/assemblyscript')]);
  assert.deepEqual([status, stdout], [0, 'hällo 😀\nnull\n']);
  assert.match(
    stderr,
    /^warning: only its start function runs\. .*Call one of its exports: check .*\nn > 3\n[^]*\nok\n$/,
  );
  const alone = put(
    'alone.wasm',
    await assemble('alone', '(module (import "env" "seed" (func (result f64))) (func) (start 1))'),
  );
  assert.equal(cli(['run', alone]).stderr, 'ok\n');
  // One that can only write to its memory is nothing to run.
  assert.match(cli(['run', fixture('wasm/start_section')]).stderr, /nothing to run/);
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
    /add takes \(i32, i32\) -> \(i32\); 1 argument is given/,
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

test('the functions of a trap are named as in their source, without the name of the module', async () => {
  const names = ['$_RNvCsl0gHu2WDNTj_3big4main', '$_ZN3big5outer17h0123456789abcdefE'];
  const module = await made(
    'rust',
    `(module $big.wasm (func (export "_start") call ${names[1]}) (func ${names[1]} call ${names[0]}) (func ${names[0]} unreachable))`,
  );
  const { stderr } = cli(['run', module]);
  assert.match(
    stderr,
    /\n {2}at big::main \(byte.*\n {2}called from big::outer \(byte.*\n {2}called from (_start|function 0) /,
  );
  assert.match(cli(['inspect', module]).stdout, /\n {2}big::outer: \d+ bytes/);
});
