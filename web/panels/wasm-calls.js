// The calls panel: every call of an import with its arguments and result decoded, filtered by text and by import, with the
// time each took and the sum by import. Up to a hundred thousand rows, drawn as they come into view.

import { counted, duration, number, size } from '../format.js';
import { argumentsText, precise, resultLook, resultText, wideNumbers } from '../guest/call-text.js';
import { CallIndex } from '../guest/call-index.js';
import { cutName } from '../guest/names.js';
import { commonModule } from '../guest/functions.js';
import { safeName } from '../guest/zip.js';
import { slices } from '../pause.js';
import { createPicker } from '../ui/picker.js';
import { download } from '../ui/download.js';
import { h, setText } from '../ui/dom.js';
import { VirtualList } from '../ui/virtual-list.js';
import { detailNodes, totalsTable } from './wasm-call-parts.js';
import { followWidth, moveOf, rowHeight, sizeRow } from './wasm-kit.js';

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
  const filter = h('input', {
    type: 'search',
    id: 'calls-filter',
    'aria-label': 'Filter calls by text',
    placeholder: 'Filter',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const only = h('button', { type: 'button', class: 'quiet calls-import', id: 'calls-import', text: 'All imports' });
  const totalsButton = h('button', {
    type: 'button',
    class: 'quiet',
    id: 'calls-totals',
    'aria-pressed': 'false',
    text: 'Totals',
  });
  const save = h('button', {
    type: 'button',
    class: 'quiet',
    id: 'calls-export',
    text: 'Export',
    title: 'Export as JSON lines',
  });
  const summary = h('p', { class: 'banner', id: 'calls-summary', role: 'status' });
  const host = h('div', {
    ...{ class: 'scroll code trace calls', id: 'calls', tabindex: '0' },
    ...{ role: 'listbox', 'aria-label': 'Calls of imports' },
  });
  const totals = h('div', {
    class: 'scroll totals',
    id: 'calls-totals-list',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Totals by import',
  });
  const details = h('div', {
    class: 'scroll call-details',
    id: 'call-details',
    tabindex: '0',
    role: 'region',
    'aria-label': 'The chosen call',
  });
  const on = h('button', { type: 'button', class: 'button', id: 'calls-on', text: 'Write them down' });
  const emptyText = h('p');
  const empty = h('div', { class: 'empty', id: 'calls-empty', tabindex: '-1' }, emptyText, on);
  const tools = h('div', { class: 'panel-tools' }, filter, only, h('span', { class: 'spacer' }), totalsButton, save);
  panel.append(tools, summary, host, totals, details, empty);
  const list = new VirtualList({ host, rowHeight: rowHeight(), render: drawRow, signal });
  followWidth(list, signal);

  let active = -1;
  let showsTotals = false;
  let generation = calls.generation;
  /** What all names begin with: the module that all imports are of. */
  let prefix = '';
  /** @type {WideNumbers} */
  let wide = new Map();
  const index = new CallIndex(calls, draw);

  /** @param {number} at @param {HTMLElement} row */
  function drawRow(at, row) {
    const line = calls.at(index.line(at));
    row.id = `call-row-${at}`;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-setsize', String(index.count));
    row.setAttribute('aria-posinset', String(at + 1));
    row.setAttribute('aria-selected', String(at === active));
    sizeRow(row);
    row.addEventListener('click', () => choose(at));
    if (!line) return row.append('…');
    row.append(
      h('span', { class: 'at', text: number(line.n) }),
      h('span', { class: 'at time', text: duration(line.at) }),
      h('span', { class: 'at time took', text: precise(line.took) }),
      h(
        'span',
        {},
        h('bdi', { class: 'token-function', text: cutName(shortName(line.call)) }),
        `(${argumentsText(line, wide)})`,
      ),
      h('span', { class: resultLook(line), text: resultText(line) }),
    );
  }

  /** Without what all have in common. @param {string} call */
  const shortName = (call) => (prefix !== '' && call.startsWith(prefix) ? call.slice(prefix.length) : call);

  /** @param {number} at */
  function choose(at) {
    if (at < 0 || at >= index.count) return;
    const before = active;
    active = at;
    for (const row of [before, at]) if (row >= 0) list.refreshRow(row);
    list.scrollToRow(at);
    host.setAttribute('aria-activedescendant', `call-row-${at}`);
    drawDetails();
  }

  function drawDetails() {
    const line = active < 0 ? null : calls.at(index.line(active));
    details.hidden = line === null || showsTotals;
    if (!line) return details.replaceChildren();
    details.replaceChildren(...detailNodes(line, wide));
  }

  function drawTotals() {
    totals.hidden = !showsTotals || calls.count === 0;
    if (totals.hidden) return;
    totals.replaceChildren(totalsTable(index.totals, shortName, showOnly));
  }

  function draw() {
    if (generation !== calls.generation) {
      generation = calls.generation;
      active = -1;
      host.removeAttribute('aria-activedescendant');
      list.refresh();
    }
    list.setCount(index.count);
    if (active >= index.count) active = -1;
    const none = calls.count === 0;
    host.hidden = none || showsTotals;
    summary.hidden = tools.hidden = none;
    if (!none && empty.contains(document.activeElement)) host.focus();
    empty.hidden = !none;
    setText(summary, summaryText());
    host.style.setProperty('--step-digits', `${number(calls.count).length}ch`);
    drawTotals();
    drawDetails();
    drawEmpty();
  }

  function summaryText() {
    const { text, call } = index.filter;
    const { result } = store.now;
    const all = Math.max(calls.count + calls.dropped, result?.stats.calls ?? 0);
    const kept =
      all > calls.count ? `the first ${number(calls.count)} of ${counted(all, 'call')}` : counted(all, 'call');
    return text === '' && call === '' ? kept : `${number(index.count)} shown, of ${kept}`;
  }

  function drawEmpty() {
    const { options, plan, phase } = store.now;
    const traces = options.guest.trace;
    on.hidden = traces;
    const running = phase === 'running' || phase === 'stopping';
    setText(
      emptyText,
      plan?.imports.length === 0
        ? 'This module imports nothing, so it makes no calls.'
        : !traces
          ? 'Calls of imports are not written down, which is faster. The next run can write them down: what was asked, what was answered, how long it took.'
          : running
            ? 'No import was called yet.'
            : 'No import was called. Run the program, or call one of its exports.',
    );
    if (plan?.imports.length === 0) on.hidden = true;
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
    active = -1;
    host.removeAttribute('aria-activedescendant');
    index.setFilter({ ...index.filter, ...change });
    list.scrollToRow(0, 'start');
    list.refresh();
    draw();
  }

  function toggleTotals() {
    showsTotals = !showsTotals;
    totalsButton.setAttribute('aria-pressed', String(showsTotals));
    draw();
  }

  /** The lines that the filter lets through, for a file. */
  async function partsShown() {
    const slice = slices(signal);
    const encoder = new TextEncoder();
    const parts = [];
    for (let at = 0; at < index.count; at++) {
      if (slice.over()) await slice.next();
      parts.push(encoder.encode(`${calls.textAt(index.line(at))}\n`));
    }
    return parts;
  }

  filter.addEventListener('input', () => setFilter({ text: filter.value }), { signal });
  totalsButton.addEventListener('click', toggleTotals, { signal });
  on.addEventListener(
    'click',
    () => {
      empty.focus(); // the button is about to go
      applyGuest({ trace: true });
    },
    { signal },
  );
  save.addEventListener(
    'click',
    async () => {
      const name = `${safeName((store.now.program?.name ?? 'program').replace(/\.wasm$/, ''))}.calls.jsonl`;
      const { count } = index;
      const parts = index.isFiltered ? await partsShown() : calls.parts();
      download(name, parts, 'application/jsonl');
      const bytes = parts.reduce((sum, { length }) => sum + length, 0);
      notice(
        `Saved ${counted(count, 'call')}${index.isFiltered ? ' that are shown' : ''} (${size(bytes)}) as ${name}.`,
      );
    },
    { signal },
  );
  host.addEventListener(
    'keydown',
    (event) => {
      const move = moveOf(event, host, index.count);
      if (move === undefined || index.count === 0) return;
      event.preventDefault();
      choose(Math.max(0, Math.min(index.count - 1, active + move)));
    },
    { signal },
  );
  createPicker({
    button: only,
    label: 'Imports to show',
    items: () => [
      { value: '', text: 'All imports' },
      ...index.totals.map(({ call, count }) => ({ value: call, text: cutName(shortName(call)), note: number(count) })),
    ],
    current: () => index.filter.call,
    onPick: showOnly,
    signal,
  });
  store.watch(['wasm'], ({ wasm }) => {
    prefix = wasm ? commonModule(wasm) : '';
    filter.value = '';
    showOnlyQuietly();
  });
  store.watch(['plan'], ({ plan }) => {
    wide = plan ? wideNumbers(plan) : new Map();
  });
  store.watch(['options', 'plan', 'phase', 'result'], () => draw());
  return { focus: () => host.focus() };

  /** Back to all, for another program. */
  function showOnlyQuietly() {
    setText(only, 'All imports');
    setFilter({ text: '', call: '' });
  }
}
