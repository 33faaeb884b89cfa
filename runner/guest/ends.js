/**
 * The ways in which import functions end a run: thrown through the guest's frames, and told by guest/outcome.js.
 */

/** The program ended itself with an exit status. */
export class GuestExit extends Error {
  /** @param {number} status as the program gave it, unsigned */
  constructor(status) {
    super(`exit ${status}`);
    this.status = status;
  }
}

/** The run is to end: it was stopped, or reached a limit. */
export class GuestStopped extends Error {
  /** @param {string} message a sentence without capital and stop @param {string} help what to do */
  constructor(message, help) {
    super(message);
    this.help = help;
  }
}

/** The program has printed as much as it may. */
export class OutputLimit extends GuestStopped {
  /** @param {number} bytes */
  constructor(bytes) {
    super(`output limit reached (${bytes} bytes)`, 'Raise the output limit to let it print more.');
    this.bytes = bytes;
  }
}

/** What the program was to be given is not to be had, a folder say. The message is a sentence. */
export class GuestUnserved extends Error {}

/** The guest asked for what ends it as a trap does: a signal raised, an import that nobody serves. */
export class GuestTrap extends Error {}
