/** Verbs of the operator on a registered staff account. Each is recorded in the audit. */
import type { SignInKind, Tx } from '../../db/schema.ts';
import { type Actor, requireCapability, type StaffRole } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import { DomainError, invalidInput } from '../errors.ts';
import { MAIL_ADDRESS_FAULT, MailAddress } from '../mail/mail-address.ts';
import { revokeSessions } from './session-commands.ts';
import { forgetTries } from './sign-in-try-commands.ts';

interface AccountInput {
  accountId: number;
}

/** An account and the instant at which the change takes effect. */
interface AccountChange extends AccountInput {
  now: Date;
}

/**
 * Disables an account and ends its sessions; returns how many there were. Its login stays taken.
 * @throws DomainError `forbidden`; `not_found`; `conflict` when it is disabled already.
 */
export async function disableAccount(tx: Tx, actor: Actor, input: AccountChange): Promise<number> {
  const { accountId, now } = input;
  await setDisabled(tx, actor, { accountId, disabledAt: now });
  const sessions = await revokeSessions(tx, actor, { column: 'account_id', id: accountId, now });
  await record(tx, actor, input, { act: 'account.disabled', detail: { sessions } });
  return sessions;
}

/**
 * Lets a disabled account sign in again, with the password that it had.
 * @throws DomainError `forbidden`; `not_found`; `conflict` when it is not disabled.
 */
export async function enableAccount(tx: Tx, actor: Actor, input: AccountChange): Promise<void> {
  const { accountId, now } = input;
  await setDisabled(tx, actor, { accountId, disabledAt: null });
  // A sign-in running while the account was disabled may have opened a session, which would become valid now.
  await revokeSessions(tx, actor, { column: 'account_id', id: accountId, now });
  await record(tx, actor, input, { act: 'account.enabled', detail: {} });
}

async function setDisabled(
  tx: Tx,
  actor: Actor,
  { accountId, disabledAt }: AccountInput & { disabledAt: Date | null },
): Promise<void> {
  requireCapability(actor, 'register.write');
  const account = await tx
    .selectFrom('account')
    .select('disabled_at')
    .where('utility_id', '=', actor.utilityId)
    .where('account_id', '=', accountId)
    .forUpdate()
    .executeTakeFirst();
  if (!account) throw noAccount();
  if ((account.disabled_at === null) === (disabledAt === null)) {
    const state = disabledAt === null ? 'not disabled' : 'disabled already';
    throw new DomainError('conflict', `the account is ${state}`);
  }
  await tx
    .updateTable('account')
    .set({ disabled_at: disabledAt })
    .where('utility_id', '=', actor.utilityId)
    .where('account_id', '=', accountId)
    .execute();
}

/**
 * Gives an account another role, which its live sessions have from their next request on.
 * @throws DomainError `forbidden`; `not_found`.
 */
export async function setRole(
  tx: Tx,
  actor: Actor,
  input: AccountInput & { role: StaffRole },
): Promise<void> {
  requireCapability(actor, 'register.write');
  const { role } = input;
  const changed = await tx
    .updateTable('account')
    .set({ role })
    .where('utility_id', '=', actor.utilityId)
    .where('account_id', '=', input.accountId)
    .executeTakeFirst();
  if (!changed.numUpdatedRows) throw noAccount();
  await record(tx, actor, input, { act: 'account.role-set', detail: { role } });
}

/**
 * Sets the mail address of an account, which waiting mails use too; null removes it. The audit records the change
 * without the address, which thus can be deleted from one table.
 * @throws DomainError `forbidden`; `invalid_input`; `not_found`
 */
export async function setMailAddress(
  tx: Tx,
  actor: Actor,
  input: AccountInput & { address: string | null },
): Promise<void> {
  requireCapability(actor, 'register.write');
  const { address } = input;
  const accepted = MailAddress.nullable().safeParse(address);
  if (!accepted.success) {
    throw invalidInput([{ field: 'address', message: MAIL_ADDRESS_FAULT }]);
  }
  const changed = await tx
    .updateTable('account')
    .set({ mail_address: address })
    .where('utility_id', '=', actor.utilityId)
    .where('account_id', '=', input.accountId)
    .executeTakeFirst();
  if (!changed.numUpdatedRows) throw noAccount();
  const act = address === null ? 'account.mail-address-cleared' : 'account.mail-address-set';
  await record(tx, actor, input, { act, detail: {} });
}

/**
 * Ends every session of an account and returns how many there were; the account can sign in again.
 * @throws DomainError `forbidden`; `not_found`.
 */
export async function endSessions(tx: Tx, actor: Actor, input: AccountChange): Promise<number> {
  requireCapability(actor, 'register.write');
  const { accountId, now } = input;
  const account = await tx
    .selectFrom('account')
    .select('account_id')
    .where('utility_id', '=', actor.utilityId)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  if (!account) throw noAccount();
  const sessions = await revokeSessions(tx, actor, { column: 'account_id', id: accountId, now });
  await record(tx, actor, input, { act: 'account.sessions-ended', detail: { sessions } });
  return sessions;
}

/**
 * Deletes the wrong tries of a login or customer number, so that it may be tried again at once from any address.
 * @throws DomainError `forbidden`; `not_found` when the name is not registered.
 */
export async function unlockSignIn(
  tx: Tx,
  actor: Actor,
  input: { kind: SignInKind; name: string },
): Promise<void> {
  requireCapability(actor, 'register.write');
  const { kind, name } = input;
  const id =
    kind === 'staff' ? await findStaff(tx, actor, name) : await findHousehold(tx, actor, name);
  if (id === undefined)
    throw new DomainError('not_found', `nobody signs in as "${name}"`, { name });
  await forgetTries(tx, { kind, utilityId: actor.utilityId, name });
  await recordAct(tx, actor, { act: 'sign-in.unlocked', subject: `${kind}:${id}`, detail: {} });
}

async function findStaff(tx: Tx, actor: Actor, login: string): Promise<number | undefined> {
  const found = await tx
    .selectFrom('account')
    .select('account_id')
    .where('utility_id', '=', actor.utilityId)
    .where('login', '=', login)
    .executeTakeFirst();
  return found?.account_id;
}

/** The occupancy that the number signs in to: the latest one with a registration code. */
async function findHousehold(tx: Tx, actor: Actor, number: string): Promise<number | undefined> {
  const found = await tx
    .selectFrom('consumer_access as c')
    .innerJoin('occupancy as o', (join) =>
      join
        .onRef('o.utility_id', '=', 'c.utility_id')
        .onRef('o.occupancy_id', '=', 'c.occupancy_id'),
    )
    .select('o.occupancy_id')
    .where('c.utility_id', '=', actor.utilityId)
    .where('o.customer_number', '=', number)
    .orderBy('o.from_on', 'desc')
    .executeTakeFirst();
  return found?.occupancy_id;
}

async function record(
  tx: Tx,
  actor: Actor,
  { accountId }: AccountInput,
  { act, detail }: { act: string; detail: Record<string, unknown> },
): Promise<void> {
  await recordAct(tx, actor, { act, subject: `staff:${accountId}`, detail });
}

function noAccount(): DomainError {
  return new DomainError('not_found', 'there is no such account');
}
