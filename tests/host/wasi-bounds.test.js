// Hostile programs against WASI: wild pointers and counts, space and entries without end, and the tree in memory as it
// goes in and comes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GuestExit, GuestTrap } from '../../runner/guest/ends.js';
import { wasiPreview1 } from '../../runner/abi/wasi/index.js';
import { MemorySystem } from '../../runner/abi/wasi/memory-system.js';
import { RecentClock } from '../../runner/abi/wasi/recent-clock.js';
import { createClock } from '../../runner/guest/clock.js';
import { ALL, BUFFER, CREAT, DIRECTORY, EXCL, RESULT, VECTORS, startWasi } from './wasi-harness.js';

const bytesOf = (/** @type {string} */ text) => new TextEncoder().encode(text);
const WILD = [0, 1, 8, 0x7fff_ffff, -1, -8, -0x8000_0000, 65535, 65536, 65532];

test('wild numbers give an error number or the end of the program, never anything else', () => {
  // A fixed sequence, so that a failure comes again.
  let state = 12345;
  const random = (/** @type {number} */ below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < 6000; round++) {
    const p = round % 50 === 0 || round === 0 ? startWasi({ stdin: bytesOf('some input') }) : last;
    last = p;
    for (const [name, row] of Object.entries(wasiPreview1.table)) {
      const types = row.type.split('->')[0].trim().split(' ').filter(Boolean);
      const parameters = types.map((type) => {
        const number = random(3) === 0 ? random(12) : WILD[random(WILD.length)];
        return type === 'i64' ? BigInt(number) * (random(4) === 0 ? 2n ** 33n : 1n) : number;
      });
      // Long fills are for another test, and closing everything would leave nothing to find.
      if (/^(fd_close|fd_renumber)$/.test(name)) continue;
      try {
        const status = p.w[name](...parameters);
        assert.ok(Number.isInteger(status) && status >= 0 && status <= 76, `${name}(${parameters}) gives ${status}`);
      } catch (error) {
        assert.ok(error instanceof GuestExit || error instanceof GuestTrap, `${name}(${parameters}): ${error}`);
      }
    }
  }
});
/** @type {ReturnType<typeof startWasi>} */
let last;

test('a result that lies outside changes nothing', () => {
  const p = startWasi();
  const fd = Number(p.open('f', { oflags: CREAT, rights: ALL }));
  p.vector(BUFFER, 4);
  assert.equal(p.w.fd_write(fd, VECTORS, 1, 65533), 21);
  assert.equal(p.w.fd_write(fd, VECTORS, 0x2000_0000, RESULT), 21);
  assert.equal(p.w.fd_write(fd, VECTORS, 9000, RESULT), 21);
  p.vector(65_000, 1000);
  assert.equal(p.w.fd_write(fd, VECTORS, 1, RESULT), 21);
  assert.equal(p.stat('f').size, 0n);
  assert.equal(p.w.path_open(3, 0, ...p.put('g'), CREAT, ALL, 0n, 0, 65533), 21);
  assert.equal(p.stat('g'), 'ENOENT');
});

test('a module without memory is told so, but for what needs none; one without pages gets EFAULT', () => {
  const p = startWasi();
  const memory = new (Object.getPrototypeOf(p.guest.memory).constructor)();
  const { functions } = wasiPreview1.serve(p.io, { memory, exports: {}, importTypes: {} });
  const missing = /exports no memory/;
  assert.throws(() => functions.random_get(0, 1), missing);
  assert.throws(() => functions.fd_write(1, 0, 1, 8), missing);
  assert.throws(() => functions.clock_time_get(0, 0n, 0), missing);
  assert.equal(functions.sched_yield(), 0);
  assert.throws(() => functions.proc_exit(3), /exit 3/);
  memory.attach(new WebAssembly.Memory({ initial: 0 }));
  assert.equal(functions.random_get(0, 1), 21);
  assert.equal(functions.fd_write(1, 0, 1, 8), 21);
});

test('a memory that grows is seen', () => {
  const p = startWasi();
  assert.equal(p.w.random_get(70_000, 4), 21);
  p.guest.raw.grow(1);
  assert.equal(p.w.random_get(70_000, 4), 0);
  assert.deepEqual([...new Uint8Array(p.guest.raw.buffer, 70_000, 4)], [7, 7, 7, 7]);
});

