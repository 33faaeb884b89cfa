// Lines of a disassembled function: their colours, and where a call in one leads. The function called is read from the file's
// own bytes at the line's offset: names in the text may occur twice.

/** @typedef {'plain' | 'keyword' | 'operation' | 'type' | 'block' | 'number' | 'string' | 'comment' | 'value' | 'call'} Kind */
/** @typedef {{ text: string, kind: Kind }} Token */

const PIECE =
  /(?<comment>\(;.*?;\)|;;.*$)|(?<string>"(?:[^"\\]|\\.)*"?)|(?<id>\$(?:"(?:[^"\\]|\\.)*"|[^\s()";]+))|(?<number>(?<![\w.])[+-]?(?:0x[\da-fA-F_.p+-]+|\d[\d_]*(?:\.\d*)?(?:e[+-]?\d+)?|inf|nan(?::0x[\da-f]+)?)(?![\w.]))|(?<word>[a-z][\w.]*=?)/g;
const TYPE =
  /^(?:i32|i64|f32|f64|v128|i8|i16|funcref|externref|anyref|eqref|i31ref|structref|arrayref|exnref|nullref|ref|null|mut)$/;
const KEYWORD = /^(?:func|type|param|result|local|import|export|memory|table|elem|data)$/;
const BLOCK = /^(?:block|loop|if|else|end|try|catch|catch_all|delegate|try_table|then|do)$/;
const CALLS = /^\s*(?:call|return_call|ref\.func)\s/;
/** What stands after these is another function: `call`, `return_call`, `ref.func`. */
const OPCODES = [0x10, 0x12, 0xd2];
/** Longer lines are drawn without colours: a br_table of thousands of labels is one thing to nobody. */
const LONGEST = 2000;

/** @param {string} line @returns {Token[]} */
export function watTokens(line) {
  if (line.length > LONGEST) return [{ text: `${line.slice(0, LONGEST)} …`, kind: 'plain' }];
  const isHeader = line.trimStart().startsWith('(');
  const calls = CALLS.test(line);
  /** @type {Token[]} */
  const tokens = [];
  let end = 0;
  let isFirst = true;
  for (const match of line.matchAll(PIECE)) {
    if (match.index > end) tokens.push({ text: line.slice(end, match.index), kind: 'plain' });
    const text = match[0];
    end = match.index + text.length;
    tokens.push({ text, kind: kindOf(/** @type {Record<string, string>} */ (match.groups), isFirst, isHeader, calls) });
    isFirst = false;
  }
  if (end < line.length) tokens.push({ text: line.slice(end), kind: 'plain' });
  return tokens;
}

/** @param {Record<string, string>} groups @param {boolean} isFirst @param {boolean} isHeader @param {boolean} calls @returns {Kind} */
function kindOf({ comment, string, id, number, word }, isFirst, isHeader, calls) {
  if (comment) return 'comment';
  if (string) return 'string';
  if ((id || number) && calls) return 'call';
  if (id) return /^\$l\d+$/.test(id) ? 'block' : 'value';
  if (number) return 'number';
  if (TYPE.test(word)) return 'type';
  if (isHeader || word.endsWith('=')) return KEYWORD.test(word) || word.endsWith('=') ? 'keyword' : 'operation';
  if (isFirst) return BLOCK.test(word) ? 'block' : 'operation';
  return KEYWORD.test(word) ? 'keyword' : 'plain';
}

/**
 * The function that the instruction at an offset names, or -1.
 * @param {Uint8Array} bytes of the file
 * @param {number} offset
 */
export function calledFunction(bytes, offset) {
  if (!OPCODES.includes(bytes[offset])) return -1;
  let index = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[offset + 1 + i];
    if (byte === undefined) return -1;
    index += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return index;
  }
  return -1;
}
