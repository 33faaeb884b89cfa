// The tables of what a WebAssembly module consists of: imports, exports, sections, memories and the like, segments, types.

import { number, counted, size } from '../format.js';
import { commonModule } from '../guest/functions.js';
import { address } from '../guest/hex.js';
import { importType, isServed, typeOf } from '../guest/module-words.js';
import { nameNodes } from '../guest/names.js';
import { h } from '../ui/dom.js';
import { grid } from './kit.js';

/** @import { PlannedImport, Plan } from '../../runner/module/plan.js' */
/** @import { WasmInfo } from '../../runner/module/info.js' */
/** @import { Cell } from './kit.js' */

/** Bytes, where a memory says nothing else. */
const PAGE = 65536;
/** Characters of a name in a table, and of a type that stays on one line. */
export const NAME_IN_TABLE = 48;
const TYPE_ON_LINE = 24;

/**
 * @typedef {object} TableParts
 * @property {(index: number, name: string) => Node[]} functionLink leads to a function's code
 * @property {AbortSignal} signal ends the lists
 */

/** @param {WasmInfo} info @param {Plan} plan @param {TableParts} parts */
export function importsTable(info, plan, { functionLink, signal }) {
  const columns = [{ title: 'Import' }, { title: 'Type' }, { title: 'Served by' }];
  const common = commonModule(info) !== '';
  const cells = (/** @type {number} */ index) => {
    const each = plan.imports[index];
    const isFunction = each.kind === 'function' && info.imports[index]?.kind === 'function';
    const shown = common ? each.name : `${each.module}.${each.name}`;
    const name = isFunction ? functionLink(info.imports[index].index, shown) : nameNodes(shown, NAME_IN_TABLE);
    return [name, typeCell(importType(each)), servedBy(each, plan.imports[index - 1])];
  };
  return grid('Imports', columns, plan.imports.length, cells, signal);
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

/** @param {WasmInfo} info @param {TableParts} parts */
export function exportsTable({ exports }, { functionLink, signal }) {
  const columns = [{ title: 'Export' }, { title: 'Kind' }, { title: 'Type' }, { title: 'Index', isNumber: true }];
  const cells = (/** @type {number} */ index) => {
    const { name, kind, type, index: at } = exports[index];
    const cell = kind === 'function' ? functionLink(at, name) : nameNodes(name, NAME_IN_TABLE);
    return [cell, kind, typeCell(typeOf({ kind, type })), number(at)];
  };
  return grid('Exports', columns, exports.length, cells, signal);
}

/** @param {WasmInfo} info @param {AbortSignal} signal */
export function sectionsTable({ sections: all, size: whole }, signal) {
  const columns = [
    { title: 'Section' },
    { title: 'Offset', isNumber: true },
    { title: 'Bytes', isNumber: true },
    { title: 'Items', isNumber: true },
    { title: 'Share' },
  ];
  const cells = (/** @type {number} */ index) => {
    const { id, name, offset, size: bytes, count } = all[index];
    const label = id === 0 ? [h('span', { class: 'dim', text: 'custom ' }), ...nameNodes(name, 40)] : name;
    const items = count === null ? '' : number(count);
    return [label, address(offset), number(bytes), items, [bar(bytes / whole)]];
  };
  return grid('Sections', columns, all.length, cells, signal);
}

/** How much of the whole; at least a hair. @param {number} share */
function bar(share) {
  const fill = h('span', { class: 'bar-fill' });
  fill.style.width = `${Math.max(1, share * 100).toFixed(1)}%`;
  return h('span', { class: 'bar', title: `${(share * 100).toFixed(1)} %` }, fill);
}

/** Memories, tables, globals and tags. @param {WasmInfo} info @param {AbortSignal} signal */
export function spacesTable({ memories, tables, globals, tags }, signal) {
  const rows = [
    ...memories.map((each) => ({ kind: 'memory', ...each, what: memoryText(each) })),
    ...tables.map((each) => ({ kind: 'table', ...each, what: tableText(each) })),
    ...globals.map((each) => ({ kind: 'global', ...each, what: globalText(each) })),
    ...tags.map((each) => ({ kind: 'tag', ...each, what: each.type })),
  ];
  const columns = [{ title: 'Item' }, { title: 'Name' }, { title: 'What it is' }];
  /** @param {number} at @returns {Cell[]} */
  const cells = (at) => {
    const { kind, index, name, imported, what } = rows[at];
    return [`${kind} ${index}`, name ? nameNodes(name, 40) : '', imported ? `${what}, imported` : what];
  };
  return grid('Memories, tables, globals and tags', columns, rows.length, cells, signal);
}

/** @param {WasmInfo['memories'][number]} memory */
function memoryText({ initial, maximum, shared, is64, pageSize }) {
  const bytes = pageSize ?? PAGE;
  const words = [
    `${size(initial * bytes)} at first`,
    maximum === null ? 'no maximum' : `at most ${size(maximum * bytes)}`,
  ];
  if (shared) words.push('shared');
  if (is64) words.push('64-bit addresses');
  if (pageSize !== undefined) words.push(`pages of ${counted(pageSize, 'byte')}`);
  return words.join(', ');
}

/** @param {WasmInfo['tables'][number]} table */
function tableText({ type, initial, maximum, is64 }) {
  const most = maximum === null ? 'no maximum' : `at most ${number(maximum)}`;
  return `${type}, ${counted(initial, 'item')}, ${most}${is64 ? ', 64-bit indices' : ''}`;
}

/** @param {WasmInfo['globals'][number]} global */
function globalText({ type, mutable, init }) {
  return `${mutable ? 'mutable ' : ''}${type}${init === null ? '' : ` = ${init}`}`;
}

/** Data and element segments. @param {WasmInfo} info @param {AbortSignal} signal */
export function segmentsTable({ data, elements }, signal) {
  const columns = [{ title: 'Segment' }, { title: 'Content' }, { title: 'Where' }];
  /** @param {number} at @returns {Cell[]} */
  const cells = (at) => {
    if (at < data.length) {
      const { mode, memory, offset, size: bytes } = data[at];
      return [`data ${at}`, counted(bytes, 'byte'), placeText(mode, 'memory', memory, offset)];
    }
    const index = at - data.length;
    const { mode, table, offset, type, count } = elements[index];
    return [`elements ${index}`, `${number(count)} × ${type}`, placeText(mode, 'table', table, offset)];
  };
  return grid('Data and element segments', columns, data.length + elements.length, cells, signal);
}

/** @param {string} mode @param {string} kind @param {number | null | undefined} index @param {string | null} offset */
function placeText(mode, kind, index, offset) {
  if (mode !== 'active') return mode;
  return `${kind} ${index ?? 0}${offset === null ? '' : ` at ${offset}`}`;
}

/** @param {WasmInfo} info @param {AbortSignal} signal */
export function customTable({ custom: all }, signal) {
  const columns = [
    { title: 'Custom section' },
    { title: 'Offset', isNumber: true },
    { title: 'Bytes', isNumber: true },
  ];
  const cells = (/** @type {number} */ index) => {
    const { name, offset, size: bytes } = all[index];
    return [nameNodes(name), address(offset), number(bytes)];
  };
  return grid('Custom sections', columns, all.length, cells, signal);
}

/** @param {WasmInfo} info @param {AbortSignal} signal */
export function typesTable({ types: all }, signal) {
  const columns = [{ title: 'Type' }, { title: 'What it is' }];
  return grid('Types', columns, all.length, (index) => [`type ${index}`, typeCell(all[index])], signal);
}

/** @param {string} text */
function typeCell(text) {
  if (text.length <= TYPE_ON_LINE) return [h('span', { class: 'code token-type on-line', text })];
  // A line may end before or after an arrow, not within it.
  const [first, ...others] = text.split('->');
  const parts = others.flatMap((part) => [h('span', { class: 'on-line', text: '->' }), part]);
  return [h('span', { class: 'code token-type' }, first, ...parts)];
}
