/** What verbs on an account or a registration code do about tries of its name; counting them is the database's own work. */
import { sql } from 'kysely';
import type { SignInKind, Tx } from '../../db/schema.ts';

/** A login or customer number as it is looked up, whether anybody has it or not. */
export interface SignInName {
  kind: SignInKind;
  utilityId: number;
  name: string;
}

/**
 * Lets tries of a name wait until the transaction ends, so that none with the password before opens a session after it:
 * first in a transaction that changes a password or code.
 */
export async function holdTries(tx: Tx, { utilityId, kind, name }: SignInName): Promise<void> {
  await sql`select hold_sign_in_name(${utilityId}, ${kind}, ${name})`.execute(tx);
}

/** Opens a name of the transaction's utility for everybody for whom it is closed, and begins to count anew. */
export async function forgetTries(tx: Tx, { kind, name }: SignInName): Promise<void> {
  await sql`select forget_sign_in_tries(${kind}, ${name})`.execute(tx);
}
