// What the files panel shows of its tree: one row, and the sentence over all of them.

import { FILES_GIVEN } from '../../runner/limits.js';
import { counted, number, size } from '../format.js';
import { cutName } from '../guest/names.js';
import { h, icon } from '../ui/dom.js';

/** @import { Mark, TreeRow } from '../guest/file-tree.js' */

/** @type {Record<TreeRow['entry']['kind'], string>} */
const ICONS = {
  directory: 'M2 4.5h4.5l1.5 2h6v6H2z',
  file: 'M4 2h5l3 3v9H4z',
  link: 'M6 10l4-4M7 5l2-2 4 4-2 2M9 11l-2 2-4-4 2-2',
};
const DEEPEST_INDENT = 12;
/** As much comes back as can be given. */
export const MOST_SENTENCE = `${number(FILES_GIVEN.entries)} files and ${size(FILES_GIVEN.bytes)}`;
/** Of a run that was ended by force, so that nobody could be asked for its files. */
export const LOST = 'The program was ended while it computed.';

/** @type {Record<Mark, string>} */
const WORDS = {
  '': '',
  given: 'given',
  new: 'new',
  changed: 'changed',
  deleted: 'deleted by the program',
  waiting: 'for the next run',
};

/** @param {HTMLElement} element empty @param {TreeRow} row */
export function drawFileRow(element, { name, depth, entry, mark }) {
  element.style.paddingLeft = `calc(var(--row-inset) + ${2 * Math.min(depth, DEEPEST_INDENT)}ch)`;
  element.append(
    icon(ICONS[entry.kind]),
    h('bdi', { class: mark === 'deleted' ? 'name gone' : 'name', text: cutName(name, 60) }),
  );
  if (entry.kind === 'link') element.append(h('span', { class: 'dim', text: `→ ${cutName(entry.target, 60)}` }));
  if (entry.kind === 'file') element.append(h('span', { class: 'dim', text: size(entry.bytes.length) }));
  if (mark !== '') element.append(h('span', { class: `mark mark-${mark}`, text: WORDS[mark] }));
}

/** Whether the program has left other files than it was given. @param {readonly TreeRow[]} rows */
export function differsFromGiven(rows) {
  return rows.some(({ mark }) => mark === 'new' || mark === 'changed' || mark === 'deleted');
}

/**
 * How many files of which kind there are, and what is missing of them.
 * @param {readonly TreeRow[]} rows
 * @param {object} more
 * @param {number} more.unlisted files of the program beyond the rows
 * @param {number} more.filesLeft files that did not come back
 * @param {boolean} more.isLost
 */
export function summaryText(rows, { unlisted, filesLeft, isLost }) {
  const sentences = [`${countsText(rows, unlisted)}.`];
  if (filesLeft > 0) sentences.push(`${number(filesLeft)} more did not come back: at most ${MOST_SENTENCE} do.`);
  if (isLost) sentences.push(`${LOST} These are its files as last heard of.`);
  if (differsFromGiven(rows)) sentences.push('The next run starts from the given files alone.');
  return sentences.join(' ');
}

/** @param {readonly TreeRow[]} rows @param {number} unlisted */
function countsText(rows, unlisted) {
  const files = rows.filter(({ entry }) => entry.kind !== 'directory');
  const count = (/** @type {Mark} */ mark) => files.filter((row) => row.mark === mark).length;
  const [fresh, changed, deleted, waiting] = [count('new'), count('changed'), count('deleted'), count('waiting')];
  const folders = rows.filter(({ entry, mark }) => entry.kind === 'directory' && mark === 'new').length;
  const words = [counted(files.length, 'file')];
  if (unlisted > 0) words.push(`and ${number(unlisted)} more, which are in the archive`);
  if (fresh > 0) words.push(`${number(fresh)} new`);
  if (changed > 0) words.push(`${number(changed)} changed`);
  if (deleted > 0) words.push(`${number(deleted)} deleted`);
  if (waiting > 0) words.push(`${number(waiting)} for the next run`);
  if (folders > 0) words.push(counted(folders, 'new folder'));
  return words.join(', ');
}
