// The library's `run` on WebAssembly modules: options in, results out, refusals, stops, limits. It never rejects. What every
// fixture must do is in tests/conformance.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assemble } from '../../fixtures/wat.mjs';
import { run } from '../../runner/index.js';
import { project } from '../lib/files.mjs';
import { takesLess } from '../lib/timing.mjs';
import { endlessLoop } from './programs.js';

const text = (/** @type {Uint8Array} */ bytes) => new TextDecoder().decode(bytes);
const fixture = (/** @type {string} */ name) => readFileSync(join(project, 'fixtures', `${name}.wasm`));
const wat = (/** @type {string} */ source) => assemble('test', source);

test('a program gets its arguments, environment, input and files, and gives files back', async () => {
  const result = await run({
    bytes: fixture('wasi/rover'),
    programName: 'rover',
    args: ['one', 'two words'],
    env: { HOME: '/home', EMPTY: '' },
    files: { 'notes/today.txt': 'text', 'empty/': '', 'a-link': { link: 'notes/today.txt' } },
    seed: 7,
    clock: Date.UTC(2026, 0, 2, 3, 4, 5),
  });
  const said = text(result.stdout);
  for (const part of ['two words', 'HOME=/home', 'EMPTY=', 'today.txt'])
    assert.ok(said.includes(part), `${part}\n${said}`);
  assert.equal(result.code, 0, result.message);
  assert.deepEqual(Object.keys(result.files ?? {}).sort(), ['a-link', 'empty/', 'notes/', 'notes/today.txt']);
  const again = await run({ bytes: fixture('wasi/rover'), seed: 7, clock: 0 });
  const other = await run({ bytes: fixture('wasi/rover'), seed: 7, clock: 0 });
  assert.equal(text(again.stdout), text(other.stdout), 'a seed and a virtual clock make a run repeatable');
});

test('paths of files are read as programs write them', async () => {
  const given = { 'd//one': '1', './d/./two': '2', '/three': '3', 'e/./': '', 'd/': '' };
  const result = await run({ bytes: fixture('wasi/rover'), files: given });
  assert.equal(result.code, 0, result.message);
  assert.deepEqual(Object.keys(result.files ?? {}).sort(), ['d/', 'd/one', 'd/two', 'e/', 'three']);
});

for (const [files, sentence] of /** @type {[Record<string, any>, string][]} */ ([
  [{ '': '' }, '`` does not end with a name'],
  [{ '.': '' }, '`.` does not end with a name'],
  [{ '/': '' }, '`/` does not end with a name'],
  [{ 'x/.': '' }, '`x/.` does not end with a name'],
  [{ ['é'.repeat(128)]: '' }, `\`${'é'.repeat(120)}... (128 characters)\` contains a name of more than 255 bytes`],
  [{ 'a\ud800': '' }, '`a\\u{d800}` contains NUL or half of a surrogate pair, which no name can'],
  [{ 'a\0b': '' }, '`a\\0b` contains NUL or half of a surrogate pair, which no name can'],
  [{ a: '', 'a/b': '' }, '`a/b` lies below `a`, which is a file'],
  [{ 'a/b': '', a: '' }, '`a` names what another path names, too'],
  [{ a: '', '/a': '' }, '`/a` names what another path names, too'],
  [{ 'd/': '', l: { link: 'd' }, 'l/x': '' }, '`l/x` lies below `l`, which is a link'],
  [{ l: { link: 'a\0' } }, '`l` is a link to what no path can be'],
  [{ 'd/': 'lost' }, '`d/` is a folder by its `/`, and has a content'],
])) {
  test(`files ${JSON.stringify(Object.keys(files)).slice(0, 40)} are refused: one would be missing`, async () => {
    const result = await run({ bytes: fixture('wasi/rover'), files });
    assert.deepEqual([result.code, result.message], [11, `option \`files\`: ${sentence}`]);
  });
}

test('what no program can be given is left out with a warning', async () => {
  /** @type {string[]} */
  const warnings = [];
  const result = await run({
    bytes: fixture('wasi/rover'),
    args: ['one\0two'],
    env: { 'A=B': '', HOME: '/home' },
    onWarning: (sentence) => void warnings.push(sentence),
  });
  assert.equal(result.code, 0, result.message);
  assert.match(text(result.stdout), /HOME=\/home/);
  assert.match(warnings.join('\n'), /^argument 1 contains a NUL.*\nthe environment variable `A=B` was left out: .*$/);
});

