// `make test`: runs every part of the tests in order and closes with one line, `N passed, N failed`. Within a part, test
// files and programs run several at once. `node tests/run.mjs PART...` runs some parts; `--list` names them. Raw output
// lies in tests/out/PART.log.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { basename, join } from 'node:path';
import { countChecks, countPlain, countPython, countTap } from './lib/count.mjs';
import { project, projectFiles } from './lib/files.mjs';

const out = join(project, 'tests', 'out');
/** More files than this do not fail by chance. */
const MOST_AGAIN = 3;
/** Few enough that a core is not left alone for long at the end. */
const FILES_OF_A_BROWSER = 3;
const cores = availableParallelism?.() ?? cpus().length;
const bin = (/** @type {string} */ name) => join(project, 'node_modules', '.bin', name);

/**
 * One command and how its results are counted. `folder`: where it runs, the project's own if not said.
 * @typedef {{ run: string[], count?: import('./lib/count.mjs').Counter, title?: string, seconds?: number,
 *   folder?: string }} Step
 *
 * `againAlone`: a step that fails runs once more when nothing else does, and that counts, unless several failed. For what
 * waits for browsers, processes and clocks, whose machine may give them nothing for seconds; what passes only then is told of
 * at the end.
 * @typedef {{ steps: Step[], atOnce: number, againAlone?: boolean }} Part
 */

/** Files that take much longer than others of their folder start first, the longest before, so that none is left alone. */
const LONG = [
  ...['random-modules', 'modules-page', 'modules', 'compiled', 'page', 'random-rust'],
  ...['hostile-modules', 'run-a-module', 'key-flood', 'compile-and-run', 'terminal-xterm', 'type-input'],
  ...['paste-flood', 'terminal-accessibility', 'wasm-module', 'read-the-compiled-code', 'wasm-accessibility'],
  ...['offline', 'accessibility', 'run-a-file', 'stop-a-loop', 'compiled-accessibility', 'late-answers'],
  ...['wasm-files', 'recent-files', 'play-a-game', 'cli', 'cli-module', 'opt_differential', 'interp_differential'],
];

/** @param {string[]} files */
function longestFirst(files) {
  const rank = (/** @type {string} */ file) => {
    const at = LONG.indexOf(basename(file).replace(/\.(?:test|spec)\.m?js$|_test\.c$/, ''));
    return at < 0 ? LONG.length : at;
  };
  return [...files].sort((a, b) => rank(a) - rank(b));
}

/** A step for each node:test file of a folder. @param {string} folder @returns {Step[]} */
function nodeTests(folder, seconds = 240) {
  return longestFirst(projectFiles(folder, /\.(test|spec)\.m?js$/)).map((file) => ({
    title: file,
    run: ['node', '--test-reporter=tap', file],
    count: countTap,
    seconds,
  }));
}

/**
 * A step for every few files of e2e/, which share a process and its browser: to start these takes as long as a short test.
 * @returns {Step[]}
 */
function browserTests() {
  const files = longestFirst(projectFiles('tests/e2e', /\.spec\.js$/));
  return Array.from({ length: Math.ceil(files.length / FILES_OF_A_BROWSER) }, (_, at) => {
    const some = files.slice(at * FILES_OF_A_BROWSER, (at + 1) * FILES_OF_A_BROWSER);
    return {
      title: some.join(' '),
      run: ['node', '--test-reporter=tap', 'tests/e2e/together.js', ...some],
      count: countTap,
      seconds: 900,
    };
  });
}

