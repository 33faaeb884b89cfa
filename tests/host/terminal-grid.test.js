// The terminal's grid and screen without DOM: every rule of aver-abi.md 6.1 as a row, invariants under random drawing,
// frames under a worker that hammers, and screens by messages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { colorByName } from '../../runner/terminal/colors.js';
import { ATTRIBUTE, CLUSTER, HIDDEN, TAIL, WIDE } from '../../runner/terminal/layout.js';
import { frameResult, screenText } from '../../runner/terminal/result.js';
import { createScreenBuffer, Screen, screenResult, ScreenReader } from '../../runner/terminal/screen.js';
import { charWidth } from '../../runner/terminal/width.js';

const encoder = new TextEncoder();

/** A screen and its reader over one buffer. @param {number} columns @param {number} rows @param {boolean} [shared] */
function screenOf(columns, rows, shared = false) {
  const buffer = createScreenBuffer(shared, { columns, rows });
  const screen = new Screen(buffer);
  const reader = new ScreenReader(buffer);
  return { screen, reader, print: (/** @type {string} */ text) => screen.print(encoder.encode(text)) };
}

/** What a program did, one step after the other: a text is printed, a pair is a position, a function acts. */
function draw(/** @type {number} */ columns, /** @type {number} */ rows, /** @type {any[]} */ steps) {
  const made = screenOf(columns, rows);
  for (const step of steps) {
    if (typeof step === 'string') made.print(step);
    else if (typeof step === 'function') step(made.screen, made.reader);
    else if (step instanceof Uint8Array) made.screen.print(step);
    else made.screen.moveTo(step[0], step[1]);
  }
  return made;
}

const clear = (/** @type {Screen} */ screen) => screen.clear();
const color = (/** @type {string} */ name) => (/** @type {Screen} */ screen) => void screen.setColor(name);
const bytes = (/** @type {number[]} */ ...values) => Uint8Array.from(values);

