// A control-flow graph as SVG. All edges are a few paths; boxes are there only where they are in view, and have text only
// where it could be read: so a thousand blocks cost what a screenful does.

import { counted, number } from '../format.js';

/** @import { FlowView } from '../../runner/compiler/questions.js' */
/** @import { FlowBlock } from '../../runner/graph/flow.js' */
/** @import { DrawnEdge } from '../../runner/graph/edges.js' */
/** @import { View } from './pan-zoom.js' */

const SVG = 'http://www.w3.org/2000/svg';
/** Where text stands in a box; sizes as in runner/graph/flow.js. */
const TEXT = { x: 10, head: 16, first: 34, line: 16 };
/** Below this scale boxes have no text. */
const READABLE = 0.3;
/** Boxes made in one frame. */
const MOST_AT_ONCE = 40;
/** What is made beyond the edge of the view, in pixels. */
const MARGIN = 200;
/** What a screen reader is told of the successors of a block. */
const SUCCESSORS_NAMED = 6;

/** A box and its text, which lies over it: what is read aloud is the name of the box. @typedef {{ group: SVGGElement, words: SVGGElement | null }} Drawn */

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @param {string} [content]
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes, content) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (content !== undefined) element.textContent = content;
  return element;
}

export class FlowDrawing {
  #frame;
  #onChoose;
  #prefix;
  #edges = svg('path', { class: 'edge' });
  #backs = svg('path', { class: 'edge back' });
  #to = svg('path', { class: 'edge to' });
  #from = svg('path', { class: 'edge from' });
  #arrows = svg('path', { class: 'arrow' });
  #boxes = svg('g', {});
  #words = svg('g', { class: 'words', 'aria-hidden': 'true' });
  /** What pan and zoom move. */
  element = svg('g', {});
  /** @type {FlowView | null} */
  #flow = null;
  /** Edges of each block. @type {{ out: DrawnEdge[], in: DrawnEdge[], labels: DrawnEdge[] }[]} */
  #joined = [];
  /** @type {Map<number, Drawn>} */
  #drawn = new Map();
  /** @type {View} */
  #view = { x: 0, y: 0, scale: 1 };
  #chosen = -1;
  #due = 0;

  /**
   * @param {SVGSVGElement} frame
   * @param {string} prefix of the ids of blocks
   * @param {(index: number) => void} onChoose by pointer
   */
  constructor(frame, prefix, onChoose) {
    this.#frame = frame;
    this.#prefix = prefix;
    this.#onChoose = onChoose;
    this.element.append(this.#edges, this.#backs, this.#to, this.#from, this.#arrows, this.#boxes, this.#words);
    new ResizeObserver(() => this.#schedule()).observe(frame);
  }

  /** Edges that leave a block and that enter it. @param {number} index */
  joined(index) {
    return this.#joined[index] ?? { out: [], in: [], labels: [] };
  }

  /** @param {FlowView} flow */
  show(flow) {
    this.#flow = flow;
    this.#chosen = -1;
    this.#boxes.replaceChildren();
    this.#words.replaceChildren();
    this.#drawn.clear();
    this.#joined = flow.blocks.map(() => ({ out: [], in: [], labels: [] }));
    for (const edge of flow.edges) {
      this.#joined[edge.from].out.push(edge);
      this.#joined[edge.to].in.push(edge);
      if (edge.label !== '') this.#joined[edge.labelAt].labels.push(edge);
    }
    this.#edges.setAttribute('d', pathOf(flow.edges.filter(({ back }) => !back)));
    this.#backs.setAttribute('d', pathOf(flow.edges.filter(({ back }) => back)));
    this.#arrows.setAttribute('d', flow.edges.map(({ endX, endY }) => `M${endX - 3.5} ${endY - 7}h7l-3.5 7Z`).join(''));
    this.#mark();
    this.#schedule();
  }

  /** @param {View} view */
  moved(view) {
    this.#view = view;
    this.element.setAttribute('transform', `translate(${view.x} ${view.y}) scale(${view.scale})`);
    this.#schedule();
  }

  /** Marks a block and its edges; -1 = none. @param {number} index @returns {string} the id of its element */
  choose(index) {
    this.#drawn.get(this.#chosen)?.group.setAttribute('aria-selected', 'false');
    this.#chosen = index;
    this.#mark();
    if (index < 0) return '';
    // What has the focus is there, in view or not.
    const { group } = this.#drawn.get(index) ?? this.#make(index, true);
    group.setAttribute('aria-selected', 'true');
    return group.id;
  }

  #mark() {
    const { out, in: into } = this.joined(this.#chosen);
    this.#from.setAttribute('d', pathOf(out));
    this.#to.setAttribute('d', pathOf(into.filter(({ from }) => from !== this.#chosen)));
  }

  #schedule() {
    if (this.#due !== 0) return;
    this.#due = requestAnimationFrame(() => {
      this.#due = 0;
      this.#draw();
    });
  }

