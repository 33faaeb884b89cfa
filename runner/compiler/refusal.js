/**
 * How an answer is given up from its depths: with a report of what a program is at fault for, not we.
 */

/** @import { Report } from '../result.js' */

export class Refusal extends Error {
  /** @param {Report} report */
  constructor(report) {
    super(report.message);
    this.report = report;
  }
}
