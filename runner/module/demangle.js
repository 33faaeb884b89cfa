/**
 * Names of Rust functions as their author wrote them. Compilers write them into the name section mangled: `_RNvCs1_3foo3bar` in the
 * present scheme (RFC 2603), `_ZN3foo3bar17h0123456789abcdefE` in the one before. What is not of these forms stays as it is.
 */

/** Longer names are left alone, and so are those that would be longer when written out: references back can repeat themselves. */
const MOST = 4000;
const DEEPEST = 100;

/** @type {Readonly<Record<string, string>>} */
const BASIC = {
  ...{
    a: 'i8',
    b: 'bool',
    c: 'char',
    d: 'f64',
    e: 'str',
    f: 'f32',
    h: 'u8',
    i: 'isize',
    j: 'usize',
    l: 'i32',
    m: 'u32',
  },
  ...{ n: 'i128', o: 'u128', p: '_', s: 'i16', t: 'u16', u: '()', v: '...', x: 'i64', y: 'u64', z: '!' },
};

/** The characters that the former scheme spells out. @type {Readonly<Record<string, string>>} */
const ESCAPES = { SP: '@', BP: '*', RF: '&', LT: '<', GT: '>', LP: '(', RP: ')', C: ',' };

/** A name that does not follow the scheme. */
class Malformed extends Error {}

/** @param {string} name @returns {string} */
export function demangled(name) {
  if (name.length > MOST) return name;
  if (/^_ZN.*17h[\da-f]{16}E/.test(name)) return formerScheme(name) ?? name;
  if (!/^_R[A-Z]/.test(name)) return name;
  try {
    return new Reader(name.slice(2)).path(true);
  } catch (thrown) {
    if (thrown instanceof Malformed) return name;
    throw thrown;
  }
}

/** @param {string} name @returns {string | null} */
function formerScheme(name) {
  const parts = [];
  let at = '_ZN'.length;
  while (name[at] !== 'E') {
    const [digits] = /^\d+/.exec(name.slice(at, at + 5)) ?? [''];
    const end = at + digits.length + Number(digits);
    if (digits === '' || end >= name.length) return null;
    parts.push(name.slice(at + digits.length, end));
    at = end;
  }
  // The last part is a hash.
  return parts.slice(0, -1).map(withoutEscapes).join('::');
}

/** @param {string} part */
function withoutEscapes(part) {
  return part
    .replace(/^_(?=\$)/, '')
    .replace(/\$(?:u([\da-f]{1,6})|(\w{1,2}))\$/g, (whole, code, letters) =>
      code && parseInt(code, 16) <= 0x10ffff ? String.fromCodePoint(parseInt(code, 16)) : (ESCAPES[letters] ?? whole),
    )
    .replace(/\.\./g, '::');
}

/** Reads the present scheme from left to right; each method reads one kind of thing and gives its text. */
class Reader {
  #text;
  #at = 0;
  #depth = 0;
  #written = 0;

  /** @param {string} text behind `_R`: references back count from there */
  constructor(text) {
    this.#text = text;
  }

