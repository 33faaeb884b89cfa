// A recorded run that can be looked at in any order. One pass over the events (in slices) finds the steps, the activation
// and the value id that each event belongs to, and the stores: a few numbers per event, so a million events stay small.
// A view of step N then needs no replay: it walks back from N through its own activation only, jumping over finished
// calls, a few milliseconds for the longest recording. A step is one executed instruction of the file.

import { spelt } from '../../runner/visible.js';
import { parseInstruction } from '../ir/instruction.js';
import { slices } from '../pause.js';
import { EVENT, Events } from './events.js';
import { Numbers, countBelow } from './numbers.js';
import { spell } from './spell.js';

/** @import { Listing } from '../ir/listing.js' */
/** @import { Instruction } from '../ir/instruction.js' */

/**
 * One activation on the call stack. `event` is its ENTER, `site` the place it is at, `until` the last event of it that counts.
 * @typedef {{ event: number, functionIndex: number, name: string, site: number, until: number }} Frame
 */

const NONE = 0xffffffff;
const MOST_PARTS = 32;

/** What the pass knows of an activation that has not ended. */
class Activation {
  /** Value id to the event that gave its value. @type {Map<number, number>} */
  last = new Map();
  /** Parameters whose values come next, after the head of a block. @type {number[]} */
  params = [];

  /** @param {number} event its ENTER */
  constructor(event) {
    this.event = event;
  }
}

export class Trace {
  #listing;
  /** Per event: the ENTER of its activation; NONE outside all. */
  #frames;
  /** Per VALUE event that starts a value: 1 + index in #ids; 0 elsewhere. */
  #slots;
  /** Value ids met, each once. @type {number[]} */
  #ids = [];
  /** @type {(Instruction | undefined)[]} */
  #instructions = [];
  /** @type {Map<number, number[]>} */
  #headParams = new Map();
  /** Stores in order: the event, the address, the event of the stored value. */
  #stores = { events: new Uint32Array(0), addresses: new Uint32Array(0), values: new Uint32Array(0) };
  /** Per slot: in which look-up it was met last. */
  #met = new Uint32Array(0);
  #lookUp = 0;

  /** The event of each step. */
  steps = new Uint32Array(0);
  /** Functions that the run entered, by their index in the file, ascending. @type {number[]} */
  enteredFunctions = [];
  /** Every event but values: what a list of the trace shows. */
  rows = new Uint32Array(0);

  /**
   * @param {Events} events
   * @param {number} dropped events that did not fit
   * @param {Listing} listing of the file; its functions stand in the order of the file
   */
  constructor(events, dropped, listing) {
    this.events = events;
    this.dropped = dropped;
    this.#listing = listing;
    this.#frames = new Uint32Array(events.count).fill(NONE);
    this.#slots = new Uint32Array(events.count);
  }

  /**
   * @param {{ bytes: Uint8Array, count: number, dropped: number, listing: Listing }} recorded
   * @param {AbortSignal} signal
   */
  static async build({ bytes, count, dropped, listing }, signal) {
    const trace = new Trace(new Events(bytes, count), dropped, listing);
    await trace.#index(signal);
    return trace;
  }

