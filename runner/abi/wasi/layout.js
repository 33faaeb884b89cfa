/**
 * Where the two versions of the interface differ in memory (witx preview0 and preview1): the link count of a file's
 * attributes has grown to 64 bits, a clock subscription has lost its identifier, and whence is numbered anew.
 */

/**
 * Byte offsets in the records, and the order of whence.
 * @typedef {object} Layout
 * @property {number} filestatBytes
 * @property {boolean} wideLinkCount
 * @property {number} filestatSize offset of `size`; the three times follow
 * @property {number} subscriptionBytes
 * @property {number} clock offset of a clock subscription's `id`
 * @property {readonly [set: number, current: number, end: number]} whence
 */

/** @type {Layout} */
export const PREVIEW1_LAYOUT = Object.freeze({
  filestatBytes: 64,
  wideLinkCount: true,
  filestatSize: 32,
  subscriptionBytes: 48,
  clock: 16,
  whence: /** @type {const} */ ([0, 1, 2]),
});

/** @type {Layout} */
export const UNSTABLE_LAYOUT = Object.freeze({
  filestatBytes: 56,
  wideLinkCount: false,
  filestatSize: 24,
  subscriptionBytes: 56,
  clock: 24,
  whence: /** @type {const} */ ([2, 0, 1]),
});
