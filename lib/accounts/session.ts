/** Sessions and their durations. */
import type { ConsumerActor, StaffActor } from '../actor.ts';

/** A working day with overtime, because staff sign in once a day. */
export const STAFF_SESSION_HOURS = 12;
/** Longer than that of staff, because a household signs in rarely and sees only its own usage. */
export const CONSUMER_SESSION_HOURS = 30 * 24;

/** An actor that signed in: the only kind that opens pages. */
export type SignedInActor = StaffActor | ConsumerActor;

/** A valid session. `displayName` is a desk or post for staff, the customer number for a consumer. */
export interface LiveSession {
  actor: SignedInActor;
  displayName: string;
}
