/**
 * Files that are written whole or not at all. backend/api/cli_files.c does the same for the native command line.
 */
import { basename, dirname, isAbsolute, join } from 'node:path';
import { fs } from './host.js';

/** More links, one leading to the next, the system does not follow either. */
const MOST_LINKS = 40;
const PERMISSIONS = 0o777;
const NEW_FILE = 0o666;

/**
 * All of the bytes or none.
 * @param {string} path
 * @param {Uint8Array} bytes
 */
export function writeAtomic(path, bytes) {
  const file = new AtomicFile(path);
  file.write(bytes);
  file.close();
}

/**
 * A file that is written piece by piece, in a new file of the same folder which takes the place of the old one at the end,
 * with its permissions. A symbolic link stays one: what it leads to is replaced, or made. What is no regular file (/dev/null,
 * a pipe) cannot be replaced and is written to; so is the file that this process's own output goes to (/dev/stdout), behind
 * what it has. Throws the system's errors; the new file is gone then.
 */
export class AtomicFile {
  #path;
  /** @type {string | null} null: there is none, what is there is written to */
  #temporary = null;
  #descriptor;
  /** Whether the descriptor is the process's own, which stays open. */
  #isOwn = false;

  /** @param {string} path */
  constructor(path) {
    const old = fs.statSync(path, { throwIfNoEntry: false, bigint: true });
    const own = old?.isFile() ? ownDescriptor(old) : undefined;
    this.#isOwn = own !== undefined;
    this.#path = followed(path);
    if (own !== undefined) {
      this.#descriptor = own;
    } else if (old && !old.isFile()) {
      this.#descriptor = fs.openSync(path, 'w');
    } else {
      this.#temporary = join(dirname(this.#path), `.${basename(this.#path)}.${process.pid}-${Date.now()}.tmp`);
      const mode = old ? Number(old.mode) & PERMISSIONS : NEW_FILE;
      this.#descriptor = fs.openSync(this.#temporary, 'wx', mode);
      if (old) permit(this.#descriptor, mode);
    }
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    try {
      let at = 0;
      do at += fs.writeSync(this.#descriptor, bytes, at);
      while (at < bytes.length);
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** All is written. */
  close() {
    this.#closeDescriptor();
    try {
      if (this.#temporary) fs.renameSync(this.#temporary, this.#path);
    } catch (error) {
      this.#remove();
      throw error;
    }
  }

  /** The old file stays. */
  abandon() {
    this.#closeDescriptor();
    this.#remove();
  }

  #closeDescriptor() {
    if (!this.#isOwn) fs.closeSync(this.#descriptor);
  }

  #remove() {
    if (this.#temporary) fs.rmSync(this.#temporary, { force: true });
  }
}

/** As the umask may have cut it; some file systems know no permissions. @param {number} descriptor @param {number} mode */
function permit(descriptor, mode) {
  try {
    fs.fchmodSync(descriptor, mode);
  } catch {
    // what the file was opened with stays
  }
}

/** What the links at the end of a path lead to, which may not be there yet. @param {string} path */
function followed(path) {
  for (let left = MOST_LINKS; left > 0; left--) {
    if (!fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path;
    const link = fs.readlinkSync(path);
    // Put together as they are: `..` behind a folder that is a link is the system's to understand.
    path = isAbsolute(link) ? link : `${dirname(path)}/${link}`;
  }
  return fs.realpathSync(path); // says that these are too many
}

/** Which of this process's outputs goes to the file. @param {import('node:fs').BigIntStats} file */
function ownDescriptor(file) {
  return [1, 2].find((descriptor) => {
    try {
      const { dev, ino } = fs.fstatSync(descriptor, { bigint: true });
      return dev === file.dev && ino === file.ino;
    } catch {
      return false; // it is closed
    }
  });
}
