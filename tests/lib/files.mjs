// The project's files, by their path from its root.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

// Made by builds and tests, never part of the project.
const MADE = ['backend/build', 'backend/bin', 'web/dist', 'tests/out', 'node_modules'];

export function exists(/** @type {string} */ file) {
  return existsSync(join(project, file));
}

export function readText(/** @type {string} */ file) {
  return readFileSync(join(project, file), 'utf8');
}

/** Files below a folder whose name matches, sorted; none where the folder is missing. */
export function projectFiles(/** @type {string} */ folder, /** @type {RegExp} */ name) {
  /** @type {string[]} */
  const found = [];
  if (!exists(folder) || MADE.includes(folder)) return found;
  for (const entry of readdirSync(join(project, folder), { withFileTypes: true })) {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...projectFiles(file, name));
    else if (entry.isFile() && name.test(entry.name)) found.push(file);
  }
  return found.sort();
}

/**
 * A folder below tests/out of this process alone, as other test files run at the same time; gone with the process.
 * @param {string} name
 */
export function ownFolder(name) {
  const path = join(project, 'tests/out', `${name}-${process.pid}`);
  // One of the same number, long ago, may have been killed.
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  process.on('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
}