  /** @param {boolean} isValue whether it stands among values, where generic arguments have `::` before them @returns {string} */
  path(isValue) {
    return this.#nested(() => {
      const tag = this.#next();
      if (tag === 'C') return this.#identifier().name;
      if (tag === 'N') return this.#member(isValue);
      if (tag === 'M') return this.#implementation(() => `<${this.#type()}>`);
      if (tag === 'X') return this.#implementation(() => this.#asTrait());
      if (tag === 'Y') return this.#asTrait();
      if (tag === 'I')
        return `${this.path(isValue)}${isValue ? '::' : ''}<${this.#until(() => this.#argument()).join(', ')}>`;
      if (tag === 'B') return this.#back(() => this.path(isValue));
      throw new Malformed();
    });
  }

  /** @param {boolean} isValue */
  #member(isValue) {
    const space = this.#next();
    const parent = this.path(isValue);
    const { name, number } = this.#identifier();
    if (/[a-z]/.test(space)) return name === '' ? parent : `${parent}::${name}`;
    const what = space === 'C' ? 'closure' : space === 'S' ? 'shim' : space;
    return `${parent}::{${what}${name === '' ? '' : `:${name}`}#${number}}`;
  }

  /** What comes before says where an `impl` stands, which is not shown. @param {() => string} read */
  #implementation(read) {
    this.#disambiguator();
    this.path(true);
    return read();
  }

  #asTrait() {
    const type = this.#type();
    return `<${type} as ${this.path(false)}>`;
  }

  #argument() {
    if (this.#takes('L')) return this.#lifetime();
    return this.#takes('K') ? this.#constant() : this.#type();
  }

  /** @returns {string} */
  #type() {
    return this.#nested(() => {
      const tag = this.#next();
      if (Object.hasOwn(BASIC, tag)) return BASIC[tag];
      if (tag === 'A') return `[${this.#type()}; ${this.#constant()}]`;
      if (tag === 'S') return `[${this.#type()}]`;
      if (tag === 'T') return tuple(this.#until(() => this.#type()));
      if (tag === 'R' || tag === 'Q') {
        if (this.#takes('L')) this.#lifetime();
        return `&${tag === 'Q' ? 'mut ' : ''}${this.#type()}`;
      }
      if (tag === 'P') return `*const ${this.#type()}`;
      if (tag === 'O') return `*mut ${this.#type()}`;
      if (tag === 'F') return this.#function();
      if (tag === 'D') return this.#dynamic();
      if (tag === 'B') return this.#back(() => this.#type());
      this.#at--;
      return this.path(false);
    });
  }

  #function() {
    if (this.#takes('G')) this.#number();
    const unsafe = this.#takes('U') ? 'unsafe ' : '';
    const abi = this.#takes('K')
      ? `extern "${this.#takes('C') ? 'C' : this.#identifier().name.replace(/_/g, '-')}" `
      : '';
    const parameters = this.#until(() => this.#type()).join(', ');
    const result = this.#type();
    return `${unsafe}${abi}fn(${parameters})${result === '()' ? '' : ` -> ${result}`}`;
  }

  #dynamic() {
    if (this.#takes('G')) this.#number();
    const bounds = this.#until(() => {
      const bound = this.path(false);
      const types = [];
      while (this.#takes('p')) types.push(`${this.#identifier().name} = ${this.#type()}`);
      if (types.length === 0) return bound;
      return bound.endsWith('>') ? `${bound.slice(0, -1)}, ${types.join(', ')}>` : `${bound}<${types.join(', ')}>`;
    });
    if (this.#takes('L')) this.#lifetime();
    return `dyn ${bounds.join(' + ')}`;
  }

  /** @returns {string} */
  #constant() {
    return this.#nested(() => {
      if (this.#takes('p')) return '_';
      if (this.#takes('B')) return this.#back(() => this.#constant());
      const type = this.#type();
      const [digits] = /^n?[\da-f]*_/.exec(this.#text.slice(this.#at, this.#at + 40)) ?? [''];
      if (digits === '') throw new Malformed();
      this.#at += digits.length;
      const value = BigInt(`0x${digits.replace(/[n_]/g, '') || '0'}`);
      if (type === 'bool') return value === 0n ? 'false' : 'true';
      if (type === 'char' && value <= 0x10ffffn) return `'${String.fromCodePoint(Number(value))}'`;
      return `${digits.startsWith('n') ? '-' : ''}${value}`;
    });
  }

  #lifetime() {
    this.#number();
    return "'_";
  }

  /** @returns {{ name: string, number: number }} `number` tells those of one name apart */
  #identifier() {
    const number = this.#disambiguator();
    // Letters beyond ASCII are in Punycode: they stay so.
    this.#takes('u');
    const [digits] = /^(?:0|[1-9]\d{0,3})/.exec(this.#text.slice(this.#at, this.#at + 4)) ?? [''];
    if (digits === '') throw new Malformed();
    this.#at += digits.length;
    this.#takes('_');
    const end = this.#at + Number(digits);
    if (end > this.#text.length) throw new Malformed();
    const name = this.#text.slice(this.#at, end);
    this.#at = end;
    return { name, number };
  }

  #disambiguator() {
    return this.#takes('s') ? this.#number() + 1 : 0;
  }

  /** A number to the base of 62. */
  #number() {
    let number = 0;
    for (let isFirst = true; ; isFirst = false) {
      const digit = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_'.indexOf(this.#next());
      if (digit < 0) throw new Malformed();
      if (digit === 62) return isFirst ? 0 : number + 1;
      number = number * 62 + digit;
    }
  }

  /** What stands at an earlier place once more. @param {() => string} read */
  #back(read) {
    const here = this.#at - 1;
    const place = this.#number();
    if (place >= here) throw new Malformed();
    const after = this.#at;
    this.#at = place;
    const text = read();
    this.#at = after;
    return text;
  }

  /** @param {() => string} read */
  #until(read) {
    const all = [];
    while (!this.#takes('E')) all.push(read());
    return all;
  }

  /** @param {() => string} read */
  #nested(read) {
    if (++this.#depth > DEEPEST) throw new Malformed();
    const text = read();
    this.#depth--;
    this.#written += text.length;
    if (this.#written > DEEPEST * MOST || text.length > MOST) throw new Malformed();
    return text;
  }

  #next() {
    if (this.#at >= this.#text.length) throw new Malformed();
    return this.#text[this.#at++];
  }

  /** @param {string} tag */
  #takes(tag) {
    if (this.#text[this.#at] !== tag) return false;
    this.#at++;
    return true;
  }
}

/** @param {string[]} types */
function tuple(types) {
  return types.length === 1 ? `(${types[0]},)` : `(${types.join(', ')})`;
}
