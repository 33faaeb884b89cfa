// The output pane: rows of the output store, drawn as they come into view, wrapped if wanted. Finding is find.js's, copying and
// saving output-taking.js's.

import { byId, h, setText } from '../ui/dom.js';
import { VirtualList } from '../ui/virtual-list.js';
import { KEPT_BYTES } from '../output/store.js';
import { size } from '../format.js';
import { isLive } from '../state.js';
import { createOutputTaking } from './output-taking.js';

/** @import { Lazy } from '../lazy.js' */
/** @import { OutputStore } from '../output/store.js' */
/** @import { State, Store } from '../state.js' */

const ROW = 20;
/** Other control characters than newline and tab are shown by their Unicode pictures. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

const STREAM_LOOKS = { 0: 'typed', 2: 'error' };

const decoder = new TextDecoder();

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {OutputStore} parts.output
 * @param {{ now: () => { wrap: boolean }, change: (part: { wrap: boolean }) => void }} parts.settings
 * @param {(text: string) => void} parts.notice
 * @param {Lazy['find']} parts.loadFind
 * @param {AbortSignal} parts.signal
 */
export function createOutputPanel({ store, output, settings, notice, loadFind, signal }) {
  const host = byId('output');
  const banner = byId('output-dropped');
  const empty = byId('output-empty');
  const list = new VirtualList({ host, rowHeight: ROW, render: drawRow, signal, onResize: fit });
  let edition = output.edition;
  let firstRow = 0;
  let drawnEnd = 0;
  let widest = 0;
  let frame = 0;
  let characterWidth = 0;
  /** Made when something is first looked for. @type {ReturnType<typeof import('./find.js').createFind> | null} */
  let find = null;
  /** The text of the terminal, while one is shown in place of the rows. @type {() => string | null} */
  let terminalText = () => null;
  const take = createOutputTaking({ store, output, terminalText: () => terminalText(), notice });

  /** @param {number} index @param {HTMLElement} element */
  function drawRow(index, element) {
    const { bytes, start } = output.row(firstRow + index);
    if (!settings.now().wrap && bytes.length > widest) {
      widest = bytes.length;
      list.setColumns(widest);
    }
    const parts = output.streams(start, start + bytes.length);
    if (parts.some(({ stream }) => stream === 2)) element.classList.add('has-error');
    if (find?.active) find.draw(element, bytes, start);
    else if (parts.every(({ stream }) => stream === 1)) element.textContent = textOf(bytes);
    else element.append(...parts.map((part) => partText(part, bytes.subarray(part.start - start, part.end - start))));
  }

  /** With wrapping, rows are as long as the pane is wide. */
  function fit() {
    if (!settings.now().wrap) {
      output.wrap(0);
      return;
    }
    if (characterWidth === 0) characterWidth = widthOfCharacter(host);
    output.wrap(Math.max(20, Math.floor((host.clientWidth - 30) / characterWidth)));
  }

  function changed() {
    if (frame === 0) frame = requestAnimationFrame(draw);
  }

  function draw() {
    frame = 0;
    const first = output.firstRow;
    const dropped = first - firstRow;
    firstRow = first;
    const count = output.endRow - first;
    if (output.edition !== edition || count < drawnEnd) {
      edition = output.edition;
      widest = 0;
      list.setColumns(0);
      list.refresh();
    } else if (drawnEnd > 0) list.refreshRow(drawnEnd - 1); // the last row may have grown
    drawnEnd = count;
    list.setCount(count, Math.max(0, dropped));
    list.flush();
    banner.hidden = output.droppedBytes === 0;
    if (!banner.hidden) setText(banner, droppedText(output.droppedBytes));
    drawEmpty();
  }

  function drawEmpty() {
    const { phase, wasm, outputView } = store.now;
    const inTerminal = wasm !== null && outputView === 'terminal';
    empty.hidden = output.totalBytes > 0 || inTerminal;
    if (empty.hidden) return;
    empty.toggleAttribute('data-loading', isLoading(phase));
    setText(empty, emptyText(store.now));
  }

  byId('find').addEventListener('submit', (event) => event.preventDefault(), { signal });
  output.onChange(() => {
    changed();
    find?.outputChanged();
  });
  takeWhole(host, take.copy, signal);
  store.watch(['outputView', 'wasm'], drawEmpty);
  let wasPaused = false;
  store.watch(['phase'], ({ phase, progress }) => {
    // A run that goes on after a pause leaves the view where it is; a new one has no progress yet.
    if (phase === 'running' && !(wasPaused && progress)) list.follows = true;
    wasPaused = phase === 'paused';
    if (!isLive(store.now)) settleFollowing();
    drawEmpty();
  });

  /** After the run, the reader is left where they are: at the start of short output, at the end of what they followed. */
  function settleFollowing() {
    const long = output.endRow - output.firstRow > Math.max(1, host.clientHeight / ROW);
    if (!long) list.follows = false;
  }

  return {
    async openFind() {
      byId('find').hidden = false;
      byId('find-text').focus();
      /** @type {HTMLInputElement} */ (byId('find-text')).select();
      const part = await loadFind();
      find ??= part?.createFind({ output, list, textOf, firstRow: () => firstRow, signal }) ?? null;
    },
    toggleWrap() {
      settings.change({ wrap: !settings.now().wrap });
      widest = 0;
      list.setColumns(0);
      fit();
      list.refresh();
    },
    /** @param {() => string | null} text of the terminal; null while the rows are shown */
    setTerminal(text) {
      terminalText = text;
    },
    copy: take.copy,
    save: take.save,
    focus: () => host.focus(),
  };
}

