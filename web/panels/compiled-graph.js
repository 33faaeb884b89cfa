// The control-flow graph of a function, drawn as the worker laid it out, and the function's text under it: what is chosen in
// one is chosen in the other. Boxes are options of one list: the arrow keys follow the edges.

import { FlowDrawing, svg } from '../compiled/flow-drawing.js';
import { createPanZoom } from '../compiled/pan-zoom.js';
import { counted, number } from '../format.js';
import { h, setText } from '../ui/dom.js';
import { drawIrLine, followModel, lineList, linesOf, nothingYet, wayTools } from './compiled-kit.js';

/** @import { FlowView } from '../../runner/compiler/questions.js' */
/** @import { Listing } from '../ir/listing.js' */
/** @import { PanelParts } from './compiled-kit.js' */

const ZOOM_STEP = 1.25;
const PAN_STEP = 60;
let serial = 0;

/** @param {PanelParts} parts */
export function createGraphPanel(parts) {
  const { panel, store, model, signal } = parts;
  const tools = wayTools(parts);
  const stage = h(
    'select',
    { 'aria-label': 'Which IR' },
    h('option', { value: '-1', text: 'after all passes' }),
    h('option', { value: '0', text: 'as lowered' }),
  );
  const button = (/** @type {string} */ text, /** @type {string} */ name, /** @type {() => void} */ click) =>
    h('button', { type: 'button', class: 'quiet zoom', 'aria-label': name, title: name, text, on: { click } });
  const smaller = button('−', 'Smaller (−)', () => view.zoom(1 / ZOOM_STEP));
  const larger = button('+', 'Larger (+)', () => view.zoom(ZOOM_STEP));
  const fit = button('Fit', 'Fit all of it (0)', () => view.fit());
  const scale = h('span', { class: 'dim num zoom-scale', 'aria-hidden': 'true' });
  const frame = svg('svg', {
    ...{ class: 'graph-frame', role: 'listbox', tabindex: '0', 'aria-label': 'Control-flow graph', id: 'graph' },
    'aria-describedby': 'graph-help',
  });
  const drawing = new FlowDrawing(frame, `graph-block-${++serial}`, (index) => {
    choose(index);
    frame.focus({ preventScroll: true });
  });
  frame.append(drawing.element);
  const help = h('p', {
    class: 'sr-only',
    id: 'graph-help',
    text: 'Arrow down goes to a successor, up to a predecessor, left and right within a row. Plus, minus and 0 zoom; Shift with an arrow moves the view.',
  });
  const about = h('p', { class: 'pass-what', id: 'graph-about' });
  const text = lineList({
    label: 'IR of the function',
    kind: 'ir lines',
    draw: drawLine,
    marks: lookOf,
    onActive: chooseLine,
    signal,
  });
  const empty = h('p', { class: 'empty' });
  const places = h('div', { class: 'graph-places' }, h('div', { class: 'graph-place' }, frame, help), text.host);
  panel.append(
    h(
      'div',
      { class: 'panel-tools' },
      ...tools.nodes,
      stage,
      h('span', { class: 'spacer' }),
      h('span', { class: 'zooms' }, smaller, scale, larger, fit),
    ),
    about,
    places,
    empty,
  );
  const view = createPanZoom({
    frame,
    onChange(now) {
      drawing.moved(now);
      setText(scale, `${Math.round(now.scale * 100)}%`);
    },
    signal,
  });

  /** @type {FlowView | null} */
  let flow = null;
  /** @type {Listing | null} */
  let listing = null;
  let chosen = -1;
  let asked = 0;
  let fault = '';

  /** @param {number} line */
  function lookOf(line) {
    const block = flow?.blocks[chosen];
    return block && line >= block.line && line < block.end ? 'partner' : '';
  }

  /** @param {number} line @param {HTMLElement} row */
  function drawLine(line, row) {
    if (listing) drawIrLine(listing.line(line), row);
  }

  /** @param {number} index @param {{ scroll?: boolean }} [options] */
  function choose(index, { scroll = true } = {}) {
    const block = flow?.blocks[index];
    if (!block) return;
    chosen = index;
    frame.setAttribute('aria-activedescendant', drawing.choose(index));
    view.reveal(block);
    text.list.refresh();
    if (!scroll) return;
    text.mark(block.line);
    text.list.scrollToRow(block.line, 'start');
  }

  /** @param {number} line */
  function chooseLine(line) {
    const index = flow?.blocks.findIndex((block) => line >= block.line && line < block.end) ?? -1;
    if (index >= 0 && index !== chosen) choose(index, { scroll: false });
  }

  /** The next block in a direction. @param {string} key */
  function neighbour(key) {
    if (!flow || chosen < 0) return -1;
    const { out, in: into } = drawing.joined(chosen);
    const block = flow.blocks[chosen];
    if (key === 'Home') return 0;
    if (key === 'End') return flow.blocks.length - 1;
    if (key === 'ArrowDown') return (out.find(({ back }) => !back) ?? out[0])?.to ?? -1;
    if (key === 'ArrowUp') return (into.find(({ back }) => !back) ?? into[0])?.from ?? -1;
    const beside = flow.blocks
      .map(({ x, rank }, index) => ({ x, rank, index }))
      .filter(
        ({ rank, index, x }) =>
          rank === block.rank && index !== chosen && (key === 'ArrowLeft' ? x < block.x : x > block.x),
      )
      .sort((a, b) => Math.abs(a.x - block.x) - Math.abs(b.x - block.x));
    return beside[0]?.index ?? -1;
  }

  frame.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const pans = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      const pan = pans[/** @type {keyof typeof pans} */ (event.key)];
      if (event.key === '+' || event.key === '=') view.zoom(ZOOM_STEP);
      else if (event.key === '-') view.zoom(1 / ZOOM_STEP);
      else if (event.key === '0') view.fit();
      else if (event.shiftKey && pan) view.pan(pan[0] * PAN_STEP, pan[1] * PAN_STEP);
      else if (pan || event.key === 'Home' || event.key === 'End') choose(neighbour(event.key));
      else if (event.key === 'Enter' && chosen >= 0) text.host.focus();
      else return;
      event.preventDefault();
    },
    { signal },
  );

  function drawTools() {
    tools.draw(flow?.function.name ?? model.function.name);
    const drawn = flow !== null && flow.fault === '';
    places.hidden = flow === null;
    places.classList.toggle('text-only', flow !== null && !drawn);
    for (const each of [smaller, larger, fit]) each.disabled = !drawn;
    empty.hidden = flow !== null;
    setText(empty, fault || nothingYet(store, model));
    const size = drawn
      ? `${counted(flow?.blocks.length ?? 0, 'block')}, ${counted(flow?.edges.length ?? 0, 'edge')}`
      : '';
    const loops = flow?.edges.filter(({ back }) => back).length ?? 0;
    setText(about, flow?.fault || (loops > 0 ? `${size}, ${number(loops)} of them back` : size));
    about.hidden = about.textContent === '';
  }

  async function show() {
    const number = ++asked;
    const answer = await model.ask({ what: 'flow', at: Number(stage.value), function: model.function });
    if (number !== asked) return;
    if ('fault' in answer && !('blocks' in answer)) {
      flow = null;
      fault = answer.fault;
      return drawTools();
    }
    const read = await linesOf(answer.text);
    if (number !== asked) return;
    flow = answer;
    listing = read;
    model.nameFunction(answer.function);
    follower.named();
    drawTools();
    text.show(read.lineCount);
    drawing.show(answer);
    frame.removeAttribute('aria-activedescendant');
    chosen = -1;
    view.reset(answer);
    choose(0, { scroll: false });
  }

  const follower = followModel({
    ...{ tab: 'graph', store, model },
    reset() {
      asked += 1;
      flow = null;
      fault = '';
    },
    show: () => void show(),
    draw: drawTools,
  });
  stage.addEventListener('change', () => void show(), { signal });
  return { focus: () => frame.focus() };
}
