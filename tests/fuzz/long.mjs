// `make fuzz`: hunts for MINUTES (30). Half of the time new seeds for the mutator, then libFuzzer from the corpus.
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { project } from '../lib/files.mjs';
import { cores, describe, findings, runMutations, runProgram } from './mutations.mjs';

const minutes = Number(process.env.MINUTES ?? 30);
if (!(minutes > 0)) {
  process.stderr.write('MINUTES must be a number above 0\n');
  process.exit(11);
}
let failed = 0;

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
