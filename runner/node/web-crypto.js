/**
 * The browser's `crypto`, which is no global of Node 18.
 */
import { createRequire } from 'node:module';

/** To be called before anything asks for random numbers. By `require`: later versions need not load the module. */
export function useWebCrypto() {
  if ('crypto' in globalThis) return;
  const { webcrypto } = createRequire(import.meta.url)('node:crypto');
  Object.defineProperty(globalThis, 'crypto', { value: webcrypto });
}
