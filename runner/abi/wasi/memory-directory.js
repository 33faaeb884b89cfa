/**
 * Directories in memory: what inode.js asks of them, with POSIX's rules. The number of entries is bounded by
 * memory-system.js.
 */

import * as E from './errno.js';
import { MemoryFile, MemoryLink } from './memory-file.js';
import { Inode } from './memory-inode.js';
import { MemoryListing } from './memory-listing.js';
import { FILETYPE } from './numbers.js';

/** @import { MemorySystem } from './memory-system.js' */
/** @import { HowToOpen, Opened, OpenDirectory } from './inode.js' */
/** @typedef {MemoryFile | MemoryDirectory | MemoryLink} MemoryNode */
/** `order` grows from entry to entry of a directory. @typedef {{ name: string, node: MemoryNode, order: number, gone: boolean }} Entry */

/** @implements {OpenDirectory} */
export class MemoryDirectory extends Inode {
  /** The directory that holds it; itself for the root, null once it is removed. @type {MemoryDirectory | null} */
  parent = null;
  /** @type {Map<string, Entry>} */
  entries = new Map();
  /** In the order of `order`, those that have gone in between. @type {Entry[]} */
  inOrder = [];
  #nextOrder = 0;
  #gone = 0;

  /** @param {MemorySystem} system */
  constructor(system) {
    super(system, FILETYPE.DIRECTORY);
    this.links = 2;
  }

  /** @type {OpenDirectory['step']} */
  step(name) {
    const node = this.entries.get(name)?.node ?? this.#onDemand(name);
    if (node === undefined) return -E.ENOENT;
    if (node instanceof MemoryDirectory) return node;
    return node instanceof MemoryLink ? node.target : -E.ENOTDIR;
  }

  /** @type {OpenDirectory['linkTarget']} */
  linkTarget(name) {
    const node = this.#find(name);
    if (node === undefined) return -E.ENOENT;
    return node instanceof MemoryLink ? node.target : -E.EINVAL;
  }

  /** @type {OpenDirectory['open']} */
  open(name, how) {
    const node = this.#find(name) ?? (how.create ? undefined : this.#onDemand(name));
    if (node === undefined) return how.create ? this.#create(name, how) : -E.ENOENT;
    if (how.create && how.exclusive) return -E.EEXIST;
    if (node instanceof MemoryLink) return how.mustBeDirectory ? -E.ENOTDIR : -E.ELOOP;
    if (node instanceof MemoryDirectory) {
      if (how.write || how.truncate || (how.create && !how.mustBeDirectory)) return -E.EISDIR;
      return { file: null, directory: node };
    }
    if (how.mustBeDirectory) return -E.ENOTDIR;
    if (how.truncate) node.setSize(0);
    node.opens++;
    return { file: node, directory: null };
  }

  /** @type {OpenDirectory['stat']} */
  stat(name) {
    const node = this.#find(name) ?? this.#onDemand(name);
    if (node === undefined) return -E.ENOENT;
    return node instanceof MemoryDirectory ? node.statOf(node.entries.size) : node.stat();
  }

  /** @type {OpenDirectory['setTimes']} */
  setTimes(name, accessed, modified) {
    const node = this.#find(name);
    return node === undefined ? E.ENOENT : node.setOwnTimes(accessed, modified);
  }