/** @param {string} control */
function picture(control) {
  const code = control.charCodeAt(0);
  return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
}

/** Select all, and copying it. @param {HTMLElement} host @param {() => unknown} copy of the whole output @param {AbortSignal} signal */
function takeWhole(host, copy, signal) {
  host.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'a' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      getSelection()?.selectAllChildren(host);
    },
    { signal },
  );
  // Of all that is selected the browser has only the rows in view.
  host.addEventListener(
    'copy',
    (event) => {
      const selection = getSelection();
      if (!navigator.clipboard || selection?.anchorNode !== host || selection.focusNode !== host) return;
      event.preventDefault();
      void copy();
    },
    { signal },
  );
}

/** @param {number} bytes */
function droppedText(bytes) {
  return `The first ${size(bytes)} of output were dropped: the page keeps the last ${size(KEPT_BYTES)}, for Save too.`;
}

/** @param {Uint8Array} bytes */
function textOf(bytes) {
  return decoder.decode(bytes).replace(CONTROLS, picture);
}

/** What is not of standard output has its own look. @param {{ stream: 0 | 1 | 2 }} part @param {Uint8Array} bytes */
function partText({ stream }, bytes) {
  const text = textOf(bytes);
  return stream === 1 ? text : h('span', { class: STREAM_LOOKS[stream], text });
}

/** Why there is nothing. @param {Readonly<State>} state */
function emptyText(state) {
  const { phase } = state;
  if (isLoading(phase)) return 'Loading…';
  if (phase === 'refused' || phase === 'ready') return 'Nothing ran. The reason stands below.';
  if (isLive(state)) return 'Nothing printed yet.';
  return phase === 'failed' ? 'The program failed before it printed anything.' : 'The program printed nothing.';
}

/** @param {State['phase']} phase */
function isLoading(phase) {
  return phase === 'starting' || phase === 'opening';
}

/** In pixels. @param {HTMLElement} host */
function widthOfCharacter(host) {
  const probe = h('span', { text: '0'.repeat(100) });
  host.append(probe);
  const width = probe.getBoundingClientRect().width / 100;
  probe.remove();
  return width;
}
