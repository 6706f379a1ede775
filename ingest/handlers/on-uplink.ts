import type { FrameType } from '../metrics.ts';
import { decodeHeader, type FrameHeader, openFrame } from '../protocol/frame.ts';
import { decodeUplink, MESSAGE_TYPE } from '../protocol/message.ts';
import { judgeCounter } from '../protocol/window.ts';
import type { UplinkFrame } from '../session/terminal-session.ts';
import type { Batch } from '../store/batch.ts';
import type { Taken } from '../store/lane.ts';
import { onDayReport } from './on-day-report.ts';
import { onStatus } from './on-status.ts';
import { onTestCall } from './on-test-call.ts';
import { type Proven, refuse, type UplinkServices } from './uplink.ts';

const TYPE_NAMES: Readonly<Record<number, FrameType>> = {
  [MESSAGE_TYPE.day_report]: 'day_report',
  [MESSAGE_TYPE.status]: 'status',
  [MESSAGE_TYPE.test_call]: 'test_call',
};

/** Judges one frame of a terminal: opens it, looks at its counter, and hands it to the handler of its type. */
export function onUplink(frame: UplinkFrame, batch: Batch, services: UplinkServices): Taken {
  const header = decodeHeader(frame.bytes, 'up');
  if (!header.ok) {
    services.quarantine(frame, header.reason, header.offset);
    return 'settled';
  }
  // [TERM-5.4] the key of the generation in the header and no other.
  const keys = frame.session.keysOf(header.generation);
  if (keys === undefined) return refuse(frame, 'unknown_generation', services);
  const opened = openFrame(frame.bytes, header, keys.uplink, frame.session.bcd);
  if (!opened.ok) {
    services.quarantine(frame, opened.reason, opened.offset);
    return 'settled';
  }
  frame.connection.generation = header.generation;
  services.metrics.framesIn[TYPE_NAMES[header.type] ?? 'other'] += 1;
  const first = enter(frame, header);
  if (first === undefined) {
    return onProven(
      header.type,
      { frame, payload: opened.payload, repeated: isRepeated(frame), batch },
      services,
    );
  }
  // Sent again while its first copy is on the way to the database: it waits for that one's commit.
  if (first.check === frame.check) {
    first.copies ??= [];
    first.copies.push(frame);
    return 'settled';
  }
  return refuse(frame, 'replay', services);
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

function onProven(type: number, proven: Proven, services: UplinkServices): Taken {
  switch (type) {
    case MESSAGE_TYPE.day_report:
      return onDayReport(proven, services);
    case MESSAGE_TYPE.status:
      return onStatus(proven, services);
    case MESSAGE_TYPE.test_call:
      return onTestCall(proven, services);
    default:
      return onUnknownType(type, proven.frame, services);
  }
}

const TYPE_OFFSET = 3;

function onUnknownType(type: number, frame: UplinkFrame, services: UplinkServices): Taken {
  const decoded = decodeUplink(type, new Uint8Array(0));
  const reason = decoded.ok ? 'unknown_type' : decoded.reason;
  services.quarantine(frame, reason, TYPE_OFFSET);
  return 'settled';
}
