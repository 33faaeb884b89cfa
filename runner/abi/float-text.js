/**
 * Floats as Rust's `{}` and Aver print them: the shortest digits that read back, never with an exponent.
 * JavaScript finds the same digits; only where it sets the point, and the names of what is no number, differ.
 * (spec aver-abi.md 5.2, jsrs.md 12.2)
 */

/** @param {number} value */
export function floatText(value) {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  const text = String(value);
  const e = text.indexOf('e');
  if (e < 0) return text;
  const sign = value < 0 ? '-' : '';
  const [whole, fraction = ''] = text.slice(sign.length, e).split('.');
  const digits = whole + fraction;
  const point = whole.length + Number(text.slice(e + 1));
  // Exponents begin where the point is left of all digits or right of them, never between.
  return point <= 0 ? `${sign}0.${'0'.repeat(-point)}${digits}` : `${sign}${digits.padEnd(point, '0')}`;
}
