// The command line on modules: folders of the host given by --dir.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { fixture, inFolder, put } from './cli-module-kit.js';
import { cli } from './cli-process.js';

mkdirSync(inFolder('home/sub'), { recursive: true });
mkdirSync(inFolder('other'));
put('secret', 'SECRET');
put('home/sub/note', 'hello\n');
put('other/text', 'one two three\n');
symlinkSync('../secret', inFolder('home/up'));
symlinkSync(inFolder('secret'), inFolder('home/absolute'));
symlinkSync('sub/note', inFolder('home/inside'));
symlinkSync('..', inFolder('home/parent'));
const HEXDUMP = fixture('wasi/hexdump');

test('--dir: files are read, made and kept; several folders; the path is the same where one is given', () => {
  const counted = cli([
    'run',
    fixture('wasi/words'),
    '--dir',
    `${inFolder('home')}::/`,
    '--dir',
    `${inFolder('other')}::/data/x`,
    '--args',
    'sub/note',
    '/data/x/text',
  ]);
  assert.equal(counted.status, 0, counted.stderr);
  assert.match(counted.stdout, / 1 +3 +14 +\/data\/x\/text\n/);
  assert.match(readFileSync(inFolder('home/report.txt'), 'utf8'), /text/);
  rmSync(inFolder('home/report.txt'));
  const same = cli(['run', HEXDUMP, '--dir', inFolder('other'), '--args', inFolder('other/text')]);
  assert.match(same.stdout, /one two/, same.stderr);
  assert.match(cli(['run', HEXDUMP, '--dir', `${inFolder('home')}::/`, '--args', 'inside']).stdout, /hello/);
});

test('--dir cannot be left: not by .., absolute paths or links', () => {
  for (const path of [
    '../secret',
    'sub/../../secret',
    '/../secret',
    inFolder('secret'),
    'up',
    'absolute',
    'parent/secret',
    'sub/../parent/secret',
  ]) {
    const { status, stdout, stderr } = cli(['run', HEXDUMP, '--dir', `${inFolder('home')}::/`, '--args', path]);
    assert.notEqual(status, 0, path);
    assert.ok(!stdout.includes('SECRET') && stdout === '', path);
    assert.match(stderr, /hexdump: /, path);
  }
  assert.equal(readFileSync(inFolder('secret'), 'utf8'), 'SECRET');
});

test('a folder that there is not, and a file for a folder: a sentence, status 10', () => {
  for (const path of [inFolder('none'), inFolder('secret')]) {
    const { status, stderr } = cli(['run', HEXDUMP, '--dir', `${path}::/`]);
    assert.equal(status, 10, stderr);
    assert.match(stderr, /^error\[io-error\]: the folder `.*` cannot be opened: /);
  }
});