test('space is bounded: a partial write, then ENOSPC, and room again when a file goes', () => {
  const p = startWasi({ limits: { steps: 0, memory: 100_000, output: 0, seconds: 0 } });
  const fd = Number(p.open('f', { oflags: CREAT, rights: ALL }));
  p.vector(0, 65_536);
  assert.equal(p.w.fd_write(fd, VECTORS, 1, RESULT), 0);
  assert.equal(p.w.fd_write(fd, VECTORS, 1, RESULT), 0);
  const { size } = p.stat('f');
  assert.ok(size > 99_000n && size <= 100_000n, `${size}`);
  p.vector(0, 65_536);
  assert.equal(p.w.fd_write(fd, VECTORS, 1, RESULT), 51);
  assert.equal(p.w.fd_allocate(fd, 0n, 2n ** 40n), 51);
  assert.equal(p.w.fd_filestat_set_size(fd, 2n ** 40n), 51);
  assert.equal(p.seek(fd, 2n ** 45n), 2n ** 45n);
  p.vector(0, 10);
  assert.equal(p.w.fd_write(fd, VECTORS, 1, RESULT), 51, 'far away');
  assert.equal(p.stat('f').size, size);
  assert.equal(p.open('g', { oflags: CREAT }), 'ENOSPC');
  assert.equal(p.mkdir('d'), 'ENOSPC');
  assert.equal(p.symlink('t', 'l'), 'ENOSPC');
  assert.equal(p.link('f', 'h'), 'ENOSPC');
  p.unlink('f');
  assert.equal(p.mkdir('d'), 'SUCCESS', 'the name is room');
  assert.equal(p.open('g', { oflags: CREAT }), 'ENOSPC', 'its bytes stay while it is open');
  p.close(fd);
  assert.equal(p.write(Number(p.open('g', { oflags: CREAT, rights: ALL })), 'x'), 1);
});

test('what is refused for want of space takes none of it', () => {
  const p = startWasi({ limits: { steps: 0, memory: 100_000, output: 0, seconds: 0 } });
  const fd = Number(p.open('f', { oflags: CREAT, rights: ALL }));
  assert.equal(p.w.fd_filestat_set_size(fd, 100_001n), 51);
  assert.equal(p.w.fd_allocate(fd, 0n, 100_001n), 51);
  p.seek(fd, 100_000n);
  assert.equal(p.write(fd, 'far away'), 'ENOSPC');
  assert.equal(p.stat('f').size, 0n);
  p.seek(fd, 0n);
  assert.equal(p.write(fd, 'near'), 4);
  assert.equal(p.w.fd_filestat_set_size(fd, 99_000n), 0);
});

test('a file far apart takes no more than its parts, and comes back whole', () => {
  const p = startWasi();
  const fd = Number(p.open('f', { oflags: CREAT, rights: ALL }));
  p.write(fd, 'start');
  p.seek(fd, 1_000_000n);
  p.write(fd, 'end');
  const [file] = p.served.files?.() ?? [];
  assert.ok(file.kind === 'file');
  assert.equal(file.bytes.length, 1_000_003);
  assert.equal(Buffer.from(file.bytes.subarray(0, 6)).toString(), 'start\0');
  assert.equal(Buffer.from(file.bytes.subarray(999_999)).toString(), '\0end');
});

test('content of every size, written and read in pieces of every size', () => {
  const p = startWasi();
  const expected = new Uint8Array(200_000).map((_, index) => (index * 31 + (index >> 8)) & 255);
  const fd = Number(p.open('f', { oflags: CREAT, rights: ALL }));
  const steps = [1, 3, 48, 49, 64, 1000, 4096, 30_000];
  for (let at = 0, i = 0; at < expected.length; i++) {
    const part = expected.subarray(at, at + steps[i % steps.length]);
    assert.equal(p.write(fd, part), part.length);
    at += part.length;
  }
  p.seek(fd, 0n);
  for (let at = 0, i = 3; at < expected.length; i++) {
    p.vector(BUFFER, steps[i % steps.length]);
    p.w.fd_read(fd, VECTORS, 1, RESULT);
    const count = p.u32();
    assert.deepEqual(p.bytes.slice(BUFFER, BUFFER + count), expected.slice(at, at + count), `at ${at}`);
    at += count;
  }
});

test("the user's files are not changed, those that come back are", () => {
  const given = new Uint8Array(70_000).fill(65);
  const p = startWasi({ files: [{ path: 'dir/f', kind: 'file', bytes: given }] });
  const before = p.served.generation?.() ?? -1;
  const fd = Number(p.open('dir/f', { rights: ALL }));
  p.seek(fd, 66_000n);
  p.write(fd, 'new');
  assert.ok((p.served.generation?.() ?? -1) > before);
  p.w.fd_filestat_set_size(fd, 66_001n);
  p.w.fd_filestat_set_size(fd, 66_004n);
  assert.ok(given.every((byte) => byte === 65));
  const file = p.served.files?.().find(({ path }) => path === 'dir/f');
  assert.ok(file?.kind === 'file');
  assert.equal(Buffer.from(file.bytes.subarray(65_998)).toString('latin1'), 'AAn\0\0\0');
});

test('a tree goes in and comes back', () => {
  /** @type {import('../../runner/guest/types.js').FileEntry[]} */
  const files = [
    { path: 'a/b/c', kind: 'file', bytes: bytesOf('1') },
    { path: 'empty', kind: 'directory' },
    { path: 'a/link', kind: 'link', target: 'b/c' },
  ];
  const p = startWasi({ files });
  assert.equal(p.read(Number(p.open('a/link'))), '1');
  const back = p.served.files?.() ?? [];
  assert.deepEqual(back.map(({ path, kind }) => `${kind} ${path}`).sort(), [
    'directory a',
    'directory a/b',
    'directory empty',
    'file a/b/c',
    'link a/link',
  ]);
});

