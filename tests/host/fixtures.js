// The fixtures by name ("fact.v1"), with what they must give.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../lib/files.mjs';

const folder = join(project, 'fixtures', 'jsrs');

export function fixturePath(/** @type {string} */ name) {
  return join(folder, `${name}.jsrbin`);
}

export function fixture(/** @type {string} */ name) {
  return new Uint8Array(readFileSync(fixturePath(name)));
}

/** One of the files that must be refused. */
export function malformed(/** @type {string} */ name) {
  return new Uint8Array(readFileSync(join(project, 'fixtures', 'jsrs-malformed', `${name}.jsrbin`)));
}

/** @returns {{ entry: string, code: number, exit_value: string | null, stdout: Buffer }} */
export function expectationOf(/** @type {string} */ name) {
  const expected = JSON.parse(readFileSync(join(folder, `${name}.expect.json`), 'utf8'));
  return { ...expected, stdout: readFileSync(join(folder, `${name.split('.')[0]}.stdout`)) };
}
