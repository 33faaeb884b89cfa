// The two terminals of the output pane, of which a module has one at most: cells for programs that draw, ANSI for those
// that print.

import { readsLive } from '../guest/request.js';
import { h } from '../ui/dom.js';
import { createAnsiView } from './ansi-view.js';
import { createScreenView } from './screen-view.js';

/** @import { GuestSession } from '../guest/session.js' */
/** @import { Lazy } from '../lazy.js' */
/** @import { OutputStore } from '../output/store.js' */
/** @import { State, Store } from '../state.js' */

/** Whether lines that are typed while it runs reach the program. @param {Readonly<State>} state */
export const takesLines = (state) => readsLive(state) && state.inputMode !== 'prepared';

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {OutputStore} parts.output
 * @param {GuestSession} parts.guest
 * @param {Lazy['xterm']} parts.loadXterm
 * @param {boolean} parts.screenReader whether the ANSI terminal begins with what screen readers need
 * @param {() => void} parts.onOpen the ANSI terminal is there
 */
export function createTerminals({ store, output, guest, loadXterm, screenReader, onOpen }) {
  const screenHost = h('div', { class: 'terminal-host', hidden: true });
  const ansiHost = h('div', { class: 'terminal-host', hidden: true });
  const screen = createScreenView({ host: screenHost, store, guest });
  const ansi = createAnsiView({
    ...{ host: ansiHost, output, guest, load: loadXterm, stop: () => guest.stop(), screenReader, onOpen },
    readsLive: () => takesLines(store.now),
  });
  const draws = () => store.now.plan?.usesScreen === true;
  return {
    screen,
    ansi,
    /** Where they stand; hidden while text is seen in their place. */
    place: h('div', { class: 'terminal-place', id: 'terminal-place', hidden: true }, screenHost, ansiHost),
    /** Whether the program's terminal is the one of cells. */
    draws,
    /** Whether the program has one. */
    exist: () => draws() || ansi.active,
    /** Shows the one that the program has. */
    turn() {
      screenHost.hidden = !draws();
      ansiHost.hidden = draws() || !ansi.active;
    },
    text: () => (draws() ? screen.text() : ansi.text()),
    focus: () => (draws() ? screen.focus() : ansi.focus()),
    /** What the program will find. @returns {import('../guest/request.js').Terminal} */
    found: () =>
      ansi.active && !draws() ? { size: ansi.size(), env: ansi.environment() } : { size: screen.size(), env: {} },
    /** Output passes it on its way to the store; a promise holds the program up. @param {Uint8Array} bytes */
    take: (bytes) => (draws() ? undefined : ansi.take(bytes)),
  };
}
