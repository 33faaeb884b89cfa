// The optimiser pass by pass: the IR of a function after the pass that the slider stands at, with the lines that this pass
// added and removed.

import { counted, number } from '../format.js';
import { h, icon, setText } from '../ui/dom.js';
import { setEnabled } from '../ui/enable.js';
import { drawIrLine, followModel, lineList, linesOf, nothingYet, wayTools } from './compiled-kit.js';

/** @import { PassView } from '../../runner/compiler/questions.js' */
/** @import { Listing } from '../ir/listing.js' */
/** @import { PanelParts } from './compiled-kit.js' */

/** As ROW of runner/ir-view/diff.js: what a row of the view is. */
const LOOKS = ['', 'added', 'removed'];
const SIGNS = [' ', '+', '−'];
/** The stepper's arrows. */
const BACK = 'M11 3v10L4 8z';
const ON = 'M5 3v10l7-5z';
const SPOKEN = ['', 'added: ', 'removed: '];

/** @param {PanelParts} parts */
export function createPassesPanel(parts) {
  const { panel, store, model, signal } = parts;
  const tools = wayTools(parts);
  const { previous, next, changes, back, on, slider, count, what } = elements();
  const lines = lineList({
    label: 'IR after the pass',
    kind: 'ir lines',
    draw: drawRow,
    marks: (line) => LOOKS[view?.kinds[line] ?? 0],
    signal,
  });
  const empty = h('p', { class: 'empty' });
  panel.append(
    h('div', { class: 'panel-tools' }, ...tools.nodes, h('span', { class: 'spacer' }), changes),
    h('div', { class: 'pass-bar' }, back, on, slider, count),
    what,
    lines.host,
    empty,
  );

  /** @type {PassView | null} */
  let view = null;
  /** @type {Listing | null} */
  let listing = null;
  let at = 0;
  /** The pass that `view` is of; the slider may be ahead. */
  let viewAt = 0;
  let asked = 0;
  let sought = 0;
  let isAsking = false;
  let fault = '';

  /** @param {number} line @param {HTMLElement} row */
  function drawRow(line, row) {
    if (view && listing) drawPassLine(row, view.kinds[line], listing.line(line));
  }

  function drawTools() {
    const passes = model.known?.passes ?? [];
    slider.max = String(passes.length);
    slider.value = String(at);
    const name = at === 0 ? 'as lowered' : (passes[at - 1] ?? '');
    setText(count, `${at} / ${passes.length}`);
    slider.setAttribute('aria-valuetext', `${at} of ${passes.length}: ${name}`);
    slider.disabled = passes.length === 0;
    for (const button of [back, previous]) setEnabled(button, at > 0, slider);
    for (const button of [on, next]) setEnabled(button, at < passes.length, slider);
    tools.draw(view?.function.name ?? model.function.name);
    lines.host.hidden = !view || view.gone;
    const gone = view?.gone ? `After this pass \`${view.function.name}\` is no more: nothing calls it.` : '';
    empty.hidden = view !== null && !view.gone;
    setText(empty, fault || gone || nothingYet(store, model));
    const isCurrent = view !== null && viewAt === at;
    setText(what, isCurrent && view ? sentenceOf(view, name, at) : `${name}: working…`);
  }

  /** Shows the function after `at` passes. */
  async function show() {
    const number = ++asked;
    // A slider that is drawn along asks faster than a large program is optimised: one question at a time.
    if (isAsking) return;
    isAsking = true;
    const wanted = at;
    const answer = await model.ask({ what: 'pass', at: wanted, function: model.function });
    isAsking = false;
    if (number !== asked) return void (model.known && show());
    if ('fault' in answer) {
      view = null;
      fault = answer.fault;
      return drawTools();
    }
    const read = await linesOf(answer.text);
    if (number !== asked) return;
    const top = lines.list.firstRow;
    view = answer;
    viewAt = wanted;
    listing = read;
    model.nameFunction(answer.function);
    follower.named();
    lines.show(read.lineCount);
    const first = answer.kinds.findIndex((kind) => kind !== 0);
    // What did not change stays where it was.
    if (first >= 0) lines.list.scrollToRow(first, 'centre');
    else lines.list.scrollToRow(Math.min(top, Math.max(0, read.lineCount - 1)), 'start');
    drawTools();
  }

  /** @param {number} wanted */
  function go(wanted) {
    const last = model.known?.passes.length ?? 0;
    at = Math.max(0, Math.min(wanted, last));
    sought += 1;
    drawTools();
    void show();
  }

  /** @param {1 | -1} direction */
  async function goToChange(direction) {
    const number = ++sought;
    setText(what, 'Looking for the next pass that changes it…');
    const answer = await model.ask({ what: 'change', at, direction, function: model.function });
    if (number !== sought) return;
    if ('fault' in answer) return setText(what, answer.fault);
    if (answer.at >= 0) return go(answer.at);
    setText(what, direction > 0 ? 'No later pass changes this function.' : 'No earlier pass changes this function.');
  }

  slider.addEventListener('input', () => go(Number(slider.value)), { signal });
  back.addEventListener('click', () => go(at - 1), { signal });
  on.addEventListener('click', () => go(at + 1), { signal });
  previous.addEventListener('click', () => void goToChange(-1), { signal });
  next.addEventListener('click', () => void goToChange(1), { signal });

  const follower = followModel({
    ...{ tab: 'passes', store, model },
    reset() {
      asked += 1;
      sought += 1;
      view = null;
      fault = '';
    },
    show() {
      at = Math.min(at, model.known?.passes.length ?? 0);
      void show();
    },
    draw: drawTools,
  });
  return { focus: () => slider.focus() };
}

/** @param {PassView} view @param {string} name @param {number} at */
function sentenceOf({ before, after, added, removed }, name, at) {
  if (at === 0) return `As lowered: ${counted(after, 'instruction')}.`;
  if (added === 0 && removed === 0) return `${name} changes nothing here: ${counted(after, 'instruction')}.`;
  const lines = `${counted(added, 'line')} added, ${number(removed)} removed`;
  return `${name}: ${number(before)} → ${counted(after, 'instruction')}; ${lines}.`;
}

/** @param {string} path */
function filled(path) {
  const sign = icon(path);
  sign.classList.add('filled');
  return sign;
}

function elements() {
  const previous = h('button', { type: 'button', class: 'quiet', text: 'Previous change' });
  const next = h('button', { type: 'button', class: 'quiet', text: 'Next change' });
  const changes = h('div', { class: 'pane-tools' }, previous, next);
  const back = h('button', { type: 'button', class: 'button square', 'aria-label': 'One pass back' }, filled(BACK));
  const on = h('button', { type: 'button', class: 'button square', 'aria-label': 'One pass on' }, filled(ON));
  const slider = h('input', {
    ...{ type: 'range', class: 'scrubber', id: 'pass', min: '0', max: '0', value: '0', step: '1' },
    'aria-label': 'Pass',
  });
  const count = h('span', { class: 'chip num', id: 'pass-count' });
  const what = h('p', { class: 'pass-what', id: 'pass-what', role: 'status' });
  return { previous, next, changes, back, on, slider, count, what };
}

/** @param {HTMLElement} row empty @param {number} kind as in LOOKS @param {string} text */
function drawPassLine(row, kind, text) {
  row.append(h('span', { class: 'sign', 'aria-hidden': 'true', text: SIGNS[kind] }));
  if (kind !== 0) row.append(h('span', { class: 'sr-only', text: SPOKEN[kind] }));
  drawIrLine(text, row);
}
