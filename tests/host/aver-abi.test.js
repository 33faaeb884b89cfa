// The imports of module `aver` one by one (spec aver-abi.md 3, 4, 6, 7): strings into the guest, wild addresses, waiting.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aver } from '../../runner/abi/aver/index.js';
import { GuestTrap } from '../../runner/guest/ends.js';
import { project } from '../lib/files.mjs';
import { HeapBuilder } from './aver-heap.js';
import { fakeIo, guestWith } from './aver-io.js';

const decoder = new TextDecoder();
const LONG = 'a text that is a good deal longer than thirty-two bytes';

/** @param {Parameters<typeof fakeIo>[0]} [world] @param {Record<string, unknown>} [exports] @param {object} [importTypes] */
function served(world, exports = {}, importTypes = {}) {
  const { io, ...seen } = fakeIo(world);
  const guest = { ...guestWith(exports), importTypes };
  /** @type {any} */
  const abi = aver.serve(io, /** @type {any} */ (guest));
  const put = (/** @type {string} */ text, at = 1000) => {
    const bytes = new TextEncoder().encode(text);
    guest.memory.bytes.set(bytes, at);
    return [at, bytes.length];
  };
  const textAt = (/** @type {number[]} */ [pointer, length]) =>
    decoder.decode(guest.memory.slice(pointer, length) ?? undefined);
  const objectAt = (/** @type {number} */ pointer) => textAt([pointer + 8, guest.memory.view.getUint32(pointer, true)]);
  return { ...seen, io, guest, functions: abi.functions, abi, put, textAt, objectAt };
}

/** An `alloc` that hands out addresses from 4096 on and tells what it was asked for. */
function allocator() {
  let top = 4096;
  const asked = /** @type {number[]} */ ([]);
  const alloc = (/** @type {number} */ size) => {
    asked.push(size);
    const pointer = top;
    top += (size + 7) & ~7;
    return pointer;
  };
  return { alloc, asked };
}

test('every import has a row, every row a function; the result of a type is as long as its kinds', () => {
  const { functions } = served();
  assert.deepEqual(Object.keys(functions).sort(), Object.keys(aver.table).sort());
  const width = (/** @type {string} */ kind) => (/^(text|bytes)\??$/.test(kind) ? 2 : 1);
  for (const [name, { type, parameters, result }] of Object.entries(aver.table)) {
    const [takes, gives] = type.split('->').map((side) => side.split(' ').filter(Boolean));
    const kinds = parameters
      .split(' ')
      .filter(Boolean)
      .map((item) => width(item.split(':')[1]));
    assert.equal(
      kinds.reduce((sum, count) => sum + count, 0),
      takes.length,
      name,
    );
    const results = result.split(' ').filter(Boolean).map(width);
    assert.equal(
      results.reduce((sum, count) => sum + count, 0),
      gives.length,
      name,
    );
    assert.ok(functions[name].length <= takes.length, name);
  }
});

test('texts up to 32 bytes lie in the scratch area, longer ones where alloc says (4)', () => {
  const { alloc, asked } = allocator();
  const args = ['', 'x', 'a'.repeat(32), 'a'.repeat(33), 'ż'.repeat(17), '\ud800'];
  const { functions, textAt } = served({ args }, { alloc });
  assert.equal(functions.args_len(), 6);
  assert.deepEqual(functions.args_get(0), [96, 0]);
  assert.deepEqual(functions.args_get(1), [96, 1]);
  assert.deepEqual(functions.args_get(2), [96, 32]);
  assert.deepEqual(functions.args_get(3), [4096, 33]);
  assert.equal(textAt(functions.args_get(4)), 'ż'.repeat(17));
  assert.equal(textAt(functions.args_get(5)), '\ufffd');
  for (const index of [6, -1, 2 ** 31 - 1, -(2 ** 31)]) assert.deepEqual(functions.args_get(index), [96, 0]);
  assert.deepEqual(asked, [33, 34]);
});

