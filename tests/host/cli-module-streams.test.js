// The command line on modules: standard input of every kind, readers that are slow or go away, signals.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { openSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CAT, ENDLESS, HELLO, fixture, inFolder } from './cli-module-kit.js';
import { atRest, cli, start } from './cli-process.js';

test('standard input: none, closed, binary and more than a megabyte, and a module that is standard input itself', () => {
  const bytes = randomBytes(3_000_001);
  const copied = cli(['run', CAT], { input: bytes });
  assert.equal(copied.stderr, 'ok exit=0\n');
  assert.ok(copied.done.stdout.equals(bytes));
  assert.deepEqual(
    [cli(['run', CAT], { input: '' }).stdout, cli(['run', CAT], { stdio: ['ignore', 'pipe', 'pipe'] }).status],
    ['', 0],
  );
  const own = cli(['run', '-'], { input: readFileSync(CAT) });
  assert.deepEqual([own.stdout, own.status], ['', 0]);
});

test('standard input that stays open does not keep a program that has ended', async () => {
  const { child, ended } = start(['run', HELLO], ['pipe', 'ignore', 'pipe']);
  assert.equal((await ended).status, 0);
  child.stdin?.destroy();
  const reads = start(['run', fixture('aver/readline_echo')], ['pipe', 'pipe', 'pipe']);
  reads.child.stdin?.write('one\ntwo\n');
  reads.child.stdout?.resume();
  await new Promise((resolve) => reads.child.stdout?.once('data', resolve));
  reads.child.stdin?.end();
  assert.equal((await reads.ended).status, 0);
});

test('lines of piped input reach an Aver program', () => {
  const { stdout } = cli(['run', fixture('aver/readline_echo')], { input: 'first\r\nsecond' });
  assert.match(stdout, /first\|[^]*second\|/);
});

test('a reader that goes away ends the program quietly', async () => {
  const { child, ended } = start(['run', ENDLESS]);
  child.stdout?.once('data', () => child.stdout?.destroy());
  assert.deepEqual(await ended, { status: 10, signal: null, stderr: '' });
});

test('a reader of standard error that goes away, too', async () => {
  const { child, ended } = start(['run', HELLO, '--trace'], ['ignore', 'ignore', 'pipe']);
  child.stderr?.destroy();
  assert.deepEqual([(await ended).status, (await ended).signal], [10, null]);
});

test('a slow reader slows the program: nothing piles up', async () => {
  const { child, ended } = start(['run', ENDLESS]);
  await new Promise((resolve) => child.stdout?.once('readable', () => resolve(undefined)));
  // It fills all that is on the way, and then waits.
  const kilobytes = await atRest(child);
  assert.ok(kilobytes < 200_000, `${kilobytes} KB`);
  child.stdout?.resume();
  child.kill('SIGINT');
  await ended;
});

for (const [signal, status] of /** @type {[NodeJS.Signals, number][]} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])) {
  test(`${signal}: what was printed is out, status ${status}`, async () => {
    const { child, ended } = start([
      'run',
      fixture('hostile/endless_output'),
      '--trace',
      '--trace-out',
      inFolder(signal),
    ]);
    let bytes = 0;
    child.stdout?.on('data', (chunk) => {
      if (bytes === 0) child.kill(signal);
      bytes += chunk.length;
    });
    const { status: got, stderr } = await ended;
    assert.equal(got, status, stderr);
    assert.match(stderr, /^error\[execute-error\]: stopped\n/);
    assert.match(readFileSync(inFolder(signal), 'utf8'), /^\{"n":1,/);
  });
}

test('a full disk is an io-error', { skip: process.platform !== 'linux' }, async () => {
  const { ended } = start(['run', ENDLESS], ['ignore', openSync('/dev/full', 'w'), 'pipe']);
  const { status, stderr } = await ended;
  assert.equal(status, 10);
  assert.match(stderr, /^error\[io-error\]: the output cannot be written/);
});