  /** Makes what came into view, a part of it each frame, and drops what left it. */
  #draw() {
    const { clientWidth, clientHeight } = this.#frame;
    if (!this.#flow || clientWidth === 0) return;
    const { x, y, scale } = this.#view;
    const hasText = scale >= READABLE;
    let made = 0;
    for (const [index, block] of this.#flow.blocks.entries()) {
      const left = block.x * scale + x;
      const top = block.y * scale + y;
      const isIn =
        left < clientWidth + MARGIN &&
        left + block.width * scale > -MARGIN &&
        top < clientHeight + MARGIN &&
        top + block.height * scale > -MARGIN;
      const known = this.#drawn.get(index);
      if (isIn && (!known || (known.words !== null) !== hasText)) {
        if (made++ >= MOST_AT_ONCE) return this.#schedule();
        this.#drop(index);
        this.#make(index, hasText);
      } else if (!isIn && known && index !== this.#chosen) {
        this.#drop(index);
      }
    }
  }

  /** @param {number} index */
  #drop(index) {
    const known = this.#drawn.get(index);
    known?.group.remove();
    known?.words?.remove();
    this.#drawn.delete(index);
  }

  /** @param {number} index @param {boolean} hasText @returns {Drawn} */
  #make(index, hasText) {
    const flow = /** @type {FlowView} */ (this.#flow);
    const block = flow.blocks[index];
    const group = svg('g', {
      ...{ class: 'block', id: `${this.#prefix}-${index}`, role: 'option' },
      'aria-selected': String(index === this.#chosen),
      transform: `translate(${block.x} ${block.y})`,
      'aria-label': spoken(flow, block, this.joined(index).out),
      'aria-setsize': flow.blocks.length,
      'aria-posinset': index + 1,
    });
    group.append(svg('rect', { width: block.width, height: block.height, rx: 6 }));
    const words = hasText ? wordsOf(block, this.joined(index).labels) : null;
    if (words) this.#words.append(words);
    group.addEventListener('click', () => this.#onChoose(index));
    this.#boxes.append(group);
    const drawn = { group, words };
    this.#drawn.set(index, drawn);
    return drawn;
  }
}

/** @param {DrawnEdge[]} edges */
function pathOf(edges) {
  return edges.map(({ path }) => path).join('');
}

/** @param {FlowView} flow @param {FlowBlock} block @param {DrawnEdge[]} out */
function spoken(flow, block, out) {
  const named = out
    .slice(0, SUCCESSORS_NAMED)
    .map(({ to, label }) => `block${flow.blocks[to].id}${label ? ` if ${label}` : ''}`);
  if (out.length > SUCCESSORS_NAMED) named.push(`${out.length - SUCCESSORS_NAMED} more`);
  const leads = out.length === 0 ? 'ends here' : `goes to ${named.join(', ')}`;
  return `block${block.id}, ${counted(block.instructions, 'instruction')}, ${leads}`;
}

/** @param {FlowBlock} block @param {DrawnEdge[]} labels */
function wordsOf(block, labels) {
  const group = svg('g', { transform: `translate(${block.x} ${block.y})` });
  group.append(
    svg('text', { class: 'block-name', x: TEXT.x, y: TEXT.head }, `block${block.id}`),
    svg('text', { class: 'block-count', x: block.width - TEXT.x, y: TEXT.head }, number(block.instructions)),
    ...block.text.map((line, at) => svg('text', { x: TEXT.x, y: TEXT.first + at * TEXT.line }, line)),
    ...labels.map(({ label, labelX, labelY, labelEnds }) =>
      svg(
        'text',
        { class: labelEnds ? 'edge-label ends' : 'edge-label', x: labelX - block.x, y: labelY - block.y },
        label,
      ),
    ),
  );
  return group;
}
