/**
 * The 46 functions of WASI preview 1 as rows: wasm type, meaning of the parameters, whether the call may wait. The trace,
 * the inspector and the linker read them; the functions themselves are in the calls-*.js files.
 */

/** @import { ImportRow, ImportTable } from '../../guest/types.js' */

/**
 * A row that returns an error number.
 * @param {string} type of the parameters
 * @param {string} parameters
 * @param {boolean} [blocks]
 * @returns {ImportRow}
 */
function row(type, parameters, blocks = false) {
  return { type: type === '' ? '-> i32' : `${type} -> i32`, parameters, result: 'errno', ...(blocks && { blocks }) };
}

/** @type {ImportTable} */
export const PREVIEW1_TABLE = Object.freeze({
  args_get: row('i32 i32', 'argv:pointer argv_buf:pointer'),
  args_sizes_get: row('i32 i32', 'count:pointer size:pointer'),
  environ_get: row('i32 i32', 'environ:pointer environ_buf:pointer'),
  environ_sizes_get: row('i32 i32', 'count:pointer size:pointer'),
  clock_res_get: row('i32 i32', 'id:u32 resolution:pointer'),
  clock_time_get: row('i32 i64 i32', 'id:u32 precision:u64 time:pointer'),
  fd_advise: row('i32 i64 i64 i32', 'fd:fd offset:u64 len:u64 advice:u32'),
  fd_allocate: row('i32 i64 i64', 'fd:fd offset:u64 len:u64'),
  fd_close: row('i32', 'fd:fd'),
  fd_datasync: row('i32', 'fd:fd'),
  fd_fdstat_get: row('i32 i32', 'fd:fd stat:pointer'),
  fd_fdstat_set_flags: row('i32 i32', 'fd:fd flags:hex'),
  fd_fdstat_set_rights: row('i32 i64 i64', 'fd:fd fs_rights_base:hex fs_rights_inheriting:hex'),
  fd_filestat_get: row('i32 i32', 'fd:fd filestat:pointer'),
  fd_filestat_set_size: row('i32 i64', 'fd:fd size:u64'),
  fd_filestat_set_times: row('i32 i64 i64 i32', 'fd:fd atim:u64 mtim:u64 fst_flags:hex'),
  fd_pread: row('i32 i32 i32 i64 i32', 'fd:fd iovs:filled offset:u64 nread:pointer'),
  fd_prestat_get: row('i32 i32', 'fd:fd prestat:pointer'),
  fd_prestat_dir_name: row('i32 i32 i32', 'fd:fd path:pointer path_len:u32'),
  fd_pwrite: row('i32 i32 i32 i64 i32', 'fd:fd iovs:iovecs offset:u64 nwritten:pointer'),
  fd_read: row('i32 i32 i32 i32', 'fd:fd iovs:filled nread:pointer', true),
  fd_readdir: row('i32 i32 i32 i64 i32', 'fd:fd buf:pointer buf_len:u32 cookie:u64 bufused:pointer'),
  fd_renumber: row('i32 i32', 'fd:fd to:fd'),
  fd_seek: row('i32 i64 i32 i32', 'fd:fd offset:i64 whence:u32 newoffset:pointer'),
  fd_sync: row('i32', 'fd:fd'),
  fd_tell: row('i32 i32', 'fd:fd offset:pointer'),
  fd_write: row('i32 i32 i32 i32', 'fd:fd iovs:iovecs nwritten:pointer', true),
  path_create_directory: row('i32 i32 i32', 'fd:fd path:text'),
  path_filestat_get: row('i32 i32 i32 i32 i32', 'fd:fd flags:hex path:text filestat:pointer'),
  path_filestat_set_times: row(
    'i32 i32 i32 i32 i64 i64 i32',
    'fd:fd flags:hex path:text atim:u64 mtim:u64 fst_flags:hex',
  ),
  path_link: row('i32 i32 i32 i32 i32 i32 i32', 'old_fd:fd old_flags:hex old_path:text new_fd:fd new_path:text'),
  path_open: row(
    'i32 i32 i32 i32 i32 i64 i64 i32 i32',
    'fd:fd dirflags:hex path:text oflags:hex fs_rights_base:hex fs_rights_inheriting:hex fdflags:hex opened:pointer',
  ),
  path_readlink: row('i32 i32 i32 i32 i32 i32', 'fd:fd path:text buf:pointer buf_len:u32 bufused:pointer'),
  path_remove_directory: row('i32 i32 i32', 'fd:fd path:text'),
  path_rename: row('i32 i32 i32 i32 i32 i32', 'fd:fd old_path:text new_fd:fd new_path:text'),
  path_symlink: row('i32 i32 i32 i32 i32', 'old_path:text fd:fd new_path:text'),
  path_unlink_file: row('i32 i32 i32', 'fd:fd path:text'),
  poll_oneoff: row('i32 i32 i32 i32', 'in:pointer out:pointer nsubscriptions:u32 nevents:pointer', true),
  proc_exit: { type: 'i32 ->', parameters: 'rval:u32', result: '' },
  proc_raise: row('i32', 'sig:u32'),
  sched_yield: row('', '', true),
  random_get: row('i32 i32', 'buf:pointer buf_len:u32'),
  sock_accept: row('i32 i32 i32', 'fd:fd flags:hex connection:pointer'),
  sock_recv: row('i32 i32 i32 i32 i32 i32', 'fd:fd ri_data:iovecs ri_flags:hex ro_datalen:pointer ro_flags:pointer'),
  sock_send: row('i32 i32 i32 i32 i32', 'fd:fd si_data:iovecs si_flags:hex so_datalen:pointer'),
  sock_shutdown: row('i32 i32', 'fd:fd how:hex'),
});

const { sock_accept: _, ...withoutAccept } = PREVIEW1_TABLE;

/** The older interface has the same functions of the same types, but for `sock_accept`, which came later. */
export const UNSTABLE_TABLE = /** @type {ImportTable} */ (Object.freeze(withoutAccept));
