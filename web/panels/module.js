// The module panel: header, sections with offsets and sizes, functions, types, strings. Long lists are drawn as they come
// into view; a closed part is built only when it is opened.

import { spelt } from '../../runner/visible.js';
import { byId, h, setText } from '../ui/dom.js';
import { counted, number, size } from '../format.js';
import { cutName } from '../guest/names.js';
import { part, rowList } from './kit.js';

/** @import { FunctionInfo, ModuleInfo } from '../../runner/protocol.js' */
/** @import { Store } from '../state.js' */

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {(name: string) => void} parts.showFunction
 * @param {AbortSignal} parts.signal
 */
export function createModulePanel({ store, showFunction, signal }) {
  const host = byId('module');
  const empty = byId('module-empty');
  /** Ends the lists of the module shown before. */
  let shown = new AbortController();

  store.watch(['module', 'invalid', 'refusal'], ({ module: valid, invalid, refusal }) => {
    const module = valid ?? invalid;
    shown.abort();
    shown = new AbortController();
    host.hidden = module === null;
    empty.hidden = module !== null || refusal === null;
    if (!module) setText(empty, 'There is nothing to show: the file cannot be read.');
    host.replaceChildren(...(module ? moduleParts(module, showFunction, shown.signal) : []));
    host.scrollTop = 0;
  });
  signal.addEventListener('abort', () => shown.abort());
  return { focus: () => host.focus() };
}

/**
 * @param {ModuleInfo} module
 * @param {(name: string) => void} showFunction
 * @param {AbortSignal} signal ends the lists
 */
function moduleParts(module, showFunction, signal) {
  const { functions, structs, enums, globals, literals, strings, omitted } = module;
  const open = { open: true };
  /** @param {string} label @param {number} count @param {(index: number, row: HTMLElement) => void} draw */
  const rows = (label, count, draw) => rowList(label, count, draw, signal).scroll;
  /** @param {string} label @param {string[]} texts */
  const textRows = (label, texts) =>
    rows(label, texts.length, (index, row) => row.append(at(String(index)), spelt(JSON.stringify(texts[index]))));
  /** @param {number} index @param {HTMLElement} row */
  const drawFunction = (index, row) => functionRow(row, functions[index], showFunction);
  const functionRows = () => rows('Functions', functions.length, drawFunction);
  /** @type {Node[]} */
  const parts = [
    part('Header and sections', `JSRS version ${module.version}, ${size(module.size)}`, () => sections(module), open),
    part('Functions', countText(functions.length, omitted.functions), functionRows, open),
  ];
  const types = structs.length + enums.length;
  if (types > 0) {
    /** @param {number} index */
    const textOf = (index) =>
      index < structs.length ? structText(structs[index]) : enumText(enums[index - structs.length]);
    const draw = () => rows('Types', types, (index, row) => row.append(spelt(textOf(index))));
    parts.push(part('Types', countText(types, omitted.structs + omitted.enums), draw));
  }
  if (globals.length > 0) {
    const draw = () => rows('Globals', globals.length, (index, row) => row.append(spelt(globalText(globals[index]))));
    parts.push(part('Globals', countText(globals.length, omitted.globals), draw));
  }
  const literalRows = () => textRows('Literals', literals);
  if (literals.length > 0)
    parts.push(part('Literals', countText(literals.length, omitted.literals), literalRows, open));
  const stringRows = () => textRows('Strings', strings);
  parts.push(part('Strings', countText(strings.length, omitted.strings), stringRows));
  return parts;
}

/** @param {number} listed @param {number} left */
function countText(listed, left) {
  return left > 0 ? `${number(listed + left)}, the first ${number(listed)} shown` : number(listed);
}

/** @param {ModuleInfo['structs'][number]} struct */
function structText({ name, fields }) {
  return `struct ${name} { ${fields.join(', ')} }`;
}

/** @param {ModuleInfo['enums'][number]} type */
function enumText({ name, variants }) {
  const cases = variants.map((fields, variant) => `${variant}${fields.length > 0 ? `(${fields.join(', ')})` : ''}`);
  return `enum ${name} { ${cases.join(', ')} }`;
}

/** @param {ModuleInfo['globals'][number]} global */
function globalText({ name, type, init }) {
  return `${name}: ${type}${init === null ? '' : ` = ${init}`}`;
}

/** @param {HTMLElement} row empty @param {FunctionInfo} info @param {(name: string) => void} showFunction */
function functionRow(row, { name, params, result, blocks, instructions, offset }, showFunction) {
  const types = params.map((param) => param.type).join(', ');
  const link = h('button', {
    type: 'button',
    class: 'link',
    text: cutName(name),
    on: { click: () => showFunction(name) },
  });
  row.append(
    at(hex(offset)),
    h('span', {}, link, spelt(`(${types})${result === 'unit' ? '' : ` -> ${result}`}`)),
    h('span', { class: 'dim', text: `${counted(blocks, 'block')}, ${counted(instructions, 'instruction')}` }),
  );
}

/** @param {ModuleInfo} module */
function sections(module) {
  const all = [{ name: 'header', offset: 0, size: module.headerSize, count: null }, ...module.sections];
  const rows = all.map((section) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row', text: section.name }),
      h('td', { class: 'num', text: hex(section.offset) }),
      h('td', { class: 'num', text: number(section.size) }),
      h('td', { class: 'num', text: section.count === null ? '' : number(section.count) }),
    ),
  );
  const head = ['Section', 'Offset', 'Bytes', 'Items'].map((text, index) =>
    h('th', { scope: 'col', class: index > 0 ? 'num' : '', text }),
  );
  return h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows));
}

/** @param {string} text */
function at(text) {
  return h('span', { class: 'at', text });
}

/** @param {number} offset */
function hex(offset) {
  return `0x${offset.toString(16).padStart(4, '0')}`;
}
