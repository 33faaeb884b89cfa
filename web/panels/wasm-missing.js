// What keeps a module from running: the imports that nobody serves, with the reasons, and what can be done about it: linking
// modules that export them, or stubs.

import { modulesToLink } from '../../runner/module/missing.js';
import { number } from '../format.js';
import { linkable } from '../guest/linked.js';
import { importType } from '../guest/module-words.js';
import { cutName, nameNodes } from '../guest/names.js';
import { h } from '../ui/dom.js';
import { check } from './kit.js';

/** @import { PlannedImport, Plan } from '../../runner/module/plan.js' */
/** @import { GuestOptions } from '../state.js' */

/** Missing imports that stand at the top; the table of imports has all. */
const MISSING_SHOWN = 12;
/** Modules that can be chosen there. */
const LINKS_SHOWN = 4;
const LINK_HINT = 'A module that exports what is missing can be dropped here, too. It is kept with your recent files.';

/**
 * @param {(change: Partial<GuestOptions>) => void} applyGuest
 * @param {(name: string, file: File) => Promise<void>} linkFile
 */
export function createMissingPart(applyGuest, linkFile) {
  const stub = check('Let stubs stand in', 'They return zero, and their calls are logged.', (on) =>
    applyGuest({ stub: on }),
  );

  /** A module to link is chosen here, whatever its file is called. @param {string} name of the import module */
  function linkButton(name) {
    const input = h('input', {
      type: 'file',
      hidden: true,
      tabindex: '-1',
      'aria-label': `File for ${cutName(name, 40)}`,
    });
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      if (file) void linkFile(name, file);
    });
    const choose = { click: () => input.click() };
    const text = `Choose ${cutName(name, 40)}.wasm…`;
    return [h('button', { type: 'button', class: 'button', text, on: choose }), input];
  }

  /** @param {PlannedImport[]} missing @param {Plan} plan */
  function missingPart(missing, plan) {
    const wanted = modulesToLink(missing);
    const names = [...linkable(plan)].filter((name) => wanted.has(name)).slice(0, LINKS_SHOWN);
    const links = h(
      'p',
      { class: 'link-modules' },
      ...names.flatMap(linkButton),
      h('span', { class: 'dim', text: LINK_HINT }),
    );
    const items = missing.slice(0, MISSING_SHOWN).map((each, index, shown) =>
      h(
        'li',
        {},
        h(
          'span',
          { class: 'code' },
          ...importName(each, plan),
          ' ',
          h('span', { class: 'token-type', text: importType(each) }),
        ),
        // Neighbours of one reason share it.
        ...(shown[index + 1]?.reason === each.reason ? [] : [h('span', { class: 'reason', text: each.reason })]),
      ),
    );
    const more = missing.length - MISSING_SHOWN;
    if (more > 0) items.push(h('li', { class: 'dim', text: `and ${number(more)} more, marked under Imports` }));
    const title = missing.length === 1 ? 'An import is missing' : `${number(missing.length)} imports are missing`;
    return h(
      'section',
      { class: 'missing', 'aria-label': title },
      h('h2', { text: title }),
      ...(names.length > 0 ? [links] : []),
      stub.element,
      h('ul', {}, ...items),
    );
  }

  return {
    draw: missingPart,
    /** @param {boolean} on */
    setStub: (on) => void (stub.box.checked = on),
  };
}

/** With the linked module that asks for it, where it is not the program. @param {PlannedImport} each @param {Plan} plan */
function importName(each, { linked }) {
  const asker = linked.find(({ plan }) => plan.imports.includes(each));
  const name = nameNodes(`${each.module}.${each.name}`);
  return asker ? [h('span', { class: 'dim', text: `${cutName(asker.file, 40)} needs ` }), ...name] : name;
}
