/**
 * The terminal of programs that write ANSI (WASI): xterm.js with its WebGL renderer, or its DOM one where there is no WebGL.
 * Loaded when it is needed. Output is taken with back-pressure; input goes to the program as it comes (raw), or line by line
 * through our line editor.
 */
import { FitAddon } from '@xterm/addon-fit';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
// @ts-ignore: text of the file, by the bundler
import xtermStyle from '@xterm/xterm/css/xterm.css';
import { ansiKey, endsInHalf } from '../../runner/terminal/keys.js';
import { LineEditor } from '../../runner/terminal/line-editor.js';
import { pause } from '../pause.js';
import { KeyRow } from './key-row.js';
import { Palette } from './palette.js';
import { gridWidths } from './xterm-widths.js';
import { adoptStyle, keepRowsSafe, openStyleSafe, styleSafeDocument } from './xterm-document.js';

/** Lines kept above the screen: the cap of its memory. */
const SCROLLBACK = 5000;
/** xterm.js looks at the clock between two pieces. */
const PIECE_BYTES = 8192;
/** Of what is typed or pasted in line mode; the page does something else between two. */
const TYPED_PIECE = 4096;
/** Characters of a line; a terminal of a system has 4096. */
const LINE_MOST = 16_384;
/** How long it stands that something was not taken. */
const REFUSED_MS = 3000;
const LEAST_CONTRAST = 4.5;
/** OSC that would reach beyond the screen: titles, working directory, links, clipboard, notifications. */
const SILENT_OSC = [0, 1, 2, 7, 8, 9, 52, 99, 133, 633, 777, 1337];
/** What becomes of keys. */
const HINTS = {
  raw: 'Keys go to the program. Ctrl+Shift+V pastes, Shift+Tab leaves the terminal.',
  line: 'Keys go to the program. Ctrl+V pastes, Shift+Tab leaves the terminal.',
  off: 'The program takes no keys now.',
};
const ANSI_NAMES = /** @type {const} */ ([
  ...['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'],
  ...[
    'brightBlack',
    'brightRed',
    'brightGreen',
    'brightYellow',
    'brightBlue',
    'brightMagenta',
    'brightCyan',
    'brightWhite',
  ],
]);
let created = 0;
let styled = false;

/**
 * @typedef {object} AnsiTerminalOptions
 * @property {(text: string) => void} onData input for the program: what was typed in raw mode, whole lines in line mode
 * @property {(columns: number, rows: number) => void} onSize
 * @property {() => void} [onEnd] Ctrl-D on an empty line: the input is at its end
 * @property {() => void} [onInterrupt] Ctrl-C in line mode
 * @property {'raw' | 'line' | 'off'} [mode] at the start; `line` when not given
 * @property {string} [label]
 * @property {boolean} [screenReader] the text of the screen for screen readers
 * @property {'webgl' | 'dom'} [renderer] when not given, `webgl` where a graphics card does it
 */

/**
 * Making the terminal, asking how to draw it, opening it and what comes next each take a good part of the time that one task
 * may take: each is one.
 * @param {HTMLElement} element gets the terminal as its content, and decides its size
 * @param {AnsiTerminalOptions} options
 * @returns {Promise<AnsiTerminal>}
 */
export async function createAnsiTerminal(element, options) {
  if (!styled) adoptStyle(xtermStyle);
  styled = true;
  const terminal = new AnsiTerminal(element, options);
  await pause();
  const renderer = options.renderer ?? (hasFastWebgl() ? 'webgl' : 'dom');
  await pause();
  terminal.open(renderer);
  await pause();
  return terminal;
}

