/**
 * What the inspector says of a WebAssembly module, as types only: the JSON that backend/wasm/describe.c writes.
 * Offsets and sizes are bytes of the file. Value types are spelt as in the text format: `i32`, `funcref`, `(ref null 3)`.
 * Names and texts come from the file: any characters, never to be taken for markup.
 */

/** @typedef {'function' | 'table' | 'memory' | 'global' | 'tag'} ExternKind */

/**
 * @typedef {object} WasmInfo
 * @property {number} version 1
 * @property {number} size of the file
 * @property {WasmSection[]} sections in the file's order, custom ones too
 * @property {string[]} types in the text format: `(func (param i32) (result i64))`, `(struct (field (mut i32)))`
 * @property {WasmImport[]} imports at most 100,000
 * @property {WasmExport[]} exports at most 100,000
 * @property {WasmMemory[]} memories imported ones first, as in all lists with an index
 * @property {WasmTable[]} tables
 * @property {WasmGlobal[]} globals
 * @property {WasmTag[]} tags
 * @property {WasmFunction[]} functions defined ones, the first 5,000; `ModuleTools.functions` gives more
 * @property {number} importedFunctions how many; the first defined function has this index
 * @property {number | null} start index of the start function
 * @property {WasmElements[]} elements
 * @property {WasmData[]} data
 * @property {{ name: string, offset: number, size: number }[]} custom custom sections: where their content lies, without the name
 * @property {string | null} moduleName from the name section
 * @property {{ field: string, name: string, version: string }[]} producers fields are `language`, `processed-by`, `sdk`
 * @property {string[]} features names of proposals that code and sections really use, of backend/wasm/features.def
 * @property {string[]} targetFeatures as the toolchain wrote them down: `+simd128`
 * @property {number | null} dataCount of the data count section
 * @property {Record<string, number>} omitted by list name, how many items it lacks; lists that are whole are not named
 */
/**
 * @typedef {object} WasmSection
 * @property {number} id 0 = custom
 * @property {string} name `type`, `import`, ...; of a custom section its own
 * @property {number} offset of the content
 * @property {number} size of the content
 * @property {number | null} count of its items, where it has items
 */
/**
 * A function has `params` and `results` too, and its type is as in `(i32, i64) -> (i32)`. A global's is `i32` or `mut i32`;
 * a memory's and a table's `1..16 shared`, `10..5000 pagesize 1`, `10.. i64 funcref`; a tag's as a function's.
 * @typedef {{ module: string, name: string, kind: ExternKind, type: string, index: number, params?: string[],
 *   results?: string[] }} WasmImport
 */
/** @typedef {{ name: string, kind: ExternKind, index: number, type: string, params?: string[], results?: string[] }} WasmExport */
/**
 * Sizes in pages. They are exact up to 2^53.
 * @typedef {object} WasmMemory
 * @property {number} index
 * @property {boolean} imported
 * @property {string | null} name
 * @property {number} initial
 * @property {number | null} maximum
 * @property {boolean} shared
 * @property {boolean} is64
 * @property {number} [pageSize] bytes, where they are not 65,536
 */
/**
 * @typedef {{ index: number, imported: boolean, name: string | null, type: string, initial: number,
 *   maximum: number | null, is64: boolean }} WasmTable
 */
/**
 * @typedef {object} WasmGlobal
 * @property {number} index
 * @property {boolean} imported
 * @property {string | null} name
 * @property {string} type
 * @property {boolean} mutable
 * @property {string | null} init the initial value in the text format, `i32.const 5`; null for an imported one
 */
/** @typedef {{ index: number, imported: boolean, name: string | null, type: string }} WasmTag */
/**
 * @typedef {object} WasmFunction
 * @property {number} index among all functions
 * @property {string | null} name from the name section
 * @property {string} type `(i32, i64) -> (i32)`
 * @property {number} offset of its body
 * @property {number} size of its body
 * @property {number} locals without the parameters
 * @property {number} instructions
 */
/**
 * `offset` is the address in the text format, null where there is none.
 * @typedef {{ mode: 'active' | 'passive' | 'declared', table: number | null, offset: string | null, type: string,
 *   count: number }} WasmElements
 */
/**
 * @typedef {{ mode: 'active' | 'passive', memory: number | null, offset: string | null, size: number }} WasmData
 */

/**
 * What is wrong with a module.
 * @typedef {object} WasmFault
 * @property {string} section the section's name; `header` for the first eight bytes
 * @property {number | null} offset
 * @property {string} message a sentence without capital and stop
 * @property {number | null} function index of the function, where it is in code
 * @property {boolean} component whether it is no module but a component, which the component model (WASI 0.2) uses
 */

export {};
