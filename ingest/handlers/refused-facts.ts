// Facts about a refused frame. It is decoded again on the way to quarantine, so that accepted frames take no longer.
import type { RefusedFrame } from '../../lib/readings/quarantine-commands.ts';
import { readDayReportHead } from '../protocol/day-report.ts';
import { decodeHeader, openFrame } from '../protocol/frame.ts';
import { MESSAGE_TYPE } from '../protocol/message.ts';
import { dayOfWire } from '../protocol/wire-time.ts';
import type { UplinkFrame } from '../session/terminal-session.ts';

type Facts = Pick<RefusedFrame, 'isAuthentic' | 'isFresh' | 'meterSerial' | 'day'>;

const UNPROVEN: Facts = { isAuthentic: false, isFresh: false, meterSerial: null, day: null };

/** Whether a frame is authentic with an unused counter; for a day report also the meter and day that it names. */
export function refusedFacts({ bytes, session, fresh: isFresh }: UplinkFrame): Facts {
  const header = decodeHeader(bytes, 'up');
  if (!header.ok) return UNPROVEN;
  const keys = session.keysOf(header.generation);
  if (keys === undefined) return UNPROVEN;
  const opened = openFrame(bytes, header, keys.uplink, session.bcd);
  if (!opened.ok) return UNPROVEN;
  const nameless = { isAuthentic: true, isFresh, meterSerial: null, day: null };
  if (header.type !== MESSAGE_TYPE.day_report) return nameless;
  const head = readDayReportHead(opened.payload);
  if (head === undefined) return nameless;
  return { ...nameless, meterSerial: head.meterSerial, day: dayOfWire(head.day) };
}
