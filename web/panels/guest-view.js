// What the output pane has for a WebAssembly module: text or a terminal, the row for input, notes. Each of them is a part of
// its own; this decides which of them is seen, and who has the focus when a run begins or waits.

import { byId, h, setText } from '../ui/dom.js';
import { readsLive, wantsPeople } from '../guest/request.js';
import { createAnsiView } from './ansi-view.js';
import { createGuestNotes } from './guest-notes.js';
import { createInputRow } from './input-row.js';
import { createScreenView } from './screen-view.js';
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
  const screenHost = h('div', { class: 'terminal-host', hidden: true });
  const ansiHost = h('div', { class: 'terminal-host', hidden: true });
  const place = h('div', { class: 'terminal-place', id: 'terminal-place', hidden: true }, screenHost, ansiHost);
  byId('output').after(place);
  /** The module that the rest is of. @type {Plan | null} */
  let shown = null;
  /** What the visitor chose for it. @type {State['outputView'] | null} */
  let chosen = null;
  /** When what the visitor chose is in view. */
  let picked = Promise.resolve();
  /** Whether the focus was given to what takes the run's input. */
  let hadFocus = false;
  /** Whether the terminals are as the run under way begins with them. */
  let hasBegun = false;

  const screen = createScreenView({ host: screenHost, store, guest });
  const ansi = createAnsiView({
    ...{ host: ansiHost, output, guest, load: loadXterm, stop: () => guest.stop() },
    screenReader: settings.now().screenReader,
    readsLive: () => readsLive(store.now) && store.now.inputMode !== 'prepared',
    onOpen: settle,
  });
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
  const inputRow = createInputRow({
    after: place,
    store,
    send,
    end: () => guest.tell((run) => run.endInput()),
    signal,
  });
  createGuestNotes({ store, openOptions, isolationState, makeLive });
  rows.setTerminal(() => (!atTerminal() ? null : store.now.plan?.usesScreen ? screen.text() : ansi.text()));

  const atTerminal = () => store.now.wasm !== null && store.now.outputView === 'terminal';
  const isLive = () => store.now.phase === 'running';

  /** The terminal of a program that draws is what is seen, unless it has printed and not drawn. @returns {State['outputView']} */
  function usual() {
    const { plan, screen: reader } = store.now;
    if (!plan?.usesScreen) return ansi.active ? 'terminal' : 'text';
    return output.totalBytes === 0 || reader?.used ? 'terminal' : 'text';
  }

  /** Brings into view what is to be seen. */
  function settle() {
    const { plan } = store.now;
    const view = plan ? (chosen ?? usual()) : 'text';
    const byScreen = plan?.usesScreen === true;
    const noTerminal = view === 'text' || !(byScreen || ansi.active);
    screenHost.hidden = !byScreen;
    ansiHost.hidden = byScreen || !ansi.active;
    place.hidden = noTerminal;
    byId('output').hidden = !noTerminal;
    viewSwitch.show(plan !== null && (byScreen || ansi.active || plan.kind === 'wasi'));
    const lines = ansi.active && view === 'terminal' && readsLive(store.now) && store.now.inputMode !== 'prepared';
    viewSwitch.showMode(lines ? ansi.mode : null);
    viewSwitch.showScreenReader(ansi.active && view === 'terminal' ? ansi.screenReader : null);
    store.set({ outputView: noTerminal ? 'text' : 'terminal' });
    showInputRow();
  }

  /** The row is for programs that read lines where no ANSI terminal takes them; WASI programs may never read. */
  function showInputRow() {
    const { plan, inputMode, waiting } = store.now;
    const reads = inputMode !== 'prepared' && readsLive(store.now);
    const waits = waiting === 'line' || waiting === 'input';
    const known = plan?.kind === 'aver' || waits || (!inputRow.hidden && isLive());
    const byTerminal = ansi.ready && atTerminal();
    const hasFocus = inputRow.element.contains(document.activeElement);
    // What was typed and not sent goes along.
    if (byTerminal && reads && hasBegun) ansi.type(inputRow.take());
    inputRow.show(reads && known && !byTerminal);
    // A terminal may come when its program waits already, and a row that goes must not take the focus along.
    if (hasFocus && byTerminal) ansi.focus();
    else if (hasFocus && inputRow.hidden) (atTerminal() ? focusTerminal : rows.focus)();
  }

  /** @param {State['outputView']} view */
  async function choose(view) {
    chosen = view;
    if (view === 'terminal' && !store.now.plan?.usesScreen) await ansi.open();
    settle();
    if (view === 'terminal' && store.now.plan?.usesScreen) screen.fit();
  }

  /** @param {State['outputView']} view */
  function pick(view) {
    picked = choose(view);
  }

  /** Whoever presses the view of a program that takes input means to type there. */
  async function focusPicked() {
    await picked;
    if (!isLive() || !document.activeElement?.closest('.view-tabs')) return;
    if (atTerminal()) focusTerminal();
    else if (!inputRow.hidden) inputRow.focus();
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

  /** Shows the lines that were typed among what the program prints. @param {string} text */
  function send(text) {
    const bytes = new TextEncoder().encode(text);
    output.append(bytes, 0);
    guest.tell((run) => run.input(bytes));
  }

  function focusTerminal() {
    if (store.now.plan?.usesScreen) screen.focus();
    else ansi.focus();
  }

  /**
   * Whether nobody loses the focus who needs it: a dialog, a field that is being filled in, a list that is read; nor, once the
   * run has had it, who went on from there.
   */
  function mayTakeFocus() {
    const { activeElement } = document;
    if (document.querySelector('dialog[open], [popover]:popover-open')) return false;
    if (!activeElement || activeElement === document.body) return true;
    if (hadFocus) return place.contains(activeElement);
    return byId('output-pane').contains(activeElement) || activeElement.matches('[data-command], .program-open');
  }

  /** Another module is open. @param {Readonly<State>} state */
  function opened({ plan, program }) {
    if (plan === shown) return;
    shown = plan;
    chosen = null;
    ansi.forget();
    inputRow.take();
    ansi.mode = program?.given?.terminal === 'raw' ? 'raw' : 'line';
    settle();
  }

  /** In a browser where input must be prepared, one reload may make it live. */
  async function makeLive() {
    await (await isolation())?.becomeIsolated();
    notice(
      'Not now: a reload would lose files or text that are here. Take them away, or open the program as an example.',
    );
  }

  async function isolationState() {
    return (await (await isolation())?.state()) ?? null;
  }

  /** The one reload that is worth it comes before the program has begun. */
  async function becomeLive() {
    const { plan, program, inputMode } = store.now;
    if (inputMode !== 'prepared' || !plan || !wantsPeople(plan, program?.given?.terminal)) return;
    await (await isolation())?.becomeIsolated();
  }

  const letGo = byId('drop-overlay').querySelector('p');
  store.watch(['plan'], ({ plan }) => {
    const text = plan?.usesFiles ? 'Let go: files go to the program, a program is opened' : 'Let go to run it here';
    if (letGo) setText(letGo, text);
  });
  store.watch(['plan'], opened);
  store.watch(['waiting', 'options', 'inputMode'], showInputRow);
  store.watch(['waiting'], ({ waiting }) => {
    if (!isLive() || !waiting || waiting === 'sleep') return;
    const lines = !inputRow.hidden && waiting !== 'key';
    setText(byId('announcer'), `The program waits for a ${lines ? 'line' : 'key'}.`);
    if (!mayTakeFocus()) return;
    hadFocus = true;
    if (lines) inputRow.focus();
    else if (atTerminal()) focusTerminal();
  });
  store.watch(['phase'], ({ phase, plan }) => {
    if (!plan || phase === 'running') return;
    hasBegun = false;
    ansi.ends();
    settle();
  });
  output.onChange(() => {
    if (chosen === null && store.now.plan?.usesScreen && atTerminal() && !store.now.screen?.used) settle();
  });
  const timer = setInterval(() => {
    if (chosen === null && isLive() && !atTerminal() && store.now.screen?.used) settle();
  }, LOOK_MS);
  signal.addEventListener('abort', () => clearInterval(timer));

  guest.view = {
    async begins() {
      opened(store.now);
      await becomeLive();
      const { plan, program } = store.now;
      const byVisitor = navigator.userActivation?.isActive === true;
      hadFocus = hasBegun = false;
      inputRow.begins();
      if (!plan?.usesScreen && (program?.given?.terminal ?? 'none') !== 'none') await ansi.open();
      settle();
      if (plan?.usesScreen && atTerminal()) screen.fit();
      ansi.begins();
      hasBegun = true;
      showInputRow();
      if (!atTerminal() || !mayTakeFocus() || !(byVisitor || document.activeElement === document.body)) return;
      hadFocus = true;
      focusTerminal();
    },
    terminal() {
      if (store.now.plan?.usesScreen) return { size: screen.size(), env: {} };
      return ansi.active ? { size: ansi.size(), env: ansi.environment() } : { size: screen.size(), env: {} };
    },
    take: (bytes) => (store.now.plan?.usesScreen ? undefined : ansi.take(bytes)),
    screenChanged: screen.wake,
  };

  return {
    /** From text to terminal and back. */
    toggle: () =>
      void choose(atTerminal() ? 'text' : 'terminal').then(() => (atTerminal() ? focusTerminal() : rows.focus())),
    focus: () => (atTerminal() ? focusTerminal() : inputRow.hidden ? rows.focus() : inputRow.focus()),
    /** What was typed and not sent. */
    typed: () => inputRow.typed !== '',
  };
}
