// Every WebAssembly fixture as cases: what it is given, and what must come of it. Two kinds of expectation are read: that of
// the Aver corpus and of generated modules (one case a file), and our own (`cases`, fixtures/README.md).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { project, projectFiles, readText } from '../lib/files.mjs';

/** @typedef {import('./run-case.js').Wanted} Wanted */
/** @typedef {import('./run-case.js').Seen} Seen */
/** @typedef {{ name: string, bytes: Buffer, wanted: Wanted, check: (seen: Seen) => void }} ModuleCase */

const FOLDERS = ['aver', 'aver-programs', 'aver-unmerged', 'jsrs-generated', 'wasi', 'wasm', 'wasm3', 'hostile'];
/** So long may a case take, whatever it does. */
const SECONDS = 60;

/** @returns {ModuleCase[]} */
export function moduleCases() {
  return FOLDERS.flatMap((folder) =>
    projectFiles(`fixtures/${folder}`, /\.expect\.json$/).flatMap((path) => {
      const expected = JSON.parse(readText(path));
      const bytes = readFileSync(join(project, path.replace(/\.expect\.json$/, '.wasm')));
      const name = `${folder}/${basename(path, '.expect.json')}`;
      if (!expected.cases) return [corpusCase(name, bytes, { ...expected, modules: linkedTo(path, expected) })];
      const { features = [], cases } = expected;
      return cases.map((/** @type {any} */ each) => ownCase(`${name}: ${each.name}`, bytes, { ...each, features }));
    }),
  );
}

/** Modules linked to the program, as they travel. @param {string} path @param {any} expected */
function linkedTo(path, { modules }) {
  if (modules === undefined) return undefined;
  const read = (/** @type {any} */ file) => readFileSync(join(project, dirname(path), file), 'base64');
  return Object.fromEntries(Object.entries(modules).map(([name, file]) => [name, { base64: read(file) }]));
}

/** A folder's path as results have it. */
const withoutSlash = (/** @type {string} */ path) => path.replace(/\/$/, '');
const latin1 = (/** @type {string} */ text) => Buffer.from(text, 'utf8').toString('latin1');
/** A text, or bytes, as Latin-1. @param {any} content */
function bytesOf(content) {
  return typeof content === 'string' ? latin1(content) : Buffer.from(content.base64, 'base64').toString('latin1');
}
const utf8 = (/** @type {string} */ text) => Buffer.from(text, 'latin1').toString('utf8');

/** @param {string} name @param {Buffer} bytes @param {any} expected @returns {ModuleCase} */
function corpusCase(name, bytes, expected) {
  const {
    args,
    env,
    keys,
    lines,
    seed,
    clock,
    modules,
    trap,
    code,
    stdout,
    stderr = '',
    terminal,
    exit_value: value,
  } = expected;
  const stdin = (lines ?? []).map((/** @type {string} */ line) => `${line}\n`).join('');
  return {
    name,
    bytes,
    wanted: {
      options: given({ args, env, keys, stdin, seed, clock, modules, limits: { seconds: SECONDS } }),
      globals: [],
      memory: [],
      files: [],
    },
    check(seen) {
      assert.equal(utf8(seen.stdout), stdout);
      assert.equal(utf8(seen.stderr), stderr);
      if (code !== undefined) assert.equal(seen.code, code, seen.message);
      else if (expected.failure) assert.deepEqual([seen.end, seen.code], ['failed', 40]);
      else assert.equal(seen.end, trap ? 'trapped' : 'returned', seen.message);
      if (value !== undefined) assert.equal(seen.exitValue, value);
      if (terminal !== undefined) assert.deepEqual(seen.screen, terminal);
    },
  };
}

/** @param {string} name @param {Buffer} bytes @param {any} expected @returns {ModuleCase} */
function ownCase(name, bytes, expected) {
  const { args, env, stdin, files, seed, clock, size, stub, calls, limits, globals = {}, memory = [] } = expected;
  const keys =
    expected.keys &&
    Array(expected.keys_times ?? 1)
      .fill(expected.keys)
      .flat();
  const [columns, rows] = (size ?? '').split('x').map(Number);
  const length = (/** @type {any} */ each) => Buffer.byteLength(each.text ?? '') || (each.hex ?? '').length / 2;
  return {
    name,
    bytes,
    wanted: {
      options: given({
        args,
        env,
        stdin,
        files,
        seed,
        clock,
        size: size && { columns, rows },
        stub,
        keys,
        calls,
        limits: { seconds: SECONDS, ...limits },
      }),
      globals: Object.keys(globals),
      memory: memory.map((/** @type {any} */ each) => ({ at: each.at, length: length(each) })),
      files: Object.keys(expected.files_after ?? {}).map(withoutSlash),
    },
    check: (seen) => (seen.known || !expected.features?.length ? checkOwn : checkUnknown)(seen, expected),
  };
}

