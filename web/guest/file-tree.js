// What was given to a module and what its file system holds, as one tree of rows: folders before what is in them, each file
// marked as given, new, changed, deleted by the program, or waiting for the next run.

/** @import { FileEntry } from '../../runner/guest/types.js' */

/** @typedef {'' | 'given' | 'new' | 'changed' | 'deleted' | 'waiting'} Mark '' = a folder that was not given */
/**
 * @typedef {object} TreeRow
 * @property {string} path
 * @property {string} name last part of the path
 * @property {number} depth
 * @property {FileEntry} entry what the module's file system holds, or would
 * @property {Mark} mark
 */

/**
 * @param {readonly FileEntry[]} given now: what the next run starts with
 * @param {readonly FileEntry[]} started what the last run started with
 * @param {readonly FileEntry[] | null} held what the file system held when last heard of; null = nothing ran
 * @returns {TreeRow[]} in the order of a tree
 */
export function treeRows(given, started, held) {
  /** @type {Map<string, { entry: FileEntry, mark: Mark }>} */
  const all = new Map();
  const before = new Map(started.map((entry) => [entry.path, entry]));
  const folders = new Set(started.flatMap(({ path }) => foldersOf(path)));
  for (const entry of held ?? []) {
    const old = before.get(entry.path);
    const isGiven = entry.kind === 'directory' && folders.has(entry.path);
    const mark = old ? (sameEntry(old, entry) ? 'given' : 'changed') : isGiven ? '' : 'new';
    all.set(entry.path, { entry, mark });
  }
  for (const entry of given) {
    const old = before.get(entry.path);
    if (held !== null && old && sameEntry(old, entry)) {
      if (!all.has(entry.path)) all.set(entry.path, { entry, mark: 'deleted' });
    } else if (!all.has(entry.path) || !sameEntry(/** @type {any} */ (all.get(entry.path)).entry, entry)) {
      all.set(entry.path, { entry, mark: held === null ? 'given' : 'waiting' });
    }
  }
  addFolders(all);
  return [...all]
    .map(([path, one]) => ({ path, parts: path.split('/'), ...one }))
    .sort((a, b) => comparePaths(a.parts, b.parts))
    .map(({ path, parts, entry, mark }) => {
      const depth = parts.length - 1;
      return { path, name: parts[depth], depth, entry, mark };
    });
}

/** The folders that a path lies in, the nearest first. @param {string} path */
function foldersOf(path) {
  const folders = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) folders.push(path.slice(0, at));
  return folders;
}

/**
 * Folders that nobody names but that something lies in.
 * @param {Map<string, { entry: FileEntry, mark: Mark }>} all
 */
function addFolders(all) {
  for (const path of [...all.keys()]) {
    for (const folder of foldersOf(path)) {
      if (all.has(folder)) break;
      all.set(folder, { entry: { path: folder, kind: 'directory' }, mark: '' });
    }
  }
}

/** @param {string[]} a @param {string[]} b */
function comparePaths(a, b) {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return a.length - b.length;
}

/** @param {FileEntry} a @param {FileEntry} b */
export function sameEntry(a, b) {
  if (a === b) return true;
  if (a.kind === 'file' && b.kind === 'file') return sameBytes(a.bytes, b.bytes);
  return a.kind === b.kind && (a.kind !== 'link' || b.kind !== 'link' || a.target === b.target);
}

/** @param {Uint8Array} a @param {Uint8Array} b */
function sameBytes(a, b) {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  let at = 0;
  if (a.byteOffset % 8 === 0 && b.byteOffset % 8 === 0) {
    const words = a.length >>> 3;
    const [x, y] = [a, b].map(({ buffer, byteOffset }) => new BigUint64Array(buffer, byteOffset, words));
    while (at < words && x[at] === y[at]) at += 1;
    at *= 8;
  }
  for (; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/**
 * What is in a folder, the folder itself included.
 * @template {{ path: string }} Entry
 * @param {readonly Entry[]} entries
 * @param {string} path
 */
export function within(entries, path) {
  return entries.filter((entry) => entry.path === path || entry.path.startsWith(`${path}/`));
}
