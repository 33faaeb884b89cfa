// The trace panel: every recorded event but values as a row, up to a million; choosing a row goes to its step.

import { byId, h, setText } from '../ui/dom.js';
import { ListBox } from '../ui/list-box.js';
import { createPicker } from '../ui/picker.js';
import { EVENT } from '../trace/events.js';
import { countBelow } from '../trace/numbers.js';
import { counted, number } from '../format.js';
import { recordingText } from '../trace/recording.js';

/** @import { Listing } from '../ir/listing.js' */
/** @import { State, Store } from '../state.js' */
/** @import { Trace } from '../trace/model.js' */

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
  const box = new ListBox({ host, rowId: 'trace-row', draw: drawRow, onPick: choose, signal });
  /** @type {Trace | null} */
  let trace = null;
  /** Function shown alone; -1 = all. */
  let only = -1;
  let rows = new Uint32Array(0);

  /** @param {number} index @param {HTMLElement} element */
  function drawRow(index, element) {
    if (trace) drawEvent(element, trace, rows[index], store.now.listing);
  }

  /** @param {number} index */
  function choose(index) {
    if (!trace || index >= rows.length) return; // a row of what was shown before
    stepping.go(trace.stepFrom(rows[index]));
    box.activate(index);
  }

  /** @param {number} functionIndex */
  function showOnly(functionIndex) {
    only = functionIndex;
    rows = trace ? trace.rowsOf(only) : new Uint32Array(0);
    setText(filter, only < 0 ? 'All functions' : `Only ${trace?.functionName(only) ?? ''}`);
    box.renew(rows.length, -1);
    summarise();
    if (trace) box.activate(rowOf(rows, trace.steps[store.now.step]));
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
      setText(byId('trace-empty-text'), emptyText(state));
      record.hidden = !state.module || state.recording;
    }
    if (trace === had) return;
    host.style.setProperty('--step-digits', `${number(trace?.steps.length ?? 0).length}ch`);
    showOnly(-1);
  }

  record.addEventListener(
    'click',
    async () => {
      host.focus();
      await stepping.record();
      host.focus();
    },
    { signal },
  );
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
    if (box.active >= 0 && trace.stepFrom(rows[box.active]) === step) return;
    box.activate(rowOf(rows, trace.steps[step]));
  });
  return { focus: () => host.focus() };
}

/** Why no step is listed. @param {Readonly<State>} state */
function emptyText({ recording, module, options }) {
  if (recording) return 'Recording the run …';
  if (!module) return 'There is nothing to record: no program is open.';
  return `No steps are recorded yet. ${options.mode === 'compiled' ? COMPILED : RECORDING}`;
}

/** Index of the row of an event, or of the nearest one before it. @param {Uint32Array} rows @param {number} event */
function rowOf(rows, event) {
  return countBelow(rows, event + 1) - 1;
}

/** @param {HTMLElement} element empty @param {Trace} trace @param {number} event @param {Listing | null} listing */
function drawEvent(element, trace, event, listing) {
  const kind = trace.events.kind(event);
  const isStep = kind === EVENT.INST;
  const look = isStep ? '' : kind === EVENT.BLOCK ? 'token-block' : 'dim';
  const indent = '  '.repeat(Math.min(trace.depth(event), DEEPEST_INDENT));
  element.append(
    h('span', { class: 'at', text: isStep ? number(trace.stepFrom(event) + 1) : '' }),
    h('span', { class: look, text: indent + eventText(trace, event, kind, listing) }),
  );
  const result = isStep ? trace.resultOf(trace.stepFrom(event)) : null;
  if (result !== null) element.append(h('span', { class: 'result-value', text: trace.valueText(result) }));
}

/** @param {Trace} trace @param {number} event @param {number} kind @param {Listing | null} listing */
function eventText(trace, event, kind, listing) {
  if (kind === EVENT.ENTER) {
    const values = trace.parameters(event).map((given) => trace.valueText(given.event));
    return `enter ${trace.functionName(trace.events.function(event))}(${values.join(', ')})`;
  }
  if (kind === EVENT.LEAVE) return `leave ${trace.functionName(trace.events.function(event))}`;
  return listing?.textOfSite(trace.events.site(event)) ?? '';
}
