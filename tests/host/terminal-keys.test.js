// The key table in each direction (aver-abi.md 6.3): browser events, bytes of a TTY, names on the command line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ansiKey,
  averKey,
  averKeyOfTty,
  averKeysOfText,
  KEYS,
  parseKeys,
  press,
  pressOfEvent,
} from '../../runner/terminal/keys.js';
import { KeyParser } from '../../runner/terminal/sequences.js';

const encoder = new TextEncoder();
const NOTHING = null;

/** [what, event, Aver's name, bytes in raw mode] */
const EVENTS = /** @type {[string, any, string | null, string | null][]} */ ([
  ['arrow up', { key: 'ArrowUp' }, 'up', '\x1b[A'],
  ['arrow down', { key: 'ArrowDown' }, 'down', '\x1b[B'],
  ['arrow left', { key: 'ArrowLeft' }, 'left', '\x1b[D'],
  ['arrow right', { key: 'ArrowRight' }, 'right', '\x1b[C'],
  ['escape', { key: 'Escape' }, 'esc', '\x1b'],
  ['enter', { key: 'Enter' }, 'enter', '\r'],
  ['enter with Shift', { key: 'Enter', shiftKey: true }, 'enter', '\r'],
  ['an arrow with Shift', { key: 'ArrowUp', shiftKey: true }, 'up', '\x1b[1;2A'],
  ['an arrow with Ctrl', { key: 'ArrowRight', ctrlKey: true }, NOTHING, '\x1b[1;5C'],
  ['Alt and left goes back in browsers', { key: 'ArrowLeft', altKey: true }, NOTHING, '\x1b[1;3D'],
  ['Command and left, too', { key: 'ArrowLeft', metaKey: true }, NOTHING, NOTHING],
  ['a letter', { key: 'a' }, 'a', 'a'],
  ['a shifted letter', { key: 'A', shiftKey: true }, 'A', 'A'],
  ['space', { key: ' ' }, ' ', ' '],
  ['an umlaut', { key: 'ä' }, 'ä', 'ä'],
  ['outside the BMP', { key: '😀' }, '😀', '😀'],
  ['AltGr types', { key: '@', ctrlKey: true, altKey: true, getModifierState: () => true }, '@', '@'],
  ['Ctrl+C', { key: 'c', ctrlKey: true }, 'esc', '\x03'],
  ['Ctrl+C with caps lock', { key: 'C', ctrlKey: true }, 'esc', '\x03'],
  ['Ctrl+Shift+C copies', { key: 'C', ctrlKey: true, shiftKey: true }, NOTHING, '\x03'],
  ['Command+C copies', { key: 'c', metaKey: true }, NOTHING, NOTHING],
  ['Ctrl+R reloads', { key: 'r', ctrlKey: true }, NOTHING, '\x12'],
  ['Ctrl+Space', { key: ' ', ctrlKey: true }, NOTHING, '\0'],
  ['Ctrl+[', { key: '[', ctrlKey: true }, NOTHING, '\x1b'],
  ['Alt+D', { key: 'd', altKey: true }, NOTHING, '\x1bd'],
  ['Tab', { key: 'Tab' }, NOTHING, '\t'],
  ['Shift+Tab', { key: 'Tab', shiftKey: true }, NOTHING, '\x1b[Z'],
  ['Backspace', { key: 'Backspace' }, NOTHING, '\x7f'],
  ['Ctrl+Backspace', { key: 'Backspace', ctrlKey: true }, NOTHING, '\b'],
  ['Delete', { key: 'Delete' }, NOTHING, '\x1b[3~'],
  ['Home', { key: 'Home' }, NOTHING, '\x1b[H'],
  ['End with Ctrl', { key: 'End', ctrlKey: true }, NOTHING, '\x1b[1;5F'],
  ['Page up', { key: 'PageUp' }, NOTHING, '\x1b[5~'],
  ['Page down with Shift and Alt', { key: 'PageDown', shiftKey: true, altKey: true }, NOTHING, '\x1b[6;4~'],
  ['F1', { key: 'F1' }, NOTHING, '\x1bOP'],
  ['F1 with Shift', { key: 'F1', shiftKey: true }, NOTHING, '\x1b[1;2P'],
  ['F12', { key: 'F12' }, NOTHING, '\x1b[24~'],
  ['a modifier alone', { key: 'Shift', shiftKey: true }, NOTHING, NOTHING],
  ['a media key', { key: 'AudioVolumeUp' }, NOTHING, NOTHING],
]);

for (const [what, event, aver, ansi] of EVENTS) {
  test(`browser: ${what}`, () => {
    const pressed = pressOfEvent(event);
    assert.ok(pressed);
    assert.equal(averKey(pressed), aver);
    assert.equal(ansiKey(pressed), ansi);
  });
}

test('browser: what is being composed is no key yet', () => {
  for (const event of [{ key: 'a', isComposing: true }, { key: 'Process' }, { key: 'Dead' }, { key: 'Unidentified' }]) {
    assert.equal(pressOfEvent(event), null);
  }
});

test('cursor keys in application mode', () => {
  assert.equal(ansiKey(press('ArrowUp'), true), '\x1bOA');
  assert.equal(ansiKey(press('ArrowUp', { ctrl: true }), true), '\x1b[1;5A');
});

