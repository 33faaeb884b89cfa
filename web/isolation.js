// The page's side of isolation-worker.js: registers it, and tells whether the page is isolated, which shared memory needs. A
// host that sends the headers isolates the page at once; elsewhere the service worker does from the next load on, so that
// one reload on the first visit is worth it for a program that wants input.

/** @typedef {{ isolated: boolean, how: 'headers' | 'service worker' | 'none', canReload: boolean }} Isolation */

/** Noted before a reload: a page that is not isolated after it will not be after another. */
const TRIED = 'jsrust.isolation';
/** A service worker that has not taken over by then will not soon. */
const PATIENCE_MS = 10_000;

/** @param {() => boolean} nothingToLose whether a reload now would bring back all that is there */
export function createIsolation(nothingToLose) {
  const container = /** @type {ServiceWorkerContainer | undefined} */ (navigator.serviceWorker);
  /** @type {Promise<boolean> | null} */
  let registering = null;
  let refused = false;
  if (crossOriginIsolated) forgetTry();

  /** Registers once; never rejects. @returns {Promise<boolean>} */
  async function register() {
    registering ??= registration();
    refused = !(await registering);
    return !refused;
  }

  /** @returns {Promise<boolean>} */
  async function registration() {
    try {
      const found = await container?.register(FILES.serviceWorker, { updateViaCache: 'none' });
      if (!found) return false;
      // Browsers look for a new one after a load, but when they please.
      if (container?.controller) found.update().catch(() => {});
      return true;
    } catch {
      return false; // private windows of some browsers, storage switched off, no connection
    }
  }

  /** Has the present service worker keep the rest of the page's files. */
  function fill() {
    const main = /** @type {HTMLScriptElement | null} */ (document.querySelector('script[type=module]'));
    container?.controller?.postMessage({ type: 'fill', main: main?.src.split('/').pop() });
  }

  /** Waits until a service worker answers for this page. @returns {Promise<boolean>} */
  async function controlled() {
    if (!container || !(await register())) return false;
    if (container.controller) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), PATIENCE_MS);
      const taken = () => {
        clearTimeout(timer);
        resolve(true);
      };
      container.addEventListener('controllerchange', taken, { once: true });
    });
  }

  const canReload = () => !crossOriginIsolated && container !== undefined && isSecureContext && !refused && !wasTried();

  return {
    /** Registers, and has the page's files kept for use without a connection. */
    async start() {
      container?.addEventListener('controllerchange', fill);
      if (await register()) fill();
    },

    /** @returns {Promise<Isolation>} */
    async state() {
      const isolated = crossOriginIsolated;
      return { isolated, how: isolated ? await source() : 'none', canReload: canReload() };
    },

    /**
     * Makes the page isolated if that is possible without losing anything: the page is loaded again, once.
     * @returns {Promise<boolean>} true: it is already; false: it cannot be, now. Where the page is loaded again the
     *   promise stays open
     */
    async becomeIsolated() {
      if (crossOriginIsolated) return true;
      if (!canReload() || !nothingToLose() || !(await controlled())) return false;
      // The visitor went on meanwhile.
      if (!nothingToLose() || !noteTry()) return false;
      location.reload();
      return new Promise(() => {});
    },
  };
}

/** @typedef {ReturnType<typeof createIsolation>} IsolationControl */

/** Who isolates the page: the kept index.html has the headers that the host sent. @returns {Promise<'headers' | 'service worker'>} */
async function source() {
  const controller = navigator.serviceWorker?.controller;
  if (!controller) return 'headers';
  const page = await caches.match(new URL('.', controller.scriptURL).href, { ignoreVary: true }).catch(() => undefined);
  return !page || page.headers.has('Cross-Origin-Embedder-Policy') ? 'headers' : 'service worker';
}

function wasTried() {
  try {
    return sessionStorage.getItem(TRIED) !== null;
  } catch {
    return true; // without a memory of it there could be reload after reload
  }
}

/** @returns {boolean} whether it is noted */
function noteTry() {
  try {
    sessionStorage.setItem(TRIED, 'tried');
    return true;
  } catch {
    return false;
  }
}

function forgetTry() {
  try {
    sessionStorage.removeItem(TRIED);
  } catch {
    // Nothing was noted.
  }
}
