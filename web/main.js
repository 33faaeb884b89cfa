// Entry: makes the parts, wires them, restores what was open, and opens it. Parts that the first run does not need come
// through lazy.js. FILES and EXAMPLES, the addresses of everything else, are put in by build.mjs.

import { browserWorker } from '../runner/browser-worker.js';
import { createClient } from '../runner/client.js';
import { bindCommands } from './command-buttons.js';
import { commandTable } from './commands.js';
import { Gallery } from './gallery.js';
import { Keep } from './keep.js';
import { createLayout } from './layout.js';
import { createLazy, made, whenSeen } from './lazy.js';
import { createOpening } from './opening.js';
import { OutputStore } from './output/store.js';
import { createHeading } from './panels/heading.js';
import { createIrPanel } from './panels/ir.js';
import { createModeChoice } from './panels/mode.js';
import { createOutputPanel } from './panels/output.js';
import { createPrograms } from './panels/programs.js';
import { createResultLine } from './panels/result.js';
import { remembered } from './program-inputs.js';
import { Session } from './session.js';
import { openSettings } from './settings.js';
import { Store, initialState } from './state.js';
import { createStepping } from './stepping.js';
import { createTheme } from './theme.js';
import { byId } from './ui/dom.js';
import { createDropzone } from './ui/dropzone.js';
import { keepFocus } from './ui/enable.js';
import { createNotice } from './ui/notice.js';

/** @import { GuestSession } from './guest/session.js' */
/** @import { Uploads } from './guest/uploads.js' */
/** @typedef {ReturnType<typeof import('./panels/guest-view.js').createGuestView>} GuestView */

/** The service worker is registered when the first program has ended, or runs on for this long. */
const REGISTER_AFTER_MS = 5000;

// Until this script comes the page shows what it consists of, and nothing can be pressed.
for (const each of document.querySelectorAll(':disabled')) each.removeAttribute('disabled');

const { signal } = new AbortController();
const settings = openSettings();
const store = new Store({
  ...initialState(),
  options: settings.now().options ?? initialState().options,
  tab: settings.now().tab,
});
const notice = createNotice(byId('notice'));
const lazy = createLazy(notice);
const output = new OutputStore();
const gallery = new Gallery(EXAMPLES);
const keeping = Keep.open();
const client = createClient({
  spawn: () => browserWorker(new Worker(FILES.worker, { type: 'module' })),
  backend: new URL(FILES.backend, document.baseURI).href,
  tools: new URL(FILES.tools ?? '', document.baseURI).href,
  compiler: FILES.compiler ? new URL(FILES.compiler, document.baseURI).href : null,
  onCrash: () => notice('The worker failed and was replaced. Run the program again.'),
});
/**
 * What runs modules, shows their output, and the files they are given: made for the first module.
 * @type {{ guest: GuestSession, uploads: Uploads, view: GuestView, drop: (data: DataTransfer) => Promise<unknown> } | null}
 */
let modules = null;
const compiledRuns = made(lazy.compiledRuns, ({ createCompiledRuns }) =>
  createCompiledRuns({ client, workerAddress: FILES.guestWorker ?? '' }),
);
const refreshPrograms = async () => (await programs).refresh();
/** @param {import('./guest/session.js').TakeOutput} take */
async function makeGuest(take) {
  const part = await lazy.guest();
  if (!part) return null;
  const workerAddress = FILES.guestWorker ?? '';
  const guest = new part.GuestSession({
    ...{ client, store, output, keeping, refreshPrograms, notice, take, workerAddress },
  });
  const view = part.createGuestView({
    ...{ store, output, guest, rows: outputPanel, loadXterm: lazy.xterm, settings, isolation, notice, signal },
    openOptions: async () => (await options())?.open(),
  });
  const uploads = new part.Uploads(store, notice);
  const drop = part.createDrop({ store, uploads, run: () => session.run(), bring, notice });
  modules = { guest, uploads, view, drop };
  await uploads.ready;
  return guest;
}
const session = new Session(client, store, output, lazy.stepping, makeGuest, compiledRuns);
const stepping = createStepping(store, session, notice, lazy.stepping);
const opening = createOpening({
  store,
  session,
  settings,
  gallery,
  keeping,
  refreshPrograms,
  share: lazy.share,
  notice,
});

