// `make fuzz`: hunts for MINUTES (30). First random modules of the IR, interpreted against compiled: MODULES (1,000,000) of them
// however long that takes, from a seed of the day on; 0 leaves them out. Then half of the time new seeds for the mutator, and
// libFuzzer from the corpus.
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { project } from '../lib/files.mjs';
import { cores, describe, findings, runMutations, runProgram } from './mutations.mjs';
import { describe as describeModules, runRandomModules } from './random-modules.mjs';

const minutes = Number(process.env.MINUTES ?? 30);
if (!(minutes > 0)) {
  process.stderr.write('MINUTES must be a number above 0\n');
  process.exit(11);
}
const modules = Number(process.env.MODULES ?? 1_000_000);
if (!(modules >= 0)) {
  process.stderr.write('MODULES must be a number\n');
  process.exit(11);
}
let failed = 0;

const BATCH = 20_000; // seeds after which it says how far it is
const firstSeed = Math.floor(Date.now() / 1000);
for (let done = 0; done < modules; done += BATCH) {
  const tally = await runRandomModules(firstSeed + done, Math.min(BATCH, modules - done));
  process.stdout.write(`from seed ${firstSeed + done}: ${describeModules(tally)}\n`);
  process.stdout.write(tally.failures.map((line) => `${line}\n`).join(''));
  failed += tally.failures.length;
}

for (const end = Date.now() + minutes * 30_000; Date.now() < end;) {
  const seed = Date.now() % 2 ** 31;
  const tally = await runMutations(seed, 5_000);
  process.stdout.write(`seed ${seed}: ${describe(tally)}\n${tally.failed.join('\n')}`);
  failed += tally.failed.length;
}

// Each fuzzer and the folders of fixtures that it starts from.
const fuzzers = Object.entries({
  jsrs_fuzz: ['jsrs', 'jsrs-malformed'],
  wasm_fuzz: ['wasm', 'hostile', 'wasi', 'aver'],
});
for (const [name, folders] of fuzzers) {
  const grown = join(findings, name);
  mkdirSync(grown, { recursive: true });
  const { status, text } = await runProgram(join(project, 'backend/build/fuzz', name), [
    grown,
    ...folders.map((folder) => join(project, 'fixtures', folder)),
    `-max_total_time=${Math.ceil((minutes * 30) / fuzzers.length)}`,
    `-fork=${cores}`,
    '-ignore_crashes=0',
    '-timeout=5',
    '-rss_limit_mb=2048',
    '-max_len=16384',
  ]);
  process.stdout.write(text.slice(-4000));
  failed += status === 0 ? 0 : 1;
}
process.stdout.write(failed > 0 ? `findings lie in ${findings}\n` : 'nothing found\n');
process.exitCode = failed > 0 ? 1 : 0;
