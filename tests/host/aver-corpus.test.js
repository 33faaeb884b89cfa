// Every module of fixtures/aver, fixtures/aver-programs and fixtures/jsrs-generated under its ABI alone: the text of both
// streams, the terminal, traps and the exit value. Time is virtual and chance is seeded.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aver } from '../../runner/abi/aver/index.js';
import { jsrust } from '../../runner/abi/jsrust.js';
import { wasiPreview1 } from '../../runner/abi/wasi/index.js';
import { project, projectFiles, readText } from '../lib/files.mjs';
import { fakeIo, fakeScreen, runModule } from './aver-io.js';

for (const file of ['fixtures/aver', 'fixtures/aver-programs'].flatMap((folder) => projectFiles(folder, /\.wasm$/))) {
  const expected = JSON.parse(readText(file.replace(/\.wasm$/, '.expect.json')));
  test(file, () => {
    const { args, keys, env, seed, clock } = expected;
    const input = expected.lines.map((/** @type {string} */ line) => `${line}\n`).join('');
    const terminal = fakeScreen(Object.keys(expected.snapshotAtFlush ?? {}).map(Number));
    const world = fakeIo({ args, keys, env, seed, clock, input, screen: terminal.screen });
    const { trap, failure } = runModule(readFileSync(join(project, file)), [aver, wasiPreview1], world.io);
    assert.equal(world.stdout(), expected.stdout);
    assert.equal(world.stderr(), expected.stderr);
    assert.equal(trap !== null, expected.trap, String(trap));
    assert.equal(failure, expected.failure ?? null);
    assert.deepEqual(terminal.result(), expected.terminal);
    for (const [flush, frame] of Object.entries(expected.snapshotAtFlush ?? {})) {
      assert.deepEqual({ ...terminal.snapshots[Number(flush)], ...frame }, terminal.snapshots[Number(flush)]);
    }
  });
}

for (const file of projectFiles('fixtures/jsrs-generated', /\.wasm$/)) {
  const expected = JSON.parse(readText(file.replace(/\.wasm$/, '.expect.json')));
  test(file, () => {
    const world = fakeIo();
    const { trap, value } = runModule(readFileSync(join(project, file)), [jsrust], world.io);
    assert.equal(world.stdout(), expected.stdout);
    assert.equal(trap !== null, expected.code === 40, String(trap));
    if (trap === null) assert.equal(value === undefined ? null : String(value), expected.exit_value);
  });
}
