// The command line on a real pseudo-terminal: programs that draw are played with keys and a new size, others read lines or
// keys; after every way out the terminal is as it was, and what was printed is there.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { assemble } from '../../fixtures/wat.mjs';
import { project } from '../lib/files.mjs';
import { MAIN } from './cli-process.js';
import { endlessLoop, endlessPrinter } from './programs.js';
import { onPty } from './pty.js';

const folder = mkdtempSync(join(tmpdir(), 'jsrs-cli-terminal-'));
after(() => rmSync(folder, { recursive: true }));

const fixture = (/** @type {string} */ name) => join(project, 'fixtures', `${name}.wasm`);
const run = (/** @type {string[]} */ ...words) => [process.execPath, MAIN, 'run', ...words];
const timeout = 60_000;
const ENTERED = '\x1b[?1049h';
const LEFT = '\x1b[?1049l';

/** What is on the terminal once the screen is gone. @param {string} output */
const afterwards = (output) => output.slice(output.lastIndexOf(LEFT) + LEFT.length).replaceAll('\r', '');

/**
 * An Aver program of our own. `print`, `draw` and `row` work on texts of its data; `key` waits for a key.
 * @param {string} name
 * @param {string[]} texts
 * @param {(text: (index: number) => string) => string} body gets what pushes pointer and length of a text
 */
async function program(name, texts, body) {
  let at = 1024;
  const places = texts.map((text) => {
    const place = { at, length: Buffer.byteLength(text) };
    at += place.length;
    return place;
  });
  const data = texts.map((text, i) => `(data (i32.const ${places[i].at}) ${JSON.stringify(text)})`).join('\n');
  const source = `(module
    (import "aver" "console_print" (func $print (param i32 i32)))
    (import "aver" "console_readLine" (func $line (result i32 i32)))
    (import "aver" "terminal_enableRawMode" (func $raw))
    (import "aver" "terminal_clear" (func $clear))
    (import "aver" "terminal_print" (func $draw (param i32 i32)))
    (import "aver" "terminal_moveTo" (func $move (param i32 i32)))
    (import "aver" "terminal_flush" (func $flush))
    (import "aver" "terminal_readKey" (func $key (result i32 i32)))
    (import "aver" "time_sleep" (func $sleep (param i64)))
    (memory (export "memory") 1) ${data}
    (func $await (result i32 i32) (local $at i32) (local $length i32)
      (loop $again
        (call $key) (local.set $length) (local.set $at)
        (if (i32.eq (local.get $at) (i32.const -1)) (then (call $sleep (i64.const 5)) (br $again))))
      (local.get $at) (local.get $length))
    (func (export "alloc") (param i32) (result i32) i32.const 4096)
    (func (export "_start") ${body((index) => `i32.const ${places[index].at} i32.const ${places[index].length}`)}))`;
  const path = join(folder, `${name}.wasm`);
  writeFileSync(path, await assemble(name, source));
  return path;
}

const DRAWS = ['drawn', 'printed\n', 'again'];
const draws = (/** @type {(index: number) => string} */ text) =>
  `call $raw ${text(0)} call $draw call $flush ${text(1)} call $print`;

test('bricks is played: its screen, keys, a new size, and its farewell', { timeout }, async () => {
  const played = await onPty(run(fixture('wasm/bricks'), '--seed', '1'), async ({ send, shows }) => {
    await shows(ENTERED);
    await shows('██████');
    send({ write: '\r' });
    await shows('▐████▌');
    send({ write: '\rp' });
    await shows('PAUSED');
    send({ size: [50, 14] });
    await shows('needs 74 by 24');
    send({ size: [100, 30] });
    send({ write: '\x1b[Cq' });
  });
  assert.deepEqual([played.code, played.signal, played.restored], [0, 0, true]);
  assert.match(afterwards(played.output), /bricks: 0 points\nok\n/);
});

