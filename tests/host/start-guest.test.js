// The host's end of a module's run against a scripted worker, where memory is not shared: what is sent when, how it ends
// whatever the worker does, and what comes too late (runner/guest/start-guest.js).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECORD } from '../../runner/guest/channel.js';
import { startGuest } from '../../runner/guest/start-guest.js';
import { CODE, hostReport } from '../../runner/result.js';
import { KEY_RING, UNPACED_OUTPUT_BYTES, noLimits } from '../../runner/limits.js';

const MODULE = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
const PLAN = /** @type {any} */ ({ kind: 'wasi', usesScreen: false, exports: {}, names: {}, imports: [] });
const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);

/** A worker that does what the test says. */
function stage(/** @type {object} */ events = {}, /** @type {object} */ request = {}) {
  /** @type {any[]} */
  const posted = [];
  /** @type {any} */
  let on;
  let terminated = 0;
  const guest = startGuest({
    spawn: () => ({
      post: (message) => void posted.push(message),
      listen: (handlers) => void (on = handlers),
      terminate: () => void terminated++,
    }),
    module: MODULE,
    shift: 0,
    plan: PLAN,
    request: /** @type {any} */ ({
      interactive: true,
      size: { columns: 80, rows: 24 },
      limits: noLimits(),
      ...request,
    }),
    events,
    shared: false,
  });
  const types = () => posted.map(({ type }) => type);
  const outcome = { values: [], results: [], status: 0, message: '', help: '', stack: [], omitted: 0 };
  return {
    guest,
    posted,
    types,
    say: (/** @type {object} */ message) => on.message(message),
    fail: (/** @type {string} */ sentence) => on.error(sentence),
    done: (/** @type {object} */ more = {}) =>
      on.message({
        type: 'done',
        outcome: { ...outcome, end: 'returned', ...more },
        files: null,
        calls: 3,
        memory: 65536,
        milliseconds: 5,
      }),
    get terminated() {
      return terminated;
    },
  };
}

test('the first message has all of the run; output is bounded where nothing can hold it up', () => {
  const { guest, posted } = stage();
  assert.equal(posted[0].type, 'start');
  assert.equal(posted[0].channel, null);
  assert.equal(posted[0].request.limits.output, UNPACED_OUTPUT_BYTES);
  guest.close();
});

test('a run without more input says so at once', () => {
  const { guest, types } = stage({}, { interactive: false });
  assert.deepEqual(types(), ['start', 'endInput']);
  guest.input(bytes('late'));
  assert.deepEqual(types(), ['start', 'endInput']);
  guest.close();
});

