/** The texts of a loaded JSRS file: as it is written, and the internal IR on its way to bytecode. */
import { TEXT } from './backend/abi.js';
import { TEXT_BYTES, noLimits } from './limits.js';
import { CODE, hostReport } from './result.js';

/** @import { Backend } from './backend/backend.js' */
/** @import { Report } from './result.js' */

/** @typedef {'ir' | 'optimised' | 'bytecode'} IrTextName */

/** @type {Readonly<Record<IrTextName | 'listing', number>>} */
const TEXTS = { ir: TEXT.IR, optimised: TEXT.IR_OPTIMISED, bytecode: TEXT.BYTECODE, listing: TEXT.LISTING };

/**
 * One of the texts of a loaded file. Those of the internal IR depend on the entry, so a run is prepared for them.
 * @param {Backend} backend with a file loaded
 * @param {IrTextName | 'listing'} which
 * @param {string} entry
 * @param {number} [most] bytes; what is larger is refused
 * @returns {{ bytes: Uint8Array<ArrayBuffer>, report: null } | { bytes: null, report: Report }} `bytes`: UTF-8
 */
export function textOf(backend, which, entry, most = TEXT_BYTES) {
  if (which !== 'listing' && backend.start({ entry, limits: noLimits(), trace: null }) !== CODE.OK) {
    return { bytes: null, report: backend.report() };
  }
  const { bytes, fault } = backend.utf8(TEXTS[which], most);
  return bytes === null ? { bytes, report: hostReport(CODE.INTERNAL, fault, '') } : { bytes, report: null };
}
