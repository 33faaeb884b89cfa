// Holds the code to its layers: which folder may include or import which, what entry files are for,
// how every file opens, and words that must not be in it. The tables below are the architecture.
import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import { exists, projectFiles, readText } from '../lib/files.mjs';

// Each backend folder and the others of ours that it may include.
/** @type {Record<string, string[]>} */
const BACKEND = {
  support: [],
  ir: ['support'],
  jsrs: ['ir', 'support'],
  opt: ['ir', 'support'],
  interp: ['ir', 'support'],
  wasm: ['support'],
  codegen: ['ir', 'wasm', 'support'],
  // What compiled programs carry along is the interpreter's own heap.
  'codegen/runtime': ['codegen', 'interp', 'ir', 'wasm', 'support'],
  api: ['support', 'ir', 'jsrs', 'opt', 'interp', 'wasm', 'codegen'],
  link: ['wasm', 'support'],
};

// What a freestanding compiler brings; anything else is libc.
const FREESTANDING = ['stdarg.h', 'stdbool.h', 'stddef.h', 'stdint.h'];
// Two tools run during the build.
const HOSTED = /^backend\/(support\/platform_native|api\/cli\w*|codegen\/runtime\/(embed|linked)|link\/shrink)\.[ch]$/;

// What the page may use of the runner, types apart: the worker's other end, its vocabulary, and what a
// file is. The rest lives in the workers.
/** @type {(string | RegExp)[]} */
const RUNNER_FOR_WEB = [
  'runner/client.js',
  'runner/browser-worker.js',
  'runner/protocol.js',
  'runner/detect.js',
  'runner/limits.js',
  'runner/result.js',
  'runner/visible.js',
  // The host's end of a module's run, and the terminal, which page and guest share memory of.
  'runner/guest/start-guest.js',
  'runner/guest/values.js',
  // Late imports fail on either side.
  'runner/import-again.js',
  // Names are read where functions are listed.
  'runner/module/demangle.js',
  // Linking is sorted out where the files are brought.
  'runner/module/link.js',
  'runner/module/memory-shares.js',
  'runner/module/missing.js',
  'runner/copies.js',
  'runner/module/plan.js',
  'runner/module/reasons.js',
  /^runner\/terminal\//,
];

function forWeb(/** @type {string} */ target) {
  return RUNNER_FOR_WEB.some((each) => (typeof each === 'string' ? each === target : each.test(target)));
}

// Files that wire parts together. Nothing imports them: they act when they are loaded.
const ENTRIES = [
  'runner/main.js',
  'runner/worker.js',
  'runner/node/worker.js',
  'runner/guest-worker.js',
  'runner/node/guest-worker.js',
  'runner/node/compiled-worker.js',
  'web/main.js',
  'web/boot.js',
  'web/build.mjs',
  'web/isolation-worker.js',
];

// The part of the runner that knows Node.
const NODE_SIDE = /^runner\/(node\/|main\.js$)/;

const c = projectFiles('backend', /\.(c|h|inc|def)$/);
const js = [...projectFiles('runner', /\.m?js$/), ...projectFiles('web', /\.m?js$/)];
const tests = projectFiles('tests', /\.(m?js|c|h|sh|py)$/);
const others = [
  ...projectFiles('web', /\.(css|html)$/),
  'serve.py',
  'Makefile',
  'backend/Makefile',
  'backend/clang.mk',
  '.ci/setup',
];

/** All that breaks a rule at once: one run shows the whole of it. */
function expectNone(/** @type {string[]} */ problems) {
  assert.equal(problems.length, 0, `\n${problems.join('\n')}\n`);
}

/** The text without comments, so that words about a thing are not taken for the thing. */
function withoutComments(/** @type {string} */ text) {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}

