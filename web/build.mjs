// Builds the page into web/dist: bundles and chunks with content hashes, so that every file but index.html and the service
// worker may be cached for ever. What the first run does not need is a chunk of its own (lazy.js), with its own style
// sheet (LAZY_STYLES). The backend must have been built by make; this only copies it.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const WEB = fileURLToPath(new URL('.', import.meta.url));
const PROJECT = join(WEB, '..');
const DIST = join(WEB, 'dist');
const FIXTURES = join(PROJECT, 'fixtures');

/** Beside page and examples: key in FILES, name in dist, where it comes from. Rows whose source is missing are left out. */
const WORKERS = [
  { key: 'worker', entry: 'runner/worker.js' },
  { key: 'guestWorker', entry: 'runner/guest-worker.js' },
];
const ARTEFACTS = [
  { key: 'backend', name: 'jsrust-interpreter.wasm', file: 'backend/bin/jsrust-interpreter.wasm' },
  { key: 'compiler', name: 'jsrust-backend.wasm', file: 'backend/bin/jsrust-backend.wasm' },
  { key: 'tools', name: 'jsrust-wasm-tools.wasm', file: 'backend/bin/jsrust-wasm-tools.wasm' },
];
/** Style sheets by name, each of the files that it is made of: those of the first view, then those that chunks bring. */
const FIRST_STYLES = ['tokens', 'base', 'layout', 'layout-narrow', 'panels', 'programs', 'output', 'ir', 'floating'];
/** @type {Record<string, string[]>} */
const LAZY_STYLES = {
  late: ['style/print.css', 'style/touch.css'],
  picker: ['style/picker.css'],
  stepping: ['style/stepping.css', 'style/picker.css'],
  module: ['style/module.css'],
  dialogs: ['style/dialogs.css'],
  compiled: ['style/stepping.css', 'style/picker.css', 'style/compiled.css', 'style/graph.css'],
  guest: ['style/terminal.css', 'style/guest.css'],
  wasm: [
    ...['style/module.css', 'style/stepping.css', 'style/picker.css', 'style/dialogs.css', 'style/wasm.css'],
    ...['style/wasm-calls.css', 'style/wasm-files.css', 'style/wasm-exports.css'],
  ],
};
/** What the page is before anything runs: the rest is fetched when it is needed, and for use offline after the first run. */
const SERVICE_WORKER = 'isolation-worker.js';

/** @type {import('esbuild').BuildOptions} */
const COMMON = {
  // Names inside chunks and so their hashes must not depend on where the project lies.
  absWorkingDir: PROJECT,
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

/** @param {Uint8Array | string} content */
function hashOf(content) {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}

/**
 * Adds a file under a name that tells its content.
 * @param {Files} files
 * @param {string} path
 * @param {Uint8Array} content
 * @param {string} [hash]
 * @returns {string} its name
 */
function addHashed(files, path, content, hash = hashOf(content)) {
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

/**
 * The gallery: each example's file beside the page, what it is given as another, and the list that goes into the bundle.
 * Their names tell the content of all of them: so many hashes would be a good part of the list, which does not compress.
 * @param {Files} files
 */
async function addExamples(files) {
  const { examples } = JSON.parse(await readFile(join(FIXTURES, 'manifest.json'), 'utf8'));
  /** @type {Files} */
  const contents = new Map();
  const list = [];
  for (const { file, given, ...example } of examples) {
    example.file = `examples/${example.name}${extname(file)}`;
    contents.set(example.file, await readFile(join(FIXTURES, file)));
    if (given) example.given = `examples/${example.name}.json`;
    if (given) contents.set(example.given, Buffer.from(JSON.stringify(given)));
    list.push(example);
  }
  const hash = hashOf([...contents].map(([path, content]) => path + hashOf(content)).join());
  /** @param {string} path */
  const named = (path) => addHashed(files, path, /** @type {Uint8Array} */ (contents.get(path)), hash);
  return list.map((example) => ({
    ...example,
    file: named(example.file),
    ...(example.given && { given: named(example.given) }),
  }));
}

/** @param {string[]} paths of style sheets, from web/ */
async function styleSheet(paths) {
  const contents = paths.map((path) => `@import './${path}';`).join('\n');
  const stdin = { contents, resolveDir: WEB, loader: /** @type {const} */ ('css') };
  const { outputFiles } = await build({ ...COMMON, stdin });
  return /** @type {{ contents: Uint8Array }[]} */ (outputFiles)[0].contents;
}

/**
 * Has each late chunk import all that the entry consists of. Otherwise esbuild makes a file of what each set of chunks
 * shares: many small files, which compress worse, and wait for each other.
 * @param {string[]} modules of the entry, from the project's folder
 * @returns {import('esbuild').Plugin}
 */
function oneSharedChunk(modules) {
  const imports = modules.map((path) => `import './${path}';`).join('');
  return {
    name: 'one-shared-chunk',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) =>
        kind === 'dynamic-import' ? { path: relative(PROJECT, join(resolveDir, path)), namespace: 'late' } : undefined,
      );
      onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({
        contents: `${imports}export * from './${path}';`,
        resolveDir: PROJECT,
      }));
    },
  };
}

