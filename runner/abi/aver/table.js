/**
 * Every import of module `aver`, of both generations of the linear-memory ABI (spec aver-abi.md 3): name, type, meaning.
 */

/** @import { ImportTable } from '../../guest/types.js' */

/** The type of `http_send` in a development build of 0.14, which had no map of headers among its results. */
export const HTTP_SEND_WITHOUT_HEADERS = 'i32 i32 i32 i32 i32 i32 i32 i32 -> i64 i32 i32';

/** @type {ImportTable} */
export const averTable = {
  console_print: { type: 'i32 i32 ->', parameters: 'text:text', result: '', blocks: true },
  console_error: { type: 'i32 i32 ->', parameters: 'text:text', result: '', blocks: true },
  console_warn: { type: 'i32 i32 ->', parameters: 'text:text', result: '', blocks: true },
  console_readLine: { type: '-> i32 i32', parameters: '', result: 'text', blocks: true },
  print_value: { type: 'i32 i64 ->', parameters: 'tag:i32 value:i64', result: '', blocks: true },
  format_value: { type: 'i32 i64 -> i32 i32', parameters: 'tag:i32 value:i64', result: 'text' },

  args_len: { type: '-> i32', parameters: '', result: 'i32' },
  args_get: { type: 'i32 -> i32 i32', parameters: 'index:i32', result: 'text' },
  env_get: { type: 'i32 i32 -> i32', parameters: 'name:text', result: 'pointer' },
  env_set: { type: 'i32 i32 i32 i32 ->', parameters: 'name:text value:text', result: '' },

  random_int: { type: 'i64 i64 -> i64', parameters: 'min:i64 max:i64', result: 'i64' },
  random_float: { type: '-> f64', parameters: '', result: 'f64' },
  time_now: { type: '-> i32 i32', parameters: '', result: 'text' },
  time_unixMs: { type: '-> i64', parameters: '', result: 'i64' },
  time_sleep: { type: 'i64 ->', parameters: 'milliseconds:i64', result: '', blocks: true },
  math_sin: { type: 'f64 -> f64', parameters: 'x:f64', result: 'f64' },
  math_cos: { type: 'f64 -> f64', parameters: 'x:f64', result: 'f64' },
  math_atan2: { type: 'f64 f64 -> f64', parameters: 'y:f64 x:f64', result: 'f64' },
  math_pow: { type: 'f64 f64 -> f64', parameters: 'base:f64 exponent:f64', result: 'f64' },

  terminal_enableRawMode: { type: '->', parameters: '', result: '' },
  terminal_disableRawMode: { type: '->', parameters: '', result: '' },
  terminal_clear: { type: '->', parameters: '', result: '' },
  terminal_moveTo: { type: 'i32 i32 ->', parameters: 'column:i32 row:i32', result: '' },
  terminal_print: { type: 'i32 i32 ->', parameters: 'text:text', result: '' },
  terminal_setColor: { type: 'i32 i32 ->', parameters: 'name:text', result: '' },
  terminal_resetColor: { type: '->', parameters: '', result: '' },
  terminal_readKey: { type: '-> i32 i32', parameters: '', result: 'text?', blocks: true },
  terminal_size: { type: '-> i32 i32', parameters: '', result: 'i32 i32' },
  terminal_hideCursor: { type: '->', parameters: '', result: '' },
  terminal_showCursor: { type: '->', parameters: '', result: '' },
  terminal_flush: { type: '->', parameters: '', result: '' },

  http_send: {
    type: 'i32 i32 i32 i32 i32 i32 i32 i32 -> i64 i32 i32 i32',
    parameters: 'method:text url:text body:text contentType:text',
    result: 'i64 pointer pointer pointer',
    also: [HTTP_SEND_WITHOUT_HEADERS],
  },
  http_add_request_header: { type: 'i32 i32 i32 i32 ->', parameters: 'name:text value:text', result: '' },
  http_clear_request_headers: { type: '->', parameters: '', result: '' },
  request_method: { type: '-> i32', parameters: '', result: 'pointer' },
  request_url: { type: '-> i32', parameters: '', result: 'pointer' },
  request_query: { type: '-> i32', parameters: '', result: 'pointer' },
  request_body: { type: '-> i32', parameters: '', result: 'pointer' },
  request_headers_load: { type: '-> i32', parameters: '', result: 'pointer' },
  response_text: { type: 'i32 i32 i32 -> i32', parameters: 'status:i32 body:text', result: 'i32' },
  response_set_header: { type: 'i32 i32 i32 i32 ->', parameters: 'name:text value:text', result: '' },
};