/** [rule, columns, rows, steps, lines, cursor as column and row] */
const RULES = [
  ['text at the cursor', 10, 3, ['ab'], ['ab'], [2, 0]],
  ['moveTo counts from zero', 10, 3, [[3, 1], 'x'], ['', '   x'], [4, 1]],
  ['moveTo clamps below and above', 10, 3, [[-5, -1], 'a', [99, 70000], 'b'], ['a', '', '         b'], [9, 2]],
  ['clear blanks and homes the cursor', 10, 3, ['abc', [4, 2], clear], [], [0, 0]],
  ['a newline goes to column 0 of the next row', 10, 3, ['ab\ncd'], ['ab', 'cd'], [2, 1]],
  ['a newline scrolls at the bottom', 5, 2, ['a\nb\nc'], ['b', 'c'], [1, 1]],
  ['a carriage return goes to column 0', 10, 3, ['abc\rX'], ['Xbc'], [1, 0]],
  ['a tab goes to the next multiple of 8', 20, 1, ['\ta\tb'], ['        a       b'], [17, 0]],
  ['a tab from a multiple of 8 goes on', 20, 1, ['12345678\tx'], ['12345678        x'], [17, 0]],
  ['a tab stops at the last column', 10, 2, ['123456789\tx'], ['123456789x'], [9, 0]],
  ['a tab draws nothing', 10, 1, ['abcdefghi\r\tX'], ['abcdefghX'], [9, 0]],
  ['a backspace goes one left and erases nothing', 10, 1, ['abc\bX'], ['abX'], [3, 0]],
  ['a backspace stops at column 0', 10, 2, ['\b\ba'], ['a'], [1, 0]],
  ['other controls are ignored', 10, 1, ['a\u0000\u0007\u000b\u000c\u007f\u0085b'], ['ab'], [2, 0]],
  ['the last column is written without wrapping', 3, 2, ['abc'], ['abc'], [2, 0]],
  ['the next character wraps', 3, 2, ['abcd'], ['abc', 'd'], [1, 1]],
  ['the next character scrolls on the last row', 3, 2, [[0, 1], 'abcd'], ['abc', 'd'], [1, 1]],
  ['a full grid does not scroll', 3, 2, ['abcdef'], ['abc', 'def'], [2, 1]],
  ['moveTo cancels the wrap', 3, 2, ['abc', [2, 0], 'X'], ['abX'], [2, 0]],
  ['a carriage return cancels the wrap', 3, 2, ['abc\rX'], ['Xbc'], [1, 0]],
  ['a newline cancels the wrap and is one line only', 3, 3, ['abc\nX'], ['abc', 'X'], [1, 1]],
  ['a backspace cancels the wrap', 3, 2, ['abc\bX'], ['aXc'], [2, 0]],
  ['a run wraps over several rows', 3, 3, ['abcdefgh'], ['abc', 'def', 'gh'], [2, 2]],
  ['a run longer than the grid scrolls', 2, 2, ['abcdefg'], ['ef', 'g'], [1, 1]],
  ['one column', 1, 2, ['ab漢'], ['b', '漢'], [0, 1]],
  ['a wide character takes two columns', 6, 1, ['漢字x'], ['漢字x'], [5, 0]],
  ['fullwidth forms are wide', 6, 1, ['Ａx'], ['Ａx'], [3, 0]],
  ['emoji are wide', 6, 1, ['😀x'], ['😀x'], [3, 0]],
  ['a wide one that does not fit wraps first', 3, 2, ['ab漢'], ['ab', '漢'], [2, 1]],
  ['a wide one that just fits waits at the last column', 4, 2, ['ab漢'], ['ab漢'], [3, 0]],
  ['a wide one wraps before the character after it', 4, 2, ['ab漢x'], ['ab漢', 'x'], [1, 1]],
  ['overwriting the left half blanks the right one', 6, 1, ['漢', [0, 0], 'x'], ['x'], [1, 0]],
  ['overwriting the right half blanks the left one', 6, 1, ['漢', [1, 0], 'x'], [' x'], [2, 0]],
  ['a wide one over two halves blanks both others', 6, 1, ['漢字', [1, 0], '語'], [' 語'], [3, 0]],
  ['a run ends on a left half', 6, 1, ['a漢b', [0, 0], 'XY'], ['XY b'], [2, 0]],
  ['a wide one ends on a left half', 6, 1, ['a漢b', [0, 0], '字'], ['字 b'], [2, 0]],
  ['a mark joins the character before', 6, 1, ['e\u0301x'], ['e\u0301x'], [2, 0]],
  ['a mark printed later joins, too', 6, 1, ['e', '\u0301', 'x'], ['e\u0301x'], [2, 0]],
  ['a mark joins the last column while a wrap waits', 2, 2, ['ae\u0301x'], ['ae\u0301', 'x'], [1, 1]],
  ['a mark joins a wide one', 6, 1, ['か\u3099x'], ['か\u3099x'], [3, 0]],
  ['a mark at column 0 has nothing to join', 6, 1, ['\u0301x'], ['x'], [1, 0]],
  ['a variation selector joins', 6, 1, ['❤\ufe0fx'], ['❤\ufe0fx'], [2, 0]],
  ['an emoji sequence is one character', 8, 1, ['👨‍👩‍👧‍👦x'], ['👨‍👩‍👧‍👦x'], [3, 0]],
  ['a sequence of narrow parts', 8, 1, ['👩‍❤️‍👩x'], ['👩‍❤️‍👩x'], [3, 0]],
  ['a skin tone joins its emoji', 8, 1, ['👍🏽x'], ['👍🏽x'], [3, 0]],
  ['a skin tone alone is an emoji', 8, 1, ['a🏽x'], ['a🏽x'], [4, 0]],
  ['two regional indicators are a flag', 8, 1, ['🇩🇪🇫🇷x'], ['🇩🇪🇫🇷x'], [5, 0]],
  ['a joiner after a letter joins no other letter', 8, 1, ['a\u200db'], ['a\u200db'], [2, 0]],
  ['direction marks and zero width spaces are not shown', 8, 1, ['a\u202e\u200b\u2067\ufeffb'], ['ab'], [2, 0]],
  ['box drawing, blocks and Braille are narrow', 8, 1, ['│─▀⠿x'], ['│─▀⠿x'], [5, 0]],
  ['a character split over two calls', 8, 1, [bytes(0xe2, 0x94), bytes(0x82)], ['│'], [1, 0]],
  ['a character split over four calls', 8, 1, [bytes(0xf0), bytes(0x9f), bytes(0x98), bytes(0x80)], ['😀'], [2, 0]],
  ['a broken character before ASCII', 8, 1, [bytes(0xe2, 0x94, 0x41)], ['\ufffdA'], [2, 0]],
  ['a broken character before another', 8, 1, [bytes(0xe2, 0x94, 0xc3, 0xa9)], ['\ufffdé'], [2, 0]],
  ['stray and impossible bytes', 8, 1, [bytes(0x80, 0xff, 0xc0, 0xaf)], ['\ufffd\ufffd\ufffd\ufffd'], [4, 0]],
  ['surrogates', 8, 1, [bytes(0xed, 0xa0, 0x80)], ['\ufffd\ufffd\ufffd'], [3, 0]],
  ['past U+10FFFF', 8, 1, [bytes(0xf4, 0x90, 0x80, 0x80)], ['\ufffd\ufffd\ufffd\ufffd'], [4, 0]],
  ['a CSI sequence is skipped', 9, 2, ['a\u001b[2J\u001b[5;5Hb'], ['ab'], [2, 0]],
  ['a private CSI sequence is skipped', 9, 1, ['a\u001b[?25lb\u001b[>0cc'], ['abc'], [3, 0]],
  ['a CSI sequence split over calls', 9, 1, ['a\u001b', '[3', '1', 'mb'], ['ab'], [2, 0]],
  ['a control within a sequence acts', 9, 2, ['a\u001b[3\n1mb'], ['a', 'b'], [1, 1]],
  ['an escape within a sequence starts anew', 9, 1, ['a\u001b[3\u001b[31mb'], ['ab'], [2, 0]],
  ['CAN ends a sequence', 9, 1, ['a\u001b[31\u0018mb'], ['amb'], [3, 0]],
  ['text that is not ASCII ends a sequence', 9, 1, ['a\u001b[31éb'], ['aéb'], [3, 0]],
  ['OSC up to BEL or ST', 9, 1, ['a\u001b]0;title\u0007b\u001b]52;c;AAAA\u001b\\c'], ['abc'], [3, 0]],
  ['DCS up to ST', 9, 1, ['a\u001bPq#0\u001b\\b'], ['ab'], [2, 0]],
  ['a string without end swallows no more than so much', 9, 1, [`a\u001b]${'x'.repeat(4097)}b`], ['ab'], [2, 0]],
  ['a charset sequence', 9, 1, ['a\u001b(Bb\u001b7c'], ['abc'], [3, 0]],
];

