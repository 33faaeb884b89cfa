/**
 * The library's option `files`: paths are read as programs write them, and what the tree in memory could not hold is told
 * by its path. Nothing that was given is missing then.
 */
import { NAME_BYTES, PATH_BYTES } from './abi/wasi/numbers.js';
import { visible } from './visible.js';

/** @import { FileEntry } from './guest/types.js' */
/** @import { Files } from './module-options.js' */

const encoder = new TextEncoder();

/**
 * @param {Files} files contents of the right types
 * @returns {string | null} the first fault, as a sentence
 */
export function faultOfFiles(files) {
  /** Everything named so far, folders on the way as well. @type {Map<string, FileEntry['kind']>} */
  const kinds = new Map();
  for (const [path, content] of Object.entries(files)) {
    const fault =
      faultOfPath(path) ?? faultOfContent(path, content) ?? faultOfPlace(bareOf(path), kindOf(path, content), kinds);
    if (fault !== null) return `option \`files\`: \`${visible(path)}\` ${fault}`;
  }
  return null;
}

/** @param {Files} files without a fault @returns {FileEntry[]} */
export function fileEntries(files) {
  return Object.entries(files).map(([path, content]) => entryOf(path, content));
}

/** @param {string} path */
function namesOf(path) {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** @param {string} path */
const bareOf = (path) => namesOf(path).join('/');

/** @param {string} path @param {Files[string]} content @returns {FileEntry['kind']} */
function kindOf(path, content) {
  if (isLink(content)) return 'link';
  return path.endsWith('/') ? 'directory' : 'file';
}

/** @param {string} path @param {Files[string]} content @returns {FileEntry} */
function entryOf(path, content) {
  const bare = bareOf(path);
  if (isLink(content)) return { path: bare, kind: 'link', target: content.link };
  if (path.endsWith('/')) return { path: bare, kind: 'directory' };
  if (typeof content === 'string') return { path: bare, kind: 'file', bytes: encoder.encode(content) };
  return { path: bare, kind: 'file', bytes: content instanceof Uint8Array ? content : new Uint8Array(content) };
}

/** @param {Files[string]} content @returns {content is { link: string }} */
function isLink(content) {
  return typeof content === 'object' && 'link' in content;
}

/** @param {string} path @returns {string | null} */
function faultOfPath(path) {
  const names = namesOf(path);
  if (names.length === 0 || path.split('/').at(-1) === '.') return 'does not end with a name';
  if (names.includes('..')) return 'contains `..`, and all paths are from the root';
  if (path.length > PATH_BYTES) return `has more than ${PATH_BYTES} bytes`;
  if (names.some((name) => encoder.encode(name).length > NAME_BYTES)) {
    return `contains a name of more than ${NAME_BYTES} bytes`;
  }
  return isPlain(path) ? null : 'contains NUL or half of a surrogate pair, which no name can';
}

/** @param {string} path @param {Files[string]} content @returns {string | null} */
function faultOfContent(path, content) {
  if (isLink(content)) return isPlain(content.link) ? null : 'is a link to what no path can be';
  const size = typeof content === 'string' ? content.length : content.byteLength;
  return path.endsWith('/') && size > 0 ? 'is a folder by its `/`, and has a content' : null;
}

/** @param {string} path bare @param {FileEntry['kind']} kind @param {Map<string, FileEntry['kind']>} kinds added to @returns {string | null} */
function faultOfPlace(path, kind, kinds) {
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
    const above = path.slice(0, end);
    const there = kinds.get(above) ?? 'directory';
    if (there !== 'directory') return `lies below \`${visible(above)}\`, which is a ${there}`;
    kinds.set(above, there);
  }
  const there = kinds.get(path);
  if (there === 'directory' && kind === 'directory') return null;
  if (there !== undefined) return 'names what another path names, too';
  kinds.set(path, kind);
  return null;
}

/** Whether UTF-8 can say it, up to a NUL. @param {string} text */
function isPlain(text) {
  return !/\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}
