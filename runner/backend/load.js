/**
 * Brings the backend in: compiles it once, checks that it is one, and instantiates it fresh for each loaded file.
 * Where the bytes come from is the caller's business (a browser worker fetches, node/backend-file.js reads).
 */
import { CONTRACT, OWN } from './abi.js';
import { Backend } from './backend.js';

/**
 * @param {WebAssembly.Module} module
 * @returns {string | null} what keeps it from being our backend, or null
 */
export function faultOf(module) {
  const imports = WebAssembly.Module.imports(module);
  if (imports.length > 0) return `it imports ${imports[0].module}.${imports[0].name}; the backend imports nothing`;
  const kinds = new Map(WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]));
  if (kinds.get('memory') !== 'memory') return 'it does not export its memory';
  const missing = [...CONTRACT, ...OWN].filter((name) => kinds.get(name) !== 'function');
  return missing.length > 0 ? `it does not export ${missing.join(', ')}` : null;
}

/**
 * Takes a module that may not be ours; throws the sentence that refuses it.
 * @param {WebAssembly.Module} module
 * @param {string} from where it came from, for the sentence
 */
export function checked(module, from) {
  const fault = faultOf(module);
  if (fault !== null) throw new Error(`${from} is not the backend: ${fault}`);
  return module;
}

/**
 * Fetches and compiles while it arrives. Servers that give another type than application/wasm are put up with.
 * @param {string | URL} address
 */
export async function fetchBackend(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the backend could not be fetched from ${address}: status ${response.status}`);
  const streams = response.headers.get('content-type')?.startsWith('application/wasm') ?? false;
  const module = streams
    ? await WebAssembly.compileStreaming(response)
    : await WebAssembly.compile(await response.arrayBuffer());
  return checked(module, String(address));
}

/**
 * A fresh backend: no byte of an earlier file or run is in it. Instances of one module share V8's optimised code.
 * @param {WebAssembly.Module} module from `checked` or `fetchBackend`
 */
export function instantiate(module) {
  return new Backend(new WebAssembly.Instance(module).exports);
}
