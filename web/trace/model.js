// A recorded run that can be looked at in any order. One pass over the events (in slices) finds the steps, the frame each
// event belongs to, what block parameters were given and what was stored where; each is one number per event at most, so a
// million events stay small. A view of step N then needs no replay: it walks back from N through its own frame only,
// jumping over finished calls.

import { parseInstruction } from '../ir/instruction.js';
import { slices } from '../pause.js';
import { EVENT, Events } from './events.js';

/** @import { FunctionInfo } from '../../runner/protocol.js' */
/** @import { Listing } from '../ir/listing.js' */
/** @import { Edge, Instruction } from '../ir/instruction.js' */

/**
 * One activation on the call stack. `event` is its ENTER, `site` the place it is at, `until` the last event of it that counts.
 * @typedef {{ event: number, functionIndex: number, name: string, site: number, until: number }} Frame
 */
/** @typedef {{ id: number, event: number }} Definition  a value id and the VALUE event that gave it its value */

const MOST_PARTS = 32;

/** Growing list of whole numbers. */
class Numbers {
  #items = new Int32Array(1024);
  length = 0;

  /** @param {number} value */
  push(value) {
    if (this.length === this.#items.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.length++] = value;
  }

  /** @param {number} index */
  at(index) {
    return this.#items[index];
  }

  /** How many of the (ascending) numbers are below a limit. @param {number} limit */
  below(limit) {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#items[middle] < limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @returns {Uint32Array} */
  done() {
    return new Uint32Array(this.#items.slice(0, this.length).buffer);
  }
}

/** What the pass knows of an activation that has not ended. */
class Activation {
  /** Value id to the VALUE event that gave it. @type {Map<number, number>} */
  last = new Map();
  /** Source number of the present block's head. */
  block = -1;
  /** Source number of the present instruction. */
  site = -1;

  /** @param {number} event */
  constructor(event) {
    this.event = event;
  }
}

export class Trace {
  #listing;
  #functions;
  /** Per event: the ENTER of the activation it belongs to, -1 outside all. */
  #frames;
  /** Parameters set by a BLOCK or ENTER event: the event, the parameter's id, the event of its value. */
  #given = { events: new Numbers(), ids: new Numbers(), values: new Numbers() };
  /** Stores: the event, the address, the event of the stored value. */
  #stores = { events: new Numbers(), addresses: new Numbers(), values: new Numbers() };
  /** @type {(Instruction | undefined)[]} */
  #instructions = [];
  /** @type {Map<number, number>} */
  #terminators = new Map();
  /** Marks of the sites met in one look-up. */
  #seen;
  #seenStamp = 0;

  /**
   * Steps: the event of each executed instruction. @type {Uint32Array}
   */
  steps = new Uint32Array(0);
  /** What a list of the trace shows: every event but values. @type {Uint32Array} */
  rows = new Uint32Array(0);

  /**
   * @param {Events} events
   * @param {number} dropped events that did not fit
   * @param {Listing} listing of the file
   * @param {FunctionInfo[]} functions
   */
  constructor(events, dropped, listing, functions) {
    this.events = events;
    this.dropped = dropped;
    this.#listing = listing;
    this.#functions = functions;
    this.#frames = new Int32Array(events.count).fill(-1);
    this.#seen = new Uint32Array(listing.siteCount);
  }

  /**
   * @param {{ bytes: Uint8Array, count: number, dropped: number, listing: Listing, functions: FunctionInfo[] }} recorded
   * @param {AbortSignal} signal
   */
  static async build({ bytes, count, dropped, listing, functions }, signal) {
    const trace = new Trace(new Events(bytes, count), dropped, listing, functions);
    await trace.#index(signal);
    return trace;
  }

  /** The line of the listing behind an event's place, taken apart. @param {number} site */
  instruction(site) {
    return (this.#instructions[site] ??= parseInstruction(this.#listing.textOfSite(site)));
  }

  /** @param {number} step */
  siteOf(step) {
    return this.events.site(this.steps[step]);
  }

  /** The step at or after an event; the last one if none follows. @param {number} event */
  stepFrom(event) {
    return Math.min(lowerBound(this.steps, event), this.steps.length - 1);
  }

  /** The first step of the next call after a step, or of the one before it; null if there is none. @param {number} step @param {1 | -1} direction */
  nextCall(step, direction) {
    const { events } = this;
    for (let event = this.steps[step] + direction; event >= 0 && event < events.count; event += direction) {
      if (events.kind(event) !== EVENT.ENTER) continue;
      const inside = this.stepFrom(event);
      if (this.steps[inside] > event && (direction > 0 ? inside > step : inside < step)) return inside;
    }
    return null;
  }

  /** Name of the function an event belongs to. @param {number} event */
  functionOf(event) {
    const frame = this.#frames[event];
    return frame < 0 ? -1 : this.events.function(frame);
  }

  /** @param {number} index */
  functionName(index) {
    return this.#functions[index]?.name ?? '?';
  }

  /** How deep an event lies in calls. @param {number} event */
  depth(event) {
    const frame = this.#frames[event];
    return frame < 0 ? 0 : this.events.depth(frame);
  }

  /**
   * Rows of one function only.
   * @param {number} functionIndex -1 = all
   */
  rowsOf(functionIndex) {
    return functionIndex < 0 ? this.rows : this.rows.filter((event) => this.functionOf(event) === functionIndex);
  }

  /** Functions that the run entered, in order of their index. @returns {number[]} */
  enteredFunctions() {
    const found = new Set();
    for (const event of this.rows) if (this.events.kind(event) === EVENT.ENTER) found.add(this.events.function(event));
    return [...found].sort((a, b) => a - b);
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
    let until = this.lastOf(step);
    let at = this.steps[step];
    for (let event = this.#frames[at]; event >= 0; event = this.#parent(event)) {
      const functionIndex = events.function(event);
      const site = events.site(at);
      frames.push({ event, functionIndex, name: this.functionName(functionIndex), site, until });
      until = event - 1;
      at = this.#callOf(event);
    }
    return frames;
  }

  /** The last event that a step itself made: its own values. @param {number} step */
  lastOf(step) {
    return this.#lastValueFrom(this.steps[step]);
  }

  /**
   * Values of an activation, in the order of the file: parameters of the function first.
   * @param {Frame} frame
   * @returns {Map<number, number>} value id to the event of its value
   */
  values(frame) {
    const { events } = this;
    /** @type {{ site: number, id: number, event: number }[]} */
    const found = [];
    const known = new Set();
    const stamp = ++this.#seenStamp;
    for (let event = frame.until; event >= frame.event; event--) {
      const kind = events.kind(event);
      if (kind === EVENT.LEAVE && this.#frames[event] !== frame.event) {
        event = this.#frames[event];
      } else if (kind === EVENT.VALUE) {
        const site = events.site(event);
        if (events.part(event) !== 0 || this.#seen[site] === stamp) continue;
        this.#seen[site] = stamp;
        const id = this.instruction(site).result;
        if (id >= 0 && !known.has(id)) found.push({ site, id, event });
        known.add(id);
      } else if (kind === EVENT.BLOCK || kind === EVENT.ENTER) {
        const site = kind === EVENT.ENTER ? -1 : events.site(event);
        if (site >= 0 && this.#seen[site] === stamp) continue;
        if (site >= 0) this.#seen[site] = stamp;
        for (const definition of this.#givenBy(event)) {
          if (!known.has(definition.id)) found.push({ site, ...definition });
          known.add(definition.id);
        }
      }
    }
    found.sort((a, b) => a.site - b.site || a.id - b.id);
    return new Map(found.map(({ id, event }) => [id, event]));
  }

  /** Parameters that a call or block entry set. @param {number} event @returns {Definition[]} */
  #givenBy(event) {
    const { events, ids, values } = this.#given;
    /** @type {Definition[]} */
    const out = [];
    for (let i = events.below(event); i < events.length && events.at(i) === event; i++)
      out.push({ id: ids.at(i), event: values.at(i) });
    return out;
  }

  /** Parameters of an activation as they were given. @param {number} event its ENTER */
  parameters(event) {
    return this.#givenBy(event);
  }

  /**
   * What lies at the address that a pointer value holds, if it was last written as one value within this activation.
   * @param {number} pointer event of the pointer's value
   * @param {Frame} frame
   * @returns {number | null} event of the stored value
   */
  stored(pointer, frame) {
    const { events, addresses, values } = this.#stores;
    const address = this.events.low(pointer) | 0;
    for (let i = events.below(frame.until + 1) - 1; i >= 0 && events.at(i) > frame.event; i--) {
      if (addresses.at(i) !== address) continue;
      return this.#partCount(values.at(i)) === 1 ? values.at(i) : null;
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
    return this.#partCount(event) === 1 ? this.events.type(event) : 'aggregate';
  }

  /** The event of the value that a step gave, also that of a call that has returned since; null if none. @param {number} step */
  resultOf(step) {
    const { events } = this;
    const at = this.steps[step];
    const site = events.site(at);
    if (this.instruction(site).result < 0) return null;
    const next = at + 1;
    if (next < events.count && events.kind(next) === EVENT.VALUE && events.site(next) === site) return next;
    return null;
  }

  /** @param {number} event */
  #partCount(event) {
    const { events } = this;
    const site = events.site(event);
    let parts = 1;
    for (let at = event + 1; at < events.count; at++) {
      const kind = events.kind(at);
      if (kind === EVENT.VALUE_HIGH) continue;
      if (kind !== EVENT.VALUE || events.site(at) !== site || events.part(at) !== parts) break;
      parts += 1;
    }
    return parts;
  }

  /** @param {number} event */
  #lastValueFrom(event) {
    const { events } = this;
    let last = event;
    while (last + 1 < events.count && events.kind(last + 1) >= EVENT.VALUE) last += 1;
    return last;
  }

  /** The activation that called the one entered by an event. @param {number} enter */
  #parent(enter) {
    return enter === 0 ? -1 : this.#frames[this.#callOf(enter)] ?? -1;
  }

  /** The event before an ENTER that belongs to the caller: its call instruction. @param {number} enter */
  #callOf(enter) {
    return enter - 1;
  }

  /** @param {AbortSignal} signal */
  async #index(signal) {
    const { events } = this;
    const steps = new Numbers();
    const rows = new Numbers();
    /** @type {Activation[]} */
    const stack = [];
    const slice = slices(signal);
    for (let event = 0; event < events.count; event++) {
      if (event % 2048 === 0 && slice.over()) await slice.next();
      const kind = events.kind(event);
      const site = events.site(event);
      const top = stack.at(-1);
      if (kind < EVENT.VALUE) rows.push(event);
      if (kind === EVENT.ENTER) {
        const entered = new Activation(event);
        stack.push(entered);
        this.#frames[event] = event;
        if (top) this.#giveArguments(event, top, entered);
        continue;
      }
      if (!top) continue;
      this.#frames[event] = top.event;
      if (kind === EVENT.LEAVE) stack.pop();
      else if (kind === EVENT.INST) {
        steps.push(event);
        top.site = site;
        this.#noteStore(event, site, top);
      } else if (kind === EVENT.BLOCK) {
        this.#giveBlockArguments(event, site, top);
        top.block = site;
      } else if (kind === EVENT.VALUE && events.part(event) === 0) {
        const { result } = this.instruction(site);
        if (result >= 0) top.last.set(result, event);
      }
    }
    this.steps = steps.done();
    this.rows = rows.done();
  }

  /** @param {number} event @param {number[]} params @param {number[]} args @param {Activation} from @param {Activation} to */
  #give(event, params, args, from, to) {
    // All arguments are read before any parameter is written.
    const values = args.map((id) => from.last.get(id));
    params.forEach((id, index) => {
      const value = values[index];
      if (value === undefined) return;
      to.last.set(id, value);
      this.#given.events.push(event);
      this.#given.ids.push(id);
      this.#given.values.push(value);
    });
  }

