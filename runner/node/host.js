/**
 * Files, streams and signals of Node, as the command line needs them.
 */
import { closeSync, openSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * @param {string} path `-` = standard input
 * @returns {Promise<Uint8Array>} rejects with the system's error
 */
export async function readInput(path) {
  if (path !== '-') return readFileSync(path);
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * All of the bytes or none: they go to a new file in the same folder, which then takes the place of the old one.
 * What is no regular file (/dev/null, a pipe) cannot be replaced and is written to.
 * @param {string} path
 * @param {Uint8Array} bytes
 */
export function writeAtomic(path, bytes) {
  const old = statSync(path, { throwIfNoEntry: false });
  if (old && !old.isFile()) return writeFileSync(path, bytes);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  const file = openSync(temporary, 'wx');
  try {
    writeFileSync(file, bytes);
    closeSync(file);
    renameSync(temporary, path);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}

/** A standard stream that tells a slow reader from one that has gone. */
export class Output {
  #stream;
  /** The first error. @type {NodeJS.ErrnoException | null} */
  error = null;
  /** @type {((error?: Error) => void) | null} */
  #settle = null;

  /** @param {NodeJS.WriteStream} stream */
  constructor(stream) {
    this.#stream = stream;
    stream.on('error', (error) => {
      this.error ??= error;
      this.#settle?.(error);
    });
    stream.on('drain', () => this.#settle?.());
  }

  /**
   * @param {Uint8Array | string} bytes
   * @returns {void | Promise<void>} a promise until the reader has caught up; it rejects when there is none any more
   */
  write(bytes) {
    if (this.error) throw this.error;
    if (this.#stream.write(bytes)) return undefined;
    return new Promise((resolve, reject) => {
      this.#settle = (error) => (error ? reject(error) : resolve());
    });
  }

  /** Resolves when all has been handed to the system, or cannot be. @returns {Promise<void>} */
  flush() {
    return new Promise((resolve) => {
      if (this.error) resolve();
      else this.#stream.write('', () => resolve());
    });
  }
}

/**
 * Calls back at the first Ctrl-C; the second one ends the process as usual.
 * @param {() => void} interrupted
 * @returns {() => void} ends the listening
 */
export function onInterrupt(interrupted) {
  process.once('SIGINT', interrupted);
  return () => void process.off('SIGINT', interrupted);
}
