// Colours for IR text: one line in, pieces with a kind out. Serves the file's own listing, the lowered IR and the bytecode
// alike, because all three write `v12` for values, `block3` for blocks and the operation's name first.

/** @typedef {'plain' | 'keyword' | 'operation' | 'value' | 'type' | 'block' | 'number' | 'string' | 'comment' | 'function' | 'name'} TokenKind */
/** @typedef {{ text: string, kind: TokenKind }} Token */

const PIECE =
  /(?<string>"(?:[^"\\]|\\.)*"?)|(?<comment>;.*$|\/\/.*$)|(?<value>\b[vr]\d+\b)|(?<block>\bblock\d+\b)|(?<number>(?<![\w.])-?(?:0x[\da-fA-F]+|\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?|inf|NaN)\b)|(?<name>@?[A-Za-z_$<][\w$<>{}#.]*(?:::[\w$<>{}#.]+)*)/g;
const TYPE = /^(?:[iu](?:8|16|32|64|128|size)|f32|f64|bool|ptr|unit|void|struct|enum)$/;
const KEYWORD = /^(?:fn|func|function|entry|global|data|site|source|true|false|null|else|default|as|to)$/;
/** Longer lines are drawn without colours: a sconst of a megabyte is one token to nobody. */
const LONGEST = 2000;

/**
 * @param {string} line
 * @param {(name: string) => boolean} isFunction
 * @returns {Token[]}
 */
export function tokens(line, isFunction) {
  if (line.length > LONGEST) return [{ text: line, kind: 'plain' }];
  /** @type {Token[]} */
  const out = [];
  let end = 0;
  // The first bare word of a line, or the first after `=`, is the operation.
  let operationDue = true;
  let isDefined = false;
  for (const match of line.matchAll(PIECE)) {
    const at = match.index;
    if (at > end) {
      const text = line.slice(end, at);
      if (text.includes('=')) operationDue = isDefined = true;
      out.push({ text, kind: 'plain' });
    }
    const text = match[0];
    end = at + text.length;
    const groups = /** @type {Record<string, string | undefined>} */ (match.groups);
    let kind = /** @type {TokenKind} */ (Object.keys(groups).find((name) => groups[name] !== undefined));
    if (kind === 'name') {
      const bare = text.startsWith('@') ? text.slice(1) : text;
      if (KEYWORD.test(text) && !(operationDue && isDefined)) kind = 'keyword';
      else if (TYPE.test(text)) kind = 'type';
      else if (isFunction(bare) && (!operationDue || line[end] === '(')) kind = 'function';
      else if (operationDue) kind = 'operation';
      operationDue = false;
    } else if (kind === 'value' && !/^\s*[vr]\d+\s*=/.test(line)) {
      operationDue = false;
    }
    out.push({ text, kind });
  }
  if (end < line.length) out.push({ text: line.slice(end), kind: 'plain' });
  return out;
}