for (const [rule, columns, rows, steps, lines, [column, row]] of /** @type {any[]} */ (RULES)) {
  test(`grid: ${rule}`, () => {
    const { reader } = draw(columns, rows, steps);
    const frame = reader.final();
    assert.deepEqual(frame.lines(), lines);
    assert.deepEqual([frame.cursor.column, frame.cursor.row], [column, row]);
    checkInvariants(frame);
  });
}

const WIDTHS = {
  1: 'a~é\u00adЖא€│▀⠿ｱ\u2764\u263a\u0600\ue000\ufffd\u{1d400}',
  2: '漢가Ａ\u3000⌚😀🦀🏽🇩\u{1fae9}\u{20000}\u{3fffd}〈｠＄ー',
  0: '\u0300\u0301\u0483\u05b0\u0e31\u093e\u1161\u11ff\u200c\u200d\ufe0f\u20e3\u3099\u{e0100}\u{1e8d0}\u{e0067}',
  '-1': '\u200b\u200e\u202e\u2028\u2060\u2066\ufeff\ufff9',
};

test('widths', () => {
  for (const [width, characters] of Object.entries(WIDTHS)) {
    for (const character of characters) {
      const codePoint = /** @type {number} */ (character.codePointAt(0));
      assert.equal(charWidth(codePoint), Number(width), `U+${codePoint.toString(16)}`);
    }
  }
});

