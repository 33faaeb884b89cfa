// The options dialog: limits of a run, in units people use, whether files are validated, and what modules are given
// (guest-options.js). What is applied is remembered.

import { createGuestOptions } from './guest-options.js';
import { initialOptions } from '../state.js';
import { h, setText } from '../ui/dom.js';
import { createDialog, dialogButtons, dialogElement } from '../ui/dialog.js';

/** @import { Options, Store } from '../state.js' */

const MIB = 1024 * 1024;
/** The backend lives in 32-bit memory. */
const MOST_MEMORY = 3072;
/** Of megabytes and seconds: less would come back as 0, which reads as no limit. */
const LEAST = 0.001;

/** @typedef {'steps' | 'memory' | 'output' | 'seconds'} LimitName */
/**
 * What stands at the field and in it while it is empty, and what it takes.
 * @type {Readonly<Record<LimitName, { label: string, none: string, unit: number, whole: boolean, most: number, fault: string }>>}
 */
const FIELDS = {
  steps: {
    label: 'Steps (of interpreted runs)',
    none: 'no limit',
    unit: 1,
    whole: true,
    most: Number.MAX_SAFE_INTEGER,
    fault: 'Enter a whole number of steps, such as 10,000,000.',
  },
  memory: {
    label: 'Memory of the program (MB)',
    none: '256; of modules 1,024',
    unit: MIB,
    whole: false,
    most: MOST_MEMORY,
    fault: 'Enter megabytes, from 0.001 up to 3,072.',
  },
  output: {
    label: 'Output (MB)',
    none: 'no limit',
    unit: MIB,
    whole: false,
    most: 1024 * 1024,
    fault: 'Enter megabytes, such as 64.',
  },
  seconds: {
    label: 'Time (seconds)',
    none: 'no limit',
    unit: 1,
    whole: false,
    most: 1e6,
    fault: 'Enter seconds, such as 10 or 0.5.',
  },
};
const NAMES = /** @type {LimitName[]} */ (Object.keys(FIELDS));

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {(options: Options) => void} parts.apply
 * @param {AbortSignal} parts.signal
 */
export function createOptions({ store, apply, signal }) {
  const current = () => store.now.options;
  /** That what it is given stands in the dialog for. */
  let bytes = store.now.program?.bytes;
  const guest = createGuestOptions();
  const validate = h('input', { type: 'checkbox', id: 'option-validate' });
  const fields = new Map(NAMES.map((name) => [name, limitField(name)]));
  const defaults = h('button', { type: 'button', class: 'button', text: 'Defaults' });
  const form = h(
    'form',
    { novalidate: true },
    h('p', { class: 'dim', text: 'Limits of a run. Leave a field empty for the default.' }),
    ...[...fields.values()].map(({ row }) => row),
    h('label', { class: 'check' }, validate, ' Validate the file before it runs'),
    guest.element,
    dialogButtons(
      defaults,
      null,
      h('button', { type: 'button', class: 'button', 'data-close': true, text: 'Cancel' }),
      h('button', { type: 'submit', class: 'button primary', text: 'Apply and run' }),
    ),
  );
  const dialog = createDialog(dialogElement('options-dialog', 'Options', {}, form), signal);
  /** @param {LimitName} name */
  const parts = (name) => /** @type {ReturnType<typeof limitField>} */ (fields.get(name));
  /** @param {LimitName} name */
  const field = (name) => parts(name).input;

  /** @param {LimitName} name @param {string} text */
  function setFault(name, text) {
    setText(parts(name).fault, text);
    if (text === '') field(name).removeAttribute('aria-invalid');
    else field(name).setAttribute('aria-invalid', 'true');
  }

  /** @param {Options} options */
  function fill({ limits, validate: on, guest: given }) {
    guest.fill(given);
    for (const name of NAMES) {
      const value = limits[name] / FIELDS[name].unit;
      field(name).value = value === 0 ? '' : value.toLocaleString('en', { maximumFractionDigits: 3 });
      setFault(name, '');
    }
    validate.checked = on;
  }

  /** @param {LimitName} name @returns {number | null} null: a fault, which is shown */
  function read(name) {
    const { unit, whole, most, fault } = FIELDS[name];
    const text = field(name).value.replace(/[\s,_]/g, '');
    const value = text === '' ? 0 : /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
    const good = value <= most && (whole ? Number.isSafeInteger(value) : value === 0 || value >= LEAST);
    setFault(name, good ? '' : fault);
    return good
      ? Math.ceil(value * unit * (unit === 1 && !whole ? 1000 : 1)) / (unit === 1 && !whole ? 1000 : 1)
      : null;
  }

  form.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      const values = NAMES.map(read);
      const wrong = values.indexOf(null);
      if (wrong >= 0) return field(NAMES[wrong]).focus();
      const given = guest.read();
      if (given instanceof HTMLElement) return given.focus();
      const [steps, memory, output, seconds] = /** @type {number[]} */ (values);
      dialog.close();
      apply({ ...current(), limits: { steps, memory, output, seconds }, validate: validate.checked, guest: given });
    },
    { signal },
  );
  defaults.addEventListener('click', () => fill(initialOptions()), { signal });
  // Another program that comes while the dialog is open is not given what was meant for the one before.
  store.watch(['program'], ({ program }) => {
    if (program?.bytes === bytes) return;
    bytes = program?.bytes;
    guest.fill(current().guest);
  });
  return {
    open() {
      const isModule = store.now.wasm !== null;
      fill(current());
      // What the present program is given comes first.
      if (isModule) form.prepend(guest.element);
      else validate.parentElement?.after(guest.element);
      guest.element.open = isModule;
      dialog.open();
    },
  };
}

/** @param {LimitName} name */
function limitField(name) {
  const { label, none } = FIELDS[name];
  const input = h('input', {
    id: `option-${name}`,
    inputmode: FIELDS[name].whole ? 'numeric' : 'decimal',
    autocomplete: 'off',
    placeholder: none,
    'aria-describedby': `fault-${name}`,
  });
  const fault = h('span', { class: 'fault', id: `fault-${name}` });
  return { input, fault, row: h('div', { class: 'field' }, h('label', { for: input.id, text: label }), input, fault) };
}
