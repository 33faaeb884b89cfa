/**
 * What a file is, by its bytes and never by its name, with a sentence on why and one on what to do.
 * Binary formats come from the table of signatures, text from detect-text.js. Looks at 64 KiB at most,
 * so its time does not grow with the file.
 */
import { BUILD_OTHERWISE, detectText } from './detect-text.js';

/**
 * certain: a signature that nothing else has. likely: signs that agree. guess: nothing better fits.
 * @typedef {'certain' | 'likely' | 'guess'} Confidence
 */
/**
 * @typedef {object} Detected
 * @property {string} kind short and stable, for programs
 * @property {string} name for people, with its article
 * @property {Confidence} confidence
 * @property {string} why sentence
 * @property {string} advice sentence; empty where there is nothing to do but run it
 * @property {boolean} canRun
 */

const SAMPLE_BYTES = 64 * 1024;
const KNOWN_VERSIONS = 'versions 1, 2 and 3';

const UNPACK = 'Unpack it and choose the .jsrbin or .wasm file inside.';
const NOT_A_PROGRAM = 'It holds no program: choose a JSRS file or a WebAssembly module.';
const NATIVE = `It runs on an operating system, not here. ${BUILD_OTHERWISE}`;

/**
 * Signatures that one look at fixed places decides. More than one may share first bytes: the first row that fits wins.
 * @type {{ kind: string, name: string, at?: number, bytes: number[], advice: string }[]}
 */
const SIGNATURES = [
  { kind: 'elf', name: 'an ELF file', bytes: [0x7f, 0x45, 0x4c, 0x46], advice: NATIVE },
  { kind: 'mach-o', name: 'a 32-bit Mach-O file', bytes: [0xce, 0xfa, 0xed, 0xfe], advice: NATIVE },
  { kind: 'mach-o', name: 'a 64-bit Mach-O file', bytes: [0xcf, 0xfa, 0xed, 0xfe], advice: NATIVE },
  { kind: 'mach-o', name: 'a big-endian Mach-O file', bytes: [0xfe, 0xed, 0xfa, 0xce], advice: NATIVE },
  { kind: 'mach-o', name: 'a big-endian Mach-O file', bytes: [0xfe, 0xed, 0xfa, 0xcf], advice: NATIVE },
  { kind: 'llvm-bitcode', name: 'LLVM bitcode', bytes: [0x42, 0x43, 0xc0, 0xde], advice: BUILD_OTHERWISE },
  { kind: 'llvm-bitcode', name: 'wrapped LLVM bitcode', bytes: [0xde, 0xc0, 0x17, 0x0b], advice: BUILD_OTHERWISE },
  { kind: 'zip', name: 'a zip archive', bytes: [0x50, 0x4b, 0x03, 0x04], advice: UNPACK },
  { kind: 'zip', name: 'an empty zip archive', bytes: [0x50, 0x4b, 0x05, 0x06], advice: NOT_A_PROGRAM },
  { kind: 'gzip', name: 'gzip-compressed data', bytes: [0x1f, 0x8b], advice: UNPACK },
  { kind: 'xz', name: 'xz-compressed data', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], advice: UNPACK },
  { kind: 'zstd', name: 'zstd-compressed data', bytes: [0x28, 0xb5, 0x2f, 0xfd], advice: UNPACK },
  { kind: 'bzip2', name: 'bzip2-compressed data', bytes: [0x42, 0x5a, 0x68], advice: UNPACK },
  { kind: '7z', name: 'a 7z archive', bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], advice: UNPACK },
  { kind: 'tar', name: 'a tar archive', at: 257, bytes: [0x75, 0x73, 0x74, 0x61, 0x72], advice: UNPACK },
  {
    kind: 'ar',
    name: 'a library archive (.a or .rlib)',
    bytes: [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e, 0x0a],
    advice: BUILD_OTHERWISE,
  },
  {
    kind: 'png',
    name: 'a PNG picture',
    bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    advice: NOT_A_PROGRAM,
  },
  { kind: 'jpeg', name: 'a JPEG picture', bytes: [0xff, 0xd8, 0xff], advice: NOT_A_PROGRAM },
  { kind: 'gif', name: 'a GIF picture', bytes: [0x47, 0x49, 0x46, 0x38], advice: NOT_A_PROGRAM },
  { kind: 'pdf', name: 'a PDF document', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d], advice: NOT_A_PROGRAM },
];

/**
 * @param {Uint8Array} bytes
 * @returns {Detected}
 */
export function detect(bytes) {
  return (
    detectEmpty(bytes) ??
    detectJsrs(bytes) ??
    detectWasm(bytes) ??
    detectCafeBabe(bytes) ??
    detectSignature(bytes) ??
    detectDos(bytes) ??
    detectText(bytes.subarray(0, SAMPLE_BYTES), bytes.length) ??
    detected('unknown', 'a binary file of an unknown kind', 'guess', {
      why: `It starts with ${hex(bytes.subarray(0, 8))}, which is no kind known here, and it is not text.`,
      advice: 'Choose a JSRS file, which starts with 53 4A 53 52, or a WebAssembly module: 00 61 73 6D.',
    })
  );
}

