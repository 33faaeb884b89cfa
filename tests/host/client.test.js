// The client against a worker that is played by the test: what it does when the other end hangs, dies or floods.
// The real worker's behaviour is in worker.test.js.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { createClient } from '../../runner/client.js';
import * as protocol from '../../runner/protocol.js';
import { hostReport, resultOf } from '../../runner/result.js';
import { takesLess } from '../lib/timing.mjs';

const FILE = Uint8Array.of(1, 2, 3);
const PROGRESS = { steps: 5, outputBytes: 6, memory: 7, seconds: 8 };
const OK = resultOf({ ...hostReport(0, 'ok'), exitValue: '7' });
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A stage: every worker that the client spawns, with what was posted to it. */
function stage(/** @type {object} */ options = {}) {
  /** @type {any[]} */
  const workers = [];
  /** @type {string[]} */
  const crashes = [];
  const client = createClient({
    spawn() {
      const worker = {
        /** @type {any[]} */ posted: [],
        /** @type {any} */ on: null,
        ended: false,
        post: (/** @type {any} */ message) => void worker.posted.push(message),
        listen: (/** @type {any} */ on) => void (worker.on = on),
        terminate: () => void (worker.ended = true),
        say: (/** @type {any} */ message) => worker.on.message(message),
        last: (/** @type {string} */ type) => worker.posted.findLast((/** @type {any} */ each) => each.type === type),
      };
      workers.push(worker);
      return worker;
    },
    onCrash: (sentence) => void crashes.push(sentence),
    ...options,
  });
  return { client, workers, crashes };
}

const MODULE = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));

test('the first message says where the backend is, and later workers get the compiled module', async () => {
  const { client, workers } = stage({ backend: 'somewhere.wasm', tools: 'tools.wasm' });
  assert.deepEqual(workers[0].posted, [protocol.init('somewhere.wasm', 'tools.wasm', null)]);
  workers[0].say(protocol.ready(MODULE));
  await client.ready;
  workers[0].on.error('gone');
  assert.equal(workers[1].posted[0].backend, MODULE);
  client.close();
});

test('a worker that never gets ready rejects `ready` and is not replaced before the next request', async () => {
  const { client, workers, crashes } = stage();
  workers[0].say(protocol.failed(0, 'no backend'));
  await assert.rejects(client.ready, /no backend/);
  assert.deepEqual(crashes, ['no backend']);
  assert.equal(workers.length, 1);
  const opened = client.open(FILE);
  assert.equal(workers.length, 2);
  workers[1].say(protocol.opened(workers[1].last('open').run, { ok: true }));
  assert.equal((await opened).ok, true);
  client.close();
});

test('bytes travel once while the file stays the same', async () => {
  const { client, workers } = stage();
  void client.open(FILE);
  void client.run({ bytes: FILE });
  void client.run({ bytes: FILE.slice() });
  void client.run({ bytes: FILE });
  const sent = workers[0].posted
    .filter((/** @type {any} */ each) => 'file' in each)
    .map((/** @type {any} */ each) => each.file);
  assert.deepEqual(
    sent.map((/** @type {any} */ file) => file.bytes !== null),
    [true, false, true, true],
  );
  assert.equal(sent[0].id, sent[1].id);
  assert.notEqual(sent[2].id, sent[3].id);
  client.close();
});

/** Of several slices. */
const LARGE = new Uint8Array(40 << 20).fill(7);

test('a large file is copied in slices, and what is asked for meanwhile comes after it', async () => {
  const { client, workers } = stage();
  const [{ posted }] = workers;
  const run = client.run({ bytes: LARGE });
  run.pause();
  void client.open(FILE);
  const types = () => posted.map((/** @type {any} */ each) => each.type).join(' ');
  assert.equal(types(), 'init');
  let turns = 0;
  for (; posted.length < 4 && turns < 1000; turns++) await new Promise((resolve) => setTimeout(resolve));
  assert.equal(types(), 'init run pause open');
  assert.ok(turns >= 3, `${turns} turns of others`);
  assert.deepEqual(posted[1].file.bytes, LARGE);
  assert.notEqual(posted[1].file.bytes.buffer, LARGE.buffer, 'a copy is given away');
  client.close();
});

test('a worker that goes while a large file is copied gets none of it, the next one all', async () => {
  const { client, workers } = stage();
  const opened = client.open(LARGE);
  workers[0].say(protocol.ready(MODULE));
  workers[0].on.error('gone');
  assert.equal((await opened).ok, false);
  const again = client.open(LARGE);
  for (let turns = 0; workers[1].posted.length < 2 && turns < 1000; turns++)
    await new Promise((resolve) => setTimeout(resolve));
  assert.equal(workers[0].posted.length, 1);
  assert.equal(workers[1].last('open').file.bytes.length, LARGE.length);
  workers[1].say(protocol.opened(workers[1].last('open').run, { ok: true }));
  assert.equal((await again).ok, true);
  client.close();
});

