// What build.mjs puts in place of names when it bundles: in the page …
declare const FILES: {
  worker: string;
  /** Undefined where the build found none. */
  guestWorker?: string;
  backend: string;
  /** Undefined where `backend` can compile. */
  compiler?: string;
  /** Undefined where the build found none. */
  tools?: string;
  serviceWorker: string;
  /** Style sheets of the parts that are loaded late. */
  styles: Record<string, string>;
};
declare const EXAMPLES: import('./gallery.js').Example[];
// … in its boot script: what a visit begins with that opens one of these examples, whose name stands for a star …
declare const STARTS: { names: string[]; files: string[] }[];
// … and in the service worker: names of files, those of the first run apart.
declare const BUILD: { version: string; main: string; first: string[]; rest: string[] };
