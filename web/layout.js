// Which parts stand where at which width: the programs beside the output or in a drawer, the controls in the header or
// under the thumb. Nodes are moved, never copied, so every control exists once. Sizes and visibility are the style sheet's.

import { isWasm } from './state.js';
import { byId, setText } from './ui/dom.js';
import { createDialog } from './ui/dialog.js';
import { createSplit } from './ui/split.js';
import { createTabs } from './ui/tabs.js';

/** @import { Settings } from './settings.js' */
/** @import { State, Store } from './state.js' */

/** @typedef {'output' | State['tab']} PhoneTab */

/** Tabs of the inspector by kind of program. @type {Record<'jsrs' | 'wasm', State['tab'][]>} */
const TABS = {
  jsrs: ['ir', 'trace', 'module', 'passes', 'graph', 'compiled'],
  wasm: ['module', 'code', 'calls', 'files', 'exports'],
};

/** What leads on from the drawer to something that is to be seen. */
const LEAVES_DRAWER = ['options', 'share', 'help', 'paste', 'open']
  .map((name) => `[data-command=${name}]`)
  .concat('.program-open')
  .join();

/** Of a module that cannot be read there is nothing to show but that. @param {Readonly<State>} state */
const isBroken = (state) => isWasm(state) && state.wasm === null;

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {{ now: () => Settings, change: (part: Partial<Settings>) => void }} parts.settings
 * @param {AbortSignal} parts.signal
 */
export function createLayout({ store, settings, signal }) {
  const root = document.documentElement;
  const phone = matchMedia('(max-width: 760px)');
  const wide = matchMedia('(min-width: 1100px)');
  const drawerElement = /** @type {HTMLDialogElement} */ (byId('drawer'));
  const drawer = createDialog(drawerElement, signal);
  const inspector = byId('inspector');
  const middle = byId('middle-switch');
  /** The tab that was shown last for each kind. @type {Record<'jsrs' | 'wasm', State['tab']>} */
  const lastTab = { jsrs: 'ir', wasm: 'module' };

  function place() {
    const beside = wide.matches;
    if (beside) drawer.close();
    (beside ? byId('programs-place') : byId('drawer-body')).append(byId('programs'));
    (phone.matches ? byId('drawer-settings') : byId('actions')).prepend(byId('settings'));
    (phone.matches ? byId('bottom-bar') : byId('actions')).append(byId('controls'));
  }

  /** Shows the tabs that the program has; one that it has not gives way. @param {Readonly<State>} state */
  function drawTabs(state) {
    const { plan, uploads, files, tab } = state;
    const kind = isWasm(state) ? 'wasm' : 'jsrs';
    const hasFiles = plan?.usesFiles || uploads.length > 0 || (files?.length ?? 0) > 0;
    const shown = TABS[kind].filter((name) => (isBroken(state) ? name === 'module' : name !== 'files' || hasFiles));
    for (const list of [byId('inspector-tabs'), byId('phone-tabs')]) {
      for (const each of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll('[role=tab]'))) {
        const name = /** @type {PhoneTab} */ (each.dataset.tab);
        each.hidden = name !== 'output' && !shown.includes(name);
      }
    }
    if (!shown.includes(tab)) store.set({ tab: shown.includes(lastTab[kind]) ? lastTab[kind] : shown[0] });
  }

  /** @param {State['tab']} tab */
  function showTab(tab) {
    store.set({ tab, pane: 'inspector' });
    settings.change({ tab });
  }

  /** @param {string} name */
  function showPhoneTab(name) {
    if (name === 'output') store.set({ pane: 'output' });
    else showTab(/** @type {State['tab']} */ (name));
  }

  function togglePrograms() {
    if (!wide.matches) return drawerElement.open ? drawer.close() : drawer.open();
    const folded = root.dataset.programs !== 'folded';
    if (folded) root.dataset.programs = 'folded';
    else delete root.dataset.programs;
    settings.change({ programsFolded: folded });
    byId(folded ? 'show-programs' : 'fold-programs').focus();
  }

  /** Brings the programs into view, wherever they stand. */
  function showPrograms() {
    if (!wide.matches) drawer.open();
    else if (root.dataset.programs === 'folded') togglePrograms();
  }

  function drawMiddle() {
    const side = root.dataset.middle === 'side';
    setText(middle, side ? 'Output above' : 'Output beside');
  }

  const tabs = createTabs(byId('inspector-tabs'), (name) => showTab(/** @type {State['tab']} */ (name)), signal);
  const phoneTabs = createTabs(byId('phone-tabs'), showPhoneTab, signal);
  createSplits(settings, signal);
  byId('show-programs').addEventListener('click', togglePrograms, { signal });
  byId('fold-programs').addEventListener('click', togglePrograms, { signal });
  middle.addEventListener(
    'click',
    () => {
      const side = root.dataset.middle !== 'side';
      if (side) root.dataset.middle = 'side';
      else delete root.dataset.middle;
      settings.change({ middle: side ? 'side' : 'stacked' });
      drawMiddle();
    },
    { signal },
  );
  // A program chosen in the drawer is what the visitor wants to see next.
  drawerElement.addEventListener(
    'click',
    (event) => {
      if (/** @type {Element} */ (event.target).closest(LEAVES_DRAWER)) drawer.close();
    },
    { signal, capture: true },
  );
  for (const query of [phone, wide]) query.addEventListener('change', place, { signal });
  for (const kind of /** @type {const} */ (['jsrs', 'wasm'])) {
    const { tab } = settings.now();
    if (TABS[kind].includes(tab)) lastTab[kind] = tab;
  }
  store.watch(['wasm', 'plan', 'uploads', 'files', 'kind'], drawTabs);
  store.watch(['tab', 'pane'], (state) => {
    const { tab, pane } = state;
    if (!isBroken(state)) lastTab[isWasm(state) ? 'wasm' : 'jsrs'] = tab;
    root.dataset.pane = pane;
    inspector.dataset.tab = tab;
    tabs.select(tab);
    phoneTabs.select(pane === 'output' ? 'output' : tab);
  });
  place();
  drawMiddle();
  return { showTab, showOutput: () => store.set({ pane: 'output' }), showPrograms };
}

/** The lines between parts that people move. @param {Parameters<typeof createLayout>[0]['settings']} settings @param {AbortSignal} signal */
function createSplits(settings, signal) {
  createSplit({
    handle: byId('split-inspector'),
    container: byId('main'),
    axis: 'width',
    property: '--inspector-width',
    least: 300,
    // The programs, where they stand beside, the output and the line.
    leastOther: () => byId('programs-place').offsetWidth + 301,
    initial: settings.now().inspectorWidth,
    onChange: (inspectorWidth) => settings.change({ inspectorWidth }),
    signal,
  });
  createSplit({
    handle: byId('split-stepper'),
    container: byId('inspector'),
    axis: 'height',
    property: '--stepper-height',
    least: 120,
    leastOther: () => 160,
    initial: settings.now().stepperHeight,
    onChange: (stepperHeight) => settings.change({ stepperHeight }),
    signal,
  });
}
