// What a WebAssembly module is, in a list of facts: its kind, size and entry, who is linked to it, what it uses.

import { spelt } from '../../runner/visible.js';
import { counted, size } from '../format.js';
import { PRODUCERS, usesOf } from '../guest/module-words.js';
import { nameNodes } from '../guest/names.js';
import { h } from '../ui/dom.js';

/** @import { LinkedPlan, Plan } from '../../runner/module/plan.js' */
/** @import { WasmInfo } from '../../runner/module/info.js' */
/** @import { Cell } from './kit.js' */

/**
 * @param {WasmInfo} info
 * @param {Plan} plan
 * @param {object} parts
 * @param {(index: number) => Node[]} parts.functionLink
 * @param {(linked: LinkedPlan) => Node[]} parts.linkedCell
 */
export function moduleFacts(info, plan, { functionLink, linkedCell }) {
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
    ...rows.flatMap(([term, cell]) => [h('dt', { text: term }), h('dd', {}, ...(Array.isArray(cell) ? cell : [cell]))]),
  );
}

/** @param {string} text */
function code(text) {
  return h('span', { class: 'code', text: spelt(text) });
}

/** @param {string[]} texts */
function chips(texts) {
  return texts.map((text) => h('span', { class: 'chip', text: spelt(text) }));
}