test('alloc may grow the memory, which detaches what was seen of it', () => {
  const raw = new WebAssembly.Memory({ initial: 1 });
  const alloc = () => raw.grow(1) * 65536;
  const { functions, guest, textAt } = served({ args: [LONG] }, { alloc });
  guest.memory.attach(raw);
  assert.equal(guest.memory.bytes.length, 65536);
  const pair = [...functions.args_get(0)];
  assert.equal(pair[0], 65536);
  assert.equal(textAt(pair), LONG);
});

test('the name of alloc in later runtimes', () => {
  const { alloc } = allocator();
  const { functions } = served({ args: [LONG] }, { rt_alloc: alloc });
  assert.deepEqual(functions.args_get(0), [4096, LONG.length]);
});

test('without alloc the memory grows by the text, the copy that the guest makes, and their headers (4)', () => {
  for (const length of [33, 32_760, 32_761, 65_536, 200_000]) {
    const { functions, guest, textAt } = served({ args: ['y'.repeat(length)] });
    const pair = [...functions.args_get(0)];
    assert.equal(textAt(pair), 'y'.repeat(length));
    assert.equal(pair[0] + length, guest.memory.bytes.length);
    assert.ok(pair[0] - 65_536 >= length + 8, 'the copy of the guest fits below');
  }
});

test('an alloc that misbehaves is a trap with a sentence', () => {
  const i64 = new WebAssembly.Instance(
    // (module (func (export "alloc") (param i64) (result i32) i32.const 8))
    new WebAssembly.Module(
      Uint8Array.of(
        ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 126, 1, 127, 3, 2, 1, 0],
        ...[7, 9, 1, 5, 97, 108, 108, 111, 99, 0, 0, 10, 6, 1, 4, 0, 65, 8, 11],
      ),
    ),
  ).exports.alloc;
  const outside = /no room|outside of its memory/;
  for (const [alloc, sentence] of /** @type {[unknown, RegExp][]} */ ([
    [i64, /does not take one i32/],
    [() => undefined, /does not give an i32/],
    [() => 5n, /does not give an i32/],
    [() => -1, outside],
    [() => 65_530, outside],
  ])) {
    const { functions, put } = served({ args: [LONG], env: { A: LONG } }, { alloc });
    assert.throws(
      () => functions.args_get(0),
      (error) => error instanceof GuestTrap && sentence.test(error.message),
    );
    assert.throws(
      () => functions.env_get(...put('A')),
      (error) => error instanceof GuestTrap && sentence.test(error.message),
    );
  }
  const full = served({ args: [LONG] });
  full.guest.memory.attach(new WebAssembly.Memory({ initial: 1, maximum: 1 }));
  assert.throws(() => full.functions.args_get(0), GuestTrap);
  const trap = new WebAssembly.RuntimeError('unreachable');
  const failing = served(
    { args: [LONG] },
    {
      alloc: () => {
        throw trap;
      },
    },
  );
  assert.throws(
    () => failing.functions.args_get(0),
    (error) => error === trap,
  );
});

test('printing from wild addresses prints nothing and never throws (3.1)', () => {
  const { functions, put, stdout, stderr, writes, guest } = served();
  functions.console_print(...put('out'));
  functions.console_error(...put('err '));
  functions.console_warn(...put('warn'));
  const before = writes(1);
  guest.memory.bytes[65535] = 0x2e;
  for (const [pointer, length] of [
    [-1, 5],
    [65535, 2],
    [0, -1],
    [-8, -8],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [1000, 0],
  ]) {
    functions.console_print(pointer, length);
    functions.console_error(pointer, length);
    functions.terminal_print(pointer, length);
  }
  assert.equal(writes(1), before);
  functions.console_print(65535, 1);
  assert.equal(stdout(), 'out.');
  assert.equal(stderr(), 'err warn');
});

test('bytes are passed on as they are: half a character is no business of the host', () => {
  const { functions, put, stdout } = served();
  const [pointer] = put('€');
  functions.console_print(pointer, 1);
  functions.console_print(pointer + 1, 2);
  assert.equal(stdout(), '€');
});

