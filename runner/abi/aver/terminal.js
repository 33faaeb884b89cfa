/**
 * The terminal (spec aver-abi.md 6): what a program draws goes to the screen as it comes, keys are polled.
 */

/** @import { GuestMemory } from '../guest-memory.js' */
/** @import { GuestIo, GuestScreen } from '../../guest/types.js' */
/** @import { StringsIntoGuest } from './strings.js' */

const COLORS = ['red', 'green', 'yellow', 'blue', 'white', 'cyan', 'magenta', 'black', 'default'];
/** Longest name that is shown in a warning. */
const MOST_NAME = 40;

/** @param {GuestIo} io @param {GuestMemory} memory @param {StringsIntoGuest} strings */
export function terminalFunctions(io, memory, strings) {
  const colors = COLORS.map((name) => ({ name, bytes: new TextEncoder().encode(name) }));
  let warned = false;
  let polled = false;
  /** @type {GuestScreen | null} */
  let made = null;
  // Made at first use: a program that does not draw has none.
  const screen = () => (made ??= io.screen);

  /** Names are compared where they lie: programs set a colour for every few cells. @param {number} pointer @param {number} length */
  function colorName(pointer, length) {
    const { bytes } = memory;
    const start = pointer >>> 0;
    for (const color of colors) {
      if (color.bytes.length === length && startsAt(bytes, start, color.bytes)) return color.name;
    }
    return new TextDecoder().decode(memory.slice(pointer, length)?.slice(0, MOST_NAME));
  }

  /** The next key, or none. */
  function giveKey() {
    const key = io.keys.next();
    return key === null ? strings.pair(-1, 0) : strings.text(key);
  }

  return {
    terminal_enableRawMode: () => screen().setRaw(true),
    terminal_disableRawMode: () => screen().setRaw(false),
    terminal_clear: () => screen().clear(),
    terminal_moveTo: (/** @type {number} */ column, /** @type {number} */ row) => screen().moveTo(column, row),

    terminal_print(/** @type {number} */ pointer, /** @type {number} */ length) {
      // The whole memory and a range: a view of just the text would cost more than all the rest of this call.
      const start = pointer >>> 0;
      const end = start + (length >>> 0);
      const { bytes } = memory;
      if (end <= bytes.length) screen().print(bytes, start, end);
    },

    terminal_setColor(/** @type {number} */ pointer, /** @type {number} */ length) {
      const name = colorName(pointer, length);
      if (screen().setColor(name) || warned) return;
      warned = true;
      io.warn(`the program asked for the colour ${JSON.stringify(name)}, which there is not; the default is used`);
    },

    terminal_resetColor: () => screen().resetColor(),

    terminal_readKey() {
      const key = io.keys.next();
      if (key !== null) return strings.text(key);
      // It does not wait, but the person in front of it may have to know that keys count: said once.
      if (!polled) io.waiting('key');
      polled = true;
      const turned = io.turn();
      return turned instanceof Promise ? turned.then(giveKey) : strings.pair(-1, 0);
    },

    terminal_size() {
      const { columns, rows } = screen().size();
      return strings.pair(columns, rows);
    },

    terminal_hideCursor: () => screen().showCursor(false),
    terminal_showCursor: () => screen().showCursor(true),
    terminal_flush: () => screen().flush(),
  };
}

/** @param {Uint8Array} bytes @param {number} start @param {Uint8Array} part */
function startsAt(bytes, start, part) {
  for (let at = 0; at < part.length; at++) if (bytes[start + at] !== part[at]) return false;
  return true;
}
