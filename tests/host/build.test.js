// The commands `build` and `ir -O`, of both command lines: what is written where, that the text format reads back, and what
// running the modules gives in our hosts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { assemble } from '../../fixtures/wat.mjs';
import { run } from '../../runner/index.js';
import { project } from '../lib/files.mjs';
import { MAIN, cli } from './cli-process.js';
import { onPty } from './pty.js';

const NATIVE = join(project, 'backend/bin/jsrust-backend-c');
const fixture = (/** @type {string} */ name) => join(project, 'fixtures/jsrs', `${name}.jsrbin`);
const folder = mkdtempSync(join(tmpdir(), 'jsrs-build-'));
after(() => rmSync(folder, { recursive: true }));

/** @type {Record<string, (words: string[]) => { status: number | null, stdout: string, stderr: string }>} */
const commands = {
  node: (words) => {
    const { status, stdout, stderr } = cli(words);
    return { status, stdout, stderr };
  },
  native: (words) => {
    const { status, stdout, stderr } = spawnSync(NATIVE, words, { timeout: 60_000 });
    return { status, stdout: String(stdout), stderr: String(stderr) };
  },
};

/** How the command lines are started. @type {Record<string, string[]>} */
const programs = { node: [process.execPath, MAIN], native: [NATIVE] };

/** With a working folder; what is printed stays bytes. */
function inFolder(
  /** @type {string} */ by,
  /** @type {string} */ cwd,
  /** @type {string[]} */ words,
  /** @type {object} */ options = {},
) {
  const [command, ...first] = programs[by];
  return spawnSync(command, [...first, ...words], { cwd, timeout: 60_000, ...options });
}

/** Builds in a file of its own. */
function build(/** @type {string} */ by, /** @type {string} */ name, /** @type {string[]} */ ...words) {
  const path = join(folder, `${by}.wasm`);
  rmSync(path, { force: true });
  const { status, stdout, stderr } = commands[by](['build', fixture(name), '-o', path, ...words]);
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
  return readFileSync(path);
}

const importsOf = (/** @type {Buffer} */ bytes) =>
  WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map(({ module, name }) => `${module}.${name}`);

/** @type {[string[], string[], string[]][]} options, imports, custom sections beside producers */
const builds = [
  [[], ['env.jsrust_write_byte', 'env.jsrust_flush'], ['jsrust.map']],
  [['--block-write', '--no-map'], ['env.jsrust_write'], []],
  [
    ['--adapter', 'wasi', '-O2', '--names'],
    ['wasi_snapshot_preview1.fd_write', 'wasi_snapshot_preview1.proc_exit'],
    ['name', 'jsrust.map'],
  ],
  [['--mvp', '-O', 's', '--no-map'], ['env.jsrust_write_byte', 'env.jsrust_flush'], []],
];
for (const [words, imports, custom] of builds) {
  test(`build ${words.join(' ')} makes the same module with both command lines`, () => {
    const bytes = build('node', 'array_oob.v3', ...words);
    assert.deepEqual(build('native', 'array_oob.v3', ...words), bytes);
    assert.deepEqual(importsOf(bytes).sort(), [...imports].sort());
    const module = new WebAssembly.Module(bytes);
    for (const name of ['jsrust.map', 'name']) {
      assert.equal(WebAssembly.Module.customSections(module, name).length, custom.includes(name) ? 1 : 0, name);
    }
    assert.equal(WebAssembly.Module.customSections(module, 'producers').length, 1);
  });
}

