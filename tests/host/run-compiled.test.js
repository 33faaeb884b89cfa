// The library's `run` in mode `compiled`: the interpreter's answers, refusals, limits and stops. That the two modes agree on every
// program is shown in tests/conformance.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../runner/index.js';
import { errorText } from '../../runner/node/diagnostics.js';
import { parseKernel } from '../bench/kernel-text.mjs';
import { project } from '../lib/files.mjs';
import {
  alloca,
  assemble,
  br,
  brIf,
  call,
  CASTS,
  iadd,
  iconst,
  instruction,
  lessThan,
  OP,
  operation,
  ret,
  store,
} from '../lib/jsrs-writer.js';
import { toJsrs } from '../lib/program-to-jsrs.js';
import { endlessLoop, endlessPrinter, printsThenLoops } from './programs.js';

const fixture = (/** @type {string} */ name) => readFileSync(join(project, 'fixtures', `${name}.jsrbin`));
const text = (/** @type {Uint8Array} */ bytes) => new TextDecoder().decode(bytes);
const LEVELS = /** @type {const} */ (['O0', 'O1', 'O2', 'Os']);

/** What both modes must say alike. */
const told = (/** @type {any} */ { code, kind, rule, exitCode, exitValue, message, help, position, stdout }) => ({
  ...{ code, kind, rule, exitCode, exitValue, message, help, position },
  stdout: text(stdout),
});

/** @type {[string, string][]} file, entry */
const programs = [
  ['jsrs/hello.v3', 'main'],
  ['jsrs/wrap_i32.v1', 'go'],
  ['jsrs/float_print.v3', 'main'],
  ['jsrs/array_oob.v3', 'main'],
  ['jsrs/div_overflow.v1', 'go'],
  ['jsrs/assert_fail.v3', 'main'],
  ['jsrs/deep_rec.v2', 'go'],
  ['jsrs/hello.v3', 'nope'],
  ['jsrs-malformed/branch_arity', 'main'],
  ['jsrs-malformed/bad_magic', 'main'],
];
for (const [name, entry] of programs) {
  test(`${name} gives the same report as interpreted, at every level`, async () => {
    const bytes = fixture(name);
    const expected = told(await run({ bytes, entry }));
    for (const level of LEVELS) {
      assert.deepEqual(told(await run({ bytes, entry, mode: 'compiled', level })), expected, level);
    }
  });
}

test('a trap names the calls that were inlined at its place', async () => {
  const options = { bytes: fixture('jsrs/div_overflow.v1'), entry: 'go' };
  const interpreted = await run(options);
  const compiled = await run({ ...options, mode: 'compiled', level: 'O2' });
  assert.deepEqual(compiled.stack, interpreted.stack);
  assert.equal(compiled.stack.length, 2);
});

/**
 * Programs whose calls are left at levels without inlining. At the levels named the recursion becomes a loop, which has no
 * frames.
 * @type {[string, string, string[]][]}
 */
const stacks = [
  [
    'calls in loops, with output between them',
    `fn inner(n: i32) -> i32 {
       let mut i: i32 = 0;
       let mut sum: i32 = 100;
       while i < 10 { sum = sum / (n - i); println!("{}", sum); i += 1; }
       return sum;
     }
     fn middle(n: i32) -> i32 {
       println!("middle {}", n);
       let mut i: i32 = 0;
       let mut sum: i32 = 0;
       while i < n { sum += inner(n + i); i += 1; }
       return sum;
     }
     fn main() { println!("{}", middle(3) + middle(12)); }`,
    [],
  ],
  [
    'a recursion of few calls',
    `fn down(n: i32) -> i32 { if n == 0 { return 7 / n; } return down(n - 1) * 3 + n; }
     fn main() { println!("{}", down(5)); }`,
    [],
  ],
  [
    'a recursion of more calls than a report shows',
    `fn down(n: i32) -> i32 { if n == 0 { return 7 % n; } return down(n - 1) + n; }
     fn main() { println!("{}", down(50)); }`,
    ['O1', 'O2'],
  ],
];
for (const [what, source, loops] of stacks) {
  test(`a trap names its callers as interpreted: ${what}`, async () => {
    const program = toJsrs(parseKernel(source));
    const interpreted = await run({ bytes: program });
    assert.ok(interpreted.code === 40 && interpreted.stack.length > 2, interpreted.message);
    for (const level of LEVELS) {
      const compiled = await run({ bytes: program, mode: 'compiled', level });
      assert.deepEqual(told(compiled), told(interpreted), level);
      const [innermost, outermost] = [interpreted.stack[0], interpreted.stack.at(-1)];
      const expected = loops.includes(level)
        ? { stack: [innermost, outermost], omitted: 0 }
        : { stack: interpreted.stack, omitted: interpreted.omitted };
      assert.deepEqual({ stack: compiled.stack, omitted: compiled.omitted }, expected, level);
    }
  });
}

