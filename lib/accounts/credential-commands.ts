import type { Tx } from '../../db/schema.ts';
import { type Actor, requireCapability, type StaffRole } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import { DomainError } from '../errors.ts';
import { acceptName } from '../plain-name.ts';
import { dayOf } from '../time.ts';
import { createVerifier } from './password.ts';
import { requireStrongPassword } from './password-rule.ts';
import { newRegistrationCode, normalizeRegistrationCode } from './registration-code.ts';
import { revokeSessions } from './session-commands.ts';
import { forgetTries, holdTries } from './sign-in-try-commands.ts';

export interface NewAccount {
  login: string;
  /** Name of a desk or post (検針係), shown beside the menu. */
  displayName: string;
  role: StaffRole;
  password: string;
}

/**
 * Registers a member of staff and returns the account's id.
 * @throws DomainError `forbidden`; `invalid_input` for a weak password; `conflict` when the login is taken.
 */
export async function createAccount(tx: Tx, actor: Actor, input: NewAccount): Promise<number> {
  requireCapability(actor, 'register.write');
  const { login, role } = input;
  const displayName = acceptName('displayName', input.displayName);
  requireStrongPassword(input.password, login);
  const row = await tx
    .insertInto('account')
    .values({
      utility_id: actor.utilityId,
      login,
      display_name: displayName,
      role,
      ...(await createVerifier(input.password)),
    })
    .onConflict((conflict) => conflict.columns(['utility_id', 'login']).doNothing())
    .returning('account_id')
    .executeTakeFirst();
  if (!row) throw new DomainError('conflict', `the login "${login}" is taken`, { login });
  const subject = `staff:${row.account_id}`;
  await recordAct(tx, actor, { act: 'account.created', subject, detail: { login, role } });
  return row.account_id;
}

/**
 * Sets a password, removes a lock and ends every session of the account at `now`.
 * @throws DomainError `forbidden`; `invalid_input` for a weak password; `not_found`.
 */
export async function setPassword(
  tx: Tx,
  actor: Actor,
  input: { accountId: number; password: string; now: Date },
): Promise<void> {
  requireCapability(actor, 'register.write');
  const { accountId, password, now } = input;
  const { utilityId } = actor;
  const account = await tx
    .selectFrom('account')
    .select('login')
    .where('utility_id', '=', utilityId)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  if (!account) throw new DomainError('not_found', 'there is no such account');
  const { login } = account;
  requireStrongPassword(password, login);
  const verifier = await createVerifier(password);
  await holdTries(tx, { kind: 'staff', utilityId, name: login });
  await tx
    .updateTable('account')
    .set(verifier)
    .where('utility_id', '=', utilityId)
    .where('account_id', '=', accountId)
    .execute();
  await forgetTries(tx, { kind: 'staff', utilityId, name: login });
  await revokeSessions(tx, actor, { column: 'account_id', id: accountId, now });
  await recordAct(tx, actor, {
    act: 'account.password-set',
    subject: `staff:${accountId}`,
    detail: {},
  });
}

/**
 * Issues a registration code to the occupancy that a customer number has at `now`, and returns it: the only time it is
 * shown. An earlier code of the occupancy becomes invalid, its sessions end, and a lock of the number is removed.
 * @throws DomainError `forbidden`; `not_found` when the customer number has no occupancy then.
 */
export async function issueRegistrationCode(
  tx: Tx,
  actor: Actor,
  input: { customerNumber: string; now: Date },
): Promise<string> {
  requireCapability(actor, 'register.write');
  const { customerNumber, now } = input;
  const occupancy = await tx
    .selectFrom('occupancy')
    .select('occupancy_id')
    .where('utility_id', '=', actor.utilityId)
    .where('customer_number', '=', customerNumber)
    .where(({ eb, or }) => or([eb('to_on', 'is', null), eb('to_on', '>', dayOf(now))]))
    .orderBy('from_on', 'desc')
    .executeTakeFirst();
  if (!occupancy) {
    throw new DomainError('not_found', `nobody has customer number ${customerNumber} now`);
  }
  const code = newRegistrationCode();
  const access = {
    ...(await createVerifier(normalizeRegistrationCode(code))),
    issued_at: now,
    withdrawn_at: null,
  };
  const { occupancy_id: occupancyId } = occupancy;
  const { utilityId } = actor;
  await holdTries(tx, { kind: 'consumer', utilityId, name: customerNumber });
  await tx
    .insertInto('consumer_access')
    .values({ utility_id: actor.utilityId, occupancy_id: occupancyId, ...access })
    .onConflict((conflict) => conflict.columns(['utility_id', 'occupancy_id']).doUpdateSet(access))
    .execute();
  await forgetTries(tx, { kind: 'consumer', utilityId, name: customerNumber });
  await revokeSessions(tx, actor, { column: 'occupancy_id', id: occupancyId, now });
  const subject = `consumer:${occupancyId}`;
  await recordAct(tx, actor, { act: 'registration-code.issued', subject, detail: {} });
  return code;
}

/**
 * Withdraws the registration codes of a customer number at `now`, including those of ended occupancies, ends their
 * sessions, and returns the number of codes.
 * @throws DomainError `forbidden`; `not_found` when the number has no code.
 */
export async function withdrawRegistrationCode(
  tx: Tx,
  actor: Actor,
  input: { customerNumber: string; now: Date },
): Promise<number> {
  requireCapability(actor, 'register.write');
  const { customerNumber, now } = input;
  await holdTries(tx, { kind: 'consumer', utilityId: actor.utilityId, name: customerNumber });
  const withdrawn = await tx
    .updateTable('consumer_access as c')
    .from('occupancy as o')
    .set({ withdrawn_at: now })
    .where('c.utility_id', '=', actor.utilityId)
    .where('c.withdrawn_at', 'is', null)
    .whereRef('o.utility_id', '=', 'c.utility_id')
    .whereRef('o.occupancy_id', '=', 'c.occupancy_id')
    .where('o.customer_number', '=', customerNumber)
    .returning('c.occupancy_id')
    .execute();
  if (withdrawn.length === 0) {
    throw new DomainError(
      'not_found',
      `customer number ${customerNumber} has no registration code`,
    );
  }
  for (const { occupancy_id: occupancyId } of withdrawn) {
    const whose = { column: 'occupancy_id', id: occupancyId } as const;
    const sessions = await revokeSessions(tx, actor, { ...whose, now });
    const subject = `consumer:${occupancyId}`;
    await recordAct(tx, actor, {
      act: 'registration-code.withdrawn',
      subject,
      detail: { sessions },
    });
  }
  return withdrawn.length;
}
