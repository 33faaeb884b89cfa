// Lists of lines of IR and code. Fingers have taller rows, which follow the device: a tablet may get a mouse.

import { VirtualList } from '../ui/virtual-list.js';

const touch = matchMedia('(pointer: coarse)');

/** As --row of style/ir.css. */
export const irRow = () => (touch.matches ? 32 : 24);

/** @param {Omit<import('../ui/virtual-list.js').ListOptions, 'rowHeight'>} options */
export function createIrList(options) {
  const list = new VirtualList({ ...options, rowHeight: irRow() });
  touch.addEventListener('change', () => list.setRowHeight(irRow()), { signal: options.signal });
  return list;
}
