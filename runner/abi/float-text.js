/**
 * Floats as Rust's `{}` and Aver print them: the shortest digits that read back, never with an exponent.
 * JavaScript finds the same digits, but takes the even ones of two which are as near; else only where it sets the
 * point, and the names of what is no number, differ. (spec aver-abi.md 5.2, jsrs.md 12.2)
 */

/** Shorter ones have no neighbour of as many digits that reads back, too. */
const FEWEST_TIED = 15;

/** @param {number} value */
export function floatText(value) {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  const text = nearestText(value);
  const e = text.indexOf('e');
  if (e < 0) return text;
  const sign = value < 0 ? '-' : '';
  const [whole, fraction = ''] = text.slice(sign.length, e).split('.');
  const digits = whole + fraction;
  const point = whole.length + Number(text.slice(e + 1));
  // Exponents begin where the point is left of all digits or right of them, never between.
  return point <= 0 ? `${sign}0.${'0'.repeat(-point)}${digits}` : `${sign}${digits.padEnd(point, '0')}`;
}

/** As JavaScript writes it, but the larger one of two that are as near. @param {number} value */
function nearestText(value) {
  const text = String(value);
  if (text.length < FEWEST_TIED || !isTied(value, text)) return text;
  // Even, and so never 9.
  const at = text.search(/\d(e|$)/);
  return `${text.slice(0, at)}${Number(text[at]) + 1}${text.slice(at + 1)}`;
}

/** Whether a value has one digit more than its text, and that is a 5. @param {number} value @param {string} text */
function isTied(value, text) {
  if (Number.isInteger(value)) return false; // the last digit of its text is worth more than the last bit
  const e = text.indexOf('e');
  const decimals = (e < 0 ? text.length : e) - text.indexOf('.') - (e < 0 ? 0 : Number(text.slice(e + 1)));
  // A binary fraction has as many decimals as bits.
  const scaled = value * 2 ** decimals;
  if (!Number.isInteger(scaled)) return false;
  return significantDigits(String(BigInt(scaled) * 5n ** BigInt(decimals))) === `${significantDigits(text)}5`;
}

/** @param {string} text */
function significantDigits(text) {
  return text.replace(/e.*|[-.]/g, '').replace(/^0+|0+$/g, '');
}
