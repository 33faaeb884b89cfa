// The library's `run`: options, refusals, result fields. It never rejects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../runner/index.js';
import {
  PRINT,
  PRINTLN,
  alloca,
  assemble,
  call,
  endlessSwitch,
  iconst,
  instruction,
  ret,
  sconst,
} from '../lib/jsrs-writer.js';
import { takesLess } from '../lib/timing.mjs';
import { expectationOf, fixture } from './fixtures.js';
import { endlessLoop, endlessPrinter } from './programs.js';

const text = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('utf8');

for (const name of ['hello.v2', 'exit_neg.v1', 'primes.v2', 'print_kinds.v3', 'assert_fail.v2']) {
  test(`${name} gives its output, code and exit value`, async () => {
    const expected = expectationOf(name);
    const result = await run({ bytes: fixture(name), entry: expected.entry });
    assert.equal(result.code, expected.code, result.message);
    assert.equal(result.exitCode, expected.code);
    assert.equal(result.exitValue, expected.exit_value);
    assert.deepEqual(Buffer.from(result.stdout), expected.stdout);
    assert.equal(result.stderr.length, 0);
    assert.ok(result.stats.steps > 0 && result.stats.milliseconds >= 0);
  });
}

test('a result has the fields that were promised', async () => {
  const result = await run({ bytes: fixture('hello.v2'), entry: expectationOf('hello.v2').entry });
  const fields = [
    'code',
    'kind',
    'exitCode',
    'exitValue',
    'message',
    'position',
    'stdout',
    'stderr',
    'screen',
    'trace',
  ];
  for (const field of [...fields, 'files', 'stats', 'help', 'stack']) assert.ok(field in result, field);
  assert.equal(result.kind, 'ok');
  assert.equal(result.message, 'ok');
});

test('a failure keeps what was printed, and says where it happened', async () => {
  const result = await run({ bytes: fixture('array_oob.v3') });
  assert.equal(result.code, 40);
  assert.equal(result.kind, 'execute-error');
  assert.match(result.message, /index out of bounds/);
  assert.deepEqual(Buffer.from(result.stdout), expectationOf('array_oob.v3').stdout);
  assert.ok(result.position?.function);
  assert.equal(result.stack[0].function, result.position?.function);
});

test('a file that is neither JSRS nor a module is told as what it is, whatever options are given', async () => {
  const result = await run({ bytes: Uint8Array.from([0x1f, 0x8b, 8, 0]), stdin: 'x', level: 'O1' });
  assert.deepEqual([result.code, /this is gzip/.test(result.message ?? '')], [20, true]);
});

const bytes = endlessLoop();
/** @type {[string, any, RegExp][]} options, the refusal */
const refused = [
  ['nothing', undefined, /takes an object/],
  ['no bytes', {}, /`bytes` is missing/],
  ['bytes of another type', { bytes: 'text' }, /`bytes` must be a Uint8Array or ArrayBuffer/],
  ['an unknown option', { bytes, frob: 1 }, /`frob` is unknown/],
  ['an option named as a method', { bytes, constructor: 1 }, /`constructor` is unknown/],
  ...['args', 'env', 'stdin', 'keys', 'size', 'seed', 'files', 'dirs'].map(
    (name) =>
      /** @type {any} */ ([name, { bytes, [name]: [] }, new RegExp(`\`${name}\` has no meaning for a JSRS program`)]),
  ),
  ['a mode that there is not', { bytes, mode: 'fast' }, /`mode` must be `interpreted` or `compiled`/],
  ['a level without compiling', { bytes, level: 'O2' }, /`level` is for mode `compiled`/],
  ['a mode that does not exist', { bytes, mode: 'fast' }, /`mode` must be/],
  ['an entry that is no string', { bytes, entry: 5 }, /`entry` must be the name of a function/],
  ['an entry that has no name', { bytes, entry: '' }, /`entry` must be the name of a function/],
  ['a limit that does not exist', { bytes, limits: { time: 1 } }, /`limits.time`/],
  ['a negative limit', { bytes, limits: { steps: -1 } }, /`limits.steps`/],
  ['a trace of no known kind', { bytes, trace: { colour: true } }, /`trace.colour` is unknown/],
  ['a callback that is none', { bytes, onStdout: 'log' }, /`onStdout` must be a function/],
  ['a signal that is none', { bytes, signal: {} }, /`signal` must be an AbortSignal/],
];
for (const [name, options, sentence] of refused) {
  test(`${name}: refused by name, without rejecting`, async () => {
    const result = await run(options);
    assert.equal(result.code, 11);
    assert.equal(result.kind, 'invalid-args');
    assert.match(result.message, sentence);
  });
}