/** [bytes, keys that an Aver program gets] */
const TTY = /** @type {[string, string[]][]} */ ([
  ['abc', ['a', 'b', 'c']],
  ['ä€😀', ['ä', '€', '😀']],
  ['\x1b[A\x1b[B\x1b[C\x1b[D', ['up', 'down', 'right', 'left']],
  ['\x1bOA\x1bOB\x1bOC\x1bOD', ['up', 'down', 'right', 'left']],
  ['\x1b[1;5A\x1b[1;2D', ['up', 'left']],
  ['\r', ['enter']],
  ['\n', ['enter']],
  ['\x03', ['esc']],
  ['\x01\x02\x04\x1a\x1c\0', []],
  ['\t\x7f\x08\x1b[Z', []],
  ['\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[3~\x1b[5~\x1b[6~\x1bOH', []],
  ['\x1bOP\x1b[15~\x1b[24;2~\x1b[[Ax', ['x']],
  ['\x1bx', ['x']],
  ['\x1bä', ['ä']],
  ['\x1b\x1b[A', ['esc', 'up']],
  ['\x1b[97u\x1b[97:65;2u\x1b[27u\x1b[13u', ['a', 'A', 'esc', 'enter']],
  ['\x1b[99;5u\x1b[114;5u', ['esc']],
  ['\x1b[97;1:3u\x1b[1;1:3A\x1b[1;1:2A', ['up']],
  ['\x1b[57419u\x1b[57400u\x1b[57414u\x1b[57441u\x1b[55296u\x1b[99999999u', ['up', '1', 'enter']],
  ['\x1b[27;5;99~\x1b[27;2;65~', ['esc', 'A']],
  ['\x1bOM\x1bOu\x1bOk', ['enter', '5', '+']],
  ['\x1bO5A', ['up']],
  ['\x1b[200~a\tb\r\nc\n\x1b[201~\r', ['a', 'b', 'enter', 'c', 'enter', 'enter']],
  ['\x1b[200~\x1b[A\x1bz\x1b[201~x', ['z', 'x']],
  ['\x1b[M !!a\x1b[<0;1;1Mb\x1b[I\x1b[Oc', ['a', 'b', 'c']],
  ['\x1b[?62;1c\x1b]10;rgb:0/0/0\x07a\x1bP1$r\x1b\\b', ['a', 'b']],
  [`\x1b[${'1'.repeat(500)}Ax`, []],
]);

const namesOf = (/** @type {import('../../runner/terminal/keys.js').KeyPress[]} */ keys) =>
  keys.map(averKeyOfTty).filter((name) => name !== null);

for (const [sent, expected] of TTY.slice(0, -1)) {
  test(`TTY: ${JSON.stringify(sent)}`, () => {
    const bytes = encoder.encode(sent);
    assert.deepEqual(namesOf(new KeyParser().push(bytes)), expected);
    for (let size = 1; size < 4; size++) {
      const parser = new KeyParser();
      const names = [];
      for (let at = 0; at < bytes.length; at += size)
        names.push(...namesOf(parser.push(bytes.subarray(at, at + size))));
      assert.deepEqual(names, expected, `in pieces of ${size}`);
      assert.equal(parser.pending, false);
    }
  });
}

test('TTY: an endless sequence is given up, and what follows it is text', () => {
  const names = namesOf(new KeyParser().push(encoder.encode(/** @type {string} */ (TTY.at(-1)?.[0]))));
  assert.equal(names.at(-1), 'x');
});

test('TTY: a lone ESC is a key when nothing follows', () => {
  for (const [sent, expected] of [
    ['\x1b', 'esc'],
    ['\x1b[', '['],
    ['\x1bO', 'O'],
  ]) {
    const parser = new KeyParser();
    assert.deepEqual(namesOf(parser.push(encoder.encode(sent))), []);
    assert.equal(parser.pending, true);
    assert.deepEqual(namesOf(parser.flush()), [expected]);
    assert.equal(parser.pending, false);
    assert.deepEqual(namesOf(parser.push(encoder.encode('a'))), ['a']);
  }
  const twice = new KeyParser();
  assert.deepEqual(namesOf([...twice.push(encoder.encode('\x1b\x1b')), ...twice.flush()]), ['esc', 'esc']);
});

test('what ansiKey sends, the parser reads', () => {
  for (const { key } of KEYS) {
    for (const modifiers of [{}, { shift: true }, { ctrl: true }, { alt: true }, { ctrl: true, shift: true }]) {
      const pressed = press(key, modifiers);
      const parser = new KeyParser();
      const [read] = [...parser.push(encoder.encode(ansiKey(pressed) ?? '')), ...parser.flush()].slice(-1);
      assert.equal(read?.key, key, JSON.stringify(pressed));
    }
  }
});

test('committed and pasted text is one key per code point', () => {
  assert.deepEqual([...averKeysOfText('é😀\n \t\x07x')], ['é', '😀', 'enter', ' ', 'x']);
  assert.deepEqual([...averKeysOfText('e\u0301')], ['e', '\u0301']);
});

test('names on the command line', () => {
  assert.deepEqual(parseKeys('up,down,left,right,esc,enter'), {
    keys: ['up', 'down', 'left', 'right', 'esc', 'enter'],
  });
  assert.deepEqual(parseKeys('a,space,comma,Z,😀,ä'), { keys: ['a', ' ', ',', 'Z', '😀', 'ä'] });
  assert.deepEqual(parseKeys(''), { keys: [] });
  for (const wrong of ['tab', 'ab', 'up,,down', 'Up', '\x01', 'toString', 'e\u0301']) {
    assert.ok('error' in parseKeys(wrong), wrong);
  }
  const fault = parseKeys('up,tab');
  assert.match('error' in fault ? fault.error : '', /^no key "tab": up, down/);
});
