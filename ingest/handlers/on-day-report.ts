import { type Arrival, arrivalOf } from '../../lib/readings/arrival.ts';
import type { RepeatedReport } from '../../lib/readings/redelivery.ts';
import type { Taken } from '../frame-hops.ts';
import { createDayReport, decodeDayReport } from '../protocol/day-report.ts';
import { hourlyValues } from '../protocol/hourly-values.ts';
import { dayNumberOfWire, dayOfWire } from '../protocol/wire-time.ts';
import type { SessionMeter, UplinkFrame } from '../session/terminal-session.ts';
import type { LiveStatus } from '../store/batch.ts';
import { takeBeyondDial } from './beyond-dial.ts';
import { futureFault } from './future-fault.ts';
import { liveStatus, type Sealed } from './live-status.ts';
import { type Proven, refuse, type UplinkOutcomes } from './uplink-outcomes.ts';

/** Minimum age of the session's copy of the register for an unknown meter to cause another look-up. */
const RELOAD_AFTER_MS = 5000;

/** Reused for every frame: a frame is fully processed before the next is decoded. */
const scratch = createDayReport();

/** A day report [TERM-7.1]: added to the batch, unless it cannot be of this terminal's meters and days. */
export function onDayReport(proven: Proven, outcomes: UplinkOutcomes): Taken {
  const { frame, batch } = proven;
  const decoded = decodeDayReport(proven.payload, scratch);
  if (!decoded.ok) {
    outcomes.quarantine(frame, decoded.reason, decoded.offset);
    return 'handled';
  }
  const meter = frame.session.meterOn(scratch.meterSerial, scratch.day);
  if (meter === undefined) return onUnknownMeter(frame, outcomes);
  const future = futureFault(scratch, frame.receivedAtMs);
  if (future !== undefined) return refuse(frame, future, outcomes);
  const faults = takeBeyondDial(scratch, meter, frame.session.terminalId);
  if (proven.repeated) {
    outcomes.judgeRepeat(frame, repeatedReport(frame, meter));
    return 'handled';
  }
  // One statement stores a meter's day once, so a second report of it waits for the next batch.
  if (batch.holds(meter.meterId, scratch.day)) return 'deferred';
  // Each such value may be a new row, so their rate is limited like that of refused frames.
  if (faults !== undefined && !frame.session.buckets.faults.take(outcomes.now())) {
    frame.abandon('too_many_faults');
    return 'handled';
  }
  frame.session.pending.set(frame.counter, frame);
  batch.addReport(frame, { report: scratch, meter, arrival: arrival(frame), faults });
  if (faults !== undefined) outcomes.metrics.hoursBeyondDial += faults.length;
  batch.addUpdate(frame, condition(frame));
  return 'batched';
}

/**
 * A history report has the terminal's condition when it was sealed, but says nothing about its clock: it may have
 * waited for days.
 */
function condition(frame: UplinkFrame): LiveStatus {
  if (scratch.history) return { status: scratch, clockOffsetS: null };
  return liveStatus(frame, scratch, sealed(frame));
}

/** [TERM-9.5] An answer is made when it is requested. */
function sealed({ connection }: UplinkFrame): Sealed {
  const { terminalTimeS, requested } = scratch;
  return { terminalTimeS, isPrompt: requested && connection.daysRequested };
}

function onUnknownMeter(frame: UplinkFrame, outcomes: UplinkOutcomes): Taken {
  const age = outcomes.now() - frame.session.loadedAtMs;
  if (frame.reloaded || age < RELOAD_AFTER_MS) return refuse(frame, 'unknown_meter', outcomes);
  outcomes.reload(frame);
  return 'handled';
}

function arrival(frame: UplinkFrame): Arrival {
  return arrivalOf(scratch, dayNumberOfWire(scratch.day), frame.receivedAtMs, frame.session);
}

function repeatedReport(frame: UplinkFrame, meter: SessionMeter): RepeatedReport {
  return {
    utilityId: frame.session.utilityId,
    terminalId: frame.session.terminalId,
    meterId: meter.meterId,
    day: dayOfWire(scratch.day),
    counter: frame.counter,
    frameCheck: frame.check,
    indexL: hourlyValues(scratch.indexL, scratch.indexMask),
    pressurePa: hourlyValues(scratch.pressurePa, scratch.pressureMask),
  };
}
