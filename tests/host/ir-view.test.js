// What the page shows of the IR's text: its functions and blocks, what changed between two of them, which lines of code belong
// to which lines of IR.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf, instructionsOf } from '../../runner/ir-view/blocks.js';
import { ROW, diffLines } from '../../runner/ir-view/diff.js';
import { changeFrom, readHistory, textAt } from '../../runner/ir-view/history.js';
import { functionsOf, linesOf } from '../../runner/ir-view/functions.js';
import { originsOf, pairLines } from '../../runner/ir-view/pairs.js';
import { ownTime } from '../lib/timing.mjs';

const TEXT = `entry 1 -> i64
data 0 = "a\\nfn 9 \\"x\\""
site 1 = 0:0:head number 1

fn 1 "main" -> i64 source 0 {
  slot 0 = 8 align 8
block1:
  v2 = const i64 3 @1
  branch v2, block2(v2), block3()
block2(v5 i64) source 1:
  store i64 v2, v5
  print i64 v5
  switch i64 v5, block3()
    case -1: block2(v5)
    case 4: block2(v5)
    case 7: block4()
block3:
  return v2
block4:
  trap "unreachable"
}

fn 12 "odd \\"name\\" {" -> void {
block1:
  jump block1()
}
`;

test('functions are found by their heads, whatever their names and the data hold', () => {
  const found = functionsOf(TEXT);
  assert.deepEqual(
    found.map(({ number, name }) => [number, name]),
    [
      [1, 'main'],
      [12, 'odd "name" {'],
    ],
  );
  assert.equal(linesOf(TEXT, found[0]).at(-1), '}');
  assert.deepEqual(linesOf(TEXT, found[1]), TEXT.trimEnd().split('\n').slice(-4));
  assert.deepEqual(functionsOf(''), []);
  assert.equal(functionsOf('fn 1 "cut" -> void {\nblock1:\n').length, 1);
});

test('blocks know their lines, their size and where they lead', () => {
  const lines = linesOf(TEXT, functionsOf(TEXT)[0]);
  const blocks = blocksOf(lines);
  assert.deepEqual(
    blocks.map(({ id, instructions, edges }) => ({ id, instructions, edges })),
    [
      {
        id: 1,
        instructions: 2,
        edges: [
          { to: 2, label: 'true' },
          { to: 3, label: 'false' },
        ],
      },
      {
        id: 2,
        instructions: 3,
        edges: [
          { to: 3, label: 'default' },
          { to: 2, label: '-1, 4' },
          { to: 4, label: '7' },
        ],
      },
      { id: 3, instructions: 1, edges: [] },
      { id: 4, instructions: 1, edges: [] },
    ],
  );
  for (const { id, line, end } of blocks) {
    assert.match(lines[line], new RegExp(`^block${id}\\b`));
    assert.ok(end > line && end < lines.length);
  }
  assert.equal(instructionsOf(lines), 7);
});

/** A small generator with a seed. @param {number} seed */
function numbers(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state % below;
  };
}

test('a difference gives both lists back and keeps as much as can be kept', () => {
  const next = numbers(7);
  for (let round = 0; round < 500; round++) {
    const letters = 1 + next(12);
    const before = Array.from({ length: next(40) }, () => `l${next(letters)}`);
    const after = before.flatMap((line) => (next(5) === 0 ? (next(2) ? [] : [`n${next(letters)}`, line]) : [line]));
    const { kinds, lines } = diffLines(before, after);
    assert.deepEqual(
      lines.filter((_, at) => kinds[at] !== ROW.ADDED),
      before,
    );
    assert.deepEqual(
      lines.filter((_, at) => kinds[at] !== ROW.REMOVED),
      after,
    );
    assert.equal(kinds.filter((kind) => kind === ROW.SAME).length, longestCommon(before, after));
  }
});

/** @param {string[]} a @param {string[]} b */
function longestCommon(a, b) {
  let row = new Array(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    b.forEach((other, at) => next.push(line === other ? row[at] + 1 : Math.max(row[at + 1], next[at])));
    row = next;
  }
  return row[b.length];
}

test('lists of a hundred thousand lines with nothing in common, or little, are compared in bounded time', () => {
  const next = numbers(3);
  const before = Array.from({ length: 100_000 }, (_, at) => `v${at} = x`);
  const changed = before.map((line, at) => (at % 3 === 0 ? `${line}!` : line));
  const noise = Array.from({ length: 100_000 }, () => `n${next(50)}`);
  const milliseconds = ownTime(() => {
    assert.equal(diffLines(before, changed).kinds.filter((kind) => kind === ROW.SAME).length, 66_666);
    assert.equal(diffLines(noise, [...noise].reverse()).lines.length > 100_000, true);
  });
  assert.ok(milliseconds < 5000, `${milliseconds} ms`);
});

test('lines of code are those of the value, the terminator or the effect they were made of', () => {
  const lines = linesOf(TEXT, functionsOf(TEXT)[0]);
  const at = (/** @type {string} */ start) => lines.findIndex((line) => line.trim().startsWith(start));
  // offset, function, value, block: values 8 and 9 are the store and the print, which the text does not number.
  const quads = [
    [10, 1, 2, 1],
    [12, 1, 0, 1],
    [14, 1, 8, 2],
    [18, 1, 9, 2],
    [20, 1, 0, 2],
    [22, 2, 5, 1],
  ];
  const origins = originsOf(Uint32Array.from(quads.flat()), 1);
  assert.equal(origins.length, 5);
  const offsets = Uint32Array.from([8, 8, 10, 11, 12, 14, 16, 18, 20]);
  const wanted = [-1, -1, at('v2 ='), at('v2 ='), at('branch'), at('store'), at('store'), at('print'), at('switch')];
  assert.deepEqual([...pairLines(lines, origins, offsets)], wanted);
});

test('a history is read; from where it was cut nothing is known', () => {
  const body = (/** @type {number} */ value) =>
    `fn 3 "f\\"}" (v1 i32) -> i32 source 0 {\nblock1:\n  return v${value}\n}`;
  const whole = `after 0\n${body(1)}\nafter 4\n${body(2)}\nafter 5\n${body(3)}\n`;
  const history = readHistory(whole);
  assert.deepEqual(history.function, { number: 3, name: 'f"}' });
  const known = (/** @type {typeof history} */ of) =>
    [0, 3, 4, 5, 6, 7, 99].map((at) => textAt(of, at)?.at(-3) ?? null);
  assert.deepEqual(known(history), ['1', '1', '2', '3', '3', '3', '3']);
  const changes = (/** @type {typeof history} */ of, /** @type {1 | -1} */ direction) =>
    [0, 3, 4, 5, 6, 9].map((at) => changeFrom(of, at, direction));
  assert.deepEqual(changes(history, 1), [4, 4, 5, -1, -1, -1]);
  assert.deepEqual(changes(history, -1), [-1, -1, -1, 4, 5, 5]);
  const cut = readHistory(`${whole}cut 7\n`);
  assert.deepEqual(known(cut), ['1', '1', '2', '3', '3', null, null]);
  assert.deepEqual(changes(cut, 1), [4, 4, 5, null, null, null]);
  assert.deepEqual(changes(cut, -1), [-1, -1, -1, 4, 5, null]);
  assert.throws(() => readHistory('before 0\n'), /cannot be read/);
});
