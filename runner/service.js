/**
 * The worker's half of the protocol: requests in, files and runs served, events out. Browser and Node differ only in
 * the port and in how the backend is compiled, which their entry files bring (worker.js, node/worker.js).
 * Nothing here keeps a run's state past its end; an instance is kept only while it holds a file that may be run again.
 */
import { importAgain } from './import-again.js';
import { KEEP_BYTES } from './limits.js';
import { Outlet } from './outlet.js';
import { backendFault, describeProgram, isModule, loadProgram } from './program.js';
import * as protocol from './protocol.js';
import { notFetched, resultOf, sentenceOf } from './result.js';
import { Session } from './session.js';
import { warmUpSession } from './warm-up.js';

/** @import { CompilerService } from './compiler/service.js' */
/** @import { Answer, Question } from './compiler/questions.js' */
/** @import { Ask, Compile, Control, Disassemble, FileRef, FromWorker, Functions, Init, NotOpened, Open, Opened, Run, ToWorker } from './protocol.js' */
/** @import { ModuleService } from './module-service.js' */
/** @import { Program } from './program.js' */
/** @import { Result } from './result.js' */

/**
 * @typedef {object} Port
 * @property {(message: FromWorker, transfer: ArrayBuffer[]) => void} post
 * @property {(receive: (message: ToWorker) => void) => void} listen
 */
/** @typedef {{ id: number, bytes: Uint8Array }} File */
/**
 * A run from its request to its end. Controls that come before its session are kept for it.
 * @typedef {{ outlet: Outlet, session: Session | null, early: Control['type'][] }} Active
 */

const bringCompilerService = importAgain(() => import('./compiler/service.js'));
const bringModuleService = importAgain(() => import('./module-service.js'));

/**
 * @param {Port} port
 * @param {(source: WebAssembly.Module | string | null) => Promise<WebAssembly.Module>} compile the backend
 * @param {(address: string | null) => Promise<WebAssembly.Module>} compileTools the module reader
 */
export function serve(port, compile, compileTools) {
  const service = new Service(port, compile, compileTools);
  port.listen((message) => service.receive(message));
}

class Service {
  #post;
  #compile;
  #compileTools;
  /** @type {string | null} */
  #toolsAddress = null;
  /** @type {string | null} */
  #compilerAddress = null;
  /** @type {Promise<WebAssembly.Module> | null} */
  #tools = null;
  /** @type {Promise<ModuleService> | null} */
  #modules = null;
  /** @type {Promise<CompilerService> | null} */
  #compilers = null;
  /** @type {Promise<WebAssembly.Module> | null} */
  #module = null;
  /** The file of the last request. @type {File | null} */
  #file = null;
  /** An idle instance that holds a file. @type {{ id: number, validate: boolean, program: Program } | null} */
  #kept = null;
  /** @type {Map<number, Active>} */
  #runs = new Map();
  /** Whether no request came yet. Until then the worker warms up. */
  #idle = true;
  /** @type {Session | null} */
  #warmUp = null;

  /**
   * @param {Port} port
   * @param {(source: WebAssembly.Module | string | null) => Promise<WebAssembly.Module>} compile
   * @param {(address: string | null) => Promise<WebAssembly.Module>} compileTools
   */
  constructor(port, compile, compileTools) {
    this.#post = port.post;
    this.#compile = compile;
    this.#compileTools = compileTools;
  }

  /** @param {ToWorker} message */
  receive(message) {
    switch (message.type) {
      case 'init':
        return void this.#init(message);
      case 'open':
        return void this.#serve(message.run, () => this.#open(message, this.#hold(message.file)));
      case 'run':
        return void this.#serve(message.run, () => this.#run(message, this.#hold(message.file)));
      case 'disassemble':
        return void this.#serve(message.run, () => this.#disassemble(message, this.#hold(message.file)));
      case 'functions':
        return void this.#serve(message.run, () => this.#functions(message, this.#hold(message.file)));
      case 'compile':
        return void this.#serve(message.run, () => this.#compileFile(message, this.#hold(message.file)));
      case 'ask':
        return void this.#serve(message.run, () => this.#ask(message, this.#hold(message.file)));
      case 'stop':
      case 'pause':
      case 'resume':
        return this.#control(message);
      case 'credit':
        return this.#runs.get(message.run)?.outlet.credit(message.bytes);
    }
  }

