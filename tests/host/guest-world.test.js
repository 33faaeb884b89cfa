// What a guest's imports see of the world: standard input, clocks, randomness, values and traps in words
// (runner/guest/stdin.js, clock.js, random.js, values.js, traps.js, visible.js).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useWebCrypto } from '../../runner/node/web-crypto.js';
import { createClock } from '../../runner/guest/clock.js';
import { createRandom } from '../../runner/guest/random.js';
import { Stdin } from '../../runner/guest/stdin.js';
import { describeTrap as describe, wasmFrames } from '../../runner/guest/traps.js';
import { callFault, readValue, valueText } from '../../runner/guest/values.js';
import { visible } from '../../runner/visible.js';
import { ownTime } from '../lib/timing.mjs';

const describeTrap = (/** @type {unknown} */ thrown) => describe(thrown, wasmFrames(thrown));
const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
const textOf = (/** @type {Uint8Array | null} */ from) => (from ? new TextDecoder().decode(from) : null);

/** A source whose content arrives when the test says so. */
function source() {
  let waiting = new Uint8Array(0);
  let over = false;
  return {
    arrive: (/** @type {string} */ text) => void (waiting = Uint8Array.from([...waiting, ...bytes(text)])),
    end: () => void (over = true),
    input: {
      readable: () => waiting.length,
      read(/** @type {Uint8Array} */ into) {
        const part = waiting.subarray(0, into.length);
        into.set(part);
        waiting = waiting.slice(part.length);
        return part.length;
      },
      ended: () => over && waiting.length === 0,
    },
  };
}

test('lines come whole, with their newline; the last one may lack it; then there is only the end', () => {
  const { arrive, end, input } = source();
  const stdin = new Stdin(bytes('one\ntw'), input);
  assert.equal(textOf(stdin.readLine()), 'one\n');
  assert.equal(stdin.readLine(), null);
  arrive('o\n\nrest');
  assert.equal(textOf(stdin.readLine()), 'two\n');
  assert.equal(textOf(stdin.readLine()), '\n');
  assert.equal(stdin.readLine(), null);
  end();
  assert.equal(textOf(stdin.readLine()), 'rest');
  assert.equal(textOf(stdin.readLine()), '');
  assert.equal(stdin.ended(), true);
});

test('bytes and lines can be read in turn', () => {
  const { arrive, end, input } = source();
  const stdin = new Stdin(null, input);
  arrive('abc\ndef\n');
  const into = new Uint8Array(2);
  assert.equal(stdin.read(into), 2);
  assert.equal(textOf(stdin.readLine()), 'c\n');
  assert.equal(stdin.available(), 4);
  assert.equal(stdin.read(new Uint8Array(0)), 0);
  end();
  assert.equal(stdin.ended(), false);
  assert.equal(stdin.read(new Uint8Array(9)), 4);
  assert.equal(stdin.ended(), true);
});

test('a line of megabytes that arrives in small pieces is found in linear time', () => {
  const { arrive, input } = source();
  const stdin = new Stdin(null, input);
  for (let i = 0; i < 2000; i++) {
    arrive('x'.repeat(1000));
    assert.equal(stdin.readLine(), null);
  }
  arrive('\n');
  assert.equal(stdin.readLine()?.length, 2_000_001);
});

test('a seed gives the same numbers each time, another seed others', () => {
  useWebCrypto();
  const draw = (/** @type {string | null} */ seed) => {
    const random = createRandom(seed);
    const filled = new Uint8Array(7);
    random.fill(filled);
    return [random.uint64(), random.float(), random.between(-3n, 3n), ...filled].map(String);
  };
  assert.deepEqual(draw('seed'), draw('seed'));
  assert.notDeepEqual(draw('seed'), draw('Seed'));
  assert.notDeepEqual(draw(null), draw(null));
});

