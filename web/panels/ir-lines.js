// A listing on screen: its lines in a list whose sections fold, one of them selected, one that of the current step.

import { FoldedListing } from '../ir/folded-listing.js';
import { createIrList, irRow } from './ir-list.js';
import { drawIrRow } from './ir-row.js';

/** @import { Listing } from '../ir/listing.js' */

const NO_STEP = { line: -1, note: '' };

export class IrLines {
  #host;
  #list;
  #onFold;
  /** Null while nothing is shown. @type {FoldedListing | null} */
  #folds = null;
  /** Line of the current step and what is written beside it. */
  #current = NO_STEP;
  #selected = -1;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.host the scrolling element, hidden while there are no lines
   * @param {() => void} parts.onFold told when there are other rows than before
   * @param {AbortSignal} parts.signal
   */
  constructor({ host, onFold, signal }) {
    this.#host = host;
    this.#onFold = onFold;
    this.#list = createIrList({
      ...{ host, signal },
      render: (row, element) => this.#drawRow(row, element),
      onResize: () => this.#keepStep(), // the stepper takes its room from this list
    });
  }

  /** What is shown. */
  get listing() {
    return this.#folds?.listing ?? null;
  }

  get isAllFolded() {
    return this.#folds?.isAllFolded ?? false;
  }

  /** Name of the section at the top of what is in view. */
  get firstName() {
    if (!this.#folds) return '';
    const { listing } = this.#folds;
    return listing.sections[listing.sectionAt(this.#folds.lineOfRow(this.#list.firstRow))]?.name ?? '';
  }

  /** In place of what was shown; nothing is selected. @param {Listing | null} listing */
  show(listing) {
    this.#folds = listing && new FoldedListing(listing);
    this.#selected = -1;
    this.#current = NO_STEP;
    this.#host.hidden = !listing || listing.lineCount === 0;
    if (this.#host.hidden) return;
    this.#list.scrollToRow(0, 'start');
    this.#rowsChanged();
  }

  /** Brings a line into view and selects it. @param {number} line @param {'nearest' | 'centre' | 'start'} align */
  showLine(line, align) {
    if (!this.#folds || line < 0) return;
    if (this.#folds.unfoldLine(line)) this.#rowsChanged();
    const before = this.#selected;
    this.#selected = line;
    this.#redraw(before);
    this.#redraw(line);
    this.#scrollTo(line, align);
  }

  /** Shows a function and gives the list the focus; a name that there is not changes nothing. @param {string} name */
  goToFunction(name) {
    const section = this.listing?.sectionOf.get(name);
    if (!this.listing || section === undefined) return;
    this.showLine(this.listing.sections[section].line, 'start');
    this.#host.focus({ preventScroll: true });
  }

  /** A short listing stays whole: only a function below the first view is gone to. @param {string} name */
  startAt(name) {
    const section = this.listing?.sectionOf.get(name) ?? 0;
    if (!this.#folds || !this.listing?.sections[section]) return;
    const row = this.#folds.firstRow(section);
    this.#list.scrollToRow(row * irRow() < this.#host.clientHeight / 2 ? 0 : row, 'start');
  }

  deselect() {
    const before = this.#selected;
    this.#selected = -1;
    this.#redraw(before);
  }

  /** @param {number} line of the current step; -1 = there is none @param {string} note beside it */
  markStep(line, note) {
    const before = this.#current.line;
    this.#current = { line, note };
    if (line >= 0 && this.#folds?.unfoldLine(line)) this.#rowsChanged();
    this.#redraw(before);
    this.#redraw(line);
    this.#keepStep();
  }

  toggleAll() {
    this.#folds?.toggleAll();
    this.#list.scrollToRow(0, 'start');
    this.#rowsChanged();
  }

  /** @param {number} section */
  #toggle(section) {
    this.#folds?.toggle(section);
    this.#rowsChanged();
    requestAnimationFrame(() => {
      const row = this.#list.element(this.#folds?.firstRow(section) ?? -1);
      /** @type {HTMLElement | null | undefined} */ (row?.querySelector('.fold'))?.focus();
    });
  }

  #keepStep() {
    if (this.#current.line >= 0) this.#scrollTo(this.#current.line);
  }

  /** @param {number} line @param {'nearest' | 'centre' | 'start'} [align] */
  #scrollTo(line, align) {
    if (this.#folds) this.#list.scrollToRow(this.#folds.rowOfLine(line), align);
  }

  #rowsChanged() {
    this.#list.setCount(this.#folds?.rowCount ?? 0);
    this.#onFold();
    this.#list.refresh();
  }

  /** @param {number} line -1 = none */
  #redraw(line) {
    if (line >= 0 && this.#folds) this.#list.refreshRow(this.#folds.rowOfLine(line));
  }

  /** @param {number} row @param {HTMLElement} element */
  #drawRow(row, element) {
    if (!this.#folds) return;
    const { listing } = this.#folds;
    const line = this.#folds.lineOfRow(row);
    const section = listing.sectionAt(line);
    drawIrRow(element, {
      ...{ listing, line, isFolded: this.#folds.isFolded(section), isSelected: line === this.#selected },
      step: line === this.#current.line ? this.#current.note : null,
      toggleFold: () => this.#toggle(section),
      goToFunction: (name) => this.goToFunction(name),
    });
  }
}
