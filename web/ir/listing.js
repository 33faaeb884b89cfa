// A text of IR as lines and functions. It stays the bytes that it came as: each line becomes a string when it is asked for, and
// finding the lines of a large text is done in slices.

import { spelt } from '../../runner/visible.js';
import { slices } from '../pause.js';

/**
 * A function: its first line, and one past its last. Before those of the lowered forms stands the table of sites.
 * @typedef {{ name: string, line: number, end: number, isTable?: true }} Section
 */

// `fn name(` in the file's listing, `fn 3 "name"(` in the lowered forms.
const HEADER = /^(?:fn|func|function) (?:\d+ "([^"]*)"|([^(]*))/;
const SITES = 'site 1 = ';
const F = 102;
const S = 115;
const LINE_END = 10;
const LONGEST_NAME = 1000;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class Listing {
  #text;
  #starts;
  #lineOfSite;

  /**
   * @param {Uint8Array} text UTF-8
   * @param {Uint32Array} starts where lines start, and one past the end of the text
   * @param {Section[]} sections
   * @param {Uint32Array} lineOfSite empty where the text has no source numbers
   */
  constructor(text, starts, sections, lineOfSite) {
    this.#text = text;
    this.#starts = starts;
    this.sections = sections;
    this.#lineOfSite = lineOfSite;
    /** @type {Map<string, number>} */
    this.sectionOf = new Map(sections.map((section, index) => [section.name, index]));
  }

  get lineCount() {
    return this.#starts.length - 1;
  }

  /** @param {number} index */
  line(index) {
    const end = this.#starts[index + 1];
    return decoder.decode(this.#text.subarray(this.#starts[index], this.#text[end - 1] === LINE_END ? end - 1 : end));
  }

  /** @param {number} site @returns {number} -1 if the text has no such line */
  lineOfSite(site) {
    return site < this.#lineOfSite.length ? this.#lineOfSite[site] : -1;
  }

  /** As it is shown. @param {number} site */
  textOfSite(site) {
    const line = this.lineOfSite(site);
    return line < 0 ? '' : spelt(this.line(line).trim());
  }

  /** Whether a run can begin with a function: it has no parameters. For the file's own listing. @param {string} name */
  canBegin(name) {
    const section = this.sections[this.sectionOf.get(name) ?? -1];
    return section !== undefined && this.line(section.line).startsWith(`fn ${name}()`);
  }

  /** The function a line belongs to: an index in `sections`, -1 before the first. @param {number} line */
  sectionAt(line) {
    let low = 0;
    let high = this.sections.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sections[middle].line <= line) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/**
 * @param {Uint8Array} text UTF-8
 * @param {Uint32Array} lineOfSite
 * @param {string[]} [names] of its functions in order, as far as they are known: a name in the text may end anywhere
 */
export async function readListing(text, lineOfSite, names = []) {
  const starts = await lineStarts(text);
  const count = starts.length - 1;
  /** @type {Section[]} */
  const sections = [];
  const slice = slices();
  for (let line = 0; line < count; line++) {
    if (line % 4096 === 0 && slice.over()) await slice.next();
    // Headers stand at the margin; looking at one character first keeps this cheap.
    const first = text[starts[line]];
    if (first !== F && (first !== S || sections.length > 0)) continue;
    const end = Math.min(starts[line + 1], starts[line] + LONGEST_NAME);
    const header = decoder.decode(text.subarray(starts[line], end));
    const match = HEADER.exec(header);
    if (header.startsWith(SITES)) sections.push({ name: '', line, end: count, isTable: true });
    else if (match) sections.push({ name: names[sections.length] ?? match[1] ?? match[2], line, end: count });
  }
  for (let i = 0; i + 1 < sections.length; i++) sections[i].end = sections[i + 1].line;
  return new Listing(text, starts, sections, lineOfSite);
}

/** @param {Uint8Array} text */
async function lineStarts(text) {
  let starts = new Uint32Array(1024);
  let count = 1;
  const slice = slices();
  for (let at = text.indexOf(LINE_END); at >= 0 && at + 1 < text.length; at = text.indexOf(LINE_END, at + 1)) {
    if (count + 1 >= starts.length) {
      const larger = new Uint32Array(starts.length * 2);
      larger.set(starts);
      starts = larger;
    }
    starts[count++] = at + 1;
    if (count % 4096 === 0 && slice.over()) await slice.next();
  }
  starts[count] = text.length;
  return text.length === 0 ? starts.slice(0, 1) : starts.slice(0, count + 1);
}