const MAX = 2n ** 63n - 1n;
const MIN = -(2n ** 63n);
/** @type {[bigint, bigint][]} */
const ranges = [
  [1n, 6n],
  [0n, 0n],
  [5n, 2n],
  [MIN, MAX],
  [MIN, MIN + 1n],
  [MAX - 1n, MAX],
];
for (const [min, max] of ranges) {
  test(`random numbers from ${min} to ${max} reach both ends and nothing else`, () => {
    const random = createRandom('ends');
    const seen = new Set();
    for (let i = 0; i < 500; i++) {
      const drawn = random.between(min, max);
      if (max <= min) assert.equal(drawn, min);
      else assert.ok(drawn >= min && drawn <= max);
      seen.add(drawn);
    }
    if (max > min && max - min < 10n) assert.equal(seen.size, Number(max - min) + 1);
  });
}

test('floats fill [0, 1) evenly', () => {
  const random = createRandom('floats');
  const counts = new Array(10).fill(0);
  for (let i = 0; i < 10_000; i++) counts[Math.floor(random.float() * 10)] += 1;
  assert.ok(
    counts.every((count) => count > 850 && count < 1150),
    String(counts),
  );
});

test('a virtual clock starts where it was told, moves a little when asked, and passes to where it is sent', () => {
  const clock = createClock(1_000_000, () => 0);
  assert.ok(clock.virtual);
  const first = clock.realtime();
  assert.ok(first >= 1_000_000 && first < 1_000_001);
  assert.ok(clock.realtime() > first);
  clock.passTo(5000);
  assert.ok(clock.realtime() >= 1_005_000 && clock.realtime() < 1_005_001);
  assert.equal(clock.origin, 1_000_000_000_000n);
  assert.equal(clock.nanoseconds() + 1000, clock.nanoseconds());
});

test("the machine's clock counts whole nanoseconds from the start of the run", () => {
  let now = 5_000_000_007;
  const before = Date.now();
  const clock = createClock(null, () => now);
  const after = Date.now();
  assert.equal(clock.virtual, false);
  const origin = Number(clock.origin / 1_000_000n);
  for (const time of [clock.realtime(), origin]) assert.ok(time > before - 1000 && time < after + 1000, `${time}`);
  now += 1_500_001;
  assert.equal(clock.nanoseconds(), 1_500_001);
  assert.equal(clock.monotonic(), 1.500001);
});

test('the time of day is right after the machine has slept, which the precise clock may not know of', (t) => {
  const awake = Date.now() + 3_600_000;
  t.mock.method(Date, 'now', () => awake);
  assert.equal(createClock(null, () => 0).realtime(), awake);
});

/** @type {[string, string, unknown][]} */
const readable = [
  ['-1', 'i32', -1],
  ['4294967295', 'i32', -1],
  ['0xff', 'i32', 255],
  ['-9223372036854775808', 'i64', MIN],
  ['18446744073709551615', 'i64', -1n],
  ['1.5', 'f64', 1.5],
  ['0.1', 'f32', Math.fround(0.1)],
  ['-inf', 'f64', -Infinity],
  ['nan', 'f32', NaN],
  ['-0', 'f64', -0],
  ['null', 'externref', null],
  ['null', '(ref null 0)', null],
  ['null', 'i31ref', null],
  [' 7 ', 'i32', 7],
];
for (const [text, type, value] of readable) {
  test(`${JSON.stringify(text)} as ${type}`, () => assert.deepEqual(readValue(text, type), { value }));
}
for (const [text, type] of [
  ['', 'i32'],
  ['1.5', 'i32'],
  ['4294967296', 'i32'],
  ['-2147483649', 'i32'],
  ['1e3', 'i64'],
  ['one', 'f64'],
  ['5', 'externref'],
  ['0', 'v128'],
  ['null', 'exnref'],
  ['null', '(ref null exn)'],
  ['null', '(ref 0)'],
  ['null', '(ref func)'],
]) {
  test(`${JSON.stringify(text)} is refused as ${type}`, () => assert.ok('fault' in readValue(text, type)));
}

test('a number that does not fit is told what does', () => {
  const ranges = { i32: '-2147483648 to 4294967295', i64: '-9223372036854775808 to 18446744073709551615' };
  for (const [type, range] of Object.entries(ranges)) {
    const fault = `\`36893488147419103232\` does not fit ${type}, which takes ${range}`;
    assert.deepEqual(readValue('36893488147419103232', type), { fault });
  }
});

