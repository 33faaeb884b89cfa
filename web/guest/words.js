// Words of a command line: blanks part them, quotes keep them together, a backslash takes the next character as it is.

/** Whether every quote is closed. @param {string} text */
export function isWhole(text) {
  return scan(text).quote === '';
}

/** @param {string} text @returns {string[]} */
export function splitWords(text) {
  return scan(text).words;
}

/** @param {string} text */
function scan(text) {
  /** @type {string[]} */
  const words = [];
  let word = '';
  let inWord = false;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '\\' && quote !== "'" && i + 1 < text.length) {
      word += text[++i];
      inWord = true;
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      inWord = true;
    } else if (/\s/.test(character)) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
    } else {
      word += character;
      inWord = true;
    }
  }
  if (inWord) words.push(word);
  return { words, quote };
}
