// The examples that stand beside the page: names and one line each at once, their bytes when asked for, and with them what
// an example is given (arguments, files, ...), which is a file of its own.

/** @import { FileEntry } from '../runner/guest/types.js' */
/** @import { Given, GuestOptions } from './state.js' */

/**
 * @typedef {object} Example
 * @property {string} name
 * @property {string} file
 * @property {string} title
 * @property {string} line what it is, for a newcomer
 * @property {string} group heading in the list
 * @property {string} [entry] of JSRS files
 * @property {string} [given] address of what it is given
 */
/**
 * As it stands in that file (fixtures/README.md).
 * @typedef {Partial<Pick<GuestOptions, 'args' | 'env' | 'stdin' | 'keys'>> & {
 *   files?: Record<string, string | { base64: string }>, terminal?: Given['terminal'] }} GivenRecord
 */

export class Gallery {
  /** @type {Map<string, Promise<{ bytes: Uint8Array, given: Given | null }>>} */
  #loaded = new Map();

  /** @param {Example[]} examples */
  constructor(examples) {
    this.examples = examples;
  }

  /** By its name, or by its title as people write one into an address. @param {string} wanted */
  find(wanted) {
    const written = asWritten(wanted);
    return this.examples.find(({ name, title }) => name === wanted || asWritten(title) === written);
  }

  /**
   * @param {Example} example
   * @returns {Promise<{ bytes: Uint8Array, given: Given | null }>} rejects with a sentence
   */
  load(example) {
    const known = this.#loaded.get(example.name);
    if (known) return known;
    const loading = Promise.all([fetched(example.file), example.given ? fetched(example.given) : null]).then(
      ([bytes, given]) => ({ bytes, given: given && givenOf(JSON.parse(new TextDecoder().decode(given))) }),
    );
    this.#loaded.set(example.name, loading);
    loading.catch(() => this.#loaded.delete(example.name));
    return loading;
  }
}

const asWritten = (/** @type {string} */ title) => title.toLowerCase().replace(/\W+/g, '-');

/** @param {string} file */
async function fetched(file) {
  const response = await fetch(file).catch(() => null);
  if (!response?.ok) throw new Error('This example could not be loaded: is the page still being served?');
  return new Uint8Array(await response.arrayBuffer());
}

/** @param {GivenRecord} record @returns {Given} */
function givenOf({ files = {}, terminal = 'none', ...inputs }) {
  const encoder = new TextEncoder();
  /** @param {string | { base64: string }} content */
  const bytesOf = (content) =>
    typeof content === 'string' ? encoder.encode(content) : Uint8Array.from(atob(content.base64), codeOf);
  /** @type {FileEntry[]} */
  const entries = Object.entries(files).map(([path, content]) => ({ path, kind: 'file', bytes: bytesOf(content) }));
  return { inputs, files: entries, terminal };
}

/** @param {string} letter */
const codeOf = (letter) => letter.charCodeAt(0);
