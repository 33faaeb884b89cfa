// Whether this Node has the browsers' streams that compress as web/deflate.js wants them.

export function hasStreams() {
  try {
    return Boolean(new CompressionStream('deflate-raw'));
  } catch {
    return false; // Node before 20.12
  }
}
