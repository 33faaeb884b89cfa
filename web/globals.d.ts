// What build.mjs puts in place of names when it bundles main.js.
declare const WORKER_FILE: string;
declare const BACKEND_FILE: string;
declare const EXAMPLES: import('./gallery.js').Example[];