export class AnsiTerminal {
  #element;
  #options;
  #root = document.createElement('div');
  #screen = document.createElement('div');
  #note = document.createElement('p');
  #terminal;
  #fit = new FitAddon();
  #editor = new LineEditor({ most: LINE_MOST });
  /** @type {KeyRow | null} */
  #keyRow = null;
  /** @type {ResizeObserver | null} */
  #resizes = null;
  #closed = new AbortController();
  /** @type {WebglAddon | null} */
  #webgl = null;
  /** @type {'raw' | 'line' | 'off'} */
  #mode;
  #size = '';
  #half = '';
  /** Takes what was typed, one after the other. @type {Promise<void>} */
  #typing = Promise.resolve();
  #refusedTimer = 0;
  /** Says of each piece on its way that it was taken. @type {Set<() => void>} */
  #underWay = new Set();

  /** @param {HTMLElement} element @param {AnsiTerminalOptions} options */
  constructor(element, options) {
    this.#element = element;
    this.#options = options;
    this.#mode = options.mode ?? 'line';
    this.#root.className = 'terminal';
    this.#screen.className = 'terminal-screen ansi';
    this.#note.className = 'terminal-note';
    this.#note.id = `ansi-note-${++created}`;
    this.#tellHint();
    this.#root.append(this.#screen);
    element.append(this.#root);
    const { fontFamily, fontSize } = getComputedStyle(this.#screen);
    this.#terminal = new Terminal({
      allowProposedApi: true, // for `unicode`
      convertEol: true,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      documentOverride: styleSafeDocument(),
      fontFamily,
      fontSize: parseFloat(fontSize),
      linkHandler: { activate: () => {} },
      logLevel: 'off', // what it cannot read is the program's affair
      minimumContrastRatio: LEAST_CONTRAST,
      screenReaderMode: options.screenReader ?? false,
      scrollback: SCROLLBACK,
      theme: this.#theme(),
    });
    this.#terminal.unicode.register(gridWidths);
    this.#terminal.unicode.activeVersion = gridWidths.version;
    this.#terminal.loadAddon(this.#fit);
    for (const code of SILENT_OSC) this.#terminal.parser.registerOscHandler(code, () => true);
  }

  /** Shows it; once, before anything else is asked of it. @param {'webgl' | 'dom'} renderer */
  open(renderer) {
    const options = this.#options;
    openStyleSafe(this.#terminal, this.#screen);
    if (renderer === 'webgl') this.#useWebgl();
    this.#terminal.attachCustomKeyEventHandler((event) => this.#isForProgram(event));
    this.#terminal.onData((text) => this.#came(text));
    this.#terminal.textarea?.setAttribute('aria-label', options.label ?? 'Terminal');
    this.#terminal.textarea?.setAttribute('aria-describedby', this.#note.id);
    this.#keyRow = new KeyRow(this.#root, (pressed) => {
      const text = ansiKey(pressed, this.#terminal.modes.applicationCursorKeysMode);
      if (text !== null) this.#terminal.input(text);
    });
    this.#root.append(this.#note);
    this.#listen();
    this.fit();
  }

  /** How it draws: the WebGL context can be lost at any time. */
  get renderer() {
    return this.#webgl ? 'webgl' : 'dom';
  }

  get mode() {
    return this.#mode;
  }

  /** `raw`: keys as they come; `line`: edited here, sent by lines; `off`: the program reads nothing. @param {'raw' | 'line' | 'off'} mode */
  setMode(mode) {
    this.#mode = mode;
    this.#tellHint();
  }