/** A step for each sanitised program of unit tests. @returns {Step[]} */
function unitTests() {
  return longestFirst(projectFiles('tests/unit', /_test\.c$/)).map((file) => {
    const name = basename(file, '.c');
    return { title: name, run: [`build/asan/${name}`], count: countChecks, seconds: 300, folder: 'backend' };
  });
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

/** Steps one after the other, each with all cores. @param {Step[]} steps @returns {Part} */
const inTurn = (steps) => ({ steps, atOnce: 1 });
/** Steps that mostly compute. @param {Step[]} steps @returns {Part} */
const onEachCore = (steps) => ({ steps, atOnce: cores });
/** Steps that also wait: for a browser, for a process, for frames. @param {Step[]} steps @returns {Part} */
const oneMoreThanCores = (steps) => ({ steps, atOnce: cores + 1 });
/** @param {Part} part @returns {Part} */
const againAlone = (part) => ({ ...part, againAlone: true });

/**
 * The parts in order: what is cheap and tells most comes first.
 * @type {Record<string, () => Part>}
 */
const parts = {
  build: () =>
    inTurn([
      {
        title: 'backend',
        run: make('-C', 'backend', 'wasm', 'native', 'asan', 'mutator', 'random-modules'),
        seconds: 1200,
      },
      { title: 'page', run: make('web') },
    ]),
  lint: () => onEachCore(lintSteps()),
  unit: () => onEachCore(unitTests()),
  host: () => againAlone(oneMoreThanCores(nodeTests('tests/host'))),
  conformance: () => againAlone(onEachCore(nodeTests('tests/conformance', 900))),
  serve: () => inTurn([{ run: ['python3', '-W', 'error', 'tests/serve/test_serve.py'], count: countPython }]),
  // Several hold frames, tasks and stops to limits, so the browsers are not given less than a core each.
  e2e: () => againAlone(onEachCore(browserTests())),
  mutate: () => inTurn([{ run: ['node', 'tests/fuzz/mutate.mjs'], count: countChecks, seconds: 1500 }]),
};

/**
 * Process groups of the steps that run. Each has its own, as make and node --test have children, too; so an interrupted
 * run has to end them by itself.
 * @type {Set<number>}
 */
const groups = new Set();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.once(signal, () => {
    for (const group of groups) endGroup(group);
    process.kill(process.pid, signal);
  });
}

function endGroup(/** @type {number} */ group) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** Runs a step to its end or its time limit; resolves to its status and all it printed. */
function execute(/** @type {Step} */ step) {
  return new Promise((/** @type {(result: { status: number, text: string }) => void} */ resolve) => {
    const [command, ...args] = step.run;
    const child = spawn(command, args, {
      cwd: join(project, step.folder ?? ''),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const { pid } = child;
    if (pid) groups.add(pid);
    const limit = step.seconds ?? 180;
    let text = '';
    const timer = setTimeout(() => {
      text += `\nnot ok - still running after ${limit} s\n`;
      if (pid) endGroup(pid);
    }, limit * 1000);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => (text += chunk));
    }
    child.on('error', (error) => (text += `${error.message}\n`));
    child.on('close', (status) => {
      clearTimeout(timer);
      if (pid) groups.delete(pid);
      resolve({ status: status ?? 1, text });
    });
  });
}

/** Titles of steps that failed beside others, and passed alone. @type {string[]} */
const unsteady = [];

async function runPart(/** @type {string} */ name) {
  const began = Date.now();
  const { steps, atOnce, againAlone } = parts[name]();
  const runStep = async (/** @type {Step} */ step, title = step.title ?? '') => {
    const { status, text } = await execute(step);
    const counts = (step.count ?? countPlain)(status, text);
    if (counts.failed > 0)
      process.stdout.write(`-- ${name}${title ? `: ${title}` : ''}\n${counts.failures.trimEnd()}\n`);
    return { step, counts, log: `$ ${step.run.join(' ').slice(0, 500)}\n${text}\n` };
  };
  /** @type {Awaited<ReturnType<typeof runStep>>[]} */
  const results = [];
  let next = 0;
  const runSteps = async () => {
    while (next < steps.length) {
      const at = next++;
      results[at] = await runStep(steps[at]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, runSteps));
  const failed = results.filter(({ counts }) => counts.failed > 0);
  for (const first of againAlone && failed.length <= MOST_AGAIN ? failed : []) {
    const { title } = first.step;
    const second = await runStep(first.step, `${title}, alone`);
    if (second.counts.failed === 0) unsteady.push(title ?? name);
    results[results.indexOf(first)] = { ...second, log: first.log + second.log };
  }
  writeFileSync(join(out, `${name}.log`), results.map((result) => result.log).join(''));
  const total = { passed: 0, failed: 0 };
  for (const { counts } of results) {
    total.passed += counts.passed;
    total.failed += counts.failed;
  }
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
  for (const title of unsteady)
    process.stdout.write(`unsteady: ${title} failed at first (see above), and passed alone\n`);
  process.stdout.write(`${sum.passed} passed, ${sum.failed} failed\n`);
  return sum.failed > 0 || sum.passed === 0 ? 1 : 0;
}

process.exitCode = await main();
