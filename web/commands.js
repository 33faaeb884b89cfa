// Every action once: its name, its keys, when it may be used, what it does. Buttons ([data-command]), the help dialog and
// the keyboard all read this table. Keys were chosen to leave alone what browsers and screen readers use for themselves:
// no single letters, no Alt with arrows or digits, not F1, F3, F5, F6, F7, F11, F12, not Shift+F10.

import { isField, isPressed } from './shortcuts.js';
import { isLive, isWasm } from './state.js';

/** @import { State } from './state.js' */

/**
 * @typedef {object} Command
 * @property {string} id
 * @property {string} label
 * @property {string} [keys] as shown: `Ctrl+Enter`; on a Mac, Ctrl is the Control key
 * @property {(event: KeyboardEvent) => boolean} [matches] whether these are its keys; default: whether they are `keys`
 * @property {(state: Readonly<State>) => boolean} [available] default: always
 * @property {(state: Readonly<State>) => string} [name] where the label depends on the state
 * @property {(state: Readonly<State>) => boolean} [pressed] for switches
 * @property {(state: Readonly<State>) => boolean} [shown] whether its buttons are there at all; default: always
 * @property {() => void} run
 */

/**
 * What commands do, given by main.js.
 * @typedef {Record<'run' | 'stop' | 'pause' | 'step' | 'stepBack' | 'nextCall' | 'previousCall' | 'runToEnd' | 'toStart' | 'chooseEntry' | 'switchMode'
 *   | 'options' | 'open' | 'paste' | 'share' | 'search' | 'wrap' | 'copy' | 'save' | 'theme' | 'help' | 'programs'
 *   | 'showOutput' | 'switchView' | 'showIr' | 'showTrace' | 'showModule', () => unknown> & { showOfCompiled: (tab: CompiledTab) => unknown } & { wraps: () => boolean, showOfModule: (tab: ModuleTab) => unknown }} Actions
 */

/** @typedef {'code' | 'calls' | 'files' | 'exports'} ModuleTab */
/** @typedef {'passes' | 'graph' | 'compiled'} CompiledTab */

/** @param {Readonly<State>} state */
const isModule = (state) => state.wasm !== null;
/** @param {Readonly<State>} state */
const canRun = (state) =>
  state.program !== null && (state.module !== null || canStart(state)) && state.phase !== 'opening';
/** A WebAssembly module with something to run and nothing missing. @param {Readonly<State>} state */
const canStart = ({ plan, missing, options }) =>
  plan !== null && (plan.entry !== null || plan.startsItself) && (!missing || options.guest.stub);
/** Stepping and entries are for what the interpreter can run. @param {Readonly<State>} state */
const isInterpreted = (state) => !isWasm(state);
/** Pausing is for what it does run. @param {Readonly<State>} state */
const canPause = (state) => isInterpreted(state) && state.options.mode === 'interpreted';
/** @param {Readonly<State>} state */
const hasSteps = (state) => state.trace !== null;

/**
 * @param {Actions} act
 * @returns {Command[]}
 */