  /**
   * Output of the program.
   * @param {Uint8Array} bytes not changed until it is taken
   * @returns {Promise<void>} resolves when all of it was taken in: no more is to be sent before
   */
  write(bytes) {
    return new Promise((resolve) => {
      if (this.#closed.signal.aborted) return resolve();
      let at = 0;
      for (; at + PIECE_BYTES < bytes.length; at += PIECE_BYTES)
        this.#terminal.write(bytes.subarray(at, at + PIECE_BYTES));
      // A closed terminal takes nothing and says nothing, so close() does. Not a listener for each: they would add up.
      const taken = () => {
        this.#underWay.delete(taken);
        resolve();
      };
      this.#underWay.add(taken);
      this.#terminal.write(bytes.subarray(at), taken);
    });
  }

  /** For a new run: nothing of the one before is left. */
  reset() {
    this.#terminal.reset();
    // What it has yet to take in is taken in all the same: its own reset (RIS) comes after that.
    if (this.#underWay.size > 0) this.#terminal.write('\x1bc');
    this.#editor = new LineEditor({ columns: this.#terminal.cols, most: LINE_MOST });
  }

  /** @param {boolean} on */
  setScreenReader(on) {
    this.#terminal.options.screenReaderMode = on;
  }

  /** As if it were typed. @param {string} text */
  type(text) {
    this.#typed(text);
  }

  focus() {
    this.#terminal.focus();
  }

  /** As many cells as fit. */
  fit() {
    this.#fit.fit();
    const { cols, rows } = this.#terminal;
    if (cols !== this.#editor.columns) this.#terminal.write(this.#editor.resize(cols));
    if (this.#size === `${cols} ${rows}`) return;
    this.#size = `${cols} ${rows}`;
    this.#options.onSize(cols, rows);
  }

  /** All that is kept, as text. */
  text() {
    const { active } = this.#terminal.buffer;
    const lines = [];
    for (let row = 0; row < active.length; row++) {
      const line = active.getLine(row);
      const text = line?.translateToString(true) ?? '';
      if (line?.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    while (lines.length > 0 && lines[lines.length - 1] === '') lines.pop();
    return lines.map((line) => `${line}\n`).join('');
  }

  close() {
    this.#closed.abort();
    for (const taken of this.#underWay) taken();
    clearTimeout(this.#refusedTimer);
    this.#resizes?.disconnect();
    this.#keyRow?.close();
    this.#terminal.dispose();
    this.#element.removeChild(this.#root);
  }

  #useWebgl() {
    const webgl = new WebglAddon();
    try {
      this.#terminal.loadAddon(webgl);
    } catch {
      return;
    }
    this.#webgl = webgl;
    webgl.onContextLoss(() => {
      webgl.dispose();
      this.#webgl = null;
      keepRowsSafe(this.#terminal);
    });
  }

  #listen() {
    const { signal } = this.#closed;
    const restyle = () => void (this.#terminal.options.theme = this.#theme());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', restyle, { signal });
    const themes = new MutationObserver(restyle);
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    signal.addEventListener('abort', () => themes.disconnect());
    // A page that takes pasted programs must not get what is meant for this one.
    this.#screen.addEventListener('paste', (event) => event.stopPropagation(), { signal });
    this.#screen.addEventListener('paste', (event) => this.#pasted(event), { capture: true, signal });
    const { textarea } = this.#terminal;
    textarea?.addEventListener('focus', () => this.#root.toggleAttribute('data-focused', true), { signal });
    textarea?.addEventListener('blur', () => this.#root.toggleAttribute('data-focused', false), { signal });
    this.#resizes = new ResizeObserver(() => this.fit());
    this.#resizes.observe(this.#screen);
  }

  #theme() {
    const palette = new Palette(this.#root);
    return {
      foreground: palette.foreground,
      background: palette.background,
      cursor: palette.cursor,
      cursorAccent: palette.background,
      ...Object.fromEntries(ANSI_NAMES.map((name, index) => [name, palette.ansi[index]])),
    };
  }

  /** @param {KeyboardEvent} event @returns {boolean} false: the browser's */
  #isForProgram(event) {
    if (event.key === 'Tab' && event.shiftKey) {
      if (event.type === 'keydown') this.#leave();
      return false;
    }
    const control = event.ctrlKey && !event.shiftKey && !event.altKey;
    const copies = control && event.key === 'c' && this.#terminal.hasSelection();
    // As a line has no use for 0x16.
    const pastes = control && event.key.toLowerCase() === 'v' && this.#mode === 'line';
    return this.#mode !== 'off' && !copies && !pastes;
  }

  /** Tab belongs to the program, so the way forward is Shift+Tab, then Tab: it passes the terminal once. */
  #leave() {
    const { textarea } = this.#terminal;
    if (!textarea) return;
    const left = new AbortController();
    const { signal } = left;
    let moves = 0;
    textarea.addEventListener('blur', () => void (textarea.tabIndex = -1), { once: true, signal });
    document.addEventListener(
      'focusin',
      () => {
        if (++moves < 2) return;
        textarea.tabIndex = 0;
        left.abort();
      },
      { signal },
    );
    this.#closed.signal.addEventListener('abort', () => left.abort(), { signal });
  }

  /** Whole characters go on. @param {string} text */
  #came(text) {
    const whole = this.#half + text;
    this.#half = endsInHalf(whole) ? whole.slice(-1) : '';
    if (whole !== this.#half) this.#typed(whole.slice(0, whole.length - this.#half.length));
  }

  /** @param {string} text */
  #typed(text) {
    if (this.#mode === 'off') return;
    const control = /^[a-z]$/i.test(text) && this.#keyRow?.takeControl();
    const data = control ? String.fromCharCode(text.charCodeAt(0) & 0x1f) : text;
    if (this.#mode === 'raw') return this.#options.onData(data);
    const editor = this.#editor;
    this.#typing = this.#typing.then(async () => {
      for (const piece of piecesOf(data)) {
        // After what was printed before is on the screen, so that the cursor is where the line begins.
        await new Promise((resolve) => this.#terminal.write('', () => resolve(null)));
        if (this.#closed.signal.aborted || this.#mode !== 'line' || editor !== this.#editor) return;
        this.#edit(piece.replace(/\r?\n/g, '\r'));
        if (data.length > TYPED_PIECE) await pause();
      }
      if (editor.pending) editor.flush();
    });
  }

  /** xterm.js would turn all line breaks of a long paste at once. @param {ClipboardEvent} event */
  #pasted(event) {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (this.#mode !== 'line' || text.length <= TYPED_PIECE) return;
    event.preventDefault();
    event.stopPropagation();
    this.#typed(text);
  }

  /** @param {string} data */
  #edit(data) {
    const column = this.#terminal.buffer.active.cursorX;
    const { echo, lines, ended, interrupted, refused } = this.#editor.feed(data, column);
    if (refused) this.#tellRefused();
    if (echo !== '') this.#terminal.write(echo);
    if (lines.length > 0) this.#options.onData(lines.join(''));
    if (interrupted) this.#options.onInterrupt?.();
    if (ended) {
      this.setMode('off');
      this.#options.onEnd?.();
    }
  }

  #tellRefused() {
    clearTimeout(this.#refusedTimer);
    this.#root.dataset.full = '';
    this.#note.textContent = `The end was not taken: a line has at most ${LINE_MOST.toLocaleString('en')} characters.`;
    this.#note.setAttribute('role', 'status');
    this.#refusedTimer = setTimeout(() => {
      delete this.#root.dataset.full;
      this.#tellHint();
    }, REFUSED_MS);
  }

  /** Unless it is said just now that something was refused. */
  #tellHint() {
    if ('full' in this.#root.dataset) return;
    this.#note.textContent = HINTS[this.#mode];
    this.#note.removeAttribute('role');
  }
}

/** A long text in parts; no character and no line break is cut. @param {string} text */
function* piecesOf(text) {
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at + TYPED_PIECE - 1);
    const end = at + TYPED_PIECE + (code === 0x0d || (code >= 0xd800 && code < 0xdc00) ? 1 : 0);
    yield text.slice(at, end);
    at = end;
  }
}

/** WebGL without a graphics card. Not every engine owns up to it by failIfMajorPerformanceCaveat. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** Whether there is WebGL by a graphics card: by the processor it is ten times slower than the DOM. */
function hasFastWebgl() {
  const context = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (!context) return false;
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const renderer = context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER);
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return !SOFTWARE.test(String(renderer));
}