  /** @param {Init} message */
  async #init({ backend, tools, compiler }) {
    this.#toolsAddress = tools;
    this.#compilerAddress = compiler;
    this.#module = this.#compile(backend);
    try {
      const module = await this.#module;
      this.#post(protocol.ready(module), []);
      if (!this.#idle) return;
      this.#warmUp = warmUpSession(module);
      await this.#warmUp.run();
    } catch (thrown) {
      this.#post(protocol.failed(0, sentenceOf(thrown)), []);
    }
  }

  /** What a request throws is our own fault, and the worker's end. @param {number} run @param {() => Promise<void>} handle */
  async #serve(run, handle) {
    this.#idle = false;
    this.#warmUp?.stop();
    try {
      await handle();
    } catch (thrown) {
      this.#post(protocol.failed(run, sentenceOf(thrown)), []);
    }
  }

  /** @param {Open} message @param {File} file */
  async #open({ run, validate }, file) {
    if (isModule(file.bytes)) {
      const answer = await this.#withModules((modules) => modules.open(file)).catch(notOpened);
      return this.#post(protocol.opened(run, answer), []);
    }
    const program = await this.#load(file, validate);
    const opened = openedOf(program);
    this.#post(protocol.opened(run, opened), buffersIn(opened.ok ? opened : (opened.invalid ?? {})));
    this.#keep(file, validate, program);
  }

  /** @param {Disassemble} message @param {File} file */
  async #disassemble({ run, index }, file) {
    const code = await this.#withModules((modules) => modules.disassemble(file, index));
    this.#post(protocol.disassembled(run, code), buffersIn(code));
  }

  /** @param {Functions} message @param {File} file */
  async #functions({ run, first }, file) {
    const functions = await this.#withModules((modules) => modules.functions(file, first));
    this.#post(protocol.functionsListed(run, functions), []);
  }

  /** @param {Compile} message @param {File} file */
  async #compileFile({ run, memory }, file) {
    this.#post(protocol.compiled(run, await this.#withModules((modules) => modules.compile(file, memory))), []);
  }

  /** @param {Ask} message @param {File} file */
  async #ask({ run, question }, file) {
    const answer = await this.#answer(question, file);
    this.#post(protocol.answered(run, answer), buffersIn(answer));
  }

  /** @param {Question} question @param {File} file @returns {Promise<Answer>} */
  async #answer(question, file) {
    const compilers = (this.#compilers ??= this.#bringCompiler());
    try {
      return await (await compilers).answer(file, question);
    } catch (thrown) {
      this.#compilers = null; // as below; what could not be fetched is no fault of the worker
      return { report: notFetched(thrown) };
    }
  }

  async #bringCompiler() {
    if (!this.#module) throw new Error('a request came before the first message');
    const [{ CompilerService }, tools, compiler] = await Promise.all([
      bringCompilerService(),
      this.#bringTools(),
      this.#compilerAddress === null ? this.#module : this.#compile(this.#compilerAddress),
    ]);
    return new CompilerService(compiler, tools);
  }

  /** @template T @param {(modules: ModuleService) => T} ask @returns {Promise<Awaited<T>>} */
  async #withModules(ask) {
    this.#modules ??= this.#bringModules();
    try {
      return await ask(await this.#modules);
    } catch (thrown) {
      this.#modules = null; // the next request tries again to fetch what is missing
      throw thrown;
    }
  }

  async #bringModules() {
    const [{ ModuleService }, tools] = await Promise.all([bringModuleService(), this.#bringTools()]);
    return new ModuleService(tools);
  }

  #bringTools() {
    this.#tools ??= this.#compileTools(this.#toolsAddress);
    this.#tools.catch(() => (this.#tools = null));
    return this.#tools;
  }

  /** @param {Run} message @param {File} file */
  async #run(message, file) {
    const { run } = message;
    /** @type {Active} */
    const active = { outlet: new Outlet(run, this.#post), session: null, early: [] };
    this.#runs.set(run, active);
    this.#post(protocol.state(run, 'loading'), []);
    const result = await this.#resultOf(message, file, active);
    this.#runs.delete(run);
    this.#post(protocol.done(run, result), buffersIn(result.trace));
  }

  /** @param {Run} message @param {File} file @param {Active} active @returns {Promise<Result>} */
  async #resultOf({ run, entry, limits, trace, validate }, file, active) {
    const program = await this.#load(file, validate);
    if (!program.backend) return resultOf(program.report);
    active.session = new Session(
      program.backend,
      { entry, limits, trace },
      {
        write: (bytes) => active.outlet.write(bytes),
        progress: (progress) => this.#post(protocol.progress(run, progress), []),
        state: (state) => this.#post(protocol.state(run, state), []),
      },
    );
    for (const type of active.early) active.session[type]();
    try {
      const result = await active.session.run();
      this.#keep(file, validate, program);
      return result;
    } catch (thrown) {
      return resultOf(backendFault(thrown));
    }
  }

  /** @param {Control} message */
  #control({ run, type }) {
    const active = this.#runs.get(run);
    if (active?.session) active.session[type]();
    else active?.early.push(type);
  }

  /** The file of a request, sent with it or with the one before. @param {FileRef} ref @returns {File} */
  #hold({ id, bytes }) {
    if (bytes) this.#file = { id, bytes };
    if (this.#file?.id !== id) throw new Error(`file ${id} was never sent`);
    return this.#file;
  }

  /** A loaded program that nobody else uses. @param {File} file @param {boolean} validate @returns {Promise<Program>} */
  async #load({ id, bytes }, validate) {
    if (!this.#module) throw new Error('a request came before the first message');
    const module = await this.#module;
    const kept = this.#kept;
    if (kept && kept.id === id && kept.validate === validate) {
      this.#kept = null;
      return kept.program;
    }
    return await loadProgram(module, bytes, { validate });
  }

  /**
   * Keeps a program for the next request of the same file; a start forgets the run before. Memory never shrinks, so an
   * instance that grew large is given up.
   * @param {File} file
   * @param {boolean} validate
   * @param {Program} program
   */
  #keep({ id }, validate, program) {
    const keep = program.backend && program.backend.memoryBytes <= KEEP_BYTES && id === this.#file?.id;
    if (keep) this.#kept = { id, validate, program };
  }
}

/** A module whose reader could not be fetched. @param {unknown} thrown @returns {NotOpened} */
function notOpened(thrown) {
  return { ok: false, kind: 'wasm-module', why: '', report: notFetched(thrown) };
}

/** @param {Program} program @returns {Opened | NotOpened} */
function openedOf(program) {
  const jsrs = { kind: 'jsrs', why: '' };
  try {
    if (program.backend) return { ok: true, kind: jsrs.kind, ...describeProgram(program.backend) };
    const { invalid, other, report } = program;
    return { ok: false, ...(other ?? jsrs), report, ...(invalid && { invalid: describeProgram(invalid) }) };
  } catch (thrown) {
    return { ok: false, ...jsrs, report: backendFault(thrown) };
  }
}

/** What of this, which is made anew for each message, can go to the page without a copy. @param {object} message */
function buffersIn(message) {
  return Object.values(message).flatMap((each) =>
    ArrayBuffer.isView(each) ? [/** @type {ArrayBuffer} */ (each.buffer)] : [],
  );
}
