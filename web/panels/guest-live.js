// Input of a module while it runs: where a browser can do no better than take it before, one reload may make it live.

import { wantsPeople } from '../guest/request.js';

/** @import { IsolationControl } from '../isolation.js' */
/** @import { Store } from '../state.js' */

const NOT_NOW =
  'Not now: a reload would lose files or text that are here. Take them away, or open the program as an example.';

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {() => Promise<IsolationControl | null>} parts.isolation
 * @param {(sentence: string) => void} parts.notice
 */
export function createLiveInput({ store, isolation, notice }) {
  return {
    /** Somebody wishes it. */
    async makeLive() {
      await (await isolation())?.becomeIsolated();
      notice(NOT_NOW);
    },
    async isolationState() {
      return (await (await isolation())?.state()) ?? null;
    },
    /** The one reload that is worth it comes before the program has begun. */
    async becomeLive() {
      const { plan, program, inputMode } = store.now;
      if (inputMode !== 'prepared' || !plan || !wantsPeople(plan, program?.given?.terminal)) return;
      await (await isolation())?.becomeIsolated();
    },
  };
}
