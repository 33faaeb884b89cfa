// The library's `run` on WebAssembly modules, to its last end: what comes back (files, folders, screen), and that nothing
// stays behind, neither handles nor listeners nor memory.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { run } from '../../runner/index.js';
import { project } from '../lib/files.mjs';

const folder = mkdtempSync(join(tmpdir(), 'jsrs-run-module-'));
after(() => rmSync(folder, { recursive: true }));

const path = (/** @type {string} */ name) => join(project, 'fixtures', `${name}.wasm`);
const fixture = (/** @type {string} */ name) => readFileSync(path(name));
const text = (/** @type {unknown} */ bytes) => new TextDecoder().decode(/** @type {Uint8Array} */ (bytes));

test('files come back changed and new; those of a folder of the host are on the disk', async () => {
  const files = { 'a.txt': 'one two\n', 'sub/b.txt': new TextEncoder().encode('three\n'), link: { link: 'a.txt' } };
  const result = await run({ bytes: fixture('wasi/words'), args: ['a.txt', 'sub/b.txt'], files });
  assert.equal(result.code, 0, text(result.stderr));
  assert.match(text(result.files?.['report.txt']), /a\.txt/);
  assert.equal(text(result.files?.['a.txt']), 'one two\n');
  assert.deepEqual(result.files?.link, { link: 'a.txt' });
  writeFileSync(join(folder, 'c.txt'), 'four five six\n');
  const onDisk = await run({ bytes: fixture('wasi/words'), args: ['c.txt'], dirs: { '/': folder } });
  assert.equal(onDisk.code, 0, text(onDisk.stderr));
  assert.match(readFileSync(join(folder, 'report.txt'), 'utf8'), /c\.txt/);
  const missing = await run({ bytes: fixture('wasi/words'), dirs: { '/': join(folder, 'none') } });
  assert.deepEqual([missing.code, missing.kind], [10, 'io-error']);
  assert.match(missing.message, /the folder `.*none` cannot be opened/);
});

test('the screen has the fields of the corpus', async () => {
  /** @type {{ keys: string[], terminal: { lines: string[] } }} */
  const { keys, terminal } = JSON.parse(readFileSync(path('aver/snake').replace(/wasm$/, 'expect.json'), 'utf8'));
  const { screen } = await run({ bytes: fixture('aver/snake'), keys, clock: 0 });
  assert.deepEqual(Object.keys(screen ?? {}).sort(), Object.keys(terminal).sort());
  assert.deepEqual(screen?.lines, terminal.lines);
  const small = await run({
    bytes: fixture('wasm/bricks'),
    keys: ['x', 'x', 'q'],
    size: { columns: 40, rows: 12 },
    clock: 0,
  });
  assert.match(small.screen?.lines.join('\n') ?? '', /needs 74 by 24/);
});

test('input as text, bytes and pieces is the same to a program', async () => {
  const input = 'first\nsecond\nlast';
  async function* pieces() {
    for (const character of input) yield new TextEncoder().encode(character);
  }
  const outputs = [];
  for (const stdin of [input, new TextEncoder().encode(input), pieces()]) {
    outputs.push(text((await run({ bytes: fixture('aver/readline_echo'), stdin })).stdout));
  }
  assert.match(outputs[0], /last/);
  assert.deepEqual(outputs, [outputs[0], outputs[0], outputs[0]]);
});

test('a signal that was given before the start stops the run', async () => {
  const result = await run({ bytes: fixture('hostile/endless_loop'), signal: AbortSignal.abort() });
  assert.deepEqual([result.code, result.message], [40, 'stopped']);
});

const PROGRAM = `
import { readFileSync } from 'node:fs';
import { run } from '${project}/runner/index.js';
process.on('unhandledRejection', () => process.exit(9));
async function* endless() { for (;;) yield new Uint8Array(1000); }
const hello = readFileSync('${path('aver/hello')}');
await run({ bytes: hello, stdin: endless() });
await run({ bytes: readFileSync('${path('hostile/endless_output')}'), limits: { output: 10_000_000 }, onStdout() { throw new Error('no'); } });
await run({ bytes: readFileSync('${path('hostile/endless_loop')}'), limits: { seconds: 0.1 } });
await run({ bytes: readFileSync('${path('wasm/needs_imports')}') });
console.log('all');
`;

test('a process ends by itself after its runs: no handle, no rejection is left', () => {
  const options = { timeout: 120_000 };
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM], options);
  assert.deepEqual([done.status, done.stdout.toString()], [0, 'all\n'], done.stderr.toString());
});

test('a hundred runs leave no listener, no thread and no memory behind', { timeout: 120_000 }, async () => {
  const { signal } = new AbortController();
  const bytes = fixture('wasi/words');
  const once = () => run({ bytes, signal, args: ['a'], files: { a: 'x'.repeat(100_000) } });
  const resources = () =>
    process.getActiveResourcesInfo().filter((name) => name !== 'Timeout' && name !== 'Immediate').length;
  for (let i = 0; i < 20; i++) await once();
  const before = { memory: process.memoryUsage().rss, resources: resources(), listeners: process.eventNames().length };
  for (let i = 0; i < 100; i++) assert.equal((await once()).code, 0);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  assert.equal(process.eventNames().length, before.listeners);
  // The last threads may yet be ending.
  const deadline = performance.now() + 20_000;
  while (resources() > before.resources + 4 && performance.now() < deadline) await setTimeout(10);
  assert.ok(resources() <= before.resources + 4, process.getActiveResourcesInfo().join(' '));
  const grown = process.memoryUsage().rss - before.memory;
  assert.ok(grown < 100_000_000, `${grown} bytes`); // one run has some 3 MB of rings, and a thread
});
