// Decoding and encoding a file gives back its bytes, for every version (issue part A2). Through the command line, so
// that its file handling is held to it as well.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ownFolder, project, projectFiles } from '../lib/files.mjs';
import { NATIVE } from './modes.mjs';

const scratch = ownFolder('roundtrip');

for (const folder of ['fixtures/jsrs', 'fixtures/jsrs-own', 'fixtures/jsrs-bench']) {
  for (const file of projectFiles(folder, /\.jsrbin$/)) {
    test(`encode gives back ${file}`, () => {
      const out = join(scratch, 'encoded.jsrbin');
      rmSync(out, { force: true });
      const { status, stderr } = spawnSync(NATIVE, ['encode', join(project, file), '--out', out]);
      assert.equal(status, 0, stderr.toString());
      assert.ok(readFileSync(out).equals(readFileSync(join(project, file))));
    });
  }
}
