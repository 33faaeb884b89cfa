// Shared memory between a run's two ends: rings that wrap, records that stay whole, input with back-pressure, keys that
// are refused when too many wait (runner/guest/ring.js, channel.js, key-numbers.js).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { GuestEnd, HostEnd, RECORD, channelBuffers } from '../../runner/guest/channel.js';
import { keyName, keyNumber } from '../../runner/guest/key-numbers.js';
import { Ring, ringBytes } from '../../runner/guest/ring.js';
import { INPUT_RING_BYTES, KEY_RING, OUTPUT_RING_BYTES } from '../../runner/limits.js';

const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
const textOf = (/** @type {Uint8Array} */ from) => new TextDecoder().decode(from);

test('a ring gives back what was written, in pieces of any length, across its end', () => {
  const ring = new Ring(new SharedArrayBuffer(ringBytes(16)));
  const given = [];
  const taken = [];
  let next = 0;
  for (let round = 0; round < 500; round++) {
    const piece = Uint8Array.from({ length: (round * 7) % 13 }, () => next++ & 0xff);
    const count = ring.write(piece);
    next -= piece.length - count;
    given.push(...piece.subarray(0, count));
    const into = new Uint8Array((round * 5) % 11);
    taken.push(...into.subarray(0, ring.read(into)));
  }
  const rest = new Uint8Array(16);
  taken.push(...rest.subarray(0, ring.read(rest)));
  assert.ok(given.length > 1000);
  assert.deepEqual(taken, given);
});

test('a full ring takes nothing, an empty one gives nothing', () => {
  const ring = new Ring(new SharedArrayBuffer(ringBytes(8)));
  assert.equal(ring.write(new Uint8Array(12)), 8);
  assert.equal(ring.write(new Uint8Array(1)), 0);
  assert.equal(ring.writable, 0);
  assert.equal(ring.read(new Uint8Array(12)), 8);
  assert.equal(ring.read(new Uint8Array(12)), 0);
  assert.equal(ring.readable, 0);
});

function ends() {
  /** @type {string[]} */
  const told = [];
  const buffers = channelBuffers();
  return { host: new HostEnd(buffers), guest: new GuestEnd(buffers, (what) => told.push(what)), told };
}

test('records come in order, those of one kind that follow each other as one', () => {
  const { host, guest, told } = ends();
  guest.send(RECORD.STDOUT, bytes('a'));
  guest.send(RECORD.STDOUT, bytes('bc'));
  guest.send(RECORD.STDERR, bytes('!'));
  guest.send(RECORD.STDOUT, bytes('d'));
  guest.send(RECORD.STDOUT, bytes(''));
  assert.deepEqual(
    host.take().map(({ kind, bytes: each }) => [kind, textOf(each)]),
    [
      [RECORD.STDOUT, 'abc'],
      [RECORD.STDERR, '!'],
      [RECORD.STDOUT, 'd'],
    ],
  );
  assert.deepEqual(host.take(), []);
  assert.deepEqual(told, ['output'], 'one message until all is taken');
  guest.send(RECORD.STDOUT, bytes('e'));
  assert.deepEqual(told, ['output', 'output']);
});

test('a part of some bytes, short or long, and kinds that change at every byte', () => {
  const { host, guest } = ends();
  const source = Uint8Array.from({ length: 40_000 }, (_, i) => i % 251);
  const expected = [];
  const taken = [];
  const take = () => {
    for (let records = host.take(); records.length > 0; records = host.take())
      for (const { kind, bytes: each } of records) for (const byte of each) taken.push([kind, byte]);
  };
  // The ring wraps a few times: a third of the pieces is copied byte by byte, the rest at once.
  for (let round = 0; round < 200; round++) {
    const kind = round % 3 === 0 ? RECORD.STDERR : RECORD.STDOUT;
    const start = (round * 37) % 1000;
    const end = start + (round % 3 === 1 ? round % 65 : 65 + ((round * 613) % 9000));
    assert.equal(guest.send(kind, source, start, end), true);
    for (let i = start; i < end; i++) expected.push([kind, i % 251]);
    if (round % 10 === 9) take();
  }
  for (let i = 0; i < 5000; i++) {
    assert.equal(guest.send(1 + (i % 3), source, i, i + 1), true);
    expected.push([1 + (i % 3), i % 251]);
  }
  take();
  assert.deepEqual(taken, expected);
});

test('a reader that rests is told when there is much, and when the program is about to wait', () => {
  const { host, guest, told } = ends();
  guest.send(RECORD.STDOUT, bytes('a'));
  assert.deepEqual(told, ['output']);
  host.take();
  assert.equal(host.rest(), true);
  guest.send(RECORD.STDOUT, new Uint8Array(OUTPUT_RING_BYTES / 2 - 1));
  assert.deepEqual(told, ['output']);
  guest.send(RECORD.STDOUT, bytes('b'));
  assert.deepEqual(told, ['output', 'output']);
  assert.equal(host.rest(), false, 'much is there already');
  while (host.take().length > 0);
  host.rest();
  guest.wakeReader();
  assert.deepEqual(told, ['output', 'output'], 'there is nothing to look at');
  guest.send(RECORD.STDOUT, bytes('c'));
  guest.wakeReader();
  assert.deepEqual(told, ['output', 'output', 'output']);
});

