// The trace panel: every recorded event but values as a row, up to a million; choosing a row goes to its step.

import { byId, h, setText } from '../ui/dom.js';
import { createPicker } from '../ui/picker.js';
import { VirtualList } from '../ui/virtual-list.js';
import { EVENT } from '../trace/events.js';
import { counted, number } from '../format.js';
import { recordingText } from '../trace/recording.js';

/** @import { State, Store } from '../state.js' */
/** @import { Trace } from '../trace/model.js' */

const ROW = 24;
const ROW_TOUCH = 44;
const DEEPEST_INDENT = 12;
const RECORDING = 'Recording runs the program once more and keeps up to a million events to step through.';
const COMPILED =
  'Compiled code has none: recording runs the program once more, interpreted, and keeps up to a million events to step through.';

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {{ go: (step: number) => void, record: () => Promise<unknown> }} parts.stepping
 * @param {AbortSignal} parts.signal
 */
export function createTracePanel({ store, stepping, signal }) {
  const host = byId('trace');
  const empty = byId('trace-empty');
  const record = /** @type {HTMLButtonElement} */ (byId('trace-record'));
  const filter = /** @type {HTMLButtonElement} */ (byId('trace-filter'));
  const narrow = matchMedia('(max-width: 760px)');
  const list = new VirtualList({ host, rowHeight: narrow.matches ? ROW_TOUCH : ROW, render: drawRow, signal });
  /** @type {Trace | null} */
  let trace = null;
  /** Function shown alone; -1 = all. */
  let only = -1;
  let rows = new Uint32Array(0);
  let active = -1;

  /** @param {number} index @param {HTMLElement} element */
  function drawRow(index, element) {
    if (!trace) return;
    const event = rows[index];
    const chosen = index === active;
    element.id = `trace-row-${index}`;
    element.setAttribute('role', 'option');
    element.setAttribute('aria-setsize', String(rows.length));
    element.setAttribute('aria-posinset', String(index + 1));
    element.setAttribute('aria-selected', String(chosen));
    element.style.height = element.style.lineHeight = `${narrow.matches ? ROW_TOUCH : ROW}px`;
    const kind = trace.events.kind(event);
    const isStep = kind === EVENT.INST;
    element.append(h('span', { class: 'at', text: isStep ? number(trace.stepFrom(event) + 1) : '' }));
    const indent = '  '.repeat(Math.min(trace.depth(event), DEEPEST_INDENT));
    element.append(
      h('span', {
        class: isStep ? '' : kind === EVENT.BLOCK ? 'token-block' : 'dim',
        text: indent + rowText(trace, event, kind),
      }),
    );
    if (isStep) {
      const result = trace.resultOf(trace.stepFrom(event));
      if (result !== null) element.append(h('span', { class: 'result-value', text: trace.valueText(result) }));
    }
    element.addEventListener('click', () => choose(index));
  }

  /** @param {Trace} from @param {number} event @param {number} kind */
  function rowText(from, event, kind) {
    if (kind === EVENT.ENTER) {
      const values = from.parameters(event).map((given) => from.valueText(given.event));
      return `enter ${from.functionName(from.events.function(event))}(${values.join(', ')})`;
    }
    if (kind === EVENT.LEAVE) return `leave ${from.functionName(from.events.function(event))}`;
    return store.now.listing?.textOfSite(from.events.site(event)) ?? '';
  }

  /** @param {number} index */
  function choose(index) {
    if (!trace || index < 0 || index >= rows.length) return;
    stepping.go(trace.stepFrom(rows[index]));
    activate(index);
  }

  /** @param {number} index */
  function activate(index) {
    const before = active;
    active = index;
    for (const row of [before, index]) if (row >= 0) list.refreshRow(row);
    if (index < 0) host.removeAttribute('aria-activedescendant');
    else {
      list.scrollToRow(index);
      host.setAttribute('aria-activedescendant', `trace-row-${index}`);
    }
  }

  /** Index of the row of a step, or of the nearest one before it. @param {number} event */
  function rowOf(event) {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle] <= event) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** @param {number} functionIndex */
  function showOnly(functionIndex) {
    only = functionIndex;
    rows = trace ? trace.rowsOf(only) : new Uint32Array(0);
    setText(filter, only < 0 ? 'All functions' : `Only ${trace?.functionName(only) ?? ''}`);
    active = -1;
    list.setCount(rows.length);
    list.refresh();
    summarise();
    if (trace) activate(rowOf(trace.steps[store.now.step]));
  }

  function summarise() {
    const how = store.now.options.mode === 'compiled' ? ', interpreted' : '';
    const text = trace
      ? `${counted(trace.steps.length, 'step')}${how}: ${recordingText(trace.dropped, trace.events.count)}`
      : '';
    setText(byId('trace-summary'), only < 0 ? text : `${counted(rows.length, 'event')} of this function`);
  }

  /** @param {Readonly<State>} state */
  function draw(state) {
    const had = trace;
    trace = state.trace;
    host.hidden = trace === null;
    empty.hidden = trace !== null;
    filter.hidden = trace === null;
    if (!trace) {
      const text = state.recording
        ? 'Recording the run …'
        : state.module
          ? `No steps are recorded yet. ${state.options.mode === 'compiled' ? COMPILED : RECORDING}`
          : 'There is nothing to record: no program is open.';
      setText(byId('trace-empty-text'), text);
      record.hidden = !state.module || state.recording;
    }
    if (trace === had) return;
    host.style.setProperty('--step-digits', `${number(trace?.steps.length ?? 0).length}ch`);
    showOnly(-1);
  }

  host.addEventListener(
    'keydown',
    (event) => {
      const page = Math.max(1, Math.floor(host.clientHeight / ROW) - 1);
      const move = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length }[
        event.key
      ];
      if (move === undefined || event.ctrlKey || event.altKey) return;
      event.preventDefault();
      choose(Math.max(0, Math.min(rows.length - 1, active + move)));
    },
    { signal },
  );
  record.addEventListener(
    'click',
    async () => {
      host.focus();
      await stepping.record();
      host.focus();
    },
    { signal },
  );
  narrow.addEventListener('change', () => list.setRowHeight(narrow.matches ? ROW_TOUCH : ROW), { signal });
  createPicker({
    button: filter,
    label: 'Functions to show',
    items: () => [
      { value: '-1', text: 'All functions' },
      ...(trace?.enteredFunctions ?? []).map((index) => ({
        value: String(index),
        text: trace?.functionName(index) ?? '',
      })),
    ],
    current: () => String(only),
    onPick: (value) => showOnly(Number(value)),
    signal,
  });
  store.watch(['trace', 'recording', 'module', 'options'], (state) => {
    draw(state);
    summarise();
  });
  store.watch(['step'], ({ step }) => {
    if (!trace || step < 0 || trace !== store.now.trace) return;
    // A chosen row that leads to this step stays chosen: enter and block rows share the step after them.
    if (active >= 0 && trace.stepFrom(rows[active]) === step) return;
    activate(rowOf(trace.steps[step]));
  });
  return { focus: () => host.focus() };
}
