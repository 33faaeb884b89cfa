/** Imports of chunks, which may fail for want of a connection and be asked for again. */
import { sentenceOf } from './result.js';

let failures = 0;

/**
 * Some browsers, as Chromium 150, take an address that could not be fetched for failed until the page is reloaded. The same
 * file with another fragment is another address to them. Where the error does not name it, the import is only repeated.
 * @template Part
 * @param {() => Promise<Part>} load an import()
 * @returns {() => Promise<Part>}
 */
export function importAgain(load) {
  let attempt = load;
  return async () => {
    try {
      return await attempt();
    } catch (thrown) {
      const address = /\bhttps?:\S+\.js/.exec(sentenceOf(thrown))?.[0];
      const fragment = ++failures;
      if (address) attempt = () => import(`${address}#${fragment}`);
      throw thrown;
    }
  };
}