  /** @type {OpenDirectory['makeDirectory']} */
  makeDirectory(name) {
    if (this.#find(name) !== undefined) return E.EEXIST;
    const status = this.#takesEntry(name);
    if (status !== E.SUCCESS) return status;
    this.add(name, new MemoryDirectory(this.system));
    return E.SUCCESS;
  }

  /** @type {OpenDirectory['removeDirectory']} */
  removeDirectory(name) {
    if (name === '.') return E.EINVAL;
    const entry = this.entries.get(name);
    if (entry === undefined) return E.ENOENT;
    if (!(entry.node instanceof MemoryDirectory)) return E.ENOTDIR;
    if (entry.node.entries.size > 0) return E.ENOTEMPTY;
    this.#remove(entry);
    return E.SUCCESS;
  }

  /** @type {OpenDirectory['unlink']} */
  unlink(name, mustBeDirectory) {
    const node = this.#find(name);
    if (node === undefined) return E.ENOENT;
    if (node instanceof MemoryDirectory) return E.EISDIR;
    if (mustBeDirectory) return E.ENOTDIR;
    this.#remove(/** @type {Entry} */ (this.entries.get(name)));
    return E.SUCCESS;
  }

  /** @type {OpenDirectory['makeLink']} */
  makeLink(name, target) {
    if (this.#find(name) !== undefined) return E.EEXIST;
    const status = this.#takesEntry(name);
    if (status !== E.SUCCESS) return status;
    this.add(name, new MemoryLink(this.system, target, new TextEncoder().encode(target).length));
    return E.SUCCESS;
  }

  /** @type {OpenDirectory['link']} */
  link(name, to, newName) {
    const target = /** @type {MemoryDirectory} */ (to);
    const node = this.#find(name);
    if (node === undefined) return E.ENOENT;
    if (target.#find(newName) !== undefined) return E.EEXIST;
    if (node instanceof MemoryDirectory) return E.EPERM;
    const status = target.#takesEntry(newName);
    if (status !== E.SUCCESS) return status;
    node.changed = this.system.clock.now();
    target.add(newName, node);
    return E.SUCCESS;
  }

  /** @type {OpenDirectory['rename']} */
  rename(name, to, newName, mustBeDirectory) {
    const target = /** @type {MemoryDirectory} */ (to);
    if (name === '.' || newName === '.') return E.EBUSY;
    const entry = this.entries.get(name);
    if (entry === undefined) return E.ENOENT;
    const { node } = entry;
    const old = target.entries.get(newName);
    if (node instanceof MemoryDirectory) {
      if (target.isWithin(node)) return E.EINVAL;
      if (old !== undefined && !(old.node instanceof MemoryDirectory)) return E.ENOTDIR;
    } else {
      if (mustBeDirectory) return E.ENOTDIR;
      if (old?.node instanceof MemoryDirectory) return this.isWithin(old.node) ? E.ENOTEMPTY : E.EISDIR;
    }
    if (old?.node === node) return E.SUCCESS;
    if (old?.node instanceof MemoryDirectory && old.node.entries.size > 0) return E.ENOTEMPTY;
    if (target.parent === null) return E.ENOENT;
    if (old !== undefined) target.#remove(old);
    this.#detach(entry);
    this.system.countEntry(name, -1);
    this.system.countEntry(newName, 1);
    target.#attach(newName, node);
    node.changed = this.system.clock.now();
    return E.SUCCESS;
  }

  list() {
    this.accessed = this.system.clock.now();
    return new MemoryListing(this);
  }

  release() {}

  /**
   * Puts a node under a name that is free, and counts it.
   * @param {string} name @param {MemoryNode} node
   */
  add(name, node) {
    this.system.countEntry(name, 1);
    this.#attach(name, node);
    node.links += node instanceof MemoryDirectory ? 0 : 1;
  }

  /** Whether it is `other` or lies under it. @param {MemoryDirectory} other */
  isWithin(other) {
    for (let at = /** @type {MemoryDirectory | null} */ (this); at !== null; at = at.parent) {
      if (at === other) return true;
      if (at.parent === at) return false;
    }
    return false;
  }

  /** @param {string} name @returns {MemoryNode | undefined} */
  #find(name) {
    return name === '.' ? this : this.entries.get(name)?.node;
  }

  /** What the system makes when it is first looked for. @param {string} name */
  #onDemand(name) {
    return this === this.system.root ? this.system.temporary(name) : undefined;
  }

  /** Whether there may be one more: not in a directory that is removed but still open. @param {string} name */
  #takesEntry(name) {
    if (this.parent === null) return E.ENOENT;
    return this.system.hasRoomFor(name) ? E.SUCCESS : E.ENOSPC;
  }

  /** @param {string} name @param {HowToOpen} how @returns {Opened | number} */
  #create(name, how) {
    // As Linux has it: a file is not made under a name that asks for a directory.
    if (how.mustBeDirectory) return -E.EINVAL;
    const status = this.#takesEntry(name);
    if (status !== E.SUCCESS) return -status;
    const file = new MemoryFile(this.system);
    this.add(name, file);
    file.opens++;
    return { file, directory: null };
  }

  /** @param {string} name @param {MemoryNode} node */
  #attach(name, node) {
    const entry = { name, node, order: this.#nextOrder++, gone: false };
    this.entries.set(name, entry);
    this.inOrder.push(entry);
    if (this === this.system.root) this.system.attached(name);
    if (node instanceof MemoryDirectory) {
      node.parent = this;
      this.links++;
    }
    this.touch();
  }

  /** Takes the entry away, its node with it when that was the last. @param {Entry} entry */
  #remove(entry) {
    const { node, name } = entry;
    this.#detach(entry);
    this.system.countEntry(name, -1);
    node.changed = this.system.clock.now();
    if (node instanceof MemoryDirectory) {
      node.parent = null;
      node.links = 0;
    } else {
      node.links--;
      node.dropIfUnused();
    }
  }

  /** @param {Entry} entry */
  #detach(entry) {
    this.entries.delete(entry.name);
    entry.gone = true;
    if (entry.node instanceof MemoryDirectory) this.links--;
    this.touch();
    if (++this.#gone > 64 && this.#gone > this.inOrder.length / 2) {
      this.inOrder = this.inOrder.filter(({ gone }) => !gone);
      this.#gone = 0;
    }
  }
}