/** An engine that lacks what the module is about: that is said, and no more than that is lacking. @param {Seen} seen @param {any} expected */
function checkUnknown(seen, expected) {
  const { features, ends = [] } = expected;
  if (ends.includes('refused')) return checkOwn(seen, expected); // before the engine has seen it
  const [, named] = /^the module uses what this engine does not know: (.*)$/.exec(seen.message) ?? [];
  assert.equal(seen.end, 'refused');
  assert.ok(named, seen.message);
  for (const each of named.split(', ')) assert.ok(features.includes(each), seen.message);
}

/** @param {Seen} seen @param {any} expected */
function checkOwn(seen, expected) {
  const {
    ends,
    exit = 0,
    stdout,
    stderr,
    calls = [],
    files_after: after = {},
    screen,
    globals = {},
    memory = [],
  } = expected;
  const said = `${seen.end}: ${seen.message}`;
  if (ends) assert.ok(ends.includes(seen.end === 'lost' ? 'stopped' : seen.end), said);
  else assert.ok(['returned', 'exit'].includes(seen.end), said);
  if (!ends) assert.equal(seen.exitCode, exit, said);
  if (stdout !== undefined) assert.equal(utf8(seen.stdout), stdout);
  if (stderr !== undefined) assert.equal(utf8(seen.stderr), stderr);
  if (expected.stdout_matches) assert.match(utf8(seen.stdout), new RegExp(expected.stdout_matches, 'u'));
  if (expected.stderr_matches) assert.match(utf8(seen.stderr), new RegExp(expected.stderr_matches, 'u'));
  if (expected.stdout_bytes !== undefined) assert.equal(seen.stdout.length, expected.stdout_bytes);
  if (expected.message_matches) assert.match(seen.message, new RegExp(expected.message_matches, 'u'));
  if (expected.message_at_most) assert.ok(seen.message.length <= expected.message_at_most, seen.message);
  if (expected.trap) assert.match(seen.message, new RegExp(expected.trap, 'u'));
  if (seen.end !== 'refused') checkCalls(seen, calls);
  for (const [path, content] of Object.entries(after)) {
    if (content === null) assert.ok(!(path in seen.files), path);
    else assert.equal(seen.files[withoutSlash(path)], path.endsWith('/') ? 'directory' : bytesOf(content));
  }
  if (screen) checkScreen(seen, screen);
  for (const { name, value } of seen.globals) assert.equal(value, globals[name] ?? value, name);
  assert.equal(seen.globals.length, Object.keys(globals).length);
  memory.forEach((/** @type {any} */ each, /** @type {number} */ i) => {
    const bytes = Buffer.from(seen.memory[i], 'latin1');
    if (each.text !== undefined) assert.equal(bytes.toString('utf8'), each.text);
    if (each.hex !== undefined) assert.equal(bytes.toString('hex'), each.hex);
  });
}

/** @param {Seen} seen @param {any[]} calls */
function checkCalls(seen, calls) {
  const whole = calls.filter(({ trap }) => trap === undefined);
  assert.deepEqual(
    seen.results,
    whole.slice(0, seen.results.length).map(({ results }) => results),
  );
  const trapped = calls.find(({ trap }) => trap !== undefined);
  if (trapped) assert.match(seen.message, new RegExp(trapped.trap, 'u'));
  else if (seen.end === 'returned') assert.equal(seen.results.length, whole.length);
}

/** Texts that must be somewhere on the screen. @param {Seen} seen @param {string[]} texts */
function checkScreen(seen, texts) {
  const lines = /** @type {{ lines: string[] } | null} */ (seen.screen)?.lines ?? [];
  for (const text of texts)
    assert.ok(lines.join('\n').includes(text), `${text} is not on the screen:\n${lines.join('\n')}`);
}

/** Without what is not given: absent is not undefined for options. @param {Record<string, any>} options */
function given(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