test('the exit status is the program’s; the code says that it ran', async () => {
  const result = await run({ bytes: fixture('hostile/start_exits') });
  assert.deepEqual([result.code, result.exitCode, result.end], [0, 3, 'exit']);
});

const CALLS = `(module
  (func (export "add") (param i32 i64) (result i64) local.get 0 i64.extend_i32_s local.get 1 i64.add)
  (func (export "pair") (result i32 f64) i32.const 7 f64.const -0.5)
  (global $n (mut i32) (i32.const 0))
  (func (export "count") (result i32) global.get $n i32.const 1 i32.add global.set $n global.get $n)
  (func (export "fail") unreachable))`;

test('exports are called with values of their types, on one instance', async () => {
  const bytes = await wat(CALLS);
  const result = await run({ bytes, calls: [{ name: 'add', arguments: ['-2', 5n] }] });
  assert.deepEqual([result.values, result.exitValue], [['3'], '3']);
  assert.deepEqual((await run({ bytes, entry: 'pair' })).values, ['7', '-0.5']);
  assert.deepEqual((await run({ bytes, calls: [{ name: 'count' }, { name: 'count' }] })).values, ['2']);
});

test('what a call gives is its value in every world; what entries of WASI and Aver give is not', async () => {
  const exports = ['_start', 'main', 'other'].map((name) => `(func (export "${name}") (result i32) i32.const 7)`);
  const imports = {
    wasi: '(import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))',
    aver: '(import "aver" "time_unixMs" (func (result i64)))',
    plain: '',
  };
  const shown = { wasi: [null, '7', '7'], aver: [null, null, '7'], plain: ['7', '7', '7'] };
  for (const [kind, values] of Object.entries(shown)) {
    const bytes = await wat(`(module ${imports[/** @type {'wasi'} */ (kind)]} ${exports.join(' ')})`);
    const ended = ['_start', 'main', 'other'].map((name) => run({ bytes, calls: [{ name }] }));
    assert.deepEqual(
      (await Promise.all(ended)).map(({ exitValue }) => exitValue),
      values,
      kind,
    );
    assert.equal((await run({ bytes })).exitValue, values[0], kind);
  }
});

const unreadable = () =>
  new Proxy(
    {},
    {
      ownKeys() {
        throw new Error('no');
      },
    },
  );

/** @type {[string, object, RegExp][]} */
const refused = [
  ['a missing export', { entry: 'nothing' }, /no exported function "nothing"/],
  [
    'too few arguments',
    { calls: [{ name: 'add', arguments: ['1'] }] },
    /add takes \(i32, i64\) -> \(i64\); 1 argument is given$/,
  ],
  [
    'an argument of another type',
    { calls: [{ name: 'add', arguments: ['x', '1'] }] },
    /argument 1 of add: `x` is no whole number/,
  ],
  ['an entry beside calls', { calls: [{ name: 'pair' }], entry: 'pair' }, /`calls` and `entry` exclude each other/],
  ['steps', { limits: { steps: 5 } }, /limits.steps/],
  ['validate', { validate: false }, /validate/],
  ['a name that is no key', { keys: ['F13'] }, /"F13" is no key/],
  ['a path upwards', { files: { '../x': '' } }, /option `files`: `\.\.\/x` contains `\.\.`/],
  ['a size of nothing', { size: { columns: 0, rows: 5 } }, /`size` must be/],
  ['text for args', { args: 'one' }, /`args` must be/],
  ['a list with a hole', { args: [, 'x'] }, /`args` must be a list of texts$/],
  ['keys with a hole', { keys: [, 'a'] }, /`keys` must be a list of key names$/],
  ['calls with a hole', { calls: [, { name: 'pair' }] }, /`calls` must be a list of/],
  ['no list of arguments, but null', { calls: [{ name: 'pair', arguments: null }] }, /`calls` must be a list of/],
  ['a text for arguments', { calls: [{ name: 'pair', arguments: '8' }] }, /`calls` must be a list of/],
  ['a number for arguments', { calls: [{ name: 'pair', arguments: 5 }] }, /`calls` must be a list of/],
  ['an argument without a text', { calls: [{ name: 'add', arguments: [1, Object.create(null)] }] }, /`calls` must be/],
  ['a symbol as an argument', { calls: [{ name: 'add', arguments: [1, Symbol('x')] }] }, /`calls` must be/],
  ['arguments with a hole', { calls: [{ name: 'add', arguments: [, 1] }] }, /`calls` must be/],
  ['a promise of env', { env: Promise.resolve({ A: '1' }) }, /`env` must be an object of texts$/],
  ['a map for env', { env: new Map([['A', '1']]) }, /`env` must be an object of texts$/],
  ['a promise of files', { files: Promise.resolve({}) }, /`files` must be an object/],
  ['env that cannot be read', { env: unreadable() }, /`env` cannot be read: no$/],
];
for (const [what, options, sentence] of refused) {
  test(`${what} is refused with a sentence`, async () => {
    const result = await run({ bytes: await wat(CALLS), ...options });
    assert.equal(result.code, 11);
    assert.match(result.message, sentence);
  });
}