test('string values are printed without being decoded, and formatted where they lie', () => {
  const heap = new HeapBuilder();
  const { functions, guest, stdout } = served();
  guest.memory.attach(heap.raw);
  const pointer = heap.string(LONG);
  functions.print_value(3, BigInt(pointer));
  assert.equal(stdout(), LONG);
  assert.deepEqual(functions.format_value(3, BigInt(pointer)), [pointer + 8, LONG.length]);
  assert.deepEqual(functions.format_value(3, BigInt(heap.string(''))), [96, 0]);
  const endless = BigInt(heap.object(0, 0, 0, [], 2 ** 32 - 1));
  for (const wild of [-1n, 2n ** 31n, 65_532n, endless]) {
    functions.print_value(3, wild);
    assert.deepEqual(functions.format_value(3, wild), [96, 0]);
  }
  assert.equal(stdout(), LONG);
  assert.deepEqual(functions.format_value(2, 1n), [96, 4]);
});

test('lines: without their ends, then an empty text for ever (7)', () => {
  const { alloc } = allocator();
  const input = `first\n\nwindows\r\nodd\r\r\n\r\n${LONG}\nunfinished`;
  const { functions, textAt, log } = served({ input }, { alloc });
  const read = () => textAt(functions.console_readLine());
  const lines = Array.from({ length: 9 }, read);
  assert.deepEqual(lines, ['first', '', 'windows', 'odd\r', '', LONG, 'unfinished', '', '']);
  assert.deepEqual(functions.console_readLine(), [96, 0]);
  assert.deepEqual(log, []);
});

test('a read that has to wait says so, until a whole line is there', () => {
  const { functions, textAt, log } = served({ input: 'he', later: ['ll', 'o\nwor', 'ld'] });
  assert.equal(textAt(functions.console_readLine()), 'hello');
  assert.deepEqual(log, ['waiting line', 'sleep', 'sleep', 'waiting null']);
  assert.equal(textAt(functions.console_readLine()), 'world');
});

test('in mode suspend what has to wait gives a promise, the rest does not', async () => {
  const { functions, io, textAt, clock } = served({ input: 'one\nt', later: ['wo\n'] });
  io.mode = 'suspend';
  const { sleep, write } = io;
  io.sleep = async (/** @type {number} */ deadline) => sleep(deadline);
  assert.equal(textAt(functions.console_readLine()), 'one');
  const later = functions.console_readLine();
  assert.ok(later instanceof Promise);
  assert.equal(textAt(await later), 'two');
  const before = clock.monotonic();
  await functions.time_sleep(500n);
  assert.ok(clock.monotonic() - before >= 500);
  io.write = async (/** @type {1 | 2} */ stream, /** @type {Uint8Array} */ bytes) => write(stream, bytes);
  assert.ok(functions.console_print(0, 4) instanceof Promise);
  assert.ok(functions.print_value(0, 1n) instanceof Promise);
  io.turn = async () => {};
  const none = functions.terminal_readKey();
  assert.deepEqual(await none, [-1, 0]);
});

test('input that arrives does not shorten a sleep; numbers of any size are times', () => {
  const { functions, clock, log } = served({ later: ['a', 'b', 'c'] });
  const before = clock.monotonic();
  functions.time_sleep(300n);
  const slept = clock.monotonic() - before;
  assert.ok(slept >= 300 && slept < 301, String(slept));
  assert.equal(log.filter((entry) => entry === 'sleep').length, 4);
  for (const none of [0n, -1n, -(2n ** 63n)]) functions.time_sleep(none);
  assert.equal(log.length, 4);
  functions.time_sleep(2n ** 63n - 1n);
  assert.ok(clock.monotonic() >= 9e18);
  assert.deepEqual(log.slice(4), ['waiting sleep', 'sleep', 'waiting null']);
});

