// What the terminal costs a program: printing, moving, publishing a frame, reading one.
import { createScreenBuffer, Screen, ScreenReader } from '../../runner/terminal/screen.js';
import { figure, leastOfRounds, printTable } from './measure.mjs';

const ROUNDS = 9;
const CALLS = 100_000;
const encoder = new TextEncoder();

/** Nanoseconds per call of the fastest round. */
async function nanoseconds(/** @type {Record<string, () => void>} */ subjects, calls = CALLS) {
  const timed = Object.fromEntries(
    Object.entries(subjects).map(([name, call]) => [
      name,
      () => {
        const start = performance.now();
        for (let count = 0; count < calls; count++) call();
        return ((performance.now() - start) * 1e6) / calls;
      },
    ]),
  );
  return leastOfRounds(timed, ROUNDS);
}

export async function benchTerminal() {
  const buffer = createScreenBuffer(true, { columns: 120, rows: 40 });
  const screen = new Screen(buffer);
  const reader = new ScreenReader(buffer);
  const memory = new Uint8Array(1 << 16);
  const text = (/** @type {string} */ content, /** @type {number} */ at) => {
    const bytes = encoder.encode(content);
    memory.set(bytes, at);
    return at + bytes.length;
  };
  const ascii = text('0123456789', 0);
  const wide = text('漢字かなカナ漢字かな', 100);
  const box = text('┌────────┐', 200);
  const line = text(`${'x'.repeat(120)}`, 300);
  const scrolls = text('line of text\n', 600);
  let row = 0;
  const at = () => screen.moveTo(0, (row = (row + 1) % 40));
  const full = () => {
    for (let each = 0; each < 40; each++) {
      screen.moveTo(0, each);
      screen.print(memory, 300, line);
    }
  };
  const cheap = await nanoseconds({
    'print 10 ASCII characters': () => (at(), screen.print(memory, 0, ascii)),
    'print 10 box drawing characters': () => (at(), screen.print(memory, 200, box)),
    'print 10 wide characters': () => (at(), screen.print(memory, 100, wide)),
    'print a line that scrolls 120x40': () => screen.print(memory, 600, scrolls),
    size: () => void screen.size(),
    setColor: () => void screen.setColor('red'),
  });
  const dear = await nanoseconds(
    {
      'draw 120x40': full,
      'draw and publish 120x40': () => (full(), screen.flush()),
      'publish one changed row of 120x40': () => (at(), screen.print(memory, 0, ascii), screen.flush()),
      'take a frame': () => (screen.flush(), void reader.frame()),
      'snapshot 120x40 as a message': () => (full(), screen.flush(), void screen.snapshot()),
    },
    2_000,
  );
  const rows = Object.entries({ ...cheap, ...dear }).map(([name, value]) => [name, figure(value)]);
  printTable('The terminal, per call', [['', 'ns'], ...rows]);
}
