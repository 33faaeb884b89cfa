/**
 * Box drawing, block elements and Braille (U+2500..259F, U+2800..28FF) drawn on the grid exactly, in whole pixels of the
 * screen: a font's own would leave gaps between cells.
 */

const FIRST_LINE = 0x2500;
const FIRST_BLOCK = 0x2580;
const LAST_BLOCK = 0x259f;
const FIRST_BRAILLE = 0x2800;
const LAST_BRAILLE = 0x28ff;

/** Strokes from the middle up, right, down, left for each of U+2500..257F: 0 none, 1 light, 2 heavy, 3 double; `-` = special. */
const ARMS = (
  '0101 0202 1010 2020 - - - - - - - - 0110 0210 0120 0220 0011 0012 0021 0022 1100 1200 2100 2200 1001 1002 2001 2002 ' +
  '1110 1210 2110 1120 2120 2210 1220 2220 1011 1012 2011 1021 2021 2012 1022 2022 0111 0112 0211 0212 0121 0122 0221 ' +
  '0222 1101 1102 1201 1202 2101 2102 2201 2202 1111 1112 1211 1212 2111 1121 2121 2112 2211 1122 1221 2212 1222 2122 ' +
  '2221 2222 - - - - 0303 3030 0310 0130 0330 0013 0031 0033 1300 3100 3300 1003 3001 3003 1310 3130 3330 1013 3031 ' +
  '3033 0313 0131 0333 1303 3101 3303 1313 3131 3333 - - - - - - - 0001 1000 0100 0010 0002 2000 0200 0020 0201 1020 ' +
  '0102 2010'
).split(' ');

/** Dashed lines: how many dashes, how heavy, and whether they stand upright. @type {Record<number, [number, 1 | 2, boolean]>} */
const DASHES = {
  0x2504: [3, 1, false],
  0x2505: [3, 2, false],
  0x2506: [3, 1, true],
  0x2507: [3, 2, true],
  0x2508: [4, 1, false],
  0x2509: [4, 2, false],
  0x250a: [4, 1, true],
  0x250b: [4, 2, true],
  0x254c: [2, 1, false],
  0x254d: [2, 2, false],
  0x254e: [2, 1, true],
  0x254f: [2, 2, true],
};

/** Quarters of U+2596..259F: upper left 1, upper right 2, lower left 4, lower right 8. */
const QUARTERS = [4, 8, 1, 13, 9, 7, 11, 2, 6, 14];
/** Dots of Braille, by bit: column and row. */
const DOTS = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 2],
  [0, 3],
  [1, 3],
];

/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

/** @param {number} codePoint */
export function isDrawn(codePoint) {
  return (
    (codePoint >= FIRST_LINE && codePoint <= LAST_BLOCK) || (codePoint >= FIRST_BRAILLE && codePoint <= LAST_BRAILLE)
  );
}

/**
 * In the context's fill style.
 * @param {Context} context
 * @param {number} codePoint for which isDrawn holds
 * @param {Box} box of the cell, whole pixels
 */
export function drawCharacter(context, codePoint, box) {
  if (codePoint >= FIRST_BRAILLE) drawBraille(context, codePoint - FIRST_BRAILLE, box);
  else if (codePoint >= FIRST_BLOCK) drawBlock(context, codePoint, box);
  else if (DASHES[codePoint]) drawDashes(context, DASHES[codePoint], box);
  else if (ARMS[codePoint - FIRST_LINE] === '-') drawCurve(context, codePoint, box);
  else drawArms(context, ARMS[codePoint - FIRST_LINE], box);
}

/** @param {Box} box */
const lightOf = ({ width }) => Math.max(1, Math.round(width / 9));
/** @param {Box} box @param {number} weight 1 or 2 */
const thicknessOf = (box, weight) => (weight === 2 ? 2 * lightOf(box) + 1 : lightOf(box));

/** The first pixel of a stroke in the middle. @param {number} length @param {number} thickness */
const middle = (length, thickness) => Math.floor((length - thickness) / 2);

/**
 * A horizontal or vertical stroke: along its own axis from one place to another, across it at a place.
 * @param {Context} context
 * @param {Box} box
 * @param {boolean} upright
 * @param {number} from
 * @param {number} to
 * @param {number} across
 * @param {number} thickness
 */
function stroke(context, { x, y }, upright, from, to, across, thickness) {
  if (upright) context.fillRect(x + across, y + from, thickness, to - from);
  else context.fillRect(x + from, y + across, to - from, thickness);
}