  /** The line of the listing behind a source number, taken apart. @param {number} site */
  instruction(site) {
    return (this.#instructions[site] ??= parseInstruction(this.#listing.textOfSite(site)));
  }

  /** @param {number} step */
  siteOf(step) {
    return this.events.site(this.steps[step]);
  }

  /** The step at or after an event; the last one if none follows. @param {number} event */
  stepFrom(event) {
    return Math.min(countBelow(this.steps, event), this.steps.length - 1);
  }

  /** The last event that a step itself made: its value. @param {number} step */
  lastOf(step) {
    let last = this.steps[step];
    while (last + 1 < this.events.count && this.events.kind(last + 1) >= EVENT.VALUE) last += 1;
    return last;
  }

  /** The event of the value that a step gave at once; null if none (calls give theirs when they return). @param {number} step */
  resultOf(step) {
    const next = this.steps[step] + 1;
    return next < this.events.count && this.events.kind(next) === EVENT.VALUE ? next : null;
  }

  /**
   * The first step inside the next call after a step, or the last call before it.
   * @param {number} step
   * @param {1 | -1} direction
   * @returns {number | null}
   */
  nextCall(step, direction) {
    const { events } = this;
    for (let event = this.steps[step] + direction; event >= 0 && event < events.count; event += direction) {
      if (events.kind(event) !== EVENT.ENTER) continue;
      const inside = countBelow(this.steps, event);
      if (inside < this.steps.length && (direction > 0 || inside < step)) return inside;
    }
    return null;
  }

  /** As it is shown. @param {number} index of the function in the file */
  functionName(index) {
    return spelt(this.#listing.sections[index]?.name ?? `function ${index}`);
  }

  /** How deep an event lies in calls. @param {number} event */
  depth(event) {
    const frame = this.#frames[event];
    return frame === NONE ? 0 : this.events.depth(frame);
  }

  /**
   * Rows of one function only.
   * @param {number} functionIndex -1 = all
   */
  rowsOf(functionIndex) {
    if (functionIndex < 0) return this.rows;
    return this.rows.filter((event) => this.#functionOf(event) === functionIndex);
  }

  /**
   * What a step did, spelt out; '' where its line says it all.
   * @param {number} step
   */
  spelt(step) {
    const [top] = this.stack(step);
    return top ? spell(this, step, this.values(top)) : '';
  }

  /**
   * The call stack at a step, innermost first.
   * @param {number} step
   * @returns {Frame[]}
   */
  stack(step) {
    const { events } = this;
    /** @type {Frame[]} */
    const frames = [];
    let at = this.steps[step];
    let until = this.lastOf(step);
    while (this.#frames[at] !== NONE) {
      const event = this.#frames[at];
      const functionIndex = events.function(event);
      frames.push({ event, functionIndex, name: this.functionName(functionIndex), site: events.site(at), until });
      if (event === 0) break;
      // What stands before an ENTER is the caller's call instruction.
      at = until = event - 1;
    }
    return frames;
  }

  /**
   * Values of an activation, in the order of the file.
   * @param {Frame} frame
   * @returns {Map<number, number>} value id to the event of its value
   */
  values(frame) {
    const lookUp = ++this.#lookUp;
    /** @type {number[]} */
    const found = [];
    for (let event = frame.until; event > frame.event; event--) {
      const owner = this.#frames[event];
      if (owner !== frame.event) {
        event = owner; // a call that has returned: go on before its ENTER
        continue;
      }
      const slot = this.#slots[event];
      if (slot === 0 || this.#met[slot] === lookUp) continue;
      this.#met[slot] = lookUp;
      found.push(event);
    }
    const { events } = this;
    found.sort((a, b) => events.site(a) - events.site(b) || this.#idOf(a) - this.#idOf(b));
    return new Map(found.map((event) => [this.#idOf(event), event]));
  }

  /**
   * Parameters of an activation as they were given.
   * @param {number} enter its ENTER
   * @returns {{ id: number, event: number }[]}
   */
  parameters(enter) {
    const { events } = this;
    const given = [];
    for (let event = enter + 2; event < events.count && events.kind(event) >= EVENT.VALUE; event++)
      if (this.#slots[event] !== 0) given.push({ id: this.#idOf(event), event });
    return given;
  }

  /**
   * What lies at the address that a pointer holds, if it was last written as one value during this activation.
   * @param {number} pointer event of the pointer's value
   * @param {Frame} frame
   * @returns {number | null} event of the stored value
   */
  stored(pointer, frame) {
    const { events, addresses, values } = this.#stores;
    const address = this.events.low(pointer);
    for (let i = countBelow(events, frame.until + 1) - 1; i >= 0 && events[i] > frame.event; i--) {
      if (addresses[i] === address) return this.#partCount(values[i]) === 1 ? values[i] : null;
    }
    return null;
  }

  /** A value as text, aggregates as their parts. @param {number} event */
  valueText(event) {
    const parts = this.#partCount(event);
    if (parts === 1) return this.events.scalar(event);
    const texts = [];
    for (let at = event; texts.length < Math.min(parts, MOST_PARTS); at++)
      if (this.events.kind(at) === EVENT.VALUE) texts.push(this.events.scalar(at));
    return `{${texts.join(', ')}${parts > MOST_PARTS ? ', …' : ''}}`;
  }

  /** @param {number} event */
  valueType(event) {
    return this.#partCount(event) === 1 ? this.events.type(event) : 'parts';
  }

  /** @param {number} event */
  #functionOf(event) {
    const frame = this.#frames[event];
    return frame === NONE ? -1 : this.events.function(frame);
  }

  /** @param {number} event with a slot */
  #idOf(event) {
    return this.#ids[this.#slots[event] - 1];
  }

  /** @param {number} event the first part */
  #partCount(event) {
    const { events } = this;
    let parts = 1;
    for (let at = event + 1; at < events.count; at++) {
      const kind = events.kind(at);
      if (kind === EVENT.VALUE_HIGH) continue;
      if (kind !== EVENT.VALUE || events.part(at) !== parts) break;
      parts += 1;
    }
    return parts;
  }

  /** @param {AbortSignal} signal */
  async #index(signal) {
    const { events } = this;
    const steps = new Numbers();
    const rows = new Numbers();
    const stores = { events: new Numbers(), addresses: new Numbers(), values: new Numbers() };
    const entered = new Set();
    /** @type {Map<number, number>} */
    const slotOfId = new Map();
    /** @type {Activation[]} */
    const stack = [];
    const slice = slices(signal);
    for (let event = 0; event < events.count; event++) {
      if (event % 1024 === 0 && slice.over()) await slice.next();
      const kind = events.kind(event);
      if (kind < EVENT.VALUE) rows.push(event);
      if (kind === EVENT.ENTER) {
        stack.push(new Activation(event));
        entered.add(events.function(event));
      }
      const top = stack.at(-1);
      if (!top) continue;
      this.#frames[event] = top.event;
      const site = events.site(event);
      if (kind === EVENT.LEAVE) stack.pop();
      else if (kind === EVENT.BLOCK) top.params = [...this.#paramsOf(site, top)];
      else if (kind === EVENT.INST) {
        steps.push(event);
        const { op, operands } = this.instruction(site);
        if (op !== 'store') continue;
        const address = top.last.get(operands[0]);
        const value = top.last.get(operands[1]);
        if (address === undefined || value === undefined) continue;
        stores.events.push(event);
        stores.addresses.push(events.low(address));
        stores.values.push(value);
      } else if (kind === EVENT.VALUE && events.part(event) === 0) {
        const { kind: line, result } = this.instruction(site);
        const id = line === 'block' ? (top.params.shift() ?? -1) : result;
        if (id < 0) continue;
        top.last.set(id, event);
        let slot = slotOfId.get(id);
        if (slot === undefined) slotOfId.set(id, (slot = this.#ids.push(id)));
        this.#slots[event] = slot;
      }
    }
    this.steps = steps.done();
    this.rows = rows.done();
    this.enteredFunctions = [...entered].sort((a, b) => a - b);
    this.#stores = { events: stores.events.done(), addresses: stores.addresses.done(), values: stores.values.done() };
    this.#met = new Uint32Array(this.#ids.length + 1);
  }

  /**
   * Ids of the parameters that a block's head gives values to: its own, or the function's at the first block, which has none.
   * @param {number} site
   * @param {Activation} activation
   */
  #paramsOf(site, activation) {
    const own = this.instruction(site).params;
    if (own.length > 0) return own;
    const index = this.events.function(activation.event);
    let params = this.#headParams.get(index);
    if (!params) {
      const section = this.#listing.sections[index];
      params = section ? parseInstruction(this.#listing.line(section.line)).params : [];
      this.#headParams.set(index, params);
    }
    return params;
  }
}
