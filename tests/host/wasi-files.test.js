// What WASI's file calls answer, one table for the tree in memory, for a folder of the host reached by open directories
// (Linux), and for one reached by checked paths (elsewhere): all three must say the same.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setHostFolders } from '../../runner/abi/wasi/index.js';
import { openHostFolder } from '../../runner/node/host-files.js';
import { ALL, CREAT, DIRECTORY, EXCL, READ, TRUNC, WRITE, startWasi } from './wasi-harness.js';

/** @typedef {ReturnType<typeof startWasi>} Wasi */

const LONG = 'x'.repeat(255);
const RW = READ | WRITE | 0x24n; // and seek, tell
const make = (/** @type {Wasi} */ p, /** @type {string} */ path, text = '') => {
  const fd = p.open(path, { oflags: CREAT, rights: RW });
  assert.equal(typeof fd, 'number', `making ${path}: ${fd}`);
  if (text !== '') p.write(Number(fd), text);
  p.close(Number(fd));
};

/** The right to resize what is open, and that to truncate in opening it. */
const RESIZE = 0x40_0000n;
const TRUNCATE = 0x8_0000n;
/** The directory once more, without the latter. */
const narrowed = (/** @type {Wasi} */ p, /** @type {bigint} */ inherit) =>
  Number(p.open('.', { rights: ALL & ~WRITE & ~TRUNCATE, inherit }));

