// The code panel: one function of a module in the text format, with the place in the file of each instruction. Calls lead to
// what they call, and places of traps select their line.

import { counted } from '../format.js';
import { cutName } from '../guest/names.js';
import { readListing } from '../ir/listing.js';
import { createPicker } from '../ui/picker.js';
import { h, setText } from '../ui/dom.js';
import { setEnabled } from '../ui/enable.js';
import { CodeLines } from './wasm-code-lines.js';

/** @import { Disassembled } from '../../runner/protocol.js' */
/** @import { Functions } from '../guest/functions.js' */
/** @import { Store } from '../state.js' */

/** Functions that "Back" remembers. */
const REMEMBERED = 100;
const LOST = new TextEncoder().encode(';; The worker was lost: choose the function again.');

/**
 * @param {object} parts
 * @param {HTMLElement} parts.panel
 * @param {Store} parts.store
 * @param {() => Functions | null} parts.functions
 * @param {(bytes: Uint8Array, index: number) => Promise<Disassembled>} parts.disassemble
 * @param {AbortSignal} parts.signal
 */
export function createCodePanel({ panel, store, functions, disassemble, signal }) {
  const { choose, back, previous, next, about, tools, host, empty } = elements();
  panel.append(tools, host, empty);
  const lines = new CodeLines({ host, callLink, signal });
  let current = -1;
  let asked = 0;
  /** Where "Back" leads. @type {number[]} */
  let trail = [];

  /** @param {string} text @param {number} index */
  function callLink(text, index) {
    const title = `Go to ${cutName(functions()?.nameOf(index) ?? `function ${index}`)}`;
    const go = () => void goTo(index);
    return h('button', { type: 'button', class: 'token-function', text, title, on: { click: go } });
  }

  /** Leaves a trail. @param {number} index */
  async function goTo(index) {
    if (current >= 0 && current !== index) trail = [...trail, current].slice(-REMEMBERED);
    await show(index);
    host.focus({ preventScroll: true });
  }

  /** @param {number} index among all functions @returns {Promise<boolean>} whether it is what is shown now */
  async function show(index) {
    const { program } = store.now;
    const all = functions();
    if (!program || !all || index < 0 || index >= all.count) return false;
    const number = ++asked;
    current = index;
    drawTools();
    const lost = { text: LOST, offsets: new Uint32Array(0) };
    const { text, offsets } = await disassemble(program.bytes, index).catch(() => lost);
    if (number !== asked) return false;
    const listing = await readListing(text, new Uint32Array(0));
    if (number !== asked) return false;
    lines.show({ listing, offsets, bytes: program.bytes });
    return true;
  }

  /**
   * Selects the instruction at a place in the file.
   * @param {number} index of the function
   * @param {number | null} offset
   */
  async function showOffset(index, offset) {
    if (index !== current || lines.isEmpty) {
      if (current >= 0) trail = [...trail, current].slice(-REMEMBERED);
      if (!(await show(index))) return;
    }
    lines.select(offset);
    host.focus({ preventScroll: true });
  }

  function drawTools() {
    const all = functions();
    const row = all?.at(current) ?? null;
    setText(choose, current < 0 ? 'Function' : cutName(all?.nameOf(current) ?? '', 40));
    choose.setAttribute('aria-label', `Function: ${choose.textContent}`);
    const facts = row?.isImported ? 'imported' : row ? counted(row.size, 'byte') : '';
    setText(about, current < 0 ? '' : `function ${current}${facts ? `, ${facts}` : ''}`);
    const count = all?.count ?? 0;
    setEnabled(back, trail.length > 0, host);
    setEnabled(previous, current > 0, host);
    setEnabled(next, current >= 0 && current + 1 < count, host);
    choose.disabled = count === 0;
    host.hidden = count === 0;
    empty.hidden = count > 0;
  }

  /** Another module is open. */
  function reset() {
    asked += 1;
    current = -1;
    trail = [];
    lines.clear();
    drawTools();
  }

  /** What is shown when nobody chose: the entry, or the first function that has code. */
  function first() {
    const { wasm, plan } = store.now;
    const entry = wasm?.exports.find(({ name, kind }) => kind === 'function' && name === plan?.entry);
    return entry?.index ?? functions()?.defined[0]?.index ?? 0;
  }

  const ifUnchosen = () => void (store.now.tab === 'code' && store.now.wasm && current < 0 && show(first()));

  createPicker({
    button: choose,
    label: 'Function',
    items: () =>
      (functions()?.rows ?? []).map(({ index, name, isImported }) => ({
        value: String(index),
        text: cutName(name),
        note: isImported ? `${index}, imported` : String(index),
      })),
    current: () => String(current),
    onPick: (value) => void goTo(Number(value)),
    signal,
  });
  back.addEventListener(
    'click',
    () => {
      const before = trail.pop();
      if (before !== undefined) void show(before);
    },
    { signal },
  );
  previous.addEventListener('click', () => void show(current - 1), { signal });
  next.addEventListener('click', () => void show(current + 1), { signal });
  store.watch(['wasm'], () => {
    reset();
    ifUnchosen();
  });
  store.watch(['tab'], ifUnchosen);

  return { focus: () => host.focus(), showFunction: goTo, showOffset };
}

function elements() {
  const quiet = { type: 'button', class: 'quiet' };
  const choose = h('button', { type: 'button', class: 'quiet code-function', id: 'code-function' });
  const back = h('button', { ...quiet, id: 'code-back', text: 'Back' });
  const previous = h('button', { ...quiet, id: 'code-previous', text: 'Previous' });
  const next = h('button', { ...quiet, id: 'code-next', text: 'Next' });
  const about = h('span', { class: 'dim code-about', id: 'code-about' });
  const moves = h('div', { class: 'pane-tools' }, back, previous, next);
  return {
    ...{ choose, back, previous, next, about },
    tools: h('div', { class: 'panel-tools' }, choose, about, h('span', { class: 'spacer' }), moves),
    host: h('div', { class: 'scroll code ir wat', id: 'code', tabindex: '0', role: 'region', 'aria-label': 'Code' }),
    empty: h('p', { class: 'empty', id: 'code-empty', text: 'The module has no functions.' }),
  };
}
