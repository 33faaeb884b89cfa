// Writing files: all or nothing, and what is no regular file is left what it is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeAtomic } from '../../runner/node/atomic-file.js';

const folder = mkdtempSync(join(tmpdir(), 'jsrs-files-'));
after(() => rmSync(folder, { recursive: true }));
const bytes = Buffer.from('new');

test('a file is made, and replaced', () => {
  const path = join(folder, 'a');
  writeAtomic(path, Buffer.from('old'));
  writeAtomic(path, bytes);
  assert.equal(readFileSync(path, 'utf8'), 'new');
  assert.deepEqual(readdirSync(folder), ['a']);
});

test('a folder that does not exist is an error', () => {
  assert.throws(() => writeAtomic(join(folder, 'none', 'a'), bytes), /ENOENT/);
});

test('a path that is a folder is an error, and nothing is left behind', () => {
  mkdirSync(join(folder, 'sub'));
  assert.throws(() => writeAtomic(join(folder, 'sub'), bytes));
  assert.deepEqual(readdirSync(folder).sort(), ['a', 'sub']);
});

test('a failure half way leaves the old file', () => {
  const path = join(folder, 'b');
  writeFileSync(path, 'old');
  // A value that cannot be written fails after the temporary file was made.
  assert.throws(() => writeAtomic(path, /** @type {any} */ (Symbol('no bytes'))));
  assert.equal(readFileSync(path, 'utf8'), 'old');
  assert.ok(!readdirSync(folder).some((name) => name.endsWith('.tmp')));
});

test('a pipe is written to, not replaced', { skip: !existsSync('/usr/bin/mkfifo') }, async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const { spawn } = await import('node:child_process');
  const reader = spawn('cat', [path]);
  /** @type {Buffer[]} */
  const got = [];
  reader.stdout.on('data', (chunk) => got.push(chunk));
  const ended = new Promise((resolve) => reader.on('close', resolve));
  writeAtomic(path, bytes);
  await ended;
  assert.equal(Buffer.concat(got).toString(), 'new');
  assert.ok(statSync(path).isFIFO());
});
