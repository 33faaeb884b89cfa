/**
 * What AssemblyScript's compiler lets programs import from `env`: the end of a failed program, and those of JavaScript's
 * functions that print, tell the time and calculate. Strings are UTF-16, their length in bytes stands before them.
 * What would need objects of JavaScript (`document`, `process.argv`) is not served.
 */

import { GuestExit, GuestTrap } from '../guest/ends.js';
import { visible } from '../visible.js';

/** @import { Abi, Describe, Guest, GuestIo, ImportRow } from '../guest/types.js' */

const LENGTH_BYTES = 4;
/**
 * Strings are printed by pieces of so many bytes, however long they are; of others no more is read. They are copied, as
 * browsers' decoders refuse memory that is shared.
 */
const PIECE_BYTES = 16 * 1024;
/** Clocks of `console.time` that run at a time. */
const MOST_TIMERS = 1000;
/** Characters of a message that are told. */
const MESSAGE_CHARACTERS = 1000;

const ONE_NUMBER =
  'abs acos acosh asin asinh atan atanh cbrt ceil clz32 cos cosh exp expm1 floor log log10 log1p log2 round sign sin sinh sqrt tan tanh trunc'.split(
    ' ',
  );
const TWO_NUMBERS = ['atan2', 'hypot', 'imul', 'max', 'min', 'pow'];

const NUMBER = Object.freeze({ type: '-> f64', parameters: '', result: 'f64' });
const PRINTS = Object.freeze({ type: 'i32 ->', parameters: 'text:i32', result: '', blocks: true });

/** @param {string[]} names of `Math` @param {string} parameters @param {string} [result] @returns {[string, ImportRow][]} */
function mathRows(names, parameters, result = 'f64') {
  const types = parameters.replace(/\w+:/g, '');
  return names.map((name) => [`Math.${name}`, { type: `${types} -> ${result}`, parameters, result: 'f64' }]);
}

/** @type {Abi['table']} */
const table = {
  abort: {
    type: 'i32 i32 i32 i32 ->',
    parameters: 'message:i32 file:i32 line:u32 column:u32',
    result: '',
  },
  trace: {
    type: 'i32 i32 f64 f64 f64 f64 f64 ->',
    parameters: 'message:i32 count:i32 a:f64 b:f64 c:f64 d:f64 e:f64',
    result: '',
    blocks: true,
  },
  seed: NUMBER,
  'console.log': PRINTS,
  'console.info': PRINTS,
  'console.debug': PRINTS,
  'console.warn': PRINTS,
  'console.error': PRINTS,
  'console.assert': { type: 'i32 i32 ->', parameters: 'condition:bool text:i32', result: '', blocks: true },
  'console.time': { ...PRINTS, blocks: false },
  'console.timeLog': PRINTS,
  'console.timeEnd': PRINTS,
  'Date.now': NUMBER,
  'performance.now': NUMBER,
  'process.exit': { type: 'i32 ->', parameters: 'status:i32', result: '' },
  'Math.random': NUMBER,
  ...Object.fromEntries([
    ...mathRows(ONE_NUMBER, 'x:f64'),
    ...mathRows(['fround'], 'x:f64', 'f32'),
    ...mathRows(TWO_NUMBERS, 'x:f64 y:f64'),
  ]),
};

