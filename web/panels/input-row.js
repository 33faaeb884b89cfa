// The row under the output in which lines for the program are typed: Enter sends one, Ctrl+D ends the input. Lines typed
// ahead wait for the program; what was typed and not sent outlives the run.

import { h, setText } from '../ui/dom.js';
import { setEnabled } from '../ui/enable.js';

/** @import { Store } from '../state.js' */

const HISTORY_MOST = 200;
/** Characters that the field takes: longer ones keep the browser busy. */
const LINE_MOST = 16_384;
const TOO_LONG = `Not taken: a line has at most ${LINE_MOST.toLocaleString('en')} characters.`;

/**
 * @param {object} parts
 * @param {HTMLElement} parts.after what it stands after
 * @param {Store} parts.store
 * @param {(line: string) => void} parts.send a line with its line feed
 * @param {() => void} parts.end
 * @param {AbortSignal} parts.signal
 */
export function createInputRow({ after, store, send, end, signal }) {
  const { row, field, sendButton, endButton, label, refusal } = elements();
  after.after(row);

  /** Whether the present run's input was ended here. */
  let ended = false;
  /** @type {string[]} */
  const history = [];
  let at = 0;

  function draw() {
    const { phase, waiting } = store.now;
    const live = phase === 'running';
    const waits = live && (waiting === 'line' || waiting === 'input');
    row.classList.toggle('waits', waits && !ended);
    field.placeholder = invitation(live, ended, waits);
    for (const button of [sendButton, endButton]) setEnabled(button, live && !ended, field);
    setText(label, waits && !ended ? 'Waiting for a line' : 'Input');
  }

  /** @param {string} text whole lines, each with its line feed */
  function sendLines(text) {
    for (const line of text.split('\n').slice(0, -1)) if (line !== '' && line !== history.at(-1)) history.push(line);
    history.splice(0, history.length - HISTORY_MOST);
    at = history.length;
    send(text);
  }

  function finish() {
    if (endButton.disabled) return;
    // As on a terminal, where a line that is not finished goes along.
    if (field.value !== '') send(field.value);
    field.value = '';
    ended = true;
    end();
    draw();
  }

  /** @param {KeyboardEvent} event */
  function keyDown(event) {
    const { key, ctrlKey, altKey, metaKey, shiftKey } = event;
    if (altKey || metaKey || shiftKey) return;
    if (ctrlKey) {
      if (key !== 'd') return;
      event.preventDefault();
      return finish();
    }
    const next = at + ({ ArrowUp: -1, ArrowDown: 1 }[key] ?? 0);
    if (next === at || next < 0 || next > history.length) return;
    event.preventDefault();
    at = next;
    field.value = history[at] ?? '';
  }

  /** Several lines at once are sent, but for what follows the last line feed. @param {ClipboardEvent} event */
  function pasted(event) {
    const text = (event.clipboardData?.getData('text/plain') ?? '').replace(/\r\n?/g, '\n');
    const cut = text.lastIndexOf('\n') + 1;
    const { selectionStart, selectionEnd, value } = field;
    const kept = text.length - cut + value.length - (cut > 0 ? (selectionEnd ?? 0) : 0);
    if (kept > LINE_MOST) {
      event.preventDefault();
      return setText(refusal, TOO_LONG);
    }
    if (cut === 0 || sendButton.disabled) return;
    event.preventDefault();
    const whole = value.slice(0, selectionStart ?? 0) + text.slice(0, cut);
    field.value = text.slice(cut) + value.slice(selectionEnd ?? value.length);
    sendLines(whole);
  }

  row.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      if (sendButton.disabled) return;
      const text = `${field.value}\n`;
      field.value = '';
      sendLines(text);
      field.focus();
    },
    { signal },
  );
  field.addEventListener('keydown', keyDown, { signal });
  field.addEventListener('input', () => setText(refusal, ''), { signal });
  field.addEventListener('paste', pasted, { signal });
  endButton.addEventListener('click', finish, { signal });
  store.watch(['phase', 'waiting'], draw);

  return {
    element: row,
    get hidden() {
      return row.hidden;
    },
    /** What was typed and not sent stays in view. @param {boolean} wanted */
    show(wanted) {
      row.hidden = !wanted && field.value === '';
    },
    begins() {
      ended = false;
      draw();
    },
    focus: () => field.focus(),
    get typed() {
      return field.value;
    },
    /** What was typed and not sent, which whoever asks takes on. */
    take() {
      const text = field.value;
      field.value = '';
      return text;
    },
  };
}

function elements() {
  const field = h('input', {
    id: 'input-line',
    type: 'text',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'send',
  });
  const sendButton = h('button', { type: 'submit', class: 'button small', text: 'Send', title: 'Enter' });
  const endButton = h('button', {
    type: 'button',
    class: 'button small',
    text: 'End input',
    title: 'No more input for this run (Ctrl+D)',
    'aria-keyshortcuts': 'Control+D',
  });
  const label = h('label', { for: 'input-line', text: 'Input' });
  const refusal = h('span', { class: 'refusal', role: 'status' });
  const row = h('form', { class: 'input-row', hidden: true }, label, field, sendButton, endButton, refusal);
  return { row, field, sendButton, endButton, label, refusal };
}

/** What the empty field says. @param {boolean} live @param {boolean} ended @param {boolean} waits */
function invitation(live, ended, waits) {
  if (!live) return 'The program has ended';
  if (ended) return 'The input has ended';
  return waits ? 'Type a line' : 'Type ahead: lines wait for the program';
}
