// The forms of a module's exported functions, some at a time; a filter reaches the others.

import { number } from '../format.js';
import { h, setText } from '../ui/dom.js';
import { callForm } from './wasm-call-form.js';
import { part } from './kit.js';

/** @import { WasmExport } from '../../runner/module/info.js' */

/** Forms at once. */
const FORMS_SHOWN = 100;
const FILTER_FROM = 8;

/**
 * @param {object} parts
 * @param {WasmExport[]} parts.functions
 * @param {Parameters<typeof callForm>[1]} parts.perform
 * @param {Parameters<typeof callForm>[2]} parts.answerNodes
 * @param {AbortSignal} parts.signal
 */
export function formsPart({ functions, perform, answerNodes, signal }) {
  if (functions.length === 0) return h('p', { class: 'empty', text: 'This module exports no functions.' });
  const filter = h('input', {
    ...{ type: 'search', 'aria-label': 'Filter exported functions by name', placeholder: 'Filter by name' },
    ...{ autocomplete: 'off', spellcheck: 'false' },
  });
  const more = h('p', { class: 'dim', role: 'status' });
  const forms = h('div', { class: 'call-forms' });
  const fill = () => {
    const wanted = filter.value.trim().toLowerCase();
    const found = functions.filter(({ name }) => name.toLowerCase().includes(wanted));
    // The very name that was typed comes first.
    found.sort((a, b) => Number(b.name.toLowerCase() === wanted) - Number(a.name.toLowerCase() === wanted));
    forms.replaceChildren(...found.slice(0, FORMS_SHOWN).map((each) => callForm(each, perform, answerNodes)));
    const left = found.length - FORMS_SHOWN;
    setText(
      more,
      found.length === 0 ? 'No name has this.' : left > 0 ? `and ${number(left)} more: filter by name` : '',
    );
  };
  filter.addEventListener('input', fill, { signal: signal });
  fill();
  const head = h('div', { class: 'list-tools' }, filter);
  head.hidden = functions.length < FILTER_FROM;
  return part('Functions', number(functions.length), () => h('div', {}, head, forms, more), { open: true });
}
