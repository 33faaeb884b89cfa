// A worker in which a module is to run, made before it is asked for: one that is there already starts a program at once.

import { browserWorker } from '../../runner/browser-worker.js';

export class SpareWorker {
  #address;
  /** Has loaded its code and waits for a module. @type {Worker | null} */
  #spare = null;

  /** @param {string} address */
  constructor(address) {
    this.#address = address;
    this.prepare();
  }

  prepare() {
    if (this.#spare) return;
    const spare = (this.#spare = this.#make());
    // One that could not be loaded says so once, now: the next run tries anew.
    spare.addEventListener('error', () => {
      if (this.#spare === spare) this.#spare = null;
    });
  }

  /** The spare one, or another if there is none. */
  take() {
    const worker = this.#spare ?? this.#make();
    this.#spare = null;
    return browserWorker(worker);
  }

  #make() {
    return new Worker(this.#address, { type: 'module' });
  }
}
