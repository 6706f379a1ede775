/**
 * Wrong tries in a row, kept by the name that was typed and not by the account: a name that nobody bears is closed like
 * any other, so that a lock does not tell who exists. A try counts once it has turned out wrong.
 */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { SignInKind, Tx } from '../../db/schema.ts';

/** Wrong passwords in a row that close a name for a while. */
const TRIES_BEFORE_LOCK = 5;
/** How long it stays closed. */
const LOCK_MINUTES = 15;
/** After so long without a wrong try those before it are forgotten, and their row may be cleared away. */
const MEMORY_HOURS = 24;
/** Rows that one wrong try clears away: more than it adds, so that they do not pile up. */
const CLEARED_AT_ONCE = 20;

/** A login or customer number as it is looked up, whether anybody has it or not. */
export interface SignInName {
  kind: SignInKind;
  utilityId: number;
  name: string;
}

export interface Failure {
  failedCount: number;
  /** Until when the name is closed; null while it is not. */
  lockedUntil: Date | null;
}

/**
 * Holds the tries of a name until the transaction ends, so that tries at once are looked at one after the other, and
 * returns until when the name is closed; nothing when it is open.
 */
export async function holdTries(tx: Tx, name: SignInName): Promise<Date | undefined> {
  const { rows } = await sql<{ closed_until: Date | null }>`
    insert into sign_in_try as t (utility_id, kind, typed_hash)
    values (${name.utilityId}, ${name.kind}, ${hashOf(name)})
    on conflict (utility_id, kind, typed_hash) do update set failed_count = t.failed_count
    returning case when t.locked_until > clock_timestamp() then t.locked_until end as closed_until
  `.execute(tx);
  return rows[0]?.closed_until ?? undefined;
}

/** Counts a wrong try of a name that is held, and closes the name at the fifth in a row. */
export async function countFailure(tx: Tx, name: SignInName): Promise<Failure> {
  const { rows } = await sql<{ failed_count: number; locked_until: Date | null }>`
    update sign_in_try t set
      failed_count = n.failed_count,
      locked_until = case when n.failed_count >= ${TRIES_BEFORE_LOCK}
                     then clock_timestamp() + make_interval(mins => ${LOCK_MINUTES}) end,
      tried_at = clock_timestamp()
    from (
      select s.utility_id, s.kind, s.typed_hash,
             case when s.locked_until is null and s.tried_at > now() - make_interval(hours => ${MEMORY_HOURS})
             then s.failed_count else 0 end + 1 as failed_count
      from sign_in_try s
    ) n
    where t.utility_id = ${name.utilityId} and t.kind = ${name.kind} and t.typed_hash = ${hashOf(name)}
      and n.utility_id = t.utility_id and n.kind = t.kind and n.typed_hash = t.typed_hash
    returning t.failed_count, t.locked_until`.execute(tx);
  await sql`select clear_sign_in_tries(${CLEARED_AT_ONCE})`.execute(tx);
  const { failed_count: failedCount, locked_until: lockedUntil } = rows[0]!;
  return { failedCount, lockedUntil };
}

/** Opens a name that is closed, and begins to count anew. */
export async function forgetTries(tx: Tx, name: SignInName): Promise<void> {
  await tx
    .updateTable('sign_in_try')
    .set({ failed_count: 0, locked_until: null })
    .where('utility_id', '=', name.utilityId)
    .where('kind', '=', name.kind)
    .where('typed_hash', '=', hashOf(name))
    .execute();
}

function hashOf({ name }: SignInName): Buffer {
  return createHash('sha256').update(name).digest();
}
