// Nothing leads a program out of a folder of the host: not `..`, not absolute paths, not links, and not another process
// that swaps a directory for a link while the program works.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { setHostFolders } from '../../runner/abi/wasi/index.js';
import { openHostFolder, useHostFolders } from '../../runner/node/host-files.js';
import { ALL, BUFFER, CREAT, TRUNC, startWasi } from './wasi-harness.js';

const linux = process.platform === 'linux';

/** A folder `in` that is given and a folder `out` beside it. @param {(p: ReturnType<typeof startWasi>, at: { inside: string, outside: string }) => void | Promise<void>} act */
async function beside(act, portable = false) {
  const scratch = mkdtempSync(join(tmpdir(), 'wasi-escape-'));
  const inside = join(scratch, 'in');
  const outside = join(scratch, 'out');
  mkdirSync(join(inside, 'sub'), { recursive: true });
  mkdirSync(join(outside, 'deep'), { recursive: true });
  writeFileSync(join(inside, 'sub/f'), 'inside');
  writeFileSync(join(outside, 'f'), 'outside');
  writeFileSync(join(outside, 'victim'), 'outside');
  setHostFolders((path) => openHostFolder(path, portable));
  const p = startWasi({ dirs: [{ host: inside, guest: '/' }] });
  try {
    await act(p, { inside, outside });
  } finally {
    p.served.close?.();
    rmSync(scratch, { recursive: true });
  }
}

for (const portable of linux ? [false, true] : [true]) {
  const how = portable ? 'by checked paths' : 'by open directories';

  test(`links that lead out are not followed, ${how}`, () =>
    beside((p, { inside, outside }) => {
      symlinkSync(outside, join(inside, 'absolute'));
      symlinkSync('../out', join(inside, 'relative'));
      symlinkSync('../../out/f', join(inside, 'sub/file'));
      symlinkSync('sub/../../out', join(inside, 'winding'));
      for (const link of ['absolute', 'relative', 'winding']) {
        for (const path of [link, `${link}/`, `${link}/f`, `${link}/deep/x`, `sub/../${link}/f`]) {
          assert.equal(p.open(path), 'ENOTCAPABLE', path);
          assert.equal(p.open(path, { oflags: CREAT | TRUNC, rights: ALL & ~0x4000n }), 'ENOTCAPABLE', path);
          assert.equal(p.stat(path), 'ENOTCAPABLE', path);
        }
        assert.equal(p.mkdir(`${link}/new`), 'ENOTCAPABLE');
        assert.equal(p.unlink(`${link}/victim`), 'ENOTCAPABLE');
        assert.equal(p.rmdir(`${link}/deep`), 'ENOTCAPABLE');
        assert.equal(p.rename(`${link}/f`, 'mine'), 'ENOTCAPABLE');
        assert.equal(p.rename('sub/f', `${link}/f`), 'ENOTCAPABLE');
        assert.equal(p.link(`${link}/f`, 'mine'), 'ENOTCAPABLE');
        assert.equal(p.symlink('x', `${link}/new`), 'ENOTCAPABLE');
        assert.equal(p.w.path_filestat_set_times(3, 1, ...p.put(`${link}/f`), 0n, 0n, 5), 76);
        assert.equal(p.stat(link, 0).filetype, 7, 'the link itself is there');
      }
      assert.equal(p.open('sub/file'), 'ENOTCAPABLE');
      for (const path of ['..', '../out/f', 'sub/../../out/f', '/', outside, `${inside}/sub/f`]) {
        assert.equal(p.open(path), 'ENOTCAPABLE', path);
      }
      assert.deepEqual(readdirSync(outside).sort(), ['deep', 'f', 'victim']);
      assert.equal(readFileSync(join(outside, 'f'), 'utf8'), 'outside');
    }, portable));

  test(`a link of the program's own leads out no further, ${how}`, () =>
    beside((p) => {
      assert.equal(p.symlink('..', 'up'), 'SUCCESS');
      assert.equal(p.open('up'), 'ENOTCAPABLE');
      assert.equal(p.symlink('../..', 'sub/up'), 'SUCCESS');
      assert.equal(p.open('sub/up/out/f'), 'ENOTCAPABLE');
      // Moved nearer to the root, a link that was good is not any more.
      assert.equal(p.symlink('../sub/f', 'sub/link'), 'SUCCESS');
      assert.equal(p.read(Number(p.open('sub/link'))), 'inside');
      assert.equal(p.rename('sub/link', 'link'), 'SUCCESS');
      assert.equal(p.open('link'), 'ENOTCAPABLE');
    }, portable));

  test(`pipes are not opened, because that could wait for ever, ${how}`, (t) =>
    beside((p, { inside }) => {
      if (spawnSync('mkfifo', [join(inside, 'pipe')]).status !== 0) return t.skip('no mkfifo');
      assert.equal(p.open('pipe'), 'ENOTSUP');
      assert.equal(p.open('pipe', { rights: ALL }), 'ENOTSUP');
      assert.equal(p.stat('pipe').filetype, 0);
    }, portable));

  test(`the parent of the folder is not told, ${how}`, () =>
    beside((p) => {
      const inodes = (/** @type {ReturnType<typeof p.list>} */ entries) => {
        assert.ok(typeof entries !== 'string');
        return Object.fromEntries(entries.map(({ name, inode }) => [name, inode]));
      };
      const top = inodes(p.list(Number(p.open('.'))));
      assert.equal(top['..'], top['.']);
      const below = inodes(p.list(Number(p.open('sub'))));
      assert.equal(below['..'], top['.']);
    }, portable));
}

