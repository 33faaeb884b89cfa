// A run of a compiled program that may be asked for before what runs such programs has come.

import { CODE, hostReport, resultOf } from '../../runner/result.js';

/** @import { RunEvents } from '../../runner/client.js' */
/** @import { CompiledRequest, CompiledRun, createCompiledRuns } from './runs.js' */
/** @typedef {ReturnType<typeof createCompiledRuns>} CompiledRuns */

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
  const begin = async () => {
    const runs = await coming();
    if (!runs) return resultOf(hostReport(CODE.IO, 'the compiler could not be loaded', 'Check the connection.'));
    run = runs.run(request, events);
    if (isStopped) run.stop();
    return run.done;
  };
  return {
    id: 0,
    done: begin(),
    stop() {
      isStopped = true;
      run?.stop();
    },
    pause() {},
    resume() {},
  };
}