test('an object that stands for another is read as that', async () => {
  const env = new Proxy({ HOME: '/home' }, {});
  const result = await run({ bytes: fixture('wasi/rover'), env, args: new Proxy(['one'], {}) });
  assert.equal(result.code, 0, result.message);
  assert.match(text(result.stdout), /HOME=\/home/);
  assert.equal((await run({ bytes: fixture('wasi/rover'), env: /** @type {any} */ (process.env) })).code, 0);
});

test('a module without an entry says what can be called', async () => {
  const result = await run({ bytes: await wat(CALLS) });
  assert.equal(result.code, 40);
  assert.match(result.message, /neither `_start` nor `main`/);
  assert.match(result.help, /add \(i32, i64\) -> \(i64\), pair/);
});

test('missing imports are named with type and reason; stubs stand in by choice, and say so', async () => {
  const bytes = await wat(`(module
    (import "env" "log" (func $log (param i32)))
    (import "env" "now" (func $now (result f64)))
    (import "env" "memory" (memory 1 2))
    (func (export "_start") i32.const 1 call $log call $now drop))`);
  const result = await run({ bytes });
  assert.equal(result.code, 30);
  assert.match(
    result.message,
    /3 imports are missing: env\.log \(i32\) -> \(\): Nobody .*env\.now \(\) -> \(f64\).*memory env\.memory/,
  );
  /** @type {string[]} */
  const warnings = [];
  const stubbed = await run({ bytes, stub: true, trace: true, onWarning: (sentence) => void warnings.push(sentence) });
  assert.equal(stubbed.code, 0, stubbed.message);
  assert.ok(warnings.includes('env.log is a stub: it gives zero.'));
  const calls = text(stubbed.trace.text ?? new Uint8Array())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    calls.map(({ call, args, result: value }) => [call, args, value]),
    [
      ['env.log', { 0: 1 }, undefined],
      ['env.now', {}, 0],
    ],
  );
});

test('a trace of a module says what was kept of it and what was not, and can end the run', async () => {
  const bytes = await wat(`(module
    (import "env" "jsrust_write_byte" (func $put (param i32) (result i32)))
    (func (export "main") (local $i i32)
      (loop $again
        (drop (call $put (i32.const 65)))
        (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 11))))))`);
  const shown = async (/** @type {object} */ options) => {
    const { code, message, stdout, trace } = await run({ bytes, trace: options });
    const lines = trace.text === null ? null : text(trace.text).trimEnd().split('\n').length;
    return [code, message, stdout.length, trace.count, trace.dropped, lines];
  };
  assert.deepEqual(await shown({ events: 2 }), [0, '', 11, 2, 9, 2]);
  assert.deepEqual(await shown({}), [0, '', 11, 11, 0, 11]);
  assert.deepEqual(await shown({ text: false, events: 3 }), [0, '', 11, 3, 8, null]);
  assert.deepEqual(await shown({ events: 2, stopWhenFull: true }), [40, 'stopped', 2, 2, 0, 2]);
  assert.deepEqual(await shown({ events: 11, stopWhenFull: true }), [0, '', 11, 11, 0, 11]);
});

test('a trap keeps the output, and names the functions', async () => {
  const bytes = await wat(`(module
    (import "env" "jsrust_write_byte" (func $put (param i32) (result i32)))
    (func $deep (result i32) unreachable)
    (func $main (export "main") i32.const 65 call $put drop call $deep drop))`);
  const result = await run({ bytes });
  assert.deepEqual([result.code, result.kind, text(result.stdout)], [40, 'execute-error', 'A']);
  assert.equal(result.message, 'unreachable code reached');
  assert.deepEqual(
    result.stack.map(({ function: name, functionIndex }) => [name, functionIndex]),
    [
      ['deep', 1],
      ['main', 2],
    ],
  );
});

