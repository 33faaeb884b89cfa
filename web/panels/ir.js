// The IR panel: which text is shown (the file's listing, or the IR as lowered, optimised or translated), and what of it, as the
// program, its result, its steps and people want. Its lines are ir-lines.js's.

import { TEXT_BYTES } from '../../runner/limits.js';
import { spelt } from '../../runner/visible.js';
import { size } from '../format.js';
import { latePicker } from '../lazy.js';
import { byId, setText } from '../ui/dom.js';
import { readListing } from '../ir/listing.js';
import { IrLines } from './ir-lines.js';

/** @import { Listing } from '../ir/listing.js' */
/** @import { Session } from '../session.js' */
/** @import { Program, State, Store } from '../state.js' */

/** What the backend makes of a program. @typedef {'ir' | 'optimised' | 'bytecode'} Form */

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
  const onFold = () => setText(foldAll, lines.isAllFolded ? 'Unfold all' : 'Fold all');
  const lines = new IrLines({ host, onFold, signal });
  let asked = 0;

  /** @param {Listing | null} next @param {string} [instead] */
  function show(next, instead = '') {
    lines.show(next);
    empty.hidden = !host.hidden;
    setText(empty, instead);
    foldAll.disabled = goTo.disabled = host.hidden;
  }

  const goToEntry = () => lines.startAt(store.now.entry);

  /** Shows what the view says, for the present program. */
  async function load() {
    const number = ++asked;
    const which = /** @type {'listing' | Form} */ (view.value);
    const { program, listing: own, phase } = store.now;
    if (phase === 'refused' && (which !== 'listing' || !own)) {
      const reason = own ? 'the file breaks a rule, so only its own can be shown' : 'the file cannot be read';
      return show(null, `There is no IR to show: ${reason}.`);
    }
    if (which === 'listing' || !own || !program) return showOwn(store.now);
    const { listing, instead } = await loweredText(session, program, which);
    if (number !== asked) return;
    show(listing, instead);
    goToEntry();
  }

  /** The file's listing, at its entry or, after a failure, where that was. @param {Readonly<State>} state */
  function showOwn(state) {
    const { module, listing: own } = state;
    const why = module?.functions.length === 0 ? NO_FUNCTIONS : TOO_LARGE;
    show(own, own ? why : '');
    if (own) goToEntry();
    showFault(state);
    markStep(state);
  }

  /** Turns to the file's listing, where that is not what is shown. */
  function turnToOwn() {
    if (view.value === 'listing') return;
    view.value = 'listing';
    show(store.now.listing);
  }

  /** Where the run failed. @param {Readonly<State>} state */
  function showFault({ result, listing: own }) {
    const site = result?.position?.site ?? null;
    if (site !== null && own && lines.listing === own) lines.showLine(own.lineOfSite(site), 'centre');
  }

  /** @param {Readonly<State>} state */
  function markStep({ trace, step, listing: own }) {
    if (!trace || step < 0 || view.value !== 'listing' || !own || lines.listing !== own) lines.markStep(-1, '');
    else lines.markStep(own.lineOfSite(trace.siteOf(step)), trace.spelt(step));
  }

  /** @param {Readonly<State>} state */
  function showSelected({ selectedSite, listing: own }) {
    if (selectedSite === null || !own) return lines.deselect();
    turnToOwn();
    lines.showLine(own.lineOfSite(selectedSite), 'centre');
  }

  view.addEventListener('change', () => void load(), { signal });
  foldAll.addEventListener('click', () => lines.toggleAll(), { signal });
  offerFunctions(picker, goTo, lines, signal);
  store.watch(['listing', 'refusal'], () => void load());
  store.watch(['entry'], () => (view.value === 'listing' ? goToEntry() : void load()));
  store.watch(['result'], (state) => (state.result ? showFault(state) : lines.deselect()));
  store.watch(['trace', 'step'], markStep);
  store.watch(['selectedSite'], showSelected);
  return {
    goToFunction(/** @type {string} */ name) {
      turnToOwn();
      lines.goToFunction(name);
    },
    focus: () => host.focus(),
  };
}

/**
 * What the backend made of a program, or why there is nothing to show.
 * @param {Session} session
 * @param {Program} program
 * @param {Form} form
 * @returns {Promise<{ listing: Listing | null, instead: string }>}
 */
async function loweredText(session, program, form) {
  try {
    const answer = await session.irText(program, form);
    if ('report' in answer) {
      const { message, help } = answer.report;
      return { listing: null, instead: `There is no IR to show: ${message}. ${help}` };
    }
    const listing = await readListing(answer.text, new Uint32Array(0));
    return { listing, instead: 'The backend gave no text.' };
  } catch (thrown) {
    return { listing: null, instead: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/**
 * The list of functions to go to.
 * @param {import('../lazy.js').Lazy['picker']} picker
 * @param {HTMLButtonElement} button
 * @param {IrLines} lines
 * @param {AbortSignal} signal
 */
function offerFunctions(picker, button, lines, signal) {
  latePicker(picker, {
    button,
    label: 'Function',
    items: () =>
      (lines.listing?.sections ?? [])
        .filter(({ isTable }) => !isTable)
        .map(({ name }) => ({ value: name, text: spelt(name) })),
    current: () => lines.firstName,
    onPick: (name) => lines.goToFunction(name),
    signal,
  });
}
