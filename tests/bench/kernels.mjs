// Interpreter speed: each program of fixtures/jsrs-bench in V8 and in the native build, against the same Rust built by
// rustc -O and the same algorithm in Lua 5.4. Who prints anything but the right output has no time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { exists, project, projectFiles, readText } from '../lib/files.mjs';
import { instantiate } from './backend.mjs';
import { figure, geometricMean, leastOfRounds, printTable } from './measure.mjs';

const CLI = join(project, 'backend/bin/jsrust-backend-c');
const scratch = join(project, 'tests/out/bench');
const folder = 'fixtures/jsrs-bench';
const ROUNDS = 7;

const present = (/** @type {string} */ command, /** @type {string[]} */ args) => !spawnSync(command, args).error;

/** Whether the output is the expected one, given as text or, where that is long, as its hash. */
function checker(/** @type {string} */ name) {
  const plain = `${folder}/${name}.stdout`;
  const expected = exists(plain) ? readFileSync(join(project, plain)) : null;
  const hash = expected ? '' : readText(`${plain}.sha256`).trim();
  return (/** @type {Buffer} */ output, /** @type {string} */ who) => {
    const right = expected ? output.equals(expected) : createHash('sha256').update(output).digest('hex') === hash;
    if (!right) throw new Error(`${who} prints something else for ${name}: ${output.subarray(0, 200)}`);
  };
}

/** The Rust source as a program that times itself around its own main. */
function buildRust(/** @type {string} */ name) {
  const source = join(scratch, `${name}.rs`);
  const program = join(scratch, name);
  const timed = `fn main() {
    let began = std::time::Instant::now();
    program();
    eprintln!("{}", began.elapsed().as_nanos());
}
`;
  writeFileSync(source, readText(`${folder}/${name}.rs`).replace('fn main()', 'fn program()') + timed);
  const { status, stderr } = spawnSync('rustc', ['-O', source, '-o', program]);
  if (status !== 0) throw new Error(`rustc refuses ${name}: ${stderr}`);
  return program;
}

/** A process that writes its own time to stderr, in `unit` milliseconds. */
function selfTimed(
  /** @type {string[]} */ command,
  /** @type {number} */ unit,
  /** @type {ReturnType<checker>} */ check,
) {
  return () => {
    const { stdout, stderr } = spawnSync(command[0], command.slice(1), { maxBuffer: 1 << 26 });
    check(stdout, command[0]);
    return Number(stderr.toString()) * unit;
  };
}

/** Wall time of the native command line; the caller takes off what starting it costs. */
function cliTime(/** @type {string} */ file, /** @type {ReturnType<checker> | null} */ check) {
  const began = performance.now();
  const { stdout } = spawnSync(CLI, ['run', '--input', join(project, file)], { maxBuffer: 1 << 26 });
  const milliseconds = performance.now() - began;
  check?.(stdout, 'the native build');
  return milliseconds;
}

export async function benchKernels() {
  mkdirSync(scratch, { recursive: true });
  const rust = present('rustc', ['--version']);
  const lua = present('lua5.4', ['-v']);
  const rows = [
    [
      'kernel',
      'V8 / rustc',
      'V8 / Lua',
      'native / V8',
      'native / rustc',
      'V8 first run',
      'V8 ms',
      'native ms',
      'rustc ms',
      'Lua ms',
    ],
  ];
  /** @type {{ rust: number[], lua: number[], native: number[] }} */
  const ratios = { rust: [], lua: [], native: [] };

  for (const file of projectFiles(folder, /\.jsrbin$/)) {
    const name = basename(file).split('.')[0];
    const check = checker(name);
    const bytes = readFileSync(join(project, file));
    const backend = instantiate();
    const inV8 = () => {
      backend.load(bytes);
      const start = backend.start();
      const { milliseconds, output } = backend.finish();
      check(output, 'V8');
      return start + milliseconds;
    };
    const first = inV8();
    const empty = 'fixtures/jsrs/hello.v3.jsrbin';
    const times = await leastOfRounds(
      {
        v8: inV8,
        cli: () => cliTime(file, check),
        idle: () => cliTime(empty, null),
        ...(rust && { rust: selfTimed([buildRust(name)], 1e-6, check) }),
        ...(lua && {
          lua: selfTimed(
            ['lua5.4', join(project, 'tests/bench/lua/time.lua'), join(project, `tests/bench/lua/${name}.lua`)],
            1e3,
            check,
          ),
        }),
      },
      ROUNDS,
    );
    const native = times.cli - times.idle;
    if (rust) ratios.rust.push(times.v8 / times.rust);
    if (lua) ratios.lua.push(times.v8 / times.lua);
    ratios.native.push(native / times.v8);
    rows.push([
      name,
      figure(times.v8 / times.rust),
      figure(times.v8 / times.lua),
      figure(native / times.v8),
      figure(native / times.rust),
      figure(first / times.v8),
      ...[times.v8, native, times.rust, times.lua].map((time) => figure(time)),
    ]);
  }

  const summary = (/** @type {string} */ title, /** @type {(values: number[]) => number} */ of) =>
    [title, ratios.rust, ratios.lua, ratios.native].map((cell) =>
      typeof cell === 'string' ? cell : cell.length > 0 ? figure(of(cell)) : '-',
    );
  rows.push(
    summary('geometric mean', geometricMean),
    summary('worst', (values) => Math.max(...values)),
  );
  printTable(
    'Interpreter: ratios of time (aims: V8 / rustc mean <= 7, worst <= 20; V8 / Lua <= 0.6; native / V8 <= 1)',
    rows,
  );
}
