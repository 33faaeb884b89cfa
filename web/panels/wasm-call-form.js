// The form that calls one exported function: a field for each parameter, read by its type, and what the last call gave.

import { callFault, readValue } from '../../runner/guest/values.js';
import { spelt } from '../../runner/visible.js';
import { number, sentence } from '../format.js';
import { nameNodes } from '../guest/names.js';
import { h } from '../ui/dom.js';

/** @import { ExportCall } from '../../runner/guest/types.js' */
/** @import { WasmExport } from '../../runner/module/info.js' */
/** @import { Answer } from '../guest/caller.js' */

/** Types that are named in a signature; the fields name all. */
const TYPES_SHOWN = 12;
const NUMBERS = ['i32', 'i64', 'f32', 'f64'];
/** What a field says when it is pointed at. @type {Record<string, string>} */
const TITLES = {
  i32: 'A whole number, signed or unsigned (up to 2³² − 1). Results are signed.',
  i64: 'A whole number, signed or unsigned (up to 2⁶⁴ − 1). Results are signed.',
};
let serial = 0;

/**
 * @param {WasmExport} exported
 * @param {(call: ExportCall, text: string) => Promise<Answer>} perform
 * @param {(answer: Answer) => (Node | string)[]} answerNodes
 */
export function callForm({ name, params = [], results = [] }, perform, answerNodes) {
  const id = `call-${++serial}`;
  const said = h('output', { class: 'code answer', id: `${id}-answer` });
  const fault = h('p', { class: 'fault', id: `${id}-fault`, role: 'alert' });
  const never = callFault(params, results);
  const fields = params.map((type, index) => field(type, index));
  const call = h('button', {
    type: 'submit',
    class: 'button small',
    text: 'Call',
    'aria-label': `Call ${spelt(name).slice(0, 200)}`,
  });
  call.disabled = never !== null;
  const form = h(
    'form',
    { class: 'call-form', 'aria-label': spelt(name).slice(0, 200) || 'no name', novalidate: true },
    h(
      'p',
      { class: 'code signature' },
      h('b', {}, ...nameNodes(name, 60)),
      ' ',
      h('span', {
        class: 'dim',
        text: `(${typesText(params)}) → ${typesText(results) || 'nothing'}`,
      }),
    ),
    h('div', { class: 'fields' }, ...fields.map(({ label }) => label), call),
    fault,
    said,
  );
  if (never !== null) fault.textContent = never;

  /** @param {string} type @param {number} index */
  function field(type, index) {
    const isNumber = NUMBERS.includes(type);
    const input = h('input', {
      type: 'text',
      value: isNumber ? '0' : 'null',
      readonly: !isNumber,
      disabled: never !== null,
      'aria-label': `Parameter ${index + 1}, ${type}`,
      'aria-describedby': `${id}-fault`,
      autocomplete: 'off',
      spellcheck: 'false',
    });
    const title = TITLES[type] ?? (isNumber ? '' : 'A reference can only be null here.');
    const label = h(
      'label',
      { class: 'param', title },
      h('span', { class: 'code token-type', 'aria-hidden': 'true', text: type }),
      input,
    );
    return { label, input, type };
  }

  /** The values of the fields; null when one cannot be read, which its field then says. */
  function read() {
    /** @type {ExportCall['arguments']} */
    const values = [];
    fault.textContent = '';
    /** @type {HTMLInputElement | null} */
    let wrong = null;
    fields.forEach(({ input, type }, index) => {
      const value = readValue(input.value, type);
      const isWrong = 'fault' in value;
      input.setAttribute('aria-invalid', String(isWrong));
      if ('value' in value) return void values.push(value.value);
      if (wrong) return;
      wrong = input;
      fault.textContent = `Parameter ${index + 1}: ${sentence(spelt(value.fault).slice(0, 200))}`;
    });
    /** @type {HTMLInputElement | null} */ (wrong)?.focus();
    return wrong ? null : values;
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const values = read();
    if (values === null) return;
    said.replaceChildren(h('span', { class: 'dim', text: 'calling …' }));
    const text = `${name}(${fields.map(({ input }) => input.value.trim()).join(', ')})`;
    said.replaceChildren(...answerNodes(await perform({ name, arguments: values }, text)));
  });
  return form;
}

/** @param {string[]} types */
function typesText(types) {
  const more = types.length - TYPES_SHOWN;
  return types.slice(0, TYPES_SHOWN).join(', ') + (more > 0 ? `, and ${number(more)} more` : '');
}