  /** @param {number} event @param {Activation} caller @param {Activation} entered */
  #giveArguments(event, caller, entered) {
    const call = this.instruction(caller.site);
    const info = this.#functions[this.events.function(event)];
    if (!info) return;
    const args = call.op === 'call_dyn' ? call.operands.slice(1) : call.operands;
    this.#give(event, this.#headOf(info), args, caller, entered);
  }

  /** Parameter ids of a function. @param {FunctionInfo} info */
  #headOf(info) {
    return parseInstruction(this.#listing.line(info.line)).params;
  }

  /** @param {number} event @param {number} site @param {Activation} frame */
  #giveBlockArguments(event, site, frame) {
    const head = this.instruction(site);
    if (head.params.length === 0 || frame.block < 0) return;
    const edge = this.#edgeTaken(this.instruction(this.#terminatorOf(frame.block)), Number(head.op), frame);
    if (edge) this.#give(event, head.params, edge.args, frame, frame);
  }

  /** @param {Instruction} terminator @param {number} block @param {Activation} frame @returns {Edge | undefined} */
  #edgeTaken(terminator, block, frame) {
    const fitting = terminator.edges.filter((edge) => edge.block === block);
    if (fitting.length < 2) return fitting[0];
    const value = frame.last.get(terminator.operands[0]);
    if (value === undefined) return undefined;
    if (terminator.op === 'br_if') return terminator.edges[this.events.low(value) !== 0 ? 0 : 1];
    const text = this.events.scalar(value).replace('false', '0').replace('true', '1');
    return terminator.edges.find((edge) => edge.value === text) ?? terminator.edges.at(-1);
  }

  /** Source number of the terminator of the block whose head has this one. @param {number} head */
  #terminatorOf(head) {
    let site = this.#terminators.get(head);
    if (site === undefined) {
      site = head + 1;
      while (site < this.#listing.siteCount && this.instruction(site).kind === 'instruction') site += 1;
      this.#terminators.set(head, site);
    }
    return site;
  }

  /** @param {number} event @param {number} site @param {Activation} frame */
  #noteStore(event, site, frame) {
    const { op, operands } = this.instruction(site);
    if (op !== 'store') return;
    const address = frame.last.get(operands[0]);
    const value = frame.last.get(operands[1]);
    if (address === undefined || value === undefined) return;
    this.#stores.events.push(event);
    this.#stores.addresses.push(this.events.low(address));
    this.#stores.values.push(value);
  }
}

/** Index of the first number not below a limit. @param {Uint32Array} numbers @param {number} limit */
function lowerBound(numbers, limit) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
