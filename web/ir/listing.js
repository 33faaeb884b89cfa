// A text of IR as lines and functions. Finding the lines of a large text is done in slices; the text itself stays one string.

import { slices } from '../pause.js';

/** @typedef {{ name: string, line: number, end: number }} Section  a function: its first line, and one past its last */

// `fn name(` in the file's listing, `fn 3 "name"(` in the lowered forms.
const HEADER = /^(?:fn|func|function) (?:\d+ "([^"]*)"|([^(]*))/;
const F = 102;
const LONGEST_NAME = 1000;

export class Listing {
  #text;
  #starts;
  #lineOfSite;

  /**
   * @param {string} text
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
    return this.#text.slice(this.#starts[index], this.#text.charCodeAt(end - 1) === 10 ? end - 1 : end);
  }

  /** @param {number} site @returns {number} -1 if the text has no such line */
  lineOfSite(site) {
    return site < this.#lineOfSite.length ? this.#lineOfSite[site] : -1;
  }

  /** @param {number} site */
  textOfSite(site) {
    const line = this.lineOfSite(site);
    return line < 0 ? '' : this.line(line).trim();
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
 * @param {string} text
 * @param {Uint32Array} lineOfSite
 */
export async function readListing(text, lineOfSite) {
  const starts = await lineStarts(text);
  const count = starts.length - 1;
  /** @type {Section[]} */
  const sections = [];
  const slice = slices();
  for (let line = 0; line < count; line++) {
    if (line % 4096 === 0 && slice.over()) await slice.next();
    // Headers stand at the margin; looking at one character first keeps this cheap.
    if (text.charCodeAt(starts[line]) !== F) continue;
    const match = HEADER.exec(text.slice(starts[line], Math.min(starts[line + 1], starts[line] + LONGEST_NAME)));
    if (match) sections.push({ name: match[1] ?? match[2], line, end: count });
  }
  for (let i = 0; i + 1 < sections.length; i++) sections[i].end = sections[i + 1].line;
  return new Listing(text, starts, sections, lineOfSite);
}

/** @param {string} text */
async function lineStarts(text) {
  let starts = new Uint32Array(1024);
  let count = 1;
  const slice = slices();
  for (let at = text.indexOf('\n'); at >= 0 && at + 1 < text.length; at = text.indexOf('\n', at + 1)) {
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
