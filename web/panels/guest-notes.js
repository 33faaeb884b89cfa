// What the visitor should know of a module's run: how input reaches it in this browser, openly where it cannot come live,
// and warnings of the run.

import { byId, h, setText } from '../ui/dom.js';
import { readsLive, wantsPeople } from '../guest/request.js';

/** @import { State, Store } from '../state.js' */

const WARNINGS_SHOWN = 3;
/** @type {Record<State['inputMode'], string>} */
const WAYS = { shared: 'shared memory', suspend: 'suspension', prepared: 'given before the run' };

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {() => void} parts.openOptions
 * @param {() => Promise<{ canReload: boolean } | null>} parts.isolationState
 * @param {() => Promise<void>} parts.makeLive
 */
export function createGuestNotes({ store, openOptions, isolationState, makeLive }) {
  const sentence = h('p', {});
  const give = h('button', {
    type: 'button',
    class: 'button small',
    text: 'Give the input',
    on: { click: openOptions },
  });
  const makeLiveButton = h('button', {
    type: 'button',
    class: 'button small',
    text: 'Make live input work',
    title: 'Loads the page once more',
    hidden: true,
    on: { click: () => void makeLive() },
  });
  const prepared = h(
    'div',
    { class: 'banner guest-note', id: 'input-banner', hidden: true },
    sentence,
    give,
    makeLiveButton,
  );
  const warnings = h('ul', { class: 'banner warnings', id: 'guest-warnings', role: 'status', hidden: true });
  byId('output-dropped').after(prepared, warnings);
  const way = h('span', { id: 'status-input' });
  document.querySelector('.status .spacer')?.after(way);

  /** @param {Readonly<State>} state */
  function draw(state) {
    const { plan, inputMode, program } = state;
    const reads = plan !== null && (plan.readsKeys || plan.readsLines);
    const people = plan !== null && wantsPeople(plan, program?.given?.terminal);
    const live = inputMode === 'prepared' ? '' : 'live ';
    setText(way, people || (reads && readsLive(state)) ? `${live}input: ${WAYS[inputMode]}` : '');
    const missing = reads && inputMode === 'prepared';
    prepared.hidden = !missing;
    if (!missing) return;
    const what = !plan.readsKeys ? 'input' : plan.readsLines ? 'keys and input' : 'keys';
    setText(sentence, `This page cannot read ${what} while a program runs: give it before.`);
    void isolationState().then((found) => (makeLiveButton.hidden = found?.canReload !== true));
  }

  store.watch(['plan', 'inputMode', 'options', 'program'], draw);
  store.watch(['warnings', 'wasm'], ({ warnings: all, wasm }) => {
    warnings.hidden = wasm === null || all.length === 0;
    const more = all.length - WARNINGS_SHOWN;
    const items = all.slice(0, WARNINGS_SHOWN).map((text) => h('li', { text }));
    if (more > 0) items.push(h('li', { text: `and ${more} more` }));
    warnings.replaceChildren(...items);
  });
}
