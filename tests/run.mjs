// `make test`: runs every part of the tests in order and closes with one line, `N passed, N failed`.
// `node tests/run.mjs PART...` runs some parts; `--list` names them. Raw output lies in tests/out/PART.log.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { countChecks, countPlain, countPython, countTap } from './lib/count.mjs';
import { project, projectFiles } from './lib/files.mjs';

const out = join(project, 'tests', 'out');
const cores = availableParallelism?.() ?? cpus().length;
const bin = (/** @type {string} */ name) => join(project, 'node_modules', '.bin', name);

/**
 * One command and how its results are counted.
 * @typedef {{ run: string[], count?: import('./lib/count.mjs').Counter, title?: string, seconds?: number }} Step
 */

/** A step that runs the node:test files of a folder. */
function nodeTests(/** @type {string} */ folder, seconds = 240) {
  const files = projectFiles(folder, /\.(test|spec)\.m?js$/);
  if (files.length === 0) return [];
  return [{ run: ['node', '--test', '--test-reporter=tap', ...files], count: countTap, seconds }];
}

function make(/** @type {string[]} */ ...targets) {
  return ['make', '-s', '--no-print-directory', `-j${cores}`, ...targets];
}

function lintSteps() {
  const clangFormat = ['clang-format-14', 'clang-format'].find((name) => !spawnSync(name, ['--version']).error);
  const sources = [
    ...projectFiles('backend', /\.[ch]$/),
    ...projectFiles('tests', /\.[ch]$/),
    ...projectFiles('fixtures', /\.[ch]$/),
  ];
  return [
    { title: 'C formatting', run: [clangFormat ?? 'clang-format', '--dry-run', '-Werror', ...sources] },
    { title: 'JavaScript formatting', run: [bin('prettier'), '--check', '--log-level', 'warn', '.'] },
    { title: 'types of runner', run: [bin('tsc'), '-p', 'runner'] },
    { title: 'types of web', run: [bin('tsc'), '-p', 'web'] },
    { title: 'types of tests', run: [bin('tsc'), '-p', 'tests'] },
    ...nodeTests('tests/lint'),
  ];
}

/**
 * The parts in order: what is cheap and tells most comes first.
 * @type {Record<string, () => Step[]>}
 */
const parts = {
  build: () => [
    {
      title: 'backend',
      run: make('-C', 'backend', 'wasm', 'native', 'asan', 'mutator', 'random-modules'),
      seconds: 400,
    },
    { title: 'page', run: make('web') },
  ],
  lint: lintSteps,
  unit: () => [{ run: make('-C', 'backend', '-j1', 'test'), count: countChecks, seconds: 300 }],
  host: () => nodeTests('tests/host', 600),
  conformance: () => nodeTests('tests/conformance', 900),
  serve: () => [{ run: ['python3', '-W', 'error', 'tests/serve/test_serve.py'], count: countPython }],
  e2e: () => nodeTests('tests/e2e', 900),
  mutate: () => [{ run: ['node', 'tests/fuzz/mutate.mjs'], count: countChecks, seconds: 1500 }],
};

/** Runs a step to its end or its time limit; resolves to its status and all it printed. */
function execute(/** @type {Step} */ step) {
  return new Promise((/** @type {(result: { status: number, text: string }) => void} */ resolve) => {
    const [command, ...args] = step.run;
    const child = spawn(command, args, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const limit = step.seconds ?? 180;
    let text = '';
    const timer = setTimeout(() => {
      text += `\nnot ok - still running after ${limit} s\n`;
      // The whole group: make and node --test have children of their own.
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    }, limit * 1000);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => (text += chunk));
    }
    child.on('error', (error) => (text += `${error.message}\n`));
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status: status ?? 1, text });
    });
  });
}

async function runPart(/** @type {string} */ name) {
  const total = { passed: 0, failed: 0 };
  const began = Date.now();
  let log = '';
  for (const step of parts[name]()) {
    const { status, text } = await execute(step);
    log += `$ ${step.run.join(' ').slice(0, 500)}\n${text}\n`;
    const { passed, failed, failures } = (step.count ?? countPlain)(status, text);
    total.passed += passed;
    total.failed += failed;
    if (failed > 0) process.stdout.write(`-- ${name}${step.title ? `: ${step.title}` : ''}\n${failures.trimEnd()}\n`);
  }
  writeFileSync(join(out, `${name}.log`), log);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(`${name.padEnd(12)} ${total.passed} ok, ${total.failed} not ok, ${seconds} s\n`);
  return total;
}

async function main() {
  const asked = process.argv.slice(2);
  if (asked[0] === '--list') {
    process.stdout.write(`${Object.keys(parts).join(' ')}\n`);
    return 0;
  }
  const unknown = asked.filter((name) => !(name in parts));
  if (unknown.length > 0) {
    process.stderr.write(`No such part: ${unknown.join(' ')}. There are: ${Object.keys(parts).join(' ')}\n`);
    return 2;
  }
  mkdirSync(out, { recursive: true });
  const sum = { passed: 0, failed: 0 };
  // Parts but lint need what build makes.
  const names =
    asked.length === 0 ? Object.keys(parts) : asked.every((n) => n === 'lint') ? asked : ['build', ...asked];
  for (const name of new Set(names)) {
    const { passed, failed } = await runPart(name);
    sum.passed += passed;
    sum.failed += failed;
  }
  process.stdout.write(`${sum.passed} passed, ${sum.failed} failed\n`);
  return sum.failed > 0 || sum.passed === 0 ? 1 : 0;
}

process.exitCode = await main();
