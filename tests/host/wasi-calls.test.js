// WASI's calls beyond files: strings, clocks, randomness, ends, sockets, standard streams in all modes, and waiting.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GuestExit, GuestTrap } from '../../runner/guest/ends.js';
import { ERRNO_BY_NAME, describeErrno } from '../../runner/abi/wasi/errno.js';
import { wasiPreview1, wasiUnstable } from '../../runner/abi/wasi/index.js';
import { useHostFolders } from '../../runner/node/host-files.js';
import { ALL, BUFFER, CREAT, RESULT, VECTORS, startWasi } from './wasi-harness.js';

const bytesOf = (/** @type {string} */ text) => new TextEncoder().encode(text);

test('both tables have their functions, and every function is served', () => {
  assert.equal(Object.keys(wasiPreview1.table).length, 46);
  assert.equal(Object.keys(wasiUnstable.table).length, 45);
  for (const unstable of [false, true]) {
    const { w } = startWasi({}, { unstable });
    const { table } = unstable ? wasiUnstable : wasiPreview1;
    for (const [name, row] of Object.entries(table)) {
      assert.equal(typeof w[name], 'function', name);
      const [parameters] = row.type.split('->');
      const numbers = parameters.trim() === '' ? 0 : parameters.trim().split(' ').length;
      const named = row.parameters.split(' ').filter((each) => each !== '');
      const twice = named.filter((each) => /:(text|bytes|iovecs|filled)$/.test(each)).length;
      assert.equal(named.length + twice, numbers, `${name}: ${row.parameters} for ${row.type}`);
    }
  }
});

test('error numbers have names and sentences', () => {
  assert.equal(ERRNO_BY_NAME.ENOTCAPABLE, 76);
  assert.equal(ERRNO_BY_NAME.ENOENT, 44);
  assert.deepEqual(describeErrno(8), { name: 'EBADF', sentence: 'no such open descriptor, or not one for this' });
  assert.equal(describeErrno(77), null);
});

test('arguments and environment', () => {
  const { w, u32, bytes, warnings } = startWasi({
    programName: 'me',
    args: ['ä', '', 'a\0b'],
    env: { A: '1=2', 'B=': 'x', '': 'y', C: 'z\0' },
  });
  const strings = (/** @type {string} */ name) => {
    assert.equal(w[`${name}_sizes_get`](RESULT, RESULT + 4), 0);
    const [count, size] = [u32(RESULT), u32(RESULT + 4)];
    assert.equal(w[`${name}_get`](BUFFER, BUFFER + 100), 0);
    const all = Buffer.from(bytes.subarray(BUFFER + 100, BUFFER + 100 + size)).toString();
    for (let i = 0; i < count; i++) assert.ok(u32(BUFFER + i * 4) >= BUFFER + 100);
    return all;
  };
  assert.equal(strings('args'), 'me\0ä\0\0a\0');
  assert.equal(strings('environ'), 'A=1=2\0');
  assert.equal(warnings.length, 4);
});

test('clocks give nanoseconds, and CPU time is the time of the run', () => {
  const { w, u64, advance } = startWasi();
  const time = (/** @type {number} */ id) => (assert.equal(w.clock_time_get(id, 0n, RESULT), 0), u64());
  advance(1234.567891);
  assert.equal(time(1), 1_234_567_891n);
  assert.equal(time(2), 1_234_567_891n);
  assert.equal(time(0), 1_700_000_001_234_567_891n);
  assert.equal(w.clock_time_get(4, 0n, RESULT), 28);
  assert.equal(w.clock_time_get(-1, 0n, RESULT), 28);
  assert.equal(w.clock_res_get(1, RESULT), 0);
  assert.ok(u64() > 0n);
  assert.equal(w.clock_res_get(9, RESULT), 28);
});

test('times of every size are exact to the nanosecond', () => {
  const { w, u64, io } = startWasi();
  const { origin } = io.clock;
  const untilCarry = 2 ** 32 - Number(origin % 2n ** 32n);
  for (const time of [0, 1, 999_999, untilCarry - 1, untilCarry, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1]) {
    io.clock.nanoseconds = () => time;
    w.clock_time_get(1, 0n, RESULT);
    assert.equal(u64(), BigInt(time));
    w.clock_time_get(0, 0n, RESULT);
    assert.equal(u64(), origin + BigInt(time));
  }
});

test('random bytes come from the run', () => {
  const { w, bytes } = startWasi();
  assert.equal(w.random_get(BUFFER, 3), 0);
  assert.deepEqual([...bytes.subarray(BUFFER - 1, BUFFER + 4)], [0, 7, 7, 7, 0]);
  assert.equal(w.random_get(70_000, 0), 21);
  assert.equal(w.random_get(65_530, 7), 21);
});

