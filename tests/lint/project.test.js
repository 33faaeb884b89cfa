// Holds the project's own files together: the fixed top level, exact packages, the gallery's list and the fixtures' pairs.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { exists, project, projectFiles, readText } from '../lib/files.mjs';

test('the top level holds what is agreed and nothing else', () => {
  const agreed =
    /^(Makefile|backend|web|runner|tests|fixtures|serve\.py|README\.md|LICENSE|package(-lock)?\.json|\..+)$/;
  const made = ['node_modules', 'compile_commands.json', '__pycache__'];
  const extra = readdirSync(project).filter((name) => !agreed.test(name) && !made.includes(name));
  assert.deepEqual(extra, []);
});

test('packages have exact versions, and the lock file names no registry host', () => {
  const { devDependencies, dependencies } = JSON.parse(readText('package.json'));
  assert.equal(dependencies, undefined, 'the page ships what esbuild bundled; nothing is needed at run time');
  for (const [name, version] of Object.entries(devDependencies)) {
    assert.match(String(version), /^\d+\.\d+\.\d+$/, name);
  }
  assert.doesNotMatch(readText('package-lock.json'), /"resolved": "http/);
});

test('what later versions of Node brought is not used where Node 18 is to do', () => {
  const later =
    /\b(?:toSorted|toReversed|toSpliced|fromAsync|withResolvers|groupBy|(?:is|to)WellFormed|AbortSignal\.any)\b|import\.meta\.(?:dir|file)name\b/g;
  const files = ['runner', 'tests', 'fixtures'].flatMap((folder) => projectFiles(folder, /\.m?js$/));
  const own = 'tests/lint/project.test.js';
  for (const file of [...files, 'web/build.mjs'].filter((name) => name !== own)) {
    assert.deepEqual(readText(file).match(later) ?? [], [], file);
  }
  // What is global only there has to be imported; tests/e2e runs some of its code in a page, which has all of it.
  for (const file of ['conformance', 'fuzz', 'host', 'lib', 'unit'].flatMap((each) =>
    projectFiles(`tests/${each}`, /\.m?js$/),
  )) {
    const text = readText(file);
    const used = [...text.matchAll(/(?<![.\w])crypto(?=\.)|(?<=new )(?:CustomEvent|File|WebSocket)(?=\()/g)].map(
      String,
    );
    const missing = used.filter((name) => !new RegExp(`import .*\\b${name}\\b`).test(text));
    assert.deepEqual(missing, [], file);
  }
});

test('what we build says the version of package.json', () => {
  const header = readText('backend/support/version.h');
  const { name, version } = JSON.parse(readText('package.json'));
  assert.equal(/PROJECT_NAME "(.*)"/.exec(header)?.[1], name);
  assert.equal(/PROJECT_VERSION "(.*)"/.exec(header)?.[1], version);
});

test('the gallery has at least twelve examples, each with a title, a line and a file', () => {
  const { examples } = JSON.parse(readText('fixtures/manifest.json'));
  assert.ok(examples.length >= 12);
  const names = new Set();
  for (const example of examples) {
    assert.match(example.name, /^[a-z0-9_]+$/);
    assert.ok(!names.has(example.name), `${example.name} occurs twice`);
    names.add(example.name);
    assert.ok(exists(`fixtures/${example.file}`), example.file);
    const fields = example.file.endsWith('.jsrbin') ? ['entry', 'title', 'line'] : ['title', 'line'];
    for (const field of fields) assert.ok(example[field]?.length > 0, `${example.name}: ${field}`);
    assert.ok(example.line.length <= 80, `${example.name}: the line is too long for the gallery`);
  }
});

test('every JSRS fixture has its expectation and its output', () => {
  const files = ['fixtures/jsrs', 'fixtures/jsrs-own'].flatMap((folder) => projectFiles(folder, /\.jsrbin$/));
  assert.ok(files.length > 0);
  for (const file of files) {
    assert.ok(exists(file.replace(/\.jsrbin$/, '.expect.json')), file);
    assert.ok(exists(file.replace(/\.v\d\.jsrbin$/, '.stdout')), file);
  }
});

test('the page and serve.py forbid the same scripts', () => {
  const script = (/** @type {string} */ text) => /script-src ([^;"]*)/.exec(text)?.[1].trim();
  const page = script(readText('web/index.html'));
  const server = script(readText('serve.py'));
  assert.equal(server, "'self' 'wasm-unsafe-eval'");
  if (page !== undefined) assert.equal(page, server);
});
