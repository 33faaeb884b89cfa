/**
 * Which kind of text a sample is: Rust, WebAssembly text, a program spelt in base64, JSON, HTML, a script, or other UTF-8.
 * Languages have no signature, so Rust is told by words that together occur in little else.
 */

/** @import { Confidence, Detected } from './detect.js' */

const WRITE_RUST = 'Compile it to a JSRS file with JSRust and choose that.';
export const BUILD_OTHERWISE = 'Build the program as a JSRS file or a WebAssembly module instead.';
const OR_PASTE = 'The page also takes it pasted, with nothing else beside it.';
const CHOOSE_A_PROGRAM = 'Choose a JSRS file or a WebAssembly module.';

/**
 * Signs of Rust. One that is marked enough decides alone; two others do together. Every repetition is bounded, or stays
 * within a line's indentation, so that no text makes the search quadratic.
 */
const RUST_SIGNS = [
  { sign: /\bfn {1,8}main {0,8}\( {0,8}\)/, what: '`fn main()`', enough: true },
  {
    sign: /\bfn {1,8}[a-z_]\w{0,60} {0,8}(<[^>]{0,100}>)? {0,8}\([^)]{0,300}\)\s{0,40}(->[^{;]{1,100})?(where[^{]{0,200})?\{/,
    what: 'functions (`fn`)',
    enough: true,
  },
  { sign: /\blet {1,8}(mut {1,8})?[a-z_]\w{0,60} {0,8}(:[^=;]{1,100})?=/, what: '`let`', enough: false },
  {
    sign: /\b(println|print|eprintln|format|vec|panic|assert|assert_eq|matches|write)!\s{0,8}[([{]/,
    what: 'macro calls',
    enough: true,
  },
  { sign: /(^|\n)[ \t]*(pub {1,8})?use {1,8}(\w{1,60}::){1,20}[\w{*]/, what: '`use` paths', enough: true },
  { sign: /(^|\n)[ \t]*impl {0,8}(<[^>]{0,100}>)? {1,8}[A-Z]\w/, what: '`impl` blocks', enough: true },
  { sign: /(^|\n)[ \t]*#!?\[\w/, what: 'attributes', enough: false },
  { sign: /(^|\n)[ \t]*(pub {1,8})?(struct|enum|trait|mod) {1,8}\w/, what: 'type definitions', enough: false },
  { sign: /&mut |&'\w|\bmatch [^{]{1,100}\{[^}]{0,300}=>/, what: 'references or `match`', enough: false },
];

/**
 * Kinds that their first characters tell, after a byte order mark and white space.
 * @type {{ kind: string, name: string, start: RegExp, confidence: Confidence, sign: string, advice: string }[]}
 */
const BEGINNINGS = [
  {
    kind: 'wat',
    name: 'WebAssembly text',
    start: /^(;;[^\n]*\n\s*|\(;[^;]*;\)\s*)*\((module|component)\b/,
    confidence: 'certain',
    sign: 'a `(module` or `(component` form',
    advice: 'Turn it into a module first, as `wat2wasm` or `wasm-tools parse` does, and choose that.',
  },
  {
    kind: 'html',
    name: 'an HTML page',
    start: /^<(!doctype\s+html|html|head|body)\b/i,
    confidence: 'certain',
    sign: 'an HTML tag',
    advice: 'A server may have sent an error page instead of the file: fetch it again.',
  },
  {
    kind: 'xml',
    name: 'an XML document',
    start: /^<\?xml\b/,
    confidence: 'certain',
    sign: 'an XML declaration',
    advice: CHOOSE_A_PROGRAM,
  },
  {
    kind: 'script',
    name: 'a script',
    start: /^#!\s*\//,
    confidence: 'certain',
    sign: 'a `#!/` line',
    advice: `Scripts run in a shell, not here. ${CHOOSE_A_PROGRAM}`,
  },
  {
    kind: 'llvm-ir',
    name: 'LLVM IR as text',
    start: /^(; ModuleID\b|source_filename\s*=|target (triple|datalayout)\s*=)/,
    confidence: 'certain',
    sign: 'the lines that LLVM writes',
    advice: BUILD_OTHERWISE,
  },
  {
    kind: 'git-lfs',
    name: 'a Git LFS pointer',
    start: /^version https:\/\/git-lfs\.github\.com\/spec\//,
    confidence: 'certain',
    sign: 'the version line of Git LFS',
    advice: 'It stands for the file itself: fetch that with `git lfs pull` and choose it.',
  },
  {
    kind: 'aver',
    name: 'Aver source text',
    start:
      /^(\/\/[^\n]*\n\s*)*(module [A-Z]\w{0,60}[ \t]*\n\s+(intent|depends|exposes|effects)\b|fn [a-z]\w{0,60}\([^)\n]{0,200}\) -> [^\n{]{1,100}\n\s+(\? "|! \[))/,
    confidence: 'likely',
    sign: "a module's heading, or a function with its effects, as Aver has them",
    advice: 'Compile it first, as `aver compile --target wasm` does, and choose the module.',
  },
  {
    kind: 'base64',
    name: 'a program in base64',
    start: /^(data:[^,\s]{0,100},\s*)?(U0pTUg|AGFzbQ)/,
    confidence: 'likely',
    sign: 'the magic of JSRS or WebAssembly in base64',
    advice: `Decode it first, as \`base64 -d\` does. ${OR_PASTE}`,
  },
  {
    kind: 'hex',
    name: 'a program in hex digits',
    start: /^(53[\s,]{0,2}4a[\s,]{0,2}53[\s,]{0,2}52|00[\s,]{0,2}61[\s,]{0,2}73[\s,]{0,2}6d)/i,
    confidence: 'likely',
    sign: 'the magic of JSRS or WebAssembly in hex digits',
    advice: `Turn it into bytes first, as \`xxd -r -p\` does. ${OR_PASTE}`,
  },
];

/**
 * @param {Uint8Array} sample the start of the file
 * @param {number} size of the whole file
 * @returns {Detected | null} null when it is not text
 */
export function detectText(sample, size) {
  if (isUtf16(sample)) {
    return row('utf-16', 'text in UTF-16', 'likely', 'It starts with a UTF-16 byte order mark.', 'Save it as UTF-8.');
  }
  const whole = sample.length === size;
  const text = decode(sample, whole);
  if (text === null) return null;
  const start = text.trimStart();
  if (start === '') {
    return row('text', 'text without content', 'certain', 'It has nothing but white space.', CHOOSE_A_PROGRAM);
  }
  for (const each of BEGINNINGS) {
    if (!each.start.test(start)) continue;
    return row(each.kind, each.name, each.confidence, `It is text that starts with ${each.sign}.`, each.advice);
  }
  return detectJson(start, whole) ?? detectRust(text) ?? otherText(whole);
}

/** @param {string} text @param {boolean} whole */
function detectJson(text, whole) {
  if (!/^[{[]/.test(text)) return null;
  if (whole) {
    try {
      JSON.parse(text);
    } catch {
      return null;
    }
    return row('json', 'a JSON document', 'certain', 'All of it parses as JSON.', CHOOSE_A_PROGRAM);
  }
  if (!/^(\[|\{\s*("(?:[^"\\\n]|\\.)*"\s*:|$))/.test(text)) return null;
  return row('json', 'a JSON document', 'likely', 'It is text that starts as JSON does.', CHOOSE_A_PROGRAM);
}

/** @param {string} text */
function detectRust(text) {
  const found = RUST_SIGNS.filter(({ sign }) => sign.test(text));
  if (!found.some((each) => each.enough) && found.length < 2) return null;
  const confidence = found.length >= 2 ? 'likely' : 'guess';
  const signs = found.slice(0, 3).map((each) => each.what);
  return row('rust', 'Rust source text', confidence, `It is text with ${listOf(signs)}, as Rust has.`, WRITE_RUST);
}

/** @param {boolean} whole */
function otherText(whole) {
  const why = whole
    ? 'All of it is UTF-8 text, of no kind known here.'
    : 'Its first 64 KiB are UTF-8 text, of no kind known here.';
  return row('text', 'plain text', 'likely', why, CHOOSE_A_PROGRAM);
}

/** @param {Uint8Array} sample */
function isUtf16(sample) {
  return (
    sample.length >= 2 && ((sample[0] === 0xff && sample[1] === 0xfe) || (sample[0] === 0xfe && sample[1] === 0xff))
  );
}

/**
 * The sample as text, or null: malformed UTF-8 or control characters that no text has. A character cut by the end of
 * the sample is forgiven, and left out, only where the file goes on.
 * @param {Uint8Array} sample
 * @param {boolean} whole
 */
function decode(sample, whole) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: !whole });
    return /[\0-\x06\x0e-\x1a\x1c-\x1f\x7f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** @param {string[]} items */
function listOf(items) {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

/**
 * @param {string} kind
 * @param {string} name
 * @param {Confidence} confidence
 * @param {string} why
 * @param {string} advice
 * @returns {Detected}
 */
function row(kind, name, confidence, why, advice) {
  return { kind, name, confidence, why, advice, canRun: false };
}
