// The IR panel: the file's listing, or the IR as lowered, optimised or translated, with colours, folds and links from calls
// to functions. Rows are drawn as they come into view; a fold only changes which lines count as rows.

import { TEXT_BYTES } from '../../runner/limits.js';
import { spelt } from '../../runner/visible.js';
import { size } from '../format.js';
import { latePicker } from '../lazy.js';
import { byId, h, icon, setText } from '../ui/dom.js';
import { readListing } from '../ir/listing.js';
import { tokens } from '../ir/tokens.js';
import { createIrList, irRow } from './ir-list.js';

/** @import { Listing } from '../ir/listing.js' */
/** @import { Session } from '../session.js' */
/** @import { State, Store } from '../state.js' */

const CHEVRON = 'M6 4l4 4-4 4';
/** In place of the table of sites while it is folded. */
const SITES = '; sites: the places in the file that @1, @2 and so on stand for';
/** Why a listing has no lines. */
const NO_FUNCTIONS = 'This file has no functions.';
const TOO_LARGE = `The listing of this file has more than ${size(TEXT_BYTES)}: too large to be shown.`;

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {Session} parts.session
 * @param {import('../lazy.js').Lazy['picker']} parts.picker
 * @param {AbortSignal} parts.signal
 */
export function createIrPanel({ store, session, picker, signal }) {
  const host = byId('ir');
  const empty = byId('ir-empty');
  const view = /** @type {HTMLSelectElement} */ (byId('ir-view'));
  const foldAll = /** @type {HTMLButtonElement} */ (byId('ir-fold-all'));
  const goTo = /** @type {HTMLButtonElement} */ (byId('ir-function'));
  const list = createIrList({ host, render: drawRow, signal, onResize: keepStep });
  /** @type {Listing | null} */
  let listing = null;
  /** Sections that are folded. @type {Set<number>} */
  const folded = new Set();
  /** First row of each section, and one past the last row. */
  let firstRows = new Uint32Array(0);
  /** Line of the current step and what is written beside it. */
  let current = { line: -1, note: '' };
  let selected = -1;
  let asked = 0;

  /** @param {string} name */
  const isFunction = (name) => listing?.sectionOf.has(name) ?? false;

  function countRows() {
    if (!listing) return;
    const { sections } = listing;
    firstRows = new Uint32Array(sections.length + 1);
    let row = sections[0]?.line ?? listing.lineCount;
    sections.forEach((section, index) => {
      firstRows[index] = row;
      row += folded.has(index) ? 1 : section.end - section.line;
    });
    firstRows[sections.length] = row;
    list.setCount(sections.length === 0 ? listing.lineCount : row);
    setText(foldAll, folded.size === sections.length && folded.size > 0 ? 'Unfold all' : 'Fold all');
    list.refresh();
  }

  /** @param {number} row */
  function sectionOfRow(row) {
    let low = 0;
    let high = firstRows.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (firstRows[middle] <= row) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** @param {number} row */
  function lineOfRow(row) {
    const section = sectionOfRow(row);
    return listing && section >= 0 ? listing.sections[section].line + row - firstRows[section] : row;
  }

  /** @param {number} line */
  function rowOfLine(line) {
    const section = listing?.sectionAt(line) ?? -1;
    return listing && section >= 0 ? firstRows[section] + line - listing.sections[section].line : line;
  }

  /** @param {number} row @param {HTMLElement} element */
  function drawRow(row, element) {
    if (!listing) return;
    const line = lineOfRow(row);
    const section = listing.sectionAt(line);
    if (section >= 0 && listing.sections[section].line === line) element.append(foldButton(section));
    const isFolded = folded.has(section);
    const shown = isFolded && listing.sections[section].isTable ? SITES : spelt(listing.line(line));
    for (const { text, kind } of tokens(shown, isFunction)) {
      if (kind === 'plain' || kind === 'name') element.append(text);
      else if (kind === 'function' && listing.sections[section]?.line !== line) element.append(callLink(text));
      else element.append(h('span', { class: `token-${kind}`, text }));
    }
    if (isFolded) element.append(h('span', { class: 'note', text: '…' }));
    if (line === current.line) {
      element.classList.add('current');
      element.setAttribute('aria-current', 'step');
      if (current.note) element.append(h('span', { class: 'note', text: `; ${current.note}` }));
    } else if (line === selected) element.classList.add('selected');
  }

  /** @param {number} section */
  function foldButton(section) {
    const { name = '', isTable } = listing?.sections[section] ?? {};
    const toggle = () => {
      if (!folded.delete(section)) folded.add(section);
      countRows();
      requestAnimationFrame(() => {
        const row = list.element(firstRows[section]);
        /** @type {HTMLElement | null | undefined} */ (row?.querySelector('.fold'))?.focus();
      });
    };
    return h(
      'button',
      {
        type: 'button',
        class: 'fold',
        'aria-expanded': String(!folded.has(section)),
        'aria-label': isTable ? 'Sites' : `Function ${spelt(name)}`,
        on: { click: toggle },
      },
      icon(CHEVRON),
    );
  }

  /** @param {string} text */
  function callLink(text) {
    const name = text.startsWith('@') ? text.slice(1) : text;
    const go = () => goToFunction(name);
    return h('button', { type: 'button', class: 'token-function', text, title: `Go to ${name}`, on: { click: go } });
  }

  /** @param {string} name */
  function goToFunction(name) {
    const section = listing?.sectionOf.get(name);
    if (!listing || section === undefined) return;
    showLine(listing.sections[section].line, 'start');
    host.focus({ preventScroll: true });
  }

  /** @param {number} line @param {'nearest' | 'centre' | 'start'} align */
  function showLine(line, align) {
    if (!listing || line < 0) return;
    const section = listing.sectionAt(line);
    if (folded.delete(section)) countRows();
    const before = selected;
    selected = line;
    for (const each of [before, line]) if (each >= 0) list.refreshRow(rowOfLine(each));
    list.scrollToRow(rowOfLine(line), align);
  }

  /** @param {Listing | null} next @param {string} [instead] */
  function show(next, instead = '') {
    listing = next;
    folded.clear();
    if (next?.sections[0]?.isTable) folded.add(0);
    selected = -1;
    current = { line: -1, note: '' };
    const nothing = !next || next.lineCount === 0;
    host.hidden = nothing;
    empty.hidden = !nothing;
    setText(empty, instead);
    foldAll.disabled = goTo.disabled = nothing;
    if (nothing) return;
    list.scrollToRow(0, 'start');
    countRows();
  }

  /** Shows what the view says, for the present program. */
  async function load() {
    const number = ++asked;
    const which = /** @type {'listing' | 'ir' | 'optimised' | 'bytecode'} */ (view.value);
    const { program, module, listing: own, phase } = store.now;
    if (phase === 'refused' && (which !== 'listing' || !own)) {
      const reason = own ? 'the file breaks a rule, so only its own can be shown' : 'the file cannot be read';
      return show(null, `There is no IR to show: ${reason}.`);
    }
    if (which === 'listing' || !own || !program) {
      const why = module?.functions.length === 0 ? NO_FUNCTIONS : TOO_LARGE;
      show(own, own ? why : '');
      if (own) goToEntry();
      showFault(store.now);
      markStep(store.now);
      return;
    }
    try {
      const answer = await session.irText(program, which);
      const read = 'report' in answer ? null : await readListing(answer.text, new Uint32Array(0));
      if (number !== asked) return;
      if ('report' in answer) {
        const { message, help } = answer.report;
        return show(null, `There is no IR to show: ${message}. ${help}`);
      }
      show(read, 'The backend gave no text.');
      goToEntry();
    } catch (thrown) {
      if (number === asked) show(null, thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  function goToEntry() {
    const section = listing?.sectionOf.get(store.now.entry) ?? 0;
    if (!listing?.sections[section]) return;
    // A short listing stays whole: only an entry below the first view is gone to.
    const row = firstRows[section];
    list.scrollToRow(row * irRow() < host.clientHeight / 2 ? 0 : row, 'start');
  }

  /** Where the run failed. @param {Readonly<State>} state */
  function showFault({ result, listing: own }) {
    const site = result?.position?.site ?? null;
    if (site !== null && own && listing === own) showLine(own.lineOfSite(site), 'centre');
  }

  function deselect() {
    const before = selected;
    selected = -1;
    if (before >= 0) list.refreshRow(rowOfLine(before));
  }

  /** @param {Readonly<State>} state */
  function markStep({ trace, step }) {
    const before = current.line;
    if (!trace || step < 0 || view.value !== 'listing' || !listing || listing !== store.now.listing) {
      current = { line: -1, note: '' };
    } else {
      current = { line: listing.lineOfSite(trace.siteOf(step)), note: trace.spelt(step) };
      const section = listing.sectionAt(current.line);
      if (folded.delete(section)) countRows();
    }
    if (before >= 0) list.refreshRow(rowOfLine(before));
    if (current.line >= 0) {
      list.refreshRow(rowOfLine(current.line));
      list.scrollToRow(rowOfLine(current.line));
    }
  }

  /** The stepper takes its room from this list. */
  function keepStep() {
    if (current.line >= 0) list.scrollToRow(rowOfLine(current.line));
  }

  view.addEventListener('change', () => void load(), { signal });
  foldAll.addEventListener(
    'click',
    () => {
      const sections = listing?.sections ?? [];
      if (folded.size === sections.length) folded.clear();
      else for (let i = 0; i < sections.length; i++) folded.add(i);
      list.scrollToRow(0, 'start');
      countRows();
    },
    { signal },
  );
  latePicker(picker, {
    button: goTo,
    label: 'Function',
    items: () =>
      (listing?.sections ?? [])
        .filter(({ isTable }) => !isTable)
        .map(({ name }) => ({ value: name, text: spelt(name) })),
    current: () => {
      const section = listing?.sections[listing.sectionAt(lineOfRow(list.firstRow))];
      return section?.name ?? '';
    },
    onPick: goToFunction,
    signal,
  });
  store.watch(['listing', 'refusal'], () => void load());
  store.watch(['entry'], () => {
    if (view.value === 'listing') goToEntry();
    else void load();
  });
  store.watch(['result'], (state) => (state.result ? showFault(state) : deselect()));
  store.watch(['trace', 'step'], markStep);
  store.watch(['selectedSite'], ({ selectedSite }) => {
    if (selectedSite === null || !store.now.listing) return deselect();
    if (view.value !== 'listing') {
      view.value = 'listing';
      show(store.now.listing);
    }
    showLine(store.now.listing.lineOfSite(selectedSite), 'centre');
  });
  return {
    goToFunction(/** @type {string} */ name) {
      if (view.value !== 'listing') {
        view.value = 'listing';
        show(store.now.listing);
      }
      goToFunction(name);
    },
    focus: () => host.focus(),
  };
}
