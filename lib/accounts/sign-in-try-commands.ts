/** Effects of account and code changes on the tries of a name; counting tries is the database's own work. */
import { sql } from 'kysely';
import type { SignInKind, Tx } from '../../db/schema.ts';

/** A login or customer number in canonical form, registered or not. */
export interface SignInName {
  kind: SignInKind;
  utilityId: number;
  name: string;
}

/**
 * Makes tries of a name wait until the transaction ends, so that no session is opened with the old password after it.
 * Call it first in a transaction that changes a password or code.
 */
export async function holdTries(tx: Tx, { utilityId, kind, name }: SignInName): Promise<void> {
  await sql`select hold_sign_in_name(${utilityId}, ${kind}, ${name})`.execute(tx);
}

/** Removes all locks of a name of the transaction's utility and its counted tries. */
export async function forgetTries(tx: Tx, { kind, name }: SignInName): Promise<void> {
  await sql`select forget_sign_in_tries(${kind}, ${name})`.execute(tx);
}