/** @type {[string[], string[], RegExp | null][]} */
const callable = [
  [['i32', 'externref', '(ref null 0)'], ['(ref 0)', 'i31ref'], null],
  [['i32', 'v128'], [], /a vector \(v128\)/],
  [[], ['v128'], /a vector \(v128\)/],
  [[], ['i32', '(ref exn)'], /an exception \(exnref\)/],
  [['i32', '(ref 0)'], [], /never null, \(ref 0\)/],
];
for (const [params, results, fault] of callable) {
  test(`(${params}) -> (${results}) ${fault ? 'cannot' : 'can'} be called`, () => {
    const said = callFault(params, results);
    if (fault) assert.match(said ?? '', fault);
    else assert.equal(said, null);
  });
}

/** @type {[unknown, string, string][]} */
const written = [
  [-1, 'i32', '-1'],
  [5n, 'i64', '5'],
  [0.1, 'f64', '0.1'],
  [Math.fround(0.1), 'f32', '0.1'],
  [Math.fround(16777217), 'f32', '16777216'],
  [Math.fround(1000.00006), 'f32', '1000.00006'],
  [-0, 'f64', '-0'],
  [NaN, 'f64', 'NaN'],
  [-Infinity, 'f32', '-inf'],
  [null, 'externref', 'null'],
  [{}, 'externref', 'externref'],
];
for (const [value, type, text] of written) {
  test(`${text} is how ${type} is written`, () => assert.equal(valueText(value, type), text));
}

/** What V8, SpiderMonkey and JavaScriptCore say, each in turn where they differ, and what we say instead. */
const SAID = {
  unreachable: 'unreachable code reached',
  'unreachable executed': 'unreachable code reached',
  "Unreachable code should not be executed (evaluating 'f.cast()')": 'unreachable code reached',
  'divide by zero': 'division by zero',
  'integer divide by zero': 'division by zero',
  'Division by zero': 'division by zero',
  'divide result unrepresentable': 'integer overflow in a division or a conversion',
  'Integer overflow': 'integer overflow in a division or a conversion',
  'memory access out of bounds': 'memory access out of bounds',
  'index out of bounds': 'access out of bounds',
  "Out of bounds memory access (evaluating 'table.get()')": 'memory access out of bounds',
  'table index is out of bounds': 'a table index out of bounds',
  'table index out of bounds': 'a table index out of bounds',
  'Out of bounds table access': 'a table index out of bounds',
  'Out of bounds call_indirect': 'a table index out of bounds',
  'null function or function signature mismatch':
    'an indirect call of an empty table entry or of a function of another type',
  'indirect call signature mismatch': 'an indirect call of an empty table entry or of a function of another type',
  'call_indirect to a signature that does not match':
    'an indirect call of an empty table entry or of a function of another type',
  'indirect call to null': 'an indirect call of an empty table entry',
  'call_indirect to a null table entry': 'an indirect call of an empty table entry',
  'float unrepresentable in integer range': 'a float that fits no integer of the wanted width',
  'invalid conversion to integer': 'a float that fits no integer of the wanted width',
  'Out of bounds Trunc operation': 'a float that fits no integer of the wanted width',
  'element segment out of bounds': 'an element segment out of bounds',
  'array element access out of bounds': 'an array index out of bounds',
  'Out of bounds array.get': 'an array index out of bounds',
  'requested new array is too large': 'an array that is too large',
  'too many array elements': 'an array that is too large',
  'dereferencing a null pointer': 'null reference',
  'rethrowing null value': 'null reference',
  'something that no engine says yet': 'the program failed',
};
for (const [text, sentence] of Object.entries(SAID)) {
  test(`"${text}" is told as "${sentence}"`, () => {
    assert.equal(describeTrap(new WebAssembly.RuntimeError(text)).message, sentence);
  });
}