/** Each does something and gives a value, compared with what is expected. @type {[string, (p: Wasi) => unknown, unknown][]} */
const cases = [
  ['a missing file', (p) => p.open('none'), 'ENOENT'],
  ['a path below a missing directory', (p) => p.open('none/file'), 'ENOENT'],
  ['an empty path', (p) => p.open(''), 'ENOENT'],
  ['an absolute path', (p) => p.open('/etc/passwd'), 'ENOTCAPABLE'],
  ['a path above the directory', (p) => p.open('../x'), 'ENOTCAPABLE'],
  [
    'up and down again inside',
    (p) => (p.mkdir('d'), make(p, 'f', 'hi'), p.read(Number(p.open('d/.././/d/../f')))),
    'hi',
  ],
  ['above in the middle', (p) => (p.mkdir('d'), p.open('d/../../d')), 'ENOTCAPABLE'],
  ['.. is relative to the descriptor', (p) => (p.mkdir('d'), p.open('..', { fd: Number(p.open('d')) })), 'ENOTCAPABLE'],
  ['a name that is too long', (p) => p.open(`${LONG}x`, { oflags: CREAT }), 'ENAMETOOLONG'],
  ['the longest name', (p) => p.mkdir(LONG), 'SUCCESS'],
  ['a path that is too long', (p) => p.open('a/'.repeat(2049)), 'ENAMETOOLONG'],
  ['a NUL in a path', (p) => p.open('a\0b'), 'EINVAL'],
  ['a path that is not UTF-8', (p) => p.w.path_unlink_file(3, ...p.put(new Uint8Array([0xff, 0x61]))), 25],
  ['a file as a directory', (p) => (make(p, 'f'), p.open('f/x')), 'ENOTDIR'],
  ['a slash behind a file', (p) => (make(p, 'f'), p.open('f/')), 'ENOTDIR'],
  ['creating with a slash behind', (p) => p.open('f/', { oflags: CREAT }), 'EISDIR'],
  ['a directory asked for, a file there', (p) => (make(p, 'f'), p.open('f', { oflags: DIRECTORY })), 'ENOTDIR'],
  ['creating a directory by open', (p) => p.open('d', { oflags: CREAT | DIRECTORY }), 'EINVAL'],
  ['exclusive, and there', (p) => (make(p, 'f'), p.open('f', { oflags: CREAT | EXCL })), 'EEXIST'],
  ['exclusive, on a link', (p) => (p.symlink('t', 'l'), p.open('l', { oflags: CREAT | EXCL })), 'EEXIST'],
  ['creating through a dangling link', (p) => (p.symlink('t', 'l'), make(p, 'l', 'x'), p.stat('t').size), 1n],
  ['a directory for writing', (p) => (p.mkdir('d'), p.open('d', { rights: ALL })), 'EISDIR'],
  ['truncating a directory', (p) => (p.mkdir('d'), p.open('d', { oflags: TRUNC })), 'EISDIR'],
  ['truncating', (p) => (make(p, 'f', 'abc'), p.open('f', { oflags: TRUNC, rights: 0n }), p.stat('f').size), 0n],
  [
    'truncating what is open for writing',
    (p) => (make(p, 'f', 'abc'), p.open('f', { oflags: TRUNC, rights: RW }), p.stat('f').size),
    0n,
  ],
  [
    'truncating from a directory that has not the right, but lends one to resize',
    (p) => (make(p, 'f', 'abc'), p.open('f', { oflags: TRUNC, rights: 0n, fd: narrowed(p, RESIZE) }), p.stat('f').size),
    0n,
  ],
  [
    'truncating from a directory that has no right to it',
    (p) => (make(p, 'f', 'abc'), [p.open('f', { oflags: TRUNC, rights: 0n, fd: narrowed(p, 0n) }), p.stat('f').size]),
    ['ENOTCAPABLE', 3n],
  ],
  ['unknown flags of open', (p) => p.open('f', { oflags: 16 }), 'EINVAL'],
  ['unknown descriptor flags', (p) => p.open('.', { flags: 32 }), 'EINVAL'],
  ['a link not followed', (p) => (make(p, 'f'), p.symlink('f', 'l'), p.open('l', { follow: 0 })), 'ELOOP'],
  ['a link to itself', (p) => (p.symlink('l', 'l'), p.open('l')), 'ELOOP'],
  ['links in a circle', (p) => (p.symlink('b/x', 'a'), p.symlink('a', 'b'), p.open('a/y')), 'ELOOP'],
  ['a link out of the directory', (p) => (p.symlink('../out', 'l'), p.open('l')), 'ENOTCAPABLE'],
  [
    'a link up and back inside',
    (p) => (p.mkdir('d'), make(p, 'f', 'in'), p.symlink('../f', 'd/l'), p.read(Number(p.open('d/l')))),
    'in',
  ],
  ['an absolute link', (p) => p.symlink('/etc', 'l'), 'ENOTCAPABLE'],
  ['an empty link', (p) => p.symlink('', 'l'), 'ENOENT'],
  ['a link where something is', (p) => (make(p, 'f'), p.symlink('t', 'f')), 'EEXIST'],
  ['a link with a slash behind', (p) => p.symlink('t', 'l/'), 'ENOENT'],
  ['reading a link', (p) => (p.symlink('some/where', 'l'), p.readlink('l')), 'some/where'],
  ['reading a link, cut off', (p) => (p.symlink('some/where', 'l'), p.readlink('l', 4)), 'some'],
  ['reading a file as a link', (p) => (make(p, 'f'), p.readlink('f')), 'EINVAL'],
  [
    'reading a link with a slash behind: it is followed',
    (p) => {
      make(p, 'f');
      p.mkdir('d');
      p.symlink('f', 'l');
      p.symlink('d', 'm');
      p.symlink('none', 'n');
      return ['f/', 'l/', 'm/', 'd/', 'n/', './'].map((path) => p.readlink(path));
    },
    ['ENOTDIR', 'ENOTDIR', 'EINVAL', 'EINVAL', 'ENOENT', 'EINVAL'],
  ],
  ['reading the directory as a link', (p) => p.readlink('.'), 'EINVAL'],
  ['a link has the size of its target', (p) => (p.symlink('ä/b', 'l'), p.stat('l', 0).size), 4n],
  ['stat follows', (p) => (p.mkdir('d'), p.symlink('d', 'l'), [p.stat('l').filetype, p.stat('l', 0).filetype]), [3, 7]],
  ['a slash makes stat follow', (p) => (p.mkdir('d'), p.symlink('d', 'l'), p.stat('l/', 0).filetype), 3],
  ['stat of a file with a slash', (p) => (make(p, 'f'), p.stat('f/')), 'ENOTDIR'],
  ['mkdir twice', (p) => [p.mkdir('d'), p.mkdir('d')], ['SUCCESS', 'EEXIST']],
  ['mkdir with a slash', (p) => [p.mkdir('d/'), p.stat('d').filetype], ['SUCCESS', 3]],
  ['mkdir on a dangling link', (p) => (p.symlink('t', 'l'), p.mkdir('l')), 'EEXIST'],
  ['mkdir of itself', (p) => p.mkdir('.'), 'EEXIST'],
  ['rmdir of what is full', (p) => (p.mkdir('d'), make(p, 'd/f'), p.rmdir('d')), 'ENOTEMPTY'],
  ['rmdir of a file', (p) => (make(p, 'f'), p.rmdir('f')), 'ENOTDIR'],
  ['rmdir of a link', (p) => (p.mkdir('d'), p.symlink('d', 'l'), p.rmdir('l/')), 'ENOTDIR'],
  ['rmdir of itself', (p) => p.rmdir('.'), 'EINVAL'],
  ['rmdir', (p) => (p.mkdir('d'), [p.rmdir('d/'), p.stat('d')]), ['SUCCESS', 'ENOENT']],
  [
    'unlink of a directory',
    (p) => (p.mkdir('d'), [p.unlink('d'), p.unlink('d/'), p.unlink('.')]),
    ['EISDIR', 'EISDIR', 'EISDIR'],
  ],
  ['unlink with a slash', (p) => (make(p, 'f'), p.unlink('f/')), 'ENOTDIR'],
  [
    'unlink of a link',
    (p) => (make(p, 'f', 'a'), p.symlink('f', 'l'), [p.unlink('l'), p.stat('f').size]),
    ['SUCCESS', 1n],
  ],
  [
    'unlinked and still open',
    (p) => {
      make(p, 'f', 'kept');
      const fd = Number(p.open('f', { rights: RW }));
      return [p.unlink('f'), p.read(fd), p.write(fd, '!'), p.seek(fd, 0n), p.read(fd), p.open('f')];
    },
    ['SUCCESS', 'kept', 1, 0n, 'kept!', 'ENOENT'],
  ],
  [
    'making in a removed directory',
    (p) => {
      p.mkdir('d');
      const fd = Number(p.open('d', { inherit: ALL }));
      return [p.rmdir('d'), p.open('f', { oflags: CREAT, fd }), p.mkdir('e', fd)];
    },
    ['SUCCESS', 'ENOENT', 'ENOENT'],
  ],
  [
    'rename',
    (p) => (make(p, 'a', 'x'), [p.rename('a', 'b'), p.stat('a'), p.stat('b').size]),
    ['SUCCESS', 'ENOENT', 1n],
  ],
  [
    'rename over a file',
    (p) => (make(p, 'a', 'xy'), make(p, 'b'), [p.rename('a', 'b'), p.stat('b').size]),
    ['SUCCESS', 2n],
  ],
  ['rename onto itself', (p) => (make(p, 'a', 'x'), [p.rename('a', 'a'), p.stat('a').size]), ['SUCCESS', 1n]],
  [
    'rename of two names of one file',
    (p) => (make(p, 'a'), p.link('a', 'b'), [p.rename('a', 'b'), p.stat('a').links]),
    ['SUCCESS', 2n],
  ],
  ['rename of what is missing', (p) => p.rename('a', 'b'), 'ENOENT'],
  ['rename of a file over a directory', (p) => (make(p, 'a'), p.mkdir('d'), p.rename('a', 'd')), 'EISDIR'],
  ['rename of a directory over a file', (p) => (make(p, 'a'), p.mkdir('d'), p.rename('d', 'a')), 'ENOTDIR'],
  [
    'rename over an empty directory',
    (p) => (p.mkdir('a'), make(p, 'a/f'), p.mkdir('b'), [p.rename('a', 'b'), p.stat('b/f').filetype]),
    ['SUCCESS', 4],
  ],
  [
    'rename over a full directory',
    (p) => (p.mkdir('a'), p.mkdir('b'), make(p, 'b/f'), p.rename('a', 'b')),
    'ENOTEMPTY',
  ],
  [
    'rename over a directory that it lies in',
    (p) => (p.mkdir('a'), p.mkdir('a/b'), make(p, 'a/b/f'), [p.rename('a/b/f', 'a'), p.rename('a/b', 'a')]),
    ['ENOTEMPTY', 'ENOTEMPTY'],
  ],
  ['rename into itself', (p) => (p.mkdir('a'), p.mkdir('a/b'), p.rename('a', 'a/b/c')), 'EINVAL'],
  [
    'rename of a file with a slash',
    (p) => (make(p, 'a'), [p.rename('a/', 'b'), p.rename('a', 'b/')]),
    ['ENOTDIR', 'ENOTDIR'],
  ],
  [
    'rename of the directory itself',
    (p) => (p.mkdir('d'), [p.rename('.', 'x'), p.rename('d', 'd/..')]),
    ['EBUSY', 'EBUSY'],
  ],
  [
    'rename of a link, not of its target',
    (p) => (make(p, 'f'), p.symlink('f', 'l'), p.rename('l', 'm'), [p.readlink('m'), p.stat('f').filetype]),
    ['f', 4],
  ],
  [
    'link',
    (p) => (make(p, 'a', 'x'), [p.link('a', 'b'), p.stat('b').links, p.stat('a').inode === p.stat('b').inode]),
    ['SUCCESS', 2n, true],
  ],
  ['link to a directory', (p) => (p.mkdir('d'), p.link('d', 'e')), 'EPERM'],
  ['link to a directory by a name that is taken', (p) => (p.mkdir('d'), make(p, 'e'), p.link('d', 'e')), 'EEXIST'],
  [
    'link where something is',
    (p) => (make(p, 'a'), p.mkdir('d'), [p.link('a', 'a'), p.link('a', 'd'), p.link('a', 'd/')]),
    ['EEXIST', 'EEXIST', 'EEXIST'],
  ],
  ['link with a slash', (p) => (make(p, 'a'), [p.link('a', 'b/'), p.link('a/', 'b')]), ['ENOENT', 'ENOTDIR']],
  ['link of what a link leads to', (p) => (make(p, 'a'), p.symlink('a', 'l'), p.link('l', 'b', 1)), 'EINVAL'],
  ['link of a link', (p) => (p.symlink('nowhere', 'l'), [p.link('l', 'm'), p.readlink('m')]), ['SUCCESS', 'nowhere']],
  [
    'a removed name leaves the other',
    (p) => (make(p, 'a', 'x'), p.link('a', 'b'), p.unlink('a'), [p.stat('b').links, p.read(Number(p.open('b')))]),
    [1n, 'x'],
  ],
  [
    'times are kept to the nanosecond',
    (p) => {
      make(p, 'f');
      p.setTimes('f', 1_600_000_000_123_456_789n, 1_600_000_001_987_654_321n, 5);
      const { accessed, modified } = p.stat('f');
      return [accessed, modified];
    },
    [1_600_000_000_123_456_789n, 1_600_000_001_987_654_321n],
  ],
  [
    'one time is left',
    (p) => {
      make(p, 'f');
      p.setTimes('f', 1_600_000_000_123_456_789n, 1_600_000_001_000_000_001n, 5);
      p.setTimes('f', 7n, 1_500_000_000_000_000_003n, 4);
      const { accessed, modified } = p.stat('f');
      return [accessed, modified];
    },
    [1_600_000_000_123_456_789n, 1_500_000_000_000_000_003n],
  ],
  [
    'a write sets a new time',
    (p) => {
      make(p, 'f');
      p.setTimes('f', 5n, 5n, 5);
      make(p, 'f', 'x');
      return p.stat('f').modified > 5n;
    },
    true,
  ],
  [
    'times that contradict',
    (p) => (make(p, 'f'), [p.setTimes('f', 0n, 0n, 3), p.setTimes('f', 0n, 0n, 12), p.setTimes('f', 0n, 0n, 16)]),
    ['EINVAL', 'EINVAL', 'EINVAL'],
  ],
  ['times with a slash behind a file', (p) => (make(p, 'f'), p.setTimes('f/', 0n, 0n, 5)), 'ENOTDIR'],
  [
    'times of a link, not of its target',
    (p) => {
      make(p, 'f');
      p.symlink('f', 'l');
      p.setTimes('l', 3n, 3_000_000_000n, 5);
      return [p.stat('l', 0).modified, p.stat('f').modified > 3_000_000_000n];
    },
    [3_000_000_000n, true],
  ],
  [
    'appending',
    (p) => {
      make(p, 'f', 'abc');
      const fd = Number(p.open('f', { rights: RW | 0x8n, flags: 1 }));
      const out = [
        p.write(fd, 'de'),
        p.seek(fd, 0n),
        p.write(fd, 'f'),
        p.w.fd_fdstat_set_flags(fd, 0),
        p.seek(fd, 0n),
        p.write(fd, 'X'),
        p.seek(fd, 0n),
      ];
      return [...out, p.read(fd)];
    },
    [2, 0n, 1, 0, 0n, 1, 0n, 'Xbcdef'],
  ],
  [
    'a hole reads as zeros',
    (p) => {
      const fd = Number(p.open('f', { oflags: CREAT, rights: RW }));
      return [p.seek(fd, 5n), p.write(fd, 'x'), p.seek(fd, 0n), p.read(fd)];
    },
    [5n, 1, 0n, '\0\0\0\0\0x'],
  ],
  [
    'cut off, then longer',
    (p) => {
      const fd = Number(p.open('f', { oflags: CREAT, rights: ALL & ~0n }));
      p.write(fd, 'abcdef');
      return [p.w.fd_filestat_set_size(fd, 2n), p.w.fd_filestat_set_size(fd, 5n), p.seek(fd, 0n), p.read(fd)];
    },
    [0, 0, 0n, 'ab\0\0\0'],
  ],
  [
    'what is open for reading only keeps its size',
    (p) => {
      make(p, 'f', 'abc');
      const fd = Number(p.open('f'));
      return [
        p.w.fd_filestat_set_size(fd, 9n),
        p.w.fd_allocate(fd, 0n, 9n),
        p.w.fd_allocate(fd, 0n, 1n),
        p.stat('f').size,
      ];
    },
    [28, 8, 8, 3n],
  ],
  [
    'allocate grows only',
    (p) => {
      const fd = Number(p.open('f', { oflags: CREAT, rights: ALL }));
      p.write(fd, 'abc');
      return [
        p.w.fd_allocate(fd, 0n, 2n),
        p.stat('f').size,
        p.w.fd_allocate(fd, 2n, 6n),
        p.stat('f').size,
        p.w.fd_allocate(fd, 0n, 0n),
      ];
    },
    [0, 3n, 0, 8n, 28],
  ],
  [
    'seeking',
    (p) => {
      make(p, 'f', 'abcdef');
      const fd = Number(p.open('f', { rights: RW }));
      return [
        p.seek(fd, -2n, 2),
        p.read(fd),
        p.seek(fd, -1n, 1),
        p.seek(fd, -9n, 1),
        p.seek(fd, 2n ** 62n),
        p.seek(fd, 0n, 3),
        p.seek(fd, 99n),
        p.read(fd),
      ];
    },
    [4n, 'ef', 5n, 'EINVAL', 'EINVAL', 'EINVAL', 99n, ''],
  ],
  [
    'reading at a place',
    (p) => {
      make(p, 'f', 'abcdef');
      const fd = Number(p.open('f', { rights: RW }));
      p.vector(30_000, 3);
      return [
        p.w.fd_pread(fd, 512, 1, 2n, 256),
        p.u32(),
        p.w.fd_pread(fd, 512, 1, 2n ** 60n, 256),
        p.u32(),
        p.w.fd_pread(fd, 512, 1, -1n, 256),
        p.read(fd),
      ];
    },
    [0, 3, 0, 0, 28, 'abcdef'],
  ],
  [
    'writing at a place',
    (p) => {
      make(p, 'f', 'abcdef');
      const fd = Number(p.open('f', { rights: RW }));
      p.put('XY', 30_000);
      p.vector(30_000, 2);
      return [p.w.fd_pwrite(fd, 512, 1, 1n, 256), p.u32(), p.read(fd), p.w.fd_pwrite(fd, 512, 1, 2n ** 60n, 256)];
    },
    [0, 2, 'aXYdef', 22],
  ],
  [
    'several buffers, some empty',
    (p) => {
      const fd = Number(p.open('f', { oflags: CREAT, rights: RW }));
      p.put('hello, world', 30_000);
      p.vector(30_000, 5, 0);
      p.vector(0, 0, 1);
      p.vector(30_005, 7, 2);
      return [p.w.fd_write(fd, 512, 3, 256), p.u32(), p.seek(fd, 0n), p.read(fd)];
    },
    [0, 12, 0n, 'hello, world'],
  ],
  [
    'reading what was opened for writing',
    (p) => p.read(Number(p.open('f', { oflags: CREAT, rights: WRITE }))),
    'EBADF',
  ],
  [
    'writing what was opened for reading',
    (p) => p.write(Number(p.open('f', { oflags: CREAT, rights: READ })), 'x'),
    'EBADF',
  ],
  [
    'reading and writing a directory',
    (p) => [p.read(3), p.write(3, 'x'), p.seek(3, 0n), p.w.fd_tell(3, 256)],
    ['EISDIR', 'EISDIR', 'EISDIR', 31],
  ],
  [
    'rights that the directory does not pass on',
    (p) => {
      p.mkdir('d');
      const fd = Number(p.open('d', { inherit: READ }));
      return [
        p.open('f', { oflags: CREAT, rights: RW, fd }),
        p.stat('d/f'),
        typeof p.open('f', { oflags: CREAT, rights: READ, fd }),
      ];
    },
    ['ENOTCAPABLE', 'ENOENT', 'number'],
  ],
  ['rights that mean nothing for a file', (p) => typeof p.open('f', { oflags: CREAT, rights: -1n }), 'number'],
  [
    'rights only shrink',
    (p) => [
      p.w.fd_fdstat_set_rights(3, 0n, 0n),
      p.w.fd_fdstat_set_rights(3, 1n, 0n),
      p.open('x'),
      p.mkdir('d'),
      p.stat('.'),
    ],
    [0, 76, 'ENOTCAPABLE', 'ENOTCAPABLE', 'ENOTCAPABLE'],
  ],
  [
    'listing',
    (p) => {
      for (const name of ['a', 'b', 'c']) make(p, name);
      p.mkdir('d');
      const entries = p.list(Number(p.open('.', { oflags: DIRECTORY })));
      assert.ok(typeof entries !== 'string');
      for (const { name, inode } of entries) if (name !== '..') assert.equal(p.stat(name).inode, inode, name);
      return entries.map(({ name, filetype }) => `${name} ${filetype}`).sort();
    },
    ['. 3', '.. 3', 'a 4', 'b 4', 'c 4', 'd 3'],
  ],
  [
    'listing in pieces',
    (p) => {
      for (let i = 0; i < 40; i++) make(p, `file-${i}`);
      const fd = Number(p.open('.'));
      const seen = [];
      for (let cookie = 0n; ;) {
        const entries = p.list(fd, cookie, 100);
        assert.ok(typeof entries !== 'string');
        const last = entries.at(-1);
        if (last === undefined) return [seen.length, new Set(seen).size];
        seen.push(...entries.map(({ name }) => name));
        cookie = last.next;
        if (seen.length === 12) p.unlink('file-0');
      }
    },
    [42, 42],
  ],
  ['listing far behind the end', (p) => p.list(Number(p.open('.')), 2n ** 63n), []],
  ['listing a file', (p) => (make(p, 'f'), p.list(Number(p.open('f')))), 'ENOTDIR'],
  ['opening below a file', (p) => (make(p, 'f'), p.open('x', { fd: Number(p.open('f')) })), 'ENOTDIR'],
  [
    'a bad descriptor',
    (p) => [p.open('x', { fd: 99 }), p.open('x', { fd: -1 }), p.read(99), p.write(-1, 'x'), p.close(99)],
    ['EBADF', 'EBADF', 'EBADF', 'EBADF', 'EBADF'],
  ],
  [
    'the lowest number is used again',
    (p) => {
      const fd = Number(p.open('.'));
      const next = Number(p.open('.'));
      p.close(fd);
      return [Number(p.open('.')) === fd, Number(p.open('.')) === next + 1];
    },
    [true, true],
  ],
  [
    'renumber',
    (p) => {
      make(p, 'f', 'abc');
      const from = Number(p.open('f'));
      const to = Number(p.open('.'));
      return [p.w.fd_renumber(from, to), p.read(to), p.read(from), p.w.fd_renumber(to, to), p.w.fd_renumber(from, to)];
    },
    [0, 'abc', 'EBADF', 0, 8],
  ],
  [
    'standard output is moved away, and back',
    (p) => {
      const kept = Number(p.open('.'));
      const file = Number(p.open('f', { oflags: CREAT, rights: ALL }));
      const there = [p.w.fd_renumber(1, kept), p.w.fd_renumber(file, 1), p.write(1, 'to the file')];
      const back = [p.w.fd_renumber(kept, 1), p.write(1, 'out')];
      return [...there, ...back, p.read(Number(p.open('f'))), p.w.fd_renumber(1, 1000), p.w.fd_renumber(1, -1)];
    },
    [0, 0, 11, 0, 3, 'to the file', 8, 8],
  ],
  [
    'sync',
    (p) => {
      const fd = Number(p.open('f', { oflags: CREAT, rights: ALL, flags: 16 }));
      return [
        p.write(fd, 'x'),
        p.w.fd_sync(fd),
        p.w.fd_datasync(fd),
        p.w.fd_advise(fd, 0n, 0n, 5),
        p.w.fd_advise(fd, 0n, 0n, 6),
      ];
    },
    [1, 0, 0, 0, 28],
  ],
];

/** @type {[string, ((path: string) => import('../../runner/abi/wasi/inode.js').OpenDirectory) | null][]} */
const kinds = [
  ['in memory', null],
  ['on the host by open directories', (path) => openHostFolder(path)],
  ['on the host by checked paths', (path) => openHostFolder(path, true)],
];

for (const [kind, open] of kinds) {
  for (const [name, act, expected] of cases) {
    test(`${kind}: ${name}`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'wasi-files-'));
      try {
        if (open !== null) setHostFolders(open);
        const p = startWasi(open === null ? {} : { dirs: [{ host: folder, guest: '/' }] });
        assert.deepEqual(act(p), expected);
        p.served.close?.();
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
}