test('options that are undefined are as good as missing', async () => {
  const { entry } = expectationOf('hello.v2');
  assert.equal((await run({ bytes: fixture('hello.v2'), entry, limits: undefined, signal: undefined })).code, 0);
});

test('options that throw when they are looked at are refused', async () => {
  const fails = () => {
    throw new Error('not for you');
  };
  const closed = new Proxy({}, { get: fails, ownKeys: fails });
  for (const options of [
    closed,
    { bytes: fixture('hello.v2'), limits: closed },
    { bytes: fixture('hello.v2'), trace: closed },
  ]) {
    const { code, message } = await run(/** @type {any} */ (options));
    assert.deepEqual([code, message], [11, 'the options cannot be read: not for you']);
  }
});

/** @type {[string, Uint8Array, number, RegExp][]} */
const files = [
  ['an empty file', new Uint8Array(0), 20, /truncated binary input/],
  ['a WebAssembly module cut short', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0), 20, /the module is malformed/],
  ['text', new TextEncoder().encode('hello'), 20, /invalid binary magic/],
  ['an unknown version', Uint8Array.of(0x53, 0x4a, 0x53, 0x52, 9, 0, 0, 0), 21, /./],
  ['a file cut short', fixture('hello.v2').slice(0, 50), 20, /./],
];
for (const [name, file, code, sentence] of files) {
  test(`${name} resolves with code ${code}`, async () => {
    const result = await run({ bytes: file });
    assert.equal(result.code, code);
    assert.match(result.message, sentence);
    assert.ok(result.help.length > 0);
    assert.equal(result.stdout.length, 0);
  });
}

test('an ArrayBuffer will do', async () => {
  const { entry } = expectationOf('hello.v2');
  assert.equal((await run({ bytes: fixture('hello.v2').buffer, entry })).code, 0);
});

test('an entry that does not exist is an execute-error', async () => {
  const result = await run({ bytes: fixture('hello.v2'), entry: 'nobody' });
  assert.equal(result.code, 40);
  assert.match(result.message, /entry function not found/);
});

test('output is streamed in order while it is also collected', async () => {
  /** @type {Uint8Array[]} */
  const chunks = [];
  const result = await run({
    bytes: endlessPrinter(),
    limits: { output: 1_000_000 },
    // What it returns means nothing, unless it is a promise.
    onStdout: /** @type {any} */ ((/** @type {Uint8Array} */ chunk) => chunks.push(chunk)),
  });
  assert.match(result.message, /^output limit reached/);
  assert.ok(chunks.length > 1);
  assert.deepEqual(Buffer.concat(chunks), Buffer.from(result.stdout));
  assert.equal(result.stats.outputBytes, 1_000_000);
});

test('what is streamed need not be collected', async () => {
  let streamed = 0;
  const onStdout = (/** @type {Uint8Array} */ chunk) => void (streamed += chunk.length);
  const result = await run({ bytes: endlessPrinter(), limits: { output: 5000 }, collect: false, onStdout });
  assert.equal(streamed, 5000);
  assert.equal(result.stdout.length, 0);
});

test('a signal stops a run, before or while it goes', async () => {
  const early = await run({ bytes: endlessLoop(), signal: AbortSignal.abort() });
  assert.equal(early.message, 'stopped');
  await takesLess(500, async () => {
    const later = await run({ bytes: endlessLoop(), signal: AbortSignal.timeout(50) });
    assert.equal(later.code, 40);
    assert.equal(later.message, 'stopped');
    return later.stats.milliseconds;
  });
});

