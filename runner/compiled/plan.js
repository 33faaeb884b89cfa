/**
 * The plan of a run (module/plan.js) for a module that our own generator has just made: what it imports and exports is
 * known, so that the module reader need not be brought in for it.
 */

/** @import { Abi } from '../guest/types.js' */
/** @import { Plan, PlannedImport } from '../module/plan.js' */

/**
 * @param {WebAssembly.Module} module
 * @param {Abi} abi that of its imports
 * @param {boolean} givesExitValue whether its entry returns one
 * @param {number} memoryBytes the most that its memory can have
 * @returns {Plan}
 */
export function planGenerated(module, abi, givesExitValue, memoryBytes) {
  return {
    kind: 'generated',
    moduleName: '',
    title: 'JSRust module',
    imports: WebAssembly.Module.imports(module).map((each) => planImport(each, abi)),
    exports: { main: givesExitValue ? ['i64'] : [] },
    callable: true,
    names: {},
    entry: 'main',
    entryFault: '',
    memoryBytes,
    memoryAtStart: null,
    memoryGrows: true,
    ...{ startsItself: false, reactor: false },
    ...{ usesScreen: false, readsLines: false, readsKeys: false, usesFiles: false },
    linked: [],
  };
}

/** @param {WebAssembly.ModuleImportDescriptor} descriptor @param {Abi} abi @returns {PlannedImport} */
function planImport({ module, name }, abi) {
  const { type } = abi.table[name];
  const [parameters, results] = type.split('->').map((side) => side.split(' ').filter(Boolean));
  const served = /** @type {const} */ ({ fate: 'abi', by: abi.title, reason: '', cause: null, limits: null });
  return { module, name, kind: 'function', type, parameters, results, ...served };
}
