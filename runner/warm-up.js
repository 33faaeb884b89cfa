/**
 * Runs a tiny program for a few milliseconds when a worker starts, so that V8 has its fast code for the interpreter's
 * loop ready before the first real run (2 to 3 times slower without it; V8's optimised code is per module and outlives
 * the instance).
 */
import { instantiate } from './backend/load.js';
import { WARM_UP_MILLISECONDS, noLimits } from './limits.js';
import { Session } from './session.js';

/**
 * A session that ends by itself, and sooner when it is stopped.
 * @param {WebAssembly.Module} module the backend
 */
export function warmUpSession(module) {
  const backend = instantiate(module);
  backend.load(warmUpProgram(), { validate: true });
  const limits = { ...noLimits(), seconds: WARM_UP_MILLISECONDS / 1000 };
  return new Session(backend, { entry: 'main', limits, trace: null }, { write: () => {} });
}

/**
 * A JSRS file, version 1 (spec jsrs.md 1 to 5), of one endless loop over a call:
 *
 *     fn step(v1: i64) -> i64 { block 0: v2 = v1 * v1; v3 = v2 + v1; ret v3 }
 *     fn main() -> Unit       { block 0: v0 = 1; br 1(v0)   block 1(v1): v2 = step(v1); v3 = v2 < v1; br_if v3, 1(v2), 1(v1) }
 */
function warmUpProgram() {
  const names = ['', 'step', 'main'];
  const I64 = [0, 3];
  const BOOL = [2];
  const UNIT = [4];
  const strings = [...u32(names.length), ...names.flatMap((name) => [...u32(name.length), ...ascii(name)])];
  const types = [...u32(0), ...u32(0)];
  const globals = u32(0);
  /** @param {number} name @param {number[][]} params @param {number[]} result @param {number[][]} blocks */
  const fn = (name, params, result, blocks) => [
    ...[...u32(name), ...u32(params.length), ...params.flat(), ...result],
    ...[...u32(0), ...u32(blocks.length), ...blocks.flat()],
  ];
  /** @param {number} id @param {number[][]} params @param {number[][]} body @param {number[]} end */
  const block = (id, params, body, end) => [
    ...[...u32(id), ...u32(params.length), ...params.flat()],
    ...[...u32(body.length), ...body.flat(), ...end],
  ];
  const step = fn(1, [[...I64, ...u32(1)]], I64, [
    block(
      0,
      [],
      [
        [6, ...u32(2), ...I64, ...u32(1), ...u32(1)],
        [4, ...u32(3), ...I64, ...u32(2), ...u32(1)],
      ],
      [0, 1, ...u32(3)],
    ),
  ]);
  const main = fn(2, [], UNIT, [
    block(0, [], [[0, ...u32(0), ...I64, ...u32(1), ...u32(0)]], [1, ...u32(1), ...u32(1), ...u32(0)]),
    block(
      1,
      [[...I64, ...u32(1)]],
      [
        [36, ...u32(2), ...I64, ...u32(functionNumber('step')), ...u32(1), ...u32(1)],
        [20, ...u32(3), ...BOOL, ...u32(2), ...u32(1), 2],
      ],
      [2, ...u32(3), ...u32(1), ...u32(1), ...u32(2), ...u32(1), ...u32(1), ...u32(1)],
    ),
  ]);
  const functions = [...u32(2), ...step, ...main];
  const header = [0x52534a53, 1, 0];
  let offset = 28;
  for (const section of [strings, types, globals, functions]) {
    header.push(offset);
    offset += section.length;
  }
  return Uint8Array.from([...header.flatMap(u32), ...strings, ...types, ...globals, ...functions]);
}

/** The number that calls a function (spec jsrs.md 11.1). @param {string} name */
function functionNumber(name) {
  const hash = ascii(name).reduce((h, byte) => (Math.imul(h, 31) + byte) | 0, 0);
  return Math.abs(hash) % 1_000_000;
}

/** @param {number} value */
function u32(value) {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}

/** @param {string} text */
function ascii(text) {
  return Array.from(text, (character) => character.charCodeAt(0));
}
