// The module panel: header, sections with offsets and sizes, functions, types, strings. Long lists are drawn as they come
// into view; a closed part is built only when it is opened.

import { spelt } from '../../runner/visible.js';
import { byId, h, setText } from '../ui/dom.js';
import { VirtualList } from '../ui/virtual-list.js';
import { counted, number, size } from '../format.js';
import { cutName } from '../guest/names.js';

/** @import { FunctionInfo, ModuleInfo } from '../../runner/protocol.js' */
/** @import { Store } from '../state.js' */

const ROW = 24;
const ROW_TOUCH = 44;
const TALLEST = 420;

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

  /** @param {number} offset */
  const hex = (offset) => `0x${offset.toString(16).padStart(4, '0')}`;

  /** @param {string} title @param {string} note @param {() => Node} body @param {boolean} [open] */
  function part(title, note, body, open = false) {
    const details = h('details', {}, h('summary', {}, `${title} `, h('span', { class: 'dim', text: note })));
    const fill = () => details.childElementCount === 1 && details.append(body());
    details.addEventListener('toggle', () => details.open && fill(), { signal: shown.signal });
    if (open) {
      fill();
      details.open = true;
    }
    return details;
  }

  /**
   * A scrolling list of rows, virtual whatever its length.
   * @param {string} label @param {number} count @param {(index: number, row: HTMLElement) => void} render
   */
  function rows(label, count, render) {
    const rowHeight = matchMedia('(max-width: 760px)').matches ? ROW_TOUCH : ROW;
    const scroll = h('div', { class: 'scroll code', tabindex: '0', role: 'region', 'aria-label': label });
    scroll.style.height = `${Math.min(count * rowHeight + 2, TALLEST)}px`;
    const list = new VirtualList({
      host: scroll,
      rowHeight,
      signal: shown.signal,
      render: (index, row) => {
        row.style.height = row.style.lineHeight = `${rowHeight}px`;
        render(index, row);
      },
    });
    list.setCount(count);
    return scroll;
  }

  /** @param {string[]} texts @param {string} label */
  const textRows = (texts, label) =>
    rows(label, texts.length, (index, row) => row.append(at(String(index)), spelt(JSON.stringify(texts[index]))));

  /** @param {string} text */
  const at = (text) => h('span', { class: 'at', text });

  /** @param {FunctionInfo} info @param {HTMLElement} row */
  function functionRow(info, row) {
    const { name, params, result, blocks, instructions, offset } = info;
    const types = params.map((param) => param.type).join(', ');
    row.append(
      at(hex(offset)),
      h(
        'span',
        {},
        h('button', { type: 'button', class: 'link', text: cutName(name), on: { click: () => showFunction(name) } }),
        spelt(`(${types})${result === 'unit' ? '' : ` -> ${result}`}`),
      ),
      h('span', { class: 'dim', text: `${counted(blocks, 'block')}, ${counted(instructions, 'instruction')}` }),
    );
  }

  /** @param {ModuleInfo} module */
  function sections(module) {
    const body = h('tbody');
    const all = [{ name: 'header', offset: 0, size: module.headerSize, count: null }, ...module.sections];
    for (const section of all) {
      body.append(
        h(
          'tr',
          {},
          h('th', { scope: 'row', text: section.name }),
          h('td', { class: 'num', text: hex(section.offset) }),
          h('td', { class: 'num', text: number(section.size) }),
          h('td', { class: 'num', text: section.count === null ? '' : number(section.count) }),
        ),
      );
    }
    const head = ['Section', 'Offset', 'Bytes', 'Items'].map((text, index) =>
      h('th', { scope: 'col', class: index > 0 ? 'num' : '', text }),
    );
    return h('table', {}, h('thead', {}, h('tr', {}, ...head)), body);
  }

  /** @param {ModuleInfo} module */
  function build(module) {
    const { omitted } = module;
    /** @param {unknown[]} list @param {number} left */
    const count = (list, left) =>
      left > 0 ? `${number(list.length + left)}, the first ${number(list.length)} shown` : number(list.length);
    /** @type {Node[]} */
    const parts = [
      part('Header and sections', `JSRS version ${module.version}, ${size(module.size)}`, () => sections(module), true),
      part(
        'Functions',
        count(module.functions, omitted.functions),
        () => rows('Functions', module.functions.length, (index, row) => functionRow(module.functions[index], row)),
        true,
      ),
    ];
    const types = module.structs.length + module.enums.length;
    if (types > 0) {
      parts.push(
        part('Types', count([...module.structs, ...module.enums], omitted.structs + omitted.enums), () =>
          rows('Types', types, (index, row) => {
            const struct = module.structs[index];
            if (struct) return row.append(spelt(`struct ${struct.name} { ${struct.fields.join(', ')} }`));
            const { name, variants } = module.enums[index - module.structs.length];
            const cases = variants.map(
              (fields, variant) => `${variant}${fields.length > 0 ? `(${fields.join(', ')})` : ''}`,
            );
            row.append(spelt(`enum ${name} { ${cases.join(', ')} }`));
          }),
        ),
      );
    }
    if (module.globals.length > 0) {
      parts.push(
        part('Globals', count(module.globals, omitted.globals), () =>
          rows('Globals', module.globals.length, (index, row) => {
            const { name, type, init } = module.globals[index];
            row.append(spelt(`${name}: ${type}${init === null ? '' : ` = ${init}`}`));
          }),
        ),
      );
    }
    if (module.literals.length > 0) {
      parts.push(
        part('Literals', count(module.literals, omitted.literals), () => textRows(module.literals, 'Literals'), true),
      );
    }
    parts.push(part('Strings', count(module.strings, omitted.strings), () => textRows(module.strings, 'Strings')));
    return parts;
  }

  store.watch(['module', 'invalid', 'refusal'], ({ module: valid, invalid, refusal }) => {
    const module = valid ?? invalid;
    shown.abort();
    shown = new AbortController();
    host.hidden = module === null;
    empty.hidden = module !== null || refusal === null;
    if (!module) setText(empty, 'There is nothing to show: the file cannot be read.');
    host.replaceChildren(...(module ? build(module) : []));
    host.scrollTop = 0;
  });
  signal.addEventListener('abort', () => shown.abort());
  return { focus: () => host.focus() };
}
