/**
 * A drawing of a control-flow graph: boxes in layers, edges that lead on between them, edges that lead back along the right
 * side. Bounded: what is too large to be read is refused with a sentence, and edges that would pass very many layers
 * go along the side, too.
 */
import { layersOf, orderLayers, placeLayers } from './order.js';
import { rankBlocks } from './ranks.js';

/** @import { Node } from './order.js' */

/** Larger graphs are refused: nobody could read them, and the page could not draw them. */
export const MOST_BLOCKS = 1000;
const MOST_EDGES = 4000;
/** Points where long edges pass layers. */
const MOST_POINTS = 6000;

const GAP = 28;
const POINT = 10;
const LAYER_GAP = 56;
const LANE = 14;
const MARGIN = 16;
const BEND = 7;
/** Space between a box and where its edges turn. */
const STUB = 14;

/** @typedef {{ width: number, height: number }} Box */
/** @typedef {{ x: number, y: number }} Point */
/** Where an edge leaves and enters; it is number `place` of `of` that leave its box. @typedef {{ leaves: number, enters: number, place: number, of: number }} Port */
/** @typedef {{ from: number, to: number, label: string }} LabelledEdge by index of the box */
/**
 * An edge as it is drawn: it ends at (`endX`, `endY`), from above. Its label stands at the box `labelAt`, before labelX
 * (`labelEnds`) or behind it.
 * @typedef {{ from: number, to: number, label: string, back: boolean, path: string, endX: number, endY: number,
 *   labelX: number, labelY: number, labelEnds: boolean, labelAt: number }} DrawnEdge
 */
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
  return draw(boxes, edges, { nodes, routes, layers });
}

/**
 * Blocks and the points of long edges. `routes[edge]`: the points that it passes, null where it goes along the side.
 * @typedef {{ nodes: Node[], routes: (number[] | null)[] }} Placed
 */

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

/** @param {Box[]} boxes @param {LabelledEdge[]} edges @param {Placed & { layers: number[][] }} placed @returns {Drawing} */
function draw(boxes, edges, { nodes, routes, layers }) {
  const heights = layers.map((layer) => Math.max(POINT, ...layer.map((node) => boxes[node]?.height ?? 0)));
  const tops = heights.map(() => MARGIN + STUB);
  for (let rank = 1; rank < tops.length; rank++) tops[rank] = tops[rank - 1] + heights[rank - 1] + LAYER_GAP;
  /** How far right each layer reaches; lanes of edges along the side move it on. */
  const reach = layers.map((layer) => {
    const last = nodes[layer[layer.length - 1]];
    return last.x + last.width / 2;
  });
  const ports = portsOf(edges, nodes, routes);
  /** @type {DrawnEdge[]} */
  const drawn = edges.map(({ from, to, label }, edge) => {
    const { leaves, enters } = ports[edge];
    const start = { x: leaves, y: tops[nodes[from].rank] + boxes[from].height };
    const end = { x: enters, y: tops[nodes[to].rank] };
    const route = routes[edge];
    const path =
      route === null
        ? ''
        : forward(
            start,
            tops[nodes[from].rank] + heights[nodes[from].rank],
            end,
            route.map((point) => between(nodes[point], tops, heights)),
          );
    const at = labelPlace(start, end, ports[edge]);
    const labelAt = ports[edge].of > 2 ? to : from;
    const isBack = nodes[to].rank <= nodes[from].rank;
    return { from, to, label, back: isBack, path, endX: end.x, endY: end.y, labelAt, ...at };
  });
  // The shorter ones run inside the longer ones.
  const aside = [...edges.keys()].filter((edge) => routes[edge] === null);
  const span = (/** @type {number} */ edge) => Math.abs(nodes[edges[edge].from].rank - nodes[edges[edge].to].rank);
  aside.sort((a, b) => span(a) - span(b));
  aside.forEach((edge, turn) => {
    const { from, to } = edges[edge];
    const [low, high] = [nodes[from].rank, nodes[to].rank].sort((a, b) => a - b);
    let lane = 0;
    for (let rank = low; rank <= high; rank++) lane = Math.max(lane, reach[rank]);
    lane += LANE;
    for (let rank = low; rank <= high; rank++) reach[rank] = lane;
    const { leaves, enters } = ports[edge];
    const shift = (turn % 4) * 4;
    const bottom = tops[nodes[from].rank] + boxes[from].height;
    // Under all boxes of the row, not only under its own.
    const floor = tops[nodes[from].rank] + heights[nodes[from].rank] + STUB + shift;
    const top = tops[nodes[to].rank];
    drawn[edge].path = around([
      { x: leaves, y: bottom },
      { x: leaves, y: floor },
      { x: lane, y: floor },
      { x: lane, y: top - STUB - shift },
      { x: enters, y: top - STUB - shift },
      { x: enters, y: top },
    ]);
  });
  return {
    boxes: boxes.map(({ width }, index) => ({
      x: round(nodes[index].x - width / 2),
      y: tops[nodes[index].rank],
      rank: nodes[index].rank,
    })),
    edges: drawn,
    width: Math.ceil(Math.max(...reach) + MARGIN),
    height: tops[tops.length - 1] + heights[heights.length - 1] + MARGIN + STUB + LANE,
  };
}