test('the ends of a program', () => {
  const { w } = startWasi();
  assert.throws(
    () => w.proc_exit(-1),
    (error) => error instanceof GuestExit && error.status === 0xffff_ffff,
  );
  assert.throws(
    () => w.proc_raise(15),
    (error) => error instanceof GuestTrap && /raised SIGTERM/.test(error.message),
  );
  for (const ignored of [0, 13, 16, 17, 22, 27]) assert.equal(w.proc_raise(ignored), 0);
  for (const stopping of [18, 19, 20, 21]) assert.equal(w.proc_raise(stopping), 58);
  assert.equal(w.proc_raise(31), 28);
  assert.equal(w.proc_raise(-1), 28);
});

test('there are no sockets', () => {
  const { w } = startWasi();
  for (const call of ['sock_accept', 'sock_recv', 'sock_send', 'sock_shutdown']) {
    assert.equal(w[call](1, 0, 0, 0, 0, 0), 57, call);
    assert.equal(w[call](3, 0, 0, 0, 0, 0), 8, call);
    assert.equal(w[call](99, 0, 0, 0, 0, 0), 8, call);
  }
});

test('standard output is gathered from its buffers', () => {
  const p = startWasi();
  assert.equal(p.write(1, 'out'), 3);
  p.put('a-b', BUFFER);
  p.vector(BUFFER, 1, 0);
  p.vector(BUFFER + 2, 1, 1);
  assert.equal(p.w.fd_write(2, VECTORS, 2, RESULT), 0);
  assert.equal(p.u32(), 2);
  assert.deepEqual(
    p.written.map(({ stream, bytes }) => [stream, Buffer.from(bytes).toString()]),
    [
      [1, 'out'],
      [2, 'ab'],
    ],
  );
  assert.equal(p.seek(1, 0n), 'ESPIPE');
  assert.equal(p.read(1), 'EBADF');
  assert.equal(p.write(0, 'x'), 'EBADF');
});

test('what is large is written buffer by buffer', () => {
  const p = startWasi();
  p.guest.raw.grow(2);
  const view = new DataView(p.guest.raw.buffer);
  for (const index of [0, 1]) {
    view.setUint32(VECTORS + index * 8, 65536, true);
    view.setUint32(VECTORS + index * 8 + 4, 40_000, true);
  }
  assert.equal(p.w.fd_write(1, VECTORS, 2, RESULT), 0);
  assert.equal(view.getUint32(RESULT, true), 80_000);
  assert.deepEqual(
    p.written.map(({ bytes }) => bytes.length),
    [40_000, 40_000],
  );
});

test('standard input, prepared: what is there, then its end', () => {
  const p = startWasi({ stdin: bytesOf('abcdef') });
  p.vector(BUFFER, 2, 0);
  p.vector(BUFFER + 2, 3, 1);
  assert.equal(p.w.fd_read(0, VECTORS, 2, RESULT), 0);
  assert.equal(p.u32(), 5);
  assert.equal(p.read(0), 'f');
  assert.equal(p.read(0), '');
  assert.deepEqual(p.slept, []);
});

test('standard input, blocking: waits, says so, and ends', () => {
  const p = startWasi({}, { mode: 'shared', later: ['hi\n', null] });
  assert.equal(p.read(0), 'hi\n');
  assert.deepEqual(p.waitings, ['input', null]);
  assert.equal(p.read(0), '');
  assert.equal(p.read(0), '');
  assert.deepEqual(p.slept, [Infinity, Infinity]);
});

test('standard input that does not wait', () => {
  const p = startWasi({}, { mode: 'shared', later: ['x'] });
  assert.equal(p.w.fd_fdstat_set_flags(0, 4), 0);
  assert.equal(p.read(0), 'EAGAIN');
  assert.equal(p.turns(), 1);
  assert.deepEqual(p.slept, []);
});

test('suspended: a promise where it waits, a number where it does not', async () => {
  const p = startWasi({ stdin: bytesOf('now') }, { mode: 'suspend', later: ['later', null] });
  assert.equal(p.read(0), 'now');
  assert.equal(typeof p.open('f', { oflags: CREAT }), 'number');
  p.vector(BUFFER, 100);
  const reading = p.w.fd_read(0, VECTORS, 1, RESULT);
  assert.ok(reading instanceof Promise);
  p.guest.raw.grow(1);
  assert.equal(await reading, 0);
  const memory = new Uint8Array(p.guest.raw.buffer);
  assert.equal(Buffer.from(memory.subarray(BUFFER, BUFFER + 5)).toString(), 'later');
  const writing = p.w.fd_write(1, VECTORS, 1, RESULT);
  assert.ok(writing instanceof Promise);
  assert.equal(await writing, 0);
});

