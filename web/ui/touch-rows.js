// Heights of rows that can be pressed: a narrow page has fingers.

const ROW = 24;
const ROW_TOUCH = 44;

const narrow = matchMedia('(max-width: 760px)');

/** In pixels, now. */
export const rowHeight = () => (narrow.matches ? ROW_TOUCH : ROW);

/** Keeps a list's rows as high as the width wants them. @param {import('./virtual-list.js').VirtualList} list @param {AbortSignal} signal */
export function followWidth(list, signal) {
  narrow.addEventListener('change', () => list.setRowHeight(rowHeight()), { signal });
}

/** @param {HTMLElement} row */
export function sizeRow(row) {
  row.style.height = row.style.lineHeight = `${rowHeight()}px`;
}