test('a stack that the engine cut has no number of calls that are not shown', async () => {
  const source = `fn down(n: i32) -> i32 { return down(n + 1) * n + 1; }
    fn main() { println!("{}", down(0)); }`;
  const result = await run({ bytes: toJsrs(parseKernel(source)), mode: 'compiled', level: 'O0' });
  assert.match(result.message, /^call stack exhausted .*: more than 9\d\d\d nested calls in `down`/);
  assert.deepEqual([result.stack.length, result.omitted], [20, null]);
  const lines = errorText(result).trimEnd().split('\n');
  assert.match(lines.at(-3) ?? '', /^ {2}called from down, block 0/);
  assert.equal(lines.at(-2), '  ... and more ...');
});

test('the output limit has the place of the print call, and its callers', async () => {
  const source = `fn say(n: i32) -> i32 { println!("line {} of {}", n, n * n); return n; }
    fn main() { let mut i: i32 = 0; while i < 1000 { i += say(i) - i + 1; } }`;
  const program = toJsrs(parseKernel(source));
  for (const output of [1, 6, 100, 1001]) {
    const limits = { output };
    const interpreted = await run({ bytes: program, limits });
    assert.match(interpreted.message, /^output limit reached: \d+ bytes in `say`, block 0/);
    for (const level of LEVELS) {
      const compiled = await run({ bytes: program, limits, mode: 'compiled', level });
      const { stack, omitted } = interpreted;
      assert.deepEqual(told(compiled), told(interpreted), level);
      assert.deepEqual([compiled.stack, compiled.omitted], [stack, omitted], level);
    }
  }
});

test('it tells how long compiling took and how large the module is', async () => {
  const { stats } = await run({ bytes: fixture('jsrs/primes.v3'), mode: 'compiled' });
  assert.ok(stats.compiled && stats.compiled.bytes > 100 && stats.compiled.milliseconds > 0);
  assert.ok(stats.memoryPeak >= 65536 && stats.outputBytes === 3 && stats.milliseconds > 0);
});

const bytes = fixture('jsrs/hello.v3');
/** @type {[string, object, RegExp][]} */
const refused = [
  ['a trace', { trace: true }, /cannot be traced/],
  ['a step limit', { limits: { steps: 5 } }, /counts no steps/],
  ['a level that there is not', { level: 'O3' }, /`level` must be `O0`, `O1`, `O2`, `Os`/],
  ['an option of modules', { args: ['x'] }, /`args` has no meaning for a JSRS program/],
];
for (const [what, options, sentence] of refused) {
  test(`${what} is refused with a sentence`, async () => {
    const result = await run({ bytes, mode: 'compiled', ...options });
    assert.equal(result.code, 11);
    assert.match(result.message, sentence);
    assert.equal(result.stdout.length, 0);
  });
}

test('a module cannot be compiled', async () => {
  const module = readFileSync(join(project, 'fixtures/wasm/math.wasm'));
  for (const options of [{ mode: /** @type {const} */ ('compiled') }, { level: /** @type {const} */ ('O1') }]) {
    const result = await run({ bytes: module, ...options });
    assert.deepEqual([result.code, /no meaning for a WebAssembly module/.test(result.message)], [11, true]);
  }
});

test('a backend without the generator says so', async () => {
  const backend = new WebAssembly.Module(readFileSync(join(project, 'backend/bin/jsrust-interpreter.wasm')));
  const result = await run({ bytes, backend, mode: 'compiled' });
  assert.deepEqual([result.code, result.message], [100, 'this backend cannot compile']);
  assert.equal((await run({ bytes, backend })).code, 0);
});

test('an endless loop ends with its time, and when it is stopped', async () => {
  const limited = await run({ bytes: endlessLoop(), mode: 'compiled', limits: { seconds: 0.2 } });
  assert.deepEqual([limited.code, limited.message], [40, 'time limit reached (0.2 s)']);
  const ending = new AbortController();
  const stopped = run({ bytes: endlessLoop(), mode: 'compiled', signal: ending.signal, onStart: () => ending.abort() });
  assert.deepEqual([(await stopped).code, (await stopped).message], [40, 'stopped']);
});

