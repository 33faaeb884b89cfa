// Compiling: megabytes a second in V8, of the module that O0 makes, at each level, over file sizes and shapes, beside what V8's
// baseline compiler takes in and what wasm-opt does with the same module; and a program of a hundred lines, warm.
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { project, projectFiles, readText } from '../lib/files.mjs';
import { toJsrs } from '../lib/program-to-jsrs.js';
import { instantiate } from './backend.mjs';
import { parseKernel } from './kernel-text.mjs';
import { figure, printTable } from './measure.mjs';
import { syntheticFile } from './synthetic.mjs';

const MB = 1_000_000;
const [OPTION_LEVEL, OPTION_CODEGEN] = [11, 13]; // of backend/api/session.h
const LEVELS = ['O0', 'O1', 'O2', 'Os'];
const SMALL_ROUNDS = 200;
const WARM_ROUNDS = 50;
const WARM_MS = 4000;
const scratch = join(project, 'tests/out/bench');

/** Compiles what is loaded from an entry on: milliseconds, and the bytes. */
function compile(
  /** @type {ReturnType<typeof instantiate>} */ backend,
  /** @type {string} */ entry,
  /** @type {number} */ level,
) {
  const { exports } = backend;
  const name = Buffer.from(entry);
  const at = exports.jsrust_wasm_alloc(name.length) >>> 0;
  new Uint8Array(exports.memory.buffer).set(name, at);
  backend.option(OPTION_LEVEL, BigInt(level));
  backend.option(OPTION_CODEGEN, 0n); // the code alone
  const began = performance.now();
  const code = exports.jsrust_compile(at, name.length);
  const milliseconds = performance.now() - began;
  if (code !== 0) throw new Error(`compiling: code ${code}, ${backend.message()}`);
  const start = exports.jsrust_wasm_codegen_wasm_ptr() >>> 0;
  const length = exports.jsrust_wasm_codegen_wasm_len() >>> 0;
  return { milliseconds, bytes: new Uint8Array(exports.memory.buffer, start, length).slice() };
}

/** Milliseconds that V8's baseline compiler needs for a module on one core, the least of so many rounds. */
function baseline(/** @type {string} */ file, /** @type {number} */ rounds) {
  // A counter in a custom section makes it another module each time, or V8 would find it in its cache.
  const source = `const counted = Buffer.from([0, 4, 1, 0x61, 0, 0]);
    const bytes = Buffer.concat([require('fs').readFileSync(${JSON.stringify(file)}), counted]);
    let least = Infinity;
    for (let i = 0; i < ${rounds}; i++) {
      bytes.writeUInt16LE(i, bytes.length - 2);
      const began = performance.now();
      new WebAssembly.Module(bytes);
      least = Math.min(least, performance.now() - began);
    }
    console.log(least);`;
  const flags = ['--liftoff-only', '--no-wasm-lazy-compilation', '--wasm-num-compilation-tasks=0'];
  return Number(spawnSync('node', [...flags, '-e', source]).stdout);
}

/** Milliseconds of `wasm-opt -O2`, its start and its files included, the least of three; NaN where there is none. */
function wasmOpt(/** @type {string} */ file) {
  let least = Infinity;
  for (let round = 0; round < 3; round++) {
    const began = performance.now();
    const { error, status } = spawnSync('wasm-opt', ['-O2', file, '-o', `${file}.opt`], {
      env: { ...process.env, BINARYEN_CORES: '1' },
    });
    if (error || status !== 0) return NaN;
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

export function benchCompiling() {
  mkdirSync(scratch, { recursive: true });
  const rows = [
    [
      'file',
      ...LEVELS.map((level) => `${level} MB/s`),
      'V8 baseline',
      'wasm-opt -O2',
      'O0 / baseline',
      'O2 / wasm-opt',
    ],
  ];
  for (const [shape, blocks] of /** @type {[string, number][]} */ ([
    ['small functions', 6],
    ['large functions', 300],
  ])) {
    for (const size of [MB, 10 * MB, 100 * MB]) {
      const backend = instantiate();
      backend.load(syntheticFile({ size, blocks }));
      const file = join(scratch, 'compiling.wasm');
      const times = LEVELS.map((_, level) => {
        // The first time gets its memory from the system, page by page, which takes as long as the work does, and V8 goes over
        // to its fast code function by function, for tens of rounds: the least of them is what a worker that is there has. The
        // largest file is compiled twice at one level only, which leaves its memory to the others.
        const rounds = size < 10 * MB ? WARM_ROUNDS : size < 100 * MB || level === 0 ? 2 : 1;
        let least = Infinity;
        for (let round = 0, all = 0; round < rounds && (round < 2 || all < WARM_MS); round++) {
          const { milliseconds, bytes } = compile(backend, 'all', level);
          if (level === 0 && round === 0) writeFileSync(file, bytes);
          least = Math.min(least, milliseconds);
          all += milliseconds;
        }
        return least;
      });
      const bytes = statSync(file).size / 1000;
      const rates = times.map((time) => bytes / time);
      // The yardsticks need the small file only: wasm-opt takes minutes for the others.
      const [liftoff, optimiser] = size === MB ? [bytes / baseline(file, 3), bytes / wasmOpt(file)] : [NaN, NaN];
      const ratios = [rates[0] / liftoff, rates[2] / optimiser];
      rows.push([
        `${size / MB} MB, ${shape}`,
        ...[...rates, liftoff, optimiser, ...ratios].map((rate) => figure(rate)),
      ]);
    }
  }
  printTable(
    'Compiling, warm, MB/s of the module that O0 makes (aims: O0 >= V8 baseline, O2 >= 10 x wasm-opt -O2, linear)',
    rows,
  );
  benchSmall();
}

/** Programs of about a hundred lines, over and over in one instance. */
function benchSmall() {
  const rows = [['program', 'lines', ...LEVELS.map((level) => `${level} ms`), 'V8 baseline ms', 'O0 / baseline']];
  const file = join(scratch, 'compiling.wasm');
  const sums = { ours: 0, baseline: 0 };
  for (const kernel of projectFiles('tests/bench/kernels', /\.kernel$/)) {
    const text = readText(kernel);
    const backend = instantiate();
    backend.load(toJsrs(parseKernel(text)));
    const times = LEVELS.map((_, level) => {
      let least = Infinity;
      for (let i = 0; i < SMALL_ROUNDS; i++) {
        const { milliseconds, bytes } = compile(backend, 'main', level);
        if (level === 0 && i === 0) writeFileSync(file, bytes);
        least = Math.min(least, milliseconds);
      }
      return least;
    });
    const liftoff = baseline(file, SMALL_ROUNDS);
    sums.ours += times[0];
    sums.baseline += liftoff;
    // A ratio of rates, as in the table above: the module is the same.
    const cells = [...times, liftoff, liftoff / times[0]].map((cell) => figure(cell));
    rows.push([kernel.replace(/.*\//, ''), String(text.split('\n').length), ...cells]);
  }
  printTable(
    `Compiling small programs, warm (aim: 100 lines in <= 2 ms); all at O0: ${figure(sums.baseline / sums.ours)} of V8's rate`,
    rows,
  );
}
