// What surrounds a run: budgets and limits, starting up, and the sizes of what is shipped.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { exists, project, projectFiles } from '../lib/files.mjs';
import { WASM, instantiate } from './backend.mjs';
import { figure, leastOfRounds, printTable } from './measure.mjs';

const [STEPS, MEMORY, OUTPUT] = [1, 2, 3]; // option keys (backend/api/session.h)

/** Slices and limits against one undivided run. */
export async function benchBudgets() {
  const rows = [
    ['kernel', 'slices of 10,000', 'slices of 100,000', 'slices of 2,000,000', 'with all limits', 'undivided ms'],
  ];
  for (const name of ['fib.v2', 'lcg_sum.v2', 'mandel.v2']) {
    const file = readFileSync(join(project, `fixtures/jsrs-bench/${name}.jsrbin`));
    const subject = (/** @type {bigint} */ slice, limited = false) => {
      const backend = instantiate();
      const run = () => {
        backend.load(file);
        if (limited) {
          backend.option(STEPS, 10n ** 15n);
          backend.option(MEMORY, 1n << 28n);
          backend.option(OUTPUT, 1n << 30n);
        }
        backend.start();
        return backend.finish(slice).milliseconds;
      };
      for (let i = 0; i < 3; i++) run(); // V8's fast code
      return run;
    };
    const times = await leastOfRounds(
      {
        whole: subject(0n),
        small: subject(10_000n),
        middle: subject(100_000n),
        large: subject(2_000_000n),
        limited: subject(0n, true),
      },
      7,
    );
    const cost = (/** @type {number} */ time) => `${((time / times.whole - 1) * 100).toFixed(1)}%`;
    rows.push([
      name,
      cost(times.small),
      cost(times.middle),
      cost(times.large),
      cost(times.limited),
      figure(times.whole),
    ]);
  }
  printTable('Cost of budgets and limits over an undivided run (aim: <= 3%)', rows);
}

/** From the shell to the end of hello. */
export async function benchStartup() {
  const hello = join(project, 'fixtures/jsrs/hello.v3.jsrbin');
  const timed = (/** @type {string[]} */ command) => () => {
    const began = performance.now();
    const { status, stderr } = spawnSync(command[0], command.slice(1));
    if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
    return performance.now() - began;
  };
  const times = await leastOfRounds(
    {
      'node -e 0': timed(['node', '-e', '0']),
      'node runner/main.js run hello': timed(['node', join(project, 'runner/main.js'), 'run', hello]),
      'jsrust-backend-c run hello': timed([join(project, 'backend/bin/jsrust-backend-c'), 'run', '--input', hello]),
    },
    9,
  );
  const base = times['node -e 0'];
  const rows = Object.entries(times).map(([name, time]) => [name, figure(time), figure(time / base)]);
  printTable('Starting up', [['command', 'ms', 'of node -e 0'], ...rows]);
}

export function reportSizes() {
  const files = [['backend', WASM]];
  if (exists('web/dist/index.html')) {
    files.push(...projectFiles('web/dist', /\.(html|js|mjs|css|wasm)$/).map((file) => [file, join(project, file)]));
  }
  const rows = files.map(([name, path]) => {
    const bytes = readFileSync(path);
    return [name, figure(bytes.length / 1000), figure(gzipSync(bytes, { level: 9 }).length / 1000)];
  });
  printTable('Sizes (aims: backend < 200 KB raw, < 70 KB gzip)', [['file', 'KB', 'KB gzip'], ...rows]);
}