/** Specifiers of every import in a module; `lazy` are those of `import()`. */
function importsOf(/** @type {string} */ text) {
  const code = withoutComments(text);
  const all = (/** @type {RegExp} */ form, /** @type {boolean} */ lazy) =>
    [...code.matchAll(form)].map((match) => ({ specifier: match[1], lazy }));
  return [
    ...all(/^(?:import|export)\b[^'"`;()=]*?\bfrom\s*['"]([^'"]+)['"]/gm, false),
    ...all(/^import\s*['"]([^'"]+)['"]/gm, false),
    ...all(/\bimport\s*\(\s*['"]([^'"]+)['"]/g, true),
  ];
}

test('backend folders include only the layers below them', () => {
  const problems = [];
  for (const file of c) {
    const path = file.split('/').slice(1, -1).join('/');
    const folder = path in BACKEND ? path : path.split('/')[0];
    for (const [, name] of readText(file).matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) {
      const target = name.split('/')[0];
      const allowed = BACKEND[folder];
      if (!allowed) problems.push(`${file}: folder ${folder} is not in the table`);
      else if (!name.includes('/')) problems.push(`${file}: "${name}" is not given by its path from backend/`);
      else if (target !== folder && !allowed.includes(target)) problems.push(`${file}: ${folder} may not use ${name}`);
    }
  }
  expectNone(problems);
});

test('the library includes no libc header', () => {
  const problems = [];
  for (const file of c.filter((name) => !HOSTED.test(name))) {
    for (const [, name] of readText(file).matchAll(/^\s*#\s*include\s+<([^>]+)>/gm)) {
      if (!FREESTANDING.includes(name)) problems.push(`${file}: <${name}>`);
    }
  }
  expectNone(problems);
});

test("a C file includes its own header first, or its folder's internal one that does", () => {
  const problems = [];
  for (const file of c.filter((name) => name.endsWith('.c'))) {
    const header = file.replace(/^backend\//, '').replace(/\.c$/, '.h');
    if (!c.includes(`backend/${header}`)) continue;
    const first = /^\s*#\s*include\s+["<]([^">]+)/m.exec(readText(file))?.[1];
    const through = first && exists(`backend/${first}`) && readText(`backend/${first}`).includes(`"${header}"`);
    if (first !== header && !through) problems.push(`${file}: first include is ${first}`);
  }
  expectNone(problems);
});

test('imports point from web to runner, never back', () => {
  const problems = [];
  for (const file of js) {
    const side = file.split('/')[0];
    for (const { specifier, lazy } of importsOf(readText(file))) {
      if (specifier.startsWith('node:')) {
        if (!NODE_SIDE.test(file) && file !== 'web/build.mjs')
          problems.push(`${file}: ${specifier} outside the Node side`);
      } else if (!specifier.startsWith('.')) {
        const parts = file === 'web/terminal/xterm.js' && specifier.startsWith('@xterm/');
        if (file !== 'web/build.mjs' && !parts) problems.push(`${file}: package ${specifier}`);
      } else {
        const target = posix.join(posix.dirname(file), specifier);
        if (!target.startsWith(`${side}/`) && !(side === 'web' && forWeb(target))) {
          problems.push(`${file}: may not import ${target}`);
        }
        if (ENTRIES.includes(target)) problems.push(`${file}: imports the entry file ${target}`);
        if (!js.includes(target) && !target.includes('${')) problems.push(`${file}: ${target} does not exist`);
        // Shared code may reach for a Node file when it finds itself under Node, but a browser must not load it.
        const nodeTarget = NODE_SIDE.test(target) && !NODE_SIDE.test(file) && !lazy;
        if (side === 'runner' && nodeTarget) problems.push(`${file}: shared code imports Node's ${target}`);
      }
    }
  }
  expectNone(problems);
});

test('a file opens with a comment that says what it is for', () => {
  const problems = [];
  const opening = /^(?:#!.*\n)?(?:\/\/|\/\*|#|""")/;
  for (const file of [...c, ...js, ...tests, ...others].filter((name) => !name.endsWith('.html'))) {
    if (!opening.test(readText(file))) problems.push(file);
  }
  expectNone(problems);
});

test('program text cannot become HTML or code', () => {
  const banned =
    /\b(?:innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|document\.write)\b|\beval\s*\(|\bnew Function\b/g;
  const problems = [];
  for (const file of js) {
    for (const [word] of withoutComments(readText(file)).matchAll(banned)) problems.push(`${file}: ${word}`);
  }
  expectNone(problems);
});

test('no note is left for later, and nothing outside the project is read', () => {
  const left = new RegExp(
    ['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].map((word) => `\\b${word}\\b`).join('|'),
  );
  const outside = new RegExp('\\.\\./' + 'shared');
  /** @type {string[]} */
  const problems = [];
  for (const file of [...c, ...js, ...tests, ...others, 'README.md']) {
    readText(file)
      .split('\n')
      .forEach((line, at) => {
        if (left.test(line) || outside.test(line)) problems.push(`${file}:${at + 1}: ${line.trim()}`);
      });
  }
  expectNone(problems);
});
