// Random programs, built by rustc in release mode and run as JSRS in every mode: the same bytes. Only where rustc is
// there. All programs of a run are modules of one crate, which is built once. RANDOM_RUST_SEED and RANDOM_RUST_COUNT
// choose others than the usual ones.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { project } from '../lib/files.mjs';
import { toJsrs } from '../lib/program-to-jsrs.js';
import { randomProgram, rustText } from '../lib/random-program.js';
import { modes } from './modes.mjs';

const FIRST = Number(process.env.RANDOM_RUST_SEED ?? 1);
const COUNT = Number(process.env.RANDOM_RUST_COUNT ?? 60);
const ALLOWED = 'warnings, arithmetic_overflow, unconditional_panic, overflowing_literals';
const MARK = '== ';

const scratch = join(project, 'tests/out/random-rust');
const seeds = Array.from({ length: COUNT }, (_, at) => FIRST + at);
const rustc = spawnSync('rustc', ['--version']).status === 0;

/** What each program prints, by seed. */
function expected() {
  mkdirSync(scratch, { recursive: true });
  const programs = seeds.map((seed) => `mod seed_${seed} {\n${rustText(randomProgram(seed))}}\n`);
  const calls = seeds.map((seed) => `println!("${MARK}${seed}"); seed_${seed}::main();\n`);
  const source = join(scratch, 'programs.rs');
  writeFileSync(source, `#![allow(${ALLOWED})]\n${programs.join('')}fn main() {\n${calls.join('')}}\n`);
  const binary = join(scratch, 'programs');
  const made = spawnSync('rustc', ['-C', 'opt-level=1', '-C', 'overflow-checks=off', '-o', binary, source]);
  assert.equal(made.status, 0, made.stderr.toString());
  const ran = spawnSync(binary, { maxBuffer: 1 << 28 });
  assert.equal(ran.status, 0, ran.stderr.toString());
  const parts = ran.stdout.toString().split(new RegExp(`^${MARK}(\\d+)\\n`, 'm'));
  return new Map(seeds.map((seed, at) => [seed, parts[2 * at + 2]]));
}

test('random programs print what rustc makes them print', { skip: rustc ? false : 'no rustc' }, async (t) => {
  const outputs = expected();
  for (const seed of seeds) {
    const bytes = Buffer.from(toJsrs(randomProgram(seed)));
    const path = join(scratch, `${seed}.jsrbin`);
    writeFileSync(path, bytes);
    await t.test(`seed ${seed}`, async () => {
      for (const [name, mode] of Object.entries(modes)) {
        const outcome = await mode({ name: `random-${seed}`, path, bytes, entry: 'main' });
        assert.equal(outcome.code, 0, `${name}: ${outcome.message}`);
        assert.equal(outcome.stdout.toString(), outputs.get(seed), name);
      }
    });
  }
});
