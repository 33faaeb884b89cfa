// The output pane: rows of the output store, drawn as they come into view; wrapping, finding, copying, saving.

import { byId, h, setText } from '../ui/dom.js';
import { VirtualList } from '../ui/virtual-list.js';
import { MOST_MATCHES, OutputSearch } from '../output/search.js';
import { KEPT_BYTES } from '../output/store.js';
import { counted, number, size } from '../format.js';
import { isLive } from '../state.js';
import { pause } from '../pause.js';

/** @import { OutputStore } from '../output/store.js' */
/** @import { Store } from '../state.js' */

const ROW = 20;
/** What a clipboard takes without trouble. */
const COPY_BYTES = 16 * 1024 * 1024;
/** Other control characters than newline and tab are shown by their Unicode pictures. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

const decoder = new TextDecoder();

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {OutputStore} parts.output
 * @param {{ now: () => { wrap: boolean }, change: (part: { wrap: boolean }) => void }} parts.settings
 * @param {(text: string) => void} parts.notice
 * @param {AbortSignal} parts.signal
 */
export function createOutputPanel({ store, output, settings, notice, signal }) {
  const host = byId('output');
  const banner = byId('output-dropped');
  const empty = byId('output-empty');
  const find = /** @type {HTMLFormElement} */ (byId('find'));
  const field = /** @type {HTMLInputElement} */ (byId('find-text'));
  const list = new VirtualList({ host, rowHeight: ROW, render: drawRow, signal, onResize: fit });
  const search = new OutputSearch(output, foundMore);
  let firstRow = 0;
  let drawnEnd = 0;
  let widest = 0;
  /** Index of the match that was gone to; -1 = none. */
  let here = -1;
  /** Whether the first match is to be gone to as soon as there is one. */
  let goWhenFound = false;
  let frame = 0;
  let characterWidth = 0;

  /** @param {Uint8Array} bytes */
  const textOf = (bytes) => decoder.decode(bytes).replace(CONTROLS, picture);

  /** @param {number} index @param {HTMLElement} element */
  function drawRow(index, element) {
    const { bytes, start } = output.row(firstRow + index);
    if (!settings.now().wrap && bytes.length > widest) {
      widest = bytes.length;
      list.setColumns(widest);
    }
    if (!search.active) {
      element.textContent = textOf(bytes);
      return;
    }
    let at = 0;
    for (let i = search.firstFrom(start - search.length + 1); i < search.count; i++) {
      const from = Math.max(0, search.place(i) - start);
      const to = Math.min(bytes.length, search.place(i) - start + search.length);
      if (from >= bytes.length) break;
      if (to <= from) continue;
      element.append(textOf(bytes.subarray(at, from)));
      element.append(h('mark', { text: textOf(bytes.subarray(from, to)), class: i === here ? 'here' : '' }));
      at = to;
    }
    element.append(textOf(bytes.subarray(at)));
  }

  /** With wrapping, rows are as long as the pane is wide. */
  function fit() {
    if (!settings.now().wrap) {
      output.wrap(0);
      return;
    }
    if (characterWidth === 0) {
      const probe = h('span', { text: '0'.repeat(100) });
      host.append(probe);
      characterWidth = probe.getBoundingClientRect().width / 100;
      probe.remove();
    }
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
    if (count < drawnEnd || dropped < 0) {
      widest = 0;
      list.setColumns(0);
      list.refresh();
    } else if (drawnEnd > 0) list.refreshRow(drawnEnd - 1); // the last row may have grown
    drawnEnd = count;
    list.setCount(count, Math.max(0, dropped));
    list.flush();
    banner.hidden = output.droppedBytes === 0;
    if (!banner.hidden) {
      setText(
        banner,
        `The first ${size(output.droppedBytes)} of output were dropped: the page keeps the last ${size(KEPT_BYTES)}, for Save too.`,
      );
    }
    drawEmpty();
  }

  function drawEmpty() {
    const { phase } = store.now;
    empty.hidden = output.totalBytes > 0 || phase === 'starting' || phase === 'opening';
    if (empty.hidden) return;
    const text =
      phase === 'refused'
        ? 'Nothing ran. The reason stands below.'
        : isLive(store.now)
          ? 'Nothing printed yet.'
          : phase === 'failed'
            ? 'The program failed before it printed anything.'
            : 'The program printed nothing.';
    setText(empty, text);
  }

  function foundMore() {
    if (goWhenFound && search.count > search.firstFrom(output.droppedBytes)) {
      goWhenFound = false;
      return goToMatch(1);
    }
    const about = search.full ? `${number(MOST_MATCHES)}+` : number(search.count);
    const text = !search.active
      ? ''
      : search.count === 0
        ? 'not found'
        : here < 0
          ? about
          : `${number(here + 1)} of ${about}`;
    setText(byId('find-count'), text);
    list.refresh();
  }

  /** @param {1 | -1} direction */
  function goToMatch(direction) {
    const oldest = search.firstFrom(output.droppedBytes);
    if (search.count <= oldest) return;
    if (here < 0) {
      const { start } = output.row(Math.min(output.endRow - 1, firstRow + list.firstRow));
      here = search.firstFrom(start) - (direction > 0 ? 1 : 0);
    }
    here += direction;
    if (here >= search.count) here = oldest;
    if (here < oldest) here = search.count - 1;
    list.follows = false;
    list.scrollToRow(output.rowAt(search.place(here)) - firstRow);
    foundMore();
  }

  function openFind() {
    find.hidden = false;
    field.focus();
    field.select();
  }

  function closeFind() {
    find.hidden = true;
    here = -1;
    search.start('');
    host.focus({ preventScroll: true });
  }

  field.addEventListener(
    'input',
    () => {
      here = -1;
      goWhenFound = true;
      search.start(field.value);
    },
    { signal },
  );
  find.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      goToMatch(1);
    },
    { signal },
  );
  find.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Escape') closeFind();
      else if (event.key === 'Enter' && event.shiftKey) goToMatch(-1);
      else return;
      event.preventDefault();
    },
    { signal },
  );
  byId('find-previous').addEventListener('click', () => goToMatch(-1), { signal });
  byId('find-close').addEventListener('click', closeFind, { signal });

  output.onChange(() => {
    changed();
    if (!search.active) return;
    if (output.totalBytes === 0) {
      here = -1;
      search.restart();
    } else search.advance();
  });
  store.watch(['phase'], ({ phase }) => {
    list.follows = phase === 'running' || list.follows;
    if (!isLive(store.now)) settleFollowing();
    drawEmpty();
  });

  /** After the run, the reader is left where they are: at the start of short output, at the end of what they followed. */
  function settleFollowing() {
    const long = output.endRow - output.firstRow > Math.max(1, host.clientHeight / ROW);
    if (!long) list.follows = false;
  }

  return {
    openFind,
    toggleWrap() {
      settings.change({ wrap: !settings.now().wrap });
      widest = 0;
      list.setColumns(0);
      fit();
      list.refresh();
    },
    async copy() {
      if (output.totalBytes === 0) return notice('There is no output to copy.');
      const kept = output.totalBytes - output.droppedBytes;
      if (kept > COPY_BYTES) {
        return notice(`The output has ${size(kept)}: too much for the clipboard. Save it instead.`);
      }
      const stream = new TextDecoder();
      /** @type {string[]} */
      const texts = [];
      for (const part of output.parts()) {
        texts.push(stream.decode(part, { stream: true }));
        if (texts.length % 16 === 0) await pause();
      }
      try {
        await navigator.clipboard.writeText(texts.join('') + stream.decode());
        notice(`Copied ${counted(output.lines, 'line')}.`);
      } catch {
        notice('The browser did not allow copying. Select the text, or save it instead.');
      }
    },
    save() {
      if (output.totalBytes === 0) return notice('There is no output to save.');
      const name = (store.now.program?.name ?? 'program').replace(/\.jsrbin$/, '').replace(/[^\w.-]+/g, '_');
      const address = URL.createObjectURL(new Blob(output.parts(), { type: 'text/plain' }));
      h('a', { href: address, download: `${name}.txt` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      notice(`Saved ${size(output.totalBytes - output.droppedBytes)} as ${name}.txt.`);
    },
    focus: () => host.focus(),
  };
}

/** @param {string} control */
function picture(control) {
  const code = control.charCodeAt(0);
  return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
}