test('steps, memory, output and seconds are limits', async () => {
  for (const trace of [false, true]) {
    assert.match((await run({ bytes: endlessLoop(), trace, limits: { steps: 1000 } })).message, /^step limit reached/);
    assert.match(
      (await run({ bytes: endlessSwitch(), trace, limits: { steps: 1000 } })).message,
      /^step limit reached/,
    );
  }
  assert.match((await run({ bytes: endlessLoop(), limits: { seconds: 0.05 } })).message, /time limit reached/);
  const small = await run({
    bytes: fixture('rec_limit.v2'),
    entry: expectationOf('rec_limit.v2').entry,
    limits: { memory: 65_536 },
  });
  assert.equal(small.code, 40);
  assert.match(small.message, /memory limit|call stack exhausted/);
});

for (const name of ['primes.v2', 'array_oob.v3', 'vec_oob.v3', 'div_overflow.v3']) {
  test(`${name} takes as many steps as its trace has instructions, the one that fails too`, async () => {
    const { entry } = expectationOf(name);
    const { trace, stats } = await run({ bytes: fixture(name), entry, trace: true });
    assert.equal(stats.steps, text(/** @type {Uint8Array} */ (trace.text)).match(/^inst /gm)?.length);
    assert.equal((await run({ bytes: fixture(name), entry })).stats.steps, stats.steps);
  });
}

/** @param {number} count */
const upTo = (count) => Array.from({ length: count }, (_, each) => each);

test('a value that holds two of another, which holds two of another, is refused soon', async () => {
  const names = upTo(64).map((each) => `S${each}`);
  const fields = (/** @type {number} */ inner) => [{ struct: inner }, { struct: inner }];
  const bytes = assemble({
    names,
    structs: names.map((_, name) => ({ name, fields: name > 0 ? fields(name - 1) : ['ptr'] })),
    functions: [{ name: 'main', blocks: [{ id: 0, code: [alloca(1, { struct: 63 })], end: ret() }] }],
  });
  await takesLess(3000, async () => {
    const start = performance.now();
    const result = await run({ bytes });
    assert.equal(result.code, 40);
    assert.match(result.message, /^the values of a function have more than \d+ parts \(the limit\) in `main`/);
    return performance.now() - start;
  });
});

test('many values of an enum of many variants take time for their sum, not for their product', async () => {
  const size = 6000;
  const made = (/** @type {number} */ variant) =>
    instruction(39, 2 + variant, { enum: 0 }, (out) => {
      out.u32(variant);
      out.u8(1);
      out.u32(1);
    });
  const bytes = assemble({
    names: ['e', 'E'],
    enums: [{ name: 0, shown: 1, variants: upTo(size).map(() => ['i32']) }],
    functions: [
      { name: 'main', blocks: [{ id: 0, code: [iconst(1, 'i32', 5), ...upTo(size).map(made)], end: ret() }] },
    ],
  });
  await takesLess(1500, async () => {
    const start = performance.now();
    assert.equal((await run({ bytes })).message, 'ok');
    return performance.now() - start;
  });
});

test('calls that print by one template do not copy it each', async () => {
  const length = 100_000;
  const code = upTo(1000).flatMap((each) => [sconst(2 * each, 0), call(2 * each + 1, 'unit', PRINTLN, [2 * each])]);
  const bytes = assemble({
    literals: ['a'.repeat(length)],
    functions: [{ name: 'main', blocks: [{ id: 0, code, end: ret() }] }],
  });
  await takesLess(1000, async () => {
    const start = performance.now();
    assert.equal((await run({ bytes, limits: { output: length } })).stdout.length, length);
    return performance.now() - start;
  });
});

