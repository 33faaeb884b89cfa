/**
 * Standard input of a module that does not draw: bytes as they come, lines where it is a terminal; with `raw` every key of
 * the terminal at once. However the process ends (but by SIGKILL) the terminal is as it was before.
 */

/** Ctrl+\: the way out of a program that takes every key and does not listen. */
const QUIT = 0x1c;

/**
 * @param {boolean} raw has no meaning where standard input is no terminal
 * @param {() => void} quit
 * @returns {{ bytes: AsyncIterable<Uint8Array>, close: () => void }} `close` may be called again
 */
export function standardInput(raw, quit) {
  const { stdin } = process;
  const isRaw = raw && stdin.isTTY === true;
  if (isRaw) {
    stdin.setRawMode(true);
    process.on('exit', restore);
  }
  return { bytes: isRaw ? keysOf(stdin, quit) : stdin, close };

  function close() {
    if (isRaw) restore();
    process.off('exit', restore);
    stdin.pause();
    stdin.unref?.();
  }

  function restore() {
    try {
      if (!stdin.destroyed) stdin.setRawMode(false);
    } catch {
      // It was closed from the other side.
    }
  }
}

/** @param {AsyncIterable<Uint8Array>} stdin @param {() => void} quit */
async function* keysOf(stdin, quit) {
  for await (const bytes of stdin) {
    if (bytes.includes(QUIT)) quit();
    else yield bytes;
  }
}
