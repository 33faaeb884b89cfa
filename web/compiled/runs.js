// Runs of a JSRS program compiled to WebAssembly: the worker compiles it, and the result runs like any module, in a fresh
// worker of its own. What comes back has the form of an interpreted run's, so that Session treats both alike. Loaded
// with the first such run.

import { canShare, startGuest } from '../../runner/guest/start-guest.js';
import { CODE, hostReport, resultOf } from '../../runner/result.js';
import { SpareWorker } from '../guest/spare-worker.js';

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
  const workers = new SpareWorker(workerAddress);

  return {
    /**
     * @param {CompiledRequest} request
     * @param {RunEvents & { onBuilt: () => void }} events
     * @returns {CompiledRun}
     */
    run(request, events) {
      /** @type {GuestRun | null} */
      let guest = null;
      const building = new AbortController();
      /** @type {(result: CompiledResult) => void} */
      let resolve = () => {};
      /** @type {Promise<CompiledResult>} */
      const done = new Promise((resolver) => (resolve = resolver));

      async function build() {
        const { bytes, entry, level, validate, limits } = request;
        /** @type {Built | { report: Report }} */
        const built = await client
          .ask(bytes, { what: 'build', entry, level, validate, memory: limits.memory }, building.signal)
          .catch((fault) => ({ report: hostReport(CODE.INTERNAL, fault.message) }));
        if (building.signal.aborted) return;
        if ('report' in built) return resolve({ ...resultOf(built.report), compiling: null });
        events.onBuilt();
        guest = startGuest({
          spawn: () => workers.take(),
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
        workers.prepare();
        resolve({ ...result, compiling: { level, milliseconds: built.milliseconds, size: built.size } });
      }

      void build();
      return {
        id: 0,
        done,
        stop() {
          events.onState?.('stopping');
          if (guest) return guest.stop();
          // What compiles hears nothing until it is done, and whoever asks next would wait as long: the client replaces it.
          building.abort();
          resolve({ ...resultOf(hostReport(CODE.EXECUTE, 'stopped', STOPPED)), compiling: null });
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
