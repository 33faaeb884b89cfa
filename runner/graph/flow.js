/**
 * The control-flow graph of a function from its text: what stands in the boxes, how large they are, and the drawing.
 */
import { blocksOf } from '../ir-view/blocks.js';
import { layOut } from './layout.js';

/** @import { DrawnEdge } from './edges.js' */

/** Instructions are shown in graphs of up to so many blocks, and so many of each block. */
const MOST_DETAILED = 60;
const MOST_LINES = 8;
const MOST_CHARACTERS = 38;
/** Sizes of a box in the drawing's units; the page's style sheet uses the same. */
const CHARACTER = 7.3;
const LINE = 16;
const PADDING = 10;
const HEAD = 22;

/**
 * `line`: of its head among the function's lines. `text`: what stands in the box under its name.
 * @typedef {{ id: number, line: number, end: number, instructions: number, text: string[], x: number, y: number,
 *   width: number, height: number, rank: number }} FlowBlock
 */
/** @typedef {{ blocks: FlowBlock[], edges: DrawnEdge[], width: number, height: number }} Flow `from` and `to` are indexes of blocks */

/** @param {string[]} lines of the function @returns {Flow | { fault: string }} */
export function flowOf(lines) {
  const found = blocksOf(lines);
  const detailed = found.length <= MOST_DETAILED;
  const indexes = new Map(found.map(({ id }, index) => [id, index]));
  const boxes = found.map((block) => {
    const text = detailed ? excerpt(lines.slice(block.line + 1, block.end)) : [];
    const columns = Math.max(`block${block.id}`.length + 8, ...text.map(({ length }) => length));
    return {
      ...{ id: block.id, line: block.line, end: block.end, instructions: block.instructions, text },
      width: Math.ceil(columns * CHARACTER + 2 * PADDING),
      height: HEAD + text.length * LINE + (text.length > 0 ? PADDING : 4),
    };
  });
  const edges = found.flatMap((block, from) =>
    block.edges.flatMap(({ to, label }) => {
      const target = indexes.get(to);
      return target === undefined ? [] : [{ from, to: target, label: cut(label, 24) }];
    }),
  );
  const drawing = layOut(boxes, edges);
  if ('fault' in drawing) return drawing;
  const { edges: drawn, width, height } = drawing;
  return { blocks: boxes.map((box, index) => ({ ...box, ...drawing.boxes[index] })), edges: drawn, width, height };
}

/** The first lines and the last. @param {string[]} lines of a block */
function excerpt(lines) {
  const shown = lines.map((line) => cut(line.slice(2), MOST_CHARACTERS));
  if (shown.length <= MOST_LINES) return shown;
  const left = shown.length - MOST_LINES + 1;
  return [...shown.slice(0, MOST_LINES - 2), `… ${left} more`, ...shown.slice(-1)];
}

/** @param {string} text @param {number} most */
function cut(text, most) {
  const bare = text.replace(/ @\d+$/, '');
  return bare.length > most ? `${bare.slice(0, most - 1)}…` : bare;
}
