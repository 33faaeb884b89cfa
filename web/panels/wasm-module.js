// The module panel of a WebAssembly module: what it is, what is missing and why, who serves each import, what it exports,
// its memories and tables, sections, segments, and its functions.

import { missingOf } from '../../runner/module/plan.js';
import { counted, number, size } from '../format.js';
import { commonModule } from '../guest/functions.js';
import { isServed, onlyServer, spacesNote } from '../guest/module-words.js';
import { cutName, nameNodes } from '../guest/names.js';
import { byId, h } from '../ui/dom.js';
import { functionList } from './wasm-functions.js';
import { part } from './kit.js';
import { createMissingPart } from './wasm-missing.js';
import { moduleFacts } from './wasm-module-facts.js';
import {
  NAME_IN_TABLE,
  customTable,
  exportsTable,
  importsTable,
  sectionsTable,
  segmentsTable,
  spacesTable,
  typesTable,
} from './wasm-module-tables.js';

/** @import { LinkedPlan, Plan } from '../../runner/module/plan.js' */
/** @import { WasmInfo } from '../../runner/module/info.js' */
/** @import { Functions } from '../guest/functions.js' */
/** @import { GuestOptions, Store } from '../state.js' */
/** @import { TableParts } from './wasm-module-tables.js' */

/**
 * @param {object} parts
 * @param {HTMLElement} parts.panel
 * @param {Store} parts.store
 * @param {() => Functions | null} parts.functions
 * @param {(index: number) => void} parts.showFunction
 * @param {(change: Partial<GuestOptions>) => void} parts.applyGuest
 * @param {(name: string, file: File) => Promise<void>} parts.linkFile
 * @param {(name: string) => number} parts.linkedSize bytes of a linked module's file
 * @param {(name: string) => void} parts.unlink takes a linked module away
 * @param {AbortSignal} parts.signal
 */
export function createWasmModulePanel(parts) {
  const { panel, store, functions, showFunction, applyGuest, linkFile, linkedSize, unlink, signal } = parts;
  const host = h('div', {
    class: 'scroll module',
    id: 'wasm-module',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Contents of the module',
    hidden: true,
  });
  panel.append(host);
  /** Ends the lists of the module shown before. */
  let shown = new AbortController();
  const missingPart = createMissingPart(applyGuest, linkFile);

  /** @param {number} index @param {string} [name] */
  const functionLink = (index, name) => {
    const [shownName, ...more] = nameNodes(name ?? functions()?.nameOf(index) ?? `function ${index}`, NAME_IN_TABLE);
    const link = h('button', { type: 'button', class: 'link', on: { click: () => showFunction(index) } }, shownName);
    return [link, ...more];
  };

  /** @param {LinkedPlan} linked */
  function linkedCell({ name, file }) {
    const click = () => {
      unlink(name);
      host.focus(); // the button is gone
    };
    const label = `Unlink ${cutName(file, 40)}`;
    const button = h('button', { type: 'button', class: 'link', text: 'Unlink', 'aria-label': label, on: { click } });
    return [...nameNodes(`${file}, ${size(linkedSize(name))} `), button];
  }

  /** @param {WasmInfo} info @param {Plan} plan @returns {Node[]} */
  function build(info, plan) {
    const missing = missingOf(plan);
    return [
      ...(missing.length > 0 ? [missingPart.draw(missing, plan)] : []),
      moduleFacts(info, plan, { functionLink, linkedCell }),
      ...interfaceParts(info, plan, { functionLink, signal: shown.signal }),
      ...functionsPart(info),
      ...contentParts(info, shown.signal),
    ];
  }

  /** @param {WasmInfo} info */
  function functionsPart(info) {
    const all = functions();
    if (!all || all.defined.length === 0) return [];
    const list = () => functionList({ functions: all, showFunction, signal: shown.signal });
    return [part('Functions', number(all.count - info.importedFunctions), list, { open: true })];
  }

  store.watch(['wasm', 'plan'], ({ wasm, plan }) => {
    shown.abort();
    shown = new AbortController();
    const has = wasm !== null && plan !== null;
    host.hidden = !has;
    if (has) byId('module').hidden = true; // that of JSRS programs, whose code may still be on its way, leaves its place
    host.replaceChildren(...(has ? build(wasm, plan) : []));
    host.scrollTop = 0;
  });
  store.watch(['options'], ({ options }) => missingPart.setStub(options.guest.stub));
  signal.addEventListener('abort', () => shown.abort());
  return { focus: () => host.focus() };
}

/** What the module imports and exports. @param {WasmInfo} info @param {Plan} plan @param {TableParts} parts */
function interfaceParts(info, plan, parts) {
  const { imports, exports } = info;
  const open = { open: true };
  const nodes = [];
  if (imports.length > 0)
    nodes.push(part('Imports', importsNote(info, plan), () => importsTable(info, plan, parts), open));
  if (exports.length > 0)
    nodes.push(part('Exports', countNote(info, 'exports'), () => exportsTable(info, parts), open));
  return nodes;
}

/** What the module consists of. @param {WasmInfo} info @param {AbortSignal} signal */
function contentParts(info, signal) {
  const { memories, tables, globals, tags, data, elements, types, custom, omitted } = info;
  const nodes = [part('Sections', countNote(info, 'sections'), () => sectionsTable(info, signal), { open: true })];
  if (memories.length + tables.length + globals.length + tags.length > 0)
    nodes.push(part('Memories, tables, globals and tags', spacesNote(info), () => spacesTable(info, signal)));
  if (data.length + elements.length > 0) {
    const dataNote = counted(data.length + (omitted.data ?? 0), 'data segment');
    const note = `${dataNote}, ${counted(elements.length + (omitted.elements ?? 0), 'element segment')}`;
    nodes.push(part('Segments', note, () => segmentsTable(info, signal)));
  }
  if (types.length > 0) nodes.push(part('Types', countNote(info, 'types'), () => typesTable(info, signal)));
  if (custom.length > 0)
    nodes.push(part('Custom sections', countNote(info, 'custom'), () => customTable(info, signal)));
  return nodes;
}

/** How many there are, and how many of them are listed. @param {WasmInfo} info @param {'imports' | 'exports' | 'sections' | 'types' | 'custom'} name */
function countNote(info, name) {
  const listed = info[name].length;
  const left = info.omitted[name] ?? 0;
  return left > 0 ? `${number(listed + left)}, the first ${number(listed)} shown` : number(listed);
}

/** How many imports, of whom, and who serves them. @param {WasmInfo} info @param {Plan} plan */
function importsNote(info, plan) {
  const unserved = plan.imports.filter(({ fate }) => !isServed(fate)).length;
  const from = commonModule(info) === '' ? '' : ` of ${cutName(info.imports[0].module, 40)}`;
  const server = onlyServer(plan);
  const served = unserved > 0 ? `, ${number(unserved)} not served` : server === '' ? '' : `, all served by ${server}`;
  return `${countNote(info, 'imports')}${from}${served}`;
}
