// Where rows begin in output bytes. A row ends at a newline or where it would pass a number of columns, so that a
// line of any length, and wrapped text, become rows of one height. Works on UTF-8 bytes: output is decoded only when drawn.

/**
 * A place in the output: the row, the column in it, whether the row has any byte yet, and how many continuation bytes came last.
 * @typedef {{ row: number, column: number, open: boolean, tail: number }} Cursor
 */

/** @returns {Cursor} */
export function startCursor() {
  return { row: 0, column: 0, open: false, tail: 0 };
}

const TAB = 8;

/**
 * Moves the cursor over bytes[from, to). Row starts inside that range are handed to `onStart` with their offset.
 * Widths are those of a terminal, closely enough: East Asian and emoji lead bytes count two columns. Stray
 * continuation bytes count as well, or hostile output could make a row without end.
 * @param {Cursor} cursor
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to
 * @param {number} columns
 * @param {((offset: number) => void) | null} onStart
 */
export function scanRows(cursor, bytes, from, to, columns, onStart) {
  let { row, column, open, tail } = cursor;
  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    if (!open && i > from && bytes[i - 1] === 10) onStart?.(i);
    open = true;
    if (byte === 10) {
      row += 1;
      column = 0;
      tail = 0;
      open = false;
    } else if (byte < 0x80 || byte >= 0xc0) {
      tail = 0;
      const width = byte === 9 ? TAB - (column % TAB) : (byte >= 0xe3 && byte <= 0xed) || byte === 0xf0 ? 2 : 1;
      if (column + width > columns && column > 0) {
        row += 1;
        column = 0;
        onStart?.(i);
      }
      column += width;
    } else if (++tail > 3) {
      column += 1;
      if (column > columns) {
        row += 1;
        column = 1;
        onStart?.(i);
      }
    }
  }
  cursor.row = row;
  cursor.column = column;
  cursor.open = open;
  cursor.tail = tail;
}
