/**
 * Where the bodies of a module's functions lie: of as many as there are, which a description does not list.
 */

/**
 * The function whose body holds an offset.
 * @param {Uint8Array} bytes of a module that is whole
 * @param {number} start of the code section's content
 * @param {number} offset
 * @returns {{ index: number, size: number } | null} index among those that have a body
 */
export function bodyAt(bytes, start, offset) {
  let at = start;
  const number = () => {
    let value = 0;
    for (let shift = 0; at < bytes.length; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  const count = number();
  for (let index = 0; index < count && at < bytes.length; index++) {
    const size = number();
    if (offset >= at && offset < at + size) return { index, size };
    at += size;
  }
  return null;
}
