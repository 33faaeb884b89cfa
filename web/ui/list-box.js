// A list of options, one of which is active: chosen by pointer or keys, told to assistive technology as the list's active
// descendant. Rows are drawn as they come into view, whatever their number.

import { followWidth, rowHeight, sizeRow } from './touch-rows.js';
import { VirtualList } from './virtual-list.js';

export class ListBox {
  #host;
  #rowId;
  #active = -1;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.host the scrolling element, which has the role listbox
   * @param {string} parts.rowId what the ids of rows begin with
   * @param {(index: number, row: HTMLElement) => void} parts.draw fills a row
   * @param {(index: number) => void} parts.onPick by pointer or keys; whether the option becomes the active one is its affair
   * @param {AbortSignal} parts.signal
   */
  constructor({ host, rowId, draw, onPick, signal }) {
    this.#host = host;
    this.#rowId = rowId;
    /** The rows: their number, what is in view. */
    this.list = new VirtualList({
      ...{ host, rowHeight: rowHeight(), signal },
      render: (index, row) => {
        this.#beOption(index, row);
        row.addEventListener('click', () => onPick(index));
        draw(index, row);
      },
    });
    followWidth(this.list, signal);
    host.addEventListener('keydown', (event) => this.#typed(event, onPick), { signal });
  }

  /** Index of the active option; -1 = none. */
  get active() {
    return this.#active;
  }

  /** Makes an option the active one and brings it into view. @param {number} index -1 = none */
  activate(index) {
    const before = this.#active;
    this.#active = index;
    for (const row of [before, index]) if (row >= 0) this.list.refreshRow(row);
    if (index < 0) return this.#host.removeAttribute('aria-activedescendant');
    this.list.scrollToRow(index);
    this.#host.setAttribute('aria-activedescendant', `${this.#rowId}-${index}`);
  }

  /** Other rows are there than before. @param {number} count @param {number} active which of them the active option is now */
  renew(count, active) {
    this.#active = active;
    if (active < 0) this.#host.removeAttribute('aria-activedescendant');
    this.list.setCount(count);
    this.list.refresh();
  }

  /** @param {number} index @param {HTMLElement} row */
  #beOption(index, row) {
    row.id = `${this.#rowId}-${index}`;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-setsize', String(this.list.count));
    row.setAttribute('aria-posinset', String(index + 1));
    row.setAttribute('aria-selected', String(index === this.#active));
    sizeRow(row);
  }

  /** @param {KeyboardEvent} event @param {(index: number) => void} onPick */
  #typed(event, onPick) {
    const { count } = this.list;
    const move = moveOf(event, this.#host, count);
    if (move === undefined || count === 0) return;
    event.preventDefault();
    onPick(Math.max(0, Math.min(count - 1, this.#active + move)));
  }
}

/** The keys that move through a list, as rows to move by; undefined: another key. @param {KeyboardEvent} event @param {HTMLElement} host @param {number} count */
function moveOf({ key, ctrlKey, altKey, metaKey }, host, count) {
  if (ctrlKey || altKey || metaKey) return undefined;
  const page = Math.max(1, Math.floor(host.clientHeight / rowHeight()) - 1);
  return { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count }[key];
}
