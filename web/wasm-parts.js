// What the inspector has for a WebAssembly module, in one chunk: it comes with the first module.

import { createCallsPanel } from './panels/wasm-calls.js';
import { createCodePanel } from './panels/wasm-code.js';
import { createExportsPanel } from './panels/wasm-exports.js';
import { createFilesPanel } from './panels/wasm-files.js';
import { createWasmModulePanel } from './panels/wasm-module.js';
import { Functions } from './guest/functions.js';
import { fromFile } from './intake.js';
import { byId } from './ui/dom.js';

/** @import { ClientLike } from '../runner/client.js' */
/** @import { CallLog } from './guest/call-log.js' */
/** @import { GuestSession } from './guest/session.js' */
/** @import { Uploads } from './guest/uploads.js' */
/** @import { GuestOptions, State, Store } from './state.js' */

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {ClientLike} parts.client
 * @param {() => GuestSession | null} parts.guest
 * @param {CallLog} parts.calls
 * @param {Uploads} parts.uploads
 * @param {(change: Partial<GuestOptions>) => void} parts.applyGuest changes options and runs again
 * @param {(tab: State['tab']) => void} parts.showTab
 * @param {(sentence: string) => void} parts.notice
 * @param {AbortSignal} parts.signal
 */
export function createWasmPanels({ store, client, guest, calls, uploads, applyGuest, showTab, notice, signal }) {
  /** @type {{ wasm: State['wasm'], table: Functions | null }} */
  let known = { wasm: null, table: null };
  const functions = () => {
    const { wasm } = store.now;
    if (known.wasm !== wasm) known = { wasm, table: wasm && listOf(wasm) };
    return known.table;
  };
  /** @param {NonNullable<State['wasm']>} wasm */
  function listOf(wasm) {
    const table = new Functions(wasm);
    const bytes = store.now.program?.bytes;
    const isOpen = () => bytes !== undefined && store.now.wasm === wasm;
    table.describeAll(async (first) => (isOpen() ? client.functions(/** @type {Uint8Array} */ (bytes), first) : []));
    return table;
  }
  const disassemble = (/** @type {Uint8Array} */ bytes, /** @type {number} */ index) =>
    client.disassemble(bytes, index);
  const code = createCodePanel({ panel: byId('code-panel'), store, functions, disassemble, signal });
  const showFunction = (/** @type {number} */ index) => {
    showTab('code');
    void code.showFunction(index);
  };
  const showOffset = (/** @type {number} */ index, /** @type {number | null} */ offset) => {
    showTab('code');
    void code.showOffset(index, offset);
  };
  /** Links a file as the import module of that name. @param {string} name @param {File} file */
  const linkFile = async (name, file) => {
    const brought = await fromFile(file);
    if ('sentence' in brought) notice(brought.sentence);
    else await guest()?.link({ ...brought, name: `${name}.wasm` });
  };
  const panels = {
    module: createWasmModulePanel({
      panel: byId('module-panel'),
      ...{ store, functions, showFunction, applyGuest, linkFile, signal },
      linkedSize: (name) => guest()?.linkedSize(name) ?? 0,
      unlink: (name) => guest()?.unlink(name),
    }),
    code,
    calls: createCallsPanel({ panel: byId('calls-panel'), store, calls, applyGuest, notice, signal }),
    files: createFilesPanel({ panel: byId('files-panel'), store, uploads, notice, signal }),
    exports: createExportsPanel({ panel: byId('exports-panel'), store, guest, showOffset, signal }),
  };
  return {
    showOffset,
    /** @param {keyof typeof panels} tab */
    focus: (tab) => panels[tab].focus(),
  };
}
