// Speed of generated code: kernels compiled by us, at each level, against the same algorithms in C compiled by clang -O2, all
// in V8's optimising compiler, side by side in one process. Who prints something else has no time. Arguments: names of
// kernels (all when there are none); the modules stay in tests/out/bench. JSRUST_CLI names another build of ours.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import v8 from 'node:v8';
import { project, projectFiles, readText } from '../lib/files.mjs';
import { toJsrs } from '../lib/program-to-jsrs.js';
import { parseKernel } from './kernel-text.mjs';
import { figure, geometricMean, printTable } from './measure.mjs';

const CLI = process.env.JSRUST_CLI ?? join(project, 'backend/bin/jsrust-backend-c');
const scratch = join(project, 'tests/out/bench');
const kernels = 'tests/bench/kernels';
const levels = ['1', '2', 's'];
const ROUNDS = 12;
const ENOUGH = 700; // milliseconds of one kernel by one contender

/** @param {string} command @param {string[]} args */
function must(command, args) {
  const { status, stderr, error } = spawnSync(command, args);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error ?? stderr}`);
}

/** @param {string} name */
function buildC(name) {
  const file = join(scratch, `${name}.c.wasm`);
  must('clang', [
    ...['--target=wasm32', '-O2', '-mbulk-memory', '-mnontrapping-fptoint', '-msign-ext', '-ffp-contract=off'],
    ...['-ffreestanding', '-nostdlib', '-fwrapv', '-Wl,--no-entry', '-Wl,--export=run', '-Wl,-z,stack-size=1048576'],
    ...[join(project, kernels, `${name}.c`), '-o', file],
  ]);
  return file;
}

/** @param {string} name @param {string} source @param {string} level */
function buildOurs(name, source, level) {
  const file = join(scratch, `${name}.O${level}.wasm`);
  must(CLI, ['build', source, '-o', file, '-O', level, '--block-write']);
  return file;
}

/** The kernel as a JSRS file. @param {string} name */
function jsrsOf(name) {
  const [bench] = projectFiles('fixtures/jsrs-bench', /\.jsrbin$/).filter((file) =>
    basename(file).startsWith(`${name}.`),
  );
  if (bench) return join(project, bench);
  const file = join(scratch, `${name}.jsrbin`);
  writeFileSync(file, toJsrs(parseKernel(readText(`${kernels}/${name}.kernel`))));
  return file;
}

/** The module ready to be run, again and again. @param {string} file */
function contender(file) {
  /** @type {Uint8Array[]} */
  let chunks = [];
  /** @type {(string | bigint | number)[]} */
  let line = [];
  /** @type {WebAssembly.Memory} */
  let memory;
  const text = (/** @type {number} */ at, /** @type {number} */ length) => {
    const bytes = new Uint8Array(memory.buffer, at, length);
    chunks.push(length < 64 ? Uint8Array.from(bytes) : bytes.slice());
    return 1;
  };
  const imports = {
    env: {
      jsrust_write: (/** @type {number} */ at, /** @type {number} */ length) => text(at, length),
      jsrust_write_byte: (/** @type {number} */ byte) => chunks.push(Uint8Array.of(byte)),
      jsrust_flush: () => 1,
    },
    host: {
      print_i64: (/** @type {bigint} */ value) => line.push(value),
      print_u64: (/** @type {bigint} */ value) => line.push(BigInt.asUintN(64, value)),
      print_f64: (/** @type {number} */ value) => line.push(value),
      print_bytes: text,
      print_end: () => {
        chunks.push(Buffer.from(`${line.join(' ')}\n`));
        line = [];
      },
    },
  };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), imports);
  memory = /** @type {WebAssembly.Memory} */ (exports.memory);
  const entry = /** @type {() => void} */ (exports.run ?? exports.main);
  return () => {
    chunks = [];
    const began = performance.now();
    entry();
    return { time: performance.now() - began, output: Buffer.concat(chunks).toString() };
  };
}

export function benchCodegen(/** @type {string[]} */ wanted = []) {
  mkdirSync(scratch, { recursive: true });
  v8.setFlagsFromString('--no-liftoff'); // a loop that never returns would stay in the baseline compiler's code
  const rows = [['kernel', ...levels.map((level) => `O${level} / clang`), 'clang ms']];
  /** @type {number[][]} */
  const ratios = levels.map(() => []);
  for (const file of projectFiles(kernels, /\.c$/)) {
    const name = basename(file, '.c');
    if (wanted.length && !wanted.includes(name)) continue;
    const source = jsrsOf(name);
    const runs = [buildC(name), ...levels.map((level) => buildOurs(name, source, level))].map(contender);
    const best = runs.map(() => Infinity);
    let expected = '';
    for (let round = 0, spent = 0; round < ROUNDS || (round < 100 && spent < ENOUGH * runs.length); round++) {
      runs.forEach((run, at) => {
        const { time, output } = run();
        if (at === 0) expected = output;
        if (output !== expected)
          throw new Error(`${name}: ${at ? `O${levels[at - 1]}` : 'clang'} prints ${output}, not ${expected}`);
        best[at] = Math.min(best[at], time);
        spent += time;
      });
    }
    levels.forEach((_, at) => ratios[at].push(best[at + 1] / best[0]));
    rows.push([name, ...levels.map((_, at) => figure(best[at + 1] / best[0])), figure(best[0])]);
  }
  rows.push(['geometric mean', ...ratios.map((list) => figure(geometricMean(list))), '']);
  rows.push(['worst', ...ratios.map((list) => figure(Math.max(...list))), '']);
  v8.setFlagsFromString('--liftoff');
  printTable('Generated code in V8: time / that of clang -O2 (bar: O2 mean <= 1.2, worst <= 1.6; aim 1.05)', rows);
}

if (process.argv[1]?.endsWith('codegen.mjs')) benchCodegen(process.argv.slice(2));
