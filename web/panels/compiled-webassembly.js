// The WebAssembly panel of a JSRS program: its code beside the IR, its bytes, the figures of both ways to run it, and files
// to keep.

import { comparison, figureRows } from '../compiled/figures.js';
import { size } from '../format.js';
import { h, setText } from '../ui/dom.js';
import { download } from '../ui/download.js';
import { createTabs } from '../ui/tabs.js';
import { followModel, nothingYet, wayTools } from './compiled-kit.js';
import { createHexView } from './compiled-hex.js';
import { createPairView } from './compiled-pair.js';

/** @import { Adapter, ModuleView, PairView } from '../../runner/compiler/questions.js' */
/** @import { PanelParts } from './compiled-kit.js' */

const VIEWS = /** @type {const} */ ([
  ['code', 'Code'],
  ['hex', 'Bytes'],
  ['figures', 'Figures'],
]);
/** @typedef {typeof VIEWS[number][0]} View */

/** @param {PanelParts & { notice: (text: string) => void }} parts */
export function createWebAssemblyPanel(parts) {
  const { panel, store, model, chooseMode, notice, signal } = parts;
  const tools = wayTools(parts);
  const pair = createPairView(signal);
  const hex = createHexView(signal);
  const figures = h('div', { class: 'scroll figures', tabindex: '0', role: 'region', 'aria-label': 'Figures' });
  const about = h('span', { class: 'dim' });
  const adapter = h(
    'select',
    { 'aria-label': 'Imports of the file to keep' },
    h('option', { value: 'jsrust', text: 'for env.jsrust_*' }),
    h('option', { value: 'wasi', text: 'for WASI' }),
  );
  const keep = (/** @type {'bytes' | 'text'} */ what, /** @type {string} */ text) =>
    h('button', { type: 'button', class: 'quiet', text, on: { click: () => void save(what) } });
  const tabs = h(
    'div',
    { class: 'tabs view-tabs', role: 'tablist', 'aria-label': 'Views' },
    ...VIEWS.map(([name, text]) =>
      h('button', {
        ...{ type: 'button', role: 'tab', 'data-tab': name, text, id: `compiled-tab-${name}` },
        'aria-controls': `compiled-${name}`,
      }),
    ),
  );
  const view = (/** @type {View} */ name, /** @type {HTMLElement} */ content) =>
    h(
      'div',
      { class: 'compiled-view', role: 'tabpanel', id: `compiled-${name}`, 'aria-labelledby': `compiled-tab-${name}` },
      content,
    );
  const views = { code: view('code', pair.element), hex: view('hex', hex.element), figures: view('figures', figures) };
  const empty = h('p', { class: 'empty' });
  panel.append(
    h(
      'div',
      { class: 'panel-tools' },
      ...[...tools.nodes, about, h('span', { class: 'spacer' })],
      h('span', { class: 'downloads' }, adapter, keep('bytes', 'Save .wasm'), keep('text', 'Save .wat')),
    ),
    tabs,
    ...Object.values(views),
    empty,
  );

  /** @type {View} */
  let shown = 'code';
  /** @type {PairView | null} */
  let code = null;
  /** @type {ModuleView | null} */
  let bytes = null;
  let fault = '';
  let asked = 0;

  function drawTools() {
    tools.draw(code?.function.name ?? model.function.name);
    const isCode = shown === 'code';
    tools.choice.hidden = !isCode;
    setText(about, isCode && code?.wat ? `function ${code.index}, ${size(code.size)}` : '');
    if (shown === 'hex') setText(about, bytes ? `${size(bytes.bytes.length)} with names` : '');
    const there = shown === 'figures' || (isCode ? code !== null : bytes !== null);
    for (const [name, element] of Object.entries(views)) element.hidden = name !== shown || !there;
    empty.hidden = there;
    setText(empty, fault || nothingYet(store, model));
  }

  async function show() {
    const number = ++asked;
    fault = '';
    if (shown === 'figures') return drawTools();
    if (shown === 'hex') {
      if (bytes) return drawTools();
      const answer = await model.ask({ what: 'module' });
      if (number !== asked) return;
      if ('fault' in answer) fault = answer.fault;
      else bytes = answer;
      drawTools();
      if (bytes) hex.show(bytes);
      return;
    }
    const answer = await model.ask({ what: 'pair', function: model.function });
    if (number !== asked) return;
    if ('fault' in answer) {
      code = null;
      fault = answer.fault;
      return drawTools();
    }
    model.nameFunction(answer.function);
    follower.named();
    code = answer;
    drawTools();
    await pair.show(answer);
  }

  function drawFigures() {
    const { figures: now, options } = store.now;
    const sentence = comparison(now);
    const run = (/** @type {'interpreted' | 'compiled'} */ mode) => {
      const click = () => {
        figures.focus(); // the button is about to go
        chooseMode({ mode });
      };
      return h('button', { type: 'button', class: 'button', text: `Run it ${mode}`, on: { click } });
    };
    const level = now.compiled ? ` -${now.compiled.level}` : ` -${options.level}`;
    const head = h(
      'tr',
      {},
      h('th', { scope: 'col' }, h('span', { class: 'sr-only', text: 'Figure' })),
      h('th', { scope: 'col', text: 'Interpreted' }),
      h('th', { scope: 'col', text: `Compiled${level}` }),
    );
    const rows = figureRows(now).map(({ label, interpreted, compiled }) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row', text: label }),
        h('td', { class: 'num', text: interpreted }),
        h('td', { class: 'num', text: compiled }),
      ),
    );
    figures.replaceChildren(
      h('table', { class: 'figures-table' }, h('thead', {}, head), h('tbody', {}, ...rows)),
      h('p', { class: 'comparison', text: sentence }),
      h(
        'p',
        { class: 'figures-runs' },
        ...[now.interpreted ? [] : [run('interpreted')], now.compiled ? [] : [run('compiled')]].flat(),
      ),
      h('p', {
        class: 'dim',
        text: 'Of the last run in each mode. Compiling is what our compiler takes. Running compiled code includes linking the module and what the browser does at the first call of a function, a few milliseconds; starting a worker for it is in neither.',
      }),
    );
  }

  /** @param {'bytes' | 'text'} what */
  async function save(what) {
    const chosen = /** @type {Adapter} */ (adapter.value);
    const answer = await model.ask({ what, adapter: chosen });
    if ('fault' in answer) return notice(answer.fault);
    const { program } = store.now;
    const name = (program?.name ?? 'program').replace(/\.\w+$/, '');
    if ('bytes' in answer) download(`${name}.wasm`, [answer.bytes], 'application/wasm');
    else download(`${name}.wat`, [answer.text], 'text/plain');
  }

  const choice = createTabs(
    tabs,
    (name) => {
      shown = /** @type {View} */ (name);
      drawTools();
      void show();
    },
    signal,
  );
  choice.select(shown);
  const follower = followModel({
    ...{ tab: 'compiled', store, model },
    reset() {
      asked += 1;
      code = null;
      bytes = null;
      fault = '';
    },
    show: () => void show(),
    draw: drawTools,
  });
  store.watch(['figures', 'options'], drawFigures);
  return { focus: () => /** @type {HTMLElement | null} */ (tabs.querySelector('[aria-selected=true]'))?.focus() };
}
