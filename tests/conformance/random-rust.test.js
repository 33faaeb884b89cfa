// Random programs, built by rustc in release mode and run as JSRS in every mode and at every level: the same bytes, and
// where one fails the same place. Only where rustc is there. All programs of a run are modules of one crate, which is built
// once. RANDOM_RUST_SEED and RANDOM_RUST_COUNT choose others than the usual ones.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { project } from '../lib/files.mjs';
import { toJsrs as dataToJsrs } from '../lib/data-to-jsrs.js';
import { toJsrs } from '../lib/program-to-jsrs.js';
import { rustText as dataRust, randomData } from '../lib/random-data.js';
import { randomEarly } from '../lib/random-early.js';
import { randomProgram, rustText } from '../lib/random-program.js';
import { run } from '../../runner/index.js';
import { LEVELS, checkCompiled, endedOf } from './compiled-cases.mjs';
import { modes } from './modes.mjs';

/** @import { Position } from '../../runner/result.js' */

const FIRST = Number(process.env.RANDOM_RUST_SEED ?? 1);
const COUNT = Number(process.env.RANDOM_RUST_COUNT ?? 60);
const ALLOWED = 'warnings, arithmetic_overflow, unconditional_panic, overflowing_literals';
const MARK = '== ';

const scratch = join(project, 'tests/out/random-rust');
const seeds = Array.from({ length: COUNT }, (_, at) => FIRST + at);
const rustc = spawnSync('rustc', ['--version']).status === 0;

// One in three of those about data is of version 2, where nothing says what structs and enums hold.
const data = (/** @type {number} */ seed) => randomData(seed, seed % 3 ? 3 : 2);
// What a program ends with its Rust text prints at the end as `=> N`.
/** @type {Record<string, { rust: (seed: number) => string, jsrs: (seed: number) => Uint8Array }>} */
const kinds = {
  numbers: { rust: (seed) => rustText(randomProgram(seed)), jsrs: (seed) => toJsrs(randomProgram(seed)) },
  data: { rust: (seed) => dataRust(data(seed)), jsrs: (seed) => dataToJsrs(data(seed)) },
  expressions: { rust: (seed) => randomEarly(seed).rust, jsrs: (seed) => randomEarly(seed).jsrs },
};

// What a program that fails has printed before counts, too.
const RUN = `fn run(program: fn()) {
    let ended = std::panic::catch_unwind(program);
    println!("\\n-- {}", if ended.is_ok() { 0 } else { 40 });
}`;

/** What each program prints and ends with, by seed. @param {string} kind @returns {Map<number, { stdout: string, code: number }>} */
function expected(kind) {
  mkdirSync(scratch, { recursive: true });
  const programs = seeds.map((seed) => `mod seed_${seed} {\n${kinds[kind].rust(seed)}}\n`);
  const calls = seeds.map((seed) => `println!("${MARK}${seed}"); run(seed_${seed}::main);\n`);
  const main = `fn main() {\nstd::panic::set_hook(Box::new(|_| {}));\n${calls.join('')}}\n`;
  const source = join(scratch, `${kind}.rs`);
  writeFileSync(source, `#![allow(${ALLOWED})]\n${programs.join('')}${RUN}\n${main}`);
  const binary = join(scratch, kind);
  const made = spawnSync('rustc', ['-C', 'opt-level=1', '-C', 'overflow-checks=off', '-o', binary, source]);
  assert.equal(made.status, 0, made.stderr.toString());
  const ran = spawnSync(binary, { maxBuffer: 1 << 28 });
  assert.equal(ran.status, 0, ran.stderr.toString());
  const parts = ran.stdout.toString().split(new RegExp(`^${MARK}(\\d+)\n`, 'm'));
  return new Map(
    seeds.map((seed, at) => {
      const [, stdout, code] = /** @type {RegExpExecArray} */ (/^(.*)\n-- (\d+)\n$/s.exec(parts[2 * at + 2]));
      return [seed, { stdout, code: Number(code) }];
    }),
  );
}

/**
 * Compiled code has lost the calls that were made loops of (opt/tail_recursion.c), and no others' order.
 * @param {Position[]} seen @param {Position[]} wanted
 */
function assertCallers(seen, wanted) {
  let at = 0;
  for (const { offset, function: name } of wanted) if (seen[at]?.offset === offset && seen[at].function === name) at++;
  assert.equal(at, seen.length, 'the call stack has calls that the interpreter does not make');
}

for (const kind of Object.keys(kinds))
  test(
    `random programs about ${kind} print what rustc makes them print`,
    { skip: rustc ? false : 'no rustc' },
    async (t) => {
      const outputs = expected(kind);
      for (const [seed, wanted] of outputs) {
        const bytes = Buffer.from(kinds[kind].jsrs(seed));
        const path = join(scratch, `${kind}-${seed}.jsrbin`);
        writeFileSync(path, bytes);
        await t.test(`seed ${seed}`, async () => {
          const check = (
            /** @type {string} */ name,
            /** @type {{ code: number, stdout: Uint8Array, message: string, exitValue: string | null }} */ ended,
          ) => {
            const { code, message, exitValue } = ended;
            assert.equal(code, wanted.code, `${name}: ${message}`);
            const exit = exitValue === null ? '' : `=> ${exitValue}`;
            assert.equal(`${Buffer.from(ended.stdout)}${exit}`, wanted.stdout, name);
          };
          for (const [name, mode] of Object.entries(modes))
            check(name, await mode({ name: `random-${kind}-${seed}`, path, bytes, entry: 'main' }));
          // Where it failed rustc does not say.
          const failed = wanted.code === 0 ? null : await run({ bytes, entry: 'main' });
          for (const level of LEVELS) {
            const compiled = await run({ bytes, entry: 'main', mode: 'compiled', level });
            check(level, compiled);
            if (!failed) continue;
            checkCompiled({ ...endedOf(compiled), stack: undefined }, endedOf(failed));
            if (!failed.omitted) assertCallers(compiled.stack ?? [], failed.stack ?? []);
          }
        });
      }
    },
  );
