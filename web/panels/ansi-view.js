// The terminal of programs that write ANSI, in the output pane: xterm.js, fetched when a program wants it, when its output
// begins with an escape sequence, or when the visitor asks. It takes output with back-pressure and starts with what was
// printed before.

/** @import { Lazy } from '../lazy.js' */
/** @import { OutputStore } from '../output/store.js' */
/** @import { GuestSession } from '../guest/session.js' */
/** @import { AnsiTerminal } from '../terminal/xterm.js' */

/** Escape sequences that come later are some file's that is shown, not a program's that draws. */
const EARLY_BYTES = 64 * 1024;
/** What a terminal that comes late is shown of the output before. */
const SHOWN_BEFORE = 1024 * 1024;
/** Output on its way through the terminal past which the program is held up. */
const HELD_BYTES = 256 * 1024;
const ESC = 0x1b;
const BRACKET = 0x5b;

/** @typedef {'line' | 'raw'} InputMode */

/**
 * @param {object} parts
 * @param {HTMLElement} parts.host
 * @param {OutputStore} parts.output
 * @param {GuestSession} parts.guest
 * @param {Lazy['xterm']} parts.load
 * @param {boolean} parts.screenReader whether its text is told to screen readers
 * @param {() => boolean} parts.readsLive whether what is typed is read
 * @param {() => void} parts.stop
 * @param {() => void} parts.onOpen it is there now: first its place, then itself
 */
export function createAnsiView({ host, output, guest, load, screenReader, readsLive, stop, onOpen }) {
  /** @type {AnsiTerminal | null} */
  let terminal = null;
  /** Whether the present program has it, and whether it is there to be written to. */
  let active = false;
  let ready = false;
  /** Whether it is to have the keyboard once it is there. */
  let focusLater = false;
  /** @type {Promise<void> | null} */
  let opening = null;
  /** The only terminal there will be, on its way or there. @type {Promise<AnsiTerminal> | null} */
  let making = null;
  /** Goes up with each program, so that what was opened for an earlier one is not shown for the next. */
  let turn = 0;
  /** @type {InputMode} */
  let mode = 'line';
  let size = { columns: 80, rows: 24 };
  let underWay = 0;
  const finder = createSequenceFinder();
  const encoder = new TextEncoder();

  const setMode = () => terminal?.setMode(readsLive() ? mode : 'off');

  /** @param {Uint8Array} bytes @returns {Promise<void>} */
  async function write(bytes) {
    underWay += bytes.length;
    await terminal?.write(bytes);
    underWay -= bytes.length;
  }

  /** Whole lines belong to what the text view shows, too. @param {string} text */
  function typed(text) {
    const bytes = encoder.encode(text);
    if (mode === 'line') output.append(bytes, 0);
    guest.tell((run) => run.input(bytes));
  }

  async function open() {
    const present = turn;
    const part = await load();
    if (!part || present !== turn) return;
    active = true;
    host.hidden = false;
    onOpen(); // it takes its size from its place
    making ??= part.createAnsiTerminal(host, {
      mode: 'off',
      label: 'Terminal of the program',
      screenReader,
      onData: typed,
      onEnd: () => guest.tell((run) => run.endInput()),
      onInterrupt: stop,
      onSize: (columns, rows) => void (size = { columns, rows }),
    });
    terminal = await making;
    if (present !== turn) return;
    // From here on without a pause: what was printed up to now lies in the output, what comes next is written.
    ready = true;
    terminal.setScreenReader(screenReader);
    terminal.reset();
    terminal.fit();
    setMode();
    const before = output.slice(output.totalBytes - SHOWN_BEFORE, output.totalBytes);
    if (before.length > 0) void write(before);
    if (focusLater) terminal.focus();
    focusLater = false;
    onOpen();
  }

  return {
    get active() {
      return active;
    },
    /** Whether it takes what is typed. */
    get ready() {
      return ready;
    },
    get mode() {
      return mode;
    },
    /** @param {InputMode} chosen */
    set mode(chosen) {
      mode = chosen;
      if (terminal) setMode();
    },
    get screenReader() {
      return screenReader;
    },
    set screenReader(on) {
      screenReader = on;
      terminal?.setScreenReader(on);
    },
    /** Another program is open. */
    forget() {
      turn += 1;
      active = ready = focusLater = false;
      opening = null;
    },
    /** Shows it for the present program. @returns {Promise<void>} */
    open() {
      if (opening) return opening;
      const present = turn;
      opening = open().finally(() => {
        if (present === turn) opening = active ? Promise.resolve() : null;
      });
      return opening;
    },
    /** A new run: an empty screen. */
    begins() {
      finder.begin();
      if (!ready) return;
      terminal?.reset();
      terminal?.fit();
      setMode();
    },
    ends: () => terminal?.setMode('off'),
    /** @param {Uint8Array} bytes @returns {void | Promise<void>} */
    take(bytes) {
      if (ready) {
        const written = write(bytes);
        return underWay > HELD_BYTES ? written : undefined;
      }
      // What arrives meanwhile is in the output, which the terminal begins with.
      if (opening) return opening;
      if (output.totalBytes < EARLY_BYTES && finder.find(bytes)) return this.open();
      return undefined;
    },
    /** What a program finds that starts on it. */
    environment: () => ({ TERM: 'xterm-256color', COLUMNS: String(size.columns), LINES: String(size.rows) }),
    size: () => size,
    focus() {
      if (ready) terminal?.focus();
      else focusLater = active;
    },
    /** As if typed at it. @param {string} text */
    type(text) {
      if (text !== '') terminal?.type(text);
    },
    text: () => terminal?.text() ?? '',
  };
}

/** Looks for an escape sequence, which two pieces of output may share. */
function createSequenceFinder() {
  let last = 0;
  return {
    /** Other output. */
    begin: () => void (last = 0),
    /** @param {Uint8Array} bytes @returns {boolean} whether one begins here, or began at the end of the piece before */
    find(bytes) {
      let at = last === ESC && bytes[0] === BRACKET ? 0 : bytes.indexOf(ESC);
      while (at >= 0 && bytes[at] === ESC && bytes[at + 1] !== BRACKET) at = bytes.indexOf(ESC, at + 1);
      last = bytes[bytes.length - 1] ?? last;
      return at >= 0;
    },
  };
}
