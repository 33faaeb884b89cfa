/**
 * `args_*` and `environ_*`: two tables of strings that end in NUL.
 */

import * as E from './errno.js';

/** @import { GuestIo } from '../../guest/types.js' */
/** @import { Host } from './index.js' */

const encoder = new TextEncoder();

/** @param {Host} host */
export function stringCalls({ io, access }) {
  const args = encode(programArguments(io));
  const environment = encode(environmentOf(io));

  /** @param {Uint8Array[]} strings @param {number} count @param {number} size */
  const sizes = (strings, count, size) => {
    access.refresh();
    if (!access.holds(count, 4) || !access.holds(size, 4)) return E.EFAULT;
    access.view.setUint32(count >>> 0, strings.length, true);
    access.view.setUint32(size >>> 0, sizeOf(strings), true);
    return E.SUCCESS;
  };

  /** @param {Uint8Array[]} strings @param {number} pointers @param {number} buffer */
  const get = (strings, pointers, buffer) => {
    access.refresh();
    if (!access.holds(pointers, strings.length * 4) || !access.holds(buffer, sizeOf(strings))) return E.EFAULT;
    let at = buffer >>> 0;
    for (const [index, string] of strings.entries()) {
      access.view.setUint32((pointers >>> 0) + index * 4, at, true);
      access.bytes.set(string, at);
      at += string.length;
    }
    return E.SUCCESS;
  };

  return {
    args_get: (/** @type {number} */ pointers, /** @type {number} */ buffer) => get(args, pointers, buffer),
    args_sizes_get: (/** @type {number} */ count, /** @type {number} */ size) => sizes(args, count, size),
    environ_get: (/** @type {number} */ pointers, /** @type {number} */ buffer) => get(environment, pointers, buffer),
    environ_sizes_get: (/** @type {number} */ count, /** @type {number} */ size) => sizes(environment, count, size),
  };
}

/** An argument ends at its first NUL, because the program would see no more of it. @param {GuestIo} io */
function programArguments(io) {
  return [io.request.programName, ...io.request.args].map((argument, index) => {
    const end = argument.indexOf('\0');
    if (end < 0) return argument;
    io.warn(`argument ${index} contains a NUL character, which no program can be given: it ends there`);
    return argument.slice(0, end);
  });
}

/** @param {GuestIo} io */
function environmentOf(io) {
  const strings = [];
  for (const [name, value] of Object.entries(io.request.env)) {
    if (name === '' || /[=\0]/.test(name) || value.includes('\0')) {
      io.warn(
        `the environment variable \`${name.replaceAll('\0', '\\0')}\` was left out: a name is not empty and has no \`=\`, and neither it nor its value contains NUL`,
      );
    } else {
      strings.push(`${name}=${value}`);
    }
  }
  return strings;
}

/** @param {string[]} strings */
function encode(strings) {
  return strings.map((string) => encoder.encode(`${string}\0`));
}

/** @param {Uint8Array[]} strings */
function sizeOf(strings) {
  return strings.reduce((sum, string) => sum + string.length, 0);
}
