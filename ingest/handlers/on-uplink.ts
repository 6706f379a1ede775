import { decodeHeader, type FrameHeader, openFrame } from '../protocol/frame.ts';
import { refuseType, UPLINK_NAME_OF, type UplinkName } from '../protocol/message.ts';
import { judgeCounter } from '../protocol/replay-window.ts';
import type { UplinkFrame } from '../session/terminal-session.ts';
import type { Batch } from '../store/batch.ts';
import type { UplinkCommand } from '../store/command-writer.ts';
import type { Taken } from '../store/lane.ts';
import { onDayReport } from './on-day-report.ts';
import { onStatus } from './on-status.ts';
import { onTestCall } from './on-test-call.ts';
import { type Proven, refuse, type UplinkOutcomes } from './uplink-outcomes.ts';

/**
 * What each message does: a handler puts the frame into the batch, takes charge of it, or answers with a command, which is stored by
 * statements of its own.
 */
const HANDLERS: Readonly<
  Record<UplinkName, (proven: Proven, outcomes: UplinkOutcomes) => Taken | UplinkCommand>
> = { day_report: onDayReport, status: onStatus, test_call: onTestCall };

/** Judges one frame of a terminal: opens it, looks at its counter, and hands it to the handler of its type. */
export function onUplink(frame: UplinkFrame, batch: Batch, outcomes: UplinkOutcomes): Taken {
  const header = decodeHeader(frame.bytes, 'up');
  if (!header.ok) {
    outcomes.quarantine(frame, header.reason, header.offset);
    return 'handled';
  }
  // [TERM-5.4] the key of the generation in the header and no other.
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
    return onProven(
      header.type,
      { frame, payload: opened.payload, repeated: isRepeated(frame), batch },
      outcomes,
    );
  }
  // Sent again while its first copy is on the way to the database: it waits for that one's commit.
  if (first.check === frame.check) {
    first.copies ??= [];
    first.copies.push(frame);
    return 'handled';
  }
  return refuse(frame, 'replay', outcomes);
}

/** Notes counter and check, which are proven now, and yields the pending frame of the same counter. */
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

function onProven(type: number, proven: Proven, outcomes: UplinkOutcomes): Taken {
  const name = UPLINK_NAME_OF[type];
  if (name === undefined) return onUnknownType(type, proven.frame, outcomes);
  const answer = HANDLERS[name](proven, outcomes);
  if (typeof answer === 'string') return answer;
  outcomes.command(proven, type, answer);
  return 'handled';
}

function onUnknownType(type: number, frame: UplinkFrame, outcomes: UplinkOutcomes): Taken {
  const { reason, offset } = refuseType(type);
  outcomes.quarantine(frame, reason, offset);
  return 'handled';
}
