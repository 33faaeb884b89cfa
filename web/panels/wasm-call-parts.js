// What the calls panel shows: a call as a row, all of one call, the sums by import, why there is nothing.

import { duration, number } from '../format.js';
import {
  argumentTexts,
  argumentsText,
  microseconds,
  precise,
  resultLook,
  resultText,
  wholeResult,
} from '../guest/call-text.js';
import { cutName, nameNodes, showWhole } from '../guest/names.js';
import { h } from '../ui/dom.js';

/** @import { CallLine } from '../../runner/abi/traced.js' */
/** @import { WideNumbers } from '../guest/call-text.js' */
/** @import { Total } from '../guest/call-index.js' */
/** @import { State } from '../state.js' */

/** Of each value; a row of the list shows less. */
const LONGEST = 300;
const TOTALS_SHOWN = 200;

/** @param {CallLine} line @param {WideNumbers} wide */
export function detailNodes(line, wide) {
  const about = ` call ${number(line.n)}, at ${precise(line.at)}, took ${precise(line.took)}`;
  const facts = argumentTexts(line, wide).flatMap(([name, text]) => [
    h('dt', {}, h('bdi', { text: cutName(name) })),
    h('dd', {}, ...textNodes(text)),
  ]);
  if (line.failed !== undefined) {
    const ended = h('dd', { class: resultLook(line) }, ...nameNodes(String(line.failed), LONGEST));
    facts.push(h('dt', { text: 'ended the run' }), ended);
  } else if ('result' in line) {
    facts.push(h('dt', { text: 'result' }), h('dd', {}, ...textNodes(wholeResult(line, wide))));
  }
  return [
    h('p', {}, ...nameNodes(line.call, LONGEST), h('span', { class: 'dim', text: about })),
    h('dl', { class: 'facts code' }, ...facts),
  ];
}

/**
 * @param {Total[]} totals
 * @param {(call: string) => string} shortName
 * @param {(call: string) => void} choose
 */
export function totalsTable(totals, shortName, choose) {
  const rows = totals.slice(0, TOTALS_SHOWN).map(({ call, count, time }) => {
    const name = h('bdi', { text: cutName(shortName(call)) });
    const link = h('button', { type: 'button', class: 'link', on: { click: () => choose(call) } }, name);
    const figures = [number(count), duration(time), microseconds(time / count)];
    return h(
      'tr',
      {},
      h('th', { scope: 'row', class: 'code' }, link),
      ...figures.map((text) => h('td', { class: 'num', text })),
    );
  });
  const heads = ['Import', 'Calls', 'Time', 'Each'];
  const head = heads.map((text, at) => h('th', { scope: 'col', class: at > 0 ? 'num' : '', text }));
  return h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows));
}

/** @param {string} text of a value */
function textNodes(text) {
  const shown = h('bdi', { text: cutName(text, LONGEST) });
  if (text.length <= LONGEST) return [shown];
  return [
    shown,
    h('button', { type: 'button', class: 'link whole', text: 'all', on: { click: () => showWhole(text) } }),
  ];
}

/**
 * A call as a row of the list.
 * @param {HTMLElement} row empty
 * @param {CallLine} line
 * @param {string} name of the import, as short as the list wants it
 * @param {WideNumbers} wide
 */
export function drawCallRow(row, line, name, wide) {
  const call = h('bdi', { class: 'token-function', text: cutName(name) });
  row.append(
    h('span', { class: 'at', text: number(line.n) }),
    h('span', { class: 'at time', text: duration(line.at) }),
    h('span', { class: 'at time took', text: precise(line.took) }),
    h('span', {}, call, `(${argumentsText(line, wide)})`),
    h('span', { class: resultLook(line), text: resultText(line, wide) }),
  );
}

/** Why no call is listed. @param {Readonly<State>} state */
export function emptySentence({ options, plan, phase }) {
  if (plan?.imports.length === 0) return 'This module imports nothing, so it makes no calls.';
  if (!options.guest.trace)
    return 'Calls of imports are not written down, which is faster. The next run can write them down: what was asked, what was answered, how long it took.';
  return phase === 'running' || phase === 'stopping'
    ? 'No import was called yet.'
    : 'No import was called. Run the program, or call one of its exports.';
}
