// Service worker, for two things. It adds the headers that isolate the page (shared memory needs them) where the host does
// not send them; and it keeps the page's files, so that the page works without a connection after the first visit.
//
// index.html comes from the network whenever there is one. All other files have their content's hash in their names, so
// whichever build a kept file is of, it is the right one; therefore a new service worker may take over at once, and pages
// of an older build still find their late chunks as long as that build is kept. BUILD is put in by build.mjs.

/**
 * What is used of ServiceWorkerGlobalScope, which TypeScript's DOM library does not have.
 * @typedef {Event & { waitUntil: (work: Promise<unknown>) => void }} LastingEvent
 * @typedef {LastingEvent & { request: Request, respondWith: (response: Promise<Response>) => void }} FetchEvent
 * @typedef {LastingEvent & { data: any, source: { postMessage: (message: unknown) => void } | null }} ClientMessage
 * @typedef {object} Scope
 * @property {{ scope: string }} registration
 * @property {{ claim: () => Promise<void>, matchAll: (options: object) => Promise<{ url: string }[]> }} clients
 * @property {() => Promise<void>} skipWaiting
 * @property {(type: string, listener: (event: any) => void) => void} addEventListener
 */

const worker = /** @type {Scope} */ (/** @type {unknown} */ (self));
const SCOPE = new URL(worker.registration.scope);
/** Caches are per host, which may hold other pages than ours: the folder is part of the name. */
const PREFIX = `jsrust ${SCOPE.href} `;
const CACHE = PREFIX + BUILD.version;
const HASHED = /[.-](?:[A-Z0-9]{8}|[0-9a-f]{12})\.[a-z0-9]+$/;
/** Older builds kept while other tabs may be of them. */
const OLDER_BUILDS = 3;
const AT_ONCE = 3;

const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

worker.addEventListener('install', (/** @type {LastingEvent} */ event) => event.waitUntil(install()));
worker.addEventListener('activate', (/** @type {LastingEvent} */ event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener('message', (/** @type {ClientMessage} */ event) => {
  if (event.data?.type !== 'fill') return;
  event.waitUntil(fill(event.data.main).then((complete) => event.source?.postMessage({ type: 'filled', complete })));
});
worker.addEventListener('fetch', (/** @type {FetchEvent} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== SCOPE.origin || !pathname.startsWith(SCOPE.pathname)) return;
  const name = pathname.slice(SCOPE.pathname.length);
  if (name === '' || name === 'index.html') event.respondWith(page(request));
  else if (HASHED.test(name)) event.respondWith(file(request));
});

/** Keeps what a first run needs; most of it has just been loaded and comes out of the browser's own cache. */
async function install() {
  const index = await fetch(SCOPE, { cache: 'no-cache' });
  // A host that is being updated may give this script and the page of different builds: then a later visit installs.
  if (!index.ok || !(await index.clone().text()).includes(BUILD.main))
    throw new Error('index.html is of another build');
  await put(SCOPE.href, index);
  await keepAll(BUILD.first);
  await worker.skipWaiting();
}

/**
 * Keeps the rest, asked for by the page when it has nothing better to do, and lets go of older builds.
 * @param {unknown} main which build the page is of, by the name of its main script
 * @returns {Promise<boolean>} whether everything is there
 */
async function fill(main) {
  const complete = await keepAll([...BUILD.first, ...BUILD.rest]);
  const older = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const alone = windows.filter(({ url }) => url.startsWith(SCOPE.href)).length <= 1 && main === BUILD.main;
  const surplus = alone ? older : older.slice(0, -OLDER_BUILDS);
  await Promise.all(surplus.map((name) => caches.delete(name)));
  return complete;
}

/** @param {string[]} names @returns {Promise<boolean>} whether all of them are kept now */
async function keepAll(names) {
  const left = [...names];
  let complete = true;
  const some = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) complete = (await keep(name)) && complete;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, some));
  return complete;
}

/** Keeps a file, out of an older build's where it is the same. @param {string} name @returns {Promise<boolean>} */
async function keep(name) {
  const address = new URL(name, SCOPE).href;
  try {
    if (await kept(address, { cacheName: CACHE })) return true;
    const response = (await kept(address)) ?? (await fetch(address));
    return response.ok && (await put(address, response));
  } catch {
    return false; // no connection: the next visit goes on
  }
}

/** @param {string} address @param {Response} response @returns {Promise<boolean>} */
async function put(address, response) {
  try {
    await (await caches.open(CACHE)).put(address, response);
    return true;
  } catch {
    return false; // the quota, or no storage at all: everything else still works
  }
}

/** @param {string} address @param {MultiCacheQueryOptions} [where] @returns {Promise<Response | undefined>} */
async function kept(address, where = {}) {
  return caches.match(address, { ignoreVary: true, ...where }).catch(() => undefined);
}

/** The page itself: never an old one while there is a connection. @param {Request} request @returns {Promise<Response>} */
async function page(request) {
  const ours = async () => (await kept(SCOPE.href, { cacheName: CACHE })) ?? (await kept(SCOPE.href));
  try {
    const response = await fetch(request, { cache: 'no-cache' });
    return isolated(response.status >= 500 ? ((await ours()) ?? response) : response);
  } catch (fault) {
    const response = await ours();
    if (!response) throw fault;
    return isolated(response);
  }
}

/** @param {Request} request @returns {Promise<Response>} */
async function file(request) {
  const address = request.url;
  const found = (await kept(address, { cacheName: CACHE })) ?? (await kept(address));
  return isolated(found ?? (await fetch(request)));
}

/** The same with the headers that are not there. @param {Response} response */
function isolated(response) {
  if (response.status === 0) return response; // a redirection, which the browser follows itself
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) if (!headers.has(name)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