export function commandTable(act) {
  return [
    {
      id: 'run',
      label: 'Run',
      keys: 'Ctrl+Enter',
      matches: (event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey,
      available: (state) => canRun(state) && !isLive(state),
      name: (state) => (state.result ? 'Run again' : 'Run'),
      run: act.run,
    },
    {
      id: 'stop',
      label: 'Stop',
      keys: 'Ctrl+.',
      // Escape as well, where it has nothing else to close.
      matches: (event) => isPressed('Ctrl+.', event) || (isPressed('Escape', event) && !isField(event.target)),
      available: (state) => isLive(state) || state.recording || state.calling,
      run: act.stop,
    },
    {
      id: 'pause',
      label: 'Pause or resume',
      keys: 'F8',
      available: (state) => canPause(state) && (state.phase === 'running' || state.phase === 'paused'),
      shown: canPause,
      name: (state) => (state.phase === 'paused' ? 'Resume' : 'Pause'),
      run: act.pause,
    },
    {
      id: 'step',
      label: 'Step (the first records the run)',
      keys: 'F10',
      available: (state) =>
        state.module !== null &&
        canRun(state) &&
        !state.recording &&
        (!state.trace || state.step + 1 < state.trace.steps.length),
      shown: isInterpreted,
      name: () => 'Step',
      run: act.step,
    },
    {
      id: 'step-back',
      label: 'Step back',
      keys: 'F9',
      available: (state) => state.step > 0,
      run: act.stepBack,
    },
    {
      id: 'next-call',
      label: 'Next call',
      keys: 'Ctrl+F10',
      available: hasSteps,
      run: act.nextCall,
    },
    {
      id: 'previous-call',
      label: 'Previous call',
      keys: 'Ctrl+F9',
      available: hasSteps,
      run: act.previousCall,
    },
    {
      id: 'run-to-end',
      label: 'To the last step (without steps: end a pause)',
      keys: 'Ctrl+Shift+F10',
      available: (state) => hasSteps(state) || state.phase === 'paused',
      name: () => 'To the end',
      run: act.runToEnd,
    },
    {
      id: 'to-start',
      label: 'To the first step',
      keys: 'Ctrl+Shift+F9',
      available: hasSteps,
      run: act.toStart,
    },
    {
      id: 'entry',
      label: 'Choose the entry',
      keys: 'Ctrl+Shift+E',
      available: canRun,
      run: act.chooseEntry,
    },
    {
      id: 'mode',
      label: 'Run interpreted or compiled',
      keys: 'Alt+M',
      // Option with M types a sign on some Macs.
      matches: (event) => isPressed('Alt+M', event) && !isField(event.target),
      available: isInterpreted,
      run: act.switchMode,
    },
    { id: 'options', label: 'Options', keys: 'Ctrl+,', run: act.options },
    { id: 'open', label: 'Choose a file', keys: 'Ctrl+O', run: act.open },
    // The browser's own key: what it pastes comes as an event of its own.
    { id: 'paste', label: 'Paste a program', keys: 'Ctrl+V', matches: () => false, run: act.paste },
    {
      id: 'share',
      label: 'Share by link',
      keys: 'Alt+L',
      // Option with L types a sign on some Macs.
      matches: (event) => isPressed('Alt+L', event) && !isField(event.target),
      available: (state) => state.program !== null,
      name: () => 'Share',
      run: act.share,
    },
    { id: 'save', label: 'Save the output', keys: 'Ctrl+S', run: act.save },
    { id: 'copy', label: 'Copy the output', keys: 'Alt+C', run: act.copy },
    {
      id: 'wrap',
      label: 'Wrap long lines',
      keys: 'Alt+Z',
      pressed: act.wraps,
      run: act.wrap,
    },
    {
      id: 'search',
      label: 'Find in the output',
      keys: 'Ctrl+Shift+F',
      run: act.search,
    },
    {
      id: 'programs',
      label: 'Programs',
      keys: 'Ctrl+Shift+1',
      run: act.programs,
    },
    {
      id: 'output',
      label: 'Output',
      keys: 'Ctrl+Shift+2',
      run: act.showOutput,
    },
    {
      id: 'ir',
      label: 'IR',
      keys: 'Ctrl+Shift+3',
      available: (state) => !isModule(state),
      run: act.showIr,
    },
    {
      id: 'trace',
      label: 'Trace',
      keys: 'Ctrl+Shift+4',
      available: (state) => !isModule(state),
      run: act.showTrace,
    },
    {
      id: 'module',
      label: 'Module',
      keys: 'Ctrl+Shift+5',
      run: act.showModule,
    },
    {
      id: 'passes',
      label: 'What each pass of the optimiser changes',
      keys: 'Ctrl+Shift+6',
      available: (state) => !isModule(state),
      run: () => act.showOfCompiled('passes'),
    },
    {
      id: 'graph',
      label: 'Control-flow graph',
      keys: 'Ctrl+Shift+7',
      available: (state) => !isModule(state),
      run: () => act.showOfCompiled('graph'),
    },
    {
      id: 'compiled',
      label: 'WebAssembly of a JSRS program',
      keys: 'Ctrl+Shift+8',
      available: (state) => !isModule(state),
      run: () => act.showOfCompiled('compiled'),
    },
    {
      id: 'code',
      label: 'Code of a WebAssembly module',
      keys: 'Ctrl+Shift+3',
      available: isModule,
      run: () => act.showOfModule('code'),
    },
    {
      id: 'calls',
      label: 'Calls of its imports',
      keys: 'Ctrl+Shift+4',
      available: isModule,
      run: () => act.showOfModule('calls'),
    },
    {
      id: 'files',
      label: 'Its files',
      keys: 'Ctrl+Shift+6',
      available: (state) => isModule(state) && (state.plan?.usesFiles === true || state.uploads.length > 0),
      run: () => act.showOfModule('files'),
    },
    {
      id: 'exports',
      label: 'Its exports',
      keys: 'Ctrl+Shift+7',
      available: isModule,
      run: () => act.showOfModule('exports'),
    },
    {
      id: 'view',
      label: 'Text or terminal of a module',
      keys: 'Ctrl+`',
      available: (state) => state.wasm !== null,
      run: act.switchView,
    },
    {
      id: 'theme',
      label: 'Light, dark or the colours of the system',
      keys: 'Ctrl+Shift+L',
      run: act.theme,
    },
    { id: 'help', label: 'Keyboard shortcuts', keys: 'Ctrl+/', run: act.help },
  ];
}
