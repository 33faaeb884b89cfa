// The inspector of a JSRS program on its way to WebAssembly: its optimiser pass by pass, its control-flow graph, its code.
// Loaded when one of these panels is first seen.

import { CompiledModel } from './compiled/model.js';
import { createGraphPanel } from './panels/compiled-graph.js';
import { createPassesPanel } from './panels/compiled-passes.js';
import { createWebAssemblyPanel } from './panels/compiled-webassembly.js';
import { byId } from './ui/dom.js';

/** @import { ClientLike } from '../runner/client.js' */
/** @import { Options, Store } from './state.js' */

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {ClientLike} parts.client
 * @param {(change: Partial<Options>) => void} parts.chooseMode
 * @param {(text: string) => void} parts.notice
 * @param {AbortSignal} parts.signal
 */
export function createCompiledPanels({ store, client, chooseMode, notice, signal }) {
  const model = new CompiledModel(store, client);
  const shared = { store, model, chooseMode, signal };
  const panels = {
    passes: createPassesPanel({ panel: byId('passes-panel'), ...shared }),
    graph: createGraphPanel({ panel: byId('graph-panel'), ...shared }),
    compiled: createWebAssemblyPanel({ panel: byId('compiled-panel'), notice, ...shared }),
  };
  return {
    /** @param {keyof typeof panels} tab */
    focus: (tab) => panels[tab].focus(),
  };
}
