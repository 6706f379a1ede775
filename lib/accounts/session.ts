/** What a session is and how long one lasts. */
import type { ConsumerActor, StaffActor } from '../actor.ts';

/** A working day with overtime: staff sign in once a day. */
export const STAFF_SESSION_HOURS = 12;
/** A household looks in now and then; its session shows no more than its own usage. */
export const CONSUMER_SESSION_HOURS = 30 * 24;

/** Someone who signed in: the only actors that open pages. */
export type SignedInActor = StaffActor | ConsumerActor;

/** A session that holds at this moment. `displayName` is a desk or post for staff, the customer number for a consumer. */
export interface LiveSession {
  actor: SignedInActor;
  displayName: string;
}
