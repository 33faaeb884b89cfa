// What the three panels of a compiled program share: how it is compiled, its passes and functions, the function that is
// looked at, and questions to the worker whose late answers change nothing.

/** @import { ClientLike } from '../../runner/client.js' */
/** @import { Answers, IrFunction, Question, Way } from '../../runner/compiler/questions.js' */
/** @import { State, Store } from '../state.js' */

/** Tabs of the panels. */
const TABS = ['passes', 'graph', 'compiled'];
/** Work that takes longer says so, and can be stopped. */
const SLOW_MILLISECONDS = 300;
const STOPPED = 'Stopped. Choose a function, a pass or a level to begin again.';
const ENTRY = Object.freeze({ number: -1, name: '' });

/** @typedef {{ passes: string[], functions: IrFunction[], fault: string }} Known */

export class CompiledModel {
  #store;
  #client;
  #key = '';
  /** What the key stands for was given up before it was known. */
  #isStopped = false;
  #program;
  /** @type {Known | null} */
  #known = null;
  /** @type {IrFunction} */
  #function = ENTRY;
  #round = 0;
  /** Questions under way. */
  #asking = 0;
  #giveUp = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #slowTimer;
  #isSlow = false;
  /** @type {(() => void)[]} */
  #watchers = [];

  /** @param {Store} store @param {ClientLike} client */
  constructor(store, client) {
    this.#store = store;
    this.#client = client;
    this.#program = store.now.program;
    store.watch(['tab', 'module', 'entry', 'options'], (state) => this.#follow(state));
  }

  /** Null until it is known, and where the program cannot be compiled at all. */
  get known() {
    return this.#known;
  }

  /** The function that is looked at; number -1 = the entry, as long as nobody chose. */
  get function() {
    return this.#function;
  }

  set function(/** @type {IrFunction} */ chosen) {
    this.#function = chosen;
    this.#tell();
  }

  /** An answer tells which function the entry is. @param {IrFunction} named */
  nameFunction(named) {
    if (this.#function === ENTRY) this.#function = named;
  }

  /** Changes with the program, its entry and its level: answers from before are of no use. */
  get round() {
    return this.#round;
  }

  /** Whether what was asked takes its time. */
  get isSlow() {
    return this.#isSlow;
  }

  /** Gives up what was asked, and the work on it. */
  stop() {
    const giveUp = this.#giveUp;
    this.#giveUp = new AbortController();
    giveUp.abort();
  }

  /** Called now and after every change. @param {() => void} watcher */
  watch(watcher) {
    this.#watchers.push(watcher);
    watcher();
  }

  /**
   * @template {keyof Answers} What
   * @param {Omit<Extract<Question, { what: What }>, keyof Way> & { what: What }} question
   * @returns {Promise<Answers[What] | { fault: string }>} fault: why there is no answer
   */
  async ask(question) {
    const { program } = this.#store.now;
    if (!program) return { fault: '' };
    const { signal } = this.#giveUp;
    this.#begin();
    try {
      const whole = /** @type {any} */ ({ ...this.#way(), ...question });
      const answer = /** @type {any} */ (await this.#client.ask(program.bytes, whole, signal));
      return 'report' in answer ? { fault: `${answer.report.message}. ${answer.report.help}` } : answer;
    } catch (thrown) {
      if (signal.aborted) return { fault: STOPPED };
      return { fault: thrown instanceof Error ? thrown.message : String(thrown) };
    } finally {
      this.#end();
    }
  }

  #begin() {
    if (this.#asking++ > 0) return;
    this.#slowTimer = setTimeout(() => {
      this.#isSlow = true;
      this.#tell();
    }, SLOW_MILLISECONDS);
  }

  #end() {
    if (--this.#asking > 0) return;
    clearTimeout(this.#slowTimer);
    if (!this.#isSlow) return;
    this.#isSlow = false;
    this.#tell();
  }

  /** @returns {Way} */
  #way() {
    const { entry, options } = this.#store.now;
    return { entry, level: options.level, validate: options.validate };
  }

  /** @param {Readonly<State>} state */
  #follow({ program, module, tab }) {
    const { entry, level, validate } = this.#way();
    const key = module ? `${level} ${validate} ${entry}` : '';
    const isOther = program !== this.#program && program?.bytes !== this.#program?.bytes;
    if ((key === this.#key && !isOther && !this.#isStopped) || (key !== '' && !TABS.includes(tab))) return;
    // Functions as lowered have the same numbers at every level.
    if (isOther || !this.#key.endsWith(` ${validate} ${entry}`)) this.#function = ENTRY;
    this.#key = key;
    this.#isStopped = false;
    this.#program = program;
    this.#known = null;
    this.#round += 1;
    this.#tell();
    if (key !== '') void this.#learn(this.#round);
  }

  /** @param {number} round */
  async #learn(round) {
    const answer = await this.ask({ what: 'passes' });
    if (round !== this.#round) return;
    if ('fault' in answer) {
      this.#known = { passes: [], functions: [], fault: answer.fault };
      this.#isStopped = answer.fault === STOPPED; // the next look begins again
    } else {
      const { numbers, names } = answer.functions;
      const functions = names.map((name, index) => ({ number: numbers[index], name }));
      this.#known = { passes: answer.passes, functions, fault: '' };
    }
    this.#tell();
  }

  #tell() {
    for (const watcher of this.#watchers) watcher();
  }
}
