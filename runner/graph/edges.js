/**
 * The edges of a control-flow graph whose boxes have their places: those that lead on run between the layers, those that
 * lead back (or too far) along the right side, in a lane of their own.
 */

/** @import { Node } from './order.js' */

export const LANE = 14;
/** Space between a box and where its edges turn. */
export const STUB = 14;
const BEND = 7;

/** @typedef {{ width: number, height: number }} Box */
/** @typedef {{ x: number, y: number }} Point */
/** @typedef {{ from: number, to: number, label: string }} LabelledEdge by index of the box */
/** Where an edge leaves and enters; it is number `place` of `of` that leave its box. @typedef {{ leaves: number, enters: number, place: number, of: number }} Port */
/**
 * An edge as it is drawn: it ends at (`endX`, `endY`), from above. Its label stands at the box `labelAt`, before labelX
 * (`labelEnds`) or behind it.
 * @typedef {{ from: number, to: number, label: string, back: boolean, path: string, endX: number, endY: number,
 *   labelX: number, labelY: number, labelEnds: boolean, labelAt: number }} DrawnEdge
 */
/**
 * Blocks and the points of long edges. `routes[edge]`: the points that it passes, null where it goes along the side.
 * @typedef {{ nodes: Node[], routes: (number[] | null)[] }} Placed
 */
/** By layer: its upper edge, its height, and how far right it reaches. @typedef {{ tops: number[], heights: number[], reach: number[] }} Rows */

/**
 * @param {Box[]} boxes
 * @param {LabelledEdge[]} edges
 * @param {Placed} placed
 * @param {Rows} rows `reach` grows by the lanes
 * @returns {DrawnEdge[]}
 */
export function drawEdges(boxes, edges, { nodes, routes }, rows) {
  const { tops, heights } = rows;
  const ports = portsOf(edges, nodes, routes);
  /** @type {DrawnEdge[]} */
  const drawn = edges.map(({ from, to, label }, edge) => {
    const { leaves, enters } = ports[edge];
    const { rank } = nodes[from];
    const start = { x: leaves, y: tops[rank] + boxes[from].height };
    const end = { x: enters, y: tops[nodes[to].rank] };
    const points = routes[edge]?.map((point) => between(nodes[point], rows));
    const path = points ? forward(start, tops[rank] + heights[rank], end, points) : '';
    const at = labelPlace(start, end, ports[edge]);
    const labelAt = ports[edge].of > 2 ? to : from;
    return { from, to, label, back: nodes[to].rank <= rank, path, endX: end.x, endY: end.y, labelAt, ...at };
  });
  // The shorter ones run inside the longer ones.
  const aside = [...edges.keys()].filter((edge) => routes[edge] === null);
  const span = (/** @type {number} */ edge) => Math.abs(nodes[edges[edge].from].rank - nodes[edges[edge].to].rank);
  aside.sort((a, b) => span(a) - span(b));
  aside.forEach((edge, turn) => {
    const { from, to } = edges[edge];
    const ends = { from: nodes[from].rank, to: nodes[to].rank };
    const bottom = tops[ends.from] + boxes[from].height;
    drawn[edge].path = alongTheSide(ports[edge], bottom, ends, turn, rows);
  });
  return drawn;
}

/**
 * Takes a lane right of all that stands in the layers it passes.
 * @param {Port} port
 * @param {number} bottom of the box that it leaves
 * @param {{ from: number, to: number }} ranks
 * @param {number} turn those before it
 * @param {Rows} rows
 */
function alongTheSide({ leaves, enters }, bottom, { from, to }, turn, { tops, heights, reach }) {
  const [low, high] = [from, to].sort((a, b) => a - b);
  let lane = 0;
  for (let rank = low; rank <= high; rank++) lane = Math.max(lane, reach[rank]);
  lane += LANE;
  for (let rank = low; rank <= high; rank++) reach[rank] = lane;
  const shift = (turn % 4) * 4;
  // Under all boxes of the row, not only under its own.
  const floor = tops[from] + heights[from] + STUB + shift;
  const top = tops[to];
  return around([
    { x: leaves, y: bottom },
    { x: leaves, y: floor },
    { x: lane, y: floor },
    { x: lane, y: top - STUB - shift },
    { x: enters, y: top - STUB - shift },
    { x: enters, y: top },
  ]);
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

/** Where a long edge passes a layer: straight down through it. @param {Node} node @param {Rows} rows */
function between({ x, rank }, { tops, heights }) {
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
export function round(value) {
  return Math.round(value * 10) / 10;
}
