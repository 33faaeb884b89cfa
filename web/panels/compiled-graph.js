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
/** Which way the view moves by a key. @type {Record<string, [number, number] | undefined>} */
const PANS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const HELP =
  'Arrow down goes to a successor, up to a predecessor, left and right within a row. Plus, minus and 0 zoom; Shift with an arrow moves the view.';
let serial = 0;

/** @param {PanelParts} parts */
export function createGraphPanel(parts) {
  const { panel, store, model, signal } = parts;
  const tools = wayTools(parts);
  const stage = stageSelect();
  const zooms = createZooms({ zoom: (factor) => view.zoom(factor), fit: () => view.fit() });
  const frame = graphFrame();
  const drawing = new FlowDrawing(frame, `graph-block-${++serial}`, (index) => {
    choose(index);
    frame.focus({ preventScroll: true });
  });
  frame.append(drawing.element);
  const help = h('p', { class: 'sr-only', id: 'graph-help', text: HELP });
  const about = h('p', { class: 'pass-what', id: 'graph-about' });
  const text = lineList({
    ...{ label: 'IR of the function', kind: 'ir lines', signal },
    ...{ draw: drawLine, marks: lookOf, onActive: chooseLine },
  });
  const empty = h('p', { class: 'empty' });
  const places = h('div', { class: 'graph-places' }, h('div', { class: 'graph-place' }, frame, help), text.host);
  const spacer = h('span', { class: 'spacer' });
  panel.append(h('div', { class: 'panel-tools' }, ...tools.nodes, stage, spacer, zooms.element), about, places, empty);
  const view = createPanZoom({
    frame,
    onChange(now) {
      drawing.moved(now);
      zooms.showScale(now.scale);
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

  /** @param {string} key */
  function goTo(key) {
    if (flow && chosen >= 0) choose(neighbour(flow, drawing.joined(chosen), chosen, key));
  }

  /** @param {KeyboardEvent} event */
  function typed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const pan = PANS[event.key];
    if (event.key === '+' || event.key === '=') view.zoom(ZOOM_STEP);
    else if (event.key === '-') view.zoom(1 / ZOOM_STEP);
    else if (event.key === '0') view.fit();
    else if (event.shiftKey && pan) view.pan(pan[0] * PAN_STEP, pan[1] * PAN_STEP);
    else if (pan || event.key === 'Home' || event.key === 'End') goTo(event.key);
    else if (event.key === 'Enter' && chosen >= 0) text.host.focus();
    else return;
    event.preventDefault();
  }

  function drawTools() {
    tools.draw(flow?.function.name ?? model.function.name);
    const drawn = flow !== null && flow.fault === '';
    places.hidden = flow === null;
    places.classList.toggle('text-only', flow !== null && !drawn);
    zooms.enable(drawn);
    empty.hidden = flow !== null;
    setText(empty, fault || nothingYet(store, model));
    setText(about, flow ? flow.fault || countsText(flow) : '');
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
  frame.addEventListener('keydown', typed, { signal });
  stage.addEventListener('change', () => void show(), { signal });
  return { focus: () => frame.focus() };
}

/** How many blocks and edges there are. @param {FlowView} flow */
function countsText({ blocks, edges }) {
  const size = `${counted(blocks.length, 'block')}, ${counted(edges.length, 'edge')}`;
  const loops = edges.filter(({ back }) => back).length;
  return loops > 0 ? `${size}, ${number(loops)} of them back` : size;
}

function stageSelect() {
  const stages = [
    h('option', { value: '-1', text: 'after all passes' }),
    h('option', { value: '0', text: 'as lowered' }),
  ];
  return h('select', { 'aria-label': 'Which IR' }, ...stages);
}

function graphFrame() {
  return svg('svg', {
    ...{ class: 'graph-frame', role: 'listbox', tabindex: '0', 'aria-label': 'Control-flow graph', id: 'graph' },
    'aria-describedby': 'graph-help',
  });
}

/** The buttons that scale the graph, and what the scale is. @param {{ zoom: (factor: number) => void, fit: () => void }} actions */
function createZooms({ zoom, fit }) {
  const buttons = [
    zoomButton('−', 'Smaller (−)', () => zoom(1 / ZOOM_STEP)),
    zoomButton('+', 'Larger (+)', () => zoom(ZOOM_STEP)),
    zoomButton('Fit', 'Fit all of it (0)', fit),
  ];
  const scale = h('span', { class: 'dim num zoom-scale', 'aria-hidden': 'true' });
  const [smaller, larger, all] = buttons;
  return {
    element: h('span', { class: 'zooms' }, smaller, scale, larger, all),
    /** @param {number} factor */
    showScale: (factor) => setText(scale, `${Math.round(factor * 100)}%`),
    /** @param {boolean} on */
    enable(on) {
      for (const each of buttons) each.disabled = !on;
    },
  };
}

/** @param {string} text @param {string} name @param {() => void} click */
function zoomButton(text, name, click) {
  return h('button', { type: 'button', class: 'quiet zoom', 'aria-label': name, title: name, text, on: { click } });
}

/**
 * The next block in a direction.
 * @param {FlowView} flow
 * @param {ReturnType<FlowDrawing['joined']>} edges of the chosen block
 * @param {number} chosen
 * @param {string} key
 * @returns {number} -1: there is none
 */
function neighbour(flow, { out, in: into }, chosen, key) {
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
