// The terminal of Aver programs in the output pane: made when the first program draws, shown the screen of each run, and the
// last one's until the next. Its keys go to the run under way.

import { createScreenBuffer, ScreenReader } from '../../runner/terminal/screen.js';
import { createTerminal } from '../terminal/terminal.js';

/** @import { GuestSession } from '../guest/session.js' */
/** @import { Store } from '../state.js' */

/** Pixels. */
const LEAST_FONT = 6;
const LARGEST_FONT = 20;
const FONT_STEP = 0.1;
/** What programs count on that do not ask how large the terminal is (aver-abi.md 6.1). */
const USUAL = { columns: 80, rows: 24 };

/**
 * @param {object} parts
 * @param {HTMLElement} parts.host
 * @param {Store} parts.store
 * @param {GuestSession} parts.guest
 */
export function createScreenView({ host, store, guest }) {
  /** @type {ReturnType<typeof createTerminal> | null} */
  let terminal = null;
  /** Cells that fit. */
  let fitting = { ...USUAL };

  const isLive = () => store.now.phase === 'running';
  /** Where keys were given before the run none is taken during it. */
  const takesKeys = () => isLive() && store.now.inputMode !== 'prepared';

  const asksForSize = () =>
    store.now.plan?.imports.some(({ module, name }) => module === 'aver' && name === 'terminal_size') === true;

  /** As the program is to be told. */
  const size = () => (asksForSize() ? fitting : USUAL);

  /** A key that no run takes is nobody's; only a full queue refuses one. @param {string} name */
  const onKey = (name) => !takesKeys() || (guest.tell((run) => run.key(name)) ?? true);

  /** @param {number} columns @param {number} rows */
  function onSize(columns, rows) {
    fitting = { columns, rows };
    if (isLive() && asksForSize()) guest.current?.resize(columns, rows);
  }

  /**
   * For a program that does not ask, the letters are as large as what it counts on allows. Cells are no whole pixels wide
   * then: eighty times what is lost by rounding would be a good part of the pane.
   */
  function fitFont() {
    if (!terminal || host.clientWidth === 0) return;
    host.classList.toggle('usual', !asksForSize());
    if (asksForSize()) return setFont(null);
    setFont(LARGEST_FONT);
    const share = Math.min(1, ...overflows());
    let pixels = Math.max(LEAST_FONT, Math.floor((LARGEST_FONT * share) / FONT_STEP) * FONT_STEP);
    if (share < 1) setFont(pixels);
    // Heights are rounded.
    while (Math.min(...overflows()) < 1 && pixels > LEAST_FONT) setFont((pixels -= FONT_STEP));
  }

  /** How much of what a program counts on fits, across and down. */
  function overflows() {
    const { cell, width, height } = /** @type {NonNullable<typeof terminal>} */ (terminal).room;
    return [width / (USUAL.columns * cell.width), height / (USUAL.rows * cell.height)];
  }

  /** @param {number | null} pixels null: the page's own */
  function setFont(pixels) {
    if (pixels === null) host.style.removeProperty('--code-size');
    else host.style.setProperty('--code-size', `${pixels.toFixed(1)}px`);
    terminal?.restyle(pixels === null);
  }

  /** Makes the terminal, or measures it again. The pane must be in view for it to have a size. */
  function fit() {
    const nothing = new ScreenReader(createScreenBuffer(false, USUAL));
    if (!terminal) {
      terminal = createTerminal(host, nothing, { onKey, onSize, label: 'Terminal of the program' });
      terminal.setLive(takesKeys());
    }
    fitFont();
  }

  new ResizeObserver(fitFont).observe(host);
  store.watch(['screen'], ({ screen }) => {
    if (!screen) return;
    if (!terminal) fit();
    terminal?.show(screen);
  });
  store.watch(['phase'], ({ phase }) => {
    if (phase !== 'running') terminal?.wake();
    terminal?.setLive(takesKeys());
  });

  return {
    fit,
    size,
    focus: () => terminal?.focus(),
    wake: () => terminal?.wake(),
    text: () => terminal?.text() ?? '',
  };
}
