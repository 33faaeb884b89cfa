// One line of IR as a row: colours, the button that folds its section, links from calls to functions, the current step.

import { spelt } from '../../runner/visible.js';
import { tokens } from '../ir/tokens.js';
import { h, icon } from '../ui/dom.js';

/** @import { Listing } from '../ir/listing.js' */

const CHEVRON = 'M6 4l4 4-4 4';
/** In place of the table of sites while it is folded. */
const SITES = '; sites: the places in the file that @1, @2 and so on stand for';

/**
 * What a row is drawn from.
 * @typedef {object} IrRow
 * @property {Listing} listing
 * @property {number} line
 * @property {boolean} isFolded the section of the line is
 * @property {boolean} isSelected
 * @property {string | null} step what is written beside the line of the current step; null on other lines
 * @property {() => void} toggleFold of the section of the line
 * @property {(name: string) => void} goToFunction
 */

/** @param {HTMLElement} element empty @param {IrRow} row */
export function drawIrRow(element, row) {
  const { listing, line, isFolded } = row;
  const at = listing.sectionAt(line);
  const section = at < 0 ? undefined : listing.sections[at];
  const isHeader = section?.line === line;
  if (isHeader) element.append(foldButton(section, row));
  const shown = isFolded && section?.isTable ? SITES : spelt(listing.line(line));
  for (const { text, kind } of tokens(shown, (name) => listing.sectionOf.has(name))) {
    if (kind === 'plain' || kind === 'name') element.append(text);
    else if (kind === 'function' && !isHeader) element.append(callLink(text, row.goToFunction));
    else element.append(h('span', { class: `token-${kind}`, text }));
  }
  if (isFolded) element.append(h('span', { class: 'note', text: '…' }));
  if (row.step !== null) {
    element.classList.add('current');
    element.setAttribute('aria-current', 'step');
    if (row.step) element.append(h('span', { class: 'note', text: `; ${row.step}` }));
  } else if (row.isSelected) element.classList.add('selected');
}

/** @param {import('../ir/listing.js').Section} section @param {IrRow} row */
function foldButton({ name, isTable }, { isFolded, toggleFold }) {
  return h(
    'button',
    {
      type: 'button',
      class: 'fold',
      'aria-expanded': String(!isFolded),
      'aria-label': isTable ? 'Sites' : `Function ${spelt(name)}`,
      on: { click: toggleFold },
    },
    icon(CHEVRON),
  );
}

/** @param {string} text @param {(name: string) => void} goToFunction */
function callLink(text, goToFunction) {
  const name = text.startsWith('@') ? text.slice(1) : text;
  const go = () => goToFunction(name);
  return h('button', { type: 'button', class: 'token-function', text, title: `Go to ${name}`, on: { click: go } });
}
