// A run of a compiled program that may be asked for before what runs such programs has come.

import { CODE, hostReport, resultOf } from '../../runner/result.js';

/** @import { RunEvents } from '../../runner/client.js' */
/** @import { CompiledRequest, CompiledResult, CompiledRun, createCompiledRuns } from './runs.js' */
/** @typedef {ReturnType<typeof createCompiledRuns>} CompiledRuns */

/** @returns {CompiledResult} */
const lost = () =>
  resultOf(hostReport(CODE.IO, 'the compiler could not be loaded', 'Check the connection and run it again.'));
/** Stopped before it came to a module. @returns {CompiledResult} */
const stopped = () => ({
  ...resultOf(hostReport(CODE.EXECUTE, 'stopped', 'It was stopped from outside.')),
  compiling: null,
});

/**
 * @param {() => Promise<CompiledRuns | null>} coming
 * @param {CompiledRequest} request
 * @param {RunEvents & { onBuilt: () => void }} events
 * @returns {CompiledRun}
 */
export function lateRun(coming, request, events) {
  let isStopped = false;
  /** @type {CompiledRun | null} */
  let run = null;
  /** @type {(result: CompiledResult) => void} */
  let resolve = () => {};
  /** @type {Promise<CompiledResult>} */
  const done = new Promise((resolver) => (resolve = resolver));
  void coming().then((runs) => {
    if (isStopped) return;
    if (!runs) return resolve(lost());
    run = runs.run(request, events);
    void run.done.then(resolve);
  });
  return {
    id: 0,
    done,
    stop() {
      isStopped = true;
      if (run) run.stop();
      else resolve(stopped());
    },
    pause() {},
    resume() {},
  };
}
