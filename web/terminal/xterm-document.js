/**
 * The document as xterm.js is to see it. It makes <style> elements and style attributes, which our content policy (style-src
 * 'self', without 'unsafe-inline') refuses and a static host cannot allow by a nonce. Style sheets made by script and styles
 * set through the CSSOM are allowed, so that is what it gets.
 */

/** @returns {Document} */
export function styleSafeDocument() {
  return new Proxy(document, {
    get(target, name) {
      if (name === 'createElement') return createElement;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/**
 * Opens a terminal that was made with `documentOverride: styleSafeDocument()`. A part of it takes the page's own document all
 * the same, but only while it is opened.
 * @param {import('@xterm/xterm').Terminal} terminal
 * @param {HTMLElement} element
 */
export function openStyleSafe(terminal, element) {
  document.createElement = createElement;
  try {
    terminal.open(element);
  } finally {
    // What is left is the prototype's.
    Reflect.deleteProperty(document, 'createElement');
  }
  keepRowsSafe(terminal);
}

/**
 * The DOM renderer's maker of rows has the page's own document, too, and sets style attributes for colours beyond the
 * palette. To be called when there is a new renderer. It reaches into version 6.0.0; an end-to-end test tells when that fails.
 * @param {import('@xterm/xterm').Terminal} terminal
 */
export function keepRowsSafe(terminal) {
  const rows = /** @type {any} */ (terminal)._core?._renderService?._renderer?.value?._rowFactory;
  if (rows) rows._document = styleSafeDocument();
}

/**
 * A style sheet for the whole document.
 * @param {string} text
 * @returns {{ replace: (text: string) => void, remove: () => void }}
 */
export function adoptStyle(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return {
    replace: (text) => sheet.replaceSync(text),
    remove: () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    },
  };
}

/** @param {string} name @returns {any} */
function createElement(name) {
  if (name === 'style') return createStyle();
  const element = Document.prototype.createElement.call(document, name);
  if (name === 'span') element.setAttribute = setAttribute;
  return element;
}

/** An element whose text becomes a style sheet. */
function createStyle() {
  const element = Document.prototype.createElement.call(document, 'span');
  element.hidden = true;
  const style = adoptStyle('');
  Object.defineProperty(element, 'textContent', { set: (text) => style.replace(text), get: () => '' });
  element.remove = () => {
    style.remove();
    Element.prototype.remove.call(element);
  };
  return element;
}

/** @this {HTMLElement} @param {string} name @param {string} value */
function setAttribute(name, value) {
  if (name === 'style') this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}