const layout = createLayout({ store, settings, signal });
const theme = createTheme(settings);
/** @param {number} site */
const showSite = (site) => {
  layout.showTab('ir');
  store.set({ selectedSite: null });
  store.set({ selectedSite: site });
};
const outputPanel = createOutputPanel({ store, output, settings, notice, loadFind: lazy.find, signal });
const irPanel = createIrPanel({ store, session, picker: lazy.picker, signal });
/** @param {number} index @param {number | null} offset */
const showOffset = async (index, offset) => (await wasmPanels())?.showOffset(index, offset);
createResultLine({ store, output, showSite, showOffset, showTab: layout.showTab });
createHeading({ store, session, output, picker: lazy.picker, signal });
/** How JSRS programs run, from now on and at once. @param {Partial<import('./state.js').Options>} change */
function chooseMode(change) {
  const chosen = { ...store.now.options, ...change };
  store.set({ options: chosen });
  settings.change(remembered(settings.now(), store.now.program, chosen));
  if (store.now.module && (change.mode || chosen.mode === 'compiled')) session.run();
}
const mode = createModeChoice({ store, choose: chooseMode, signal });

const steppingPanels = made(lazy.stepping, ({ createStepper, createTracePanel }) => {
  createStepper({ store, stepping, showSite, notice, signal });
  return createTracePanel({ store, stepping, signal });
});
const modulePanel = made(lazy.modulePanel, ({ createModulePanel }) =>
  createModulePanel({
    store,
    showFunction: (name) => {
      layout.showTab('ir');
      irPanel.goToFunction(name);
    },
    signal,
  }),
);
const compiledPanels = made(lazy.compiledPanels, ({ createCompiledPanels }) =>
  createCompiledPanels({ store, client, chooseMode, notice, signal }),
);
const wasmPanels = made(lazy.wasmPanels, ({ createWasmPanels }) => {
  const { guest, uploads } = /** @type {NonNullable<typeof modules>} */ (modules);
  return createWasmPanels({
    ...{
      store,
      client,
      guest: () => session.guest,
      calls: guest.calls,
      uploads,
      showTab: layout.showTab,
      notice,
      signal,
    },
    applyGuest: (change) => {
      const { options } = store.now;
      const chosen = { ...options, guest: { ...options.guest, ...change } };
      store.set({ options: chosen });
      settings.change(remembered(settings.now(), store.now.program, chosen));
      session.run();
    },
  });
});
// With another tab once more, if they could not be had.
store.watch(['wasm', 'tab'], ({ wasm }) => wasm && void wasmPanels());
const options = made(lazy.options, ({ createOptions }) =>
  createOptions({
    store,
    apply: (chosen) => {
      const reopen = chosen.validate !== store.now.options.validate;
      session.forgetTrace();
      store.set({ options: chosen });
      settings.change(remembered(settings.now(), store.now.program, chosen));
      const { program } = store.now;
      if (program && (reopen || !(store.now.module || store.now.wasm))) void session.open(program);
      else session.run();
    },
    signal,
  }),
);
const help = made(lazy.help, ({ createHelp }) => createHelp(commands, signal));
const pasting = made(lazy.intake, ({ createPaste }) => createPaste((text) => void bring(text), signal));
const share = made(lazy.share, ({ createShare }) => createShare({ store, gallery, notice, signal }));