/** What of the grid may never break, whatever was printed. @param {any} frame */
function checkInvariants(frame) {
  const { cursor, columns, rows } = frame;
  assert.ok(cursor.column >= 0 && cursor.column < columns && cursor.row >= 0 && cursor.row < rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const glyph = frame.words[frame.cell(column, row)];
      const before = column > 0 ? frame.words[frame.cell(column - 1, row)] : 0;
      assert.equal(Boolean(glyph & TAIL), Boolean(before & WIDE), `halves at ${column} ${row}`);
      assert.ok(!(glyph & WIDE) || column + 1 < columns, `a wide one over the edge at ${row}`);
      if (!(glyph & TAIL)) assert.ok(frame.textOf(glyph).length > 0);
    }
  }
}

/** Numbers that look random and are the same each time. @param {number} seed */
function randomOf(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const ALPHABET = [
  ...'abc xyz漢字😀👨‍👩‍👧🇩🇪e\u0301\ufe0f│⠿\n\r\t\b',
  '\u001b[31m',
  '\u001b[0m',
  '\u001b]',
  '\u0007',
  '\ufffd',
];

test('random drawing keeps the grid whole, and frames like the grid', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = randomOf(seed);
    const { screen, reader, print } = screenOf(1 + random(12), 1 + random(6));
    for (let step = 0; step < 400; step++) {
      const act = random(20);
      if (act === 0) screen.clear();
      else if (act === 1) screen.moveTo(random(16) - 2, random(8) - 1);
      else if (act === 2) reader.setSize({ columns: 1 + random(14), rows: 1 + random(7) });
      else if (act === 3) screen.size();
      else if (act === 4) {
        screen.flush();
        assert.deepEqual(frameResult(reader.frame(), 0), frameResult(reader.final(), 0));
        checkInvariants(reader.frame());
      } else if (act === 5) {
        screen.print(Uint8Array.from({ length: random(6) }, () => random(256)));
      } else {
        print(Array.from({ length: random(12) }, () => ALPHABET[random(ALPHABET.length)]).join(''));
      }
    }
    checkInvariants(reader.final());
  }
});

