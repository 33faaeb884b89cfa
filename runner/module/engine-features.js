/**
 * What this engine does not know of what a module uses: engines say so in words of their own, or that the module is broken.
 * Each proposal of backend/wasm/features.def that some engine of today lacks has the smallest module that needs it here,
 * after the eight bytes that all begin with.
 */

/** @type {Readonly<Record<string, string>>} */
const PROBES = {
  simd: '010401600000030201000a17011500fd0c000000000000000000000000000000001a0b',
  'relaxed-simd':
    '0105016000017b030201000a2b012900fd0c00000000000000000000000000000000fd0c00000000000000000000000000000000fd80020b',
  threads: '050401030101',
  'tail-call': '010401600000030201000a0601040012000b',
  'extended-const': '0609017f00410041006a0b',
  'legacy-exceptions': '010401600000030201000a0701050006400b0b',
  exceptions: '010401600000030201000a080106001f40000b0b',
  'multi-memory': '05050200000000',
  memory64: '0503010400',
  table64: '040401700400',
  'custom-page-sizes': '050401080000',
  'function-references': '0109026000006001640000030201010a040102000b',
  gc: '0103015f00',
  'wide-arithmetic': '0106016000027e7e030201000a0a01080042004200fc160b',
};
export const PROBED = Object.keys(PROBES);
const BEGINNING = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/**
 * @param {readonly string[]} used names of features.def
 * @returns {string[]} those that no module may use here
 */
export function unknownToEngine(used) {
  // Their tags are those of the later exceptions, which an engine may lack.
  const needed = used.includes('legacy-exceptions') ? used.filter((name) => name !== 'exceptions') : used;
  return needed.filter((name) => Object.hasOwn(PROBES, name) && !WebAssembly.validate(probeOf(name)));
}

/** The module that stands for a feature. @param {string} name of PROBED */
export function probeOf(name) {
  const pairs = PROBES[name].match(/../g) ?? [];
  return Uint8Array.from([...BEGINNING, ...pairs.map((pair) => parseInt(pair, 16))]);
}
