// What a module consists of and needs, in words: for the module panel.

import { missingOf } from '../../runner/module/plan.js';
import { visible } from '../../runner/visible.js';
import { counted, number } from '../format.js';

/** @import { WasmInfo } from '../../runner/module/info.js' */
/** @import { PlannedImport, Plan } from '../../runner/module/plan.js' */

/** Missing imports named in a sentence, and characters of each part of a name. */
const MISSING_SHOWN = 3;
const MOST_NAME = 60;

/**
 * Limits as words: `1 to 16 pages, shared`, `10 items or more, 64-bit indices, funcref`.
 * @param {{ kind: string, type: string }} each
 */
export function typeOf({ kind, type }) {
  const [, least, most, wide, rest, pageSize] =
    /^(\d+)\.\.(\d*)( i64)?(?: (?!pagesize)(.*?))?(?: pagesize (\d+))?$/.exec(type) ?? [];
  if (least === undefined || (kind !== 'memory' && kind !== 'table')) return type;
  const one = kind === 'memory' ? 'page' : 'item';
  const [first, last] = [Number(least), Number(most)];
  const size = pageSize === undefined ? '' : ` of ${counted(Number(pageSize), 'byte')}`;
  const limits =
    most === '' ? `${counted(first, one)}${size} or more` : `${number(first)} to ${counted(last, one)}${size}`;
  const words = [limits];
  if (wide) words.push(kind === 'memory' ? '64-bit addresses' : '64-bit indices');
  if (rest) words.push(rest);
  return words.join(', ');
}

/** An import's type, with what it is where it is no function. @param {PlannedImport} each */
export function importType({ kind, type }) {
  return kind === 'function' ? type : `${kind}, ${typeOf({ kind, type })}`;
}

/** Whether somebody serves it. @param {PlannedImport['fate']} fate */
export function isServed(fate) {
  return fate === 'abi' || fate === 'linked';
}

/** The one that serves all imports; '' = there is none. @param {Plan} plan */
export function onlyServer({ imports }) {
  const [first] = imports;
  return first && imports.every(({ fate, by }) => isServed(fate) && by === first.by) ? first.by : '';
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

/** What keeps a module from running, in short: the panel has all of it. @param {Plan} plan */
export function missingSentence(plan) {
  const missing = missingOf(plan);
  const named = missing.slice(0, MISSING_SHOWN).map(({ module, name, reason, cause }, index) => {
    const known = cause === 'nobody' || missing[index - 1]?.reason === reason;
    return `${visible(module, MOST_NAME)}.${visible(name, MOST_NAME)}${known ? '' : ` (${reason.replace(/\.$/, '')})`}`;
  });
  if (missing.length > MISSING_SHOWN) named.push(`and ${number(missing.length - MISSING_SHOWN)} more`);
  return `It needs ${counted(missing.length, 'import')} that nobody serves here: ${named.join(', ')}.`;
}
