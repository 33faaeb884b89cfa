// The part of the options dialog that is about WebAssembly modules: what the one that is open is given, and what holds for
// all of them.

import { h, setText } from '../ui/dom.js';
import { keysOf, variable } from '../guest/request.js';
import { isWhole } from '../guest/words.js';

/** @import { GuestOptions } from '../state.js' */

/** @typedef {'args' | 'env' | 'stdin' | 'keys' | 'seed' | 'clock'} TextName */
/**
 * @typedef {object} TextField
 * @property {TextName} name
 * @property {string} label
 * @property {string} none what stands in it while it is empty
 * @property {number} [lines] more than one
 * @property {(text: string) => string} fault '' = it can be used
 */

/** @type {readonly TextField[]} */
const FIELDS = [
  {
    name: 'args',
    label: 'Arguments',
    none: '--verbose "two words" file.txt',
    fault: (text) => (isWhole(text) ? '' : 'A quote is not closed.'),
  },
  {
    name: 'env',
    label: 'Environment, a line per variable',
    none: 'NAME=value',
    lines: 2,
    fault: (text) => {
      const wrong = text.split('\n').find((line) => line.trim() !== '' && variable(line).length === 0);
      return wrong === undefined ? '' : `Write NAME=value: “${wrong.slice(0, 40)}” has no name or no =.`;
    },
  },
  {
    name: 'stdin',
    label: 'Standard input, all of it',
    none: 'Empty: type while the program runs',
    lines: 3,
    fault: () => '',
  },
  {
    name: 'keys',
    label: 'Keys that wait before the start',
    none: 'right right space enter q',
    fault: (text) => {
      const found = keysOf(text);
      return 'error' in found ? `${found.error[0].toUpperCase()}${found.error.slice(1)}.` : '';
    },
  },
  { name: 'seed', label: 'Seed of random numbers', none: 'really random', fault: () => '' },
  {
    name: 'clock',
    label: 'Virtual clock, starting at',
    none: 'the real clock; or 2026-01-31T12:00',
    fault: (text) =>
      text.trim() === '' || !Number.isNaN(Date.parse(text)) ? '' : 'Write a date and time, such as 2026-01-31T12:00.',
  },
];

export function createGuestOptions() {
  const fields = FIELDS.map(textField);
  const stub = h('input', { type: 'checkbox', id: 'option-stub' });
  const trace = h('input', { type: 'checkbox', id: 'option-trace' });
  const element = h(
    'details',
    { class: 'guest-options' },
    h('summary', { text: 'WebAssembly modules' }),
    ...fields.map(({ row }) => row),
    h('label', { class: 'check' }, stub, ' Let stubs stand in for missing imports'),
    h('label', { class: 'check' }, trace, ' Record calls of imports'),
  );
  return {
    element,
    /** @param {GuestOptions} guest */
    fill(guest) {
      for (const { field, input, setFault } of fields) {
        input.value = guest[field.name];
        setFault('');
      }
      stub.checked = guest.stub;
      trace.checked = guest.trace;
    },
    /** @returns {GuestOptions | HTMLElement} the field that has a fault, which is shown */
    read() {
      const values = /** @type {Record<TextName, string>} */ ({});
      /** @type {HTMLElement | null} */
      let wrong = null;
      for (const { field, input, setFault } of fields) {
        values[field.name] = input.value;
        const fault = field.fault(input.value);
        setFault(fault);
        if (fault !== '') wrong ??= input;
      }
      if (!wrong) return { ...values, stub: stub.checked, trace: trace.checked };
      element.open = true;
      return wrong;
    },
  };
}

/** @param {TextField} field */
function textField(field) {
  const { name, label, none, lines } = field;
  const more = { id: `option-${name}`, placeholder: none, autocomplete: 'off', spellcheck: 'false' };
  const described = { 'aria-describedby': `fault-${name}`, autocapitalize: 'off' };
  const input = lines
    ? h('textarea', { ...more, ...described, rows: String(lines) })
    : h('input', { type: 'text', ...more, ...described });
  const fault = h('span', { class: 'fault', id: `fault-${name}` });
  /** @param {string} text */
  function setFault(text) {
    setText(fault, text);
    if (text === '') input.removeAttribute('aria-invalid');
    else input.setAttribute('aria-invalid', 'true');
  }
  return {
    field,
    input,
    setFault,
    row: h('div', { class: 'field' }, h('label', { for: input.id, text: label }), input, fault),
  };
}
