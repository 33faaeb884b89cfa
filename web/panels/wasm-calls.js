// The calls panel: every call of an import with its arguments and result decoded, filtered by text and by import, with the
// time each took and the sum by import. Up to a hundred thousand rows, drawn as they come into view.

import { counted, number, size } from '../format.js';
import { wideNumbers } from '../guest/call-text.js';
import { CallIndex } from '../guest/call-index.js';
import { cutName } from '../guest/names.js';
import { commonModule } from '../guest/functions.js';
import { safeName } from '../guest/zip.js';
import { slices } from '../pause.js';
import { createPicker } from '../ui/picker.js';
import { download } from '../ui/download.js';
import { h, setText } from '../ui/dom.js';
import { ListBox } from '../ui/list-box.js';
import { detailNodes, drawCallRow, emptySentence, totalsTable } from './wasm-call-parts.js';

/** @import { WideNumbers } from '../guest/call-text.js' */
/** @import { CallLog } from '../guest/call-log.js' */
/** @import { GuestOptions, Store } from '../state.js' */

/**
 * @param {object} parts
 * @param {HTMLElement} parts.panel
 * @param {Store} parts.store
 * @param {CallLog} parts.calls
 * @param {(change: Partial<GuestOptions>) => void} parts.applyGuest
 * @param {(sentence: string) => void} parts.notice
 * @param {AbortSignal} parts.signal
 */
export function createCallsPanel({ panel, store, calls, applyGuest, notice, signal }) {
  const { filter, only, totalsButton, save, tools, summary, host, totals, details, empty, emptyText, on } = elements();
  panel.append(tools, summary, host, totals, details, empty);
  const box = new ListBox({ host, rowId: 'call-row', draw: drawRow, onPick: choose, signal });
  let showsTotals = false;
  let generation = calls.generation;
  /** What all names begin with: the module that all imports are of. */
  let prefix = '';
  /** @type {WideNumbers} */
  let wide = new Map();
  const index = new CallIndex(calls, draw);

  /** Without what all have in common. @param {string} call */
  const shortName = (call) => (prefix !== '' && call.startsWith(prefix) ? call.slice(prefix.length) : call);

  /** @param {number} at @param {HTMLElement} row */
  function drawRow(at, row) {
    const line = calls.at(index.line(at));
    if (line) drawCallRow(row, line, shortName(line.call), wide);
    else row.append('…');
  }

  /** @param {number} at */
  function choose(at) {
    if (at >= index.count) return;
    box.activate(at);
    drawDetails();
  }

  function drawDetails() {
    const line = box.active < 0 ? null : calls.at(index.line(box.active));
    details.hidden = line === null || showsTotals;
    details.replaceChildren(...(line ? detailNodes(line, wide) : []));
  }

  function drawTotals() {
    totals.hidden = !showsTotals || calls.count === 0;
    if (totals.hidden) return;
    totals.replaceChildren(totalsTable(index.totals, shortName, showOnly));
  }

  function draw() {
    if (generation !== calls.generation) {
      generation = calls.generation;
      box.renew(index.count, -1);
    }
    box.list.setCount(index.count);
    if (box.active >= index.count) box.activate(-1);
    const none = calls.count === 0;
    host.hidden = none || showsTotals;
    summary.hidden = tools.hidden = none;
    if (!none && empty.contains(document.activeElement)) host.focus();
    empty.hidden = !none;
    setText(summary, summaryText(calls, index, store.now.result?.stats.calls ?? 0));
    host.style.setProperty('--step-digits', `${number(calls.count).length}ch`);
    drawTotals();
    drawDetails();
    setText(emptyText, emptySentence(store.now));
    on.hidden = store.now.options.guest.trace || store.now.plan?.imports.length === 0;
  }

  /** @param {string} call */
  function showOnly(call) {
    if (showsTotals) toggleTotals();
    setText(only, call === '' ? 'All imports' : cutName(shortName(call), 32));
    setFilter({ call });
    host.focus();
  }

  /** @param {{ text?: string, call?: string }} change */
  function setFilter(change) {
    index.setFilter({ ...index.filter, ...change });
    box.list.scrollToRow(0, 'start');
    box.renew(index.count, -1);
    draw();
  }

  function toggleTotals() {
    showsTotals = !showsTotals;
    totalsButton.setAttribute('aria-pressed', String(showsTotals));
    draw();
  }

  /** Back to all, for another program. */
  function forgetFilter() {
    filter.value = '';
    setText(only, 'All imports');
    setFilter({ text: '', call: '' });
  }

  filter.addEventListener('input', () => setFilter({ text: filter.value }), { signal });
  totalsButton.addEventListener('click', toggleTotals, { signal });
  save.addEventListener(
    'click',
    async () => notice(await saveCalls(calls, index, store.now.program?.name ?? 'program', signal)),
    { signal },
  );
  on.addEventListener(
    'click',
    () => {
      empty.focus(); // the button is about to go
      applyGuest({ trace: true });
    },
    { signal },
  );
  offerImports({ button: only, index, shortName, onPick: showOnly, signal });
  store.watch(['wasm'], ({ wasm }) => {
    prefix = wasm ? commonModule(wasm) : '';
    forgetFilter();
  });
  store.watch(['plan'], ({ plan }) => {
    wide = plan ? wideNumbers(plan) : new Map();
  });
  store.watch(['options', 'plan', 'phase', 'result'], () => draw());
  return { focus: () => host.focus() };
}

