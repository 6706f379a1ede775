import type { Taken } from '../frame-hops.ts';
import { decodeStatus } from '../protocol/status.ts';
import { liveStatusOfStatus } from './live-status.ts';
import type { Proven, UplinkOutcomes } from './uplink-outcomes.ts';

/** A status [TERM-7.2]: the terminal's condition without readings. One with a used counter is ignored [TERM-8.3]. */
export function onStatus(proven: Proven, outcomes: UplinkOutcomes): Taken {
  const { frame, batch } = proven;
  const decoded = decodeStatus(proven.payload);
  if (!decoded.ok) {
    outcomes.quarantine(frame, decoded.reason, decoded.offset);
    return 'handled';
  }
  if (proven.repeated) {
    outcomes.acknowledgeRepeat(frame);
    return 'handled';
  }
  frame.session.pending.set(frame.counter, frame);
  batch.addUpdate(frame, liveStatusOfStatus(frame, decoded.message));
  return 'batched';
}