for (const [by, command] of Object.entries(commands)) {
  test(`${by}: the text format reads back as the same module`, async () => {
    for (const level of ['-O0', '-O2']) {
      const bytes = build(by, 'struct_mutate.v3', level, '--names');
      const path = join(folder, 'module.wat');
      const words = ['build', fixture('struct_mutate.v3'), level, '--names', '--wat'];
      const printed = command(words);
      assert.deepEqual([printed.status, printed.stderr], [0, '']);
      assert.deepEqual(command([...words, '-o', path]), { ...printed, stdout: '' });
      assert.equal(readFileSync(path, 'utf8'), printed.stdout);
      const again = await assemble('module.wat', printed.stdout);
      const expected = await run({ bytes });
      const result = await run({ bytes: again });
      assert.deepEqual(Buffer.from(result.stdout), Buffer.from(expected.stdout));
      assert.equal(result.code, 0);
    }
  });

  test(`${by}: with a file for the module, the text goes to stdout`, () => {
    const path = join(folder, 'both.wasm');
    const { status, stdout } = command(['build', fixture('hello.v3'), '-o', path, '--wat']);
    assert.deepEqual([status, stdout.startsWith('(module')], [0, true]);
    assert.ok(WebAssembly.validate(readFileSync(path)));
  });

  /** @type {[string, string[], number, RegExp][]} */
  const failing = [
    ['an entry that there is not', [fixture('hello.v3'), '--entry', 'nope'], 40, /entry function not found: `nope`/],
    ['a file that is none', [join(project, 'package.json')], 20, /invalid binary magic/],
    ['a file that is not there', [join(folder, 'nothing')], 10, /nothing/],
    ['an adapter that there is not', [fixture('hello.v3'), '--adapter', 'x'], 11, /jsrust or wasi/],
    ['a level that there is not', [fixture('hello.v3'), '-O7'], 11, /0, 1, 2 or s/],
  ];
  for (const [what, words, code, sentence] of failing) {
    test(`${by}: ${what} leaves the old file and nothing beside it`, () => {
      const old = join(folder, 'old');
      rmSync(old, { recursive: true, force: true });
      const inside = mkdtempSync(old);
      const path = join(inside, 'out.wasm');
      writeFileSync(path, 'old');
      const { status, stdout, stderr } = command(['build', ...words, '-o', path]);
      assert.deepEqual([status, stdout], [code, '']);
      assert.match(stderr, sentence);
      assert.deepEqual([readFileSync(path, 'utf8'), readdirSync(inside)], ['old', ['out.wasm']]);
      rmSync(inside, { recursive: true });
    });
  }

  test(`${by}: -o - is stdout, of the module or of its text`, () => {
    const old = join(folder, 'none');
    mkdirSync(old);
    const words = ['build', fixture('hello.v3'), '-o', '-'];
    const done = inFolder(by, old, words);
    assert.deepEqual([done.status, String(done.stderr)], [0, '']);
    assert.deepEqual(done.stdout, build(by, 'hello.v3'));
    const text = inFolder(by, old, [...words, '--wat']);
    assert.deepEqual(String(text.stdout), command(['build', fixture('hello.v3'), '--wat']).stdout);
    assert.deepEqual(readdirSync(old), []);
    rmSync(old, { recursive: true });
  });

  test(`${by}: what is read is not replaced, through links neither`, () => {
    const inside = mkdtempSync(join(folder, 'same'));
    const path = join(inside, 'hello.jsrbin');
    cpSync(fixture('hello.v3'), path);
    symlinkSync('hello.jsrbin', join(inside, 'link'));
    linkSync(path, join(inside, 'other'));
    const before = readFileSync(path);
    const input = openSync(path, 'r');
    for (const name of ['hello.jsrbin', 'link', 'other']) {
      const piped = inFolder(by, inside, ['build', '-', '-o', name], { stdio: [input, 'pipe', 'pipe'] });
      for (const { status, stderr } of [inFolder(by, inside, ['build', path, '-o', name]), piped]) {
        assert.equal(status, 11, name);
        assert.match(String(stderr), /would replace what is read/);
      }
    }
    const run = by === 'native' ? ['run', '--input'] : ['run'];
    const traced = inFolder(by, inside, [...run, path, '--trace', '--trace-out', 'link']);
    assert.deepEqual([traced.status, String(traced.stdout)], [11, '']);
    assert.equal(inFolder(by, inside, [...run, path, '--trace', '--trace-out', '-']).status, 11);
    closeSync(input);
    assert.deepEqual(readFileSync(path), before);
    assert.deepEqual(readdirSync(inside).sort(), ['hello.jsrbin', 'link', 'other']);
    rmSync(inside, { recursive: true });
  });

  test(`${by}: a symbolic link stays one: what it leads to is replaced, or made`, () => {
    const inside = mkdtempSync(join(folder, 'link'));
    mkdirSync(join(inside, 'deep/er'), { recursive: true });
    writeFileSync(join(inside, 'old'), 'old', { mode: 0o640 });
    symlinkSync('deep/er', join(inside, 'folder'));
    /** @type {[string, string, string][]} the link, what it says, where that is */
    const links = [
      ['present', 'old', 'old'],
      ['twice', 'present', 'old'],
      ['dangling', 'new', 'new'],
      ['dangling-twice', 'dangling-once', 'newer'],
      ['dangling-once', join(inside, 'newer'), 'newer'],
      ['through', 'folder/../beside', 'deep/beside'],
    ];
    for (const [link, says] of links) symlinkSync(says, join(inside, link));
    for (const [link, says, where] of links) {
      const { status, stderr } = inFolder(by, inside, ['build', fixture('hello.v3'), '-o', link]);
      assert.deepEqual([status, String(stderr)], [0, ''], link);
      assert.equal(readlinkSync(join(inside, link)), says);
      assert.ok(WebAssembly.validate(readFileSync(join(inside, where))), link);
      writeFileSync(join(inside, where), 'old');
    }
    assert.equal(statSync(join(inside, 'old')).mode & 0o777, 0o640);
    const { length } = ['deep', 'folder', 'old', 'new', 'newer', ...links];
    assert.equal(readdirSync(inside).length, length);
    rmSync(inside, { recursive: true });
  });

  test(`${by}: links in a circle are a file error, and stay`, () => {
    const inside = mkdtempSync(join(folder, 'circle'));
    symlinkSync('b', join(inside, 'a'));
    symlinkSync('a', join(inside, 'b'));
    const { status, stderr } = inFolder(by, inside, ['build', fixture('hello.v3'), '-o', 'a']);
    assert.equal(status, 10);
    assert.match(String(stderr), /io-error.*\ba\b.*symbolic links/i);
    assert.deepEqual(
      readdirSync(inside).map((name) => readlinkSync(join(inside, name))),
      ['b', 'a'],
    );
    rmSync(inside, { recursive: true });
  });

  test(
    `${by}: the file that this process prints to is not replaced: the rest goes behind`,
    { skip: !existsSync('/dev/fd') },
    () => {
      const inside = mkdtempSync(join(folder, 'own'));
      const path = join(inside, 'log');
      writeFileSync(path, 'before\n');
      const log = openSync(path, 'a');
      const run = by === 'native' ? ['run', '--input'] : ['run'];
      const words = [...run, fixture('hello.v3'), '--trace', '--trace-out', '/dev/stderr'];
      const { status, stdout } = inFolder(by, inside, words, { stdio: ['ignore', 'pipe', log] });
      closeSync(log);
      assert.equal(status, 0);
      assert.match(readFileSync(path, 'utf8'), /^before\nblock[^]*\nok\n$/);
      assert.ok(stdout.length > 0);
      assert.deepEqual(readdirSync(inside), ['log']);
      rmSync(inside, { recursive: true });
    },
  );

  for (const path of ['-', '/dev/tty'])
    test(`${by}: a terminal is not sent a module: ${path}`, async () => {
      const words = [...programs[by], 'build', fixture('hello.v3'), '-o', path];
      const { output, code } = await onPty(words, async ({ shows }) => shows(/cannot be a terminal/));
      assert.deepEqual([code, output.includes('\0asm')], [11, false]);
    });

  test(`${by}: a folder that is not there is a file error`, () => {
    const { status, stderr } = command(['build', fixture('hello.v3'), '-o', join(folder, 'none', 'out.wasm')]);
    assert.equal(status, 10);
    assert.match(stderr, /io-error.*out\.wasm/);
  });

  test(`${by}: ir tells what the passes of a level leave, and of each pass`, () => {
    const lowered = command(['ir', fixture('primes.v3')]).stdout;
    assert.equal(command(['ir', fixture('primes.v3'), '-O0']).stdout, lowered);
    const small = command(['ir', fixture('primes.v3'), '-Os']).stdout;
    assert.ok(small.includes('entry ') && !small.includes('steps '));
    const after_ = command(['ir', fixture('primes.v3'), '-O2', '--print-after=promote']).stdout;
    assert.match(after_, /^after promote \(1\):\nfn 1 "main"/);
    assert.deepEqual(after_.match(/^after .*/gm), ['after promote (1):', 'after promote (2):', 'after promote (3):']);
    const none = command(['ir', fixture('primes.v3'), '-O1', '--print-after', 'nothing']);
    assert.deepEqual([none.status, /nothing/.test(none.stderr)], [11, true]);
  });

  for (const [pass, level, sentence] of [
    ['promote', '-O0', 'level O0 runs no passes'],
    ['all', '-O0', 'level O0 runs no passes'],
    ['none', '-O0', 'no level has a pass "none"'],
    ['unroll', '-Os', 'level Os has no pass "unroll": it has drop_steps, simplify_cfg, promote, '],
  ]) {
    test(`${by}: ir after ${pass} at ${level} is refused with what is true`, () => {
      const { status, stdout, stderr } = command(['ir', fixture('primes.v3'), '--print-after', pass, level]);
      assert.deepEqual([status, String(stdout)], [11, '']);
      assert.ok(stderr.startsWith(`error[invalid-args]: ${sentence}`), stderr);
    });
  }
}

