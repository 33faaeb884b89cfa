// What a module consists of and needs, in words: for the module panel.

import { counted } from '../format.js';

/** @import { WasmInfo } from '../../runner/module/info.js' */
/** @import { PlannedImport, Plan } from '../../runner/module/plan.js' */

/** Limits as words: `1 to 16 pages, shared`, `10 items or more, funcref`. @param {{ kind: string, type: string }} each */
export function typeOf({ kind, type }) {
  const [, least, most, rest] = /^(\d+)\.\.(\d*) ?(.*)$/.exec(type) ?? [];
  if (least === undefined || (kind !== 'memory' && kind !== 'table')) return type;
  const unit = kind === 'memory' ? 'page' : 'item';
  const limits = most === '' ? `${counted(Number(least), unit)} or more` : `${least} to ${counted(Number(most), unit)}`;
  return rest === '' ? limits : `${limits}, ${rest}`;
}

/** An import's type, with what it is where it is no function. @param {PlannedImport} each */
export function importType({ kind, type }) {
  return kind === 'function' ? type : `${kind}, ${typeOf({ kind, type })}`;
}

/** The one that serves all imports; '' = there is none. @param {Plan} plan */
export function onlyServer({ imports }) {
  const [first] = imports;
  return first && imports.every(({ fate, by }) => fate === 'abi' && by === first.by) ? first.by : '';
}

/** @param {WasmInfo} info */
export function spacesNote({ memories, tables, globals, tags, omitted }) {
  const words = [
    [memories.length + (omitted.memories ?? 0), 'memory', 'memories'],
    [tables.length + (omitted.tables ?? 0), 'table', 'tables'],
    [globals.length + (omitted.globals ?? 0), 'global', 'globals'],
    [tags.length + (omitted.tags ?? 0), 'tag', 'tags'],
  ];
  return words
    .filter(([count]) => Number(count) > 0)
    .map(([count, one, many]) => counted(Number(count), String(one), String(many)))
    .join(', ');
}

/** @param {Plan} plan */
export function usesOf({ usesScreen, readsLines, readsKeys, usesFiles }) {
  const uses = [
    [usesScreen, 'the terminal'],
    [readsKeys, 'single keys'],
    [readsLines, 'standard input'],
    [usesFiles, 'files'],
  ];
  return uses
    .filter(([on]) => on)
    .map(([, text]) => text)
    .join(', ');
}

/** @type {Record<string, string>} */
export const PRODUCERS = { language: 'Language', 'processed-by': 'Made by', sdk: 'SDK' };
