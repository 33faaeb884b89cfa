// The WebAssembly panel of a JSRS program: its code beside the IR, its bytes, the figures of both ways to run it, and files
// to keep.

import { size } from '../format.js';
import { h, setText } from '../ui/dom.js';
import { download } from '../ui/download.js';
import { createTabs } from '../ui/tabs.js';
import { followModel, nothingYet, wayTools } from './compiled-kit.js';
import { createFiguresView } from './compiled-figures.js';
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
  const figures = createFiguresView({ store, chooseMode });
  const about = h('span', { class: 'dim' });
  const adapter = adapterSelect();
  const keep = (/** @type {'bytes' | 'text'} */ what, /** @type {string} */ text) =>
    h('button', { type: 'button', class: 'quiet', text, on: { click: () => void save(what) } });
  const tabs = h(
    'div',
    { class: 'tabs view-tabs', role: 'tablist', 'aria-label': 'Views' },
    ...VIEWS.map(([name, text]) => tabOf(name, text)),
  );
  const views = {
    code: viewOf('code', pair.element),
    hex: viewOf('hex', hex.element),
    figures: viewOf('figures', figures),
  };
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
    await (shown === 'hex' ? showBytes(number) : showCode(number));
  }

  /** @param {number} number of the asking */
  async function showBytes(number) {
    if (bytes) return drawTools();
    const answer = await model.ask({ what: 'module' });
    if (number !== asked) return;
    if ('fault' in answer) fault = answer.fault;
    else bytes = answer;
    drawTools();
    if (bytes) hex.show(bytes);
  }

  /** @param {number} number of the asking */
  async function showCode(number) {
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
  return { focus: () => /** @type {HTMLElement | null} */ (tabs.querySelector('[aria-selected=true]'))?.focus() };
}

/** @param {View} name @param {string} text */
function tabOf(name, text) {
  return h('button', {
    ...{ type: 'button', role: 'tab', 'data-tab': name, text, id: `compiled-tab-${name}` },
    'aria-controls': `compiled-${name}`,
  });
}

/** @param {View} name @param {HTMLElement} content */
function viewOf(name, content) {
  const labelledby = `compiled-tab-${name}`;
  const properties = {
    class: 'compiled-view',
    role: 'tabpanel',
    id: `compiled-${name}`,
    'aria-labelledby': labelledby,
  };
  return h('div', properties, content);
}

function adapterSelect() {
  return h(
    'select',
    { 'aria-label': 'Imports of the file to keep' },
    h('option', { value: 'jsrust', text: 'for env.jsrust_*' }),
    h('option', { value: 'wasi', text: 'for WASI' }),
  );
}