test('devices are opened that keep nobody waiting, and no others', { skip: !linux || !existsSync('/dev/full') }, () => {
  useHostFolders();
  const p = startWasi({ dirs: [{ host: '/dev', guest: '/' }] });
  const nothing = Number(p.open('null', { oflags: CREAT | TRUNC, rights: ALL, inherit: ALL }));
  assert.deepEqual([p.write(nothing, 'gone'), p.read(nothing), p.seek(nothing, 0n, 2)], [4, '', 0n]);
  assert.deepEqual([p.stat('null').filetype, p.w.fd_fdstat_get(nothing, BUFFER), p.view.getUint8(BUFFER)], [2, 0, 2]);
  assert.equal(p.read(Number(p.open('zero')), 5), '\0'.repeat(5));
  assert.notEqual(p.read(Number(p.open('urandom')), 64), '\0'.repeat(64));
  assert.equal(p.write(Number(p.open('full', { rights: ALL })), 'much'), 'ENOSPC');
  for (const name of ['tty', 'ptmx'].filter((each) => existsSync(`/dev/${each}`))) {
    assert.equal(p.open(name), 'ENOTSUP', name);
  }
});

test('names that are not UTF-8 are left out of a listing', { skip: !linux }, () =>
  beside((p, { inside }) => {
    writeFileSync(Buffer.concat([Buffer.from(`${inside}/`), Buffer.from([0xff, 0x61])]), '');
    const entries = p.list(Number(p.open('.')));
    assert.ok(typeof entries !== 'string');
    assert.deepEqual(entries.map(({ name }) => name).sort(), ['.', '..', 'sub']);
  }),
);

test('a folder that is not there is a sentence', () => {
  assert.throws(
    () => openHostFolder('/no/such/folder'),
    /^Error: the folder `\/no\/such\/folder` cannot be opened: there is no such file or directory$/,
  );
  assert.throws(() => openHostFolder('/dev/null'), /it is not a directory$/);
  useHostFolders();
  assert.throws(() => startWasi({ dirs: [{ host: '/no/such/folder', guest: '/' }] }), /cannot be opened/);
});

/** Swaps `in/d` between a directory and a link to the folder outside, as fast as it can, until told to stop. */
const SWAPPER = `
  const { renameSync, mkdirSync, symlinkSync, writeFileSync } = require('node:fs');
  const { workerData: { inside, stop }, parentPort } = require('node:worker_threads');
  const flag = new Int32Array(stop);
  mkdirSync(inside + '/real');
  writeFileSync(inside + '/real/f', 'inside');
  symlinkSync('../out', inside + '/link');
  renameSync(inside + '/real', inside + '/d');
  parentPort.postMessage('ready');
  while (Atomics.load(flag, 0) === 0) {
    renameSync(inside + '/d', inside + '/real');
    renameSync(inside + '/link', inside + '/d');
    renameSync(inside + '/d', inside + '/link');
    renameSync(inside + '/real', inside + '/d');
  }
`;

test('another process that swaps a directory for a link gains nothing', { skip: !linux }, () =>
  beside(async (p, { inside, outside }) => {
    const stop = new SharedArrayBuffer(4);
    const swapper = new Worker(SWAPPER, { eval: true, workerData: { inside, stop } });
    const ended = new Promise((resolve, reject) => swapper.once('exit', resolve).once('error', reject));
    await new Promise((resolve) => swapper.once('message', resolve));
    /** @type {Record<string, number>} */
    const seen = {};
    try {
      // Until each state was met, at least so often; the bound is for machines where one never is.
      for (let i = 0; i < 100_000 && !(i >= 4000 && seen.inside > 0 && seen.ENOTCAPABLE > 0); i++) {
        const fd = p.open('d/f');
        const met = typeof fd === 'number' ? String(p.read(fd)) : String(fd);
        seen[met] = (seen[met] ?? 0) + 1;
        if (typeof fd === 'number') p.close(fd);
        const made = p.open('d/new', { oflags: CREAT | TRUNC, rights: ALL });
        if (typeof made === 'number') {
          p.write(made, 'mine');
          p.close(made);
        }
        p.unlink('d/victim');
        p.mkdir('d/made');
        p.rmdir('d/deep');
        p.rename('d/f', 'd/f2');
        p.rename('d/f2', 'd/f');
      }
    } finally {
      Atomics.store(new Int32Array(stop), 0, 1);
      await ended;
    }
    assert.ok(seen.inside > 0 && seen.ENOTCAPABLE > 0, JSON.stringify(seen));
    assert.equal(seen.outside, undefined);
    assert.deepEqual(readdirSync(outside).sort(), ['deep', 'f', 'victim']);
  }),
);
