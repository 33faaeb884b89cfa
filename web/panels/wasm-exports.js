// The exports panel: a form for each exported function, what calls gave, the exported globals, and the memory of the
// instance that the last run left.

import { counted, duration, number } from '../format.js';
import { Caller } from '../guest/caller.js';
import { LONGEST_NAME, cutName } from '../guest/names.js';
import { h, setText } from '../ui/dom.js';
import { setEnabled } from '../ui/enable.js';
import { formsPart } from './wasm-call-forms.js';
import { createGlobalsTable } from './wasm-globals.js';
import { part } from './kit.js';
import { createMemoryView } from './wasm-memory.js';

/** @import { ExportCall } from '../../runner/guest/types.js' */
/** @import { WasmExport } from '../../runner/module/info.js' */
/** @import { Answer } from '../guest/caller.js' */
/** @import { GuestSession } from '../guest/session.js' */
/** @import { Store } from '../state.js' */

const HISTORY = 200;

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
  const globals = createGlobalsTable();
  const memory = createMemoryView({ peek: (pointer, length) => caller.peek(pointer, length), signal });
  const memoryPart = h('details', { id: 'exports-memory' }, h('summary', { text: 'Memory' }), memory.element);
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
    if (globals.count > 0) globals.draw((await caller.globals(globals.types)) ?? []);
  }

  /** @param {WasmExport[]} exports @returns {Node[]} */
  function build(exports) {
    const functions = exports.filter(({ kind }) => kind === 'function');
    globals.show(exports.filter(({ kind }) => kind === 'global'));
    const forms = formsPart({ functions, perform, answerNodes, signal: shown.signal });
    const { count, table } = globals;
    const globalsPart = count > 0 ? [part('Globals', number(count), () => table, { open: true })] : [];
    return [forms, historyPart, ...globalsPart, memoryPart];
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
