// The choice in the header of how a JSRS program runs: interpreted, or compiled at a level of the optimiser.

import { isWasm } from '../state.js';
import { byId } from '../ui/dom.js';

/** @import { Level } from '../../runner/compiler/questions.js' */
/** @import { Mode } from '../../runner/protocol.js' */
/** @import { Options, Store } from '../state.js' */

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {(change: Partial<Options>) => void} parts.choose remembers and runs
 * @param {AbortSignal} parts.signal
 */
export function createModeChoice({ store, choose, signal }) {
  const select = /** @type {HTMLSelectElement} */ (byId('mode'));
  const announcer = byId('announcer');

  select.addEventListener(
    'change',
    () => {
      const { value } = select;
      if (value === 'interpreted') choose({ mode: 'interpreted' });
      else choose({ mode: 'compiled', level: /** @type {Level} */ (value) });
    },
    { signal },
  );
  store.watch(['options', 'wasm', 'kind'], (state) => {
    const { mode, level } = state.options;
    select.value = mode === 'interpreted' ? mode : level;
    byId('mode-choice').hidden = isWasm(state);
  });
  return {
    /** To the other mode, at the level that was chosen last. */
    toggle() {
      /** @type {Mode} */
      const mode = store.now.options.mode === 'interpreted' ? 'compiled' : 'interpreted';
      choose({ mode });
      announcer.textContent = mode === 'compiled' ? `Compiled, -${store.now.options.level}` : 'Interpreted';
    },
  };
}
