// Runs the sanitised mutator (mutate.c) over the corpus, JSRS files and small WebAssembly modules, on all cores, a few
// files to a process, and adds its tallies up. Inputs that crash or hang are left in tests/out/fuzz, and so are modules
// that were compiled from an input and that the engine does not take.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { project, projectFiles } from '../lib/files.mjs';

export const cores = availableParallelism?.() ?? cpus().length;
export const findings = join(project, 'tests/out/fuzz');
const MUTATOR = join(project, 'backend/build/asan/mutate');
const FILES_PER_PROCESS = 4; // small enough that no core idles for long at the end
const WASM_BYTES_MOST = 2048; // of a module, since each of its prefixes is an input

/**
 * `passed`: files. `again`: inputs that came before and so were not run again. `samples`: compiled modules that the engine
 * looked at.
 * @typedef {{ passed: number, inputs: number, again: number, samples: number, failed: string[], codes: Map<number, number>,
 *   slowest: { ms: number, what: string } }} Tally
 */

/** One process; resolves to its status and what it printed. */
export function runProgram(/** @type {string} */ program, /** @type {string[]} */ args, more = {}) {
  // Small inputs by the million: a long quarantine of freed memory and stacks of who asked for it only cost time. An input
  // that is found is left as a file, and can be run again with these.
  const env = { ...process.env, ASAN_OPTIONS: 'quarantine_size_mb=4:malloc_context_size=1', ...more };
  return new Promise((/** @type {(end: { status: number | null, text: string }) => void} */ resolve) => {
    mkdirSync(findings, { recursive: true });
    const child = spawn(program, args, { cwd: findings, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => (text += chunk));
    }
    child.on('error', (error) => (text += error.message));
    child.on('close', (status) => resolve({ status, text }));
  });
}

/** Every prefix of every corpus file and `count` mutations of each. The same seed gives the same inputs. */
export async function runMutations(/** @type {number} */ seed, /** @type {number} */ count) {
  const modules = projectFiles('fixtures/wasm', /\.wasm$/).map((file) => join(project, file));
  const files = [
    ...projectFiles('fixtures/jsrs', /\.jsrbin$/).map((file) => join(project, file)),
    ...modules.filter((file) => statSync(file).size <= WASM_BYTES_MOST),
  ];
  /** @type {Tally} */
  const tally = {
    passed: 0,
    inputs: 0,
    again: 0,
    samples: 0,
    failed: [],
    codes: new Map(),
    slowest: { ms: 0, what: '' },
  };
  // Large and small files in each share, so that all take as long.
  const bySize = files.map((file) => ({ file, size: statSync(file).size })).sort((a, b) => b.size - a.size);
  const shares = Array.from(
    { length: Math.ceil(files.length / FILES_PER_PROCESS) },
    () => /** @type {string[]} */ ([]),
  );
  bySize.forEach(({ file }, at) => shares[at % shares.length].push(file));

  const worker = async (/** @type {unknown} */ _, /** @type {number} */ number) => {
    const samples = join(findings, `samples-${process.pid}-${number}`);
    for (let share = shares.shift(); share; share = shares.shift()) {
      const { status, text } = await runProgram(MUTATOR, [String(seed), String(count), ...share], {
        SAMPLES: samples,
      });
      if (status !== 0) tally.failed.push(`exit ${status} on ${share.join(' ')}\n${text.slice(-4000)}`);
      add(tally, text);
      if (status === 0 && areValid(tally, readFileSync(samples), seed)) tally.passed += share.length;
    }
    rmSync(samples, { force: true });
  };
  await Promise.all(Array.from({ length: cores }).map(worker));
  return tally;
}

/** Looks at modules, each behind its length. @param {Tally} tally @param {Buffer} samples @param {number} seed */
function areValid(tally, samples, seed) {
  const failed = tally.failed.length;
  for (let at = 0; at < samples.length; tally.samples++) {
    const module = samples.subarray(at + 4, at + 4 + samples.readUInt32LE(at));
    at += 4 + module.length;
    if (WebAssembly.validate(new Uint8Array(module))) continue;
    const name = `invalid-${seed}-${tally.failed.length}.wasm`;
    writeFileSync(join(findings, name), module);
    tally.failed.push(`an input became ${name}, which is not valid`);
  }
  return tally.failed.length === failed;
}

/** Takes over what one process reports about its share. */
function add(/** @type {Tally} */ tally, /** @type {string} */ text) {
  for (const [, code, inputs] of text.matchAll(/^code (\d+): (\d+)$/gm)) {
    tally.codes.set(Number(code), (tally.codes.get(Number(code)) ?? 0) + Number(inputs));
    tally.inputs += Number(inputs);
  }
  tally.again += Number(/^again: (\d+)$/m.exec(text)?.[1] ?? 0);
  const [, ms, what] = /^slowest: ([\d.]+) ms \((.*)\)$/m.exec(text) ?? [];
  if (Number(ms) > tally.slowest.ms) tally.slowest = { ms: Number(ms), what };
}

export function describe(/** @type {Tally} */ { inputs, again, samples, codes, slowest }) {
  const ends = [...codes].sort(([a], [b]) => a - b).map(([code, count]) => `${code}: ${count}`);
  return `${inputs} inputs (${again} came again), by code ${ends.join(', ')}; ${samples} compiled modules sampled; slowest ${slowest.ms} ms (${slowest.what})`;
}
