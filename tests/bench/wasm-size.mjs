// Size of generated modules: every JSRS fixture compiled at -Os, against what Debian's `wasm-opt -Oz` makes of the same
// program compiled at -O1. wasm-opt is a yardstick and nothing that the project needs: without it there is no figure.
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { exists, project, projectFiles, readText } from '../lib/files.mjs';
import { printTable } from './measure.mjs';

const CLI = process.env.JSRUST_BACKEND_C ?? join(project, 'backend/bin/jsrust-backend-c');
const FOLDERS = ['fixtures/jsrs', 'fixtures/jsrs-own', 'fixtures/jsrs-bench'];
const SHOWN = 10;
const scratch = join(project, 'tests/out/bench/wasm-size');

function entryOf(/** @type {string} */ file) {
  const expectation = file.replace(/\.jsrbin$/, '.expect.json');
  return exists(expectation) ? JSON.parse(readText(expectation)).entry : 'main';
}

/** Bytes of a command's output file, 0 if it refuses. */
function sizeOf(/** @type {string[]} */ command, /** @type {string} */ out) {
  return spawnSync(command[0], command.slice(1)).status === 0 ? statSync(out).size : 0;
}

/**
 * One program's sizes, null where it does not compile. Places of traps are left out: wasm-opt keeps that section as it is.
 * @typedef {{ name: string, os: number, o1: number, yardstick: number }} Sizes
 */
function measure(/** @type {string} */ file) {
  const name = basename(file, '.jsrbin');
  const path = (/** @type {string} */ kind) => join(scratch, `${name}.${kind}.wasm`);
  const build = (/** @type {string} */ level) =>
    sizeOf(
      [CLI, 'build', join(project, file), '--entry', entryOf(file), '--no-map', '-O', level, '-o', path(level)],
      path(level),
    );
  const sizes = { name, os: build('s'), o1: build('1'), yardstick: 0 };
  if (sizes.o1 === 0) return null;
  sizes.yardstick = sizeOf(['wasm-opt', '-Oz', '-all', '--strip-debug', path('1'), '-o', path('z')], path('z'));
  if (sizes.os === 0 || sizes.yardstick === 0) throw new Error(`${name}: compiled at -O1 only, or wasm-opt refuses it`);
  return sizes;
}

const percent = (/** @type {number} */ part, /** @type {number} */ of) => `${((part / of - 1) * 100).toFixed(2)}%`;

function row(/** @type {string} */ name, /** @type {Sizes[]} */ of) {
  const sum = (/** @type {'os' | 'o1' | 'yardstick'} */ key) => of.reduce((total, each) => total + each[key], 0);
  const [os, o1, yardstick] = [sum('os'), sum('o1'), sum('yardstick')];
  return [name, String(o1), String(os), String(yardstick), String(os - yardstick), percent(os, yardstick)];
}

export function benchWasmSize() {
  if (spawnSync('wasm-opt', ['--version']).error) {
    process.stdout.write(
      '\nSize of generated modules: not measured, as wasm-opt (Debian: binaryen) is not installed\n',
    );
    return;
  }
  mkdirSync(scratch, { recursive: true });
  /** @type {Sizes[]} */
  const all = [];
  const rows = [['programs', '-O1', '-Os', 'wasm-opt -Oz', 'more', '-Os over wasm-opt']];
  for (const folder of FOLDERS) {
    const sizes = projectFiles(folder, /\.jsrbin$/).flatMap((file) => measure(file) ?? []);
    rows.push(row(`${folder} (${sizes.length})`, sizes));
    all.push(...sizes);
  }
  rows.push(row(`all (${all.length})`, all));
  all.sort((a, b) => b.os - b.yardstick - (a.os - a.yardstick));
  for (const sizes of all.slice(0, SHOWN)) rows.push(row(sizes.name, [sizes]));
  printTable('Bytes of generated modules (aim: -Os at most 3% over wasm-opt -Oz, in total)', rows);
}
