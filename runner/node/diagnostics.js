/**
 * Reports as people read them in a terminal: `error[kind]: message`, the place, the calls that led there, what to do.
 */

import { oneLine } from '../visible.js';

/** @import { Position, Report } from '../result.js' */

/** @param {Report} report @returns {string} lines, each with its end */
export function errorText(report) {
  const lines = [`error[${report.kind}]: ${report.message}`];
  if (report.position) lines.push(`  at ${placeText(report.position)}`);
  if (report.position?.text) lines.push(`     ${report.position.text}`);
  const callers = report.stack.slice(1);
  const cut = Math.floor(report.stack.length / 2) - 1;
  callers.forEach((frame, i) => {
    if (report.omitted !== null && report.omitted > 0 && i === cut)
      lines.push(`  ... ${report.omitted} calls more ...`);
    lines.push(`  called from ${placeText(frame)}`);
  });
  if (report.omitted === null) lines.push('  ... and more ...');
  if (report.help) lines.push(`  help: ${report.help}`);
  return lines.map((line) => `${oneLine(line)}\n`).join('');
}

/** @param {Position} position */
function placeText({ function: name, block, instruction, offset }) {
  const parts = [];
  if (name !== null) parts.push(name);
  if (block !== null) parts.push(`block ${block}`);
  if (instruction !== null) parts.push(`instruction ${instruction}`);
  const place = parts.join(', ');
  if (offset === null) return place;
  return place === '' ? `byte offset ${offset}` : `${place} (byte offset ${offset})`;
}
