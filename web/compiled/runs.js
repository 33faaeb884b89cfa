// Runs of a JSRS program compiled to WebAssembly: the worker compiles it, and the result runs like any module, in a fresh
// worker of its own. What comes back has the form of an interpreted run's, so that Session treats both alike. Loaded
// with the first such run.

import { browserWorker } from '../../runner/browser-worker.js';
import { canShare, startGuest } from '../../runner/guest/start-guest.js';
import { CODE, hostReport, resultOf } from '../../runner/result.js';

/** @import { ClientLike, ClientRun, RunEvents } from '../../runner/client.js' */
/** @import { Built, Level } from '../../runner/compiler/questions.js' */
/** @import { GuestRun } from '../../runner/guest/start-guest.js' */
/** @import { GuestRequest } from '../../runner/guest/types.js' */
/** @import { Limits } from '../../runner/limits.js' */
/** @import { Report, Result } from '../../runner/result.js' */

/** @typedef {{ bytes: Uint8Array, name: string, entry: string, limits: Limits, validate: boolean, level: Level }} CompiledRequest */
/** Milliseconds of compiling and bytes of the module. @typedef {{ level: Level, milliseconds: number, size: number }} Compiling */
/** `compiling` is null where it came to no module. @typedef {Result & { compiling?: Compiling | null }} CompiledResult */
/** @typedef {Omit<ClientRun, 'done'> & { done: Promise<CompiledResult> }} CompiledRun */

const STOPPED = 'It was stopped from outside.';

/** @param {{ client: ClientLike, workerAddress: string }} parts */
export function createCompiledRuns({ client, workerAddress }) {
  /** A worker that has loaded its code and waits for a module. @type {Worker | null} */
  let spare = null;

  const prepareWorker = () => void (spare ??= new Worker(workerAddress, { type: 'module' }));
  const takeWorker = () => {
    const worker = spare ?? new Worker(workerAddress, { type: 'module' });
    spare = null;
    return browserWorker(worker);
  };
  prepareWorker();

  return {
    /**
     * @param {CompiledRequest} request
     * @param {RunEvents & { onBuilt: () => void }} events
     * @returns {CompiledRun}
     */
    run(request, events) {
      /** @type {GuestRun | null} */
      let guest = null;
      let isStopped = false;
      /** @type {(result: CompiledResult) => void} */
      let resolve = () => {};
      /** @type {Promise<CompiledResult>} */
      const done = new Promise((resolver) => (resolve = resolver));

      async function build() {
        const { bytes, entry, level, validate, limits } = request;
        /** @type {Built | { report: Report }} */
        const built = await client
          .ask(bytes, { what: 'build', entry, level, validate, memory: limits.memory })
          .catch((fault) => ({ report: hostReport(CODE.INTERNAL, fault.message) }));
        if (isStopped) return;
        if ('report' in built) return resolve({ ...resultOf(built.report), compiling: null });
        events.onBuilt();
        guest = startGuest({
          spawn: takeWorker,
          module: built.module,
          shift: built.shift,
          plan: built.plan,
          request: guestRequest(request),
          shared: canShare(),
          events: {
            onStdout: events.onStdout,
            onStderr: events.onStdout,
            onProgress: (progress) => events.onProgress?.({ ...progress, steps: 0 }),
          },
        });
        const result = await guest.done;
        // Nothing is asked of the instance: its memory goes with its worker.
        guest.close();
        prepareWorker();
        resolve({ ...result, compiling: { level, milliseconds: built.milliseconds, size: built.size } });
      }

      void build();
      return {
        id: 0,
        done,
        stop() {
          isStopped = true;
          events.onState?.('stopping');
          if (guest) guest.stop();
          else resolve({ ...resultOf(hostReport(CODE.EXECUTE, 'stopped', STOPPED)), compiling: null });
        },
        pause() {},
        resume() {},
      };
    },
  };
}

/** @param {CompiledRequest} request @returns {GuestRequest} */
function guestRequest({ name, limits }) {
  return {
    ...{ calls: [], args: [], programName: name, env: {}, stdin: null, interactive: false, keys: [], dirs: [] },
    ...{ terminal: { input: false, output: false }, size: { columns: 80, rows: 24 }, seed: null, clock: null },
    ...{ files: [], filesBack: { entries: 0, bytes: 0 }, stub: false, tracedCalls: 0, limits },
  };
}
