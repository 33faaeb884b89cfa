/**
 * One function of the IR's text form (backend/ir/text.h) as blocks and edges.
 */

/**
 * @typedef {object} TextBlock
 * @property {number} id
 * @property {number} line of its head among the function's lines
 * @property {number} end one past its last line
 * @property {number} instructions the terminator included
 * @property {TextEdge[]} edges one per target, in the order they are written
 */
/** `label`: when it is taken; '' = always. @typedef {{ to: number, label: string }} TextEdge */

const HEAD = /^block(\d+)[( :]/;
const TARGET = /block(\d+)\(/g;
const CASE = /^ {4}case (-?\w+): block(\d+)\(/;
/** Cases of a switch that a label names. */
const NAMED = 3;

/** @param {string[]} lines of one function @returns {TextBlock[]} */
export function blocksOf(lines) {
  /** @type {TextBlock[]} */
  const blocks = [];
  /** @type {Map<number, string[]>} */
  let labels = new Map();
  const finish = (/** @type {number} */ end) => {
    const last = blocks.at(-1);
    if (!last) return;
    last.end = end;
    last.edges = Array.from(labels, ([to, names]) => ({ to, label: labelOf(names) }));
    labels = new Map();
  };
  const add = (/** @type {string} */ to, /** @type {string} */ label) => {
    const names = labels.get(Number(to));
    if (names) names.push(label);
    else labels.set(Number(to), [label]);
  };
  lines.forEach((line, at) => {
    const head = HEAD.exec(line);
    if (head) {
      finish(at);
      blocks.push({ id: Number(head[1]), line: at, end: at, instructions: 0, edges: [] });
    } else if (blocks.length > 0 && line !== '}') {
      const last = /** @type {TextBlock} */ (blocks.at(-1));
      const arm = CASE.exec(line);
      if (arm) return add(arm[2], arm[1]);
      last.instructions += 1;
      const word = line.slice(2, line.indexOf(' ', 2));
      if (word === 'jump' || word === 'branch' || word === 'switch') {
        const names = word === 'branch' ? ['true', 'false'] : word === 'switch' ? ['default'] : [''];
        for (const [, to] of line.matchAll(TARGET)) add(to, names.shift() ?? '');
      }
    }
  });
  finish(lines.at(-1) === '}' ? lines.length - 1 : lines.length);
  return blocks;
}

/** @param {string[]} names */
function labelOf(names) {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return names.slice(0, NAMED).filter(Boolean).join(', ') + more;
}

/** Instructions of a function, terminators included. @param {string[]} lines */
export function instructionsOf(lines) {
  let count = 0;
  let within = false;
  for (const line of lines) {
    if (line.startsWith('block')) within = true;
    else if (within && line.startsWith('  ') && line[2] !== ' ') count += 1;
  }
  return count;
}
