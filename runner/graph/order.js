/**
 * The order within layers and the places from left to right: barycentre sweeps against crossings, then every layer pulled
 * towards its neighbours as far as its order lets it.
 */

const ORDER_SWEEPS = 12;
const PLACE_SWEEPS = 8;
/** Sweeps end early in a graph where they would take long. */
const MOST_MILLISECONDS = 150;

/**
 * A place in a layer: a block, or the point where a long edge passes.
 * @typedef {object} Node
 * @property {number} rank
 * @property {number} width
 * @property {number[]} up nodes of the layer above that it is joined to
 * @property {number[]} down
 * @property {number} x of its middle
 * @property {boolean} straight a point of a long edge, which should run straight
 */

/** @param {Node[]} nodes @returns {number[][]} by rank, in the order in which they were given */
export function layersOf(nodes) {
  /** @type {number[][]} */
  const layers = [];
  nodes.forEach(({ rank }, index) => {
    while (layers.length <= rank) layers.push([]);
    layers[rank].push(index);
  });
  return layers;
}

/** Sorts each layer by where its neighbours stand, down and up in turns. @param {Node[]} nodes @param {number[][]} layers */
export function orderLayers(nodes, layers) {
  const until = performance.now() + MOST_MILLISECONDS;
  const position = new Float64Array(nodes.length);
  const keep = () => layers.forEach((layer) => layer.forEach((node, at) => (position[node] = at)));
  keep();
  let best = layers.map((layer) => layer.slice());
  let fewest = crossings(nodes, layers, position);
  for (let sweep = 0; sweep < ORDER_SWEEPS && fewest > 0 && performance.now() < until; sweep++) {
    const down = sweep % 2 === 0;
    const walk = down ? layers.keys() : [...layers.keys()].reverse();
    for (const rank of walk) {
      const layer = layers[rank];
      const wanted = new Map(
        layer.map((node) => [node, mean(down ? nodes[node].up : nodes[node].down, position) ?? position[node]]),
      );
      layer.sort((a, b) => /** @type {number} */ (wanted.get(a)) - /** @type {number} */ (wanted.get(b)));
      layer.forEach((node, at) => (position[node] = at));
    }
    const now = crossings(nodes, layers, position);
    if (now >= fewest) continue;
    fewest = now;
    best = layers.map((layer) => layer.slice());
  }
  best.forEach((layer, rank) => (layers[rank] = layer));
}

/**
 * Crossings between all neighbouring layers, counted as inversions by a binary indexed tree.
 * @param {Node[]} nodes
 * @param {number[][]} layers
 * @param {Float64Array} position
 */
function crossings(nodes, layers, position) {
  let sum = 0;
  for (let rank = 0; rank + 1 < layers.length; rank++) {
    const size = layers[rank + 1].length;
    const tree = new Float64Array(size + 1);
    let seen = 0;
    for (const node of layers[rank]) {
      const ends = nodes[node].down.map((other) => position[other]);
      for (const end of ends) {
        let before = 0;
        for (let i = end + 1; i > 0; i -= i & -i) before += tree[i];
        sum += seen - before;
      }
      for (const end of ends) {
        for (let i = end + 1; i <= size; i += i & -i) tree[i] += 1;
        seen += 1;
      }
    }
  }
  return sum;
}

/** Sets `x` of every node. @param {Node[]} nodes @param {number[][]} layers @param {number} gap between neighbours */
export function placeLayers(nodes, layers, gap) {
  for (const layer of layers) {
    let x = 0;
    for (const node of layer) {
      nodes[node].x = x + nodes[node].width / 2;
      x += nodes[node].width + gap;
    }
  }
  const until = performance.now() + MOST_MILLISECONDS;
  for (let sweep = 0; sweep < PLACE_SWEEPS && performance.now() < until; sweep++) {
    const down = sweep % 2 === 0;
    for (const rank of down ? layers.keys() : [...layers.keys()].reverse()) pull(nodes, layers[rank], down, gap);
  }
}

/**
 * Moves a layer as near to its neighbours as its order allows: what stands too close is joined into a group that moves to
 * the weighted mean of its wishes (isotonic regression).
 * @param {Node[]} nodes
 * @param {number[]} layer
 * @param {boolean} down whether the layer above is what it follows
 * @param {number} gap
 */
function pull(nodes, layer, down, gap) {
  /** @type {{ sum: number, weight: number, from: number, to: number }[]} */
  const groups = [];
  const offsets = new Float64Array(layer.length);
  layer.forEach((index, at) => {
    const node = nodes[index];
    const before = at > 0 ? nodes[layer[at - 1]] : null;
    offsets[at] = before ? offsets[at - 1] + (before.width + node.width) / 2 + gap : 0;
    const near = down ? node.up : node.down;
    const wish =
      (near.length > 0 ? near.reduce((sum, other) => sum + nodes[other].x, 0) / near.length : node.x) - offsets[at];
    const weight = node.straight ? 4 : near.length > 0 ? 1 : 0.1;
    groups.push({ sum: wish * weight, weight, from: at, to: at });
    while (groups.length > 1) {
      const last = groups[groups.length - 1];
      const other = groups[groups.length - 2];
      if (other.sum / other.weight <= last.sum / last.weight) break;
      groups.pop();
      other.sum += last.sum;
      other.weight += last.weight;
      other.to = last.to;
    }
  });
  for (const { sum, weight, from, to } of groups)
    for (let at = from; at <= to; at++) nodes[layer[at]].x = sum / weight + offsets[at];
}

/** @param {number[]} of @param {Float64Array} position @returns {number | null} */
function mean(of, position) {
  if (of.length === 0) return null;
  let sum = 0;
  for (const node of of) sum += position[node];
  return sum / of.length;
}
