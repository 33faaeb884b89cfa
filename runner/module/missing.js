/**
 * What keeps a module from being linked, as a report: each import that nobody serves, with the reason.
 */
import { CODE, hostReport } from '../result.js';
import { importText, missingOf } from './plan.js';
import { mayBeLinked } from './reasons.js';

/** @import { Report } from '../result.js' */
/** @import { Plan, PlannedImport } from './plan.js' */

/** Missing imports named in a sentence; the inspector shows all. */
const NAMED = 20;
/** Where each of them says that it needs another host. */
const HELP_OWN_HOST =
  'Build it for one of the worlds served here (WASI preview 1, Aver, JSRust), or let stubs stand in.';
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
  const help = modulesToLink(missing).size > 0 ? HELP : HELP_OWN_HOST;
  const count = missing.length === 1 ? 'an import is missing' : `${missing.length} imports are missing`;
  return hostReport(CODE.VALIDATE, `${count}: ${[...named, ...more].join('; ')}`, help);
}

/** The modules, by the names that imports have for them, which somebody may bring. @param {PlannedImport[]} missing */
export function modulesToLink(missing) {
  return new Set(missing.filter(({ cause }) => cause && mayBeLinked(cause)).map(({ module }) => module));
}

/** @param {Plan} plan @param {PlannedImport} each @param {PlannedImport} [before] whose reason is not said twice */
function itemText(plan, each, before) {
  const asker = plan.linked.find((linked) => linked.plan.imports.includes(each));
  const name = `${asker ? `${asker.file} needs ` : ''}${importText(each)}`;
  return `${name}: ${before?.reason === each.reason ? 'likewise' : each.reason.replace(/\.$/, '')}`;
}
