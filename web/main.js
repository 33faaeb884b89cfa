// Entry: makes the parts, wires them, restores what was open, and opens it. The addresses of the worker, the backend and
// the examples are put in by build.mjs.

import { createClient, browserWorker } from '../runner/client.js';
import { bindCommands, commandTable } from './commands.js';
import { Gallery } from './gallery.js';
import { fromFile, fromText } from './intake.js';
import { Keep } from './keep.js';
import { createLayout } from './layout.js';
import { OutputStore } from './output/store.js';
import { createHeading } from './panels/heading.js';
import { createHelp } from './panels/help.js';
import { createIrPanel } from './panels/ir.js';
import { createModulePanel } from './panels/module.js';
import { createOptions } from './panels/options.js';
import { createOutputPanel } from './panels/output.js';
import { createPrograms } from './panels/programs.js';
import { createResultLine } from './panels/result.js';
import { createStepper } from './panels/stepper.js';
import { createTracePanel } from './panels/trace.js';
import { Session } from './session.js';
import { openSettings } from './settings.js';
import { Store, initialState } from './state.js';
import { createStepping } from './stepping.js';
import { createTheme } from './theme.js';
import { createDialog } from './ui/dialog.js';
import { byId } from './ui/dom.js';
import { createDropzone } from './ui/dropzone.js';
import { createNotice } from './ui/notice.js';

/** @import { Brought } from './intake.js' */

const { signal } = new AbortController();
const settings = openSettings();
const store = new Store({
  ...initialState(),
  options: settings.now().options ?? initialState().options,
  tab: settings.now().tab,
});
const notice = createNotice(byId('notice'));
const output = new OutputStore();
const gallery = new Gallery(EXAMPLES);
const keeping = Keep.open();
const client = createClient({
  spawn: () => browserWorker(new Worker(WORKER_FILE, { type: 'module' })),
  backend: new URL(BACKEND_FILE, document.baseURI).href,
  onCrash: () => notice('The worker failed and was replaced. Run the program again.'),
});
const session = new Session(client, store, output);
const stepping = createStepping(store, session, notice);

const layout = createLayout({ store, settings, signal });
const theme = createTheme(settings);
/** @param {number} site */
const showSite = (site) => {
  layout.showTab('ir');
  store.set({ selectedSite: null });
  store.set({ selectedSite: site });
};
const outputPanel = createOutputPanel({ store, output, settings, notice, signal });
const irPanel = createIrPanel({ store, session, signal });
const tracePanel = createTracePanel({ store, stepping, signal });
const modulePanel = createModulePanel({
  store,
  showFunction: (name) => {
    layout.showTab('ir');
    irPanel.goToFunction(name);
  },
  signal,
});
createStepper({ store, stepping, showSite, signal });
createResultLine({ store, output, showSite });
createHeading({ store, session, output, signal });
const options = createOptions({
  current: () => store.now.options,
  apply: (chosen) => {
    const reopen = chosen.validate !== store.now.options.validate;
    store.set({ options: chosen, trace: null, step: -1 });
    settings.change({ options: chosen });
    const { program } = store.now;
    if (program && (reopen || !store.now.module)) void session.open(program);
    else session.run();
  },
  signal,
});

const fileInput = /** @type {HTMLInputElement} */ (byId('file-input'));
const pasteDialog = createDialog(/** @type {HTMLDialogElement} */ (byId('paste-dialog')), signal);
const pasteField = /** @type {HTMLTextAreaElement} */ (byId('paste-text'));
const commands = commandTable({
  run: () => {
    store.set({ pane: 'output' });
    session.run();
  },
  stop: () => session.stop(),
  pause: () => session.pauseOrResume(),
  step: () => void stepping.step(),
  stepBack: stepping.back,
  nextCall: stepping.nextCall,
  previousCall: stepping.previousCall,
  runToEnd: stepping.runToEnd,
  toStart: stepping.toStart,
  chooseEntry: () => byId('entry').click(),
  options: () => options.open(),
  open: () => fileInput.click(),
  paste: () => {
    pasteField.value = '';
    pasteDialog.open();
    pasteField.focus();
  },
  search: () => {
    layout.showOutput();
    outputPanel.openFind();
  },
  wrap: () => {
    outputPanel.toggleWrap();
    bound.refresh();
  },
  wraps: () => settings.now().wrap,
  copy: () => void outputPanel.copy(),
  save: () => outputPanel.save(),
  theme: () => theme.next(),
  help: () => help.open(),
  programs: async () => {
    layout.showPrograms();
    (await programs).focus();
  },
  showOutput: () => {
    layout.showOutput();
    outputPanel.focus();
  },
  showIr: () => {
    layout.showTab('ir');
    irPanel.focus();
  },
  showTrace: () => {
    layout.showTab('trace');
    tracePanel.focus();
  },
  showModule: () => {
    layout.showTab('module');
    modulePanel.focus();
  },
});
const help = createHelp(commands, signal);
const bound = bindCommands(commands, store, signal);

