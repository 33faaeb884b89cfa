// The files panel: what the module is given and what it made, as a tree; add, open, download, keep and take away.

import { FILES_GIVEN } from '../../runner/limits.js';
import { counted } from '../format.js';
import { takenText } from '../guest/file-intake.js';
import { treeRows, within } from '../guest/file-tree.js';
import { allFiles } from '../guest/request.js';
import { h, setText } from '../ui/dom.js';
import { setEnabled } from '../ui/enable.js';
import { ListBox } from '../ui/list-box.js';
import { createArchiveButton } from './archive-button.js';
import { createFileIntake } from './wasm-file-intake.js';
import { LOST, MOST_SENTENCE, differsFromGiven, drawFileRow, summaryText } from './wasm-file-parts.js';
import { createFileView } from './wasm-file-view.js';

/** @import { FileEntry } from '../../runner/guest/types.js' */
/** @import { TakenFiles } from '../guest/file-intake.js' */
/** @import { TreeRow } from '../guest/file-tree.js' */
/** @import { Uploads } from '../guest/uploads.js' */
/** @import { State, Store } from '../state.js' */

/** More files are in the archive, but not in the list. */
const MOST_LISTED = 20_000;
const ADD =
  'Add files, or drop files and folders here: the next run finds them in its root folder. What the program writes appears here, too.';

/**
 * @param {object} parts
 * @param {HTMLElement} parts.panel
 * @param {Store} parts.store
 * @param {Uploads} parts.uploads
 * @param {(sentence: string) => void} parts.notice
 * @param {AbortSignal} parts.signal
 */
export function createFilesPanel({ panel, store, uploads, notice, signal }) {
  const intake = createFileIntake({ panel, take, signal });
  const { all, keep, summary, banner, host, empty, tools } = elements(intake);
  const view = createFileView({ notice, remove, close: () => open(-1), signal });
  panel.append(tools, banner, host, view.element, empty);
  const box = new ListBox({ host, rowId: 'file-row', draw: drawRow, onPick: open, signal });
  const archive = createArchiveButton({ button: all, notice, signal });
  /** @type {TreeRow[]} */
  let rows = [];
  /** What the last run started with. */
  let started = givenNow(store.now);

  /** @param {number} index @param {HTMLElement} element */
  function drawRow(index, element) {
    drawFileRow(element, rows[index]);
  }

  /** @param {Readonly<State>} state */
  function draw(state) {
    const { files, filesLeft } = state;
    const path = rows[box.active]?.path;
    const unlisted = (files?.length ?? 0) - MOST_LISTED;
    rows = treeRows(givenNow(state), started, unlisted > 0 ? (files ?? []).slice(0, MOST_LISTED) : files);
    const none = rows.length === 0;
    host.hidden = banner.hidden = none;
    empty.hidden = !none;
    setText(empty, `${isLost(state) ? `${LOST} No file of it was heard of.` : 'No files yet.'} ${ADD}`);
    all.disabled = none && !archive.busy;
    box.renew(rows.length, path === undefined ? -1 : rows.findIndex((row) => row.path === path));
    setText(summary, summaryText(rows, { unlisted, filesLeft, isLost: isLost(state) }));
    keep.hidden = !differsFromGiven(rows);
    showOpen();
  }

  function showOpen() {
    const row = rows[box.active];
    if (!row) return view.show(null, [], false);
    // A folder stands for all that is in it.
    const entries = within(rows, row.path).map(({ entry }) => entry);
    view.show(row, entries, isRemovable(row.path));
  }

  /** @param {number} index -1 = nothing */
  function open(index) {
    box.activate(index);
    showOpen();
    if (index < 0) host.focus();
  }

  /** What an example brought along stays. @param {string} path */
  function isRemovable(path) {
    return within(store.now.uploads, path).length > 0;
  }

  /** @param {string} path */
  function remove(path) {
    uploads.remove(path);
    // The button, or all of the list, may be gone.
    (rows.length > 0 ? host : intake.add).focus();
    notice('It is not given to the next run.');
  }

  /** @param {TakenFiles} taken */
  function take({ entries, fault }) {
    if (entries.length > 0) uploads.add(entries);
    if (fault !== '') notice(fault);
    else if (entries.length > 0) notice(`${takenText(entries)} given, for the next run.`);
  }

  async function downloadAll() {
    const { program } = store.now;
    await archive.press((program?.name ?? 'program').replace(/\.wasm$/, ''), heldNow(store.now, rows));
    setEnabled(all, rows.length > 0, host);
  }

  function keepAsGiven() {
    const { files } = store.now;
    if (!files) return;
    const bytes = files.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.bytes.length : 0), 0);
    if (files.length > FILES_GIVEN.entries || bytes > FILES_GIVEN.bytes)
      return notice(`These are too many: at most ${MOST_SENTENCE} can be given. Download them instead.`);
    // From here on these are what the run is compared with.
    started = files;
    uploads.replace(files);
    notice(`${counted(files.length, 'file')} kept: the next run starts with them.`);
    host.focus();
  }

  all.addEventListener('click', () => void downloadAll(), { signal });
  keep.addEventListener('click', keepAsGiven, { signal });
  host.addEventListener(
    'keydown',
    (event) => {
      const path = rows[box.active]?.path;
      if (event.key !== 'Delete' || path === undefined || !isRemovable(path)) return;
      event.preventDefault();
      remove(path);
    },
    { signal },
  );
  // Every run begins with an empty list of warnings, also one that takes the place of another.
  store.watch(['phase', 'warnings'], (state) => {
    if (state.phase === 'running' && state.warnings.length === 0) started = givenNow(state);
  });
  store.watch(['program', 'uploads', 'files', 'result', 'tab'], (state) => state.tab === 'files' && draw(state));
  return { focus: () => host.focus() };
}

/** @param {ReturnType<typeof createFileIntake>} intake whose buttons are among the tools */
function elements({ add, addFolder, fields }) {
  const all = h('button', {
    ...{ type: 'button', class: 'quiet', id: 'files-zip' },
    ...{ text: 'Download all', title: 'All files as one zip archive' },
  });
  const keep = h('button', { type: 'button', class: 'button small', id: 'files-keep', text: 'Keep as given files' });
  const summary = h('span', { id: 'files-summary', role: 'status' });
  const host = h('div', {
    ...{ class: 'scroll code files', id: 'files', tabindex: '0', role: 'listbox', 'aria-label': 'Files' },
  });
  return {
    ...{ all, keep, summary, host },
    banner: h('div', { class: 'banner files-banner' }, summary, keep),
    empty: h('p', { class: 'empty', id: 'files-empty' }),
    tools: h('div', { class: 'panel-tools' }, add, addFolder, h('span', { class: 'spacer' }), all, ...fields),
  };
}

/** Whether the last run was ended by force, so that nobody could be asked for its files. @param {Readonly<State>} state */
function isLost({ result }) {
  return result !== null && 'end' in result && result.end === 'lost';
}

/** What the next run starts with. @param {Readonly<State>} state */
function givenNow({ program, uploads }) {
  return allFiles(program?.given?.files ?? [], uploads);
}

/**
 * What the file system holds, and what was given since; that takes the place of what is called the same.
 * @param {Readonly<State>} state
 * @param {readonly TreeRow[]} rows
 * @returns {readonly FileEntry[]}
 */
function heldNow(state, rows) {
  const { files } = state;
  if (!files) return givenNow(state);
  const waiting = new Map(rows.flatMap(({ mark, path, entry }) => (mark === 'waiting' ? [[path, entry]] : [])));
  return [...files.filter(({ path }) => !waiting.has(path)), ...waiting.values()];
}
