// Moving through the recorded steps. The first step of a program that was not recorded records it.

/** @import { Lazy } from './lazy.js' */
/** @import { Session } from './session.js' */
/** @import { Store } from './state.js' */

/**
 * @param {Store} store
 * @param {Session} session
 * @param {(text: string) => void} notice
 * @param {Lazy['stepping']} load
 */
export function createStepping(store, session, notice, load) {
  /** @param {number} step */
  function go(step) {
    const { trace } = store.now;
    if (!trace) return;
    store.set({ step: Math.max(0, Math.min(step, trace.steps.length - 1)), selectedSite: null });
  }

  async function record() {
    const trace = await session.record();
    if (trace && store.now.phase === 'paused')
      notice('These are steps of a run of their own, from its first on. The paused one waits where it is.');
    if (trace && store.now.options.mode === 'compiled')
      notice('These are steps of an interpreted run of the same program: compiled code has none.');
    // Where the part itself is missing, that has been said.
    if (trace === null && (await load()))
      notice('There is nothing to step through: the run ends before its first instruction, or its steps find no room.');
  }

  /** @param {1 | -1} direction */
  function call(direction) {
    const { trace, step } = store.now;
    if (!trace) return;
    const next = trace.nextCall(step, direction);
    if (next === null) notice(direction > 0 ? 'No further call is recorded.' : 'No earlier call is recorded.');
    else go(next);
  }

  return {
    go,
    record,
    async step() {
      if (store.now.trace) go(store.now.step + 1);
      else {
        if (!['ir', 'trace'].includes(store.now.tab)) store.set({ tab: 'ir' });
        store.set({ pane: 'inspector' });
        await record();
      }
    },
    back: () => go(store.now.step - 1),
    nextCall: () => call(1),
    previousCall: () => call(-1),
    toStart: () => go(0),
    /** Goes to the last recorded step; without any, lets a paused run go on to its end. */
    runToEnd() {
      const { phase, trace } = store.now;
      if (trace) go(trace.steps.length - 1);
      else if (phase === 'paused') session.pauseOrResume();
    },
  };
}
