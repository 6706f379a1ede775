import { decodeTestCall } from '../protocol/test-call.ts';
import type { Taken } from '../store/lane.ts';
import type { Proven, UplinkServices } from './uplink.ts';

/**
 * A test call [TERM-7.3]: shows that the terminal is there, and closes the test whose nonce it repeats, before it is acknowledged.
 * One with a used counter is ignored [TERM-8.3].
 */
export function onTestCall(proven: Proven, services: UplinkServices): Taken {
  const { frame, batch } = proven;
  const decoded = decodeTestCall(proven.payload);
  if (!decoded.ok) {
    services.quarantine(frame, decoded.reason, decoded.offset);
    return 'settled';
  }
  if (proven.repeated) {
    services.acknowledgeRepeat(frame);
    return 'settled';
  }
  const { nonce } = decoded.message;
  // A terminal that makes up answers is bounded like one that repeats itself.
  const { repeats } = frame.session.buckets;
  if (nonce !== 0 && !frame.testSettled && repeats.take(services.now())) {
    services.settleTest(frame, nonce);
    return 'settled';
  }
  frame.session.pending.set(frame.counter, frame);
  batch.addMark(frame, undefined);
  return 'joined';
}
