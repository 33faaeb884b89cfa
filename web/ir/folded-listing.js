// The rows of a listing while some of its sections are folded: of those only the first line is a row. Rows and lines count
// from 0.

/** @import { Listing } from './listing.js' */

export class FoldedListing {
  /** @type {Set<number>} */
  #folded = new Set();
  /** First row of each section, and one past the last row. */
  #firstRows = new Uint32Array(0);

  /** The table of sites is folded at first. @param {Listing} listing */
  constructor(listing) {
    this.listing = listing;
    if (listing.sections[0]?.isTable) this.#folded.add(0);
    this.#count();
  }

  get rowCount() {
    return this.#firstRows[this.#firstRows.length - 1];
  }

  get isAllFolded() {
    return this.#folded.size > 0 && this.#folded.size === this.listing.sections.length;
  }

  /** @param {number} section */
  isFolded(section) {
    return this.#folded.has(section);
  }

  /** @param {number} section */
  toggle(section) {
    if (!this.#folded.delete(section)) this.#folded.add(section);
    this.#count();
  }

  /** Folds all sections, or unfolds them where all are folded. */
  toggleAll() {
    const { sections } = this.listing;
    this.#folded = new Set(this.#folded.size === sections.length ? [] : sections.keys());
    this.#count();
  }

  /** Unfolds what a line is in. @param {number} line @returns {boolean} whether that changed the rows */
  unfoldLine(line) {
    if (!this.#folded.delete(this.listing.sectionAt(line))) return false;
    this.#count();
    return true;
  }

  /** @param {number} section */
  firstRow(section) {
    return this.#firstRows[section];
  }

  /** @param {number} row */
  lineOfRow(row) {
    const section = this.#sectionOfRow(row);
    return section >= 0 ? this.listing.sections[section].line + row - this.#firstRows[section] : row;
  }

  /** @param {number} line */
  rowOfLine(line) {
    const section = this.listing.sectionAt(line);
    return section >= 0 ? this.#firstRows[section] + line - this.listing.sections[section].line : line;
  }

  #count() {
    const { sections, lineCount } = this.listing;
    this.#firstRows = new Uint32Array(sections.length + 1);
    let row = sections[0]?.line ?? lineCount;
    sections.forEach((section, index) => {
      this.#firstRows[index] = row;
      row += this.#folded.has(index) ? 1 : section.end - section.line;
    });
    this.#firstRows[sections.length] = row;
  }

  /** @param {number} row @returns {number} -1 before the first */
  #sectionOfRow(row) {
    let low = 0;
    let high = this.#firstRows.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#firstRows[middle] <= row) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