test('the time as text has 24 characters at any clock', () => {
  for (const [clock, text] of /** @type {[number, string][]} */ ([
    [Date.UTC(2026, 0, 2, 3, 4, 5, 678), '2026-01-02T03:04:05.678Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
    [1e15, '9999-12-31T23:59:59.999Z'],
    [-1e15, '0000-01-01T00:00:00.000Z'],
    [1e300, '9999-12-31T23:59:59.999Z'],
  ])) {
    const { functions, textAt } = served({ clock });
    assert.equal(textAt(functions.time_now()), text);
  }
  const { functions } = served({ clock: 1234.9 });
  assert.equal(functions.time_unixMs(), 1234n);
});

test('pow is that of IEEE where JavaScript gives NaN', () => {
  const { math_pow: pow } = served().functions;
  assert.equal(pow(1, NaN), 1);
  assert.equal(pow(1, Infinity), 1);
  assert.equal(pow(-1, Infinity), 1);
  assert.equal(pow(-1, -Infinity), 1);
  assert.equal(pow(-1, NaN), NaN);
  assert.equal(pow(2, 10), 1024);
  assert.equal(pow(NaN, 0), 1);
});

test('chance goes by the seed', () => {
  const draw = (/** @type {string} */ seed) => {
    const { functions } = served({ seed });
    return Array.from({ length: 20 }, () => [functions.random_int(1n, 6n), functions.random_float()]);
  };
  assert.deepEqual(draw('a'), draw('a'));
  assert.notDeepEqual(draw('a'), draw('b'));
  for (const [int, float] of draw('c')) assert.ok(int >= 1n && int <= 6n && float >= 0 && float < 1);
  const { functions } = served();
  assert.equal(functions.random_int(5n, 5n), 5n);
  assert.equal(functions.random_int(5n, -5n), 5n);
  const spread = Array.from({ length: 50 }, () => functions.random_int(-(2n ** 63n), 2n ** 63n - 1n));
  assert.ok(spread.some((n) => n < 0n) && spread.some((n) => n > 2n ** 60n));
});

test('the environment of a run can be added to, and forgets it afterwards', () => {
  const { alloc } = allocator();
  const env = { PATH: '/bin', EMPTY: '' };
  const { functions, put, objectAt } = served({ env }, { alloc });
  assert.equal(objectAt(functions.env_get(...put('PATH'))), '/bin');
  assert.equal(objectAt(functions.env_get(...put('EMPTY'))), '');
  for (const name of ['path', 'toString', '__proto__', '']) assert.equal(functions.env_get(...put(name)), -1, name);
  functions.env_set(...put('__proto__'), ...put(LONG, 2000));
  assert.equal(objectAt(functions.env_get(...put('__proto__'))), LONG);
  functions.env_set(-1, 5, ...put('x'));
  assert.deepEqual(env, { PATH: '/bin', EMPTY: '' });
});

test('an object that nothing can be made for seems unset, with a warning', () => {
  const { functions, put, log } = served({ env: { A: '1' } });
  assert.equal(functions.env_get(...put('A')), -1);
  assert.match(log.join(), /^warn .*alloc/);
  assert.throws(() => functions.request_url(), GuestTrap);
});

test('the terminal: what is drawn goes to the screen as it comes', () => {
  const { functions, put, log } = served();
  functions.terminal_enableRawMode();
  functions.terminal_hideCursor();
  functions.terminal_clear();
  functions.terminal_moveTo(-1, 70_000);
  functions.terminal_setColor(...put('magenta'));
  functions.terminal_print(...put('żółw'));
  functions.terminal_resetColor();
  functions.terminal_flush();
  functions.terminal_showCursor();
  functions.terminal_disableRawMode();
  assert.deepEqual([...functions.terminal_size()], [80, 24]);
  assert.deepEqual(log, [
    ...['raw true', 'cursor false', 'clear', 'moveTo -1 70000', 'color magenta', 'print żółw', 'resetColor', 'flush'],
    ...['cursor true', 'raw false'],
  ]);
});

test('an unknown colour warns once', () => {
  const { functions, put, log } = served();
  for (const name of ['red', 'Red', 'default', 'x'.repeat(1000), '']) functions.terminal_setColor(...put(name));
  functions.terminal_setColor(-1, 4);
  assert.equal(log.filter((entry) => entry.startsWith('warn')).length, 1);
  assert.match(log.join('\n'), /warn .*"Red"/);
});

test('keys are polled in order; none is (-1, 0), and that keys count is told once (6.3)', () => {
  const { functions, textAt, log } = served({ keys: ['up', ' ', '🎮'] });
  const polled = Array.from({ length: 3 }, () => textAt(functions.terminal_readKey()));
  assert.deepEqual(polled, ['up', ' ', '🎮']);
  assert.deepEqual(functions.terminal_readKey(), [-1, 0]);
  assert.deepEqual(functions.terminal_readKey(), [-1, 0]);
  assert.deepEqual(log, ['waiting key']);
});

test('HTTP never reaches the network: a transport failure, in both types of the import', () => {
  const { alloc } = allocator();
  const four = served({}, { alloc });
  const [status, body, headers, message] = four.functions.http_send();
  assert.deepEqual([status, body, headers], [0n, 0, 0]);
  assert.match(four.objectAt(message), /network/);
  const type = aver.table.http_send.also?.[0] ?? '';
  const three = served({}, { alloc }, { 'aver.http_send': type });
  const results = three.functions.http_send();
  assert.equal(results.length, 3);
  assert.match(three.objectAt(results[2]), /network/);
});

test('a handler of the fetch bridge is asked for GET / and its answer is printed', () => {
  const module = new WebAssembly.Module(readFileSync(join(project, 'fixtures/aver-programs/answer.wasm')));
  const { functions, guest, abi, stdout } = served();
  /** @type {any} */
  const exports = new WebAssembly.Instance(module, { aver: functions }).exports;
  guest.memory.attach(exports.memory);
  guest.exports = exports;
  abi.attached();
  assert.equal(exports.aver_http_handle(), 1);
  assert.equal(stdout(), '');
  abi.finish();
  assert.equal(stdout(), 'HTTP 200\ncontent-type: text/plain\n\nGET /: hello\n');
  abi.finish();
  assert.equal(stdout(), 'HTTP 200\ncontent-type: text/plain\n\nGET /: hello\n');
});

test('imports called with anything give what their type says, or a trap with a sentence', () => {
  const values = {
    i32: [0, 1, -1, 96, 128, 65_532, 65_535, 65_536, 2 ** 31 - 1, -(2 ** 31)],
    i64: [0n, -1n, 128n, 65_535n, 2n ** 31n, -(2n ** 31n), 2n ** 63n - 1n, -(2n ** 63n)],
    f64: [0, -0, 1, NaN, Infinity, -Infinity, 1e300],
  };
  const waits = ['time_sleep', 'console_readLine'];
  for (const pages of [0, 1]) {
    for (const alloc of [undefined, () => -1, allocator().alloc]) {
      const { functions, guest } = served({ args: [LONG], env: { '': LONG } }, alloc ? { alloc } : {});
      const memory = new WebAssembly.Memory({ initial: pages, maximum: 2 });
      guest.memory.attach(memory);
      for (const [name, { type }] of Object.entries(aver.table)) {
        if (waits.includes(name)) continue;
        const [takes, gives] = type.split('->').map((side) => side.split(' ').filter(Boolean));
        for (let turn = 0; turn < 40; turn++) {
          const given = takes.map((each, at) => {
            const choice = values[/** @type {keyof typeof values} */ (each)];
            return choice[(turn * (at + 1) + at * 7) % choice.length];
          });
          try {
            const result = functions[name](...given);
            const results = gives.length === 0 ? [] : gives.length === 1 ? [result] : [...result];
            const types = results.map((value) => (typeof value === 'bigint' ? 'i64' : typeof value));
            assert.deepEqual(
              types,
              gives.map((each) => (each === 'i64' ? 'i64' : 'number')),
              `${name}(${given})`,
            );
          } catch (error) {
            assert.ok(error instanceof GuestTrap, `${name}(${given}): ${error}`);
          }
        }
      }
    }
  }
});
