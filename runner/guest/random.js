/**
 * Randomness for a guest: the system's, or that of a seed, which gives the same numbers on every machine
 * (xoshiro128** by Blackman and Vigna, seeded through their splitmix advice by a hash of the text).
 */

/** @import { GuestRandom } from './types.js' */

const POOL_WORDS = 1024;

/** @param {string | null} seed null = the system's randomness @returns {GuestRandom} */
export function createRandom(seed) {
  const next = seed === null ? systemWords() : seededWords(seed);
  const uint64 = () => (BigInt(next()) << 32n) | BigInt(next());
  return {
    fill(into) {
      for (let at = 0; at < into.length; at += 4) {
        let word = next();
        for (let i = at; i < at + 4 && i < into.length; i++, word >>>= 8) into[i] = word;
      }
    },
    uint64,
    float: () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53,
    between: (min, max) => between(uint64, min, max),
  };
}

/** Draws again where the range does not divide 2^64. @param {() => bigint} uint64 @param {bigint} min @param {bigint} max */
function between(uint64, min, max) {
  if (max <= min) return min;
  const span = max - min + 1n;
  const whole = ((1n << 64n) / span) * span;
  for (;;) {
    const drawn = uint64();
    if (drawn < whole) return min + (drawn % span);
  }
}

function systemWords() {
  const pool = new Uint32Array(POOL_WORDS);
  let at = POOL_WORDS;
  return () => {
    if (at === POOL_WORDS) {
      crypto.getRandomValues(pool);
      at = 0;
    }
    return pool[at++];
  };
}

/** @param {string} seed */
function seededWords(seed) {
  let hash = 0x9e3779b9;
  for (const character of seed) hash = mix((hash ^ /** @type {number} */ (character.codePointAt(0))) + 0x9e3779b9);
  const state = Uint32Array.from([1, 2, 3, 4], (salt) => (hash = mix(hash + salt * 0x9e3779b9)));
  if (state.every((word) => word === 0)) state[0] = 1;
  return () => {
    const result = Math.imul(rotate(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 11);
    return result;
  };
}

/** @param {number} word @param {number} by */
function rotate(word, by) {
  return (word << by) | (word >>> (32 - by));
}

/** The finaliser of MurmurHash3. @param {number} word */
function mix(word) {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
