// Random modules of the internal IR: the interpreter against every level and both adapters, in as many processes as there
// are cores, each with another that makes the modules (random_modules.c): nothing is stored. A process takes but a share of
// the seeds: the engine keeps every type of a module that it has ever seen, and after 100,000 modules that alone takes as
// long as all the rest.
// As a program: `node tests/fuzz/random-modules.mjs FIRST COUNT [all]`.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { project } from '../lib/files.mjs';
import { cores } from './mutations.mjs';

export const PROGRAM = join(project, 'backend/build/native/random_modules');
const WORKER = join(project, 'tests/fuzz/random-worker.mjs');
const SHARE = 1000;
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
 * @param {{ all?: boolean, processes?: number, program?: string, onShare?: (tally: Tally) => void }} [options]
 *   all: each seed with every level and adapter; onShare: is called after each share of seeds
 * @returns {Promise<Tally>}
 */
export async function runRandomModules(
  first,
  count,
  { all = false, processes = cores, program = PROGRAM, onShare } = {},
) {
  /** @type {Tally} */
  const tally = { seeds: 0, limited: 0, traps: 0, modules: 0, bytes: 0, pairs: {}, failures: [] };
  const end = first + count;
  const runShare = (/** @type {string[]} */ args) => {
    const worker = fork(WORKER, args);
    return new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
      worker.on('message', (/** @type {import('./random-worker.mjs').Message} */ message) => {
        if ('failure' in message) tally.failures.push(message.failure);
        else add(tally, message.sum);
      });
      worker.on('close', (status, signal) => {
        if (status !== 0) tally.failures.push(`random-worker ${args.join(' ')} ended with ${status ?? signal}`);
        resolve();
      });
    });
  };
  const runShares = async () => {
    while (first < end && tally.failures.length <= FAILURES_MOST) {
      const share = Math.min(SHARE, end - first);
      const args = [program, String(first), String(share), ...(all ? ['all'] : [])];
      first += share;
      await runShare(args);
      onShare?.(tally);
    }
  };
  await Promise.all(Array.from({ length: processes }, runShares));
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
