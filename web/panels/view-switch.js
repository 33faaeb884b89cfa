// The switch between what a module printed as text and its terminal, in the head of the output pane, and beside it what
// belongs to the terminal: how keys reach the program, and the badge of raw mode.

import { byId, h, setText } from '../ui/dom.js';
import { counted } from '../format.js';
import { createTabs } from '../ui/tabs.js';

/** @import { OutputStore } from '../output/store.js' */
/** @import { InputMode } from './ansi-view.js' */
/** @import { State, Store } from '../state.js' */

/** @typedef {State['outputView']} View */

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {OutputStore} parts.output
 * @param {(view: View) => void} parts.onChoose
 * @param {() => void} parts.onPress a view was pressed, after `onChoose`: arrows choose, too
 * @param {(mode: InputMode) => void} parts.onMode
 * @param {() => void} parts.onScreenReader
 * @param {AbortSignal} parts.signal
 */
export function createViewSwitch({ store, output, onChoose, onPress, onMode, onScreenReader, signal }) {
  const pane = byId('output-pane');
  const title = /** @type {HTMLElement} */ (pane.querySelector('.pane-title'));
  const tools = /** @type {HTMLElement} */ (pane.querySelector('.pane-head .pane-tools'));
  const lines = h('span', { class: 'count', hidden: true });
  const text = tab('text', 'output', 'Text');
  text.append(lines);
  const tabs = h(
    'div',
    { class: 'tabs view-tabs', role: 'tablist', 'aria-label': 'View of the output', hidden: true },
    text,
    tab('terminal', 'terminal-place', 'Terminal'),
  );
  const modes = h('div', { class: 'key-modes', role: 'group', 'aria-label': 'How input reaches the program' });
  const buttons = [modeButton('line', 'Lines', 'Input is edited here and sent line by line')].concat(
    modeButton('raw', 'Keys', 'Every key is sent as it is pressed'),
  );
  modes.hidden = true;
  modes.append(...buttons);
  const reader = h('button', {
    ...{ type: 'button', class: 'quiet', text: 'Screen reader', hidden: true, 'aria-pressed': 'false' },
    title: 'Tell screen readers the text of the terminal',
    on: { click: onScreenReader },
  });
  const badge = h('span', { class: 'chip raw-badge', text: 'raw keys', title: 'The program takes every key' });
  const enlarge = h('button', {
    ...{ type: 'button', class: 'quiet enlarge', text: 'Enlarge', hidden: true, 'aria-pressed': 'false' },
    title: 'Give the terminal all of the window',
    on: { click: () => setEnlarged(enlarge.getAttribute('aria-pressed') === 'false') },
  });
  title.after(tabs);
  tools.prepend(badge, modes, reader, enlarge);
  const list = createTabs(tabs, (name) => onChoose(/** @type {View} */ (name)), signal);
  tabs.addEventListener('click', onPress, { signal });
  let frame = 0;

  /** @param {View} name @param {string} controls @param {string} label */
  function tab(name, controls, label) {
    const more = { 'data-tab': name, 'aria-controls': controls, 'aria-selected': 'false' };
    return h('button', { type: 'button', role: 'tab', title: `${label} (Ctrl+\`)`, ...more }, label);
  }

  /** @param {InputMode} mode @param {string} label @param {string} what */
  function modeButton(mode, label, what) {
    const press = () => onMode(mode);
    const more = { title: what, 'data-mode': mode, 'aria-pressed': 'false' };
    return h('button', { type: 'button', class: 'quiet', text: label, ...more, on: { click: press } });
  }

  /** What was printed as text while the terminal is shown must not go unseen. */
  function countLines() {
    frame = 0;
    const { outputView, plan } = store.now;
    lines.hidden = outputView === 'text' || !plan?.usesScreen || output.lines === 0;
    if (!lines.hidden) setText(lines, counted(output.lines, 'line'));
  }

  /** @param {boolean} on */
  function setEnlarged(on) {
    document.documentElement.toggleAttribute('data-enlarged', on);
    enlarge.setAttribute('aria-pressed', String(on));
  }

  output.onChange(() => {
    if (frame === 0 && !tabs.hidden) frame = requestAnimationFrame(countLines);
  });
  store.watch(['outputView', 'wasm'], ({ outputView, wasm }) => {
    const isTerminal = wasm !== null && outputView === 'terminal';
    pane.dataset.view = isTerminal ? 'terminal' : 'text';
    enlarge.hidden = !isTerminal;
    // What it would hide is what is worked with where there is no terminal.
    if (!isTerminal) setEnlarged(false);
    list.select(outputView);
    countLines();
  });

  return {
    /** @param {boolean} wanted whether there are two views */
    show(wanted) {
      tabs.hidden = !wanted;
      title.hidden = wanted;
    },
    /** @param {boolean | null} on null: there is no terminal that it is for */
    showScreenReader(on) {
      reader.hidden = on === null;
      reader.setAttribute('aria-pressed', String(on === true));
    },
    /** @param {InputMode | null} mode null: there is nothing to choose */
    showMode(mode) {
      modes.hidden = mode === null;
      for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.mode === mode));
    },
  };
}
