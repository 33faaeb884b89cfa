// Builds the page into web/dist: bundles with content hashes, so that every file but index.html may be cached for ever.
// `--watch` builds again after each change. The backend must have been built by make; this only copies it.

import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { watch } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const WEB = fileURLToPath(new URL('.', import.meta.url));
const PROJECT = join(WEB, '..');
const DIST = join(WEB, 'dist');
const BACKEND = join(PROJECT, 'backend', 'bin', 'jsrust-backend.wasm');
const FIXTURES = join(PROJECT, 'fixtures');
const WATCHED = ['web', 'runner', 'fixtures', 'backend/bin'];
const SETTLE_MS = 60;

/** @type {import('esbuild').BuildOptions} */
const COMMON = {
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  target: ['chrome123', 'firefox125', 'safari17.5'],
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
};

/** Names and contents of what was built, put on disk together at the end. @typedef {Map<string, Uint8Array>} Files */

/**
 * Adds a file under a name that tells its content.
 * @param {Files} files
 * @param {string} path
 * @param {Uint8Array} content
 * @returns {string} its name
 */
function addHashed(files, path, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const extension = extname(path);
  const name = `${path.slice(0, -extension.length)}.${hash}${extension}`;
  files.set(name, content);
  return name;
}

/**
 * @param {string} entry
 * @param {import('esbuild').BuildOptions} [options]
 */
async function bundle(entry, options = {}) {
  const { outputFiles } = await build({ ...COMMON, ...options, entryPoints: [join(PROJECT, entry)] });
  return /** @type {{ contents: Uint8Array }[]} */ (outputFiles)[0].contents;
}

/** The gallery: each example's file beside the page, and the list that goes into the bundle. @param {Files} files */
async function addExamples(files) {
  const { examples } = JSON.parse(await readFile(join(FIXTURES, 'manifest.json'), 'utf8'));
  const list = [];
  for (const { name, file, title, line, entry } of examples) {
    const content = await readFile(join(FIXTURES, file));
    list.push({ name, title, line, entry, file: addHashed(files, `examples/${basename(file)}`, content) });
  }
  return list;
}

async function styleSheet() {
  const contents = ['tokens', 'base', 'layout', 'panels', 'dialogs'].map((name) => `@import './style/${name}.css';`);
  const stdin = { contents: contents.join('\n'), resolveDir: WEB, loader: /** @type {const} */ ('css') };
  const { outputFiles } = await build({ ...COMMON, stdin });
  return /** @type {{ contents: Uint8Array }[]} */ (outputFiles)[0].contents;
}

async function buildAll() {
  /** @type {Files} */
  const files = new Map();
  const worker = addHashed(files, 'worker.js', await bundle('runner/worker.js'));
  const backend = addHashed(files, 'jsrust-backend.wasm', await readFile(BACKEND));
  const examples = await addExamples(files);
  const define = {
    WORKER_FILE: JSON.stringify(worker),
    BACKEND_FILE: JSON.stringify(backend),
    EXAMPLES: JSON.stringify(examples),
  };
  const names = {
    'main.js': addHashed(files, 'main.js', await bundle('web/main.js', { define })),
    'boot.js': addHashed(files, 'boot.js', await bundle('web/boot.js', { format: 'iife' })),
    'style.css': addHashed(files, 'style.css', await styleSheet()),
    'icon.svg': addHashed(files, 'icon.svg', await readFile(join(WEB, 'icon.svg'))),
  };
  let html = await readFile(join(WEB, 'index.html'), 'utf8');
  for (const [name, hashed] of Object.entries(names)) {
    if (!html.includes(`"${name}"`)) throw new Error(`index.html does not use ${name}`);
    html = html.replaceAll(`"${name}"`, `"${hashed}"`);
  }
  // What the first run needs is asked for at once, not when the script that wants it has arrived.
  const preload = `<link rel="preload" href="${backend}" as="fetch" type="application/wasm" crossorigin>\n`;
  const first = `<link rel="preload" href="${examples[0].file}" as="fetch" crossorigin>\n`;
  files.set('index.html', Buffer.from(html.replace('</head>', `${preload}${first}</head>`)));
  await write(files);
}

/**
 * Writes what changed and removes what an earlier build left; index.html last, when all it names is there.
 * @param {Files} files
 */
async function write(files) {
  await mkdir(join(DIST, 'examples'), { recursive: true });
  const names = [...files.keys()].sort((a, b) => Number(a === 'index.html') - Number(b === 'index.html'));
  for (const name of names) await writeFile(join(DIST, name), /** @type {Uint8Array} */ (files.get(name)));
  for (const entry of await readdir(DIST, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (!files.has(path.slice(DIST.length + 1))) await rm(path);
  }
}

async function watchAll() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () =>
        buildAll().then(
          () => console.log('built'),
          (fault) => console.error(fault.message),
        ),
      SETTLE_MS,
    );
  };
  for (const folder of WATCHED) {
    watch(join(PROJECT, folder), { recursive: true }, (_, name) => name?.startsWith('dist') || again());
  }
  console.log('watching');
}

try {
  await buildAll();
} catch (fault) {
  console.error(`web: ${/** @type {Error} */ (fault).message}`);
  process.exitCode = 1;
}
if (process.argv.includes('--watch')) await watchAll();
