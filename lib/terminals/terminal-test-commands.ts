// Tests of a terminal [TERM-7.6]: first a row, then a message. The sidecar with the terminal's connection sends open
// tests, records the acknowledgement, and closes the row on the test call that repeats the nonce.
import { randomInt } from 'node:crypto';
import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName, requireCapability } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import { DomainError } from '../errors.ts';
import { callTerminal } from './owner-commands.ts';
import { getTerminalInService } from './terminal-commands.ts';
import type { TerminalTest } from './terminal-test.ts';

const NONCES = 2 ** 32;
/** Two report windows, so that a terminal that reports once a day connects at least once. */
const EXPIRES_AFTER_MS = 48 * 3_600_000;
const MAX_OPEN = 5;

/**
 * Requests a test of a terminal: sent at once when it is connected, else at its next contact, for 48 hours.
 * Errors: not_found, conflict (retired; five tests of it are open), forbidden.
 */
export async function requestTerminalTest(
  tx: Tx,
  actor: Actor,
  { number, now }: { number: string; now: Date },
): Promise<TerminalTest> {
  requireCapability(actor, 'register.write');
  const terminal = await getTerminalInService(tx, actor, number);
  await requireRoom(tx, { terminalId: terminal.terminal_id, number, now });
  const expiresAt = new Date(now.getTime() + EXPIRES_AFTER_MS);
  const { test_id: testId, nonce } = await tx
    .insertInto('terminal_test')
    .values({
      utility_id: actor.utilityId,
      terminal_id: terminal.terminal_id,
      // [TERM-7.6] Never 0, which is a test call that was not requested.
      nonce: randomInt(1, NONCES),
      requested_at: now,
      requested_by: actorName(actor),
      expires_at: expiresAt,
      sent_at: null,
      acknowledged_at: null,
      answered_at: null,
    })
    .returning(['test_id', 'nonce'])
    .executeTakeFirstOrThrow();
  await callTerminal(tx, terminal.terminal_id);
  await recordAct(tx, actor, {
    act: 'terminal.test-requested',
    subject: `terminal:${terminal.terminal_id}`,
    detail: { number, testId },
  });
  const proven = { sentAt: null, acknowledgedAt: null, answeredAt: null };
  return { testId, terminalNumber: number, nonce, requestedAt: now, expiresAt, ...proven };
}

async function requireRoom(
  tx: Tx,
  { terminalId, number, now }: { terminalId: number; number: string; now: Date },
): Promise<void> {
  const open = await tx
    .selectFrom('terminal_test')
    .select('test_id')
    .where('terminal_id', '=', terminalId)
    .where('answered_at', 'is', null)
    .where('expires_at', '>', now)
    .execute();
  if (open.length >= MAX_OPEN)
    throw new DomainError(
      'conflict',
      `${MAX_OPEN} tests of terminal ${number} are open: wait for them`,
    );
}

/** Records that tests were handed to a connection of their terminal. */
export async function noteTestsSent(tx: Tx, testIds: readonly number[], at: Date): Promise<void> {
  if (testIds.length === 0) return;
  await tx
    .updateTable('terminal_test')
    .set({ sent_at: at })
    .where('test_id', 'in', testIds)
    .execute();
}

/** Records that the terminal acknowledged a sent test. */
export async function acknowledgeTest(tx: Tx, testId: number, at: Date): Promise<void> {
  await tx
    .updateTable('terminal_test')
    .set({ acknowledged_at: at })
    .where('test_id', '=', testId)
    .where('acknowledged_at', 'is', null)
    .where('sent_at', 'is not', null)
    .execute();
}

/**
 * Closes the terminal's open test with that nonce; false when there is none or it has expired. The answer may arrive
 * before the test is recorded as sent: only a terminal that has the test knows its nonce.
 */
export async function answerTest(
  tx: Tx,
  { terminalId, nonce, at }: { terminalId: number; nonce: number; at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('terminal_test')
    .set({ answered_at: at })
    .where('terminal_id', '=', terminalId)
    .where('nonce', '=', nonce)
    .where('answered_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}
