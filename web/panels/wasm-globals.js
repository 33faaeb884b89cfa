// The exported globals of a module with their values.

import { cutName, nameNodes } from '../guest/names.js';
import { h, setText } from '../ui/dom.js';

/** @import { WasmExport } from '../../runner/module/info.js' */

const GLOBALS_SHOWN = 1000;

export function createGlobalsTable() {
  const body = h('tbody');
  const head = h('tr', {}, ...['Global', 'Type', 'Value'].map((text) => h('th', { scope: 'col', text })));
  const table = h('table', { id: 'exports-globals' }, h('thead', {}, head), body);
  /** @type {Record<string, string>} */
  let types = {};
  return {
    table,
    /** Type by name, of those that have a row. */
    get types() {
      return types;
    },
    get count() {
      return Object.keys(types).length;
    },
    /** In place of those shown before, without values. @param {WasmExport[]} globals */
    show(globals) {
      const some = globals.slice(0, GLOBALS_SHOWN);
      types = Object.fromEntries(some.map(({ name, type }) => [name, type.replace(/^mut /, '')]));
      body.replaceChildren(...Object.entries(types).map(([name, type]) => globalRow(name, type)));
    },
    /** Values of now; a global without one has none that can be read. @param {{ name: string, value: string }[]} values */
    draw(values) {
      const byName = new Map(values.map(({ name, value }) => [name, value]));
      for (const row of body.rows) {
        const value = byName.get(row.dataset.name ?? '');
        setText(row.cells[2], value === undefined ? '–' : cutName(value));
      }
    },
  };
}

/** @param {string} name @param {string} type */
function globalRow(name, type) {
  return h(
    'tr',
    { 'data-name': name },
    h('th', { scope: 'row', class: 'code' }, ...nameNodes(name)),
    h('td', { class: 'code token-type', text: type }),
    h('td', { class: 'code token-number', text: '–' }),
  );
}
