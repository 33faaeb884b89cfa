// The exports panel: a form for each exported function, what calls gave, the exported globals, and the memory of the
// instance that the last run left.

import { counted, duration, number } from '../format.js';
import { Caller } from '../guest/caller.js';
import { LONGEST_NAME, cutName, nameNodes } from '../guest/names.js';
import { h, setText } from '../ui/dom.js';
import { setEnabled } from '../ui/enable.js';
import { callForm } from './wasm-call-form.js';
import { part } from './wasm-kit.js';
import { createMemoryView } from './wasm-memory.js';

/** @import { ExportCall } from '../../runner/guest/types.js' */
/** @import { WasmExport } from '../../runner/module/info.js' */
/** @import { Answer } from '../guest/caller.js' */
/** @import { GuestSession } from '../guest/session.js' */
/** @import { Store } from '../state.js' */

/** Forms at once; a filter reaches the others. */
const FORMS_SHOWN = 100;
const FILTER_FROM = 8;
const HISTORY = 200;
const GLOBALS_SHOWN = 1000;

/**
 * @param {object} parts
 * @param {HTMLElement} parts.panel
 * @param {Store} parts.store
 * @param {() => GuestSession | null} parts.guest
 * @param {(index: number, offset: number | null) => void} parts.showOffset
 * @param {AbortSignal} parts.signal
 */