test('output comes in order, and is credited when the consumer has taken it', async () => {
  const { client, workers } = stage();
  /** @type {(() => void)[]} */
  const release = [];
  /** @type {number[]} */
  const got = [];
  const run = client.run(
    { bytes: FILE },
    {
      onStdout(bytes) {
        got.push(bytes[0]);
        return new Promise((resolve) => void release.push(resolve));
      },
    },
  );
  const [worker] = workers;
  for (const byte of [1, 2, 3]) worker.say(protocol.output(run.id, Uint8Array.of(byte, byte)));
  await turn();
  assert.deepEqual(got, [1, 2, 3]);
  assert.equal(worker.last('credit'), undefined);
  release[0]();
  await turn();
  assert.deepEqual(worker.last('credit'), protocol.credit(run.id, 2));
  worker.say(protocol.done(run.id, OK));
  assert.equal((await run.done).exitValue, '7');
  client.close();
});

test('a consumer that fails ends the run with a sentence', async () => {
  const { client, workers } = stage();
  const run = client.run({ bytes: FILE }, { onStdout: () => Promise.reject(new Error('disk full')) });
  workers[0].say(protocol.output(run.id, FILE));
  const result = await run.done;
  assert.equal(result.code, 100);
  assert.match(result.message, /disk full/);
  assert.equal(workers[0].last('stop').run, run.id);
  client.close();
});

test('messages of another run, and late ones, reach nobody', async () => {
  const { client, workers } = stage();
  let calls = 0;
  const run = client.run({ bytes: FILE }, { onStdout: () => void calls++, onProgress: () => void calls++ });
  workers[0].say(protocol.output(run.id + 1, FILE));
  workers[0].say(protocol.done(run.id, OK));
  workers[0].say(protocol.output(run.id, FILE));
  await run.done;
  assert.equal(calls, 0);
  client.close();
});

test('stop asks first; a worker that answers is kept', async () => {
  const { client, workers } = stage();
  /** @type {string[]} */
  const states = [];
  const run = client.run({ bytes: FILE }, { onState: (state) => void states.push(state) });
  workers[0].say(protocol.state(run.id, 'running'));
  run.stop();
  run.stop();
  workers[0].say(protocol.done(run.id, resultOf(hostReport(40, 'stopped'))));
  assert.equal((await run.done).message, 'stopped');
  assert.deepEqual(states, ['running', 'stopping', 'ended']);
  assert.equal(workers.length, 1);
  client.close();
});

test('stop replaces a worker that does not answer within 100 ms', async () => {
  await takesLess(100, async () => {
    const { client, workers } = stage();
    workers[0].say(protocol.ready(MODULE));
    const run = client.run({ bytes: FILE });
    const before = performance.now();
    run.stop();
    assert.equal((await run.done).message, 'stopped');
    client.close();
    return performance.now() - before;
  });
});

test('what a worker that is replaced was doing fails; an open goes on in the new one', async () => {
  const { client, workers } = stage();
  workers[0].say(protocol.ready(MODULE));
  const run = client.run({ bytes: FILE });
  const other = client.run({ bytes: FILE });
  const opened = client.open(FILE);
  workers[0].say(protocol.progress(run.id, PROGRESS));
  workers[0].say(protocol.progress(other.id, PROGRESS));
  run.stop();
  const result = await run.done;
  assert.equal(result.code, 40);
  assert.equal(result.message, 'stopped');
  assert.equal(result.stats.steps, 5);
  assert.match((await other.done).help, /force/);
  assert.ok(workers[0].ended);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const again = workers[1].last('open');
  assert.deepEqual(again.file.bytes, FILE, 'the new worker holds no file yet');
  workers[1].say(protocol.opened(again.run, { ok: true }));
  assert.equal((await opened).ok, true);
  client.close();
});

