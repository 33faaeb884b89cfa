// WASI calls from inside a module, a million at a time: our host, node:wasi and browser_wasi_shim in one run. Ours and
// the shim's files are in memory, node:wasi's on the disk, as each comes. Also what the collector sees of ours.
import { File, PreopenDirectory, WASI as Shim } from '@bjorn3/browser_wasi_shim';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import { WASI as NodeWasi } from 'node:wasi';
import wabt from 'wabt';
import { GuestMemory } from '../../runner/abi/guest-memory.js';
import { wasiPreview1 } from '../../runner/abi/wasi/index.js';
import { createClock } from '../../runner/guest/clock.js';
import { figure, leastOfRounds, printTable } from './measure.mjs';

/** @import { GuestIo } from '../../runner/guest/types.js' */
/** @typedef {Record<'write' | 'read' | 'clock', (calls: number) => number>} Loops each gives how many calls failed */

const FILE_BYTES = 2 ** 20;
const ROUNDS = 7;
/** Calls per round. */
const CALLS = { write: 1_000_000, read: 20_000, clock: 1_000_000 };

// `open` takes the number of the preopened directory and opens `file` in it. The file is 1 MiB: a write starts over
// where it would grow, a read where it ends.
const PROGRAM = `(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (memory (export "memory") 4)
  (data (i32.const 0) "file")
  (data (i32.const 16) "\\00\\04\\00\\00\\01\\00\\00\\00")
  (data (i32.const 24) "\\00\\00\\01\\00\\00\\00\\01\\00")
  (global $fd (mut i32) (i32.const -1))
  (func (export "open") (param $directory i32) (result i32)
    (local $status i32)
    (local.set $status (call $path_open (local.get $directory) (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 0)
      (i64.const 0x66) (i64.const 0) (i32.const 0) (i32.const 32)))
    (global.set $fd (i32.load (i32.const 32)))
    (local.get $status))
  (func $rewind (drop (call $fd_seek (global.get $fd) (i64.const 0) (i32.const 0) (i32.const 40))))
  (func (export "write") (param $calls i32) (result i32)
    (local $failed i32)
    (call $rewind)
    (loop $again
      (local.set $failed (i32.add (local.get $failed) (i32.ne (i32.const 0)
        (call $fd_write (global.get $fd) (i32.const 16) (i32.const 1) (i32.const 32)))))
      (br_if $again (local.tee $calls (i32.sub (local.get $calls) (i32.const 1)))))
    (local.get $failed))
  (func (export "read") (param $calls i32) (result i32)
    (local $failed i32)
    (call $rewind)
    (loop $again
      (local.set $failed (i32.add (local.get $failed) (i32.ne (i32.const 0)
        (call $fd_read (global.get $fd) (i32.const 24) (i32.const 1) (i32.const 32)))))
      (if (i32.lt_u (i32.load (i32.const 32)) (i32.const 65536))
        (then
          (local.set $failed (i32.add (local.get $failed) (i32.load (i32.const 32))))
          (call $rewind)))
      (br_if $again (local.tee $calls (i32.sub (local.get $calls) (i32.const 1)))))
    (local.get $failed))
  (func (export "clock") (param $calls i32) (result i32)
    (local $failed i32)
    (loop $again
      (local.set $failed (i32.add (local.get $failed) (i32.ne (i32.const 0)
        (call $clock (i32.const 1) (i64.const 0) (i32.const 32)))))
      (br_if $again (local.tee $calls (i32.sub (local.get $calls) (i32.const 1)))))
    (local.get $failed)))`;

/** @param {Record<string, Function>} functions */
function instantiate(/** @type {WebAssembly.Module} */ module, functions) {
  return new WebAssembly.Instance(module, /** @type {any} */ ({ wasi_snapshot_preview1: functions }));
}

/** @param {WebAssembly.Instance} instance @returns {Loops} */
function opened(instance) {
  const exports = /** @type {any} */ (instance.exports);
  const status = exports.open(3);
  if (status !== 0) throw new Error(`path_open gives ${status}`);
  return exports;
}

