// The corpus as test cases: every well-formed file with what it must do, every malformed one with the codes that pass.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { project, projectFiles, readText } from '../lib/files.mjs';

/**
 * @typedef {{ name: string, path: string, bytes: Buffer, entry: string, code: number, exitValue: string | null,
 *   stdout: Buffer }} GoodCase
 * @typedef {{ name: string, path: string, bytes: Buffer, entry: string, accept: number[] }} BadCase
 */

const bytesOf = (/** @type {string} */ file) => readFileSync(join(project, file));

/** The corpus and this project's own programs beside it. @returns {GoodCase[]} */
export function goodCases() {
  return [...casesOf('fixtures/jsrs', ''), ...casesOf('fixtures/jsrs-own', 'own-')];
}

/** @returns {GoodCase[]} */
function casesOf(/** @type {string} */ folder, /** @type {string} */ prefix) {
  return projectFiles(folder, /\.jsrbin$/).map((path) => {
    const expected = JSON.parse(readText(path.replace(/\.jsrbin$/, '.expect.json')));
    return {
      name: prefix + basename(path, '.jsrbin'),
      path: join(project, path),
      bytes: bytesOf(path),
      entry: expected.entry,
      code: expected.code,
      exitValue: expected.exit_value,
      stdout: bytesOf(path.replace(/\.v\d\.jsrbin$/, '.stdout')),
    };
  });
}

/** @returns {BadCase[]} */
export function badCases() {
  const folder = 'fixtures/jsrs-malformed';
  return JSON.parse(readText(`${folder}/index.json`)).map((/** @type {any} */ row) => ({
    name: basename(row.file, '.jsrbin'),
    path: join(project, folder, row.file),
    bytes: bytesOf(`${folder}/${row.file}`),
    entry: row.entry,
    accept: row.accept,
  }));
}
