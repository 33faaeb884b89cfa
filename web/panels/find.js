// Finding in the output: the form above it, the marks in its rows, and going from one place to the next. Loaded when it is
// first opened; by then the form is there and may hold text already.

import { byId, h, setText } from '../ui/dom.js';
import { number } from '../format.js';
import { MOST_MATCHES, OutputSearch } from '../output/search.js';

/** @import { OutputStore } from '../output/store.js' */
/** @import { VirtualList } from '../ui/virtual-list.js' */

/**
 * @param {object} parts
 * @param {OutputStore} parts.output
 * @param {VirtualList} parts.list of the output's rows
 * @param {(bytes: Uint8Array) => string} parts.textOf
 * @param {() => number} parts.firstRow row of the output at which the list begins
 * @param {AbortSignal} parts.signal
 */
export function createFind({ output, list, textOf, firstRow, signal }) {
  const form = /** @type {HTMLFormElement} */ (byId('find'));
  const field = /** @type {HTMLInputElement} */ (byId('find-text'));
  const search = new OutputSearch(output, foundMore);
  /** Index of the match that was gone to; -1 = none. */
  let here = -1;
  /** Whether the first match is to be gone to as soon as there is one. */
  let goWhenFound = false;

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
      const { start } = output.row(Math.min(output.endRow - 1, firstRow() + list.firstRow));
      here = search.firstFrom(start) - (direction > 0 ? 1 : 0);
    }
    here += direction;
    if (here >= search.count) here = oldest;
    if (here < oldest) here = search.count - 1;
    list.follows = false;
    list.scrollToRow(output.rowAt(search.place(here)) - firstRow());
    foundMore();
  }

  function start() {
    here = -1;
    goWhenFound = true;
    search.start(field.value);
  }

  function close() {
    form.hidden = true;
    here = -1;
    search.start('');
    byId('output').focus({ preventScroll: true });
  }

  field.addEventListener('input', start, { signal });
  form.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      goToMatch(1);
    },
    { signal },
  );
  form.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Escape') close();
      else if (event.key === 'Enter' && event.shiftKey) goToMatch(-1);
      else return;
      event.preventDefault();
    },
    { signal },
  );
  byId('find-previous').addEventListener('click', () => goToMatch(-1), { signal });
  byId('find-close').addEventListener('click', close, { signal });
  if (field.value !== '') start();

  return {
    get active() {
      return search.active;
    },

    /**
     * Draws a row with what was found in it marked.
     * @param {HTMLElement} element
     * @param {Uint8Array} bytes
     * @param {number} start of the row in the output
     */
    draw(element, bytes, start) {
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
    },

    outputChanged() {
      if (!search.active) return;
      if (output.totalBytes === 0) {
        here = -1;
        search.restart();
      } else search.advance();
    },
  };
}
