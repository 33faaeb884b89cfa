/**
 * WebAssembly values between people and instances: text of a form or a command line to a value of a type, and back.
 */

/** @typedef {number | bigint | null} CallValue */

/** Types of which JavaScript can neither give nor get a value, with what they are called. @type {[RegExp, string][]} */
const FOREIGN = [
  [/^v128$/, 'a vector (v128)'],
  [/^((null)?exnref|\(ref (null )?(no)?exn\))$/, 'an exception (exnref)'],
];

/** References that are never null. */
const NOT_NULL = /^\(ref (?!null )/;

const INTEGER = /^[+-]?(0x[\da-f]+|0b[01]+|\d+)$/i;
const FLOAT = /^[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|inf|infinity|nan)$/i;

/**
 * @param {string} text
 * @param {string} type `i32`, `i64`, `f32`, `f64` or a reference type
 * @returns {{ value: CallValue } | { fault: string }}
 */
export function readValue(text, type) {
  const trimmed = text.trim();
  if (type === 'i32' || type === 'i64') return readInteger(trimmed, type);
  if (type === 'f32' || type === 'f64') return readFloat(trimmed, type);
  const foreign = foreignAmong([type]);
  if (foreign !== null) return { fault: `${foreign} cannot cross to JavaScript` };
  if (NOT_NULL.test(type)) return { fault: `a reference can only be \`null\`, which ${type} excludes` };
  return trimmed === 'null' || trimmed === '' ? { value: null } : { fault: `a reference can only be \`null\`` };
}

/** What the first value is that cannot cross, if one cannot. @param {readonly string[]} types */
export function foreignAmong(types) {
  const names = types.map((type) => FOREIGN.find(([form]) => form.test(type))?.[1]);
  return names.find((name) => name !== undefined) ?? null;
}

/** Why nobody here can call a function of this type, as a sentence; null = they can. @param {readonly string[]} params @param {readonly string[]} results */
export function callFault(params, results) {
  const foreign = foreignAmong([...params, ...results]);
  if (foreign !== null) return `It has ${foreign}, which cannot cross to JavaScript: it cannot be called from here.`;
  const never = params.find((type) => NOT_NULL.test(type));
  return never === undefined
    ? null
    : `It takes a reference that is never null, ${never}, and only null can be given: it cannot be called from here.`;
}

/**
 * Signed or unsigned, as the text format of WebAssembly has it: the bits are the same, and results are shown signed.
 * @param {string} text
 * @param {'i32' | 'i64'} type
 */
function readInteger(text, type) {
  if (!INTEGER.test(text)) return { fault: `\`${text}\` is no whole number` };
  const bits = type === 'i32' ? 32 : 64;
  const negative = text.startsWith('-');
  const magnitude = BigInt(text.replace(/^[+-]/, ''));
  const value = negative ? -magnitude : magnitude;
  const least = -(1n << BigInt(bits - 1));
  const most = (1n << BigInt(bits)) - 1n;
  if (value < least || value > most)
    return { fault: `\`${text}\` does not fit ${type}, which takes ${least} to ${most}` };
  const wrapped = BigInt.asIntN(bits, value);
  return { value: type === 'i32' ? Number(wrapped) : wrapped };
}

/** @param {string} text @param {'f32' | 'f64'} type */
function readFloat(text, type) {
  if (!FLOAT.test(text)) return { fault: `\`${text}\` is no number` };
  const bare = text.toLowerCase().replace(/^[+-]/, '');
  const magnitude = bare === 'nan' ? NaN : bare.startsWith('inf') ? Infinity : Number(bare);
  const value = text.startsWith('-') ? -magnitude : magnitude;
  return { value: type === 'f32' ? Math.fround(value) : value };
}

/**
 * @param {unknown} value what an instance gave
 * @param {string} type
 * @returns {string}
 */
export function valueText(value, type) {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'number') return value === null || value === undefined ? 'null' : type;
  if (Object.is(value, -0) && type !== 'i32') return '-0';
  if (Math.abs(value) === Infinity) return value > 0 ? 'inf' : '-inf';
  return type === 'f32' ? singleText(value) : String(value);
}

/** So many tell every single from its neighbours. */
const SINGLE_DIGITS = 9;

/** The shortest text that reads back as the same single. @param {number} value */
function singleText(value) {
  for (let digits = 1; digits <= SINGLE_DIGITS; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}