/**
 * Two labels stand at both sides of where their edges leave; more would lie over each other there, so they stand where
 * their edges arrive.
 * @param {Point} start
 * @param {Point} end
 * @param {Port} port
 */
function labelPlace(start, end, { place, of }) {
  if (of > 2) return { labelX: end.x + 4, labelY: end.y - 12, labelEnds: false };
  const labelEnds = of === 2 && place === 0;
  return { labelX: start.x + (labelEnds ? -4 : 4), labelY: start.y + 12, labelEnds };
}

/** Where a long edge passes a layer: straight down through it. @param {Node} node @param {number[]} tops @param {number[]} heights */
function between({ x, rank }, tops, heights) {
  return { x, top: tops[rank], bottom: tops[rank] + heights[rank] };
}

/**
 * Where edges leave the lower side of a box and enter the upper one: beside each other, in the order of where they go.
 * @param {LabelledEdge[]} edges
 * @param {Node[]} nodes
 * @param {(number[] | null)[]} routes
 */
function portsOf(edges, nodes, routes) {
  /** @type {Port[]} */
  const ports = edges.map(() => ({ leaves: 0, enters: 0, place: 0, of: 1 }));
  /** @type {Map<number, number[]>} */
  const leaving = new Map();
  /** @type {Map<number, number[]>} */
  const entering = new Map();
  edges.forEach(({ from, to }, edge) => {
    for (const [lists, box] of /** @type {const} */ ([
      [leaving, from],
      [entering, to],
    ])) {
      const known = lists.get(box);
      if (known) known.push(edge);
      else lists.set(box, [edge]);
    }
  });
  // Edges along the side stand outermost.
  const outermost = Number.MAX_VALUE;
  const towards = (/** @type {number} */ edge) => {
    const route = routes[edge];
    return route === null ? outermost : nodes[route[0] ?? edges[edge].to].x;
  };
  const from = (/** @type {number} */ edge) => {
    const route = routes[edge];
    return route === null ? outermost : nodes[route.at(-1) ?? edges[edge].from].x;
  };
  for (const [box, list] of leaving)
    spread(
      nodes[box],
      list.sort((a, b) => towards(a) - towards(b)),
      (edge, x, place) => {
        Object.assign(ports[edge], { leaves: x, place, of: list.length });
      },
    );
  for (const [box, list] of entering)
    spread(
      nodes[box],
      list.sort((a, b) => from(a) - from(b)),
      (edge, x) => (ports[edge].enters = x),
    );
  return ports;
}

/** @param {Node} node @param {number[]} list @param {(edge: number, x: number, place: number) => void} set */
function spread({ x, width }, list, set) {
  const step = Math.min(24, (width - 16) / list.length);
  list.forEach((edge, at) => set(edge, round(x + (at - (list.length - 1) / 2) * step), at));
}

/** @param {Point} start @param {number} floor lower edge of its row @param {Point} end @param {{ x: number, top: number, bottom: number }[]} points */
function forward(start, floor, end, points) {
  let path = floor > start.y ? `M${start.x} ${start.y}V${floor}` : `M${start.x} ${start.y}`;
  let { x } = start;
  let y = floor;
  const curve = (/** @type {number} */ toX, /** @type {number} */ toY) => {
    const middle = round((y + toY) / 2);
    path += toX === x ? `V${toY}` : `C${x} ${middle} ${toX} ${middle} ${toX} ${toY}`;
    x = toX;
    y = toY;
  };
  for (const point of points) {
    curve(round(point.x), point.top);
    curve(round(point.x), point.bottom);
  }
  curve(end.x, end.y);
  return path;
}

/** Straight pieces with rounded corners. @param {Point[]} points */
function around(points) {
  let path = `M${points[0].x} ${points[0].y}`;
  for (let at = 1; at + 1 < points.length; at++) {
    const corner = points[at];
    const bend = Math.min(BEND, distance(points[at - 1], corner) / 2, distance(corner, points[at + 1]) / 2);
    const before = towardsPoint(corner, points[at - 1], bend);
    const behind = towardsPoint(corner, points[at + 1], bend);
    path += `L${before.x} ${before.y}Q${round(corner.x)} ${round(corner.y)} ${behind.x} ${behind.y}`;
  }
  const last = points[points.length - 1];
  return `${path}L${last.x} ${last.y}`;
}

/** @param {Point} a @param {Point} b */
function distance(a, b) {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

/** @param {Point} from @param {Point} to @param {number} by */
function towardsPoint(from, to, by) {
  return { x: round(from.x + Math.sign(to.x - from.x) * by), y: round(from.y + Math.sign(to.y - from.y) * by) };
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
