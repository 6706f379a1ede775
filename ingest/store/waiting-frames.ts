import type { TerminalSession, UplinkFrame } from '../mqtt/terminal.ts';

interface TerminalQueue {
  session: TerminalSession;
  utilityId: number;
  frames: UplinkFrame[];
}

type Turns = Map<TerminalSession, TerminalQueue>;

/**
 * Frames that wait for a later batch. Utilities take turns, and the terminals of each: one frame a turn, a terminal's
 * frames in the order in which they came.
 */
export class WaitingFrames {
  readonly #byTerminal = new Map<TerminalSession, TerminalQueue>();
  /** In the order of their next turns, utilities and their terminals alike. */
  readonly #byUtility = new Map<number, Turns>();
  readonly #sizes = new Map<number, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(utilityId: number): number {
    return this.#sizes.get(utilityId) ?? 0;
  }

  holds(session: TerminalSession): boolean {
    return this.#byTerminal.has(session);
  }

  /** The frame that was received first of those whose turn is next. */
  get oldestAtMs(): number | undefined {
    let oldest: number | undefined;
    for (const { frames } of this.#byTerminal.values()) {
      const { receivedAtMs } = frames[0]!;
      if (oldest === undefined || receivedAtMs < oldest) oldest = receivedAtMs;
    }
    return oldest;
  }

  push(frame: UplinkFrame): void {
    const { session } = frame;
    let queue = this.#byTerminal.get(session);
    if (queue === undefined) {
      queue = { session, utilityId: session.utilityId, frames: [] };
      this.#byTerminal.set(session, queue);
      const turns: Turns = this.#byUtility.get(queue.utilityId) ?? new Map();
      turns.set(session, queue);
      this.#byUtility.set(queue.utilityId, turns);
    }
    queue.frames.push(frame);
    this.#count(queue.utilityId, 1);
  }

  /**
   * Offers frames turn by turn while their utility has room. A frame that is not taken keeps its place, and its terminal
   * is passed over until the next call.
   */
  offer(hasRoom: (utilityId: number) => boolean, take: (frame: UplinkFrame) => boolean): void {
    let utilities = Array.from(this.#byUtility, ([utilityId, turns]) => ({
      utilityId,
      ready: [...turns.values()],
    }));
    while (utilities.length > 0) {
      utilities = utilities.filter(
        ({ utilityId, ready }) => hasRoom(utilityId) && this.#takeOne(ready, take),
      );
    }
  }

  /** Empties it. @returns what waited. */
  clear(): UplinkFrame[] {
    const frames = Array.from(this.#byTerminal.values(), (queue) => queue.frames).flat();
    this.#byTerminal.clear();
    this.#byUtility.clear();
    this.#sizes.clear();
    this.#size = 0;
    return frames;
  }

  /** Gives one frame of the first terminal that has one to take. @returns false where none has. */
  #takeOne(ready: TerminalQueue[], take: (frame: UplinkFrame) => boolean): boolean {
    for (let queue = ready.shift(); queue !== undefined; queue = ready.shift()) {
      if (!take(queue.frames[0]!)) continue;
      queue.frames.shift();
      this.#count(queue.utilityId, -1);
      if (queue.frames.length > 0) ready.push(queue);
      this.#endTurn(queue);
      return true;
    }
    return false;
  }

  /** The terminal and its utility go to the end of the order, or out of it. */
  #endTurn({ session, utilityId, frames }: TerminalQueue): void {
    const turns = this.#byUtility.get(utilityId);
    const queue = turns?.get(session);
    if (turns === undefined || queue === undefined) return;
    turns.delete(session);
    this.#byUtility.delete(utilityId);
    if (frames.length > 0) turns.set(session, queue);
    else this.#byTerminal.delete(session);
    if (turns.size > 0) this.#byUtility.set(utilityId, turns);
  }

  #count(utilityId: number, by: 1 | -1): void {
    this.#size += by;
    const size = this.sizeOf(utilityId) + by;
    if (size > 0) this.#sizes.set(utilityId, size);
    else this.#sizes.delete(utilityId);
  }
}
