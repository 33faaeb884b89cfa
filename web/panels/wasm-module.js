// The module panel of a WebAssembly module: what it is, what is missing and why, who serves each import, what it exports,
// its memories and tables, sections, segments, and its functions.

import { missingOf } from '../../runner/module/plan.js';
import { spelt } from '../../runner/visible.js';
import { counted, number, size } from '../format.js';
import { address } from '../guest/hex.js';
import { PRODUCERS, importType, isServed, onlyServer, spacesNote, typeOf, usesOf } from '../guest/module-words.js';
import { cutName, nameNodes } from '../guest/names.js';
import { byId, h } from '../ui/dom.js';
import { commonModule } from '../guest/functions.js';
import { functionList } from './wasm-functions.js';
import { grid, part } from './wasm-kit.js';
import { createMissingPart } from './wasm-missing.js';

/** @import { LinkedPlan, PlannedImport, Plan } from '../../runner/module/plan.js' */
/** @import { WasmInfo } from '../../runner/module/info.js' */
/** @import { Functions } from '../guest/functions.js' */
/** @import { GuestOptions, Store } from '../state.js' */
/** @import { Cell } from './wasm-kit.js' */

const PAGE = 65536;
/** Characters of a name in a table, and of a type that stays on one line. */
const NAME_IN_TABLE = 48;
const TYPE_ON_LINE = 24;

/**
 * @param {object} parts
 * @param {HTMLElement} parts.panel
 * @param {Store} parts.store
 * @param {() => Functions | null} parts.functions
 * @param {(index: number) => void} parts.showFunction
 * @param {(change: Partial<GuestOptions>) => void} parts.applyGuest
 * @param {(name: string, file: File) => Promise<void>} parts.linkFile
 * @param {(name: string) => number} parts.linkedSize bytes of a linked module's file
 * @param {(name: string) => void} parts.unlink takes a linked module away
 * @param {AbortSignal} parts.signal
 */
