// What the panels of a compiled program are made of: the choice of level and function, and lists of lines in which one line
// is chosen by pointer or keys.

import { cutName } from '../guest/names.js';
import { readListing } from '../ir/listing.js';
import { tokens } from '../ir/tokens.js';
import { LEVELS } from '../settings.js';
import { h, setText } from '../ui/dom.js';
import { createPicker } from '../ui/picker.js';
import { createIrList, irRow } from './ir-list.js';

/** @import { Level } from '../../runner/compiler/questions.js' */
/** @import { CompiledModel } from '../compiled/model.js' */
/** @import { Listing } from '../ir/listing.js' */
/** @import { Options, Store } from '../state.js' */

let serial = 0;

/**
 * What every panel is given.
 * @typedef {object} PanelParts
 * @property {HTMLElement} panel
 * @property {Store} store
 * @property {CompiledModel} model
 * @property {(change: Partial<Options>) => void} chooseMode
 * @property {AbortSignal} signal
 */

/** The level and the function, as the first things in a panel. @param {PanelParts} parts */
export function wayTools({ store, model, chooseMode, signal }) {
  const level = h(
    'select',
    { 'aria-label': 'Level of the optimiser' },
    ...LEVELS.map((name) => h('option', { value: name, text: `-${name}` })),
  );
  const choose = h('button', { type: 'button', class: 'quiet function-choice' });
  level.addEventListener('change', () => chooseMode({ level: /** @type {Level} */ (level.value) }), { signal });
  createPicker({
    button: choose,
    label: 'Function',
    items: () =>
      (model.known?.functions ?? []).map(({ number, name }) => ({
        value: String(number),
        text: cutName(name) || `function ${number}`,
        note: `fn${number}`,
      })),
    current: () => String(model.function.number),
    onPick: (value) => {
      const chosen = model.known?.functions.find(({ number }) => String(number) === value);
      if (chosen) model.function = chosen;
    },
    signal,
  });
  const stop = h('button', { type: 'button', class: 'quiet', text: 'Stop' });
  const busy = h('span', { class: 'busy', role: 'status' }, h('progress', { 'aria-label': 'Working' }), stop);
  stop.addEventListener(
    'click',
    () => {
      level.focus(); // the button is about to go
      model.stop();
    },
    { signal },
  );
  store.watch(['options'], ({ options }) => (level.value = options.level));
  return {
    nodes: [level, choose, busy],
    /** Of the function, for what is not of one function. */
    choice: choose,
    /** @param {string} name of the function that is shown */
    draw(name) {
      busy.hidden = !model.isSlow;
      const shown = cutName(name, 40);
      setText(choose, shown || 'Function');
      choose.setAttribute('aria-label', `Function: ${shown || 'none'}`);
      choose.disabled = (model.known?.functions.length ?? 0) === 0;
    },
  };
}

/**
 * A list of lines, one of which is active. `draw` fills a row; `marks` adds classes.
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.kind class names
 * @param {(line: number, row: HTMLElement) => void} options.draw
 * @param {(line: number) => string} [options.marks]
 * @param {(line: number) => void} [options.onActive] by pointer or keys
 * @param {(line: number) => void} [options.onHover] -1: no more
 * @param {AbortSignal} options.signal
 */
export function lineList({ label, kind, draw, marks = () => '', onActive, onHover, signal }) {
  const id = `lines-${++serial}`;
  const host = h('div', { class: `scroll code ${kind}`, tabindex: '0', role: 'listbox', 'aria-label': label });
  const list = createIrList({ host, render: drawRow, signal });
  let active = -1;

  /** @param {number} line @param {HTMLElement} row */
  function drawRow(line, row) {
    row.id = `${id}-${line}`;
    row.dataset.line = String(line);
    row.setAttribute('role', 'option');
    row.setAttribute('aria-setsize', String(list.count));
    row.setAttribute('aria-posinset', String(line + 1));
    row.setAttribute('aria-selected', String(line === active));
    const more = marks(line);
    if (more) row.classList.add(...more.split(' '));
    draw(line, row);
  }

  /** @param {number} line */
  function mark(line) {
    const before = active;
    active = line;
    for (const each of [before, line]) if (each >= 0) list.refreshRow(each);
    if (line >= 0) host.setAttribute('aria-activedescendant', `${id}-${line}`);
    else host.removeAttribute('aria-activedescendant');
  }

  /** @param {number} line */
  function activate(line) {
    const wanted = Math.max(0, Math.min(line, list.count - 1));
    if (list.count === 0) return;
    mark(wanted);
    list.scrollToRow(wanted);
    onActive?.(wanted);
  }

  /** @param {Event} event */
  const lineOf = (event) => {
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('.row'));
    return row ? Number(row.dataset.line) : -1;
  };

  host.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      const page = Math.max(1, Math.floor(host.clientHeight / irRow()) - 1);
      const start = active < 0 ? list.firstRow - 1 : active;
      const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -list.count, End: list.count };
      const move = moves[/** @type {keyof typeof moves} */ (event.key)];
      if (move === undefined) return;
      event.preventDefault();
      activate(start + move);
    },
    { signal },
  );
  host.addEventListener('click', (event) => lineOf(event) >= 0 && activate(lineOf(event)), { signal });
  if (onHover) {
    host.addEventListener('pointerover', (event) => onHover(lineOf(event)), { signal });
    host.addEventListener('pointerleave', () => onHover(-1), { signal });
  }
  return {
    host,
    list,
    /** The chosen line; -1 = none. */
    get active() {
      return active;
    },
    mark,
    /** @param {number} count */
    show(count) {
      mark(-1);
      list.setCount(count);
      list.scrollToRow(0, 'start');
      list.refresh();
    },
  };
}

/**
 * Has a panel show what the model says whenever that changes and the panel is seen.
 * @param {object} options
 * @param {import('../state.js').Tab} options.tab
 * @param {Store} options.store
 * @param {CompiledModel} options.model
 * @param {() => void} options.reset what is shown belongs to another program or level
 * @param {() => void} options.show asks for the present function
 * @param {() => void} options.draw
 * @returns {{ named: () => void }} to be called when an answer has told which function the entry is
 */
export function followModel({ tab, store, model, reset, show, draw }) {
  let round = -1;
  let shown = '';
  const key = () => String(model.function.number);
  const follow = () => {
    if (round !== model.round) {
      round = model.round;
      shown = '';
      reset();
    }
    if (store.now.tab === tab && model.known?.fault === '' && shown !== key()) {
      shown = key();
      show();
    }
    draw();
  };
  model.watch(follow);
  store.watch(['tab'], follow);
  return { named: () => (shown = key()) };
}

/** What stands where there is nothing to show yet, or at all. @param {Store} store @param {CompiledModel} model */
export function nothingYet(store, model) {
  if (model.known) return model.known.fault || 'Working…';
  return store.now.module ? 'Bringing the compiler…' : 'There is no program to compile.';
}

/** A line of IR in colours. @param {string} line @param {HTMLElement} row */
export function drawIrLine(line, row) {
  for (const { text, kind } of tokens(line, NO_FUNCTION)) {
    if (kind === 'plain' || kind === 'name') row.append(text);
    else row.append(h('span', { class: `token-${kind}`, text }));
  }
}

const NO_FUNCTION = () => false;
const NO_SITES = new Uint32Array(0);

/** A text as lines, found in slices. @param {Uint8Array} text UTF-8 @returns {Promise<Listing>} */
export function linesOf(text) {
  return readListing(text, NO_SITES);
}