/**
 * @typedef {object} Bundled
 * @property {string} name of the entry's file
 * @property {string[]} files that name, and those that it cannot start without
 * @property {(...modules: string[]) => string[]} late files of modules that it imports when they are needed, but for those
 */

/**
 * Adds a module and its late chunks, each under a name that tells its content.
 * @param {Files} files
 * @param {string} entry
 * @param {{ define?: Record<string, string>, isWorker?: boolean }} [options]
 * @returns {Promise<Bundled>}
 */
async function addModule(files, entry, { define = {}, isWorker = false } = {}) {
  /** @type {import('esbuild').BuildOptions} */
  const options = { ...COMMON, define, entryPoints: [join(PROJECT, entry)], outdir: DIST, metafile: true };
  // A style sheet that a module imports is a package's, as text.
  options.loader = { '.css': 'text' };
  const { metafile } = await build(options);
  const shared = staticImports(/** @type {import('esbuild').Metafile} */ (metafile), entry);
  const names = '[name]-[hash]';
  const plugins = [oneSharedChunk(shared)];
  const { outputFiles = [], metafile: made } = await build({
    ...options,
    splitting: true,
    entryNames: names,
    chunkNames: names,
    plugins,
  });
  // Late chunks import the entry, so esbuild puts it into the shared chunk too and leaves a file that imports just that.
  // A worker starts with this file: WebKit runs a worker's own script once more when a chunk imports it. In the page the
  // shared chunk takes its place and its name.
  const own = basename(entry, '.js');
  const isOwn = (/** @type {{ path: string }} */ { path }) => basename(path).startsWith(`${own}-`);
  const first = outputFiles.find(isOwn);
  if (!first) throw new Error(`esbuild made nothing of ${entry}`);
  const [, chunk, hash] = /^import"\.\/(chunk-(\w+)\.js)";\n$/.exec(first.text) ?? [];
  const replaced = isWorker ? undefined : chunk;
  const name = replaced ? `${own}-${hash}.js` : basename(first.path);
  for (const { path, text } of outputFiles) {
    const target = basename(path);
    if (replaced && path === first.path) continue;
    files.set(target === replaced ? name : target, Buffer.from(replaced ? text.replaceAll(replaced, name) : text));
  }
  const { outputs } = /** @type {import('esbuild').Metafile} */ (made);
  return {
    name,
    files: chunk && !replaced ? [name, chunk] : [name],
    late(...modules) {
      const wanted = modules.map((path) => `late:${path}`);
      const met = new Set(Object.keys(outputs).filter((path) => wanted.includes(outputs[path].entryPoint ?? '')));
      if (met.size < wanted.length) throw new Error(`${entry} does not import all of ${modules}`);
      for (const path of met) {
        for (const { kind, path: needed } of outputs[path].imports)
          if (kind === 'import-statement' && basename(needed) !== chunk) met.add(needed);
      }
      return [...met].map((path) => basename(path));
    },
  };
}

/**
 * An entry and the modules that it cannot start without.
 * @param {import('esbuild').Metafile} metafile
 * @param {string} entry
 */
function staticImports({ inputs }, entry) {
  const met = new Set([entry]);
  for (const path of met) {
    for (const { kind, path: target } of inputs[path]?.imports ?? [])
      if (kind === 'import-statement' && target in inputs) met.add(target);
  }
  return [...met].filter((path) => !path.startsWith('<')); // `<define:FILES>` is no file
}

