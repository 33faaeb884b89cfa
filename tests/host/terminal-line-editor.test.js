// Editing a line of input: what each key does to the text, and that the terminal shows the line as it is, which is checked
// by drawing the echo on a small terminal that knows the sequences that the editor uses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineEditor } from '../../runner/terminal/line-editor.js';
import { charWidth } from '../../runner/terminal/width.js';

const UP = '\x1b[A';
const DOWN = '\x1b[B';
const LEFT = '\x1b[D';
const RIGHT = '\x1b[C';
const HOME = '\x1b[H';
const END = '\x1b[F';
const DELETE = '\x1b[3~';
const CTRL = (/** @type {string} */ letter) => String.fromCharCode(letter.charCodeAt(0) & 0x1f);

/** [what, typed, lines, text that stands there, characters behind the cursor] */
const EDITS = /** @type {[string, string, string[], string, string?][]} */ ([
  ['a line', 'abc\r', ['abc\n'], ''],
  ['an empty line', '\r', ['\n'], ''],
  ['a line feed ends it, too', 'abc\n', ['abc\n'], ''],
  ['backspace', 'abcd\x7f\b', [], 'ab'],
  ['backspace on nothing', '\x7fa', [], 'a'],
  ['left and insert', `ac${LEFT}b`, [], 'abc', 'c'],
  ['right and its end', `ab${LEFT}${LEFT}${RIGHT}${RIGHT}${RIGHT}c`, [], 'abc'],
  ['home and end', `bc${HOME}a${END}d`, [], 'abcd'],
  ['home and end of VT220', 'bc\x1b[1~a\x1b[4~d', [], 'abcd'],
  ['Ctrl-A and Ctrl-E', `bc${CTRL('A')}a${CTRL('E')}d`, [], 'abcd'],
  ['Ctrl-B and Ctrl-F', `ac${CTRL('B')}b${CTRL('F')}d`, [], 'abcd'],
  ['a vowel sign of Thai has a cell of its own', `น้ำab${LEFT}${LEFT}x`, [], 'น้ำxab', 'ab'],
  ['letters of Devanagari that are joined have a cell each', `क्षab${LEFT}${LEFT}x`, [], 'क्षxab', 'ab'],
  ['delete', `abc${HOME}${DELETE}`, [], 'bc', 'bc'],
  ['delete at the end', `abc${DELETE}`, [], 'abc'],
  ['Ctrl-D deletes within a line', `abc${HOME}${CTRL('D')}`, [], 'bc', 'bc'],
  ['Ctrl-K', `abcd${LEFT}${LEFT}${CTRL('K')}`, [], 'ab'],
  ['Ctrl-U', `abcd${LEFT}${CTRL('U')}`, [], 'd', 'd'],
  ['Ctrl-W', `one two  ${CTRL('W')}`, [], 'one '],
  ['words', `one two${CTRL('A')}\x1bf!\x1b[1;5C?`, [], 'one! two?'],
  ['Alt-B and Alt-D', `one two\x1bb\x1bd`, [], 'one '],
  ['up and down', `one\rtwo\r${UP}${UP}${DOWN}`, ['one\n', 'two\n'], 'two'],
  ['the draft comes back', `one\rdra${UP}${DOWN}ft`, ['one\n'], 'draft'],
  ['up at the oldest', `one\r${UP}${UP}${UP}`, ['one\n'], 'one'],
  ['down at the newest', `a${DOWN}b`, [], 'ab'],
  ['equal lines are kept once, empty ones not at all', `a\ra\r\r${UP}${UP}`, ['a\n', 'a\n', '\n'], 'a'],
  ['enter in the middle takes all of it', `abc${HOME}\r`, ['abc\n'], ''],
  ['a paste of lines', '\x1b[200~one\r\ntwo\nthr\x1b[201~ee\r', ['one\n', 'two\n', 'three\n'], ''],
  ['a tab is text', 'a\tb\r', ['a\tb\n'], ''],
  ['unknown keys do nothing', 'a\x1bOP\x1b[5~\x1b[24~\x07\x1b[Zb', [], 'a\tb'],
  ['wide characters', `漢字${LEFT}x\x7f`, [], '漢字', '字'],
  ['a mark joins and goes with its letter', 'e\u0301x\x7f\x7fa', [], 'a'],
  ['an emoji sequence is one character', `a👨‍👩‍👧‍👦\x7fb`, [], 'ab'],
  ['Ctrl-L keeps the line', `ab${LEFT}${CTRL('L')}`, [], 'ab', 'b'],
]);

