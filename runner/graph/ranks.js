/**
 * Layers of a control-flow graph: which edges lead back, and how far from the entry each block stands. No recursion, and
 * linear in blocks and edges.
 */

/** Blocks by index, 0 = the entry. @typedef {{ from: number, to: number }} Edge */

/**
 * @param {number} count of blocks
 * @param {readonly Edge[]} edges
 * @returns {{ rank: Int32Array, back: Uint8Array }} rank: the longest way from the entry along edges that lead on;
 *   `back[edge]`: 1 where an edge leads to a block that is still being walked. Blocks nobody reaches stand below all others
 */
export function rankBlocks(count, edges) {
  const { first, list } = outgoing(count, edges);
  const back = new Uint8Array(edges.length);
  const order = postorder(count, edges, first, list, back).reverse();
  const rank = new Int32Array(count).fill(-1);
  rank[0] = 0;
  let last = 0;
  for (const block of order) {
    for (let at = first[block]; at < first[block + 1]; at++) {
      if (back[list[at]]) continue;
      const { to } = edges[list[at]];
      rank[to] = Math.max(rank[to], rank[block] + 1);
      last = Math.max(last, rank[to]);
    }
  }
  for (let block = 0; block < count; block++) if (rank[block] < 0) rank[block] = last + 1;
  edges.forEach(({ from, to }, edge) => {
    if (rank[to] <= rank[from]) back[edge] = 1;
  });
  return { rank, back };
}

/** Edges by the block that they leave: `list[first[block]]` up to `first[block + 1]`. @param {number} count @param {readonly Edge[]} edges */
function outgoing(count, edges) {
  const first = new Int32Array(count + 1);
  for (const { from } of edges) first[from + 1] += 1;
  for (let block = 0; block < count; block++) first[block + 1] += first[block];
  const next = first.slice();
  const list = new Int32Array(edges.length);
  edges.forEach(({ from }, edge) => (list[next[from]++] = edge));
  return { first, list };
}

/**
 * @param {number} count
 * @param {readonly Edge[]} edges
 * @param {Int32Array} first
 * @param {Int32Array} list
 * @param {Uint8Array} back is filled in
 * @returns {number[]} reachable blocks
 */
function postorder(count, edges, first, list, back) {
  const NEW = 0;
  const OPEN = 1;
  const DONE = 2;
  const state = new Uint8Array(count);
  const next = first.slice();
  /** @type {number[]} */
  const order = [];
  const stack = [0];
  state[0] = OPEN;
  while (stack.length > 0) {
    const block = stack[stack.length - 1];
    if (next[block] === first[block + 1]) {
      state[block] = DONE;
      order.push(block);
      stack.pop();
      continue;
    }
    const edge = list[next[block]++];
    const { to } = edges[edge];
    if (state[to] === OPEN) back[edge] = 1;
    else if (state[to] === NEW) {
      state[to] = OPEN;
      stack.push(to);
    }
  }
  return order;
}
