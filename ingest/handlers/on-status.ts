import { decodeStatus } from '../protocol/status.ts';
import type { Taken } from '../store/lane.ts';
import { liveStatusOfStatus } from './live-status.ts';
import type { Proven, UplinkServices } from './uplink.ts';

/** A status [TERM-7.2]: the terminal's condition, and no reading. One with a used counter is ignored [TERM-8.3]. */
export function onStatus(proven: Proven, services: UplinkServices): Taken {
  const { frame, batch } = proven;
  const decoded = decodeStatus(proven.payload);
  if (!decoded.ok) {
    services.quarantine(frame, decoded.reason, decoded.offset);
    return 'settled';
  }
  if (proven.repeated) {
    services.acknowledgeRepeat(frame);
    return 'settled';
  }
  frame.session.pending.set(frame.counter, frame);
  batch.addMark(frame, liveStatusOfStatus(frame, decoded.message));
  return 'joined';
}
