// What terminal.spec.js runs inside Chromium: the terminal's parts alone, over screens that the test draws on itself.
import { createScreenBuffer, Screen, ScreenReader } from '../../runner/terminal/screen.js';
import { createTerminal } from '../../web/terminal/terminal.js';

const encoder = new TextEncoder();

Object.assign(globalThis, {
  /** A terminal over the whole page; keys and sizes are kept. */
  openTerminal(/** @type {{ columns?: number, rows?: number, shared?: boolean, most?: number }} */ options = {}) {
    const { columns = 80, rows = 24, shared = true, most = Infinity } = options;
    const buffer = createScreenBuffer(shared, { columns, rows });
    const screen = new Screen(buffer);
    const reader = new ScreenReader(buffer);
    /** @type {string[]} */
    const keys = [];
    /** @type {string[]} */
    const sizes = [];
    const terminal = createTerminal(/** @type {HTMLElement} */ (document.getElementById('place')), reader, {
      onKey: (name) => keys.length < most && keys.push(name) > 0,
      onSize: (columns, rows) => void sizes.push(`${columns}x${rows}`),
    });
    const print = (/** @type {string} */ text) => screen.print(encoder.encode(text));
    Object.assign(globalThis, { terminal, screen, reader, keys, sizes, print });
  },
  /** The terminal gets another run's screen. */
  nextRun() {
    globalThis.terminal.show(new ScreenReader(createScreenBuffer(true, { columns: 80, rows: 24 })));
  },
  /** Resolves when the page has drawn what was decided. */
  drawn: () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))),
  async openXterm(/** @type {object} */ options) {
    const { createAnsiTerminal } = await import('../../web/terminal/xterm.js');
    const data = [];
    const terminal = await createAnsiTerminal(/** @type {HTMLElement} */ (document.getElementById('place')), {
      onData: (/** @type {string} */ text) => void data.push(text),
      onSize: () => {},
      ...options,
    });
    Object.assign(globalThis, { ansi: terminal, data });
  },
});
