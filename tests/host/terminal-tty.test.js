// A program's screen on a terminal: the painter against a small terminal that is written here, and the whole on a real
// pseudo-terminal (python3's pty): keys, a new size, and the terminal as it was before on every way out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { project } from '../lib/files.mjs';
import { Painter, paintLines } from '../../runner/terminal/paint.js';
import { createScreenBuffer, Screen, ScreenReader } from '../../runner/terminal/screen.js';
import { charWidth } from '../../runner/terminal/width.js';
import { onPty } from './pty.js';

const encoder = new TextEncoder();

/** What a terminal makes of the painter's sequences: per cell its character and the SGR in force. */
class SmallTerminal {
  /** @type {string[][]} */
  cells = [];
  column = 0;
  row = 0;
  style = '0';
  visible = true;
  constructor(/** @type {number} */ columns, /** @type {number} */ rows) {
    this.columns = columns;
    this.rows = rows;
    this.clear();
  }
  clear() {
    this.cells = Array.from({ length: this.rows }, () => Array(this.columns).fill(' /0'));
  }
  write(/** @type {string} */ text) {
    for (const [part, parameters, end] of text.matchAll(/\x1b\[([?\d;]*)([A-Za-z])|[^]/gu)) {
      if (end === undefined) this.put(part);
      else if (end === 'H') [this.row, this.column] = parameters.split(';').map((number) => Number(number) - 1);
      else if (end === 'm') this.style = parameters;
      else if (end === 'J') this.clear();
      else if (end === 'h' || end === 'l') this.visible = end === 'h';
      else assert.fail(`an unknown sequence ${JSON.stringify(part)}`);
    }
  }
  put(/** @type {string} */ character) {
    const width = charWidth(/** @type {number} */ (character.codePointAt(0)));
    const row = this.cells[this.row];
    if (width === 0) {
      const at = row[this.column - 1] === '' ? this.column - 2 : this.column - 1;
      row[at] = row[at].replace('/', `${character}/`);
      return;
    }
    assert.ok(this.column + width <= this.columns, 'over the edge');
    // Half of a wide one cannot stand.
    if (row[this.column] === '') row[this.column - 1] = ' /0';
    if (row[this.column + width] === '') row[this.column + width] = ' /0';
    row[this.column] = `${character}/${this.style}`;
    if (width === 2) row[this.column + 1] = '';
    this.column += width;
  }
}

/** The same of a frame, painted whole. @param {any} frame @param {number} columns @param {number} rows */
function painted(frame, columns, rows) {
  const terminal = new SmallTerminal(columns, rows);
  terminal.write(new Painter().paint(frame, { columns, rows }));
  return terminal;
}

const ALPHABET = [
  ...'ab  漢é字│',
  'e\u0301',
  '\x1b[31m',
  '\x1b[0m',
  '\x1b[1;44m',
  '\n',
  '\x1b[38;2;1;2;3m',
  '\x1b[95m',
];

test('painting what changed gives the same as painting all', () => {
  let state = 3;
  const random = (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < 40; round++) {
    const size = { columns: 4 + random(16), rows: 2 + random(5) };
    const buffer = createScreenBuffer(false, size);
    const screen = new Screen(buffer);
    const reader = new ScreenReader(buffer);
    const shown = { columns: size.columns - random(3), rows: size.rows - random(2) };
    const terminal = new SmallTerminal(shown.columns, shown.rows);
    const painter = new Painter();
    for (let step = 0; step < 30; step++) {
      screen.moveTo(random(size.columns), random(size.rows));
      if (random(12) === 0) screen.clear();
      screen.showCursor(random(2) === 0);
      const text = Array.from({ length: random(10) }, () => ALPHABET[random(ALPHABET.length)]).join('');
      screen.print(encoder.encode(text));
      screen.flush();
      const frame = reader.frame();
      terminal.write(painter.paint(frame, shown));
      const whole = painted(frame, shown.columns, shown.rows);
      assert.deepEqual(terminal.cells, whole.cells);
      assert.equal(terminal.visible, whole.visible);
    }
  }
});

test('one changed cell is a few bytes', () => {
  const buffer = createScreenBuffer(false);
  const screen = new Screen(buffer);
  const reader = new ScreenReader(buffer);
  const painter = new Painter();
  screen.print(encoder.encode('x'.repeat(80 * 24)));
  screen.flush();
  assert.ok(painter.paint(reader.frame(), { columns: 80, rows: 24 }).length > 1920);
  screen.moveTo(40, 12);
  screen.print(encoder.encode('y'));
  screen.flush();
  assert.equal(painter.paint(reader.frame(), { columns: 80, rows: 24 }), '\x1b[?25l\x1b[13;41Hy\x1b[13;42H\x1b[?25h');
  screen.flush();
  assert.equal(painter.paint(reader.frame(), { columns: 80, rows: 24 }), '\x1b[?25l\x1b[13;42H\x1b[?25h');
});

test('what follows an emoji sequence stands in its column also where the terminal shows the parts', () => {
  const buffer = createScreenBuffer(false, { columns: 12, rows: 1 });
  const screen = new Screen(buffer);
  const reader = new ScreenReader(buffer);
  const painter = new Painter();
  const terminal = new SmallTerminal(12, 1);
  for (const text of ['|\u{1f469}\u200d\u{1f4bb}|ab', 'x']) {
    screen.moveTo(0, 0);
    screen.print(encoder.encode(text));
    screen.flush();
    terminal.write(painter.paint(reader.frame(), { columns: 12, rows: 1 }));
    assert.deepEqual(terminal.cells[0].slice(3, 6), ['|/0', 'a/0', 'b/0']);
  }
});

test('the last screen as lines in its colours', () => {
  const buffer = createScreenBuffer(false);
  const screen = new Screen(buffer);
  screen.print(encoder.encode('plain\n'));
  screen.setColor('red');
  screen.print(encoder.encode('red'));
  screen.resetColor();
  screen.print(encoder.encode(' 漢\n\nend'));
  assert.equal(paintLines(new ScreenReader(buffer).final()), 'plain\n\x1b[0;31mred\x1b[0m 漢\n\nend\n');
});

/** A program that draws its size and each key, as the command line would run it. */
const PROGRAM = `
import { Tty, ttySize } from '${project}/runner/node/tty.js';
import { createScreenBuffer, Screen, ScreenReader } from '${project}/runner/terminal/screen.js';
const buffer = createScreenBuffer(true, ttySize());
const screen = new Screen(buffer);
const reader = new ScreenReader(buffer);
let drawn = 0;
const draw = (text) => {
  const { columns, rows } = screen.size();
  screen.clear();
  screen.moveTo(0, ++drawn); // on a row of its own, so that all of it is painted
  screen.setColor('green');
  screen.print(new TextEncoder().encode(columns + 'x' + rows + ' ' + text + ';'));
  screen.flush();
};
const tty = new Tty(reader, {
  onKey(name) {
    draw('key ' + name);
    if (name === 'q') { screen.restore(); tty.close({ keep: true }); console.log('after'); }
    if (name === 't') throw new Error('thrown');
    if (name === 'x') process.exit(7);
  },
  onSize(columns, rows) { reader.setSize({ columns, rows }); draw('resized'); },
  onQuit() { draw('quit'); },
  onGone() {},
});
tty.open();
draw('ready');
`;

const COMMAND = [process.execPath, '--input-type=module', '-e', PROGRAM];
const LEFT = /\x1b\[0m\x1b\[\?25h\x1b\[\?2004l\x1b\[\?1049l/;

test('pty: frames, keys in pieces, a new size, and what the screen showed stays', { timeout: 60_000 }, async () => {
  const run = await onPty(COMMAND, async ({ send, shows }) => {
    await shows(/\x1b\[\?1049h/);
    await shows('80x24 ready');
    send({ write: '\x1b[A' });
    await shows('key up;');
    send({ write: '\x1b' });
    await shows('key esc;');
    send({ write: '\x03漢' });
    await shows('key 漢;');
    send({ write: '\x1c' });
    await shows('quit');
    send({ size: [100, 30] });
    await shows('100x30 resized');
    send({ write: 'q' });
  });
  assert.deepEqual([run.code, run.signal, run.restored], [0, 0, true]);
  const end = run.output.slice(run.output.search(LEFT));
  assert.match(end, /\x1b\[0;32m100x30 key q;\x1b\[0m\r\nafter/);
});

for (const [way, command, code, signal] of /** @type {[string, object, number, number][]} */ ([
  ['an exception', { write: 't' }, 1, 0],
  ['process.exit', { write: 'x' }, 7, 0],
  ['SIGTERM', { signal: 15 }, 0, 15],
  ['SIGHUP', { signal: 1 }, 0, 1],
  ['SIGINT', { signal: 2 }, 0, 2],
])) {
  test(`pty: the terminal is given back after ${way}`, { timeout: 60_000 }, async () => {
    const run = await onPty(COMMAND, async ({ send, shows }) => {
      await shows('ready');
      send(command);
    });
    assert.match(run.output, LEFT);
    assert.deepEqual([run.code, run.signal, run.restored], [code, signal, true]);
  });
}