/** @param {GuestIo} io @param {Guest} guest */
function serve(io, guest) {
  const encoder = new TextEncoder();
  /** When each began, by its label. @type {Map<string, number>} */
  const timers = new Map();

  /** Where a string's bytes are; null: not in the memory. @param {number} pointer */
  function placeOf(pointer) {
    const { memory } = guest;
    const start = pointer >>> 0;
    if (start < LENGTH_BYTES || !memory.holds(start - LENGTH_BYTES, LENGTH_BYTES)) return null;
    const bytes = memory.view.getUint32(start - LENGTH_BYTES, true) & ~1;
    return memory.holds(start, bytes) ? { start, end: start + bytes } : null;
  }

  /** The beginning of a string, which for most is all of it; null for the null reference. @param {number} pointer */
  function stringAt(pointer) {
    if (pointer === 0) return null;
    const place = placeOf(pointer);
    if (!place) return '(a string outside the memory)';
    const end = Math.min(place.end, place.start + PIECE_BYTES);
    return new TextDecoder('utf-16le').decode(guest.memory.bytes.slice(place.start, end));
  }

  /** @param {1 | 2} stream @param {string} text */
  const sayLine = (stream, text) => io.write(stream, encoder.encode(`${text}\n`));

  /** A line with all of a string. @param {1 | 2} stream @param {number} pointer @param {string} before @param {string} after */
  function print(stream, pointer, before = '', after = '') {
    const place = placeOf(pointer);
    if (!place) return sayLine(stream, `${before}${stringAt(pointer)}${after}`);
    // It keeps half a character for the next piece; a byte order mark is a character like others.
    const decoder = new TextDecoder('utf-16le', { ignoreBOM: true });
    let at = place.start;
    let text = before;
    /** @returns {void | Promise<void>} */
    function rest() {
      for (;;) {
        const end = Math.min(place?.end ?? 0, at + PIECE_BYTES);
        const isLast = end === place?.end;
        text += decoder.decode(guest.memory.bytes.slice(at, end), { stream: !isLast });
        const written = io.write(stream, encoder.encode(isLast ? `${text}${after}\n` : text));
        if (isLast) return written;
        at = end;
        text = '';
        if (typeof written === 'object') return written.then(rest);
      }
    }
    return rest();
  }

  /** @param {1 | 2} stream */
  const printsTo = (stream) => (/** @type {number} */ pointer) => print(stream, pointer);

  /** @param {number} pointer */
  function tellTimer(pointer) {
    const label = stringAt(pointer) ?? 'default';
    const began = timers.get(label);
    return began === undefined ? undefined : sayLine(1, `${label}: ${io.clock.monotonic() - began}ms`);
  }

  /** @type {Record<string, Function>} */
  const functions = {
    abort(
      /** @type {number} */ message,
      /** @type {number} */ file,
      /** @type {number} */ line,
      /** @type {number} */ column,
    ) {
      const said = stringAt(message);
      const place = file === 0 ? '' : ` (${visible(stringAt(file) ?? '')}:${line >>> 0}:${column >>> 0})`;
      throw new GuestTrap(`aborted${said ? `: ${visible(said, MESSAGE_CHARACTERS)}` : ''}${place}`);
    },
    trace(/** @type {number} */ message, /** @type {number} */ count, /** @type {number[]} */ ...numbers) {
      const shown = numbers.slice(0, Math.max(count, 0)).map((each) => (Object.is(each, -0) ? '-0' : String(each)));
      return print(2, message, 'trace: ', shown.length > 0 ? ` ${shown.join(', ')}` : '');
    },
    // Never zero, and all of its fraction is random.
    seed: () => 1 + io.random.float(),
    'console.log': printsTo(1),
    'console.info': printsTo(1),
    'console.debug': printsTo(1),
    'console.warn': printsTo(2),
    'console.error': printsTo(2),
    'console.assert': (/** @type {number} */ condition, /** @type {number} */ pointer) =>
      condition === 0 ? print(2, pointer, 'Assertion failed: ') : undefined,
    'console.time'(/** @type {number} */ pointer) {
      if (timers.size < MOST_TIMERS) timers.set(stringAt(pointer) ?? 'default', io.clock.monotonic());
    },
    'console.timeLog': tellTimer,
    'console.timeEnd'(/** @type {number} */ pointer) {
      const told = tellTimer(pointer);
      timers.delete(stringAt(pointer) ?? 'default');
      return told;
    },
    'Date.now': () => Math.floor(io.clock.realtime()),
    'performance.now': () => io.clock.monotonic(),
    'process.exit'(/** @type {number} */ status) {
      throw new GuestExit(status >>> 0);
    },
    'Math.random': () => io.random.float(),
  };
  for (const name of [...ONE_NUMBER, ...TWO_NUMBERS, 'fround'])
    functions[`Math.${name}`] = /** @type {any} */ (Math)[name];

  /** @type {Record<string, Describe>} */
  const describe = {
    abort: (message, file, line, column) => ({ message: stringAt(message), file: stringAt(file), line, column }),
    trace: (message, count, ...numbers) => ({ message: stringAt(message), numbers: numbers.slice(0, count) }),
    'console.assert': (condition, text) => ({ condition: condition !== 0, text: stringAt(text) }),
  };
  for (const [name, row] of Object.entries(table))
    if (row.parameters === PRINTS.parameters) describe[name] = (text) => ({ text: stringAt(text) });
  return { functions, describe };
}

/** @type {Abi} */
export const assemblyScript = {
  module: 'env',
  title: 'AssemblyScript',
  kind: 'plain',
  programTitle: 'AssemblyScript module',
  sharesNames: true,
  table,
  serve,
};