export function createWasmModulePanel(parts) {
  const { panel, store, functions, showFunction, applyGuest, linkFile, linkedSize, unlink, signal } = parts;
  const host = h('div', {
    class: 'scroll module',
    id: 'wasm-module',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Contents of the module',
    hidden: true,
  });
  panel.append(host);
  /** Ends the lists of the module shown before. */
  let shown = new AbortController();
  const missingPart = createMissingPart(applyGuest, linkFile);

  /** @param {string} label @param {{ title: string, isNumber?: boolean }[]} columns @param {number} count @param {(index: number) => Cell[]} cells */
  const table = (label, columns, count, cells) => grid(label, columns, count, cells, shown.signal);

  /** @param {number} index @param {string} [name] */
  const functionLink = (index, name) => {
    const [shownName, ...more] = nameNodes(name ?? functions()?.nameOf(index) ?? `function ${index}`, NAME_IN_TABLE);
    const link = h('button', { type: 'button', class: 'link', on: { click: () => showFunction(index) } }, shownName);
    return [link, ...more];
  };

  /** @param {WasmInfo} info @param {Plan} plan */
  function facts(info, plan) {
    const instead = plan.callable ? ' Call its exports instead.' : '';
    /** @type {[string, Cell][]} */
    const rows = [
      ['Kind', plan.title],
      ['Size', info.size < 1024 ? counted(info.size, 'byte') : `${size(info.size)} (${counted(info.size, 'byte')})`],
      ['Entry', plan.entry === null ? `${plan.entryFault}${instead}` : code(plan.entry)],
    ];
    if (plan.reactor) rows.push(['Start-up', [code('_initialize'), document.createTextNode(' is called first.')]]);
    if (info.moduleName) rows.push(['Name', nameNodes(info.moduleName)]);
    if (info.start !== null) rows.push(['Start function', functionLink(info.start)]);
    for (const each of plan.linked) rows.push(['Linked', linkedCell(each)]);
    const uses = usesOf(plan);
    if (uses !== '') rows.push(['Uses', uses]);
    if (info.features.length > 0) rows.push(['Features used', chips(info.features)]);
    if (info.targetFeatures.length > 0) rows.push(['Target features', chips(info.targetFeatures)]);
    for (const { field, name, version } of info.producers)
      rows.push([PRODUCERS[field] ?? spelt(field), nameNodes(`${name} ${version}`.trim())]);
    return h(
      'dl',
      { class: 'facts' },
      ...rows.flatMap(([term, cell]) => [
        h('dt', { text: term }),
        h('dd', {}, ...(Array.isArray(cell) ? cell : [cell])),
      ]),
    );
  }

  /** @param {LinkedPlan} linked */
  function linkedCell({ name, file }) {
    const click = () => {
      unlink(name);
      host.focus(); // the button is gone
    };
    const label = `Unlink ${cutName(file, 40)}`;
    const button = h('button', { type: 'button', class: 'link', text: 'Unlink', 'aria-label': label, on: { click } });
    return [...nameNodes(`${file}, ${size(linkedSize(name))} `), button];
  }

  /** @param {PlannedImport} each @param {PlannedImport} [before] whose reason is not said twice */
  function servedBy({ fate, by, reason }, before) {
    if (isServed(fate)) return [h('span', { class: 'on-line', text: by })];
    const traps = fate === 'trap';
    const why = traps ? `Not served: calling it ends the run. ${reason}` : `Missing. ${reason}`;
    const isSame = before?.fate === fate && before.reason === reason;
    const sentence = isSame ? `${traps ? 'Not served' : 'Missing'}, likewise.` : why;
    return [h('span', { class: traps ? 'dim' : 'failed', text: sentence })];
  }

  /** @param {WasmInfo} info @param {Plan} plan */
  function imports(info, plan) {
    const columns = [{ title: 'Import' }, { title: 'Type' }, { title: 'Served by' }];
    const common = commonModule(info) !== '';
    return table('Imports', columns, plan.imports.length, (index) => {
      const each = plan.imports[index];
      const isFunction = each.kind === 'function' && info.imports[index]?.kind === 'function';
      const shown = common ? each.name : `${each.module}.${each.name}`;
      const name = isFunction ? functionLink(info.imports[index].index, shown) : nameNodes(shown, NAME_IN_TABLE);
      return [name, typeCell(importType(each)), servedBy(each, plan.imports[index - 1])];
    });
  }

  /** @param {WasmInfo} info */
  function exportsTable({ exports }) {
    const columns = [{ title: 'Export' }, { title: 'Kind' }, { title: 'Type' }, { title: 'Index', isNumber: true }];
    return table('Exports', columns, exports.length, (index) => {
      const { name, kind, type, index: at } = exports[index];
      const cell = kind === 'function' ? functionLink(at, name) : nameNodes(name, NAME_IN_TABLE);
      return [cell, kind, typeCell(typeOf({ kind, type })), number(at)];
    });
  }

  /** @param {WasmInfo} info */
  function sections({ sections: all, size: whole }) {
    const columns = [
      { title: 'Section' },
      { title: 'Offset', isNumber: true },
      { title: 'Bytes', isNumber: true },
      { title: 'Items', isNumber: true },
      { title: 'Share' },
    ];
    return table('Sections', columns, all.length, (index) => {
      const { id, name, offset, size: bytes, count } = all[index];
      const label = id === 0 ? [h('span', { class: 'dim', text: 'custom ' }), ...nameNodes(name, 40)] : name;
      const items = count === null ? '' : number(count);
      return [label, address(offset), number(bytes), items, [bar(bytes / whole)]];
    });
  }

  /** @param {WasmInfo} info */
  function spaces({ memories, tables, globals, tags }) {
    const rows = [
      ...memories.map(({ index, name, imported, initial, maximum, shared, is64, pageSize }) => {
        const bytes = pageSize ?? PAGE;
        const words = [
          `${size(initial * bytes)} at first`,
          maximum === null ? 'no maximum' : `at most ${size(maximum * bytes)}`,
        ];
        if (shared) words.push('shared');
        if (is64) words.push('64-bit addresses');
        if (pageSize !== undefined) words.push(`pages of ${counted(pageSize, 'byte')}`);
        return { kind: 'memory', index, name, imported, what: words.join(', ') };
      }),
      ...tables.map(({ index, name, imported, type, initial, maximum, is64 }) => {
        const most = maximum === null ? 'no maximum' : `at most ${number(maximum)}`;
        return {
          kind: 'table',
          index,
          name,
          imported,
          what: `${type}, ${counted(initial, 'item')}, ${most}${is64 ? ', 64-bit indices' : ''}`,
        };
      }),
      ...globals.map(({ index, name, imported, type, mutable, init }) => ({
        ...{ kind: 'global', index, name, imported },
        what: `${mutable ? 'mutable ' : ''}${type}${init === null ? '' : ` = ${init}`}`,
      })),
      ...tags.map(({ index, name, imported, type }) => ({ kind: 'tag', index, name, imported, what: type })),
    ];
    const columns = [{ title: 'Item' }, { title: 'Name' }, { title: 'What it is' }];
    return table('Memories, tables, globals and tags', columns, rows.length, (at) => {
      const { kind, index, name, imported, what } = rows[at];
      return [`${kind} ${index}`, name ? nameNodes(name, 40) : '', imported ? `${what}, imported` : what];
    });
  }

  /** @param {WasmInfo} info */
  function segments({ data, elements }) {
    const columns = [{ title: 'Segment' }, { title: 'Content' }, { title: 'Where' }];
    return table('Data and element segments', columns, data.length + elements.length, (at) => {
      if (at < data.length) {
        const { mode, memory, offset, size: bytes } = data[at];
        const where = mode === 'active' ? `memory ${memory ?? 0}${offset === null ? '' : ` at ${offset}`}` : mode;
        return [`data ${at}`, counted(bytes, 'byte'), where];
      }
      const { mode, table: into, offset, type, count } = elements[at - data.length];
      const where = mode === 'active' ? `table ${into ?? 0}${offset === null ? '' : ` at ${offset}`}` : mode;
      return [`elements ${at - data.length}`, `${number(count)} × ${type}`, where];
    });
  }

  /** @param {WasmInfo} info */
  function custom({ custom: all }) {
    const columns = [
      { title: 'Custom section' },
      { title: 'Offset', isNumber: true },
      { title: 'Bytes', isNumber: true },
    ];
    return table('Custom sections', columns, all.length, (index) => {
      const { name, offset, size: bytes } = all[index];
      return [nameNodes(name), address(offset), number(bytes)];
    });
  }

  /** @param {WasmInfo} info */
  function types({ types: all }) {
    return table('Types', [{ title: 'Type' }, { title: 'What it is' }], all.length, (index) => [
      `type ${index}`,
      typeCell(all[index]),
    ]);
  }

  /** @param {WasmInfo} info @param {Plan} plan @returns {Node[]} */
  function build(info, plan) {
    const missing = missingOf(plan);
    const { omitted } = info;
    /** @param {unknown[]} list @param {string} name */
    const count = (list, name) => {
      const left = omitted[name] ?? 0;
      return left > 0 ? `${number(list.length + left)}, the first ${number(list.length)} shown` : number(list.length);
    };
    const unserved = plan.imports.filter(({ fate }) => !isServed(fate)).length;
    /** @type {Node[]} */
    const parts = [];
    if (missing.length > 0) parts.push(missingPart.draw(missing, plan));
    parts.push(facts(info, plan));
    const from = commonModule(info) === '' ? '' : ` of ${cutName(info.imports[0].module, 40)}`;
    const server = onlyServer(plan);
    const served = unserved > 0 ? `, ${number(unserved)} not served` : server === '' ? '' : `, all served by ${server}`;
    const importNote = `${count(info.imports, 'imports')}${from}${served}`;
    if (info.imports.length > 0) parts.push(part('Imports', importNote, () => imports(info, plan), { open: true }));
    if (info.exports.length > 0)
      parts.push(part('Exports', count(info.exports, 'exports'), () => exportsTable(info), { open: true }));
    const table = functions();
    if (table && table.defined.length > 0) {
      const open = () => functionList({ functions: table, showFunction, signal: shown.signal });
      parts.push(part('Functions', number(table.count - info.importedFunctions), open, { open: true }));
    }
    parts.push(part('Sections', count(info.sections, 'sections'), () => sections(info), { open: true }));
    const { memories, tables, globals, tags } = info;
    if (memories.length + tables.length + globals.length + tags.length > 0)
      parts.push(part('Memories, tables, globals and tags', spacesNote(info), () => spaces(info)));
    if (info.data.length + info.elements.length > 0) {
      const note = `${counted(info.data.length + (omitted.data ?? 0), 'data segment')}, ${counted(info.elements.length + (omitted.elements ?? 0), 'element segment')}`;
      parts.push(part('Segments', note, () => segments(info)));
    }
    if (info.types.length > 0) parts.push(part('Types', count(info.types, 'types'), () => types(info)));
    if (info.custom.length > 0) parts.push(part('Custom sections', count(info.custom, 'custom'), () => custom(info)));
    return parts;
  }

  store.watch(['wasm', 'plan'], ({ wasm, plan }) => {
    shown.abort();
    shown = new AbortController();
    const has = wasm !== null && plan !== null;
    host.hidden = !has;
    if (has) byId('module').hidden = true; // that of JSRS programs, whose code may still be on its way, leaves its place
    host.replaceChildren(...(has ? build(wasm, plan) : []));
    host.scrollTop = 0;
  });
  store.watch(['options'], ({ options }) => missingPart.setStub(options.guest.stub));
  signal.addEventListener('abort', () => shown.abort());
  return { focus: () => host.focus() };
}

/** @param {string} text */
function code(text) {
  return h('span', { class: 'code', text: spelt(text) });
}

/** @param {string} text */
function typeCell(text) {
  if (text.length <= TYPE_ON_LINE) return [h('span', { class: 'code token-type on-line', text })];
  // A line may end before or after an arrow, not within it.
  const [first, ...others] = text.split('->');
  const parts = others.flatMap((part) => [h('span', { class: 'on-line', text: '->' }), part]);
  return [h('span', { class: 'code token-type' }, first, ...parts)];
}

/** @param {string[]} texts */
function chips(texts) {
  return texts.map((text) => h('span', { class: 'chip', text: spelt(text) }));
}

/** How much of the whole; at least a hair. @param {number} share */
function bar(share) {
  const fill = h('span', { class: 'bar-fill' });
  fill.style.width = `${Math.max(1, share * 100).toFixed(1)}%`;
  return h('span', { class: 'bar', title: `${(share * 100).toFixed(1)} %` }, fill);
}
