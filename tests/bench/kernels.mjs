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

/** Holds a command to the right output, once; then times it with its output thrown away: a pipe costs more than a program. */
function checked(
  /** @type {string[]} */ command,
  /** @type {ReturnType<checker>} */ check,
  /** @type {(stderr: Buffer, wall: number) => number} */ time,
) {
  check(spawnSync(command[0], command.slice(1), { maxBuffer: 1 << 26 }).stdout, command[0]);
  return () => {
    const began = performance.now();
    const { stderr } = spawnSync(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });
    return time(stderr, performance.now() - began);
  };
}

const wallTime = (/** @type {Buffer} */ _, /** @type {number} */ wall) => wall;
const ownNanoseconds = (/** @type {Buffer} */ stderr) => Number(stderr) / 1e6;
const ownSeconds = (/** @type {Buffer} */ stderr) => Number(stderr) * 1e3;
const cli = (/** @type {string} */ file) => [CLI, 'run', '--input', join(project, file)];
const luaPort = (/** @type {string} */ name) => [
  'lua5.4',
  ...['time', name].map((script) => join(project, `tests/bench/lua/${script}.lua`)),
];

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
    const times = await leastOfRounds(
      {
        v8: inV8,
        cli: checked(cli(file), check, wallTime),
        idle: checked(cli('fixtures/jsrs/hello.v3.jsrbin'), () => {}, wallTime),
        ...(rust && { rust: checked([buildRust(name)], check, ownNanoseconds) }),
        ...(lua && { lua: checked(luaPort(name), check, ownSeconds) }),
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