test('a tag that nobody brings is made where stubs are wanted', async () => {
  const bytes = await wat(`(module
    (import "e" "t" (tag $t (param i32 funcref externref)))
    (import "e" "empty" (tag $empty))
    (func (export "main") (result i32)
      try (result i32)
        try i32.const 5 ref.null func ref.null extern throw $t catch $empty end i32.const 1
      catch $t drop drop end))`);
  assert.match((await run({ bytes })).message, /2 imports are missing: tag e\.t .*; tag e\.empty/);
  assert.deepEqual((await run({ bytes, stub: true })).values, ['5']);
});

test('a stub that a vector would have to cross to is told as that', async () => {
  const bytes = await wat(`(module (import "e" "f" (func $f (param v128)))
    (func (export "main") (call $f (v128.const i32x4 1 2 3 4))))`);
  assert.match((await run({ bytes, stub: true })).message, /^a vector \(v128\) would have to cross to JavaScript/);
});

test('the memory limit holds from the start and when memory grows', async () => {
  const grows = await wat(`(module (memory (export "memory") 1)
    (func (export "pages") (result i32)
      (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) memory.size))`);
  const result = await run({ bytes: grows, entry: 'pages', limits: { memory: 10 * 65536 } });
  assert.deepEqual(result.values, ['10']);
  const large = await wat('(module (memory 100) (func (export "main")))');
  const refusal = await run({ bytes: large, limits: { memory: 65536 } });
  assert.equal(refusal.code, 40);
  assert.match(refusal.message, /memory limit reached: .*100 pages of 64 KiB, but the limit is 1$/);
});

/** @type {[string, object, RegExp, number][]} */
const limited = [
  ['endless_loop', { seconds: 0.2 }, /^time limit reached \(0.2 s\)$/, 0],
  ['sleep_for_ever', { seconds: 0.2 }, /^time limit reached/, 0],
  ['endless_output', { output: 1000 }, /^output limit reached \(1000 bytes\)$/, 1000],
  ['deep_recursion', {}, /^stack exhausted$/, 0],
];
for (const [name, limits, message, printed] of limited) {
  test(`${name} is held by its limit`, async () => {
    const result = await run({ bytes: fixture(`hostile/${name}`), limits: { seconds: 10, ...limits } });
    assert.equal(result.code, 40);
    assert.match(result.message, message);
    assert.equal(result.stdout.length + result.stderr.length, printed);
  });
}

for (const name of [
  'endless_loop',
  'endless_start',
  'endless_output',
  'sleep_for_ever',
  'busy_poll',
  'endless_frames_aver',
]) {
  test(`${name} is stopped within 100 ms, and what it printed is there`, async () => {
    await takesLess(100 + 50, async () => {
      const ending = new AbortController();
      let stoppedAt = 0;
      let printed = 0;
      const result = await run({
        bytes: fixture(`hostile/${name}`),
        signal: ending.signal,
        collect: false,
        onStdout: (bytes) => void (printed += bytes.length),
        onProgress: () => {
          if (name === 'endless_output' && printed <= 1_000_000) return;
          stoppedAt ||= performance.now();
          ending.abort();
        },
      });
      assert.equal(result.message, 'stopped');
      return performance.now() - stoppedAt;
    });
  });
}

test('input arrives as it comes, and the program waits for it', async () => {
  const bytes = fixture('aver/readline_echo');
  let answered = 0;
  async function* lines() {
    for (const line of ['first\n', 'second\n']) {
      yield new TextEncoder().encode(line);
      answered += 1;
    }
  }
  const result = await run({ bytes, stdin: lines() });
  assert.equal(answered, 2);
  assert.match(text(result.stdout), /first\|[^]*second\|/);
});

test('a source that is never read holds nobody up', async () => {
  async function* endless() {
    for (;;) yield new Uint8Array(65536);
  }
  const result = await run({ bytes: fixture('aver/hello'), stdin: endless() });
  assert.equal(result.code, 0);
});

function deferred() {
  /** @type {(error: Error) => void} */
  let reject = () => {};
  const promise = /** @type {Promise<void>} */ (new Promise((_, refuse) => (reject = refuse)));
  return { promise, reject };
}

test('a consumer that is slow slows the program, one that fails ends it', async () => {
  const bytes = fixture('hostile/endless_output');
  let taken = 0;
  const result = await run({
    bytes,
    collect: false,
    onStdout: async (chunk) => {
      taken += chunk.length;
      await new Promise((resolve) => setImmediate(resolve));
      if (taken > 3_000_000) throw new Error('full');
    },
  });
  assert.equal(result.code, 100);
  assert.match(result.message, /could not be delivered: full/);
  assert.ok(taken < 10_000_000, `${taken} bytes`);
});