test('SGR sets colours and attributes, and stays set', () => {
  /** [what, printed, foreground's colour, attributes, background, hidden] */
  const rows = /** @type {[string, number, number, number, boolean][]} */ ([
    ['\u001b[31m', colorByName('red'), 0, 0, false],
    ['\u001b[1;4;32m', colorByName('green'), ATTRIBUTE.BOLD | ATTRIBUTE.UNDERLINE, 0, false],
    ['\u001b[1m\u001b[22m', 0, 0, 0, false],
    ['\u001b[3;7;9m\u001b[23;27;29m', 0, 0, 0, false],
    ['\u001b[7m', 0, ATTRIBUTE.INVERSE, 0, false],
    ['\u001b[9m', 0, ATTRIBUTE.STRIKE, 0, false],
    ['\u001b[31;44m\u001b[39;49m', 0, 0, 0, false],
    ['\u001b[91;103m', (1 << 24) | 9, 0, (1 << 24) | 11, false],
    ['\u001b[38;5;200;1m', (1 << 24) | 200, ATTRIBUTE.BOLD, 0, false],
    ['\u001b[38;2;1;2;3;4m', (2 << 24) | 0x010203, ATTRIBUTE.UNDERLINE, 0, false],
    ['\u001b[48:2::255:0:16m', 0, 0, (2 << 24) | 0xff0010, false],
    ['\u001b[38:5:9;1m', (1 << 24) | 9, ATTRIBUTE.BOLD, 0, false],
    ['\u001b[38;5;999m', 0, 0, 0, false],
    ['\u001b[58;5;1;58:2::1:4:7;58;2;1;3;9;31m', (1 << 24) | 1, 0, 0, false],
    ['\u001b[38;2;1m', 0, 0, 0, false],
    ['\u001b[4:0m\u001b[4:3m', 0, ATTRIBUTE.UNDERLINE, 0, false],
    ['\u001b[8m', 0, 0, 0, true],
    ['\u001b[8;28m', 0, 0, 0, false],
    ['\u001b[31m\u001b[m', 0, 0, 0, false],
    ['\u001b[31;1m\u001b[?1m\u001b[1 m', colorByName('red'), ATTRIBUTE.BOLD, 0, false],
    [`\u001b[31m\u001b[${'1;'.repeat(40)}m`, colorByName('red'), 0, 0, false],
  ]);
  for (const [printed, foreground, attributes, background, hidden] of rows) {
    const { reader } = draw(4, 1, [`${printed}xy`]);
    const frame = reader.final();
    for (const column of [0, 1]) {
      const cell = frame.cell(column, 0);
      const text = JSON.stringify(printed);
      assert.equal(frame.words[cell + 1] & 0x3ffffff, foreground, `${text}: foreground`);
      assert.equal(frame.words[cell + 1] & ~0x3ffffff, attributes, `${text}: attributes`);
      assert.equal(frame.words[cell + 2] & 0x3ffffff, background, `${text}: background`);
      assert.equal(Boolean(frame.words[cell + 2] & HIDDEN), hidden, `${text}: hidden`);
    }
  }
});

test('colours: names, the unknown one, resetColor, and what keeps them', () => {
  const { screen, reader } = draw(20, 12, [
    color('red'),
    clear,
    'a',
    [3, 1],
    'b',
    (/** @type {Screen} */ s) => s.flush(),
    'c',
  ]);
  assert.deepEqual(frameResult(reader.final(), 0).colors, [
    [0, 0, 1, 'red'],
    [1, 3, 5, 'red'],
  ]);
  for (const name of ['green', 'yellow', 'blue', 'white', 'cyan', 'magenta', 'black', 'default']) {
    assert.equal(screen.setColor(name), true, name);
  }
  for (const name of ['Red', 'orange', '', 'toString', '__proto__']) assert.equal(screen.setColor(name), false, name);
  screen.moveTo(0, 2);
  screen.print(encoder.encode('plain'));
  screen.setColor('blue');
  screen.print(encoder.encode('  漢 '));
  screen.resetColor();
  screen.print(encoder.encode('x\u001b[38;5;196my\u001b[96mz\u001b[38;2;1;2;3m!'));
  assert.deepEqual(frameResult(reader.final(), 0).colors.slice(2), [
    [2, 7, 9, 'blue'],
    [2, 11, 12, '#ff0000'],
    [2, 12, 13, 'bright cyan'],
    [2, 13, 14, '#010203'],
  ]);
});

test('resetColor ends what SGR began, too', () => {
  const { reader } = draw(4, 1, ['\u001b[1;7;41m', (/** @type {Screen} */ s) => s.resetColor(), 'x']);
  const frame = reader.final();
  assert.deepEqual([...frame.words.subarray(frame.cell(0, 0), frame.cell(1, 0))], [0x78, 0, 0]);
});