test('a run that takes the place of one that does not stop goes on in the new worker', async () => {
  const { client, workers } = stage();
  workers[0].say(protocol.ready(MODULE));
  const old = client.run({ bytes: FILE });
  workers[0].say(protocol.output(old.id, FILE));
  old.stop();
  const next = client.run({ bytes: FILE, entry: 'other' });
  workers[0].say(protocol.state(next.id, 'loading'));
  workers[0].say(protocol.state(next.id, 'running'));
  workers[0].say(protocol.progress(next.id, { ...PROGRESS, seconds: 0.01 }));
  next.pause();
  const given = client.run({ bytes: FILE });
  assert.equal((await old.done).message, 'stopped');
  given.stop();
  while (!workers[1].last('pause')) await turn();
  const again = workers[1].last('run');
  assert.deepEqual([again.run, again.entry, again.file.bytes], [next.id, 'other', FILE]);
  assert.equal(workers[1].last('pause').run, next.id);
  const posted = workers[1].posted.filter((/** @type {any} */ each) => each.type === 'run');
  assert.equal(posted.length, 1, 'one that is stopped before it could begin is not begun');
  assert.equal(workers[1].last('stop'), undefined, 'nor stopped by force');
  workers[1].say(protocol.done(next.id, OK));
  assert.equal((await next.done).exitValue, '7');
  assert.equal((await given.done).message, 'stopped');
  client.close();
});

test('a crash fails what is under way, and a fresh worker serves what comes', async () => {
  const { client, workers, crashes } = stage();
  workers[0].say(protocol.ready(MODULE));
  const run = client.run({ bytes: FILE });
  const text = client.disassemble(FILE, 0);
  workers[0].on.error('out of memory');
  assert.equal((await run.done).code, 100);
  await assert.rejects(text, /out of memory/);
  assert.deepEqual(crashes, ['out of memory']);
  workers[0].say(protocol.done(run.id, OK));
  const next = client.run({ bytes: FILE });
  workers[1].say(protocol.done(next.id, OK));
  assert.equal((await next.done).code, 0);
  client.close();
});

test('pause and resume name their run, and mean nothing after its end', async () => {
  const { client, workers } = stage();
  const run = client.run({ bytes: FILE });
  run.pause();
  run.resume();
  assert.deepEqual(workers[0].posted.slice(-2), [protocol.pause(run.id), protocol.resume(run.id)]);
  workers[0].say(protocol.done(run.id, OK));
  const count = workers[0].posted.length;
  run.pause();
  run.stop();
  assert.equal(workers[0].posted.length, count);
  client.close();
});

test('close ends everything, and requests are bounded', async () => {
  const { client, workers } = stage();
  const runs = Array.from({ length: 32 }, () => client.run({ bytes: FILE }));
  assert.throws(() => client.run({ bytes: FILE }), /more than 32 requests/);
  client.close();
  for (const run of runs) assert.equal((await run.done).message, 'stopped');
  assert.ok(workers[0].ended);
  assert.throws(() => client.run({ bytes: FILE }), /closed/);
});

const QUESTION = /** @type {const} */ ({ what: 'passes', entry: 'main', level: 'O1', validate: true });

test('a question that is given up frees its worker, and others go to the next one', async () => {
  const { client, workers } = stage();
  workers[0].say(protocol.ready(MODULE));
  const giveUp = new AbortController();
  const asked = client.ask(FILE, QUESTION, giveUp.signal);
  const opened = client.open(FILE);
  const { run } = workers[0].last('ask');
  giveUp.abort();
  await assert.rejects(asked, /^Error: stopped$/);
  assert.deepEqual([workers[0].ended, workers.length], [true, 2]);
  while (!workers[1].last('open')) await turn();
  workers[1].say(protocol.answered(run, /** @type {any} */ ({ late: true })));
  workers[1].say(protocol.opened(workers[1].last('open').run, { ok: true }));
  assert.equal((await opened).ok, true);
  assert.equal(workers[1].last('ask'), undefined);
  client.close();
});

test('a question that is over, answered or lost, is no more known to its signal', async () => {
  const { client, workers } = stage();
  const { signal } = new AbortController();
  const answered = client.ask(FILE, QUESTION, signal);
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  workers[0].say(protocol.answered(workers[0].last('ask').run, /** @type {any} */ ({ passes: [] })));
  await answered;
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  const lost = client.ask(FILE, QUESTION, signal);
  client.close();
  await assert.rejects(lost, /stopped/);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('no run is lost for a question that is given up', async () => {
  const { client, workers } = stage();
  const giveUp = new AbortController();
  const run = client.run({ bytes: FILE });
  const asked = client.ask(FILE, QUESTION, giveUp.signal);
  workers[0].say(protocol.progress(run.id, PROGRESS));
  giveUp.abort();
  await assert.rejects(asked, /stopped/);
  assert.equal(workers.length, 1);
  workers[0].say(protocol.done(run.id, OK));
  assert.equal((await run.done).exitValue, '7');
  const answered = client.ask(FILE, QUESTION, new AbortController().signal);
  workers[0].say(protocol.answered(workers[0].last('ask').run, /** @type {any} */ ({ passes: [] })));
  assert.deepEqual(await answered, { passes: [] });
  client.close();
});
