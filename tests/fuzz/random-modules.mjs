// Random modules of the internal IR: the interpreter against every level and both adapters, in as many threads as there are
// cores. Each thread streams from a process of its own that makes the modules (random_modules.c), so nothing is stored.
// As a program: `node tests/fuzz/random-modules.mjs FIRST COUNT [all]`.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { project } from '../lib/files.mjs';
import { cores } from './mutations.mjs';

export const PROGRAM = join(project, 'backend/build/native/random_modules');
const SHARE = 250;
const FAILURES_MOST = 40;
const PROGRESS = 5000; // seeds after which the program says how far it is

/**
 * `limited`: seeds that run into the step limit, which have no modules. `pairs`: modules by level and adapter.
 * @typedef {{ seeds: number, limited: number, traps: number, modules: number, bytes: number,
 *   pairs: Record<string, number>, failures: string[] }} Tally
 */

/**
 * @param {number} first seed
 * @param {number} count
 * @param {{ all?: boolean, threads?: number, program?: string, onShare?: (tally: Tally) => void }} [options]
 *   all: each seed with every level and adapter; onShare: is called after each share of seeds
 * @returns {Promise<Tally>}
 */
export async function runRandomModules(
  first,
  count,
  { all = false, threads = cores, program = PROGRAM, onShare } = {},
) {
  /** @type {Tally} */
  const tally = { seeds: 0, limited: 0, traps: 0, modules: 0, bytes: 0, pairs: {}, failures: [] };
  let next = first;
  const thread = () => {
    const worker = new Worker(new URL('random-worker.mjs', import.meta.url), {
      workerData: { program, words: all ? ['all'] : [] },
    });
    return new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
      worker.on('message', ({ failure, sum }) => {
        if (failure) tally.failures.push(failure);
        if (!sum) return;
        add(tally, sum);
        if (sum.seeds > 0) onShare?.(tally);
        const share = Math.min(SHARE, first + count - next);
        if (share <= 0 || tally.failures.length > FAILURES_MOST) return void worker.terminate();
        worker.postMessage({ first: next, count: share });
        next += share;
      });
      worker.on('error', (error) => void tally.failures.push(String(error.stack)));
      worker.on('exit', resolve);
    });
  };
  await Promise.all(Array.from({ length: threads }, thread));
  return tally;
}

/** @param {Tally} tally @param {Omit<Tally, 'failures'>} sum */
function add(tally, { pairs, ...numbers }) {
  for (const name of /** @type {(keyof typeof numbers)[]} */ (Object.keys(numbers))) tally[name] += numbers[name];
  for (const [pair, count] of Object.entries(pairs)) tally.pairs[pair] = (tally.pairs[pair] ?? 0) + count;
}

export function describe(/** @type {Tally} */ { seeds, limited, traps, modules, bytes }) {
  return `${seeds} random modules (${limited} without end, ${traps} trapped), ${modules} compiled, ${bytes} bytes`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [first, count, word] = process.argv.slice(2);
  const began = Date.now();
  let told = 0;
  const tally = await runRandomModules(Number(first), Number(count), {
    all: word === 'all',
    program: process.env.PROGRAM,
    onShare(sofar) {
      if (sofar.seeds < told + PROGRESS) return;
      told = sofar.seeds;
      process.stderr.write(`${told} of ${count} seeds, ${sofar.failures.length} failures\n`);
    },
  });
  process.stdout.write(`${tally.failures.join('\n')}\n${describe(tally)}, ${(Date.now() - began) / 1000} s\n`);
  process.exitCode = tally.failures.length > 0 ? 1 : 0;
}
