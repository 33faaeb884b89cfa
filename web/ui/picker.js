// A button that opens a list with a filter field: for choices that may be few or a hundred thousand, such as the functions
// of a file. A combobox with a listbox (WAI-ARIA), drawn by the virtual list; the popover closes on Escape or a press outside.

import { h } from './dom.js';
import { VirtualList } from './virtual-list.js';

/** @typedef {{ value: string, text: string, note?: string }} Item */

const ROW = 28;
const ROW_TOUCH = 44;
const TALLEST = 280;
let serial = 0;

/**
 * @typedef {object} PickerOptions
 * @property {HTMLElement} button
 * @property {string} label what is chosen: name of the field and of the list
 * @property {() => Item[]} items asked for at each opening
 * @property {() => string} current value of the chosen item
 * @property {(value: string) => void} onPick
 * @property {AbortSignal} signal
 */

/** @param {PickerOptions} options */
export function createPicker({ button, label, items, current, onPick, signal }) {
  const id = `picker-${++serial}`;
  const field = h('input', {
    type: 'text',
    role: 'combobox',
    'aria-label': label,
    'aria-expanded': 'true',
    'aria-controls': id,
    'aria-autocomplete': 'list',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'Type to filter',
  });
  const host = h('div', { class: 'scroll code', role: 'listbox', id, 'aria-label': label });
  const popover = h('div', { class: 'picker', popover: 'auto', role: 'dialog', 'aria-label': label }, field, host);
  button.setAttribute('aria-haspopup', 'dialog');
  button.setAttribute('aria-expanded', 'false');

  /** @type {Item[]} */
  let all = [];
  /** @type {Item[]} */
  let shown = [];
  let active = 0;

  const list = new VirtualList({ host, rowHeight: ROW, signal, render: drawRow });

  /** @param {number} index @param {HTMLElement} row */
  function drawRow(index, row) {
    const item = shown[index];
    row.id = `${id}-${index}`;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-setsize', String(shown.length));
    row.setAttribute('aria-posinset', String(index + 1));
    row.setAttribute('aria-selected', String(index === active));
    row.style.height = row.style.lineHeight = `${rowHeight()}px`;
    row.append(item.text);
    if (item.note) row.append(h('span', { class: 'note', text: item.note }));
    row.addEventListener('click', () => pick(index));
  }

  const rowHeight = () => (matchMedia('(max-width: 760px)').matches ? ROW_TOUCH : ROW);

  function filter() {
    const wanted = field.value.trim().toLowerCase();
    shown = wanted === '' ? all : all.filter((item) => item.text.toLowerCase().includes(wanted));
    list.setCount(shown.length);
    host.style.height = `${Math.min(Math.max(1, shown.length) * rowHeight(), TALLEST)}px`;
    activate(
      wanted === ''
        ? Math.max(
            0,
            shown.findIndex((item) => item.value === current()),
          )
        : 0,
    );
  }

  /** @param {number} index */
  function activate(index) {
    active = Math.max(0, Math.min(index, shown.length - 1));
    list.refresh();
    list.scrollToRow(active);
    if (shown.length > 0) field.setAttribute('aria-activedescendant', `${id}-${active}`);
    else field.removeAttribute('aria-activedescendant');
  }

  /** @param {number} index */
  function pick(index) {
    const item = shown[index];
    popover.hidePopover();
    if (item) onPick(item.value);
  }

  function open() {
    all = items();
    document.body.append(popover);
    list.setRowHeight(rowHeight());
    field.value = '';
    // A modal dialog makes the rest of the page inert: inside one, the popover must be its child.
    const dialog = button.closest('dialog');
    if (dialog) dialog.append(popover);
    // The browser gives focus back to what had it when the popover opened.
    button.focus();
    popover.showPopover();
    field.focus();
    filter();
    const place = button.getBoundingClientRect();
    const size = popover.getBoundingClientRect();
    const left = Math.max(8, Math.min(place.left, innerWidth - size.width - 8));
    const below = place.bottom + 6;
    const top = below + size.height <= innerHeight - 8 ? below : Math.max(8, place.top - size.height - 6);
    popover.style.left = `${left}px`;
    popover.style.top = `${top}px`;
  }

  button.addEventListener('click', open, { signal });
  popover.addEventListener(
    'toggle',
    (event) => {
      const opened = /** @type {ToggleEvent} */ (event).newState === 'open';
      button.setAttribute('aria-expanded', String(opened));
      if (opened) return;
      if (popover.contains(document.activeElement) || document.activeElement === document.body) button.focus();
      popover.remove();
    },
    { signal },
  );
  field.addEventListener('input', filter, { signal });
  field.addEventListener(
    'keydown',
    (event) => {
      const page = Math.max(1, Math.floor(host.clientHeight / rowHeight()) - 1);
      const move = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
      if (move !== undefined) activate(active + move);
      else if (event.key === 'Enter') pick(active);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    { signal },
  );
  return { open };
}
