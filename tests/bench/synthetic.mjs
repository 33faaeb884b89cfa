// Writes large JSRS v3 files for measuring (spec jsrs.md, sections 1 to 5): many functions shaped as the front end
// writes them, every variable in an alloca, loops of several blocks, calls. `main` calls one of them many times.

const I32 = [0, 2];
const BOOL = [2];
const PTR = [3];
const UNIT = [4];

/** Bytes at the end of a growing buffer. */
class Writer {
  #bytes = Buffer.alloc(1 << 20);
  length = 0;

  #room(/** @type {number} */ count) {
    if (this.length + count <= this.#bytes.length) return;
    const grown = Buffer.alloc(this.#bytes.length * 2);
    this.#bytes.copy(grown);
    this.#bytes = grown;
  }
  u8(/** @type {number[]} */ ...values) {
    this.#room(values.length);
    for (const value of values) this.#bytes[this.length++] = value;
  }
  u32(/** @type {number[]} */ ...values) {
    this.#room(values.length * 4);
    for (const value of values) this.length = this.#bytes.writeUInt32LE(value, this.length);
  }
  i64(/** @type {number} */ value) {
    this.#room(8);
    this.length = this.#bytes.writeBigInt64LE(BigInt(value), this.length);
  }
  text(/** @type {string} */ value) {
    const bytes = Buffer.from(value);
    this.u32(bytes.length);
    this.#room(bytes.length);
    this.length += bytes.copy(this.#bytes, this.length);
  }
  append(/** @type {Writer} */ other) {
    this.#room(other.length);
    while (this.length + other.length > this.#bytes.length) this.#room(other.length);
    this.length += other.bytes().copy(this.#bytes, this.length);
  }
  bytes() {
    return this.#bytes.subarray(0, this.length);
  }
}

/** The number that a call names its target by (section 11.1). */
function functionNumber(/** @type {string} */ name) {
  let hash = 0;
  for (const byte of Buffer.from(name)) hash = (Math.imul(hash, 31) + byte) | 0;
  return Math.abs(hash) % 1_000_000;
}

/** Names whose numbers differ, from each other and from main's and the builtins'. */
function* distinctNames() {
  const taken = new Set([343801, 336053, 531891, 564627, 862609, 632151, 839352, 81923, 827472, 22882, 988124]);
  for (let i = 0; ; i++) {
    const name = `work_${i}`;
    const number = functionNumber(name);
    if (taken.has(number)) continue;
    taken.add(number);
    yield { name, number };
  }
}

/** Writes one function's body: `next` hands out value ids, which count over the whole file. */
class Body {
  #out;
  #next;
  #blocks = 0;
  #countAt = 0;
  #instructions = 0;
  #patches;

  constructor(
    /** @type {Writer} */ out,
    /** @type {{ next: number }} */ ids,
    /** @type {[number, number][]} */ patches,
  ) {
    this.#out = out;
    this.#next = ids;
    this.#patches = patches;
  }
  block(/** @type {number} */ id) {
    this.#endBlock();
    this.#blocks++;
    this.#out.u32(id, 0);
    this.#countAt = this.#out.length;
    this.#out.u32(0);
    this.#instructions = 0;
  }
  #endBlock() {
    if (this.#blocks > 0) this.#patches.push([this.#countAt, this.#instructions]);
  }
  #op(/** @type {number} */ opcode, /** @type {number[]} */ type) {
    const id = this.#next.next++;
    this.#out.u8(opcode);
    this.#out.u32(id);
    this.#out.u8(...type);
    this.#instructions++;
    return id;
  }
  constant(/** @type {number} */ value) {
    const id = this.#op(0, I32);
    this.#out.i64(value);
    return id;
  }
  variable() {
    const id = this.#op(22, PTR);
    this.#out.u32(id);
    this.#out.u8(...I32);
    return id;
  }
  load(/** @type {number} */ place) {
    const id = this.#op(23, I32);
    this.#out.u32(place);
    return id;
  }
  store(/** @type {number} */ place, /** @type {number} */ value) {
    this.#out.u8(24, ...UNIT);
    this.#out.u32(place, value);
    this.#out.u8(...I32);
    this.#instructions++;
  }
  arithmetic(/** @type {number} */ opcode, /** @type {number} */ a, /** @type {number} */ b) {
    const id = this.#op(opcode, I32);
    this.#out.u32(a, b);
    return id;
  }
  less(/** @type {number} */ a, /** @type {number} */ b) {
    const id = this.#op(20, BOOL);
    this.#out.u32(a, b);
    this.#out.u8(2);
    return id;
  }
  call(/** @type {number} */ number, /** @type {number[]} */ ...args) {
    const id = this.#op(36, I32);
    this.#out.u32(number, args.length, ...args);
    return id;
  }
  ret(/** @type {number} */ value) {
    this.#out.u8(0, 1);
    this.#out.u32(value);
    this.#endBlock();
    return this.#blocks;
  }
  br(/** @type {number} */ target) {
    this.#out.u8(1);
    this.#out.u32(target, 0);
  }
  brIf(/** @type {number} */ condition, /** @type {number} */ yes, /** @type {number} */ no) {
    this.#out.u8(2);
    this.#out.u32(condition, yes, 0, no, 0);
  }
}

/** Steps of arithmetic on a variable, as statements of a front end: load, constant, operation, store. */
function statements(/** @type {Body} */ body, /** @type {number} */ place, /** @type {number} */ count) {
  for (let i = 0; i < count; i++) {
    body.store(place, body.arithmetic([4, 5, 6, 17][i % 4], body.load(place), body.constant(i * 7 + 1)));
  }
}

/**
 * A file of about `size` bytes. `blocks`: basic blocks of each function, about 400 bytes each.
 * `calls`: how often main calls the first function, which is small in every file. The entry `all` reaches all functions.
 * @param {{ size: number, blocks: number, calls?: number }} shape
 */
export function syntheticFile({ size, blocks, calls = 100_000 }) {
  const functions = new Writer();
  const ids = { next: 1 };
  /** @type {[number, number][]} Where a count is filled in when it is known. */
  const patches = [];
  /** @type {string[]} */
  const names = [];
  const source = distinctNames();

  const add = (
    /** @type {string} */ name,
    /** @type {boolean} */ hasParameter,
    /** @type {(body: Body, parameter: number) => number} */ write,
  ) => {
    names.push(name);
    functions.u32(names.length, hasParameter ? 1 : 0); // string 0 is the module's name
    const parameter = ids.next++;
    if (hasParameter) {
      functions.u8(...I32);
      functions.u32(parameter);
    }
    functions.u8(...I32);
    functions.u32(0);
    const countAt = functions.length;
    functions.u32(0);
    patches.push([countAt, write(new Body(functions, ids, patches), parameter)]);
  };

  const first = source.next().value ?? { name: '', number: 0 };
  add('main', false, (body) => {
    body.block(0);
    const [i, sum] = [body.variable(), body.variable()];
    body.store(i, body.constant(0));
    body.store(sum, body.constant(0));
    body.br(1);
    body.block(1);
    body.brIf(body.less(body.load(i), body.constant(calls)), 2, 3);
    body.block(2);
    body.store(sum, body.arithmetic(4, body.load(sum), body.call(first.number, body.load(i))));
    body.store(i, body.arithmetic(4, body.load(i), body.constant(1)));
    body.br(1);
    body.block(3);
    return body.ret(body.load(sum));
  });
  add(first.name, true, (body, parameter) => {
    body.block(0);
    const place = body.variable();
    body.store(place, parameter);
    statements(body, place, 3);
    return body.ret(body.load(place));
  });
  let previous = first;
  while (functions.length < size) {
    const here = source.next().value ?? first;
    add(here.name, true, (body, parameter) => {
      body.block(0);
      const place = body.variable();
      body.store(place, parameter);
      body.br(1);
      let block = 1;
      for (; block <= blocks && functions.length < size; block++) {
        body.block(block);
        statements(body, place, 4);
        body.store(place, body.call(previous.number, body.load(place)));
        body.brIf(body.less(body.load(place), body.constant(block)), block === 1 ? 1 : block - 1, block + 1);
      }
      body.block(block);
      return body.ret(body.load(place));
    });
    previous = here;
  }

  // `main` needs the first function alone; from here all are reached.
  add('all', false, (body) => {
    body.block(0);
    return body.ret(body.call(previous.number, body.constant(1)));
  });
  const body = functions.bytes();
  for (const [at, count] of patches) body.writeUInt32LE(count, at);
  return assemble(names, functions);
}

/** Header and sections around the functions. */
function assemble(/** @type {string[]} */ names, /** @type {Writer} */ functions) {
  const strings = new Writer();
  strings.u32(names.length + 1);
  for (const name of ['synthetic', ...names]) strings.text(name);
  const file = new Writer();
  const stringsAt = 32;
  const typesAt = stringsAt + strings.length;
  const literalsAt = typesAt + 8;
  const globalsAt = literalsAt + 4;
  file.u32(0x52534a53, 3, 0, stringsAt, typesAt, literalsAt, globalsAt, globalsAt + 4);
  file.append(strings);
  file.u32(0, 0, 0, 0, names.length);
  file.append(functions);
  return file.bytes();
}