test('both command lines print the same after each pass', () => {
  for (const words of [
    ['-O2', '--print-after', 'all'],
    ['-Os', '--print-after=dead_code'],
    ['--print-after', 'inline'],
  ]) {
    const [ours, native] = Object.values(commands).map((command) =>
      command(['ir', fixture('struct_mutate.v3'), ...words]),
    );
    assert.ok(ours.stdout.length > 200);
    assert.deepEqual(native, ours);
  }
});

/** @type {[string, string, string][]} file, entry, message */
const traps = [
  ['array_oob.v3', 'main', 'index out of bounds in `pick`, block 0, instruction 19'],
  ['div_overflow.v1', 'go', 'attempt to divide with overflow in `div`, block 0, instruction 0'],
];
for (const adapter of ['jsrust', 'wasi']) {
  for (const [name, entry, message] of traps) {
    test(`${adapter}: a trap in the module of ${name} is told as the interpreter does`, async () => {
      const bytes = build('native', name, '--entry', entry, '--adapter', adapter, '-O2');
      const result = await run({ bytes });
      assert.deepEqual([result.code, result.exitCode, result.message], [40, 40, message]);
      const interpreted = await run({ bytes: readFileSync(fixture(name)), entry });
      assert.deepEqual({ ...result.position, text: null }, { ...interpreted.position, text: null });
      const path = join(folder, `${name}.wasm`);
      writeFileSync(path, bytes);
      const { status, stderr } = cli(['run', path]);
      assert.equal(status, 40);
      assert.equal(stderr.split('\n').filter((line) => line === `error[execute-error]: ${message}`).length, 1, stderr);
      assert.match(stderr, /\n {2}at /);
    });

    test(`${adapter}: without the map the kind of ${name}'s trap is left`, async () => {
      const bytes = build('native', name, '--entry', entry, '--adapter', adapter, '--no-map');
      const result = await run({ bytes });
      assert.deepEqual([result.code, result.message], [40, message.replace(/ in `.*/, '')]);
    });
  }
}

test('at the MVP level, which exports no global that changes, a trap is told the same', async () => {
  const [name, entry, message] = traps[1];
  const bytes = build('native', name, '--entry', entry, '--mvp');
  const found = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).find((each) => each.name === 'jsrust_trap');
  assert.equal(found?.kind, 'function');
  assert.equal((await run({ bytes })).message, message);
});

test('the exit value of the entry is that of the module, and no exit status', async () => {
  const words = ['--entry', 'go'];
  const generated = await run({ bytes: build('node', 'deep_rec.v2', ...words) });
  assert.deepEqual([generated.code, generated.exitCode, generated.exitValue], [0, 0, '400']);
  const wasi = await run({ bytes: build('node', 'deep_rec.v2', ...words, '--adapter', 'wasi') });
  assert.deepEqual([wasi.code, wasi.exitCode, wasi.exitValue], [0, 0, null]);
});

test('a module that brings something else of the name is no program of ours', async () => {
  const others = [
    '(global (export "jsrust_trap") i32 (i32.const 6))',
    '(global (export "jsrust_trap") (mut i64) (i64.const 6))',
    '(global (export "jsrust_trap") (mut f32) (f32.const 0))',
    '(func (export "jsrust_trap") (result i64) i64.const 6)',
    '(func (export "jsrust_trap") unreachable)',
    '(memory (export "jsrust_trap") 1)',
  ];
  for (const other of others) {
    const result = await run({ bytes: await assemble('test', `(module ${other} (func (export "main") unreachable))`) });
    assert.deepEqual([result.code, result.message], [40, 'unreachable code reached'], other);
  }
});

test('a module whose account of its trap never ends is ended', async () => {
  const source = `(module (func (export "jsrust_trap") (result i32) (loop (br 0)) i32.const 1)
    (func (export "main") unreachable))`;
  const result = await run({ bytes: await assemble('test', source), limits: { seconds: 0.3 } });
  assert.deepEqual([result.code, result.message], [40, 'time limit reached (0.3 s)']);
});
