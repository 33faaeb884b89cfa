/**
 * How many columns a character takes (aver-abi.md 6.1), from Unicode 17 (marks, emoji presentation) and 15.1 (East Asian
 * width). Joined letters of Hangul count as marks. Unassigned characters between two of a kind are counted with them.
 */

// Ranges, each as its distance from the end of the one before and, after a dot, its length less one, in base 36.
const MARKS =
  '0.33 7n.6 7b.18 1 1.1 1.1 1 20.a 1c.k g 2t.6 2.5 2.1 1.3 z u.q 2j.a 1m.8 9 o.3 1.8 1.2 1.4 17.2 1n.8 ' +
  '16.n 1.w 1i.2 1.h 1.6 a.1 t.2 1k 1.f 9 a.1 q.5 1k.l u.1 3 b.2 1k 1.f k.1 m.9 1k 1.p a.1 u 1n.f 9 14.4 1j ' +
  '1.o b.1 t.2 1k 1.o b.1 f.g 1j.1 1.f 9 a.1 t.2 1y.l i.1 1p 2.6 c.7 2q 2.8 b.6 21.1 r 1 1 4.1 1d.j 1.1 ' +
  '5.1b 9 2s.j n.3 4.2 1.2 2.6 3.3 d.b 1 a.3 5e.4f 9p.2 qa.3 s.2 t.1 u.1 1s.v 9 19.2 1 39.1 y 3a.r 63.4 ' +
  '1l.16 1c.2c 1b.g 12.8 c.2 u.c 1k.d 1c.j 48.2 1.k 4 6 2.2 5i.1r ek.1 5e.w 2da.2 3x 2o.v fe.5 2x.1 n9w.3 ' +
  '1.9 w.1 28.1 7k 3 4 n.4 4 2b.1 1e.h q.h d 12.7 p.c 18.3 1b.d 10 1v.d c 8.1 19.2 1e 1.2 2.1 5.1 1 15.4 ' +
  '5.1 6k.7 1.1 8n6.27 6xq kh.f g.f r1 6a 45.4 1ae.e 14.7 4l.1 fx.3 1t.4 8t.1 25.5 1y.a 1d.3 3e.2 1h.e 15 ' +
  '2.1 a.3 19.a 7 1p.2 10.d g.1 18 c.2 1c.d 8.3 1.1 2k.b 6 2 4d.b l.3 1j.1 1.f 9 a.i 1v.o 1 e.1 2a.h n 29.j ' +
  '6j.h r.1 2a.g 2y.c 2t.e 74.e 6t.e 1 1.1 3x.f 3 s.9 14.6 1.3 8 9.a 1a.f 5i.7 5j.g 2a.10 3e.k 1 1u.d 9n.3 ' +
  '9.1 1 1c.e n 44l 6.e 8ug.h 1xc.4 1n.6 t4 1.1t 29.d f57.1 3mp.1y f2.4 3.5 8.7 2.6 u.3 44.2 1iz.1i 4.1d 8 ' +
  'e m.k 11s.16 2s 4g.6 af 1p.3 e4.3 72.1 6r 2 7.1 5 d6.6 31.6 gzbp.2n 3k.6n';
const WIDE =
  '2rk.2n 3i2.1 d.1 5a.3 3 2 eh.1 l.1 1e.b 17 j d 8.1 h.1 5.1 8 5 l 7.1 1 4 2 7 4.1 s z 1 4.2 1 1p.2 o e ' +
  'nv.1 1f 4 mi.bt 6.e 2.2d 4.94 b.2g 8.5f3 1s.h52 wp.s hv.8mb 6l8.e7 ls.9 m.1n 45.2n 3j.6 m49.3 s.4qf 8.yd ' +
  '16.8 6w7.ln c20 5m 5a 2.9 23.3j 4a.w c.8 1.1x 1.l c.16 4.4 c.g 3 3.1y 1 1.56 2.1q d.3 1.n i q.1 d 2e.2c ' +
  '1c.1x 6 3.2 2.a b.1 7.8 6b.g 7v.1a 1.9 1.54 34.3s zr.2t4t';