/**
 * Opens what somebody brought, runs it and keeps it.
 * @param {Brought} brought
 */
async function openBrought(brought) {
  store.set({ pane: 'output' });
  const { name } = brought;
  if ('sentence' in brought) {
    session.refuse(null, '', { kind: 'io-error', sentence: `${name}: ${brought.sentence}`, advice: '' });
    return;
  }
  const program = { name, bytes: brought.bytes, source: /** @type {const} */ ({ kind: 'loose' }), entry: '' };
  const opened = await session.open(program);
  if (!opened) return;
  const keep = await keeping;
  const { id, lasting } = await keep.add({ name, kind: opened.kind, bytes: brought.bytes, time: Date.now() });
  const list = await programs;
  if (store.now.program === program) {
    store.set({ program: { ...program, source: { kind: 'recent', id } } });
    settings.change({ last: { kind: 'recent', id } });
  }
  await list.refresh();
  if (!lasting) notice('The browser keeps no files here: this one stays until the page is closed.');
}

/** @param {string} name */
async function openExample(name) {
  const example = gallery.find(name);
  if (!example) {
    const advice = 'Choose one from the list of examples.';
    session.refuse(null, '', { kind: 'io-error', sentence: `There is no example called ${name}.`, advice });
    return;
  }
  store.set({ pane: 'output' });
  try {
    const bytes = await gallery.bytes(example);
    settings.change({ last: { kind: 'example', name } });
    await session.open({ name: example.title, bytes, source: { kind: 'example', name }, entry: example.entry });
  } catch (thrown) {
    const sentence = thrown instanceof Error ? thrown.message : String(thrown);
    session.refuse(null, '', { kind: 'io-error', sentence, advice: 'Check the connection and try again.' });
  }
}

/** @param {number} id @returns {Promise<boolean>} whether it was still there */
async function openRecent(id) {
  const found = await (await keeping).get(id).catch(() => null);
  if (!found) return false;
  store.set({ pane: 'output' });
  settings.change({ last: { kind: 'recent', id } });
  await session.open({ name: found.kept.name, bytes: found.bytes, source: { kind: 'recent', id }, entry: '' });
  return true;
}

/** A link wins over what was open last; that wins over the first example. */
async function openFirst() {
  const { last } = settings.now();
  const asked = new URLSearchParams(location.search).get('example');
  if (asked !== null) return openExample(asked);
  if (last?.kind === 'recent' && (await openRecent(last.id))) return;
  const name = last?.kind === 'example' && gallery.find(last.name) ? last.name : gallery.examples[0].name;
  return openExample(name);
}

const programs = keeping.then(async (keep) => {
  const list = createPrograms({
    store,
    gallery,
    keep,
    openExample: (name) => void openExample(name),
    openRecent: (id) => void openRecent(id),
    signal,
  });
  await list.refresh();
  return list;
});

createDropzone(byId('drop-overlay'), async (file) => openBrought(await fromFile(file)), signal);
fileInput.addEventListener('change', async () => {
  const file = fileInput.files?.[0];
  if (file) await openBrought(await fromFile(file));
  fileInput.value = '';
});
byId('paste-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = pasteField.value;
  pasteDialog.close();
  await openBrought(await fromText(text));
});
document.addEventListener('paste', async (event) => {
  const target = /** @type {Element} */ (event.target);
  const file = event.clipboardData?.files[0];
  if (target.closest('input, textarea') && !file) return;
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (!file && text === '') return;
  event.preventDefault();
  pasteDialog.close();
  await openBrought(file ? await fromFile(file) : await fromText(text));
});

client.ready.catch((fault) => {
  const sentence = `The interpreter could not be started: ${fault.message}`;
  session.refuse(store.now.program, '', { kind: 'internal-error', sentence, advice: 'Reload the page.' });
});
await openFirst();
