/**
 * The start function of a module. An engine calls it before it hands out the instance, when imports cannot reach the
 * memory that the module exports, and where nothing can be suspended. So the rewriter has made it the last of the exports
 * (backend/wasm/rewrite.h), and it is called from here as the first thing.
 */

/** @import { Plan } from '../module/plan.js' */

/**
 * What the module itself exports, and its start function.
 * @param {Pick<Plan, 'startsItself'>} plan
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Instance} instance
 * @returns {{ exports: WebAssembly.Exports, start: WebAssembly.ExportValue | null }}
 */
export function splitStart({ startsItself }, module, { exports }) {
  if (!startsItself) return { exports, start: null };
  const { name } = WebAssembly.Module.exports(module).at(-1) ?? { name: '' };
  /** @type {Record<string, WebAssembly.ExportValue>} */
  const own = Object.assign(Object.create(null), exports);
  delete own[name];
  return { exports: own, start: exports[name] };
}
