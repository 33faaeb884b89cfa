// What the output pane has for a WebAssembly module: text or a terminal, the row for input, notes. Each of them is a part of
// its own; this decides which of them is seen.

import { byId, setText } from '../ui/dom.js';
import { createGuestInput } from './guest-input.js';
import { createLiveInput } from './guest-live.js';
import { createGuestNotes } from './guest-notes.js';
import { createTerminals, takesLines } from './guest-terminals.js';
import { createViewSwitch } from './view-switch.js';

/** @import { GuestSession } from '../guest/session.js' */
/** @import { IsolationControl } from '../isolation.js' */
/** @import { Lazy } from '../lazy.js' */
/** @import { OutputStore } from '../output/store.js' */
/** @import { openSettings } from '../settings.js' */
/** @import { Plan } from '../../runner/module/plan.js' */
/** @import { State, Store } from '../state.js' */

/** How often a program that printed first is looked at, whether it draws by now. */
const LOOK_MS = 100;

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {OutputStore} parts.output
 * @param {GuestSession} parts.guest
 * @param {{ focus: () => void, setTerminal: (text: () => string | null) => void }} parts.rows
 * @param {Lazy['xterm']} parts.loadXterm
 * @param {ReturnType<typeof openSettings>} parts.settings
 * @param {() => Promise<IsolationControl | null>} parts.isolation
 * @param {() => void} parts.openOptions
 * @param {(sentence: string) => void} parts.notice
 * @param {AbortSignal} parts.signal
 */
export function createGuestView(parts) {
  const { store, output, guest, rows, loadXterm, settings, isolation, openOptions, notice, signal } = parts;
  const terminals = createTerminals({
    ...{ store, output, guest, loadXterm, screenReader: settings.now().screenReader, onOpen: settle },
  });
  const { place, screen, ansi } = terminals;
  byId('output').after(place);
  const atTerminal = () => store.now.wasm !== null && store.now.outputView === 'terminal';
  const isLive = () => store.now.phase === 'running';
  /** The module that the rest is of. @type {Plan | null} */
  let shown = null;
  /** What the visitor chose for it. @type {State['outputView'] | null} */
  let chosen = null;
  /** When what the visitor chose is in view. */
  let picked = Promise.resolve();
  const viewSwitch = createViewSwitch({
    ...{
      store,
      output,
      onChoose: pick,
      onPress: focusPicked,
      onMode: chooseMode,
      onScreenReader: switchScreenReader,
      signal,
    },
  });
  const input = createGuestInput({ store, output, guest, rows, terminals, atTerminal, signal });
  const { becomeLive, ...live } = createLiveInput({ store, isolation, notice });
  createGuestNotes({ store, openOptions, ...live });
  rows.setTerminal(() => (atTerminal() ? terminals.text() : null));

  /** The terminal of a program that draws is what is seen, unless it has printed and not drawn. @returns {State['outputView']} */
  function usual() {
    if (!terminals.draws()) return ansi.active ? 'terminal' : 'text';
    return output.totalBytes === 0 || store.now.screen?.used ? 'terminal' : 'text';
  }

  /** Brings into view what is to be seen. */
  function settle() {
    const { plan } = store.now;
    const view = plan ? (chosen ?? usual()) : 'text';
    const showsTerminal = view === 'terminal' && terminals.exist();
    const showsAnsi = view === 'terminal' && ansi.active;
    terminals.turn();
    place.hidden = !showsTerminal;
    byId('output').hidden = showsTerminal;
    viewSwitch.show(plan !== null && (terminals.exist() || plan.kind === 'wasi'));
    viewSwitch.showMode(showsAnsi && takesLines(store.now) ? ansi.mode : null);
    viewSwitch.showScreenReader(showsAnsi ? ansi.screenReader : null);
    store.set({ outputView: showsTerminal ? 'terminal' : 'text' });
    input.showRow();
  }

  /** @param {State['outputView']} view */
  async function choose(view) {
    chosen = view;
    if (view === 'terminal' && !terminals.draws()) await ansi.open();
    settle();
    if (view === 'terminal' && terminals.draws()) screen.fit();
  }

  /** @param {State['outputView']} view */
  function pick(view) {
    picked = choose(view);
  }

  /** Whoever presses the view of a program that takes input means to type there. */
  async function focusPicked() {
    await picked;
    if (!isLive() || !document.activeElement?.closest('.view-tabs')) return;
    input.focus();
  }

  /** @param {import('./ansi-view.js').InputMode} mode */
  function chooseMode(mode) {
    ansi.mode = mode;
    settle();
    ansi.focus();
  }

  function switchScreenReader() {
    ansi.screenReader = !ansi.screenReader;
    settings.change({ screenReader: ansi.screenReader });
    settle();
  }

  /** Another module is open. @param {Readonly<State>} state */
  function opened({ plan, program }) {
    if (plan === shown) return;
    shown = plan;
    chosen = null;
    ansi.forget();
    input.forget();
    ansi.mode = program?.given?.terminal === 'raw' ? 'raw' : 'line';
    settle();
  }

  /** A run begins: what shows it is brought in place. */
  async function begins() {
    opened(store.now);
    await becomeLive();
    const { program } = store.now;
    const byVisitor = navigator.userActivation?.isActive === true;
    input.prepare();
    if (!terminals.draws() && (program?.given?.terminal ?? 'none') !== 'none') await ansi.open();
    settle();
    if (terminals.draws() && atTerminal()) screen.fit();
    ansi.begins();
    input.begins(byVisitor);
  }

  nameDropTarget(store);
  store.watch(['plan'], opened);
  store.watch(['waiting', 'options', 'inputMode'], input.showRow);
  store.watch(['waiting'], input.attend);
  store.watch(['phase'], ({ phase, plan }) => {
    if (!plan || phase === 'running') return;
    input.ends();
    ansi.ends();
    settle();
  });
  output.onChange(() => {
    if (chosen === null && terminals.draws() && atTerminal() && !store.now.screen?.used) settle();
  });
  const timer = setInterval(() => {
    if (chosen === null && isLive() && !atTerminal() && store.now.screen?.used) settle();
  }, LOOK_MS);
  signal.addEventListener('abort', () => clearInterval(timer));

  guest.view = { begins, terminal: terminals.found, take: terminals.take, screenChanged: screen.wake };
  return {
    /** From text to terminal and back. */
    toggle: () =>
      void choose(atTerminal() ? 'text' : 'terminal').then(() => (atTerminal() ? terminals.focus() : rows.focus())),
    focus: () => input.focus() || rows.focus(),
    /** Whether something was typed and not sent. */
    typed: () => input.typed(),
  };
}

/** What is dropped on the page may be meant for the program. @param {Store} store */
function nameDropTarget(store) {
  const letGo = byId('drop-overlay').querySelector('p');
  store.watch(['plan'], ({ plan }) => {
    const text = plan?.usesFiles ? 'Let go: files go to the program, a program is opened' : 'Let go to run it here';
    if (letGo) setText(letGo, text);
  });
}