/**
 * @param {string} kind
 * @param {string} name
 * @param {Confidence} confidence
 * @param {{ why: string, advice: string, canRun?: boolean }} rest
 * @returns {Detected}
 */
function detected(kind, name, confidence, { why, advice, canRun = false }) {
  return { kind, name, confidence, why, advice, canRun };
}

/** @param {Uint8Array} bytes */
function detectEmpty(bytes) {
  if (bytes.length > 0) return null;
  return detected('empty', 'an empty file', 'certain', {
    why: 'It has no bytes at all.',
    advice: 'Check that the file was written or copied to its end.',
  });
}

/** @param {Uint8Array} bytes */
function detectJsrs(bytes) {
  if (!hasAt(bytes, 0, [0x53, 0x4a, 0x53, 0x52])) return null;
  const magic = 'It starts with the JSRS magic 53 4A 53 52';
  if (bytes.length < 8) {
    return detected('jsrs', 'the start of a JSRS file', 'certain', {
      why: `${magic}, but ends before its version.`,
      advice: 'It was cut short: fetch or compile it again.',
    });
  }
  const version = viewOf(bytes).getUint32(4, true);
  const canRun = version >= 1 && version <= 3;
  return detected('jsrs', `a JSRS file, version ${version}`, 'certain', {
    why: `${magic} and version ${version}.`,
    advice: canRun ? '' : `Only ${KNOWN_VERSIONS} can be read: write one of these.`,
    canRun,
  });
}

/** @param {Uint8Array} bytes */
function detectWasm(bytes) {
  if (!hasAt(bytes, 0, [0x00, 0x61, 0x73, 0x6d])) return null;
  const why = `It starts with the WebAssembly magic ${hex(bytes.subarray(0, 8))}`;
  if (hasAt(bytes, 4, [0x01, 0x00, 0x00, 0x00])) {
    return detected('wasm-module', 'a WebAssembly module', 'certain', {
      why: `${why}, version 1.`,
      advice: '',
      canRun: true,
    });
  }
  if (hasAt(bytes, 6, [0x01, 0x00])) {
    return detected('wasm-component', 'a WebAssembly component', 'certain', {
      why: `${why}, layer 1 (components).`,
      advice: `Components cannot be run here. ${BUILD_OTHERWISE}`,
    });
  }
  return detected('wasm-other', 'a damaged or unknown WebAssembly file', 'likely', {
    why: `${why}, but no version known here.`,
    advice: 'It was damaged, or is of a version that is not known here: build it again.',
  });
}

/**
 * Java class files and universal Mach-O files share their magic. The next number is the class file's version, 45 or
 * above, or the universal file's count of architectures, which is small.
 * @param {Uint8Array} bytes
 */
function detectCafeBabe(bytes) {
  if (!hasAt(bytes, 0, [0xca, 0xfe, 0xba, 0xbe]) || bytes.length < 8) return null;
  const number = viewOf(bytes).getUint16(6, false);
  if (number >= 45) {
    return detected('java-class', 'a Java class file', 'certain', {
      why: `It starts with CA FE BA BE and class file version ${number}.`,
      advice: `It runs on a Java machine, not here. ${BUILD_OTHERWISE}`,
    });
  }
  return detected('mach-o', 'a universal Mach-O file', 'certain', {
    why: `It starts with CA FE BA BE and ${number} architectures.`,
    advice: NATIVE,
  });
}

/** @param {Uint8Array} bytes */
function detectSignature(bytes) {
  const row = SIGNATURES.find((each) => hasAt(bytes, each.at ?? 0, each.bytes));
  if (row === undefined) return null;
  const place = row.at === undefined ? 'It starts with' : `At offset ${row.at} it has`;
  return detected(row.kind, row.name, row.bytes.length > 2 ? 'certain' : 'likely', {
    why: `${place} ${hex(Uint8Array.from(row.bytes))}, the signature of ${row.name}.`,
    advice: row.advice,
  });
}

/**
 * `MZ` alone could begin a text, so the PE header that it points to, or the lack of text, must confirm it.
 * @param {Uint8Array} bytes
 */
function detectDos(bytes) {
  if (!hasAt(bytes, 0, [0x4d, 0x5a]) || bytes.length < 64) return null;
  const header = viewOf(bytes).getUint32(0x3c, true);
  if (hasAt(bytes, header, [0x50, 0x45, 0x00, 0x00])) {
    return detected('pe', 'a Windows program (PE)', 'certain', {
      why: `It starts with 4D 5A and has a PE header at offset ${header}.`,
      advice: NATIVE,
    });
  }
  if (!bytes.subarray(0, 64).includes(0)) return null;
  return detected('dos', 'a DOS program', 'likely', {
    why: 'It starts with 4D 5A and has no PE header.',
    advice: NATIVE,
  });
}

/** @param {Uint8Array} bytes @param {number} at @param {number[]} expected */
function hasAt(bytes, at, expected) {
  return bytes.length >= at + expected.length && expected.every((byte, i) => bytes[at + i] === byte);
}

/** @param {Uint8Array} bytes */
function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}
