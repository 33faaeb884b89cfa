// The stepper under the inspector: where in the recording we are, what the step did, the call stack, the values of a frame.

import { byId, h, setText } from '../ui/dom.js';
import { VirtualList } from '../ui/virtual-list.js';
import { number } from '../format.js';

/** @import { State, Store } from '../state.js' */
/** @import { Frame, Trace } from '../trace/model.js' */

const VALUE_ROW = 20;
const FRAME_ROW = 24;
const FRAME_ROW_TOUCH = 44;
const MOST_ARGUMENTS = 6;

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {{ go: (step: number) => void }} parts.stepping
 * @param {(site: number) => void} parts.showSite
 * @param {(sentence: string) => void} parts.notice
 * @param {AbortSignal} parts.signal
 */
export function createStepper({ store, stepping, showSite, notice, signal }) {
  const stepper = byId('stepper');
  const scrubber = /** @type {HTMLInputElement} */ (byId('scrubber'));
  const field = /** @type {HTMLInputElement} */ (byId('step-number'));
  const stackHost = byId('stack');
  const narrow = matchMedia('(max-width: 760px)');
  const frameRow = () => (narrow.matches ? FRAME_ROW_TOUCH : FRAME_ROW);
  const stackList = new VirtualList({ host: stackHost, rowHeight: frameRow(), render: drawFrame, signal });
  const valueList = new VirtualList({ host: byId('values'), rowHeight: VALUE_ROW, render: drawValue, signal });
  /** @type {Trace | null} */
  let trace = null;
  /** @type {Frame[]} */
  let stack = [];
  /** Which frame's values are shown. */
  let chosen = 0;
  /** @type {[id: number, event: number][]} */
  let values = [];
  /** Values of events after this one are new with this step. */
  let newAfter = 0;

  /** @param {number} index @param {HTMLElement} element */
  function drawFrame(index, element) {
    const frame = stack[index];
    if (!trace || !frame) return;
    element.id = `frame-${index}`;
    element.setAttribute('role', 'option');
    element.setAttribute('aria-selected', String(index === chosen));
    element.style.height = element.style.lineHeight = `${frameRow()}px`;
    const name = h('span', {}, h('b', { class: 'token-function', text: frame.name }), '(');
    const given = trace.parameters(frame.event);
    given.slice(0, MOST_ARGUMENTS).forEach(({ id, event }, at) => {
      name.append(
        at > 0 ? ', ' : '',
        `v${id} = `,
        h('span', { class: 'token-number', text: trace?.valueText(event) ?? '' }),
      );
    });
    name.append(given.length > MOST_ARGUMENTS ? ', …)' : ')');
    element.append(name);
    element.addEventListener('click', () => choose(index));
  }

  /** @param {number} index @param {HTMLElement} element */
  function drawValue(index, element) {
    const frame = stack[chosen];
    if (!trace || !frame) return;
    const [id, event] = values[index];
    const type = trace.valueType(event);
    element.append(h('span', { class: 'name', text: `v${id}` }), h('span', { class: 'type', text: type }));
    element.append(h('span', { text: trace.valueText(event) }));
    if (type === 'ptr') {
      const stored = trace.stored(event, frame);
      if (stored !== null) element.append(h('span', { class: 'dim', text: `→ ${trace.valueText(stored)}` }));
    }
    if (event > newAfter) element.append(h('i', { class: 'dim', text: 'just set' }));
  }

  /** @param {number} index */
  function choose(index) {
    chosen = Math.max(0, Math.min(index, stack.length - 1));
    drawFrames();
    const frame = stack[chosen];
    if (frame) showSite(frame.site);
  }

  function drawFrames() {
    const frame = stack[chosen];
    values = trace && frame ? [...trace.values(frame)] : [];
    stackList.setCount(stack.length);
    stackList.refresh();
    stackList.scrollToRow(chosen);
    if (frame) stackHost.setAttribute('aria-activedescendant', `frame-${chosen}`);
    else stackHost.removeAttribute('aria-activedescendant');
    valueList.setCount(values.length);
    valueList.refresh();
    const fresh = values.findIndex(([, event]) => event > newAfter);
    if (fresh >= 0) valueList.scrollToRow(fresh);
  }

  /** @param {Readonly<State>} state */
  function draw(state) {
    trace = state.trace;
    stepper.hidden = trace === null;
    if (!trace || state.step < 0) return;
    const last = trace.steps.length - 1;
    scrubber.max = String(last);
    scrubber.value = String(state.step);
    scrubber.setAttribute('aria-valuetext', `step ${state.step + 1} of ${last + 1}`);
    if (document.activeElement !== field) field.value = number(state.step + 1);
    setText(byId('step-total'), number(last + 1));
    stack = trace.stack(state.step);
    chosen = 0;
    newAfter = state.step > 0 ? trace.lastOf(state.step - 1) : -1;
    drawFrames();
    const [top] = stack;
    const line = state.listing?.textOfSite(trace.siteOf(state.step)) ?? '';
    byId('step-what').replaceChildren(
      h('b', { text: top ? `${top.name} ` : '' }),
      h('span', { class: 'dim', text: `${line}  ` }),
      trace.spelt(state.step),
    );
  }

  /** What is no step stays in the field, to be mended. @param {string} text */
  function goToNumber(text) {
    const steps = trace?.steps.length ?? 0;
    const wanted = Number(text);
    if (!Number.isInteger(wanted) || wanted < 1 || wanted > steps)
      return notice(`There is no such step: type a whole number from 1 to ${number(steps)}.`);
    stepping.go(wanted - 1);
    field.value = number(wanted);
  }

  scrubber.addEventListener('input', () => stepping.go(Number(scrubber.value)), { signal });
  field.addEventListener('focus', () => field.select(), { signal });
  field.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      goToNumber(field.value.replace(/[\s,_]/g, ''));
      field.select();
    },
    { signal },
  );
  field.addEventListener('blur', () => (field.value = number(store.now.step + 1)), { signal });
  stackHost.addEventListener(
    'keydown',
    (event) => {
      const move = { ArrowDown: 1, ArrowUp: -1, Home: -stack.length, End: stack.length }[event.key];
      if (move === undefined || event.ctrlKey || event.altKey) return;
      event.preventDefault();
      choose(chosen + move);
    },
    { signal },
  );
  narrow.addEventListener('change', () => stackList.setRowHeight(frameRow()), { signal });

  // Scrubbing asks for more steps a second than there are frames: draw the last one only.
  let frame = 0;
  store.watch(['trace', 'step'], () => {
    if (frame === 0) {
      frame = requestAnimationFrame(() => {
        frame = 0;
        draw(store.now);
      });
    }
  });
}