const fileInput = /** @type {HTMLInputElement} */ (byId('file-input'));
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
  options: async () => (await options())?.open(),
  open: () => fileInput.click(),
  paste: async () => (await pasting())?.open(),
  share: async () => (await share())?.share(),
  search: () => {
    layout.showOutput();
    if (store.now.outputView === 'terminal') modules?.view.toggle();
    void outputPanel.openFind();
  },
  wrap: () => {
    outputPanel.toggleWrap();
    bound.refresh();
  },
  wraps: () => settings.now().wrap,
  copy: () => void outputPanel.copy(),
  save: () => outputPanel.save(),
  theme: () => theme.next(),
  help: async () => (await help())?.open(),
  programs: async () => {
    layout.showPrograms();
    (await programs).focus();
  },
  showOutput: () => {
    layout.showOutput();
    if (session.guest) modules?.view.focus();
    else outputPanel.focus();
  },
  switchView: () => {
    layout.showOutput();
    modules?.view.toggle();
  },
  showIr: () => {
    layout.showTab('ir');
    irPanel.focus();
  },
  showTrace: async () => {
    layout.showTab('trace');
    (await steppingPanels())?.focus();
  },
  showModule: async () => {
    layout.showTab('module');
    if (store.now.wasm) return (await wasmPanels())?.focus('module');
    byId('module').focus(); // its content may still be on its way
    (await modulePanel())?.focus();
  },
  switchMode: mode.toggle,
  showOfCompiled: async (tab) => {
    layout.showTab(tab);
    (await compiledPanels())?.focus(tab);
  },
  showOfModule: async (tab) => {
    layout.showTab(tab);
    (await wasmPanels())?.focus(tab);
  },
});
const bound = bindCommands(commands, store, signal);
whenSeen(byId('module-panel'), modulePanel);
whenSeen(byId('trace-panel'), steppingPanels);
for (const panel of ['passes-panel', 'graph-panel', 'compiled-panel']) whenSeen(byId(panel), compiledPanels);
store.watch(['trace'], ({ trace }) => trace && void steppingPanels());

const programs = keeping.then(async (keep) => {
  const list = createPrograms({
    store,
    gallery,
    keep,
    openExample: (name) => void opening.example(name),
    openRecent: (id) => void opening.recent(id),
    signal,
  });
  await list.refresh();
  return list;
});

/** @param {File[] | string} what files, or text that was pasted */
async function bring(what) {
  if (typeof what !== 'string' && what.length === 0) return;
  const isWanted = opening.ask();
  const part = await lazy.intake();
  if (!part) return opening.unread(isWanted);
  for await (const brought of part.intake(what, notice)) await opening.brought(brought, isWanted);
}

/** @param {string} text that was dropped: what is no program leaves the one that is open alone */
async function bringDropped(text) {
  const fault = await (await lazy.intake())?.faultOfDropped(text);
  if (fault === null) await bring(text);
  else if (fault) notice(fault);
}
keepFocus(signal);
createDropzone(
  byId('drop-overlay'),
  (data) => {
    if (data.files.length === 0) void bringDropped(data.getData('text') || data.getData('url'));
    else if (modules && store.now.wasm) void modules.drop(data);
    else void bring([...data.files]);
  },
  signal,
);
fileInput.addEventListener('change', async () => {
  await bring([...(fileInput.files ?? [])]);
  fileInput.value = '';
});
document.addEventListener('paste', async (event) => {
  const target = /** @type {Element} */ (event.target);
  const file = event.clipboardData?.files[0];
  if (target.closest('input, textarea') && !file) return;
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (!file && text === '') return;
  event.preventDefault();
  /** @type {HTMLDialogElement | null} */ (document.querySelector('#paste-dialog[open]'))?.close();
  await bring(file ? [file] : text);
});

client.ready.catch((fault) => {
  const sentence = `The interpreter could not be started: ${fault.message}`;
  session.refuse(store.now.program, '', { kind: 'internal-error', sentence, advice: 'Reload the page.' });
});

/** A reload, which isolation may need once, brings the same program back and loses nothing that was typed. */
function nothingToLose() {
  const source = store.now.program?.source;
  const comesBack = source?.kind === 'example' || (source?.kind === 'recent' && source.id > 0);
  const typed = store.now.uploads.length > 0 || modules?.view.typed() === true;
  return comesBack && !typed && document.querySelector('dialog[open]') === null;
}
const isolation = made(lazy.isolation, ({ createIsolation }) => createIsolation(nothingToLose));
let registered = false;
async function register() {
  if (registered) return;
  registered = true;
  await (await isolation())?.start();
}
store.watch(['phase'], ({ phase }) => {
  if (!['starting', 'opening', 'running'].includes(phase)) void register();
});
setTimeout(register, REGISTER_AFTER_MS);

// Not awaited: late chunks import this module (build.mjs), and the first program may come out of one.
void opening.first();
