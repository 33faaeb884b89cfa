// Drawings of control-flow graphs: ranks, no two boxes over each other, edges that end where they lead, and bounds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowOf } from '../../runner/graph/flow.js';
import { MOST_BLOCKS, layOut } from '../../runner/graph/layout.js';
import { rankBlocks } from '../../runner/graph/ranks.js';
import { ownTime } from '../lib/timing.mjs';

/** @typedef {{ from: number, to: number }} Edge */

/** @param {number[][]} pairs @returns {{ from: number, to: number, label: string }[]} */
const edgesOf = (pairs) => pairs.map(([from, to]) => ({ from, to, label: '' }));
const boxesOf = (/** @type {number} */ count) => Array.from({ length: count }, () => ({ width: 100, height: 40 }));

for (const { name, pairs, count, rank, back } of [
  { name: 'one block', count: 1, pairs: [], rank: [0], back: [] },
  { name: 'a block that repeats itself', count: 1, pairs: [[0, 0]], rank: [0], back: [1] },
  {
    name: 'a diamond',
    count: 4,
    pairs: [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
    ],
    rank: [0, 1, 1, 2],
    back: [0, 0, 0, 0],
  },
  {
    name: 'a loop within a loop',
    count: 4,
    pairs: [
      [0, 1],
      [1, 2],
      [2, 2],
      [2, 1],
      [1, 3],
    ],
    rank: [0, 1, 2, 2],
    back: [0, 0, 1, 1, 0],
  },
  {
    name: 'a cycle with two entries',
    count: 3,
    pairs: [
      [0, 1],
      [0, 2],
      [1, 2],
      [2, 1],
    ],
    rank: [0, 1, 2],
    back: [0, 0, 0, 1],
  },
  { name: 'a block nobody reaches', count: 3, pairs: [[0, 1]], rank: [0, 1, 2], back: [0] },
]) {
  test(`ranks of ${name}`, () => {
    const found = rankBlocks(count, edgesOf(pairs));
    assert.deepEqual([...found.rank], rank);
    assert.deepEqual([...found.back], back);
  });
}

/** A small generator with a seed. @param {number} seed */
function numbers(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

test('boxes do not lie over each other, edges end at the upper side of their box, all of it within the size', () => {
  const next = numbers(11);
  for (let round = 0; round < 60; round++) {
    const count = 1 + next(30);
    const boxes = Array.from({ length: count }, () => ({ width: 60 + next(200), height: 20 + next(150) }));
    const edges = edgesOf(Array.from({ length: next(2 * count) }, () => [next(count), next(count)]));
    const drawing = layOut(boxes, edges);
    assert.ok(!('fault' in drawing));
    const places = drawing.boxes.map(({ x, y }, index) => ({ x, y, ...boxes[index] }));
    places.forEach((a, index) => {
      assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.width <= drawing.width && a.y + a.height <= drawing.height);
      for (const b of places.slice(0, index)) {
        const apart = a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y;
        assert.ok(apart, JSON.stringify([a, b]));
      }
    });
    for (const edge of drawing.edges) {
      const box = places[edge.to];
      assert.equal(edge.endY, box.y);
      assert.ok(edge.endX >= box.x && edge.endX <= box.x + box.width);
      assert.match(edge.path, /^M[-\d.]+ [-\d.]+[VLCQ][-\d. VLCQ]+$/);
    }
  }
});

test('what is too large is refused with a sentence; the largest that is not takes bounded time', () => {
  const refused = layOut(boxesOf(MOST_BLOCKS + 1), []);
  assert.ok('fault' in refused);
  assert.match(refused.fault, /^This function has 1,001 blocks and 0 edges: too large to be drawn/);
  const wide = Array.from({ length: MOST_BLOCKS - 2 }, (_, at) => [
    [0, at + 1],
    [at + 1, MOST_BLOCKS - 1],
    [MOST_BLOCKS - 1, at + 1],
  ]).flat();
  const long = Array.from({ length: MOST_BLOCKS - 1 }, (_, at) => [
    [at, at + 1],
    [0, at + 1],
  ]).flat();
  for (const pairs of [wide, long]) {
    const milliseconds = ownTime(() => assert.ok(!('fault' in layOut(boxesOf(MOST_BLOCKS), edgesOf(pairs)))));
    assert.ok(milliseconds < 4000, `${milliseconds} ms`);
  }
});

test('boxes hold the first instructions and the last, and are wide enough for them', () => {
  const body = Array.from({ length: 20 }, (_, at) => `  v${at} = const i64 ${at} @${at}`);
  const flow = flowOf(['fn 1 "main" -> void {', 'block1:', ...body, '  jump block2() @9', 'block2:', '  return', '}']);
  assert.ok(!('fault' in flow));
  const [first, second] = flow.blocks;
  assert.equal(first.instructions, 21);
  assert.deepEqual(first.text.slice(0, 2), ['v0 = const i64 0', 'v1 = const i64 1']);
  assert.deepEqual(first.text.slice(-2), ['… 14 more', 'jump block2()']);
  assert.deepEqual(second.text, ['return']);
  assert.ok(first.width > 7 * 'v0 = const i64 0'.length);
  assert.deepEqual(
    flow.edges.map(({ from, to }) => [from, to]),
    [[0, 1]],
  );
});
