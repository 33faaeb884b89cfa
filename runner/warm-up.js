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
 * A JSRS file, version 1 (spec jsrs.md 1 to 5):
 *
 *     fn main() { block 0: v0 = 1; br 1(v0)   block 1(v1: i64): v2 = v1 * v1; v3 = v2 < v1; br_if v3, 1(v2), 1(v1) }
 */
function warmUpProgram() {
  const I64 = [0, 3];
  const BOOL = [2];
  const UNIT = [4];
  const none = u32(0);
  const one = u32(1);
  const name = [...u32(4), 0x6d, 0x61, 0x69, 0x6e];
  const strings = [...u32(2), ...none, ...name];
  const types = [...none, ...none];
  const globals = none;
  const constant = [0, ...u32(0), ...I64, 1, 0, 0, 0, 0, 0, 0, 0];
  const multiply = [6, ...u32(2), ...I64, ...one, ...one];
  const compare = [20, ...u32(3), ...BOOL, ...u32(2), ...one, 2];
  const enter = [1, ...one, ...one, ...u32(0)];
  const repeat = [2, ...u32(3), ...one, ...one, ...u32(2), ...one, ...one, ...one];
  const block0 = [...u32(0), ...none, ...one, ...constant, ...enter];
  const block1 = [...one, ...one, ...I64, ...one, ...u32(2), ...multiply, ...compare, ...repeat];
  const functions = [...one, ...one, ...none, ...UNIT, ...none, ...u32(2), ...block0, ...block1];
  const header = [0x52534a53, 1, 0];
  let offset = 28;
  for (const section of [strings, types, globals, functions]) {
    header.push(offset);
    offset += section.length;
  }
  return Uint8Array.from([...header.flatMap(u32), ...strings, ...types, ...globals, ...functions]);
}

/** @param {number} value */
function u32(value) {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}