/** @param {Context} context @param {string} arms @param {Box} box */
function drawArms(context, arms, box) {
  const weights = [...arms].map(Number);
  weights.forEach((weight, side) => {
    if (weight === 0) return;
    const upright = side % 2 === 0;
    // The sides across: before (left, or up) and after.
    const before = weights[upright ? 3 : 0];
    const after = weights[upright ? 1 : 2];
    const opposite = weights[(side + 2) % 4];
    const draw = (/** @type {number} */ inner, /** @type {number} */ across, /** @type {number} */ thickness) => {
      const length = upright ? box.height : box.width;
      const towardsEnd = side === 1 || side === 2;
      const [from, to] = towardsEnd ? [inner, length] : [0, length - inner];
      stroke(context, box, upright, from, to, across, thickness);
    };
    const along = upright ? box.height : box.width;
    const over = upright ? box.width : box.height;
    const light = lightOf(box);
    // Distance from this side's opposite edge at which a stroke through the middle line begins, `shift` further out.
    const towardsEnd = side === 1 || side === 2;
    const start = (/** @type {number} */ shift, /** @type {number} */ thickness) => {
      const first = middle(along, thickness) + (towardsEnd ? shift : -shift);
      return towardsEnd ? first : along - first - thickness;
    };
    const heaviest = Math.max(before, after);
    if (weight < 3) {
      const thickness = thicknessOf(box, weight);
      let shift = 0;
      if (opposite === 0 && heaviest === 3) shift = before === 3 && after === 3 ? 2 * light : -2 * light;
      const meets = heaviest === 2 ? thicknessOf(box, 2) : light;
      draw(start(shift, meets), middle(over, thickness), thickness);
      return;
    }
    for (const [near, sign] of /** @type {[number, number][]} */ ([
      [before, -1],
      [after, 1],
    ])) {
      const other = sign < 0 ? after : before;
      let shift = 0;
      if (near === 3) shift = 2 * light;
      else if (other === 3 && opposite === 0) shift = -2 * light;
      draw(start(shift, light), middle(over, light) + 2 * light * sign, light);
    }
  });
}

/** @param {Context} context @param {[number, 1 | 2, boolean]} dashes @param {Box} box */
function drawDashes(context, [count, weight, upright], box) {
  const length = upright ? box.height : box.width;
  const thickness = thicknessOf(box, weight);
  const across = middle(upright ? box.width : box.height, thickness);
  const gap = Math.max(1, Math.round(length / count / 3));
  for (let dash = 0; dash < count; dash++) {
    const from = Math.round((dash * length) / count) + Math.floor(gap / 2);
    const to = Math.round(((dash + 1) * length) / count) - Math.ceil(gap / 2);
    stroke(context, box, upright, from, Math.max(from + 1, to), across, thickness);
  }
}

/** Round corners and diagonals. @param {Context} context @param {number} codePoint @param {Box} box */
function drawCurve(context, codePoint, box) {
  const { x, y, width, height } = box;
  const thickness = lightOf(box);
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.lineWidth = thickness;
  context.strokeStyle = context.fillStyle;
  context.beginPath();
  if (codePoint >= 0x2571) {
    if (codePoint !== 0x2572) line(context, x + width, y, x, y + height);
    if (codePoint !== 0x2571) line(context, x, y, x + width, y + height);
  } else {
    const centerX = x + middle(width, thickness) + thickness / 2;
    const centerY = y + middle(height, thickness) + thickness / 2;
    const right = codePoint === 0x256d || codePoint === 0x2570;
    const down = codePoint === 0x256d || codePoint === 0x256e;
    const endX = right ? x + width : x;
    const endY = down ? y + height : y;
    const radius = Math.min(Math.abs(endX - centerX), Math.abs(endY - centerY));
    context.moveTo(endX, centerY);
    context.arcTo(centerX, centerY, centerX, endY, radius);
    context.lineTo(centerX, endY);
  }
  context.stroke();
  context.restore();
}

/** @param {Context} context @param {number} fromX @param {number} fromY @param {number} toX @param {number} toY */
function line(context, fromX, fromY, toX, toY) {
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
}

/** @param {Context} context @param {number} codePoint @param {Box} box */
function drawBlock(context, codePoint, { x, y, width, height }) {
  const part = (/** @type {number} */ length, /** @type {number} */ eighths) => Math.round((length * eighths) / 8);
  const index = codePoint - FIRST_BLOCK;
  if (index === 0) context.fillRect(x, y, width, part(height, 4));
  else if (index <= 8) context.fillRect(x, y + height - part(height, index), width, part(height, index));
  else if (index <= 15) context.fillRect(x, y, part(width, 16 - index), height);
  else if (index === 16) context.fillRect(x + part(width, 4), y, width - part(width, 4), height);
  else if (index <= 19) drawShade(context, (index - 16) / 4, { x, y, width, height });
  else if (index === 20) context.fillRect(x, y, width, part(height, 1));
  else if (index === 21) context.fillRect(x + width - part(width, 1), y, part(width, 1), height);
  else drawQuarters(context, QUARTERS[index - 22], { x, y, width, height });
}

/** @param {Context} context @param {number} share @param {Box} box */
function drawShade(context, share, { x, y, width, height }) {
  context.save();
  context.globalAlpha *= share;
  context.fillRect(x, y, width, height);
  context.restore();
}

/** @param {Context} context @param {number} quarters @param {Box} box */
function drawQuarters(context, quarters, { x, y, width, height }) {
  const halfWidth = Math.round(width / 2);
  const halfHeight = Math.round(height / 2);
  for (let quarter = 0; quarter < 4; quarter++) {
    if (!(quarters & (1 << quarter))) continue;
    const right = quarter % 2 === 1;
    const low = quarter >= 2;
    const left = right ? halfWidth : 0;
    const top = low ? halfHeight : 0;
    context.fillRect(x + left, y + top, right ? width - halfWidth : halfWidth, low ? height - halfHeight : halfHeight);
  }
}

/** @param {Context} context @param {number} dots @param {Box} box */
function drawBraille(context, dots, { x, y, width, height }) {
  const size = Math.max(1, Math.round(Math.min(width / 4, height / 8)));
  DOTS.forEach(([column, row], bit) => {
    if (!(dots & (1 << bit))) return;
    const left = Math.round((width * (1 + 2 * column)) / 4 - size / 2);
    const top = Math.round((height * (1 + 2 * row)) / 8 - size / 2);
    context.fillRect(x + left, y + top, size, size);
  });
}