function elements() {
  const quiet = { type: 'button', class: 'quiet' };
  const region = { tabindex: '0', role: 'region' };
  const filter = h('input', {
    ...{ type: 'search', id: 'calls-filter', 'aria-label': 'Filter calls by text', placeholder: 'Filter' },
    ...{ autocomplete: 'off', spellcheck: 'false' },
  });
  const only = h('button', { ...quiet, class: 'quiet calls-import', id: 'calls-import', text: 'All imports' });
  const totalsButton = h('button', { ...quiet, id: 'calls-totals', 'aria-pressed': 'false', text: 'Totals' });
  const save = h('button', { ...quiet, id: 'calls-export', text: 'Export', title: 'Export as JSON lines' });
  const emptyText = h('p');
  const on = h('button', { type: 'button', class: 'button', id: 'calls-on', text: 'Write them down' });
  return {
    ...{ filter, only, totalsButton, save, emptyText, on },
    tools: h('div', { class: 'panel-tools' }, filter, only, h('span', { class: 'spacer' }), totalsButton, save),
    summary: h('p', { class: 'banner', id: 'calls-summary', role: 'status' }),
    host: h('div', {
      ...{ class: 'scroll code trace calls', id: 'calls', tabindex: '0' },
      ...{ role: 'listbox', 'aria-label': 'Calls of imports' },
    }),
    totals: h('div', {
      ...{ class: 'scroll totals', id: 'calls-totals-list', ...region, 'aria-label': 'Totals by import' },
    }),
    details: h('div', {
      ...{ class: 'scroll call-details', id: 'call-details', ...region, 'aria-label': 'The chosen call' },
    }),
    empty: h('div', { class: 'empty', id: 'calls-empty', tabindex: '-1' }, emptyText, on),
  };
}

/** The lines that the filter lets through, for a file. @param {CallLog} calls @param {CallIndex} index @param {AbortSignal} signal */
async function partsShown(calls, index, signal) {
  const slice = slices(signal);
  const encoder = new TextEncoder();
  const parts = [];
  for (let at = 0; at < index.count; at++) {
    if (slice.over()) await slice.next();
    parts.push(encoder.encode(`${calls.textAt(index.line(at))}\n`));
  }
  return parts;
}

/** @param {CallLog} calls @param {CallIndex} index @param {number} made calls as the result of the run counts them */
function summaryText(calls, index, made) {
  const all = Math.max(calls.count + calls.dropped, made);
  const kept = all > calls.count ? `the first ${number(calls.count)} of ${counted(all, 'call')}` : counted(all, 'call');
  return index.isFiltered ? `${number(index.count)} shown, of ${kept}` : kept;
}

/**
 * Saves the calls that are shown.
 * @param {CallLog} calls
 * @param {CallIndex} index
 * @param {string} program its name
 * @param {AbortSignal} signal
 * @returns {Promise<string>} what was done, as a sentence
 */
async function saveCalls(calls, index, program, signal) {
  const name = `${safeName(program.replace(/\.wasm$/, ''))}.calls.jsonl`;
  const { count } = index;
  const parts = index.isFiltered ? await partsShown(calls, index, signal) : calls.parts();
  download(name, parts, 'application/jsonl');
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  return `Saved ${counted(count, 'call')}${index.isFiltered ? ' that are shown' : ''} (${size(bytes)}) as ${name}.`;
}

/**
 * The list of imports to show alone.
 * @param {object} parts
 * @param {HTMLElement} parts.button
 * @param {CallIndex} parts.index
 * @param {(call: string) => string} parts.shortName
 * @param {(call: string) => void} parts.onPick
 * @param {AbortSignal} parts.signal
 */
function offerImports({ button, index, shortName, onPick, signal }) {
  createPicker({
    button,
    label: 'Imports to show',
    items: () => [
      { value: '', text: 'All imports' },
      ...index.totals.map(({ call, count }) => ({ value: call, text: cutName(shortName(call)), note: number(count) })),
    ],
    current: () => index.filter.call,
    onPick,
    signal,
  });
}