test('stacks are read in the form of each engine', () => {
  const trap = (/** @type {string} */ stack) => Object.assign(new WebAssembly.RuntimeError('unreachable'), { stack });
  const chromium =
    'RuntimeError: unreachable\n    at deep (wasm://wasm/ab12:wasm-function[3]:0x4f)\n    at wasm://wasm/ab12:wasm-function[5]:0x60\n    at main.js:3:4';
  const firefox =
    'deep@http://localhost/x.wasm:wasm-function[3]:0x4f\n@http://localhost/x.wasm:wasm-function[5]:0x60\nrun@http://localhost/main.js:3:4\n';
  const webkit =
    'deep@<?>:wasm-function[3]\n5@<?>:wasm-function[5]\n@http://localhost/main.js:3:4\nPromise@[native code]';
  const named = [3, 5];
  for (const [stack, offsets] of /** @type {[string, (number | null)[]][]} */ ([
    [chromium, [0x4f, 0x60]],
    [firefox, [0x4f, 0x60]],
    [webkit, [null, null]],
  ])) {
    const frames = describeTrap(trap(stack)).stack;
    assert.deepEqual(
      frames.map(({ function: name }) => name),
      ['deep', 'function 5'],
    );
    assert.deepEqual(
      frames.map(({ functionIndex }) => functionIndex),
      named,
    );
    assert.deepEqual(
      frames.map(({ offset }) => offset),
      offsets,
    );
  }
});

test('a function name of megabytes costs no time', () => {
  const name = 'a at ('.repeat(1_000_000);
  const stack = `RuntimeError: unreachable\n    at ${name} (wasm://wasm/ab:wasm-function[3]:0x1)`;
  const trap = Object.assign(new WebAssembly.RuntimeError('unreachable'), { stack });
  const milliseconds = ownTime(() => void describeTrap(trap));
  assert.ok(milliseconds < 1000, `${milliseconds} ms`);
  const [frame] = describeTrap(trap).stack;
  assert.deepEqual([frame.functionIndex, frame.function?.slice(0, 6)], [3, 'a at (']);
});

test('a deep stack is cut in the middle', () => {
  const lines = Array.from({ length: 50 }, (_, i) => `    at f${i} (wasm://wasm/ab:wasm-function[${i}]:0x1)`);
  const { stack, omitted } = describeTrap(
    Object.assign(new RangeError('Maximum call stack size exceeded'), { stack: lines.join('\n') }),
  );
  assert.equal(omitted, 30);
  assert.deepEqual(
    [stack[0].function, stack[9].function, stack[10].function, stack[19].function],
    ['f0', 'f9', 'f40', 'f49'],
  );
});

test('of a stack that the engine cut nobody knows how many calls are missing', () => {
  const v8 = (/** @type {number} */ i) => `    at f${i} (wasm://wasm/ab:wasm-function[${i}]:0x1)`;
  const spiderMonkey = (/** @type {number} */ i) => `f${i}@http://localhost/a.js:1:wasm-function[${i}]:0x1`;
  for (const [line, count, host] of /** @type {[(i: number) => string, number, string]} */ ([
    [v8, 10_000, '    at call (http://localhost/a.js:3:4)'],
    [spiderMonkey, 128, 'call@http://localhost/a.js:3:4\n'],
  ])) {
    const lines = Array.from({ length: count - 1 }, (_, i) => line(i));
    const cut = describeTrap(Object.assign(new Error(), { stack: [...lines, line(count)].join('\n') }));
    assert.deepEqual([cut.omitted, cut.stack.at(-1)?.function], [null, 'f19']);
    const whole = describeTrap(Object.assign(new Error(), { stack: [...lines, host].join('\n') }));
    assert.deepEqual([whole.omitted, whole.stack.at(-1)?.function], [count - 21, `f${count - 2}`]);
  }
});

test('names cannot move a cursor or turn the direction of writing', () => {
  assert.equal(visible('a\u001b[31mb\u202ec\n'), 'a\\u{1b}[31mb\\u{202e}c\\n');
  assert.equal(visible('zażółć 你好 🦊'), 'zażółć 你好 🦊');
  assert.equal(visible('x'.repeat(200), 10), `${'x'.repeat(10)}... (200 characters)`);
});
