// The options dialog: limits of a run, in units people use, and whether files are validated. What is applied is remembered.

import { byId, setText } from '../ui/dom.js';
import { createDialog } from '../ui/dialog.js';

/** @import { Options } from '../state.js' */

const MIB = 1024 * 1024;
/** The backend lives in 32-bit memory. */
const MOST_MEMORY = 3072;

/** @typedef {'steps' | 'memory' | 'output' | 'seconds'} LimitName */
/** @type {Readonly<Record<LimitName, { unit: number, whole: boolean, most: number, fault: string }>>} */
const FIELDS = {
  steps: {
    unit: 1,
    whole: true,
    most: Number.MAX_SAFE_INTEGER,
    fault: 'Enter a whole number of steps, such as 10,000,000.',
  },
  memory: { unit: MIB, whole: false, most: MOST_MEMORY, fault: 'Enter megabytes, up to 3,072.' },
  output: { unit: MIB, whole: false, most: 1024 * 1024, fault: 'Enter megabytes, such as 64.' },
  seconds: { unit: 1, whole: false, most: 1e6, fault: 'Enter seconds, such as 10 or 0.5.' },
};
const NAMES = /** @type {LimitName[]} */ (Object.keys(FIELDS));

/**
 * @param {object} parts
 * @param {() => Options} parts.current
 * @param {(options: Options) => void} parts.apply
 * @param {AbortSignal} parts.signal
 */
export function createOptions({ current, apply, signal }) {
  const dialog = createDialog(/** @type {HTMLDialogElement} */ (byId('options-dialog')), signal);
  const form = /** @type {HTMLFormElement} */ (byId('options-form'));
  const validate = /** @type {HTMLInputElement} */ (byId('option-validate'));
  /** @param {LimitName} name */
  const field = (name) => /** @type {HTMLInputElement} */ (byId(`option-${name}`));

  /** @param {LimitName} name @param {string} text */
  function setFault(name, text) {
    setText(byId(`fault-${name}`), text);
    if (text === '') field(name).removeAttribute('aria-invalid');
    else field(name).setAttribute('aria-invalid', 'true');
  }

  /** @param {Options} options */
  function fill({ limits, validate: on }) {
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
    const good = value <= most && (!whole || Number.isSafeInteger(value));
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
      const [steps, memory, output, seconds] = /** @type {number[]} */ (values);
      dialog.close();
      apply({ limits: { steps, memory, output, seconds }, validate: validate.checked });
    },
    { signal },
  );
  byId('options-defaults').addEventListener(
    'click',
    () => fill({ limits: { steps: 0, memory: 0, output: 0, seconds: 0 }, validate: true }),
    { signal },
  );
  return {
    open() {
      fill(current());
      dialog.open();
    },
  };
}
