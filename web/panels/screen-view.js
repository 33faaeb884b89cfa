// The terminal of Aver programs in the output pane: made when the first program draws, shown the screen of each run, and the
// last one's until the next. Its keys go to the run under way.

import { createScreenBuffer, ScreenReader } from '../../runner/terminal/screen.js';
import { createTerminal } from '../terminal/terminal.js';

/** @import { GuestSession } from '../guest/session.js' */
/** @import { Store } from '../state.js' */

/** Pixels. */
const LEAST_FONT = 6;
const LARGEST_FONT = 20;
const FONT_STEP = 0.5;
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

  /** For a program that does not ask, the letters are as large as what it counts on allows. */
  function fitFont() {
    if (!terminal || host.clientWidth === 0) return;
    setFont(null);
    if (asksForSize()) return;
    const usual = parseFloat(getComputedStyle(host).getPropertyValue('--code-size'));
    const share = Math.min((fitting.columns + 1) / USUAL.columns, (fitting.rows + 1) / USUAL.rows);
    let pixels = Math.min(LARGEST_FONT, Math.ceil((usual * share) / FONT_STEP) * FONT_STEP);
    setFont(pixels);
    while ((fitting.columns < USUAL.columns || fitting.rows < USUAL.rows) && pixels > LEAST_FONT)
      setFont((pixels -= FONT_STEP));
  }

  /** @param {number | null} pixels null: the page's own */
  function setFont(pixels) {
    if (pixels === null) host.style.removeProperty('--code-size');
    else host.style.setProperty('--code-size', `${pixels}px`);
    terminal?.restyle();
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