test('a guest that changes the kind waits for room, too', async () => {
  const buffers = channelBuffers();
  const host = new HostEnd(buffers);
  const sends = 30_000;
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     import(workerData.file).then(({ GuestEnd }) => {
       const guest = new GuestEnd(workerData.buffers, () => parentPort.postMessage('output'));
       let sent = 0;
       while (sent < ${sends} && guest.send(1 + (sent % 2), Uint8Array.of(sent % 251))) sent++;
       parentPort.postMessage({ sent });
     });`,
    { eval: true, workerData: { buffers, file: new URL('../../runner/guest/channel.js', import.meta.url).href } },
  );
  let at = 0;
  const take = () => {
    for (let records = host.take(); records.length > 0; records = host.take()) {
      for (const { kind, bytes: each } of records) {
        assert.deepEqual([kind, [...each]], [1 + (at % 2), [at % 251]]);
        at++;
      }
    }
  };
  const { sent } = await new Promise((resolve) =>
    worker.on('message', (message) => {
      take();
      if (typeof message === 'object') resolve(message);
    }),
  );
  take();
  assert.deepEqual([sent, at], [sends, sends]);
  await worker.terminate();
});

test('a record larger than the ring is sent in pieces while the other end takes them', async () => {
  const buffers = channelBuffers();
  const host = new HostEnd(buffers);
  const size = 5_000_000;
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     import(workerData.file).then(({ GuestEnd, RECORD }) => {
       const guest = new GuestEnd(workerData.buffers, (what) => parentPort.postMessage(what));
       const bytes = Uint8Array.from({ length: ${size} }, (_, i) => i % 251);
       parentPort.postMessage({ sent: guest.send(RECORD.STDOUT, bytes) });
     });`,
    { eval: true, workerData: { buffers, file: new URL('../../runner/guest/channel.js', import.meta.url).href } },
  );
  let at = 0;
  const done = new Promise((resolve) =>
    worker.on('message', (message) => {
      // Until nothing is left: only then the guest tells of more.
      for (let records = host.take(); records.length > 0; records = host.take()) {
        for (const record of records)
          for (const byte of record.bytes) if (byte !== at++ % 251) assert.fail(`byte ${at - 1}`);
      }
      if (typeof message === 'object') resolve(message.sent);
    }),
  );
  assert.equal(await done, true);
  for (const record of host.take()) at += record.bytes.length;
  assert.equal(at, size);
  await worker.terminate();
});

test('a stop ends a guest that waits for room', async () => {
  const buffers = channelBuffers();
  const host = new HostEnd(buffers);
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     import(workerData.file).then(({ GuestEnd, RECORD }) => {
       const guest = new GuestEnd(workerData.buffers, () => parentPort.postMessage('output'));
       parentPort.postMessage({ sent: guest.send(RECORD.STDOUT, new Uint8Array(3_000_000)) });
     });`,
    { eval: true, workerData: { buffers, file: new URL('../../runner/guest/channel.js', import.meta.url).href } },
  );
  const sent = await new Promise((resolve) =>
    worker.on('message', (message) => (message === 'output' ? host.stop() : resolve(message.sent))),
  );
  assert.equal(sent, false);
  await worker.terminate();
});

test('input waits in the ring; what does not fit is told of when there is room', () => {
  const { host, guest, told } = ends();
  assert.equal(host.pushInput(new Uint8Array(INPUT_RING_BYTES + 10)), INPUT_RING_BYTES);
  assert.equal(guest.wait(0), true, 'input is something that happened');
  assert.equal(guest.wait(0), false);
  guest.input.read(new Uint8Array(100));
  guest.inputTaken();
  assert.deepEqual(told, ['room']);
  assert.equal(host.pushInput(new Uint8Array(10)), 10);
  assert.equal(guest.inputEnded, false);
  host.endInput();
  assert.equal(guest.inputEnded, true);
});

test('keys are never lost: past the limit the newest is refused', () => {
  const { host, guest } = ends();
  for (let i = 0; i < KEY_RING; i++) assert.equal(host.pushKey(i), true);
  assert.equal(host.pushKey(1), false);
  for (let i = 0; i < KEY_RING; i++) assert.equal(guest.nextKey(), i);
  assert.equal(guest.nextKey(), -1);
});

for (const name of ['up', 'down', 'left', 'right', 'esc', 'enter', 'a', 'A', ' ', '🦊', 'é']) {
  test(`key ${JSON.stringify(name)} survives as a number`, () => assert.equal(keyName(keyNumber(name)), name));
}
for (const name of ['', 'tab', 'ab', 'Up']) {
  test(`${JSON.stringify(name)} is no key`, () => assert.equal(keyNumber(name), -1));
}
