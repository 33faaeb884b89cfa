// Where a module's input is typed, in its ANSI terminal or in the row under the output, and who has the focus when a run
// begins or waits.

import { byId, setText } from '../ui/dom.js';
import { takesLines } from './guest-terminals.js';
import { createInputRow } from './input-row.js';

/** @import { GuestSession } from '../guest/session.js' */
/** @import { OutputStore } from '../output/store.js' */
/** @import { State, Store } from '../state.js' */

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {OutputStore} parts.output
 * @param {GuestSession} parts.guest
 * @param {{ focus: () => void }} parts.rows of the output
 * @param {ReturnType<typeof import('./guest-terminals.js').createTerminals>} parts.terminals
 * @param {() => boolean} parts.atTerminal whether one of them is what is seen
 * @param {AbortSignal} parts.signal
 */
export function createGuestInput({ store, output, guest, rows, terminals, atTerminal, signal }) {
  const { place } = terminals;
  const inputRow = createInputRow({
    ...{ after: place, store, send, end: () => guest.tell((run) => run.endInput()), signal },
  });
  const isLive = () => store.now.phase === 'running';
  /** Whether the focus was given to what takes the run's input. */
  let hadFocus = false;
  /** Whether the terminals are as the run under way begins with them. */
  let hasBegun = false;

  /** Shows the lines that were typed among what the program prints. @param {string} text */
  function send(text) {
    const bytes = new TextEncoder().encode(text);
    output.append(bytes, 0);
    guest.tell((run) => run.input(bytes));
  }

  /** The row is for programs that read lines where no ANSI terminal takes them; WASI programs may never read. */
  function showRow() {
    const { plan, waiting } = store.now;
    const reads = takesLines(store.now);
    const waits = waiting === 'line' || waiting === 'input';
    const known = plan?.kind === 'aver' || waits || (!inputRow.hidden && isLive());
    const byTerminal = terminals.ansi.ready && atTerminal();
    const hasFocus = inputRow.element.contains(document.activeElement);
    // What was typed and not sent goes along.
    if (byTerminal && reads && hasBegun) terminals.ansi.type(inputRow.take());
    inputRow.show(reads && known && !byTerminal);
    // A terminal may come when its program waits already, and a row that goes must not take the focus along.
    if (hasFocus && byTerminal) terminals.ansi.focus();
    else if (hasFocus && inputRow.hidden) (atTerminal() ? terminals.focus : rows.focus)();
  }

  /** The program waits: says so, and gives the focus to what it waits for. @param {Readonly<State>} state */
  function attend({ waiting }) {
    if (!isLive() || !waiting || waiting === 'sleep') return;
    const lines = !inputRow.hidden && waiting !== 'key';
    setText(byId('announcer'), `The program waits for a ${lines ? 'line' : 'key'}.`);
    if (!mayTakeFocus(place, hadFocus)) return;
    hadFocus = true;
    if (lines) inputRow.focus();
    else if (atTerminal()) terminals.focus();
  }

  return {
    showRow,
    attend,
    /** Another program is open. */
    forget: () => void inputRow.take(),
    /** A run is about to begin. */
    prepare() {
      hadFocus = hasBegun = false;
      inputRow.begins();
    },
    /** The terminals are as the run begins with them. @param {boolean} byVisitor whether somebody has just asked for it */
    begins(byVisitor) {
      hasBegun = true;
      showRow();
      const isFree = byVisitor || document.activeElement === document.body;
      if (!atTerminal() || !isFree || !mayTakeFocus(place, hadFocus)) return;
      hadFocus = true;
      terminals.focus();
    },
    ends() {
      hasBegun = false;
    },
    /** Gives the focus to what takes the input, if there is such. @returns {boolean} whether there is */
    focus() {
      if (atTerminal()) terminals.focus();
      else if (inputRow.hidden) return false;
      else inputRow.focus();
      return true;
    },
    /** Whether something was typed and not sent. */
    typed: () => inputRow.typed !== '',
  };
}

/**
 * Whether nobody loses the focus who needs it: a dialog, a field that is being filled in, a list that is read; nor, once the
 * run has had it, who went on from there.
 * @param {HTMLElement} place of the terminals
 * @param {boolean} hadFocus whether the run has had it
 */
function mayTakeFocus(place, hadFocus) {
  const { activeElement } = document;
  if (document.querySelector('dialog[open], [popover]:popover-open')) return false;
  if (!activeElement || activeElement === document.body) return true;
  if (hadFocus) return place.contains(activeElement);
  return byId('output-pane').contains(activeElement) || activeElement.matches('[data-command], .program-open');
}
