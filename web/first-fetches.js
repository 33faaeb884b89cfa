// What a visit begins with is known before main.js has come and started: it is fetched now, all at once, and lies in the
// browser's cache when somebody asks for it. Else each part would wait for the one that asks, and a worker's parts for it.
// Only what will be used, as far as the address and what was open last say: nothing that only JSRS needs for a module,
// nothing for a file of the visitor's. (Links of the kind "preload" are the page's alone: the browser warns of workers'.)

/** @typedef {import('./settings.js').Settings['last']} Place */

/** @param {Place | undefined} last what was open last */
export function fetchFirst(last) {
  const asked = new URLSearchParams(location.search).get('example');
  /** @type {Place} */
  const place = history.state ?? last ?? { kind: 'example', name: STARTS[0].names[0] };
  // A link may hold its program.
  const known = location.hash.startsWith('#p=') || place?.kind !== 'example' ? '' : place.name;
  const name = asked || known;
  const start = STARTS.find(({ names }) => names.includes(name));
  for (const file of start?.files ?? []) fetchWhole(file.replace('*', name)).catch(() => {});
}

/** Half a response would keep whoever asks next waiting. @param {string} file */
async function fetchWhole(file) {
  await (await fetch(file)).arrayBuffer();
}