for (const [what, options] of /** @type {[string, object][]} */ ([
  ['interpreted', { bytes: readFileSync(join(project, 'fixtures/jsrs/primes.v3.jsrbin')) }],
  ['compiled', { bytes: readFileSync(join(project, 'fixtures/jsrs/primes.v3.jsrbin')), mode: 'compiled' }],
  ['a module', { bytes: fixture('aver/hello') }],
])) {
  test(`a consumer that fails as the program ends is no success (${what})`, async () => {
    const given = /** @type {any} */ (options);
    const { promise, reject } = deferred();
    const late = run({ ...given, onStdout: () => (setImmediate(() => reject(new Error('full'))), promise) });
    const thrown = run({
      ...given,
      onStdout() {
        throw new Error('full');
      },
    });
    for (const { code, kind, message } of await Promise.all([late, thrown]))
      assert.deepEqual([code, kind, message], [100, 'internal-error', 'the output could not be delivered: full']);
  });
}

for (const [what, options] of /** @type {[string, object][]} */ ([
  ['interpreted', { bytes: endlessLoop() }],
  ['a module', { bytes: fixture('hostile/endless_loop') }],
])) {
  test(`an \`onProgress\` that throws or rejects ends the run (${what})`, async () => {
    const given = { .../** @type {any} */ (options), limits: { seconds: 10 } };
    const thrown = await run({
      ...given,
      onProgress() {
        throw new Error('no');
      },
    });
    const rejected = await run({ ...given, onProgress: async () => Promise.reject(new Error('no')) });
    for (const { code, message } of [thrown, rejected]) assert.deepEqual([code, message], [100, 'no']);
  });
}

test('an `onWarning` that throws or rejects ends the run, also before it begins', async () => {
  const bytes = await wat(`(module (import "e" "f" (func $f)) (func (export "_start") (loop $again (br $again))))`);
  const early = await wat(`(module (import "env" "jsrust_write_byte" (func $put (param i32) (result i32)))
    (func $start) (start $start) (func (export "other")))`);
  const throwing = () => {
    throw new Error('no');
  };
  for (const onWarning of [throwing, async () => throwing()]) {
    for (const program of [bytes, early]) {
      const { code, message } = await run({ bytes: program, stub: true, onWarning, limits: { seconds: 10 } });
      assert.deepEqual([code, message], [100, 'no']);
    }
  }
});

test('a run that was stopped before its consumer failed was stopped', async () => {
  const ending = new AbortController();
  const result = await run({
    bytes: fixture('hostile/endless_output'),
    signal: ending.signal,
    collect: false,
    onStdout() {
      ending.abort();
      throw new Error('full');
    },
  });
  assert.deepEqual([result.code, result.message], [40, 'stopped']);
});

test('the screen comes back as the corpus describes it, with keys pressed and a size chosen', async () => {
  const result = await run({ bytes: fixture('aver/term_size'), size: { columns: 40, rows: 10 } });
  assert.equal(result.code, 0);
  assert.ok(result.screen);
  assert.ok(result.screen.lines.every((line) => [...line].length <= 40));
  assert.equal((await run({ bytes: fixture('aver/hello') })).screen, null);
});

test('no run leaks into the next', async () => {
  const bytes = await wat(CALLS);
  for (let i = 0; i < 20; i++) assert.deepEqual((await run({ bytes, entry: 'count' })).values, ['1']);
});

for (const [what, file, code, message] of /** @type {[string, Uint8Array, number, RegExp][]} */ ([
  ['a cut module', fixture('wasi/words').subarray(0, 300), 20, /malformed: .*section/],
  ['a component', fixture('hostile/component'), 20, /component/],
  ['a module that the engine refuses', await wat('(module)').then((bytes) => withBadCode(bytes)), 30, /not valid/],
])) {
  test(`${what} is refused with a sentence and its place`, async () => {
    const result = await run({ bytes: file });
    assert.equal(result.code, code, result.message);
    assert.match(result.message, message);
  });
}

/** A function of type () -> i32 whose body leaves nothing: right in structure, wrong in types. */
function withBadCode(/** @type {Uint8Array} */ empty) {
  const sections = [
    [1, 5, 1, 0x60, 0, 1, 0x7f],
    [3, 2, 1, 0],
    [7, 8, 1, 4, ...new TextEncoder().encode('main'), 0, 0],
    [10, 4, 1, 2, 0, 0x0b],
  ];
  return Uint8Array.from([...empty.subarray(0, 8), ...sections.flat()]);
}