test('output comes in order, is acknowledged when it was taken, and all of it before the end', async () => {
  /** @type {string[]} */
  const seen = [];
  /** @type {(() => void)[]} */
  const takers = [];
  const { guest, posted, say, done } = stage({
    onStdout: (/** @type {Uint8Array} */ chunk) => {
      seen.push(new TextDecoder().decode(chunk));
      return new Promise((resolve) => takers.push(() => resolve(undefined)));
    },
    onStderr: () => void seen.push('error'),
  });
  say({ type: 'output', kind: RECORD.STDOUT, bytes: bytes('one') });
  say({ type: 'output', kind: RECORD.STDERR, bytes: bytes('!') });
  say({ type: 'output', kind: RECORD.STDOUT, bytes: bytes('two') });
  done();
  let ended = false;
  void guest.done.then(() => (ended = true));
  while (takers.length === 0) await Promise.resolve();
  assert.deepEqual(seen, ['one']);
  assert.equal(
    posted.some(({ type }) => type === 'credit'),
    false,
  );
  takers[0]();
  while (takers.length < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(seen, ['one', 'error', 'two']);
  assert.equal(ended, false);
  takers[1]();
  const result = await guest.done;
  assert.deepEqual([result.code, result.end, result.stats.outputBytes, result.stats.calls], [0, 'returned', 7, 3]);
  guest.close();
});

test('a taker that fails ends the run with its sentence', async () => {
  const { guest, say, types, done } = stage({
    onStdout: () => {
      throw new Error('the disk is full');
    },
  });
  say({ type: 'output', kind: RECORD.STDOUT, bytes: bytes('one') });
  while (!types().includes('stop')) await new Promise((resolve) => setImmediate(resolve));
  done({ end: 'stopped', message: 'stopped' });
  const result = await guest.done;
  assert.equal(result.code, 100);
  assert.match(result.message, /could not be delivered: the disk is full/);
  guest.close();
});

test('a fault from outside ends a run, not one that has ended by itself', async () => {
  const fault = hostReport(CODE.IO, 'the input could not be read', '');
  const first = stage();
  first.guest.fail(fault);
  assert.ok(first.types().includes('stop'));
  first.done();
  assert.equal((await first.guest.done).message, 'the input could not be read');
  const second = stage();
  second.done();
  second.guest.fail(fault);
  assert.equal((await second.guest.done).code, 0);
});

for (const event of ['onCalls', 'onStdout']) {
  test(`${event} may throw without leaving the run open`, async () => {
    const { guest, say, done } = stage({
      [event]: () => {
        throw new Error('no');
      },
    });
    say({ type: 'output', kind: event === 'onCalls' ? RECORD.CALL : RECORD.STDOUT, bytes: bytes('{}\n') });
    done();
    await guest.done;
    guest.close();
  });
}

test('stop asks first, and what does not answer is terminated', async () => {
  const scene = stage();
  scene.guest.stop();
  scene.guest.stop();
  assert.deepEqual(scene.types(), ['start', 'stop']);
  const result = await scene.guest.done;
  assert.deepEqual([result.message, result.end, scene.terminated], ['stopped', 'lost', 1]);
  scene.done();
  scene.guest.stop();
  assert.equal(scene.guest.key('a'), false);
});

test('the reason of a stop is the one that is told', async () => {
  const { guest, done } = stage();
  guest.stop({ message: 'time limit reached (1 s)', help: 'Raise it.' });
  done({ end: 'stopped', message: 'stopped' });
  const result = await guest.done;
  assert.deepEqual([result.message, result.help], ['time limit reached (1 s)', 'Raise it.']);
  guest.close();
});

for (const [what, act, message] of /** @type {[string, (scene: ReturnType<typeof stage>) => void, RegExp][]} */ ([
  ['a worker that dies', ({ fail }) => fail('out of memory'), /worker failed: out of memory/],
  ['a fault of our own', ({ say }) => say({ type: 'failed', message: 'oops' }), /worker failed: oops/],
  ['a run that is given up', ({ guest }) => guest.close(), /given up/],
])) {
  test(`${what} ends the run once, with a sentence`, async () => {
    const scene = stage();
    act(scene);
    scene.fail('again');
    scene.done();
    const result = await scene.guest.done;
    assert.equal(result.code, 100);
    assert.match(result.message, message);
    assert.ok(scene.terminated >= 1);
  });
}

test('questions are answered by number, and with nothing once the worker is gone', async () => {
  const { guest, posted, say, done } = stage();
  done();
  await guest.done;
  const peeked = guest.peek(0, 4);
  const globals = guest.globals({ n: 'i32' });
  const [first, second] = posted.slice(-2);
  say({ type: 'answer', id: second.id, value: [] });
  say({ type: 'answer', id: first.id, value: { bytes: new Uint8Array(4), size: 9 } });
  assert.equal((await peeked)?.size, 9);
  assert.deepEqual(await globals, []);
  const lost = guest.call({ name: 'f', arguments: [] });
  guest.close();
  assert.equal(await lost, null);
  assert.equal(await guest.peek(0, 1), null);
});

test('keys are refused when too many wait, and taken again when some were read', () => {
  const { guest, say } = stage();
  for (let i = 0; i < KEY_RING; i++) assert.equal(guest.key('a'), true);
  assert.equal(guest.key('b'), false);
  say({ type: 'keysTaken', count: 1 });
  assert.equal(guest.key('b'), true);
  assert.equal(guest.key('b'), false);
  assert.equal(guest.key('no key'), false);
  guest.close();
});

test('a program that fails by its own word is failed', async () => {
  const { guest, done } = stage();
  done({ end: 'failed', message: 'Result.Err("no")' });
  const result = await guest.done;
  assert.deepEqual([result.code, result.kind, result.message], [40, 'execute-error', 'Result.Err("no")']);
  guest.close();
});

test('offsets of a trap are those of the file, not of the capped module', async () => {
  const { guest } = stage();
  guest.close();
  const place = {
    function: 'f',
    functionIndex: 1,
    block: null,
    instruction: null,
    offset: 104,
    site: null,
    text: null,
  };
  /** @type {any} */
  let on;
  const shifted = startGuest({
    spawn: () => ({ post: () => {}, listen: (handlers) => void (on = handlers), terminate: () => {} }),
    module: MODULE,
    shift: 4,
    plan: PLAN,
    request: /** @type {any} */ ({ interactive: false, size: { columns: 80, rows: 24 }, limits: noLimits() }),
    shared: false,
  });
  const outcome = {
    end: 'trapped',
    values: [],
    results: [],
    status: 0,
    message: 'x',
    help: '',
    stack: [place],
    omitted: 0,
  };
  on.message({ type: 'done', outcome, files: null, calls: 0, memory: 0, milliseconds: 1 });
  assert.equal((await shifted.done).position?.offset, 100);
  shifted.close();
});
