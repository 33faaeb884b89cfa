/**
 * A drawing of a control-flow graph: boxes in layers, and where the edges between them pass (edges.js draws them). Bounded:
 * what is too large to be read is refused with a sentence, and edges that would pass very many layers go along the side.
 */
import { LANE, STUB, drawEdges, round } from './edges.js';
import { layersOf, orderLayers, placeLayers } from './order.js';
import { rankBlocks } from './ranks.js';

/** @import { Box, DrawnEdge, LabelledEdge, Placed } from './edges.js' */
/** @import { Node } from './order.js' */

/** Larger graphs are refused: nobody could read them, and the page could not draw them. */
export const MOST_BLOCKS = 1000;
const MOST_EDGES = 4000;
/** Points where long edges pass layers. */
const MOST_POINTS = 6000;

const GAP = 28;
const POINT = 10;
const LAYER_GAP = 56;
const MARGIN = 16;

/**
 * `x` and `y` are the upper left corner.
 * @typedef {{ boxes: { x: number, y: number, rank: number }[], edges: DrawnEdge[], width: number, height: number }} Drawing
 */

/**
 * @param {Box[]} boxes 0 = the entry
 * @param {LabelledEdge[]} edges
 * @returns {Drawing | { fault: string }}
 */
export function layOut(boxes, edges) {
  if (boxes.length > MOST_BLOCKS || edges.length > MOST_EDGES) {
    const size = `${boxes.length.toLocaleString('en')} blocks and ${edges.length.toLocaleString('en')} edges`;
    const most = `${MOST_BLOCKS.toLocaleString('en')} blocks and ${MOST_EDGES.toLocaleString('en')} edges`;
    return { fault: `This function has ${size}: too large to be drawn (at most ${most}). Its text is shown instead.` };
  }
  if (boxes.length === 0) return { fault: 'This function has no blocks.' };
  const { rank, back } = rankBlocks(boxes.length, edges);
  const { nodes, routes } = nodesOf(boxes, edges, rank, back);
  const layers = layersOf(nodes);
  orderLayers(nodes, layers);
  placeLayers(nodes, layers, GAP);
  const left = Math.min(...layers.map(([first]) => nodes[first].x - nodes[first].width / 2));
  for (const node of nodes) node.x += MARGIN - left;
  return draw(boxes, edges, { nodes, routes }, layers);
}

/** @param {Box[]} boxes @param {LabelledEdge[]} edges @param {Int32Array} rank @param {Uint8Array} back @returns {Placed} */
function nodesOf(boxes, edges, rank, back) {
  /** @type {Node[]} */
  const nodes = boxes.map(({ width }, index) => ({
    ...{ rank: rank[index], width, up: [], down: [], x: 0, straight: false },
  }));
  /** @type {(number[] | null)[]} */
  const routes = edges.map(() => null);
  const span = (/** @type {number} */ edge) => rank[edges[edge].to] - rank[edges[edge].from];
  const shortFirst = [...edges.keys()].filter((edge) => !back[edge]).sort((a, b) => span(a) - span(b));
  let points = 0;
  for (const edge of shortFirst) {
    points += span(edge) - 1;
    if (points > MOST_POINTS) break;
    const { from, to } = edges[edge];
    /** @type {number[]} */
    const route = [];
    let before = from;
    for (let layer = rank[from] + 1; layer < rank[to]; layer++) {
      nodes.push({ rank: layer, width: POINT, up: [before], down: [], x: 0, straight: true });
      const point = nodes.length - 1;
      nodes[before].down.push(point);
      route.push(point);
      before = point;
    }
    nodes[before].down.push(to);
    nodes[to].up.push(before);
    routes[edge] = route;
  }
  return { nodes, routes };
}

/** @param {Box[]} boxes @param {LabelledEdge[]} edges @param {Placed} placed @param {number[][]} layers @returns {Drawing} */
function draw(boxes, edges, placed, layers) {
  const { nodes } = placed;
  const heights = layers.map((layer) => Math.max(POINT, ...layer.map((node) => boxes[node]?.height ?? 0)));
  const tops = heights.map(() => MARGIN + STUB);
  for (let rank = 1; rank < tops.length; rank++) tops[rank] = tops[rank - 1] + heights[rank - 1] + LAYER_GAP;
  /** How far right each layer reaches; lanes of edges along the side move it on. */
  const reach = layers.map((layer) => {
    const last = nodes[layer[layer.length - 1]];
    return last.x + last.width / 2;
  });
  const drawn = drawEdges(boxes, edges, placed, { tops, heights, reach });
  return {
    edges: drawn,
    boxes: boxes.map(({ width }, index) => ({
      x: round(nodes[index].x - width / 2),
      y: tops[nodes[index].rank],
      rank: nodes[index].rank,
    })),
    width: Math.ceil(Math.max(...reach) + MARGIN),
    height: tops[tops.length - 1] + heights[heights.length - 1] + MARGIN + STUB + LANE,
  };
}