test('output comes as it is printed, holds the program up, and has a limit', async () => {
  const ending = new AbortController();
  let taken = 0;
  const streamed = await run({
    bytes: endlessPrinter(),
    mode: 'compiled',
    signal: ending.signal,
    onStdout: (chunk) => {
      taken += chunk.length;
      if (taken > 1_000_000) ending.abort();
    },
  });
  assert.equal(streamed.message, 'stopped');
  assert.ok(taken > 1_000_000);
  const limits = { output: 1000 };
  const limited = await run({ bytes: endlessPrinter(), mode: 'compiled', limits });
  const interpreted = await run({ bytes: endlessPrinter(), limits });
  assert.deepEqual(text(limited.stdout), text(interpreted.stdout));
  assert.deepEqual([limited.code, limited.message], [40, interpreted.message]);
});

for (const lines of [1, 3000]) {
  test(`${lines} printed before an endless loop are seen while it runs, and are there when it is stopped`, async () => {
    for (const level of LEVELS) {
      const ending = new AbortController();
      let taken = 0;
      const result = await run({
        bytes: printsThenLoops(lines),
        mode: 'compiled',
        level,
        signal: ending.signal,
        limits: { seconds: 60 }, // if they never come
        onStdout: (chunk) => {
          taken += chunk.length;
          if (taken === 2 * lines) ending.abort();
        },
      });
      assert.equal(result.message, 'stopped', level);
      assert.equal(text(result.stdout), 'x\n'.repeat(lines));
    }
  });
}

/** `down` of this file calls itself 3000 times. */
function recursion(/** @type {number} */ depth) {
  const file = Buffer.from(fixture('jsrs/rec_limit.v2'));
  const at = file.lastIndexOf(Buffer.from([0xb8, 0x0b, 0, 0]));
  file.writeUInt32LE(depth, at);
  return file;
}

test('recursion goes as deep as interpreted, and without end it fails', async () => {
  for (const level of LEVELS) {
    const deep = await run({ bytes: recursion(199_000), entry: 'go', mode: 'compiled', level });
    assert.deepEqual([deep.message, deep.exitValue], ['ok', '199000'], level);
    const endless = await run({ bytes: recursion(2 ** 31 - 1), entry: 'go', mode: 'compiled', level });
    assert.equal(endless.code, 40);
    const told =
      /^call stack exhausted \(recursion limit exceeded\)(: more than 9\d{3} nested calls)? in `down`, block 2/;
    assert.match(endless.message, told, level);
    assert.ok(endless.stack.every(({ function: name }) => /^(down|go)$/.test(name ?? '')));
    const { position: interpreted } = await run({ bytes: recursion(2 ** 31 - 1), entry: 'go' });
    assert.deepEqual(endless.position, interpreted, level);
  }
});

test('memory has its limit', async () => {
  const limits = { memory: 100_000 };
  const options = { bytes: fixture('jsrs-own/array_huge.v3'), limits };
  const interpreted = await run(options);
  assert.equal(interpreted.code, 40, interpreted.message);
  for (const level of LEVELS) {
    const compiled = await run({ ...options, mode: 'compiled', level });
    assert.deepEqual(told(compiled), told(interpreted), level);
  }
});

/** @param {number} id @returns {[import('../lib/jsrs-writer.js').Type, number][]} */
const index = (id) => [['i64', id]];

/** The address of an element of the array that value 1 is. @param {number} result @param {number} index */
const element = (result, index) =>
  instruction(OP.gep, result, 'ptr', (out) => [1, 1, index].forEach((word) => out.u32(word)));

/**
 * Functions that call each other in a row, the first of them `main`. Each fills every so many bytes of an array of its own
 * before the call and adds them up behind it, besides what the call gives.
 * @param {number[]} lengths of their arrays
 */
