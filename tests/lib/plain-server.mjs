// A static host as people rent them: it sends files with their types and no header of ours. What it serves can change
// while it runs, and it can go away.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/**
 * Serves a folder below a path such as `/some/where/`.
 * @param {string} root
 * @param {string} prefix
 */
export async function servePlainly(root, prefix) {
  /** `missing`: names that are not there. @type {{ root: string, missing: RegExp | null }} */
  const host = { root, missing: null };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const name = pathname.startsWith(prefix) ? normalize(pathname.slice(prefix.length) || 'index.html') : '..';
    const gone = name.startsWith('..') || host.missing?.test(name);
    const body = gone ? null : await readFile(join(host.root, name)).catch(() => null);
    if (!body) return response.writeHead(404).end();
    // Ten minutes, as a well-known host says of everything: it must not make the page stale.
    const headers = {
      'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
      'Cache-Control': 'max-age=600',
    };
    response.writeHead(200, headers).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    host,
    /** @returns {Promise<void>} once nothing answers any more */
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