/** [rule, from, to, printed, lines, cursor] */
const RESIZES = [
  ['wider', [3, 2], [5, 2], ['abc', [0, 1], 'def', [1, 1]], ['abc', 'def'], [1, 1]],
  ['narrower', [5, 2], [3, 2], ['abcde', [0, 1], 'fghij', [4, 1]], ['abc', 'fgh'], [2, 1]],
  ['higher', [3, 2], [3, 4], ['abcdef', [2, 1]], ['abc', 'def'], [2, 1]],
  ['lower', [3, 3], [3, 1], ['abcdefghi', [2, 2]], ['abc'], [2, 0]],
  ['both', [4, 3], [6, 2], ['abcdefghijkl', [3, 2]], ['abcd', 'efgh'], [3, 1]],
  ['a wide one cut in two is blank', [4, 1], [3, 1], ['ab漢', [0, 0]], ['ab'], [0, 0]],
  ['a full row goes on in new columns', [3, 1], [5, 1], ['abc'], ['abc'], [3, 0]],
];
for (const [rule, [columns, rows], [toColumns, toRows], steps, lines, cursor] of /** @type {any[]} */ (RESIZES)) {
  test(`resize: ${rule}`, () => {
    const { screen, reader } = draw(columns, rows, steps);
    reader.setSize({ columns: toColumns, rows: toRows });
    assert.equal(reader.final().columns, columns, 'the grid changes when the program asks, not before');
    assert.deepEqual(screen.size(), { columns: toColumns, rows: toRows });
    const frame = reader.final();
    assert.deepEqual([frame.columns, frame.rows], [toColumns, toRows]);
    assert.deepEqual(frame.lines(), lines);
    assert.deepEqual([frame.cursor.column, frame.cursor.row], cursor);
    checkInvariants(frame);
  });
}

test('resize: what was cut off does not come back', () => {
  const { screen, reader } = draw(5, 2, ['abcdefghij']);
  for (const size of [
    { columns: 2, rows: 1 },
    { columns: 5, rows: 2 },
  ]) {
    reader.setSize(size);
    screen.size();
  }
  assert.deepEqual(reader.final().lines(), ['ab']);
});

test('sizes are clamped to what there can be', () => {
  const { screen, reader } = screenOf(80, 24);
  for (const [columns, rows] of [
    [0, 0],
    [-4, NaN],
    [1e9, 1e9],
    [3.7, 2.9],
  ]) {
    const size = reader.setSize({ columns, rows });
    assert.deepEqual(screen.size(), size);
    assert.ok(size.columns >= 1 && size.columns <= 512 && size.rows >= 1 && size.rows <= 256);
    screen.print(encoder.encode('text'));
    checkInvariants(reader.final());
  }
});

test('a screen takes on the size that was wanted before it began', () => {
  const buffer = createScreenBuffer(false);
  const reader = new ScreenReader(buffer);
  reader.setSize({ columns: 100, rows: 30 });
  const screen = new Screen(buffer);
  screen.print(encoder.encode('x'.repeat(90)));
  assert.equal(reader.final().line(0).length, 90);
  const other = new Screen(createScreenBuffer(false));
  other.wantSize(90, 20);
  assert.deepEqual(other.size(), { columns: 90, rows: 20 });
});

test('frames: nothing before a flush, the newest after it, and it stays while it is read', () => {
  const { screen, reader, print } = screenOf(10, 2);
  print('one');
  assert.deepEqual(reader.frame().lines(), []);
  screen.flush();
  const first = reader.frame();
  assert.deepEqual(first.lines(), ['one']);
  for (const text of ['\rtwo', '\rthree', '\rfour']) {
    print(text);
    screen.flush();
  }
  print('\rlast');
  assert.deepEqual(first.lines(), ['one']);
  assert.deepEqual(reader.frame().lines(), ['foure']);
  assert.deepEqual(reader.final().lines(), ['laste']);
  assert.equal(reader.flushes, 4);
});

test('stamps differ for the rows that changed', () => {
  const { screen, reader, print } = screenOf(10, 3);
  print('a\nb\nc');
  screen.flush();
  const before = [0, 1, 2].map((row) => reader.frame().stamp(row));
  screen.moveTo(0, 1);
  print('X');
  screen.flush();
  const after = [0, 1, 2].map((row) => reader.frame().stamp(row));
  assert.deepEqual(
    after.map((stamp, row) => stamp !== before[row]),
    [false, true, false],
  );
});

