/**
 * The file system in memory of one run: its root, its clock, its bounds, and the user's files going in and coming back.
 */

import { Content } from './content.js';
import { MemoryDirectory } from './memory-directory.js';
import { MemoryFile, MemoryLink } from './memory-file.js';
import { NAME_BYTES, PATH_BYTES } from './numbers.js';

/** @import { FileEntry, FilesBudget } from '../../guest/types.js' */
/** @import { RecentClock } from './recent-clock.js' */
/** @import { MemoryNode } from './memory-directory.js' */

/** What the program's files may grow by when nothing else is asked for, and the most that can be asked for. */
const BYTES = 2 ** 30;
const MOST_BYTES = 2 ** 31;
/** Names in all directories together. */
const ENTRIES = 1_000_000;
/** What an entry takes besides its name, about, so that a million of them count as the memory that they are. */
const ENTRY_BYTES = 256;
/** A directory of the root that programs take for granted. */
const TEMPORARY = 'tmp';

export class MemorySystem {
  device = 1n;
  /** Goes up with every change. */
  generation = 0;
  #bytesLeft;
  #entriesLeft = ENTRIES;
  #inodes = 0;
  /** Whether nothing was ever called TEMPORARY. */
  #awaitsTemporary = true;
  /** @type {MemoryDirectory | null} */
  #temporary = null;

  /** @param {RecentClock} clock of the stamps @param {number} limit of growth in bytes, 0 = the default */
  constructor(clock, limit = 0) {
    this.clock = clock;
    this.#bytesLeft = limit === 0 ? BYTES : Math.min(limit, MOST_BYTES);
    this.root = new MemoryDirectory(this);
    this.root.parent = this.root;
  }

  nextInode() {
    return ++this.#inodes;
  }

  /**
   * An empty directory for temporary files, made when the root is first looked through for it: it is in no listing before,
   * and a program may as well make one itself.
   * @param {string} name that the root does not have
   */
  temporary(name) {
    if (name !== TEMPORARY || !this.#awaitsTemporary || !this.hasRoomFor(name)) return undefined;
    this.#temporary = new MemoryDirectory(this);
    this.root.add(name, this.#temporary);
    return this.#temporary;
  }

  /** @param {MemoryNode} node */
  #isUnused(node) {
    return node === this.#temporary && node.entries.size === 0;
  }

  /** The root has a new entry. @param {string} name */
  attached(name) {
    if (name === TEMPORARY) this.#awaitsTemporary = false;
  }

  /**
   * Takes the room for a file to grow, as much as there is; none when that is less than what is of any use.
   * @param {number} size as it is @param {number} wanted @param {number} least
   * @returns {number} the size that it may have: less than `least` when it may not grow
   */
  claim(size, wanted, least) {
    if (wanted <= size) return size;
    const growth = Math.min(wanted - size, Math.max(0, this.#bytesLeft));
    if (size + growth < least) return size;
    this.#bytesLeft -= growth;
    return size + growth;
  }

  /**
   * Gives back what a file takes less than was claimed for it.
   * @param {number} claimed @param {number} size
   */
  settle(claimed, size) {
    this.#bytesLeft += claimed - size;
  }

  /** @param {string} name */
  hasRoomFor(name) {
    return this.#entriesLeft > 0 && this.#bytesLeft >= ENTRY_BYTES + name.length;
  }

  /** @param {string} name @param {1 | -1} by */
  countEntry(name, by) {
    this.#entriesLeft -= by;
    this.#bytesLeft -= by * (ENTRY_BYTES + name.length);
  }

  /**
   * Fills the tree; directories on the way are made. What cannot be there is told by its sentence and left out.
   * @param {FileEntry[]} files @param {(sentence: string) => void} warn
   */
  fill(files, warn) {
    for (const file of files) {
      const fault = this.#put(file);
      if (fault !== null) warn(`the file \`${file.path}\` was left out: ${fault}`);
    }
    this.generation = 0;
  }

  /** @param {FileEntry} file @returns {string | null} what is wrong with it */
  #put(file) {
    const names = file.path.split('/');
    const last = /** @type {string} */ (names.pop());
    if ([...names, last].some((name) => !isName(name))) return 'its path is not names with `/` between';
    let directory = this.root;
    for (const name of names) {
      const next = directory.step(name);
      if (typeof next === 'string' || (typeof next === 'number' && directory.entries.has(name))) {
        return 'its path leads through something that is no directory';
      }
      if (next instanceof MemoryDirectory) {
        directory = next;
      } else {
        const made = new MemoryDirectory(this);
        directory.add(name, made);
        directory = made;
      }
    }
    const there = directory.entries.get(last)?.node;
    if (there !== undefined) {
      const again = there instanceof MemoryDirectory && file.kind === 'directory';
      return again ? null : 'there is one of that name already';
    }
    directory.add(last, this.#node(file));
    return null;
  }

  /** @param {FileEntry} file @returns {MemoryNode} */
  #node(file) {
    if (file.kind === 'directory') return new MemoryDirectory(this);
    if (file.kind === 'file') return new MemoryFile(this, Content.of(file.bytes));
    return new MemoryLink(this, file.target, new TextEncoder().encode(file.target).length);
  }

  /** How many entries the tree has, without the directory for temporary files that nobody asked to have. */
  get count() {
    const temporary = this.root.entries.get(TEMPORARY)?.node;
    return ENTRIES - this.#entriesLeft - (temporary && this.#isUnused(temporary) ? 1 : 0);
  }

  /**
   * All that is in the tree, a directory before what it holds. What lies deeper than any path reaches is left out, and so
   * is an empty directory for temporary files that nobody asked to have.
   * @param {FilesBudget} [budget] it ends where this is spent
   * @returns {FileEntry[]}
   */
  files({ entries, bytes } = { entries: Infinity, bytes: Infinity }) {
    /** @type {FileEntry[]} */
    const files = [];
    let room = bytes;
    /** @type {{ directory: MemoryDirectory, prefix: string }[]} */
    const left = [{ directory: this.root, prefix: '' }];
    for (let at = left.pop(); at !== undefined; at = left.pop()) {
      for (const { name, node } of at.directory.entries.values()) {
        const path = at.prefix + name;
        if (path.length > PATH_BYTES || (path === TEMPORARY && this.#isUnused(node))) continue;
        const size = node instanceof MemoryDirectory || node instanceof MemoryLink ? 0 : node.content.size;
        if (files.length >= entries || size > room) return files;
        room -= size;
        const entry = entryOf(path, node);
        if (entry !== null) files.push(entry);
        if (node instanceof MemoryDirectory) left.push({ directory: node, prefix: `${path}/` });
      }
    }
    return files;
  }
}

/**
 * A node as it goes back, its bytes copied; null when the host has no memory for the copy.
 * @param {string} path @param {MemoryNode} node
 * @returns {FileEntry | null}
 */
function entryOf(path, node) {
  if (node instanceof MemoryDirectory) return { path, kind: 'directory' };
  if (node instanceof MemoryLink) return { path, kind: 'link', target: node.target };
  try {
    return { path, kind: 'file', bytes: node.content.bytes() };
  } catch {
    return null;
  }
}

/** @param {string} name */
function isName(name) {
  if (name === '' || name === '.' || name === '..' || name.includes('\0')) return false;
  return name.length * 3 <= NAME_BYTES || new TextEncoder().encode(name).length <= NAME_BYTES;
}
