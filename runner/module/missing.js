/**
 * What keeps a module from being linked, as a report: each import that nobody serves, with the reason.
 */
import { CODE, hostReport } from '../result.js';
import { importText, missingOf } from './plan.js';

/** @import { Report } from '../result.js' */
/** @import { Plan, PlannedImport } from './plan.js' */

/** Missing imports named in a sentence; the inspector shows all. */
const NAMED = 20;
const HELP =
  'Link the module that exports them (`--preload NAME=FILE`, option `modules`), build it for one of the worlds served ' +
  'here (WASI preview 1, Aver, JSRust), or let stubs stand in.';

/**
 * What keeps a module from being run, if stubs do not stand in; null = nothing does.
 * @param {Plan} plan
 * @returns {Report | null}
 */
export function missingReport(plan) {
  const missing = missingOf(plan);
  if (missing.length === 0) return null;
  const named = missing.slice(0, NAMED).map((each, index) => itemText(plan, each, missing[index - 1]));
  const more = missing.length > NAMED ? [`and ${missing.length - NAMED} more`] : [];
  const count = missing.length === 1 ? 'an import is missing' : `${missing.length} imports are missing`;
  return hostReport(CODE.VALIDATE, `${count}: ${[...named, ...more].join('; ')}`, HELP);
}

/** @param {Plan} plan @param {PlannedImport} each @param {PlannedImport} [before] whose reason is not said twice */
function itemText(plan, each, before) {
  const asker = plan.linked.find((linked) => linked.plan.imports.includes(each));
  const name = `${asker ? `${asker.file} needs ` : ''}${importText(each)}`;
  return `${name}: ${before?.reason === each.reason ? 'likewise' : each.reason.replace(/\.$/, '')}`;
}
