/**
 * Files, streams and signals of Node, as the command line needs them.
 */
import { createRequire } from 'node:module';
import { constants, devNull } from 'node:os';
import { INPUT_BYTES } from '../limits.js';

/**
 * By `require`: an `import` of node:fs makes Node load all of its streams, 5 ms of a start that takes 70.
 * @type {NodeJS.Require}
 */
const require = createRequire(import.meta.url);
export const fs = /** @type {typeof import('node:fs')} */ (require('node:fs'));

/** node:tty is loaded when first asked: it brings Node's streams, too. @param {number} descriptor */
export function isTerminalDescriptor(descriptor) {
  return /** @type {typeof import('node:tty')} */ (require('node:tty')).isatty(descriptor);
}

/**
 * @param {string} path `-` = standard input
 * @returns {Promise<Uint8Array>} rejects with the system's error, or because there is too much
 */
export async function readInput(path) {
  // Of a folder in its place Node's own stream says only that it is at its end.
  if (path === '-') return collect(fs.fstatSync(0).isDirectory() ? fs.createReadStream('', { fd: 0 }) : process.stdin);
  const status = fs.statSync(path);
  if (!status.isFile()) return collect(fs.createReadStream(path));
  if (status.size > INPUT_BYTES) throw tooLarge();
  return fs.readFileSync(path);
}

/** Of a pipe or a device nobody knows where it ends, or if. @param {AsyncIterable<Uint8Array>} stream */
async function collect(stream) {
  const chunks = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > INPUT_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge() {
  return new Error(`it has more than ${INPUT_BYTES} bytes`);
}

/** How long a reader may take nothing, once the run was ended from outside. */
const PATIENCE_MILLISECONDS = 2000;
/** Fits into any pipe that nobody else fills, so that writing it at once does not block. */
const DIRECT_BYTES = 4096;

/**
 * Standard output or error. The first few bytes are written at once, because Node takes 2 ms to make a stream and many
 * programs print no more; what follows goes through the stream, which tells a slow reader from one that has gone.
 */
export class Output {
  #descriptor;
  #direct = DIRECT_BYTES;
  /** @type {NodeJS.WriteStream | null} */
  #stream = null;
  /** The first error. @type {NodeJS.ErrnoException | null} */
  error = null;
  /** Ends the present wait. @type {((error?: Error) => void) | null} */
  #settle = null;
  #isHurried = false;
  /** Nobody reads any more, and nobody waits for that: what is written now is lost. */
  isStuck = false;

  /** @param {1 | 2} descriptor */
  constructor(descriptor) {
    this.#descriptor = descriptor;
  }

  /**
   * @param {Uint8Array | string} content
   * @returns {void | Promise<void>} a promise until the reader has caught up; it rejects when there is none any more
   */
  write(content) {
    if (this.error) throw this.error;
    if (this.isStuck) return undefined;
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const rest = this.#stream ? bytes : this.#writeDirectly(bytes);
    if (rest.length === 0 || this.#open().write(rest)) return undefined;
    return this.#bounded(
      new Promise((resolve, reject) => {
        this.#settle = (error) => (error ? reject(error) : resolve());
      }),
    );
  }

  /** From now on nothing waits for a reader that takes nothing: the user has ended the run, or the time limit. */
  hurry() {
    this.#isHurried = true;
  }

  /** Resolves when all has been handed to the system, or cannot be. @returns {Promise<void>} */
  flush() {
    const stream = this.#stream;
    if (this.error || this.isStuck || !stream) return Promise.resolve();
    return this.#bounded(new Promise((resolve) => void stream.write('', () => resolve())));
  }

  /** @param {Promise<void>} caughtUp of the reader @returns {Promise<void>} */
  async #bounded(caughtUp) {
    if (!this.#isHurried) return caughtUp;
    let left = this.#stream?.writableLength;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    let timer;
    const givenUp = new Promise((resolve) => {
      timer = setInterval(() => {
        const before = left;
        left = this.#stream?.writableLength;
        this.isStuck ||= left === before;
        if (this.isStuck) resolve(undefined);
      }, PATIENCE_MILLISECONDS);
    });
    await Promise.race([caughtUp, givenUp]).finally(() => clearInterval(timer));
  }

  /** Only before there is a stream: the order would be lost. @param {Uint8Array} bytes @returns {Uint8Array} what is left */
  #writeDirectly(bytes) {
    if (bytes.length > this.#direct) return bytes;
    this.#direct -= bytes.length;
    try {
      return bytes.subarray(fs.writeSync(this.#descriptor, bytes));
    } catch (thrown) {
      const error = /** @type {NodeJS.ErrnoException} */ (thrown);
      if (error.code === 'EAGAIN') return bytes;
      this.error = error;
      throw error;
    }
  }

  #open() {
    if (this.#stream) return this.#stream;
    this.#stream = this.#descriptor === 1 ? process.stdout : process.stderr;
    this.#stream.on('error', (error) => {
      this.error ??= error;
      this.#settle?.(error);
    });
    this.#stream.on('drain', () => this.#settle?.());
    return this.#stream;
  }
}

/**
 * Of a terminal that was closed from the other side the process ends by the signal for that, which shells tell as 129: at an
 * ordinary exit Node aborts where it cannot set the terminal back.
 * @param {Output[]} outputs
 * @param {number} [ended] the status of the signal that ended the run
 */
export function endWithTerminal(outputs, ended = 0) {
  const isHungUp = ended === 128 + constants.signals.SIGHUP || outputs.some(({ error }) => error?.code === 'EIO');
  const streams = [process.stdin, process.stdout, process.stderr];
  const isGone = streams.some(
    (stream, fd) => (stream.isTTY || (isHungUp && isDevice(fd))) && !isTerminalDescriptor(fd),
  );
  if (isGone) process.kill(process.pid, 'SIGHUP');
}

/** A stream that is made of a terminal too late does not know that it was one. @param {number} descriptor */
function isDevice(descriptor) {
  const status = fs.fstatSync(descriptor);
  return status.isCharacterDevice() && status.rdev !== fs.statSync(devNull).rdev;
}

/** Whether the time of a run is over, be it by waiting for its reader. @param {number} started @param {{ seconds: number }} limits */
export function isLate(started, { seconds }) {
  return seconds > 0 && performance.now() - started >= seconds * 1000;
}

/** @type {NodeJS.Signals[]} */
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/**
 * Calls back at the first signal that wants the process to end; the second one ends it as usual.
 * @param {(status: number) => void} ending with the status that shells give for it
 * @returns {() => void} ends the listening
 */
export function onEnding(ending) {
  let isFirst = true;
  const listener = (/** @type {NodeJS.Signals} */ signal, /** @type {number} */ number) => {
    if (!isFirst) {
      unlisten();
      process.kill(process.pid, signal);
    }
    isFirst = false;
    ending(128 + number);
  };
  const unlisten = () => ENDINGS.forEach((signal) => process.off(signal, listener));
  for (const signal of ENDINGS) process.on(signal, listener);
  return unlisten;
}