test('raw mode, the end of the run and the generation', () => {
  let published = 0;
  const buffer = createScreenBuffer(true);
  const screen = new Screen(buffer, { onPublish: () => published++ });
  const reader = new ScreenReader(buffer);
  assert.equal(reader.used, false);
  assert.equal(screenResult(reader), null);
  screen.setRaw(true);
  assert.deepEqual([reader.raw, reader.used, published], [true, false, 1]);
  screen.size();
  assert.equal(reader.used, false, 'raw mode and asking for the size draw nothing');
  screen.showCursor(false);
  screen.setColor('red');
  screen.print(encoder.encode('not flushed'));
  const before = reader.generation;
  screen.restore();
  assert.notEqual(reader.generation, before);
  assert.deepEqual([reader.raw, reader.ended], [false, true]);
  assert.deepEqual(reader.frame().lines(), ['not flushed']);
  assert.deepEqual(screenResult(reader), {
    cols: 80,
    rows: 24,
    lines: ['not flushed'],
    colors: [
      [0, 0, 3, 'red'],
      [0, 4, 11, 'red'],
    ],
    cursor: { x: 11, y: 0, visible: false },
    flushes: 0,
  });
  assert.equal(screenText(reader.final()), 'not flushed\n');
});

test('a terminated writer leaves its grid, and the reader ends the run for it', () => {
  const { screen, reader, print } = screenOf(10, 2, true);
  screen.setRaw(true);
  print('flushed');
  screen.flush();
  print(' or not');
  reader.end();
  assert.deepEqual([reader.raw, reader.ended], [false, true]);
  assert.deepEqual(reader.final().lines(), ['flushed or', ' not']);
});

test('more clusters than there is room for: shown without marks, and room comes back', () => {
  const { screen, reader, print } = screenOf(120, 60);
  const mark = (/** @type {number} */ at) =>
    String.fromCodePoint(0x61 + (at % 26), 0x300 + (at % 112), 0x300 + (Math.floor(at / 112) % 112));
  for (let at = 0; at < 7000; at++) print(mark(at));
  screen.flush();
  checkInvariants(reader.frame());
  assert.equal(
    reader
      .frame()
      .line(0)
      .startsWith(mark(0) + mark(1)),
    true,
  );
  for (let round = 0; round < 4; round++) {
    screen.clear();
    print('fresh\u0308');
    screen.flush();
    reader.frame();
  }
  screen.clear();
  for (let at = 0; at < 9000; at++) print(`\r${String.fromCodePoint(0x4e00 + at)}\u0301`);
  screen.flush();
  assert.deepEqual(reader.frame().lines(), [`${String.fromCodePoint(0x4e00 + 8999)}\u0301`]);
});

test('a character takes so many marks and no more', () => {
  const { reader } = draw(4, 1, [`a${'\u0301'.repeat(1000)}b`]);
  const line = reader.final().line(0);
  assert.equal(line, `a${'\u0301'.repeat(14)}b`);
});

test('a million marks are taken in time that is proportional', () => {
  const { screen, reader } = screenOf(80, 24);
  const text = encoder.encode(
    Array.from({ length: 50_000 }, (_, at) => `${String.fromCodePoint(0x4e00 + (at % 20000))}\u0301\u0302`).join(''),
  );
  for (let round = 0; round < 7; round++) screen.print(text);
  checkInvariants(reader.final());
});

test('printing a part of a larger array prints no more than that', () => {
  const { screen, reader } = screenOf(10, 1);
  screen.print(encoder.encode('..text..'), 2, 6);
  assert.deepEqual(reader.final().lines(), ['text']);
});

