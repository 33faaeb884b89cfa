// The stepper under the inspector: where in the recording we are, what the step did, the call stack, the values of a frame.

import { byId, h, setText } from '../ui/dom.js';
import { ListBox } from '../ui/list-box.js';
import { VirtualList } from '../ui/virtual-list.js';
import { number } from '../format.js';

/** @import { State, Store } from '../state.js' */
/** @import { Frame, Trace } from '../trace/model.js' */

const VALUE_ROW = 20;
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
  const frames = new ListBox({ host: byId('stack'), rowId: 'frame', draw: drawFrame, onPick: choose, signal });
  const valueList = new VirtualList({ host: byId('values'), rowHeight: VALUE_ROW, render: drawValue, signal });
  /** @type {Trace | null} */
  let trace = null;
  /** @type {Frame[]} */
  let stack = [];
  /** @type {[id: number, event: number][]} */
  let values = [];
  /** Values of events after this one are new with this step. */
  let newAfter = 0;

  /** @param {number} index @param {HTMLElement} element */
  function drawFrame(index, element) {
    if (trace && stack[index]) element.append(callText(trace, stack[index]));
  }

  /** @param {number} index @param {HTMLElement} element */
  function drawValue(index, element) {
    const frame = stack[frames.active];
    if (!trace || !frame) return;
    drawOneValue(element, trace, frame, values[index]);
    if (values[index][1] > newAfter) element.append(h('i', { class: 'dim', text: 'just set' }));
  }

  /** @param {number} index */
  function choose(index) {
    const frame = stack[index];
    if (!frame) return; // a row of the stack before
    show(index);
    showSite(frame.site);
  }

  /** Shows the values of a frame. @param {number} index -1: there is none */
  function show(index) {
    frames.activate(index);
    values = trace && index >= 0 ? [...trace.values(stack[index])] : [];
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
    newAfter = state.step > 0 ? trace.lastOf(state.step - 1) : -1;
    frames.renew(stack.length, -1);
    show(stack.length > 0 ? 0 : -1);
    byId('step-what').replaceChildren(...stepNodes(trace, state, stack[0]));
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

/** A frame as a call with its arguments. @param {Trace} trace @param {Frame} frame */
function callText(trace, frame) {
  const call = h('span', {}, h('b', { class: 'token-function', text: frame.name }), '(');
  const given = trace.parameters(frame.event);
  given.slice(0, MOST_ARGUMENTS).forEach(({ id, event }, at) => {
    const value = h('span', { class: 'token-number', text: trace.valueText(event) });
    call.append(at > 0 ? ', ' : '', `v${id} = `, value);
  });
  call.append(given.length > MOST_ARGUMENTS ? ', …)' : ')');
  return call;
}

/** @param {HTMLElement} element @param {Trace} trace @param {Frame} frame @param {[id: number, event: number]} value */
function drawOneValue(element, trace, frame, [id, event]) {
  const type = trace.valueType(event);
  element.append(
    h('span', { class: 'name', text: `v${id}` }),
    h('span', { class: 'type', text: type }),
    h('span', { text: trace.valueText(event) }),
  );
  const stored = type === 'ptr' ? trace.stored(event, frame) : null;
  if (stored !== null) element.append(h('span', { class: 'dim', text: `→ ${trace.valueText(stored)}` }));
}

/** What the step did. @param {Trace} trace @param {Readonly<State>} state @param {Frame | undefined} top */
function stepNodes(trace, { step, listing }, top) {
  const line = listing?.textOfSite(trace.siteOf(step)) ?? '';
  return [
    h('b', { text: top ? `${top.name} ` : '' }),
    h('span', { class: 'dim', text: `${line}  ` }),
    trace.spelt(step),
  ];
}
