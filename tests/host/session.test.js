// One run in slices, against a backend that is played by the test: budgets, pauses, limits, slow and broken consumers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SLICE, STAT } from '../../runner/backend/abi.js';
import { noLimits } from '../../runner/limits.js';
import { hostReport } from '../../runner/result.js';
import { Session } from '../../runner/session.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/**
 * A program that runs `slices` times and prints `output` each time. A slice takes no time, as in a world where clocks
 * stand still.
 */
class FakeBackend {
  /** @type {number[]} */ budgets = [];
  stopped = false;
  waiting = 0;
  steps = 0;
  constructor(
    /** @type {{ slices?: number, output?: number, busy?: number, code?: number, state?: number }} */ options = {},
  ) {
    this.options = { slices: 3, output: 0, busy: 0, code: 0, state: SLICE.BUDGET, ...options };
  }
  start() {
    return this.options.code;
  }
  resume(/** @type {number} */ budget) {
    this.budgets.push(budget);
    this.steps += budget;
    const end = performance.now() + this.options.busy;
    while (performance.now() < end);
    if (this.stopped) return SLICE.TRAPPED;
    this.waiting += this.options.output;
    return this.budgets.length < this.options.slices ? this.options.state : SLICE.DONE;
  }
  stop() {
    this.stopped = true;
  }
  get outputLength() {
    return this.waiting;
  }
  takeOutput() {
    const bytes = new Uint8Array(this.waiting);
    this.waiting = 0;
    return bytes;
  }
  stat(/** @type {number} */ which) {
    return which === STAT.STEPS ? this.steps : 0;
  }
  report() {
    if (this.options.code) return hostReport(this.options.code, 'entry function not found');
    return this.stopped ? hostReport(40, 'stopped') : hostReport(0, 'ok');
  }
}

function sessionOf(/** @type {any} */ backend, /** @type {object} */ host = {}, limits = {}) {
  const request = { entry: 'main', limits: { ...noLimits(), ...limits }, trace: null };
  return new Session(backend, request, { write: () => {}, ...host });
}

test('a run ends when the backend says so', async () => {
  const result = await sessionOf(new FakeBackend()).run();
  assert.equal(result.code, 0);
  assert.equal(result.exitCode, 0);
  assert.ok(result.stats.steps > 0);
});

test('a start that is refused is the result, and nothing runs', async () => {
  const backend = new FakeBackend({ code: 40 });
  const result = await sessionOf(backend).run();
  assert.equal(result.message, 'entry function not found');
  assert.equal(backend.budgets.length, 0);
});

test('budgets at most double, and stop growing where the clock cannot tell', async () => {
  const backend = new FakeBackend({ slices: 5000 });
  await sessionOf(backend).run();
  backend.budgets.reduce((before, now) => {
    assert.ok(now <= before * 2 && now <= 4_000_000);
    return now;
  });
});

test('budgets shrink until a slice takes a few milliseconds', async () => {
  const backend = new FakeBackend({ slices: 4, busy: 40 });
  await sessionOf(backend).run();
  assert.ok(backend.budgets[1] < backend.budgets[0] / 5, String(backend.budgets));
});

test('a slow consumer holds the program up', async () => {
  const backend = new FakeBackend({ slices: 100, output: 70_000 });
  /** @type {(() => void)[]} */
  const release = [];
  const session = sessionOf(backend, { write: () => new Promise((resolve) => void release.push(resolve)) });
  const done = session.run();
  for (let i = 0; i < 20; i++) await turn();
  assert.equal(backend.budgets.length, 1);
  release[0]();
  for (let i = 0; i < 20; i++) await turn();
  assert.equal(backend.budgets.length, 2);
  session.stop();
  assert.equal((await done).message, 'stopped');
});

for (const [name, write] of /** @type {[string, () => any][]} */ ([
  ['rejects', () => Promise.reject(new Error('no space'))],
  [
    'throws',
    () => {
      throw new Error('no space');
    },
  ],
])) {
  test(`a consumer that ${name} ends the run with a sentence`, async () => {
    const result = await sessionOf(new FakeBackend({ output: 1 }), { write }).run();
    assert.equal(result.code, 100);
    assert.match(result.message, /no space/);
  });
}

test('pause holds, resume goes on, stop ends a pause', async () => {
  const backend = new FakeBackend({ slices: 1e9 });
  /** @type {string[]} */
  const states = [];
  const session = sessionOf(backend, { state: (/** @type {string} */ state) => void states.push(state) });
  const done = session.run();
  await turn();
  session.pause();
  while (!states.includes('paused')) await turn();
  const count = backend.budgets.length;
  for (let i = 0; i < 20; i++) await turn();
  assert.equal(backend.budgets.length, count);
  session.resume();
  while (backend.budgets.length === count) await turn();
  session.pause();
  while (states.length < 4) await turn();
  session.stop();
  await done;
  assert.deepEqual(states, ['running', 'paused', 'running', 'paused']);
});

test('the time limit ends a run, and says so', async () => {
  const result = await sessionOf(new FakeBackend({ slices: 1e9 }), {}, { seconds: 0.05 }).run();
  assert.equal(result.code, 40);
  assert.equal(result.message, 'time limit reached (0.05 s)');
  assert.ok(result.stats.milliseconds >= 50);
});

test('the time limit ends a run whose consumer never answers', async () => {
  const write = () => new Promise(() => {});
  const result = await sessionOf(new FakeBackend({ output: 1, slices: 1e9 }), { write }, { seconds: 0.05 }).run();
  assert.match(result.message, /time limit/);
});

test('a paused run does not use up its time', async () => {
  const session = sessionOf(new FakeBackend({ slices: 1 }), {}, { seconds: 0.2 });
  session.pause();
  setTimeout(() => session.resume(), 300);
  assert.equal((await session.run()).code, 0);
});

test('stopping a run that is over changes nothing', async () => {
  const session = sessionOf(new FakeBackend({ slices: 1, output: 1 }), { write: async () => session.stop() });
  assert.equal((await session.run()).message, 'ok');
});

test('a consumer that stops the run and then never answers does not hang it', async () => {
  const session = sessionOf(new FakeBackend({ output: 1, slices: 1e9 }), {
    write() {
      session.stop();
      return new Promise(() => {});
    },
  });
  assert.equal((await session.run()).message, 'stopped');
});

test('a program that wants input gets none, and hears why', async () => {
  const result = await sessionOf(new FakeBackend({ state: SLICE.INPUT })).run();
  assert.match(result.message, /waits for input/);
});

test('progress is told at most ten times a second', async () => {
  /** @type {number[]} */
  const told = [];
  const progress = () => void (told.push(performance.now()) === 4 && session.stop());
  const session = sessionOf(new FakeBackend({ slices: 1e9 }), { progress });
  // From here, as this may hear of the first late.
  const began = performance.now();
  assert.equal((await session.run()).message, 'stopped');
  assert.ok(told[3] - began > 290, `${began}: ${told.join(' ')}`);
});