test('streams look like a terminal when somebody sits there', () => {
  for (const isTerminal of [false, true]) {
    const p = startWasi({ terminal: { input: isTerminal, output: isTerminal } });
    for (const fd of [0, 1, 2]) {
      assert.equal(p.w.fd_fdstat_get(fd, RESULT), 0);
      assert.equal(p.view.getUint8(RESULT), isTerminal ? 2 : 0);
      assert.equal(p.u64(RESULT + 8) & 0x24n, 0n, 'no seek, no tell');
      assert.equal(p.w.fd_filestat_get(fd, RESULT), 0);
    }
  }
});

/** Writes a subscription. @param {ReturnType<typeof startWasi>} p @param {number} index @param {{ fd?: number, write?: boolean, clock?: number, time?: bigint, absolute?: boolean }} what */
function subscribe(p, index, { fd, write = false, clock = 1, time = 0n, absolute = false }, unstable = false) {
  const at = BUFFER + index * (unstable ? 56 : 48);
  p.bytes.fill(0, at, at + 56);
  p.view.setBigUint64(at, BigInt(index) + 100n, true);
  if (fd !== undefined) {
    p.view.setUint8(at + 8, write ? 2 : 1);
    p.view.setInt32(at + 16, fd, true);
    return;
  }
  const id = at + (unstable ? 24 : 16);
  p.view.setUint32(id, clock, true);
  p.view.setBigUint64(id + 8, time, true);
  p.view.setUint16(id + 24, absolute ? 1 : 0, true);
}

/** The events of a poll. @param {ReturnType<typeof startWasi>} p @param {number} count */
function poll(p, count) {
  const status = p.w.poll_oneoff(BUFFER, BUFFER + 4096, count, RESULT);
  const events = () =>
    Array.from({ length: p.u32() }, (_, index) => {
      const at = BUFFER + 4096 + index * 32;
      const { view } = p;
      const flags = view.getUint16(at + 24, true);
      return [
        Number(view.getBigUint64(at, true)),
        describeErrno(view.getUint16(at + 8, true))?.name,
        view.getUint8(at + 10),
        Number(view.getBigUint64(at + 16, true)),
        flags,
      ];
    });
  if (typeof status !== 'number')
    return status.then((/** @type {number} */ later) => (assert.equal(later, 0), events()));
  return status === 0 ? events() : (describeErrno(status)?.name ?? status);
}

test('poll: what is ready comes at once, in order', () => {
  const p = startWasi({ stdin: bytesOf('abc') });
  const file = Number(p.open('f', { oflags: CREAT, rights: ALL }));
  p.write(file, 'hello');
  p.seek(file, 1n);
  subscribe(p, 0, { time: 10n ** 12n });
  subscribe(p, 1, { fd: 0 });
  subscribe(p, 2, { fd: 1, write: true });
  subscribe(p, 3, { fd: file });
  subscribe(p, 4, { fd: 77 });
  subscribe(p, 5, { fd: 3 });
  subscribe(p, 6, { clock: 9 });
  assert.deepEqual(poll(p, 7), [
    [101, 'SUCCESS', 1, 3, 0],
    [102, 'SUCCESS', 2, 65536, 0],
    [103, 'SUCCESS', 1, 4, 0],
    [104, 'EBADF', 1, 0, 0],
    [105, 'EBADF', 1, 0, 0],
    [106, 'EINVAL', 0, 0, 0],
  ]);
  assert.deepEqual(p.slept, []);
});

test('poll: sleeps until the first deadline', () => {
  const p = startWasi();
  subscribe(p, 0, { time: 50_000_000n });
  subscribe(p, 1, { time: 20_000_000n });
  assert.deepEqual(poll(p, 2), [[101, 'SUCCESS', 0, 0, 0]]);
  assert.deepEqual(p.slept, [20]);
  assert.deepEqual(p.waitings, ['sleep', null]);
  subscribe(p, 0, { time: 30_000_000n, absolute: true });
  assert.deepEqual(poll(p, 1), [[100, 'SUCCESS', 0, 0, 0]]);
  subscribe(p, 0, { clock: 0, time: 1_700_000_000_040_000_000n, absolute: true });
  assert.deepEqual(poll(p, 1), [[100, 'SUCCESS', 0, 0, 0]]);
  assert.deepEqual(p.slept, [20, 30, 40]);
  subscribe(p, 0, { time: 5n, absolute: true });
  assert.deepEqual(poll(p, 1), [[100, 'SUCCESS', 0, 0, 0]], 'long past');
  assert.equal(p.slept.length, 3);
});