function nestedArrays(lengths) {
  const functions = lengths.map((length, depth) => ({
    name: depth ? `nested${depth}` : 'main',
    result: /** @type {const} */ ('i64'),
    blocks: [
      {
        id: 0,
        code: [
          ...[alloca(1, 'u8', length), iconst(2, 'i64', length), iconst(3, 'i64', Math.floor(length / 200))],
          ...[iconst(4, 'i64', 0), iconst(5, 'u8', depth + 1)],
        ],
        end: br(1, [4]),
      },
      { id: 1, params: index(10), code: [lessThan(11, 10, 2)], end: brIf(11, 2, [], 3) },
      { id: 2, code: [element(12, 10), store(12, 5, 'u8'), iadd(13, 'i64', 10, 3)], end: br(1, [13]) },
      {
        id: 3,
        code: [depth + 1 < lengths.length ? call(14, 'i64', `nested${depth + 1}`, []) : iconst(14, 'i64', 0)],
        end: br(4, [4, 14]),
      },
      { id: 4, params: [...index(15), ...index(16)], code: [lessThan(17, 15, 2)], end: brIf(17, 5, [], 6) },
      {
        id: 5,
        code: [
          ...[element(18, 15), operation(OP.load, 19, 'u8', [18])],
          instruction(CASTS.zext, 20, 'i64', (out) => (out.u32(19), out.type('u8'))),
          ...[iadd(21, 'i64', 16, 20), iadd(22, 'i64', 15, 3)],
        ],
        end: br(4, [22, 21]),
      },
      { id: 6, end: ret(16) },
    ],
  }));
  return assemble({ functions });
}
test('arrays that take most of the memory together are kept apart', async () => {
  for (const lengths of [[2400000], [1600000, 1000000, 1000000], [900000, 900000, 900000, 900000]]) {
    const options = { bytes: nestedArrays(lengths), limits: { memory: 1 << 22 } };
    const interpreted = await run(options);
    assert.equal(interpreted.code, 0, interpreted.message);
    for (const level of LEVELS) {
      assert.deepEqual(told(await run({ ...options, mode: 'compiled', level })), told(interpreted), level);
    }
  }
});

test('a stack that begins above 2 GiB has its room', async () => {
  const main = {
    name: 'main',
    result: /** @type {const} */ ('i64'),
    blocks: [
      {
        id: 0,
        code: [
          // The greatest that there are, two of them: their element is stored so that they stay.
          ...[alloca(1, 'u8', 1_073_700_000), alloca(8, 'u8', 1_073_700_000), iconst(2, 'i64', 1_073_699_999)],
          ...[iconst(3, 'u8', 1), element(4, 2), store(4, 3, 'u8'), store(8, 3, 'u8')],
          ...[iconst(5, 'i64', 15), call(6, 'i64', 'down', [5])],
        ],
        end: ret(6),
      },
    ],
  };
  const down = {
    name: 'down',
    params: index(7),
    result: /** @type {const} */ ('i64'),
    blocks: [
      {
        id: 0,
        code: [
          ...[alloca(1, 'u8', 16), iconst(2, 'u8', 3), element(3, 7), store(3, 2, 'u8')],
          ...[iconst(4, 'i64', 1), lessThan(5, 7, 4)],
        ],
        end: brIf(5, 1, [], 2),
      },
      { id: 1, end: ret(7) },
      {
        id: 2,
        code: [
          ...[iconst(8, 'i64', -1), iadd(9, 'i64', 7, 8), call(10, 'i64', 'down', [9])],
          operation(OP.load, 11, 'u8', [3]),
          instruction(CASTS.zext, 12, 'i64', (out) => (out.u32(11), out.type('u8'))),
          iadd(13, 'i64', 10, 12),
        ],
        end: ret(13),
      },
    ],
  };
  const bytes = assemble({ functions: [main, down] });
  for (const level of LEVELS) {
    const result = await run({ bytes, limits: { memory: 4_000_000_000 }, mode: 'compiled', level });
    assert.deepEqual([result.code, result.exitValue], [0, '45'], result.message ?? '');
  }
});

test('what helps against the memory limit is told alike', async () => {
  const code = [iconst(0, 'i64', 1 << 24), call(1, 'ptr', '__jsrust_alloc', [0])];
  const bytes = assemble({ functions: [{ name: 'main', blocks: [{ id: 0, code, end: ret() }] }] });
  const options = { bytes, limits: { memory: 1 << 20 } };
  const interpreted = await run(options);
  assert.match(interpreted.message, /^memory limit reached/);
  assert.equal(interpreted.help, 'Raise the memory limit.');
  for (const level of LEVELS) {
    assert.deepEqual(told(await run({ ...options, mode: 'compiled', level })), told(interpreted), level);
  }
});
