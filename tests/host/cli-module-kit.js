// What the tests of the command line on modules share: files in a folder of their own, fixtures, small modules.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { assemble } from '../../fixtures/wat.mjs';
import { project } from '../lib/files.mjs';

const folder = mkdtempSync(join(tmpdir(), 'jsrs-cli-module-'));
after(() => rmSync(folder, { recursive: true }));

export const fixture = (/** @type {string} */ name) => join(project, 'fixtures', `${name}.wasm`);
export const inFolder = (/** @type {string} */ name) => join(folder, name);
export const put = (/** @type {string} */ name, /** @type {Uint8Array | string} */ bytes) => {
  writeFileSync(inFolder(name), bytes);
  return inFolder(name);
};
export const made = async (/** @type {string} */ name, /** @type {string} */ source) =>
  put(`${name}.wasm`, await assemble(name, source));

/** Copies standard input to standard output, by 64 KiB. */
export const CAT = await made(
  'cat',
  `(module (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 2)
    (func (export "_start") (local $from i32)
      (loop $more
        (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 65536))
        (if (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)) (then (call $exit (i32.const 9))))
        (if (i32.load (i32.const 8)) (then
          (i32.store (i32.const 4) (i32.load (i32.const 8)))
          (loop $rest
            (if (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12)) (then (call $exit (i32.const 8))))
            (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.load (i32.const 12))))
            (i32.store (i32.const 4) (i32.sub (i32.load (i32.const 4)) (i32.load (i32.const 12))))
            (br_if $rest (i32.load (i32.const 4))))
          (br $more))))))`,
);
export const HELLO = fixture('aver/hello');
export const MATH = fixture('wasm/math');
export const ENDLESS = fixture('hostile/endless_output');