/** Packages whose code goes into a chunk, and whose licences ask for their text to go along. */
const BUNDLED = ['@xterm/xterm', '@xterm/addon-fit', '@xterm/addon-webgl'];

async function licences() {
  const texts = await Promise.all(
    BUNDLED.map(async (name) => `${name}\n\n${await readFile(join(PROJECT, 'node_modules', name, 'LICENSE'), 'utf8')}`),
  );
  return Buffer.from([await readFile(join(PROJECT, 'LICENSE'), 'utf8'), ...texts].join('\n\n'));
}

async function buildAll() {
  /** @type {Files} */
  const files = new Map();
  /** @type {Record<string, any>} what FILES is in the page: names by purpose */
  const names = { styles: {}, serviceWorker: SERVICE_WORKER };
  /** @type {Record<string, Bundled>} */
  const workers = {};
  for (const { key, entry } of WORKERS) workers[key] = await addModule(files, entry, { isWorker: true });
  for (const [key, { name }] of Object.entries(workers)) names[key] = name;
  for (const { key, name, file } of ARTEFACTS)
    if (existsSync(join(PROJECT, file))) names[key] = addHashed(files, name, await readFile(join(PROJECT, file)));
  for (const [name, paths] of Object.entries(LAZY_STYLES))
    names.styles[name] = addHashed(files, `${name}.css`, await styleSheet(paths));
  const examples = await addExamples(files);
  const define = { FILES: JSON.stringify(names), EXAMPLES: JSON.stringify(examples) };
  const main = await addModule(files, 'web/main.js', { define });
  const moduleFiles = [
    ...[names.tools, ...workers.guestWorker.files, ...main.late('web/guest-parts.js')],
    ...workers.worker.late('runner/module-service.js', 'runner/module/tools.js'),
  ];
  const starts = [
    { kind: '.jsrbin', files: [names.backend, ...workers.worker.files] },
    { kind: '.wasm', files: [...workers.worker.files, ...moduleFiles] },
  ].map(({ kind, files }) => {
    const of = examples.filter(({ file }) => file.endsWith(kind));
    return { names: of.map(({ name }) => name), files: [...files, of[0].file.replace(of[0].name, '*')] };
  });
  const boot = await bundle('web/boot.js', { format: 'iife', define: { STARTS: JSON.stringify(starts) } });
  const firstStyles = FIRST_STYLES.map((name) => `style/${name}.css`);
  /** @type {Record<string, string>} */
  const inPage = {
    'main.js': main.name,
    'boot.js': addHashed(files, 'boot.js', boot),
    'style.css': addHashed(files, 'style.css', await styleSheet(firstStyles)),
    'icon.svg': addHashed(files, 'icon.svg', await readFile(join(WEB, 'icon.svg'))),
  };
  const first = [...Object.values(inPage), ...workers.worker.files, names.backend, examples[0].file];
  const html = pageText(await readFile(join(WEB, 'index.html'), 'utf8'), inPage);
  const version = hashOf([...files.keys()].sort().join() + html);
  files.set('licences.txt', await licences());
  const rest = [...files.keys()].filter((name) => !first.includes(name)).sort();
  const offline = { BUILD: JSON.stringify({ version, main: main.name, first, rest }) };
  files.set(SERVICE_WORKER, await bundle('web/isolation-worker.js', { format: 'iife', define: offline }));
  files.set('index.html', Buffer.from(html));
  await write(files);
}

/**
 * index.html with hashed names and without its comments and indentation.
 * @param {string} source
 * @param {Record<string, string>} inPage
 */
function pageText(source, inPage) {
  let html = source.replace(/<!--.*?-->/gs, '').replace(/\n\s+/g, '\n');
  for (const [name, hashed] of Object.entries(inPage)) {
    if (!html.includes(`"${name}"`)) throw new Error(`index.html does not use ${name}`);
    html = html.replaceAll(`"${name}"`, `"${hashed}"`);
  }
  return html;
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

try {
  await buildAll();
} catch (fault) {
  console.error(`web: ${/** @type {Error} */ (fault).message}`);
  process.exitCode = 1;
}