const UNSEEN = 'm4 3jl 1ks 2.1 o.6 1d.f 17yn 6x.2 ab8.f qxs.3 43z.7 h406';

/** The first character that is not one column wide, controls apart. */
const FIRST = 0x300;

/** What charWidth says of characters that are never shown: direction marks and other format controls. */
const UNSEEN_WIDTH = -1;

const KINDS = /** @type {[string, number][]} */ ([
  [MARKS, 0],
  [WIDE, 2],
  [UNSEEN, UNSEEN_WIDTH],
]);
const ranges = KINDS.flatMap(([text, width]) => decode(text, width)).sort((a, b) => a.first - b.first);
const firsts = Uint32Array.from(ranges, ({ first }) => first);
const lasts = Uint32Array.from(ranges, ({ last }) => last);
const widths = Int8Array.from(ranges, ({ width }) => width);

/** @param {string} text @param {number} width */
function decode(text, width) {
  let at = FIRST;
  return text.split(' ').map((range) => {
    const [gap, more = '0'] = range.split('.');
    const first = at + parseInt(gap, 36);
    const last = first + parseInt(more, 36);
    at = last + 1;
    return { first, last, width };
  });
}

/**
 * @param {number} codePoint no control character
 * @returns {number} 2 for wide ones and emoji, 0 for what joins the character before, -1 for what is not shown, else 1
 */
export function charWidth(codePoint) {
  if (codePoint < FIRST) return 1;
  let low = 0;
  let high = firsts.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codePoint > lasts[middle]) low = middle + 1;
    else if (codePoint < firsts[middle]) high = middle - 1;
    else return widths[middle];
  }
  return 1;
}

/** Whether a character can be part of an emoji sequence: joined by ZWJ, coloured by a skin tone. @param {number} codePoint */
export function isPictograph(codePoint) {
  return (codePoint >= 0x1f000 && codePoint <= 0x1faff) || (codePoint >= 0x2190 && codePoint <= 0x2bff);
}

/** Letters of flags: two of them are one emoji. @param {number} codePoint */
export function isRegionalIndicator(codePoint) {
  return codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff;
}

/** @param {number} codePoint */
export function isSkinTone(codePoint) {
  return codePoint >= 0x1f3fb && codePoint <= 0x1f3ff;
}

/** What of the characters before decides whether the next one joins them, as bits of one number. */
const STATE = Object.freeze({ PICTOGRAPH: 1, AFTER_JOINER: 2, LONE_INDICATOR: 4 });
const ZERO_WIDTH_JOINER = 0x200d;

/**
 * Whether a character takes no cell of its own behind another one: a mark, or the next part of an emoji.
 * @param {number} codePoint
 * @param {number} state
 */
export function joinsBefore(codePoint, state) {
  if (charWidth(codePoint) <= 0) return true;
  if (isRegionalIndicator(codePoint)) return (state & STATE.LONE_INDICATOR) !== 0;
  if (!isPictograph(codePoint) || !(state & STATE.PICTOGRAPH)) return false;
  return isSkinTone(codePoint) || (state & STATE.AFTER_JOINER) !== 0;
}

/** @param {number} codePoint @param {number} state @param {boolean} joins */
export function stateAfter(codePoint, state, joins) {
  if (joins) return (state & STATE.PICTOGRAPH) | (codePoint === ZERO_WIDTH_JOINER ? STATE.AFTER_JOINER : 0);
  return (isPictograph(codePoint) ? STATE.PICTOGRAPH : 0) | (isRegionalIndicator(codePoint) ? STATE.LONE_INDICATOR : 0);
}

/**
 * How many columns a text takes. What people see as one character may take several cells that are not joined: a vowel
 * sign of Thai or of Indian scripts has one of its own.
 * @param {string} text without control characters
 */
export function textWidth(text) {
  let width = 0;
  let state = 0;
  for (const character of text) {
    const codePoint = /** @type {number} */ (character.codePointAt(0));
    const joins = width > 0 && joinsBefore(codePoint, state);
    if (!joins) width += Math.max(0, charWidth(codePoint));
    state = stateAfter(codePoint, state, joins);
  }
  return width;
}