test('the same game in Aver is played, and left by Ctrl+C, which is its key esc', { timeout }, async () => {
  const played = await onPty(run(fixture('aver-programs/bricks')), async ({ send, shows }) => {
    await shows(ENTERED);
    send({ write: ' \x1b[B\x1b[C' });
    await shows(/[█▓░■#]/);
    send({ write: '\x03' });
  });
  assert.deepEqual([played.code, played.restored], [0, true], played.output.slice(-400));
});

for (const [way, command, code] of /** @type {[string, object, number][]} */ ([
  ['a key that it ends by', { write: 'x' }, 0],
  ['Ctrl+C, its key too', { write: '\x03' }, 0],
  ['Ctrl+\\', { write: '\x1c' }, 130],
  ['SIGINT', { signal: 2 }, 130],
  ['SIGTERM', { signal: 15 }, 143],
  ['SIGHUP', { signal: 1 }, 129],
  ['SIGQUIT', { signal: 3 }, 131],
])) {
  test(`a program that draws ends by ${way}: status ${code}`, { timeout }, async () => {
    const path = await program('waits', DRAWS, (text) => `${draws(text)} call $await drop drop`);
    const ended = await onPty(run(path), async ({ send, shows }) => {
      await shows(ENTERED);
      await shows('drawn');
      send(command);
    });
    assert.deepEqual([ended.code, ended.signal, ended.restored], [code, 0, true], ended.output);
    const rest = afterwards(ended.output);
    assert.ok(rest.startsWith('drawn\nprinted\n'), `the picture stays, what was printed follows: ${rest}`);
    assert.match(rest, code === 0 ? /\nok\n/ : /\nerror\[execute-error\]: stopped\n/);
  });
}

for (const [way, command] of /** @type {[string, object][]} */ ([
  ['SIGINT', { signal: 2 }],
  ['SIGTERM', { signal: 15 }],
  ['Ctrl+\\', { write: '\x1c' }],
])) {
  test(`a program that loops and does not listen is left once by ${way}`, { timeout }, async () => {
    const path = await program('loops', DRAWS, (text) => `${draws(text)} (loop $again (br $again))`);
    const ended = await onPty(run(path), async ({ send, shows }) => {
      await shows('drawn');
      send(command);
    });
    assert.deepEqual(
      [ended.output.split(ENTERED).length, ended.output.split(LEFT).length, ended.restored],
      [2, 2, true],
    );
    assert.match(afterwards(ended.output), /^drawn\nprinted\nerror\[execute-error\]: stopped\n/);
  });
}

test('a terminal that is closed ends the program as SIGHUP does, and the trace is written', { timeout }, async () => {
  const body = (/** @type {(index: number) => string} */ text) =>
    `${draws(text)} (loop $again ${text(0)} call $draw call $flush (call $sleep (i64.const 1)) (br $again))`;
  const path = await program('draws-on', DRAWS, body);
  const trace = join(folder, 'draws-on.jsonl');
  const ended = await onPty(run(path, '--trace', '--trace-out', trace), async ({ send, shows }) => {
    await shows('drawn');
    send({ hangUp: true });
  });
  assert.deepEqual([ended.code, ended.signal], [0, 1], ended.output);
  assert.match(readFileSync(trace, 'utf8'), /"call":"aver.terminal_flush"/);
});

for (const [name, bytes] of /** @type {const} */ ([
  ['that prints', endlessPrinter()],
  ['that prints nothing', endlessLoop()],
])) {
  test(`a terminal that is closed ends a JSRS program ${name} as SIGHUP does`, { timeout }, async () => {
    const path = join(folder, 'endless.jsrbin');
    const started = join(folder, `${name}.jsrbin`); // written as the program starts
    writeFileSync(path, bytes);
    const ended = await onPty(run(path, '--out-bin', started), async ({ send }) => {
      while (!existsSync(started)) await setTimeout(20);
      send({ hangUp: true });
    });
    assert.deepEqual([ended.code, ended.signal], [0, 1], ended.output.slice(-400));
  });
}

test('a trap leaves the picture, what was printed and a message', { timeout }, async () => {
  const path = await program('traps', DRAWS, (text) => `${draws(text)} call $await drop drop unreachable`);
  const ended = await onPty(run(path), async ({ send, shows }) => {
    await shows('drawn');
    send({ write: 'x' });
  });
  assert.deepEqual([ended.code, ended.restored], [40, true]);
  assert.match(afterwards(ended.output), /^drawn\nprinted\nerror\[execute-error\]: unreachable code reached\n/);
});

test(
  'a program that reads no keys is ended by Ctrl+C, and one that ends at once still shows its picture',
  { timeout },
  async () => {
    const animation = await onPty(run(fixture('aver/animation')), async ({ send, shows }) => {
      await shows(ENTERED);
      send({ write: '\x03' });
    });
    assert.ok([0, 130].includes(animation.code) && animation.restored, animation.output.slice(-300));
    const path = await program('short', DRAWS, (text) => `${text(0)} call $draw ${text(1)} call $print`);
    const short = await onPty(run(path), async () => {});
    assert.match(short.output.replaceAll('\r', ''), /drawn\n/);
    assert.match(short.output, /printed/);
    assert.deepEqual([short.code, short.restored], [0, true]);
  },
);

test('lines are read on the bare terminal, before and while it draws', { timeout }, async () => {
  const path = await program(
    'asks',
    ['name? ', 'drawn', 'another? ', 'again', 'end\n', 'hello '],
    (text) => `${text(0)} call $print call $line ${text(5)} call $print call $print
      call $raw ${text(1)} call $draw call $flush call $await drop drop
      ${text(2)} call $print call $line call $print
      call $clear i32.const 0 i32.const 0 call $move ${text(3)} call $draw call $flush call $await drop drop
      ${text(4)} call $print`,
  );
  const ended = await onPty(run(path), async ({ send, shows }) => {
    await shows('name? ');
    send({ write: 'Ann\n' });
    await shows('drawn');
    send({ write: 'x' });
    // What was printed just before the screen came may have been held until it is given back.
    await shows('hello Ann');
    await shows('another? ');
    send({ write: 'second\n' });
    await shows('again');
    send({ write: 'x' });
  });
  assert.deepEqual([ended.code, ended.restored], [0, true], ended.output);
  assert.ok(ended.output.indexOf('name? ') < ended.output.indexOf(ENTERED), 'nothing is taken before it is needed');
  assert.equal(ended.output.split(ENTERED).length, 3);
  assert.ok(ended.output.includes('second\r\n'), 'the terminal itself echoes');
  assert.match(afterwards(ended.output), /^again\nsecond?end\n|again\n[^]*end\n/);
});

test('Ctrl+D ends the input of a program that reads lines', { timeout }, async () => {
  const ended = await onPty(run(fixture('aver-programs/guess')), async ({ send, shows }) => {
    await shows('?');
    send({ write: 'Ann\n' });
    await shows('your guess (try 1)?');
    send({ write: '\x04' });
  });
  assert.match(ended.output, /Bye, Ann/);
  assert.deepEqual([ended.code, ended.restored], [0, true]);
});

test(
  'WASI in line mode: the terminal echoes and edits, Ctrl+D is the end, Ctrl+C status 130',
  { timeout },
  async () => {
    const guess = run(fixture('wasi/guess'), '--seed', '3');
    const ended = await onPty(guess, async ({ send, shows }) => {
      await shows('?');
      send({ write: '5\x7f50\n' });
      await shows(/higher|lower|right/i);
      send({ write: '\x04' });
    });
    assert.match(ended.output, /50\r\n/);
    assert.equal(ended.restored, true);
    assert.ok(!ended.output.includes('stopped'));
    const interrupted = await onPty(guess, async ({ send, shows }) => {
      await shows('?');
      send({ write: '\x03' });
    });
    assert.deepEqual([interrupted.code, interrupted.restored], [130, true]);
  },
);

test(
  'WASI with --raw: an editor gets keys and the size, saves a file, and the terminal is given back',
  { timeout },
  async () => {
    writeFileSync(join(folder, 'note.txt'), 'first line\n');
    const edit = run(fixture('wasi/edit'), '--raw', '--dir', `${folder}::/`, '--args', 'note.txt');
    const ended = await onPty(edit, async ({ send, shows }) => {
      await shows('first line');
      send({ write: 'Ahoy ' });
      await shows('Ahoy first line');
      send({ write: '\x13' });
      await shows(/saved|written|wrote/i);
      send({ write: '\x11' });
    });
    assert.deepEqual([ended.code, ended.restored], [0, true], ended.output.slice(-300));
    assert.equal(readFileSync(join(folder, 'note.txt'), 'utf8'), 'Ahoy first line\n');
  },
);

for (const [way, command, code] of /** @type {[string, object, number][]} */ ([
  ['Ctrl+\\', { write: '\x1c' }, 130],
  ['SIGTERM', { signal: 15 }, 143],
])) {
  test(`--raw is left by ${way}`, { timeout }, async () => {
    const ended = await onPty(run(fixture('wasi/edit'), '--raw'), async ({ send, shows }) => {
      await shows('Ctrl-S');
      send(command);
    });
    assert.deepEqual([ended.code, ended.signal, ended.restored], [code, 0, true]);
  });
}

test('a program in raw mode is told the size of the terminal', { timeout }, async () => {
  const rover = (/** @type {string[]} */ ...words) => onPty(run(fixture('wasi/rover'), ...words), async () => {});
  const raw = await rover('--raw');
  assert.match(raw.output, / {2}COLUMNS=80\r\n/);
  assert.match(raw.output, / {2}LINES=24\r\n/);
  assert.match((await rover('--raw', '--env', 'LINES=7')).output, / {2}LINES=7\r\n/);
  assert.doesNotMatch((await rover()).output, /COLUMNS/);
});

test('--screen and --keys play without taking the terminal', { timeout }, async () => {
  const ended = await onPty(run(fixture('wasm/bricks'), '--screen', '--keys', 'q'), async () => {});
  assert.ok(!ended.output.includes(ENTERED));
  assert.match(ended.output, /bricks: 0 points/);
});