test('by messages: what changed, and nothing else, arrives; the last is the grid as it is', () => {
  const random = randomOf(7);
  const guest = new Screen(createScreenBuffer(false));
  const reader = new ScreenReader(createScreenBuffer(false));
  for (let step = 0; step < 300; step++) {
    const act = random(8);
    if (act === 0) guest.clear();
    else if (act === 1) guest.moveTo(random(80), random(24));
    else if (act === 2) guest.wantSize(20 + random(70), 5 + random(30));
    else if (act === 3) guest.size();
    else
      guest.print(encoder.encode(Array.from({ length: random(30) }, () => ALPHABET[random(ALPHABET.length)]).join('')));
    guest.flush();
    if (random(3) > 0) continue;
    const live = random(2) === 0;
    reader.load(guest.snapshot(live).slice());
    checkInvariants(reader.frame());
  }
  guest.restore();
  reader.load(guest.snapshot());
  const whole = new ScreenReader(createScreenBuffer(false));
  const again = new Screen(createScreenBuffer(false));
  assert.deepEqual(screenResult(reader)?.lines, frameResult(reader.frame(), 0).lines);
  assert.deepEqual([reader.ended, reader.flushes], [true, 300]);
  again.moveTo(0, 3);
  again.print(encoder.encode('e\u0301'));
  again.flush();
  whole.load(again.snapshot());
  assert.deepEqual(whole.frame().lines(), ['', '', '', 'e\u0301']);
  again.moveTo(0, 5);
  again.print(encoder.encode('x'));
  again.flush();
  const small = again.snapshot();
  assert.ok(small.length < 3 * 80 * 12, `${small.length} bytes for one row`);
  whole.load(small);
  assert.deepEqual(whole.frame().lines(), ['', '', '', 'e\u0301', '', 'x']);
});

const HAMMER = `
  import { workerData, parentPort } from 'node:worker_threads';
  const { Screen } = await import(workerData.module);
  const screen = new Screen(workerData.buffer);
  const stop = new Int32Array(workerData.stop);
  const row = new Uint8Array(40);
  let count = 0;
  while (Atomics.load(stop, 0) === 0) {
    count++;
    row.fill(0x21 + (count % 90));
    for (let y = 0; y < 20; y++) { screen.moveTo(0, y); screen.print(row); }
    screen.flush();
  }
  row.fill(0x7e);
  for (let y = 0; y < 20; y++) { screen.moveTo(0, y); screen.print(row); }
  screen.flush();
  parentPort.postMessage(count);
`;

test('a worker that hammers: no frame is torn, and the last one arrives', async () => {
  const buffer = createScreenBuffer(true, { columns: 40, rows: 20 });
  const stop = new SharedArrayBuffer(4);
  const module = new URL('../../runner/terminal/screen.js', import.meta.url).href;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(HAMMER)}`), {
    workerData: { buffer, stop, module },
  });
  const done = new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  const reader = new ScreenReader(buffer);
  let changes = 0;
  let seen = '';
  let looks = 0;
  // 2000 different frames, each looked at whole; 10^7 looks are more than the slowest machine needs.
  while (changes < 2000 && looks++ < 1e7) {
    const frame = reader.frame();
    const lines = frame.lines();
    if (lines.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    assert.equal(lines.length, 20);
    assert.equal(new Set(lines.join('')).size, 1, 'a torn frame');
    if (lines[0][0] !== seen) changes++;
    seen = lines[0][0];
  }
  Atomics.store(new Int32Array(stop), 0, 1);
  assert.ok(Number(await done) > 0);
  assert.equal(changes, 2000);
  assert.deepEqual(reader.frame().lines(), Array(20).fill('~'.repeat(40)));
  await worker.terminate();
});

test('a cluster is one glyph of the frame, with its text', () => {
  const { screen, reader } = draw(8, 1, ['e\u0301👨‍👩‍👧‍👦']);
  screen.flush();
  const frame = reader.frame();
  const glyphs = [0, 1, 2].map((column) => frame.words[frame.cell(column, 0)]);
  assert.deepEqual(
    glyphs.map((glyph) => Boolean(glyph & CLUSTER)),
    [true, true, false],
  );
  assert.deepEqual(
    glyphs.map((glyph) => frame.textOf(glyph)),
    ['e\u0301', '👨‍👩‍👧‍👦', ''],
  );
});
