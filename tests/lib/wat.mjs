// Small modules written in a test as text.
import { createRequire } from 'node:module';

const wabt = await createRequire(import.meta.url)('wabt')();

/** @param {string} text @returns {Buffer} */
export function wasmOf(text) {
  return Buffer.from(wabt.parseWat('test.wat', text).toBinary({}).buffer);
}
