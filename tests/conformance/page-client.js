// What page.test.js runs inside Chromium: the page's own client over the page's own worker, without the page around it.
import { browserWorker } from '../../runner/browser-worker.js';
import { createClient } from '../../runner/client.js';
import { noLimits } from '../../runner/limits.js';
import { createCompiledRuns } from '../../web/compiled/runs.js';

const fromBase64 = (/** @type {string} */ text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/** Bytes as a string of char codes: what crosses to the test unchanged. (TextDecoder's latin1 is Windows-1252.) */
function toBinary(/** @type {Uint8Array} */ bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

Object.assign(globalThis, {
  /** Starts the worker that the page was built with; all files go through this one client. */
  async startClient(/** @type {Record<'worker' | 'guestWorker' | 'backend' | 'compiler' | 'tools', string>} */ files) {
    const address = (/** @type {string} */ file) => new URL(file, document.baseURI).href;
    const client = createClient({
      spawn: () => browserWorker(new Worker(files.worker, { type: 'module' })),
      backend: address(files.backend),
      compiler: address(files.compiler),
      tools: address(files.tools),
    });
    await client.ready;
    const compiledRuns = createCompiledRuns({ client, workerAddress: files.guestWorker });
    Object.assign(globalThis, {
      async runCompiledFile(
        /** @type {string} */ file,
        /** @type {string} */ entry,
        /** @type {import('../../runner/backend/abi.js').Level} */ level,
      ) {
        /** @type {string[]} */
        const output = [];
        const onStdout = (/** @type {Uint8Array} */ bytes) => void output.push(toBinary(bytes));
        const request = { bytes: fromBase64(file), name: 'file', entry, limits: noLimits(), validate: true, level };
        const result = await compiledRuns.run(request, { onStdout, onBuilt: () => {} }).done;
        const { code, exitValue, message, position } = result;
        return { code, exitValue, message, position, stdout: output.join('') };
      },
      async runFile(/** @type {string} */ file, /** @type {string} */ entry, /** @type {boolean} */ traced) {
        /** @type {string[]} */
        const output = [];
        const trace = traced ? { events: 1000, stopWhenFull: false, text: true } : null;
        const onStdout = (/** @type {Uint8Array} */ bytes) => void output.push(toBinary(bytes));
        const result = await client.run({ bytes: fromBase64(file), entry, trace }, { onStdout }).done;
        const { code, exitValue, message } = result;
        // What never ran has no trace, which the contract shows as an empty one.
        const text = toBinary(result.trace.text ?? new Uint8Array());
        return { code, exitValue, message, stdout: output.join(''), trace: text };
      },
    });
  },
});
