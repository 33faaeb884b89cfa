// Modules linked to the program that is open: the runtime of an unmerged Aver program, or any other file whose exports its
// imports ask for. Such a file is known by its name: `aver_runtime.wasm` serves what is imported from `aver_runtime`. It is
// kept among the recent files, and found there when the program is opened again.

import { LINKED_MODULES, fileOf, linkModules } from '../../runner/module/link.js';
import { missingReport } from '../../runner/module/missing.js';

/** @import { ClientLike } from '../../runner/client.js' */
/** @import { Given } from '../../runner/module/link.js' */
/** @import { Plan } from '../../runner/module/plan.js' */
/** @import { Compiled, NotOpened, OpenedModule } from '../../runner/protocol.js' */
/** @import { Keep } from '../keep.js' */

/** A linked module, and what it was compiled to for a cap on memory. @typedef {Given & { bytes: Uint8Array, compiled: { memory: number, it: Compiled } | null }} Linked */

const SUFFIX = '.wasm';

/** What is imported from a file of this name; browsers number copies: `lib (1).wasm`. @param {string} file */
function nameOf(file) {
  return file.toLowerCase().endsWith(SUFFIX) ? file.slice(0, -SUFFIX.length).replace(/ \(\d+\)$/, '') : '';
}

/** The modules from which something is missing, or linked already. @param {Plan} plan */
export function linkable(plan) {
  const imports = [plan, ...plan.linked.map((each) => each.plan)].flatMap((each) => each.imports);
  const open = imports.filter(({ fate }) => fate === 'missing' || fate === 'linked');
  return new Set(open.map(({ module }) => module));
}

export class LinkedModules {
  #client;
  #keeping;
  /** @type {Map<string, Linked>} */
  #given = new Map();

  /** @param {ClientLike} client @param {Promise<Keep>} keeping */
  constructor(client, keeping) {
    this.#client = client;
    this.#keeping = keeping;
  }

  /**
   * For a program that is opened: with what the recent files have for it, in place of what was linked before.
   * @param {OpenedModule} opened
   * @returns {Promise<OpenedModule>}
   */
  async begin(opened) {
    this.#given.clear();
    if (!opened.missing) return opened;
    const keep = await this.#keeping;
    const kept = await keep.list().catch(() => []);
    let linked = opened;
    // What is linked may want more.
    for (let more = true; more && this.#given.size < LINKED_MODULES;) {
      more = false;
      for (const name of linkable(linked.plan)) {
        const found = this.#given.has(name) ? null : kept.find((each) => each.name === name + SUFFIX);
        const file = found && (await keep.get(found.id).catch(() => null));
        if (!file || !(await this.#take(name, file.bytes)).ok) continue;
        more = true;
      }
      linked = this.#link(opened);
    }
    return linked;
  }

  /**
   * Takes a file that the program, or what is linked to it, imports from.
   * @param {OpenedModule} opened the program without linked modules
   * @param {Plan} plan the present one
   * @param {string} file its name
   * @param {Uint8Array} bytes
   * @returns {Promise<{ name: string, opened: OpenedModule } | { fault: string } | null>} `name`: by which it is kept; null: the
   *   file is not for this program
   */
  async add(opened, plan, file, bytes) {
    const name = nameOf(file);
    if (name === '' || !linkable(plan).has(name)) return null;
    const taken = await this.#take(name, bytes);
    if (!taken.ok)
      return { fault: `${file}: ${'report' in taken ? taken.report.message : 'it is no WebAssembly module'}.` };
    return { name: name + SUFFIX, opened: this.#link(opened) };
  }

  /**
   * The program without one that is linked. What only that one imports from is not used any more.
   * @param {OpenedModule} opened the program without linked modules
   * @param {string} name of the import module
   */
  remove(opened, name) {
    this.#given.delete(name);
    return this.#link(opened);
  }

  /**
   * Those of the plan, compiled; a report is of the first that cannot be.
   * @param {Plan} plan
   * @param {readonly number[]} shares bytes of memory that each may have
   */
  async compile(plan, shares) {
    const linked = [];
    for (const [index, { name, file }] of plan.linked.entries()) {
      const each = this.#given.get(name);
      if (!each) continue;
      const memory = shares[index];
      if (each.compiled?.memory !== memory)
        each.compiled = { memory, it: await this.#client.compile(each.bytes, memory) };
      const { module, report } = each.compiled.it;
      if (!module) return { linked, report: { ...report, position: null, message: `${file}: ${report.message}` } };
      linked.push(module);
    }
    return { linked, report: null };
  }

  /** How large the file of a linked module is. @param {string} name */
  sizeOf(name) {
    return this.#given.get(name)?.bytes.length ?? 0;
  }

  /** @param {string} name @param {Uint8Array} bytes @returns {Promise<{ ok: true } | NotOpened | { ok: false }>} */
  async #take(name, bytes) {
    const opened = await this.#client.open(bytes);
    if (!opened.ok) return opened;
    if (!('wasm' in opened)) return { ok: false };
    const { wasm: info, plan } = opened;
    this.#given.set(name, { name, file: fileOf(name), info, plan, bytes, compiled: null });
    return { ok: true };
  }

  /** @param {OpenedModule} opened @returns {OpenedModule} */
  #link(opened) {
    const plan = linkModules(opened.plan, opened.wasm, [...this.#given.values()]);
    return { ...opened, plan, missing: missingReport(plan) };
  }
}