test('poll: input wakes it, the end of input hangs up', () => {
  const p = startWasi({}, { mode: 'shared', later: ['key', null] });
  subscribe(p, 0, { time: 10n ** 9n });
  subscribe(p, 1, { fd: 0 });
  assert.deepEqual(poll(p, 2), [[101, 'SUCCESS', 1, 3, 0]]);
  assert.deepEqual(p.waitings, ['input', null]);
  p.read(0);
  assert.deepEqual(poll(p, 2), [[101, 'SUCCESS', 1, 0, 1]]);
});

test('poll: suspended, and with a timeout that runs out', async () => {
  const p = startWasi({}, { mode: 'suspend', later: ['x'] });
  subscribe(p, 0, { time: 10n ** 9n });
  subscribe(p, 1, { fd: 0 });
  const events = poll(p, 2);
  assert.ok(events instanceof Promise);
  assert.deepEqual(await events, [[101, 'SUCCESS', 1, 1, 0]]);
  p.read(0);
  subscribe(p, 0, { time: 10n ** 9n });
  subscribe(p, 1, { fd: 0 });
  assert.deepEqual(await poll(p, 2), [[100, 'SUCCESS', 0, 0, 0]]);
});

test('poll: refused', () => {
  const p = startWasi();
  assert.equal(poll(p, 0), 'EINVAL');
  p.view.setUint8(BUFFER + 8, 3);
  assert.equal(poll(p, 1), 'EINVAL');
  assert.equal(poll(p, 5000), 'EFAULT');
  assert.equal(poll(p, 0xffff_ffff), 'EINVAL');
});

test('wasi_unstable has its own layouts', () => {
  const p = startWasi({ files: [{ path: 'f', kind: 'file', bytes: bytesOf('abcdef') }] }, { unstable: true });
  const fd = Number(p.open('f'));
  p.bytes.fill(0xee, RESULT, RESULT + 64);
  assert.equal(p.w.fd_filestat_get(fd, RESULT), 0);
  assert.equal(p.u32(RESULT + 20), 1, 'links');
  assert.equal(p.u64(RESULT + 24), 6n, 'size');
  assert.ok(p.u64(RESULT + 48) > 1_600_000_000_000_000_000n, 'changed');
  assert.equal(p.bytes[RESULT + 56], 0xee, '56 bytes');
  assert.deepEqual([p.seek(fd, 4n, 2), p.seek(fd, 1n, 0), p.seek(fd, -3n, 1)], [4n, 5n, 3n]);
  subscribe(p, 0, { time: 7_000_000n }, true);
  subscribe(p, 1, { fd: 1, write: true }, true);
  assert.deepEqual(poll(p, 2), [[101, 'SUCCESS', 2, 65536, 0]]);
  assert.deepEqual(poll(p, 1), [[100, 'SUCCESS', 0, 0, 0]]);
  assert.deepEqual(p.slept, [7]);
});

test('what a program starts with', () => {
  const names = (/** @type {ReturnType<typeof startWasi>} */ p) => {
    const found = [];
    for (let fd = 3; p.w.fd_prestat_get(fd, RESULT) === 0; fd++) {
      const length = p.u32(RESULT + 4);
      assert.equal(p.w.fd_prestat_dir_name(fd, BUFFER, length - 1), 37);
      assert.equal(p.w.fd_prestat_dir_name(fd, BUFFER, length), 0);
      found.push(Buffer.from(p.bytes.subarray(BUFFER, BUFFER + length)).toString());
    }
    return found;
  };
  assert.deepEqual(names(startWasi()), ['/', '.']);
  const given = startWasi({ files: [{ path: 'a/b', kind: 'file', bytes: bytesOf('x') }] });
  assert.deepEqual(names(given), ['/', '.']);
  assert.equal(given.stat('a/b', 1, 4).size, 1n);
  useHostFolders();
  /** @param {string} guest */
  const folder = (guest) => ({ host: '.', guest });
  assert.deepEqual(names(startWasi({ dirs: [folder('/work'), folder('.')] })), ['/work', '.']);
  const files = [{ path: 'f', kind: /** @type {const} */ ('file'), bytes: bytesOf('x') }];
  assert.deepEqual(names(startWasi({ files, dirs: [folder('/work')] })), ['/', '.', '/work']);
  const hidden = startWasi({ files, dirs: [folder('/')] });
  assert.deepEqual(names(hidden), ['.', '/']);
  assert.equal(hidden.warnings.length, 1);
});
