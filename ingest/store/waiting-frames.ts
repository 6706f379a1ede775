import type { TerminalSession, UplinkFrame } from '../session/terminal-session.ts';

interface TerminalQueue {
  session: TerminalSession;
  utilityId: number;
  frames: UplinkFrame[];
  /** Frames given in its current turn. */
  given: number;
}

/** In the order of their next turns. */
type Turns = Map<TerminalSession, TerminalQueue>;

/** Terminals of a utility while frames are offered; one that moves to the end of the order comes up once more. */
interface Round {
  utilityId: number;
  turns: Iterator<TerminalQueue, undefined>;
  /** The one whose turn it is. */
  current: TerminalQueue | undefined;
}

/**
 * Frames waiting for a later batch. Utilities take turns with one frame each, and within a utility its terminals, each
 * with a number of frames. A terminal's frames keep their order of arrival.
 */
export class WaitingFrames {
  readonly #framesOfTurn: number;
  readonly #byTerminal = new Map<TerminalSession, TerminalQueue>();
  /** In the order of their next turns, both utilities and their terminals. */
  readonly #byUtility = new Map<number, Turns>();
  readonly #sizes = new Map<number, number>();
  #size = 0;

  /** @param framesOfTurn frames that a terminal gives before the next one of its utility */
  constructor(framesOfTurn: number) {
    this.#framesOfTurn = framesOfTurn;
  }

  get size(): number {
    return this.#size;
  }

  sizeOf(utilityId: number): number {
    return this.#sizes.get(utilityId) ?? 0;
  }

  holds(session: TerminalSession): boolean {
    return this.#byTerminal.has(session);
  }

  /** Time of receipt of the earliest of the frames that are next. */
  get oldestAtMs(): number | undefined {
    let oldest: number | undefined;
    for (const { frames } of this.#byTerminal.values()) {
      const receivedAtMs = frames[0]?.receivedAtMs;
      if (receivedAtMs === undefined) continue;
      if (oldest === undefined || receivedAtMs < oldest) oldest = receivedAtMs;
    }
    return oldest;
  }

  push(frame: UplinkFrame): void {
    const { session } = frame;
    let queue = this.#byTerminal.get(session);
    if (queue === undefined) {
      queue = { session, utilityId: session.utilityId, frames: [], given: 0 };
      this.#byTerminal.set(session, queue);
      const turns: Turns = this.#byUtility.get(queue.utilityId) ?? new Map();
      turns.set(session, queue);
      this.#byUtility.set(queue.utilityId, turns);
    }
    queue.frames.push(frame);
    this.#count(queue.utilityId, 1);
  }

  /**
   * Offers frames turn by turn while their utility has room. A frame that is not taken keeps its position, and its
   * terminal is skipped until the next call.
   */
  offer(hasRoom: (utilityId: number) => boolean, take: (frame: UplinkFrame) => boolean): void {
    let rounds = Array.from(this.#byUtility, ([utilityId, turns]): Round => {
      return { utilityId, turns: turns.values(), current: undefined };
    });
    while (rounds.length > 0) {
      rounds = rounds.filter((round) => hasRoom(round.utilityId) && this.#takeOne(round, take));
    }
  }

  /** Empties it. @returns the waiting frames */
  clear(): UplinkFrame[] {
    const frames = Array.from(this.#byTerminal.values(), (queue) => queue.frames).flat();
    this.#byTerminal.clear();
    this.#byUtility.clear();
    this.#sizes.clear();
    this.#size = 0;
    return frames;
  }

  /** Gives one frame of the first terminal with one that is taken. @returns false when there is none */
  #takeOne(round: Round, take: (frame: UplinkFrame) => boolean): boolean {
    for (;;) {
      const queue = round.current ?? round.turns.next().value;
      if (queue === undefined) return false;
      round.current = undefined;
      const [frame] = queue.frames;
      if (frame === undefined || !take(frame)) continue;
      queue.frames.shift();
      queue.given += 1;
      this.#count(queue.utilityId, -1);
      if (queue.frames.length > 0 && queue.given < this.#framesOfTurn) round.current = queue;
      else this.#endTurn(queue);
      this.#endTurnOf(queue.utilityId);
      return true;
    }
  }

  /** Moves the terminal to the end of its utility's order, or removes it. */
  #endTurn(queue: TerminalQueue): void {
    const { session, utilityId, frames } = queue;
    const turns = this.#byUtility.get(utilityId);
    queue.given = 0;
    turns?.delete(session);
    if (frames.length > 0) turns?.set(session, queue);
    else this.#byTerminal.delete(session);
  }

  /** Moves the utility to the end of the order, or removes it. */
  #endTurnOf(utilityId: number): void {
    const turns = this.#byUtility.get(utilityId);
    this.#byUtility.delete(utilityId);
    if (turns !== undefined && turns.size > 0) this.#byUtility.set(utilityId, turns);
  }

  #count(utilityId: number, by: 1 | -1): void {
    this.#size += by;
    const size = this.sizeOf(utilityId) + by;
    if (size > 0) this.#sizes.set(utilityId, size);
    else this.#sizes.delete(utilityId);
  }
}
