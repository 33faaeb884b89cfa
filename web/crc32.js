// CRC-32 as in zip and PNG (reflected 0xEDB88320): of archives and of links.

/** @type {Uint32Array | null} made when it is first used */
let table = null;

/** @param {Uint8Array} bytes @param {number} [before] of what stands before them */
export function crc32(bytes, before = 0) {
  table ??= Uint32Array.from({ length: 256 }, (_, i) => {
    let value = i;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}