test('files that cannot be there are told and left out', () => {
  const bytes = bytesOf('x');
  const paths = ['', '/abs', 'a//b', './x', '../x', 'n\0l', 'y'.repeat(256), 'ok', 'ok', 'ok/below'];
  const p = startWasi({ files: paths.map((path) => ({ path, kind: 'file', bytes })) });
  assert.equal(p.warnings.length, 9);
  assert.deepEqual(
    (p.served.files?.() ?? []).map(({ path }) => path),
    ['ok'],
  );
});

test('very many files cost the same each, also to list and to remove', () => {
  const p = startWasi();
  const COUNT = 100_000;
  for (let i = 0; i < COUNT; i++) {
    const fd = p.open(`f${i}`, { oflags: CREAT | EXCL });
    assert.equal(p.close(Number(fd)), 'SUCCESS');
  }
  const directory = Number(p.open('.'));
  let seen = 0;
  for (let cookie = 0n; ;) {
    const entries = p.list(directory, cookie, 4096);
    assert.ok(typeof entries !== 'string');
    if (entries.length === 0) break;
    seen += entries.length;
    cookie = entries[entries.length - 1].next;
    // What was listed goes while the listing goes on.
    for (const { name } of entries) if (name.startsWith('f')) p.unlink(name);
  }
  assert.equal(seen, COUNT + 2);
  assert.equal(p.stat('.').size, 0n);
});

test('entries are bounded', () => {
  const system = new MemorySystem(new RecentClock(createClock(0, () => 0)));
  system.countEntry('', 1);
  for (let i = 0; i < 999_998; i++) system.countEntry('', 1);
  assert.ok(system.hasRoomFor('x'));
  system.countEntry('', 1);
  assert.equal(system.root.makeDirectory('d'), 51);
});

/** Names in the root. @param {ReturnType<typeof startWasi>} p */
const rootNames = (p) => p.list(Number(p.open('.'))).map(({ name }) => name);

test('an empty tmp is there for who looks for it, unlisted until then, and does not come back empty', () => {
  const p = startWasi();
  assert.deepEqual(rootNames(p), ['.', '..']);
  const fd = Number(p.open('tmp/f', { oflags: CREAT, rights: ALL }));
  assert.equal(p.write(fd, 'x'), 1);
  assert.deepEqual(rootNames(p), ['.', '..', 'tmp']);
  assert.deepEqual(
    p.served.files?.().map(({ path }) => path),
    ['tmp', 'tmp/f'],
  );
  p.unlink('tmp/f');
  assert.deepEqual(p.served.files?.(), []);
  assert.equal(p.rmdir('tmp'), 'SUCCESS');
  assert.equal(p.stat('tmp'), 'ENOENT');
  const asked = startWasi();
  assert.equal(/** @type {any} */ (asked.stat('tmp')).filetype, 3);
  assert.equal(typeof startWasi().open('tmp', { oflags: DIRECTORY }), 'number');
});

test('a tmp of the program or of the user is theirs', () => {
  const own = startWasi();
  assert.equal(own.mkdir('tmp'), 'SUCCESS');
  assert.deepEqual(own.served.files?.(), [{ path: 'tmp', kind: 'directory' }]);
  assert.equal(own.rmdir('tmp'), 'SUCCESS');
  assert.equal(own.stat('tmp'), 'ENOENT');
  const given = startWasi({ files: [{ path: 'tmp', kind: 'file', bytes: new Uint8Array(2) }] });
  assert.equal(given.open('tmp/f', { oflags: CREAT, rights: ALL }), 'ENOTDIR');
  assert.equal(typeof startWasi().open('tmp', { oflags: CREAT, rights: ALL }), 'number');
});

test('descriptors are bounded', () => {
  const p = startWasi();
  let status;
  for (let i = 0; i < 70_000 && typeof (status = p.open('.')) === 'number'; i++);
  assert.equal(status, 'EMFILE');
});

test('directories in each other without end come back as far as paths reach', () => {
  const p = startWasi();
  let fd = 3;
  for (let depth = 0; depth < 5000; depth++) {
    assert.equal(p.mkdir('d', fd), 'SUCCESS');
    const next = Number(p.open('d', { fd, inherit: ALL }));
    if (fd !== 3) p.close(fd);
    fd = next;
  }
  const files = p.served.files?.() ?? [];
  assert.equal(files.length, 2048);
});

test('stamps never lie before a time that the program was told', () => {
  const p = startWasi();
  const fd = Number(p.open('f', { oflags: CREAT, rights: ALL }));
  for (let i = 0; i < 100; i++) {
    p.advance(1);
    p.write(fd, 'x');
    p.advance(1);
    p.w.clock_time_get(0, 0n, RESULT);
    const told = p.u64();
    p.write(fd, 'x');
    assert.ok(p.stat('f').modified >= told);
  }
});