export function createExportsPanel({ panel, store, guest, showOffset, signal }) {
  const caller = new Caller(store, guest);
  const state = h('span', { class: 'dim', id: 'exports-state', role: 'status' });
  const renew = h('button', { type: 'button', class: 'quiet', id: 'exports-renew', text: 'New instance' });
  const stop = h('button', { type: 'button', class: 'quiet', id: 'exports-stop', text: 'Stop', hidden: true });
  const tools = h('div', { class: 'panel-tools' }, state, h('span', { class: 'spacer' }), stop, renew);
  const host = h('div', {
    class: 'scroll module exports',
    id: 'exports',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Exports',
  });
  panel.append(tools, host);

  /** @type {{ name: string, text: string, answer: Answer }[]} */
  let history = [];
  const historyList = h('ol', { class: 'history code', id: 'exports-history' });
  const historyPart = part('Results', '', () => historyList, { open: true });
  const globalsBody = h('tbody');
  const globalsHead = h('tr', {}, ...['Global', 'Type', 'Value'].map((text) => h('th', { scope: 'col', text })));
  const globalsTable = h('table', { id: 'exports-globals' }, h('thead', {}, globalsHead), globalsBody);
  const memory = createMemoryView({ peek: (pointer, length) => caller.peek(pointer, length), signal });
  const memoryPart = h('details', { id: 'exports-memory' }, h('summary', { text: 'Memory' }), memory.element);
  /** @type {Record<string, string>} */
  let globals = {};
  /** @type {AbortController} */
  let shown = new AbortController();

  /** @param {ExportCall} call @param {string} text @returns {Promise<Answer>} */
  async function perform(call, text) {
    const answering = caller.call(call);
    drawState();
    const answer = await answering;
    history = [{ name: call.name, text, answer }, ...history].slice(0, HISTORY);
    drawHistory();
    drawState();
    void refresh();
    return answer;
  }

  function drawHistory() {
    historyPart.hidden = history.length === 0;
    setText(/** @type {Element} */ (historyPart.querySelector('.dim')), counted(history.length, 'call'));
    historyList.replaceChildren(
      ...history.map(({ text, answer }) =>
        h(
          'li',
          {},
          h('bdi', { text: cutName(text, 200) }),
          ' ',
          ...answerNodes(answer),
          h('span', { class: 'dim', text: ` ${duration(answer.milliseconds)}` }),
        ),
      ),
    );
  }

  /** @param {Answer} answer @returns {(Node | string)[]} */
  function answerNodes({ ok, text, position }) {
    const said = h('span', { class: ok ? 'result-value' : 'failed', text: cutName(text, 400) });
    if (position === null || position.functionIndex === null) return [said];
    const { functionIndex, offset } = position;
    const go = () => showOffset(functionIndex, offset);
    const name = cutName(position.function ?? `function ${functionIndex}`, LONGEST_NAME);
    return [said, ' in ', h('button', { type: 'button', class: 'link', text: name, on: { click: go } })];
  }

  function drawState() {
    const { phase } = store.now;
    const left =
      phase === 'ready' ? 'Calls go to a fresh instance.' : 'Calls go to the instance that the last run left.';
    const where = caller.hasInstance ? left : 'A call makes a new instance.';
    setText(state, caller.busy ? 'Calling …' : caller.hindrance || where);
    stop.hidden = !caller.busy;
    setEnabled(renew, !caller.busy && caller.hindrance === '' && phase !== 'opening', host);
  }

  /** What a call may have changed. */
  async function refresh() {
    if (store.now.tab !== 'exports') return;
    if (memoryPart.open) void memory.refresh();
    if (Object.keys(globals).length === 0) return;
    const values = await caller.globals(globals);
    const byName = new Map((values ?? []).map(({ name, value }) => [name, value]));
    for (const row of globalsBody.rows) {
      const value = byName.get(row.dataset.name ?? '');
      setText(row.cells[2], value === undefined ? '–' : cutName(value));
    }
  }

  /** @param {WasmExport[]} exports */
  function build(exports) {
    const functions = exports.filter(({ kind }) => kind === 'function');
    globals = Object.fromEntries(
      exports
        .filter(({ kind }) => kind === 'global')
        .slice(0, GLOBALS_SHOWN)
        .map(({ name, type }) => [name, type.replace(/^mut /, '')]),
    );
    globalsBody.replaceChildren(
      ...Object.entries(globals).map(([name, type]) =>
        h(
          'tr',
          { 'data-name': name },
          h('th', { scope: 'row', class: 'code' }, ...nameNodes(name)),
          h('td', { class: 'code token-type', text: type }),
          h('td', { class: 'code token-number', text: '–' }),
        ),
      ),
    );
    const names = Object.keys(globals).length;
    /** @type {Node[]} */
    const parts = [functionsPart(functions), historyPart];
    if (names > 0) parts.push(part('Globals', number(names), () => globalsTable, { open: true }));
    parts.push(memoryPart);
    return parts;
  }

  /** @param {WasmExport[]} functions */
  function functionsPart(functions) {
    if (functions.length === 0) return h('p', { class: 'empty', text: 'This module exports no functions.' });
    const filter = h('input', {
      ...{ type: 'search', 'aria-label': 'Filter exported functions by name', placeholder: 'Filter by name' },
      ...{ autocomplete: 'off', spellcheck: 'false' },
    });
    const more = h('p', { class: 'dim', role: 'status' });
    const forms = h('div', { class: 'call-forms' });
    const fill = () => {
      const wanted = filter.value.trim().toLowerCase();
      const found = functions.filter(({ name }) => name.toLowerCase().includes(wanted));
      // The very name that was typed comes first.
      found.sort((a, b) => Number(b.name.toLowerCase() === wanted) - Number(a.name.toLowerCase() === wanted));
      forms.replaceChildren(...found.slice(0, FORMS_SHOWN).map((each) => callForm(each, perform, answerNodes)));
      const left = found.length - FORMS_SHOWN;
      setText(
        more,
        found.length === 0 ? 'No name has this.' : left > 0 ? `and ${number(left)} more: filter by name` : '',
      );
    };
    filter.addEventListener('input', fill, { signal: shown.signal });
    fill();
    const head = h('div', { class: 'list-tools' }, filter);
    head.hidden = functions.length < FILTER_FROM;
    return part('Functions', number(functions.length), () => h('div', {}, head, forms, more), { open: true });
  }

  renew.addEventListener(
    'click',
    async () => {
      const renewing = caller.renew();
      drawState();
      await renewing;
      drawState();
      void refresh();
    },
    { signal },
  );
  stop.addEventListener('click', () => caller.stop(), { signal });
  memoryPart.addEventListener('toggle', () => memoryPart.open && void memory.refresh(), { signal });
  store.watch(['wasm'], ({ wasm }) => {
    shown.abort();
    shown = new AbortController();
    history = [];
    memoryPart.open = false;
    host.replaceChildren(...(wasm ? build(wasm.exports) : []));
    host.scrollTop = 0;
    drawHistory();
  });
  store.watch(['phase', 'result', 'missing', 'options', 'plan'], drawState);
  store.watch(['result', 'tab'], () => void refresh());
  return { focus: () => host.focus() };
}
