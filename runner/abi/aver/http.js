/**
 * HTTP as far as a playground goes (spec aver-abi.md 3.2): nothing reaches the network, so every request fails as if there
 * were no connection; a program that answers a request is asked for `GET /`, and its answer becomes its output.
 */

/** @import { GuestMemory } from '../guest-memory.js' */
/** @import { GuestIo } from '../../guest/types.js' */
/** @import { StringsIntoGuest } from './strings.js' */

import { HTTP_SEND_WITHOUT_HEADERS } from './table.js';

const NO_NETWORK = 'no network: programs in the playground cannot send requests';
const EMPTY_MAP = 0;
const RESPONSE = 1;

/**
 * @param {GuestIo} io @param {GuestMemory} memory @param {StringsIntoGuest} strings
 * @param {string | undefined} sendType the type that the module gives `http_send`
 */
export function httpFunctions(io, memory, strings, sendType) {
  /** @type {{ status: number, body: Uint8Array } | null} */
  let response = null;
  /** @type {Uint8Array[]} */
  const headers = [];

  /** @param {number} pointer @param {number} length */
  const copy = (pointer, length) => memory.slice(pointer, length)?.slice() ?? new Uint8Array();

  const functions = {
    http_send() {
      const message = strings.object(NO_NETWORK);
      return sendType === HTTP_SEND_WITHOUT_HEADERS ? [0n, 0, message] : [0n, 0, EMPTY_MAP, message];
    },
    http_add_request_header() {},
    http_clear_request_headers() {},

    request_method: () => strings.object('GET'),
    request_url: () => strings.object('/'),
    request_query: () => strings.object(''),
    request_body: () => strings.object(''),
    request_headers_load: () => EMPTY_MAP,

    response_text(/** @type {number} */ status, /** @type {number} */ pointer, /** @type {number} */ length) {
      response = { status, body: copy(pointer, length) };
      return RESPONSE;
    },

    response_set_header(
      /** @type {number} */ name,
      /** @type {number} */ nameLength,
      /** @type {number} */ value,
      /** @type {number} */ valueLength,
    ) {
      headers.push(copy(name, nameLength), copy(value, valueLength));
    },
  };

  /** Prints the answer that the program gave, if it gave one: status, headers, an empty line, body. */
  function finish() {
    if (response === null) return;
    const encoder = new TextEncoder();
    const write = (/** @type {Uint8Array[]} */ ...parts) => {
      for (const part of parts) if (part.length > 0) io.write(1, part);
    };
    write(encoder.encode(`HTTP ${response.status}\n`));
    for (let at = 0; at < headers.length; at += 2) {
      write(headers[at], encoder.encode(': '), headers[at + 1], encoder.encode('\n'));
    }
    write(encoder.encode('\n'), response.body, encoder.encode('\n'));
    response = null;
  }

  return { functions, finish };
}