for (const mode of /** @type {const} */ (['interpreted', 'compiled']))
  test(`one template with as many values as it asks for, with more and with fewer (${mode})`, async () => {
    const print = (/** @type {string} */ name, /** @type {number[]} */ args) => [
      sconst(1, 0),
      iconst(2, 'i64', 1),
      iconst(3, 'i32', 7),
      call(4, 'unit', PRINTLN, [1, 2, 3]),
      call(5, 'unit', PRINT, [1, 2, 3]),
      call(6, 'unit', name, [1, ...args]),
    ];
    for (const [name, args, printed] of /** @type {[string, number[], string][]} */ ([
      [PRINTLN, [2, 3, 2, 3], '<7>'],
      [PRINT, [2, 3, 2, 3], '<7>'],
      [PRINTLN, [], '<'],
      [PRINT, [], '<'],
    ])) {
      const blocks = [{ id: 0, code: print(name, args), end: ret() }];
      const result = await run({
        bytes: assemble({ literals: ['<{}>'], functions: [{ name: 'main', blocks }] }),
        mode,
      });
      assert.equal(result.code, 40, result.message);
      assert.equal(text(result.stdout), `<7>\n<7>${printed}`);
    }
  });

test('a trace is there on request only', async () => {
  const { entry } = expectationOf('fact.v1');
  const plain = await run({ bytes: fixture('fact.v1'), entry });
  assert.deepEqual(plain.trace, { events: null, count: 0, dropped: 0, text: null });
  const both = await run({ bytes: fixture('fact.v1'), entry, trace: true });
  assert.ok(both.trace.text && both.trace.events);
  assert.match(text(both.trace.text), /^block 0\ninst \d+ -> v\d+\n/);
  const few = await run({ bytes: fixture('fact.v1'), entry, trace: { events: 3, text: false } });
  assert.equal(few.trace.count, 3);
  assert.ok(few.trace.dropped > 0);
  assert.equal(few.trace.text, null);
  assert.equal(few.exitValue, plain.exitValue);
  const full = await run({ bytes: endlessLoop(), trace: { events: 10, stopWhenFull: true, text: false } });
  assert.equal(full.trace.count, 10);
});

test('a callback that fails is a result, too', async () => {
  const result = await run({ bytes: endlessPrinter(), onStdout: () => Promise.reject(new Error('full')) });
  assert.equal(result.code, 100);
  assert.match(result.message, /full/);
});

for (const mode of /** @type {const} */ (['interpreted', 'compiled']))
  test(`what a callback throws need not be an error, nor have a text (${mode})`, async () => {
    const { entry, stdout } = expectationOf('primes.v2');
    for (const thrown of [undefined, 'full', 7n, Symbol('full'), Object.create(null), { message: 'full' }]) {
      const onStdout = () => {
        throw thrown;
      };
      const result = await run({ bytes: fixture('primes.v2'), entry, mode, onStdout });
      assert.equal(result.code, 100);
      assert.match(result.message, /^the output could not be delivered: ./);
      assert.deepEqual(Buffer.from(result.stdout), stdout);
    }
  });

for (const mode of /** @type {const} */ (['interpreted', 'compiled']))
  test(`an \`onStart\` that throws or rejects ends the run in its own words (${mode})`, async () => {
    const given = { bytes: fixture('primes.v2'), entry: expectationOf('primes.v2').entry, mode };
    const onStart = () => {
      throw new Error('no room for the program');
    };
    for (const each of [onStart, () => Promise.reject(new Error('no room for the program'))]) {
      const result = await run({ ...given, onStart: each });
      assert.deepEqual([result.code, result.message, result.exitCode], [100, 'no room for the program', 100]);
      assert.equal(result.help, 'The `onStart` that was given threw it.');
      assert.equal(result.stdout.length, 0);
    }
  });

test('progress comes at most ten times a second', async () => {
  const ending = new AbortController();
  /** @type {number[]} */
  const steps = [];
  const began = performance.now();
  const result = await run({
    bytes: endlessLoop(),
    signal: ending.signal,
    onProgress: (progress) => void (steps.push(progress.steps) === 4 && ending.abort()),
  });
  assert.equal(result.message, 'stopped');
  // The first may come at once.
  assert.ok(performance.now() - began > 290, `${performance.now() - began} ms`);
  assert.deepEqual(
    [...steps].sort((a, b) => a - b),
    steps,
  );
});

test('runs at the same time, and one after another, do not see each other', async () => {
  const expected = expectationOf('primes.v2');
  const one = () => run({ bytes: fixture('primes.v2'), entry: expected.entry });
  const all = [...(await Promise.all([one(), one(), one()])), await one()];
  for (const result of all) assert.deepEqual(Buffer.from(result.stdout), expected.stdout);
});