/** @param {WebAssembly.Module} module */
function ours(module) {
  const { hrtime } = process;
  const [began] = hrtime();
  const bytes = new Uint8Array(FILE_BYTES).fill(1);
  const io = /** @type {GuestIo} */ (
    /** @type {unknown} */ ({
      mode: 'prepared',
      request: {
        programName: 'bench',
        args: [],
        env: {},
        interactive: false,
        terminal: { input: false, output: false },
        dirs: [],
        limits: { memory: 0 },
        files: [{ path: 'file', kind: 'file', bytes }],
      },
      clock: createClock(null, () => {
        const [seconds, nanoseconds] = hrtime();
        return (seconds - began) * 1e9 + nanoseconds;
      }),
      warn: () => {},
    })
  );
  const memory = new GuestMemory();
  const instance = instantiate(module, wasiPreview1.serve(io, { memory, exports: {}, importTypes: {} }).functions);
  memory.attach(/** @type {WebAssembly.Memory} */ (instance.exports.memory));
  return opened(instance);
}

/** @param {WebAssembly.Module} module */
function shim(module) {
  const folder = new PreopenDirectory('/', new Map([['file', new File(new Uint8Array(FILE_BYTES).fill(1))]]));
  const nothing = /** @type {any} */ (null);
  const wasi = new Shim([], [], [nothing, nothing, nothing, folder], { debug: false });
  const instance = instantiate(module, wasi.wasiImport);
  wasi.initialize(/** @type {any} */ (instance));
  return opened(instance);
}

/** @param {WebAssembly.Module} module @param {string} folder */
function node(module, folder) {
  const wasi = new NodeWasi(/** @type {any} */ ({ version: 'preview1', preopens: { '/': folder } }));
  const instance = instantiate(module, /** @type {any} */ (wasi.wasiImport));
  wasi.initialize(instance);
  return opened(instance);
}

/** Runs a loop; nanoseconds for each call. @param {Loops} loops @param {keyof Loops} name */
function time(loops, name) {
  const began = performance.now();
  const failed = loops[name](CALLS[name]);
  const milliseconds = performance.now() - began;
  if (failed !== 0) throw new Error(`${failed} calls of ${name} failed`);
  return (milliseconds / CALLS[name]) * 1e6;
}

/** Collections while a loop runs. @param {() => void} run */
async function collections(run) {
  let count = 0;
  const observer = new PerformanceObserver((list) => void (count += list.getEntries().length));
  observer.observe({ entryTypes: ['gc'] });
  run();
  // Entries arrive in a later turn of the event loop.
  await new Promise((resolve) => setTimeout(resolve, 50));
  observer.disconnect();
  return count;
}

export async function benchWasi() {
  const { parseWat } = await wabt();
  const module = new WebAssembly.Module(/** @type {any} */ (parseWat('bench.wat', PROGRAM).toBinary({}).buffer));
  const folder = mkdtempSync(join(tmpdir(), 'wasi-bench-'));
  try {
    writeFileSync(join(folder, 'file'), new Uint8Array(FILE_BYTES).fill(1));
    const subjects = { ours: ours(module), node: node(module, folder), shim: shim(module) };
    const rows = [['call', 'ours', 'node:wasi', 'shim', 'of node:wasi', 'of the shim', 'collections']];
    /** @type {{ name: keyof Loops, title: string }[]} */
    const calls = [
      { name: 'write', title: 'fd_write, 1 byte' },
      { name: 'read', title: 'fd_read, 64 KiB' },
      { name: 'clock', title: 'clock_time_get' },
    ];
    for (const { name, title } of calls) {
      const times = Object.entries(subjects).map(([who, loops]) => [who, () => time(loops, name)]);
      const least = await leastOfRounds(Object.fromEntries(times), ROUNDS);
      const seen = await collections(() => void time(subjects.ours, name));
      rows.push([
        title,
        figure(least.ours, ' ns'),
        figure(least.node, ' ns'),
        figure(least.shim, ' ns'),
        figure(least.ours / least.node),
        figure(least.ours / least.shim),
        String(seen),
      ]);
    }
    printTable('WASI calls: a million of each (20,000 reads), least of the rounds', rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