/** A terminal with just what the editor's echo needs. */
class Paper {
  /** @type {string[][]} */
  rows = [[]];
  row = 0;
  column = 0;
  constructor(/** @type {number} */ columns) {
    this.columns = columns;
  }
  write(/** @type {string} */ text) {
    for (const [part, count, end] of text.matchAll(/\x1b\[(\d*)([ABCJH])|\x1b\[2J|[^]/gu)) {
      if (end === 'A') this.row -= Number(count);
      else if (end === 'B') this.row += Number(count);
      else if (end === 'C') this.column += Number(count);
      else if (end === 'H') this.row = this.column = 0;
      else if (end === 'J' && count === '2') this.rows = [[]];
      else if (end === 'J') {
        this.rows.length = this.row + 1;
        this.rows[this.row].length = Math.min(this.column, this.rows[this.row].length);
      } else if (part === '\r') this.column = 0;
      else if (part === '\n') this.row++;
      else this.put(part);
      assert.ok(this.row >= 0, 'above the first row');
      while (this.rows.length <= this.row) this.rows.push([]);
    }
  }
  put(/** @type {string} */ character) {
    const width = charWidth(/** @type {number} */ (character.codePointAt(0)));
    if (width === 0) {
      const at = this.rows[this.row][this.column - 1] === '' ? this.column - 2 : this.column - 1;
      this.rows[this.row][at] += character;
      return;
    }
    if (this.column + width > this.columns) {
      this.column = 0;
      this.row++;
      while (this.rows.length <= this.row) this.rows.push([]);
    }
    const row = this.rows[this.row];
    while (row.length < this.column) row.push(' ');
    row[this.column] = character;
    if (width === 2) row[this.column + 1] = '';
    this.column += width;
  }
  text() {
    return this.rows
      .map((row) => row.join('').trimEnd())
      .join('\n')
      .trimEnd();
  }
}

for (const [what, typed, lines, text, behind = ''] of EDITS) {
  test(`line editor: ${what}`, () => {
    for (const pieces of [[typed], typed.match(/\x1b(?:\[[\d;]*[A-Za-z~]|O.|.)|[^]/gu) ?? []]) {
      const editor = new LineEditor({ columns: 40 });
      const paper = new Paper(40);
      const out = [];
      for (const piece of pieces) {
        const edited = editor.feed(piece, paper.column);
        paper.write(edited.echo);
        out.push(...edited.lines);
      }
      assert.deepEqual(out, lines);
      assert.equal(editor.text, text);
      const shown = paper.rows[paper.row].slice(0, paper.column).join('');
      assert.equal(shown, text.replace('\t', ' '.repeat(8 - text.indexOf('\t'))).slice(0, shown.length));
      assert.equal(text.endsWith(behind), true);
      const column = [...text.slice(0, text.length - behind.length)].reduce(
        (sum, character) => sum + (character === '\t' ? 8 - sum : charWidth(Number(character.codePointAt(0)))),
        0,
      );
      assert.equal(paper.column, column, 'the cursor');
    }
  });
}

test('Ctrl-D on an empty line ends the input, and nothing is read after it', () => {
  const editor = new LineEditor();
  assert.deepEqual(editor.feed(`ab\r${CTRL('D')}cd\r`), {
    echo: 'ab\r\n',
    lines: ['ab\n'],
    ended: true,
    interrupted: false,
    refused: false,
  });
  assert.deepEqual(editor.feed('x\r'), { echo: '', lines: [], ended: true, interrupted: false, refused: false });
});

test('Ctrl-C gives the line up', () => {
  const editor = new LineEditor();
  const { lines, interrupted, echo } = editor.feed(`abc${CTRL('C')}`);
  assert.deepEqual([lines, interrupted, editor.text], [[], true, '']);
  assert.match(echo, /\^C\r\n$/);
  assert.deepEqual(editor.feed('d\r').lines, ['d\n']);
});

test('lines longer than the terminal are edited across its rows, after a prompt', () => {
  const random = (() => {
    let state = 5;
    return (/** @type {number} */ below) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  })();
  const keys = [
    'a',
    'b',
    ' ',
    '漢',
    'xyz',
    LEFT,
    LEFT,
    LEFT,
    RIGHT,
    HOME,
    END,
    '\x7f',
    DELETE,
    CTRL('W'),
    UP,
    DOWN,
    CTRL('K'),
    '\t',
  ];
  for (let round = 0; round < 200; round++) {
    const columns = 4 + random(9);
    const prompt = '> '.slice(0, random(3));
    const editor = new LineEditor({ columns });
    const paper = new Paper(columns);
    paper.write(prompt);
    for (let step = 0; step < 60; step++) {
      paper.write(editor.feed(keys[random(keys.length)], paper.column).echo);
      const expected = new Paper(columns);
      expected.write(prompt);
      for (const character of editor.text) {
        if (character !== '\t') expected.write(character);
        else {
          // A tab goes to its stop, or to the end of the row.
          const at = expected.column >= columns ? 0 : expected.column;
          expected.write(' '.repeat(Math.max(1, Math.min(8 - (at % 8), columns - at))));
        }
      }
      assert.equal(paper.text(), expected.text(), JSON.stringify(editor.text));
    }
  }
});

test('a long paste takes time that is proportional', () => {
  const editor = new LineEditor();
  const { lines } = editor.feed(`\x1b[200~${'x'.repeat(1_000_000)}\r${'é'.repeat(100_000)}\r\x1b[201~`);
  assert.deepEqual(
    lines.map((line) => line.length),
    [1_000_001, 100_001],
  );
});

test('a line that is to have an end takes no more, says so, and can be edited and sent', () => {
  const editor = new LineEditor({ most: 4 });
  assert.equal(editor.feed('abc').refused, false);
  assert.equal(editor.feed('de\u0301f').refused, true);
  assert.equal(editor.text, 'abcd');
  assert.equal(editor.feed('e').refused, true);
  assert.equal(editor.feed('\u0301').refused, false, 'a mark is no character of its own');
  const { refused, lines } = editor.feed('\x7f\x7fxy\rnext\rtoo long\r');
  assert.deepEqual([refused, lines], [true, ['abxy\n', 'next\n', 'too \n']]);
});

test('another width has the line drawn anew, from where it began', () => {
  for (const columns of [30, 12, 7, 20]) {
    const editor = new LineEditor({ columns: 20 });
    const before = new Paper(20);
    before.write('$ ');
    before.write(editor.feed(`abcdefghijklmnopqrstuvwxyz${LEFT}${LEFT}`, 2).echo);
    // As xterm.js has it: what lies beyond a row is cut, rows stay where they are.
    const paper = new Paper(columns);
    paper.rows = before.rows.map((row) => row.slice(0, columns));
    Object.assign(paper, { row: before.row, column: Math.min(before.column, columns - 1) });
    paper.write(editor.resize(columns));
    const expected = new Paper(columns);
    expected.write('$ abcdefghijklmnopqrstuvwxyz');
    assert.equal(paper.text(), expected.text());
    assert.equal(paper.row * columns + paper.column, 2 + 24, 'the cursor');
  }
});

test('another width draws nothing where no line is', () => {
  const editor = new LineEditor({ columns: 20 });
  assert.equal(editor.resize(30), '');
  assert.equal(editor.columns, 30);
});
