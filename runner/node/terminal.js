/**
 * A drawing program on the process's own terminal: the screen and keys by Tty, lines by the terminal's own line mode
 * while the program asks for one. What it prints beside its screen is held until the screen is gone.
 */
import { Tty } from './tty.js';

/** @import { GuestRun } from '../guest/start-guest.js' */
/** @import { Waiting } from '../guest/types.js' */
/** @import { Output } from './host.js' */

export class Terminal {
  /** @type {Tty | null} */
  #tty = null;
  /** @type {GuestRun | null} */
  #guest = null;
  /** @type {{ stream: 1 | 2, content: Uint8Array | string }[]} */
  #held = [];
  #asksForLine = false;

  /** @param {GuestRun} guest with a screen */
  attach(guest) {
    this.#guest = guest;
    if (!guest.screen) return;
    this.#tty = new Tty(guest.screen, {
      onKey: (name) => void guest.key(name),
      onSize: (columns, rows) => guest.resize(columns, rows),
      onQuit: () => guest.stop(),
    });
    this.#tty.open();
  }

  /** @param {1 | 2} stream @param {Uint8Array | string} content */
  hold(stream, content) {
    this.#held.push({ stream, content });
  }

  /** A line is typed on the bare terminal, below what the screen shows. @param {Waiting} what */
  waiting(what) {
    const asks = what === 'line';
    if (asks === this.#asksForLine) return;
    this.#asksForLine = asks;
    if (asks) {
      this.#tty?.close({ keep: true });
      process.stdin.on('data', this.#typed);
      process.stdin.once('end', this.#ended);
      process.stdin.ref?.();
      process.stdin.resume();
    } else {
      this.#stopReading();
      this.#tty?.open();
    }
  }

  /** Gives the terminal back, then prints what was held. @param {Output} out @param {Output} err */
  async close(out, err) {
    if (this.#asksForLine) this.#stopReading();
    this.#tty?.close({ keep: true });
    process.stdin.pause();
    process.stdin.unref?.();
    for (const { stream, content } of this.#held) await (stream === 1 ? out : err).write(content);
  }

  #stopReading() {
    process.stdin.off('data', this.#typed);
    process.stdin.off('end', this.#ended);
    process.stdin.pause();
  }

  /** @param {Buffer} bytes */
  #typed = (bytes) => this.#guest?.input(bytes);

  #ended = () => this.#guest?.endInput();
}
