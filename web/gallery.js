// The examples that stand beside the page: names and one line each at once, their bytes when asked for.

/** @typedef {{ name: string, file: string, title: string, line: string, entry: string }} Example */

export class Gallery {
  /** @type {Map<string, Promise<Uint8Array>>} */
  #bytes = new Map();

  /** @param {Example[]} examples */
  constructor(examples) {
    this.examples = examples;
  }

  /** @param {string} name */
  find(name) {
    return this.examples.find((example) => example.name === name);
  }

  /**
   * @param {Example} example
   * @returns {Promise<Uint8Array>} rejects with a sentence
   */
  bytes(example) {
    const known = this.#bytes.get(example.name);
    if (known) return known;
    const bytes = load(example.file);
    this.#bytes.set(example.name, bytes);
    bytes.catch(() => this.#bytes.delete(example.name));
    return bytes;
  }
}

/** @param {string} file */
async function load(file) {
  const response = await fetch(file).catch(() => null);
  if (!response?.ok) throw new Error('This example could not be loaded: is the page still being served?');
  return new Uint8Array(await response.arrayBuffer());
}
