import type pg from 'pg';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';
import type { TerminalTest } from './terminal-test.ts';

/** A test that the terminal has not acknowledged. */
export interface UnacknowledgedTest {
  testId: number;
  nonce: number;
}

/** Tests that their terminal has not acknowledged, sent or not, oldest first. */
export function listUnacknowledgedTests(
  db: ReadDb,
  terminalId: number,
  now: Date,
): Promise<UnacknowledgedTest[]> {
  return db
    .selectFrom('terminal_test')
    .select(['test_id as testId', 'nonce'])
    .where('terminal_id', '=', terminalId)
    .where('acknowledged_at', 'is', null)
    .where('answered_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('test_id')
    .execute();
}

/** Errors: not_found, forbidden. */
export async function getTerminalTest(
  db: ReadDb,
  actor: Actor,
  testId: number,
): Promise<TerminalTest> {
  requireCapability(actor, 'meter.read');
  const test = await db
    .selectFrom('terminal_test as x')
    .innerJoin('terminal as t', (join) =>
      join.onRef('t.utility_id', '=', 'x.utility_id').onRef('t.terminal_id', '=', 'x.terminal_id'),
    )
    .select([
      'x.test_id as testId',
      't.number as terminalNumber',
      'x.nonce',
      'x.requested_at as requestedAt',
      'x.expires_at as expiresAt',
      'x.sent_at as sentAt',
      'x.acknowledged_at as acknowledgedAt',
      'x.answered_at as answeredAt',
    ])
    .where('x.utility_id', '=', actor.utilityId)
    .where('x.test_id', '=', testId)
    .executeTakeFirst();
  if (test) return test;
  throw new DomainError('not_found', `test ${testId} is not there: check its number`);
}

/** A terminal that a sidecar has to look at while it is connected. */
export interface CalledTerminal {
  number: string;
  /** True: retired a short time ago; false: a test is open. */
  isRetired: boolean;
}

/** Of all utilities; read before any utility is set. */
export async function listCalledTerminals(
  db: Pick<pg.Pool, 'query'>,
  { asOf, retiredAfter }: { asOf: Date; retiredAfter: Date },
): Promise<CalledTerminal[]> {
  const { rows } = await db.query<CalledTerminal>({
    name: 'terminals_called',
    text: `select terminal_number as number, is_retired as "isRetired" from terminals_called($1, $2)`,
    values: [asOf, retiredAfter],
  });
  return rows;
}
