// The files panel: what the module is given and what it made, as a tree; add, open, download, keep and take away.

import { FILES_GIVEN } from '../../runner/limits.js';
import { counted, number, size } from '../format.js';
import { fromDrop, fromFiles, takenText } from '../guest/file-intake.js';
import { treeRows, within } from '../guest/file-tree.js';
import { cutName } from '../guest/names.js';
import { allFiles } from '../guest/request.js';
import { h, icon, setText } from '../ui/dom.js';
import { setEnabled } from '../ui/enable.js';
import { VirtualList } from '../ui/virtual-list.js';
import { createArchiveButton } from './archive-button.js';
import { createFileView } from './wasm-file-view.js';
import { followWidth, moveOf, rowHeight, sizeRow } from './wasm-kit.js';

/** @import { TakenFiles } from '../guest/file-intake.js' */
/** @import { Mark, TreeRow } from '../guest/file-tree.js' */
/** @import { Uploads } from '../guest/uploads.js' */
/** @import { Store } from '../state.js' */

const FOLDER = 'M2 4.5h4.5l1.5 2h6v6H2z';
const FILE = 'M4 2h5l3 3v9H4z';
const LINK = 'M6 10l4-4M7 5l2-2 4 4-2 2M9 11l-2 2-4-4 2-2';
/** More files are in the archive, but not in the list. */
const MOST_LISTED = 20_000;
const DEEPEST_INDENT = 12;
/** As much comes back as can be given. */
const MOST_SENTENCE = `${number(FILES_GIVEN.entries)} files and ${size(FILES_GIVEN.bytes)}`;
const LOST = 'The program was ended while it computed.';
const ADD =
  'Add files, or drop files and folders here: the next run finds them in its root folder. What the program writes appears here, too.';

/** @type {Record<Mark, string>} */
const WORDS = {
  '': '',
  given: 'given',
  new: 'new',
  changed: 'changed',
  deleted: 'deleted by the program',
  waiting: 'for the next run',
};

/**
 * @param {object} parts
 * @param {HTMLElement} parts.panel
 * @param {Store} parts.store
 * @param {Uploads} parts.uploads
 * @param {(sentence: string) => void} parts.notice
 * @param {AbortSignal} parts.signal
 */
