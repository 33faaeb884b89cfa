// What is said of files and folders that were dropped for a program.
import assert from 'node:assert/strict';
import { File } from 'node:buffer';
import { test } from 'node:test';
import { fromDrop, takenText } from '../../web/guest/file-intake.js';

/** @typedef {string | { [name: string]: Tree }} Tree a file's text, or what is in a folder */

/** As browsers give it. @param {string} path @param {Tree} tree @returns {any} */
function entryOf(path, tree) {
  const name = path.replace(/^.*\//, '');
  const isFile = typeof tree === 'string';
  const names = isFile ? [] : Object.keys(tree);
  return {
    name,
    fullPath: path,
    isFile,
    isDirectory: !isFile,
    file: (/** @type {(file: File) => void} */ done) => done(new File([String(tree)], name)),
    createReader: () => ({
      readEntries: (/** @type {(entries: any[]) => void} */ done) =>
        done(names.splice(0, 2).map((each) => entryOf(`${path}/${each}`, /** @type {any} */ (tree)[each]))),
    }),
  };
}

/** @param {{ [name: string]: Tree }} dropped */
function drop(dropped) {
  const items = Object.entries(dropped).map(([name, tree]) => ({
    kind: 'file',
    webkitGetAsEntry: () => entryOf(`/${name}`, tree),
    getAsFile: () => new File([typeof tree === 'string' ? tree : ''], name),
  }));
  return fromDrop(/** @type {any} */ ({ items }));
}

/** @type {[string, { [name: string]: Tree }, string[], string][]} what is dropped, paths, what is said */
const cases = [
  ['a file', { a: 'text' }, ['a'], '1 file'],
  ['files and a folder', { a: '', d: { b: '', c: '', e: '' } }, ['a', 'd', 'd/b', 'd/c', 'd/e'], '4 files'],
  ['an empty folder', { d: {} }, ['d'], '1 folder without files'],
  ['folders in folders', { d: { e: {}, f: {} } }, ['d', 'd/e', 'd/f'], '3 folders without files'],
];
for (const [title, dropped, paths, text] of cases) {
  test(title, async () => {
    const { entries, fault } = await drop(dropped);
    assert.deepEqual([entries.map(({ path }) => path), takenText(entries), fault], [paths, text, '']);
  });
}
