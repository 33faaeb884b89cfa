/**
 * The `aver/*` imports of modules that Aver's compilers 0.9.0 to 0.17.3 wrote for linear memory (spec aver-abi.md). What
 * they need of the guest is its memory, and its exports `alloc` and the list of variants' names where there are any.
 */

/** @import { Abi, Guest, GuestIo } from '../../guest/types.js' */

import { consoleFunctions } from './console.js';
import { httpFunctions } from './http.js';
import { Names } from './names.js';
import { serviceFunctions } from './services.js';
import { StringsIntoGuest } from './strings.js';
import { averTable } from './table.js';
import { terminalFunctions } from './terminal.js';
import { describeValue, failureText } from './values.js';

/** @param {GuestIo} io @param {Guest} guest */
function serve(io, guest) {
  const { memory } = guest;
  const names = new Names();
  const strings = new StringsIntoGuest(guest);
  const http = httpFunctions(io, memory, strings, guest.importTypes['aver.http_send']);
  const describe = (/** @type {number} */ tag, /** @type {bigint} */ value) => describeValue(memory, names, tag, value);
  return {
    functions: {
      ...consoleFunctions(io, memory, names, strings),
      ...terminalFunctions(io, memory, strings),
      ...serviceFunctions(io, memory, strings),
      ...http.functions,
    },
    attached: () => names.read(guest),
    failureOf: (/** @type {unknown} */ value) => (typeof value === 'number' ? failureText(memory, names, value) : null),
    finish: http.finish,
    describe: { print_value: describe, format_value: describe },
  };
}

/** @type {Abi} */
export const aver = {
  module: 'aver',
  title: 'Aver',
  kind: 'aver',
  programTitle: 'Aver program',
  tolerant: true, // aver-abi.md 2
  table: averTable,
  serve,
};