export function createFilesPanel({ panel, store, uploads, notice, signal }) {
  const input = h('input', {
    type: 'file',
    multiple: true,
    hidden: true,
    tabindex: '-1',
    'aria-label': 'Files for the module',
    id: 'files-input',
  });
  const folderInput = h('input', {
    type: 'file',
    webkitdirectory: true,
    hidden: true,
    tabindex: '-1',
    'aria-label': 'Folder for the module',
    id: 'folder-input',
  });
  const add = h('button', {
    type: 'button',
    class: 'quiet',
    id: 'files-add',
    text: 'Add files',
    on: { click: () => input.click() },
  });
  const addFolder = h('button', {
    type: 'button',
    class: 'quiet',
    id: 'files-add-folder',
    text: 'Add a folder',
    on: { click: () => folderInput.click() },
  });
  const all = h('button', {
    type: 'button',
    class: 'quiet',
    id: 'files-zip',
    text: 'Download all',
    title: 'All files as one zip archive',
  });
  const keep = h('button', { type: 'button', class: 'button small', id: 'files-keep', text: 'Keep as given files' });
  const summary = h('span', { id: 'files-summary', role: 'status' });
  const banner = h('div', { class: 'banner files-banner' }, summary, keep);
  const host = h('div', {
    class: 'scroll code files',
    id: 'files',
    tabindex: '0',
    role: 'listbox',
    'aria-label': 'Files',
  });
  const empty = h('p', { class: 'empty', id: 'files-empty' });
  const tools = h(
    'div',
    { class: 'panel-tools' },
    add,
    addFolder,
    h('span', { class: 'spacer' }),
    all,
    input,
    folderInput,
  );
  const view = createFileView({ notice, remove, close: () => open(-1), signal });
  panel.append(tools, banner, host, view.element, empty);
  const list = new VirtualList({ host, rowHeight: rowHeight(), render: drawRow, signal });
  followWidth(list, signal);

  /** @type {TreeRow[]} */
  let rows = [];
  let active = -1;
  /** What the last run started with. */
  let started = givenNow();
  const archive = createArchiveButton({ button: all, notice, signal });

  /** @param {number} at @param {HTMLElement} element */
  function drawRow(at, element) {
    const { name, depth, entry, mark } = rows[at];
    element.id = `file-row-${at}`;
    element.setAttribute('role', 'option');
    element.setAttribute('aria-setsize', String(rows.length));
    element.setAttribute('aria-posinset', String(at + 1));
    element.setAttribute('aria-selected', String(at === active));
    sizeRow(element);
    element.style.paddingLeft = `calc(var(--row-inset) + ${2 * Math.min(depth, DEEPEST_INDENT)}ch)`;
    element.append(
      icon(entry.kind === 'directory' ? FOLDER : entry.kind === 'link' ? LINK : FILE),
      h('bdi', { class: mark === 'deleted' ? 'name gone' : 'name', text: cutName(name, 60) }),
    );
    if (entry.kind === 'link') element.append(h('span', { class: 'dim', text: `→ ${cutName(entry.target, 60)}` }));
    if (entry.kind === 'file') element.append(h('span', { class: 'dim', text: size(entry.bytes.length) }));
    if (mark !== '') element.append(h('span', { class: `mark mark-${mark}`, text: WORDS[mark] }));
    element.addEventListener('click', () => open(at));
  }

  function draw() {
    const { files } = store.now;
    const given = givenNow();
    const path = rows[active]?.path;
    const left = (files?.length ?? 0) - MOST_LISTED;
    rows = treeRows(given, started, left > 0 ? (files ?? []).slice(0, MOST_LISTED) : files);
    active = path === undefined ? -1 : rows.findIndex((row) => row.path === path);
    const none = rows.length === 0;
    host.hidden = banner.hidden = none;
    empty.hidden = !none;
    setText(empty, `${isLost() ? `${LOST} No file of it was heard of.` : 'No files yet.'} ${ADD}`);
    all.disabled = none && !archive.busy;
    list.setCount(rows.length);
    list.refresh();
    drawBanner(left);
    showOpen();
  }

  /** Whether the last run was ended by force, so that nobody could be asked for its files. */
  function isLost() {
    const { result } = store.now;
    return result !== null && 'end' in result && result.end === 'lost';
  }

  /** @param {number} left files that are not listed */
  function drawBanner(left) {
    const files = rows.filter(({ entry }) => entry.kind !== 'directory');
    const count = (/** @type {Mark} */ mark) => files.filter((row) => row.mark === mark).length;
    const [fresh, changed, deleted, waiting] = [count('new'), count('changed'), count('deleted'), count('waiting')];
    const folders = rows.filter(({ entry, mark }) => entry.kind === 'directory' && mark === 'new').length;
    const words = [counted(files.length, 'file')];
    if (left > 0) words.push(`and ${number(left)} more, which are in the archive`);
    if (fresh > 0) words.push(`${number(fresh)} new`);
    if (changed > 0) words.push(`${number(changed)} changed`);
    if (deleted > 0) words.push(`${number(deleted)} deleted`);
    if (waiting > 0) words.push(`${number(waiting)} for the next run`);
    if (folders > 0) words.push(counted(folders, 'new folder'));
    const differs = rows.some(({ mark }) => mark === 'new' || mark === 'changed' || mark === 'deleted');
    const sentences = [`${words.join(', ')}.`];
    const { filesLeft } = store.now;
    if (filesLeft > 0) sentences.push(`${number(filesLeft)} more did not come back: at most ${MOST_SENTENCE} do.`);
    if (isLost()) sentences.push(`${LOST} These are its files as last heard of.`);
    if (differs) sentences.push('The next run starts from the given files alone.');
    setText(summary, sentences.join(' '));
    keep.hidden = !differs;
  }

  function showOpen() {
    if (active < 0) return view.show(null, [], false);
    view.show(rows[active], whatIs(rows[active]), isRemovable(rows[active].path));
  }

  /** What a row stands for: a file, or a folder with all in it. @param {TreeRow} row */
  function whatIs(row) {
    return within(rows, row.path).map(({ entry }) => entry);
  }

  /** @param {number} at -1 = nothing */
  function open(at) {
    const before = active;
    active = at;
    for (const row of [before, at]) if (row >= 0) list.refreshRow(row);
    if (at < 0) host.removeAttribute('aria-activedescendant');
    else {
      list.scrollToRow(at);
      host.setAttribute('aria-activedescendant', `file-row-${at}`);
    }
    showOpen();
    if (at < 0) host.focus();
  }

  /** What the next run starts with. */
  function givenNow() {
    const { program, uploads: own } = store.now;
    return allFiles(program?.given?.files ?? [], own);
  }

  /** What an example brought along stays. @param {string} path */
  function isRemovable(path) {
    return within(store.now.uploads, path).length > 0;
  }

  /** @param {string} path */
  function remove(path) {
    uploads.remove(path);
    // The button, or all of the list, may be gone.
    (rows.length > 0 ? host : add).focus();
    notice('It is not given to the next run.');
  }

  /** @param {TakenFiles} taken */
  function take({ entries, fault }) {
    if (entries.length > 0) uploads.add(entries);
    if (fault !== '') notice(fault);
    else if (entries.length > 0) notice(`${takenText(entries)} given, for the next run.`);
  }

  /** What the file system holds, and what was given since; that takes the place of what is called the same. */
  function heldNow() {
    const { files } = store.now;
    if (!files) return givenNow();
    const waiting = new Map(rows.flatMap(({ mark, path, entry }) => (mark === 'waiting' ? [[path, entry]] : [])));
    return [...files.filter(({ path }) => !waiting.has(path)), ...waiting.values()];
  }

  async function downloadAll() {
    const { program } = store.now;
    await archive.press((program?.name ?? 'program').replace(/\.wasm$/, ''), heldNow());
    setEnabled(all, rows.length > 0, host);
  }

  for (const field of [input, folderInput]) {
    field.addEventListener(
      'change',
      async () => {
        take(await fromFiles(field.files ?? []));
        field.value = '';
      },
      { signal },
    );
  }
  const showDropping = (/** @type {boolean} */ on) => void panel.toggleAttribute('data-dropping', on);
  panel.addEventListener(
    'dragover',
    (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      showDropping(true);
    },
    { signal },
  );
  panel.addEventListener(
    'dragleave',
    ({ relatedTarget }) => panel.contains(/** @type {Node | null} */ (relatedTarget)) || showDropping(false),
    { signal },
  );
  panel.addEventListener(
    'drop',
    async (event) => {
      if (!event.dataTransfer || !hasFiles(event)) return;
      event.preventDefault();
      showDropping(false);
      take(await fromDrop(event.dataTransfer));
    },
    { signal },
  );
  all.addEventListener('click', () => void downloadAll(), { signal });
  keep.addEventListener(
    'click',
    () => {
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
    },
    { signal },
  );
  host.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Delete' && active >= 0 && isRemovable(rows[active].path)) {
        event.preventDefault();
        return remove(rows[active].path);
      }
      const move = moveOf(event, host, rows.length);
      if (move === undefined || rows.length === 0) return;
      event.preventDefault();
      open(Math.max(0, Math.min(rows.length - 1, active + move)));
    },
    { signal },
  );
  // Every run begins with an empty list of warnings, also one that takes the place of another.
  store.watch(['phase', 'warnings'], ({ phase, warnings }) => {
    if (phase === 'running' && warnings.length === 0) started = givenNow();
  });
  store.watch(['program', 'uploads', 'files', 'result', 'tab'], ({ tab }) => tab === 'files' && draw());
  return { focus: () => host.focus() };
}

/** @param {DragEvent} event */
function hasFiles({ dataTransfer }) {
  return dataTransfer?.types.includes('Files') ?? false;
}
