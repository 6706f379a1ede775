import type { FrameHandler, Taken } from '../frame-hops.ts';
import { decodeHeader, type FrameHeader, openFrame } from '../protocol/frame.ts';
import { refuseType, UPLINK_NAME_OF, type UplinkName } from '../protocol/message.ts';
import { judgeCounter } from '../protocol/replay-window.ts';
import type { UplinkFrame } from '../session/terminal-session.ts';
import type { Batch } from '../store/batch.ts';
import type { CommandWriter, UplinkCommand } from '../store/command-writer.ts';
import { onDayReport } from './on-day-report.ts';
import { onStatus } from './on-status.ts';
import { onTestCall } from './on-test-call.ts';
import { mayRepeat, type Proven, refuse, type UplinkOutcomes } from './uplink-outcomes.ts';

/**
 * Handlers by message. A handler puts the frame into the batch, takes responsibility for it, or returns a command,
 * which is stored by statements of its own.
 */
const HANDLERS: Readonly<
  Record<UplinkName, (proven: Proven, outcomes: UplinkOutcomes) => Taken | UplinkCommand>
> = { day_report: onDayReport, status: onStatus, test_call: onTestCall };

/** Processes the frames of terminals: decrypts each, checks its counter, and calls the handler of its type. */
export class UplinkHandler implements FrameHandler {
  readonly #outcomes: UplinkOutcomes;
  readonly #commands: Pick<CommandWriter, 'accept'>;

  constructor(outcomes: UplinkOutcomes, commands: Pick<CommandWriter, 'accept'>) {
    this.#outcomes = outcomes;
    this.#commands = commands;
  }

  take(frame: UplinkFrame, batch: Batch): Taken {
    const outcomes = this.#outcomes;
    const header = decodeHeader(frame.bytes, 'up');
    if (!header.ok) {
      outcomes.quarantine(frame, header.reason, header.offset);
      return 'handled';
    }
    // [TERM-5.4] Only the key of the generation in the header.
    const keys = frame.session.keysOf(header.generation);
    if (keys === undefined) return refuse(frame, 'unknown_generation', outcomes);
    const opened = openFrame(frame.bytes, header, keys.uplink, frame.session.bcd);
    if (!opened.ok) {
      outcomes.quarantine(frame, opened.reason, opened.offset);
      return 'handled';
    }
    frame.connection.generation = header.generation;
    outcomes.metrics.framesIn[UPLINK_NAME_OF[header.type] ?? 'other'] += 1;
    const first = enter(frame, header);
    if (first === undefined) {
      const proven = { frame, payload: opened.payload, repeated: isRepeated(frame), batch };
      return this.#onProven(header.type, proven);
    }
    // A copy of a frame that is being stored: it is acknowledged with that one's commit.
    if (first.check === frame.check) {
      first.copies ??= [];
      first.copies.push(frame);
      return 'handled';
    }
    return refuse(frame, 'replay', outcomes);
  }

  #onProven(type: number, proven: Proven): Taken {
    const name = UPLINK_NAME_OF[type];
    if (name === undefined) return onUnknownType(type, proven.frame, this.#outcomes);
    const answer = HANDLERS[name](proven, this.#outcomes);
    if (typeof answer === 'string') return answer;
    this.#command(proven, type, answer);
    return 'handled';
  }

  /**
   * Stores the message's statements in one transaction with taking the frame's counter. The database decides whether a
   * repeated frame was taken before; here only their number is limited.
   */
  #command({ frame, repeated }: Proven, type: number, run: UplinkCommand): void {
    const nowMs = this.#outcomes.now();
    if (repeated && !mayRepeat(frame, nowMs)) return;
    if (!repeated && !frame.session.buckets.commands.take(nowMs)) {
      frame.abandon('too_frequent');
      return;
    }
    this.#commands.accept(frame, type, run);
  }
}

/** Records counter and check, which are proven now, and returns the pending frame with the same counter. */
function enter(frame: UplinkFrame, header: FrameHeader): UplinkFrame | undefined {
  frame.counter = header.counter;
  frame.check = header.check;
  return frame.session.pending.get(header.counter);
}

function isRepeated(frame: UplinkFrame): boolean {
  const verdict = judgeCounter(frame.session.window, frame.counter);
  if (verdict === 'fresh') frame.fresh = true;
  return verdict === 'seen' || !frame.fresh;
}

function onUnknownType(type: number, frame: UplinkFrame, outcomes: UplinkOutcomes): Taken {
  const { reason, offset } = refuseType(type);
  outcomes.quarantine(frame, reason, offset);
  return 'handled';
}
