// The figures of both ways to run a JSRS program, side by side, with a button for the way that was not gone yet.

import { comparison, figureRows } from '../compiled/figures.js';
import { h } from '../ui/dom.js';

/** @import { State, Store } from '../state.js' */
/** @import { PanelParts } from './compiled-kit.js' */

const ABOUT =
  'Of the last run in each mode. Compiling is what our compiler takes. Running compiled code includes linking the module and what the browser does at the first call of a function, a few milliseconds; starting a worker for it is in neither.';

/** @param {{ store: Store, chooseMode: PanelParts['chooseMode'] }} parts */
export function createFiguresView({ store, chooseMode }) {
  const element = h('div', { class: 'scroll figures', tabindex: '0', role: 'region', 'aria-label': 'Figures' });
  const runButton = (/** @type {'interpreted' | 'compiled'} */ mode) => {
    const click = () => {
      element.focus(); // the button is about to go
      chooseMode({ mode });
    };
    return h('button', { type: 'button', class: 'button', text: `Run it ${mode}`, on: { click } });
  };
  store.watch(['figures', 'options'], (state) => {
    const { figures } = state;
    const runs = [];
    if (!figures.interpreted) runs.push(runButton('interpreted'));
    if (!figures.compiled) runs.push(runButton('compiled'));
    element.replaceChildren(
      figuresTable(state),
      h('p', { class: 'comparison', text: comparison(figures) }),
      h('p', { class: 'figures-runs' }, ...runs),
      h('p', { class: 'dim', text: ABOUT }),
    );
  });
  return element;
}

/** @param {Readonly<State>} state */
function figuresTable({ figures, options }) {
  const level = figures.compiled?.level ?? options.level;
  const head = h(
    'tr',
    {},
    h('th', { scope: 'col' }, h('span', { class: 'sr-only', text: 'Figure' })),
    h('th', { scope: 'col', text: 'Interpreted' }),
    h('th', { scope: 'col', text: `Compiled -${level}` }),
  );
  const rows = figureRows(figures).map(({ label, interpreted, compiled }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row', text: label }),
      h('td', { class: 'num', text: interpreted }),
      h('td', { class: 'num', text: compiled }),
    ),
  );
  return h('table', { class: 'figures-table' }, h('thead', {}, head), h('tbody', {}, ...rows));
}
