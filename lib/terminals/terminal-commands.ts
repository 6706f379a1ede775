// Terminals, their credentials and fittings. A fitting is half-open: [fromAt, toAt). A plaintext secret or key leaves
// this module once, as a result, and is never stored or logged.

import { z } from 'zod';
import type { TerminalModel, Tx } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { recordAct, recordActs } from '../audit/audit-commands.ts';
import { certain } from '../certain.ts';
import { explainRefusal } from '../constraint-errors.ts';
import { DomainError } from '../errors.ts';
import type { Kek } from '../keys/kek.ts';
import { wrapKey } from '../keys/key-wrap.ts';
import { createTerminalKey } from '../keys/terminal-key.ts';
import { createTerminalSecret, hashTerminalSecret } from '../keys/terminal-secret.ts';
import { LATEST_REPORT_MINUTE, LONGEST_REPORT_WINDOW_MINUTES } from '../readings/report-window.ts';
import { acceptInput, toCome } from '../register/register.ts';
import { terminalFitted } from '../register/register-acts.ts';
import { TERMINAL_MODELS } from './terminal-model.ts';
import { TERMINAL_NUMBER } from './terminal-number.ts';

const FIRST_GENERATION = 1;
const LAST_GENERATION = 255;

const Registration = z.object({
  number: z.string().regex(TERMINAL_NUMBER, 'number: give 1 to 16 decimal digits, as text'),
  model: z.enum(TERMINAL_MODELS, 'model: give external, us or jo'),
  reportMinute: z
    .number()
    .int()
    .min(0)
    .max(LATEST_REPORT_MINUTE, 'reportMinute: give the minute of the JST day, 0 to 1439'),
  reportWindowMinutes: z
    .number()
    .int()
    .min(1)
    .max(LONGEST_REPORT_WINDOW_MINUTES, 'reportWindowMinutes: give 1 to 1440 minutes'),
});

const Fitting = z
  .object({
    number: z.string(),
    supplyPointId: z.number().int(),
    fromAt: z.date('fromAt: give the instant at which the terminal was fitted'),
    now: z.date(),
  })
  .refine((fitting) => fitting.fromAt <= fitting.now, toCome('fromAt'));

export interface TerminalRegistration {
  /** 1 to 16 decimal digits; leading zeros count. */
  number: string;
  model: TerminalModel;
  /** Minute of the JST day at which the report window opens. */
  reportMinute: number;
  /** Length of the window. Minutes. */
  reportWindowMinutes: number;
  /** The utility's key-encryption key, which wraps the terminal's key. */
  kek: Kek;
}

/** Credentials to install in the terminal, returned only once. */
export interface TerminalCredentials {
  terminalId: number;
  /** The MQTT password. */
  secret: string;
  /** The terminal key, 32 bytes. */
  key: Buffer;
  generation: number;
  /** First uplink counter that the cloud accepts as new: a change of key does not reset it [TERM-5.5]. */
  firstCounter: number;
}

export interface TerminalFitting {
  number: string;
  supplyPointId: number;
  fromAt: Date;
  /** The present instant: nothing in the future is registered. */
  now: Date;
}

/**
 * Registers a terminal with a new secret and a new key of generation 1, wrapped by the utility's KEK.
 * Errors: invalid_input, conflict (the number is taken, possibly by another utility), forbidden.
 */
export async function registerTerminal(
  tx: Tx,
  actor: Actor,
  { kek, ...terminal }: TerminalRegistration,
): Promise<TerminalCredentials> {
  const [issued] = await registerTerminals(tx, actor, { terminals: [terminal], kek });
  return certain(issued, 'what was issued');
}

/**
 * Like `registerTerminal` for up to 1,000 terminals; the credentials are in the order of the terminals. Errors: the
 * same; details.number is the taken number.
 */
export async function registerTerminals(
  tx: Tx,
  actor: Actor,
  input: { terminals: readonly Omit<TerminalRegistration, 'kek'>[]; kek: Kek },
): Promise<TerminalCredentials[]> {
  requireCapability(actor, 'register.write');
  const terminals = input.terminals.map((terminal) => ({
    ...acceptInput(Registration, terminal),
    secret: createTerminalSecret(),
    key: createTerminalKey(),
  }));
  const ids = await insertTerminals(tx, actor, terminals);
  const registered = terminals.map((terminal) => {
    const terminalId = ids.get(terminal.number);
    if (terminalId !== undefined) return { ...terminal, terminalId };
    const { number } = terminal;
    throw new DomainError('conflict', takenMessage(number), { number });
  });
  const owner = { utility_id: actor.utilityId };
  await tx
    .insertInto('terminal_state')
    .values(registered.map(({ terminalId }) => ({ ...owner, terminal_id: terminalId })))
    .execute();
  await tx
    .insertInto('terminal_key')
    .values(
      registered.map(({ terminalId, key }) =>
        keyRow(actor, { terminalId, key, generation: FIRST_GENERATION, kek: input.kek }),
      ),
    )
    .execute();
  await recordActs(
    tx,
    actor,
    registered.map(({ terminalId, number, model }) => ({
      act: 'terminal.registered',
      subject: `terminal:${terminalId}`,
      detail: { number, model },
    })),
  );
  return registered.map(({ terminalId, secret, key }) => ({
    terminalId,
    secret,
    key,
    generation: FIRST_GENERATION,
    firstCounter: 1,
  }));
}

/** @returns ids by number, without numbers that are taken */
async function insertTerminals(
  tx: Tx,
  actor: Actor,
  terminals: readonly (z.infer<typeof Registration> & { secret: string })[],
): Promise<Map<string, number>> {
  const inserted = await explainRefusal({}, () =>
    tx
      .insertInto('terminal')
      .values(
        terminals.map((terminal) => ({
          utility_id: actor.utilityId,
          number: terminal.number,
          model: terminal.model,
          secret_hash: hashTerminalSecret(terminal.secret),
          report_minute: terminal.reportMinute,
          report_window_minutes: terminal.reportWindowMinutes,
          retired_at: null,
        })),
      )
      .onConflict((conflict) => conflict.column('number').doNothing())
      .returning(['terminal_id', 'number'])
      .execute(),
  );
  return new Map(inserted.map(({ number, terminal_id }) => [number, terminal_id]));
}

/**
 * Issues a new secret and a key of the next generation, and ends the earlier ones at `now`: a sign-in with them is
 * refused. Errors: not_found, conflict (retired; all generations are used up), forbidden.
 */
export async function reissueTerminal(
  tx: Tx,
  actor: Actor,
  input: { number: string; kek: Kek; now: Date },
): Promise<TerminalCredentials> {
  requireCapability(actor, 'register.write');
  const terminal = await getTerminalInService(tx, actor, input.number);
  const generation = await nextGeneration(tx, actor, terminal.terminal_id);
  const secret = createTerminalSecret();
  await tx
    .updateTable('terminal')
    .set({ secret_hash: hashTerminalSecret(secret) })
    .where('utility_id', '=', actor.utilityId)
    .where('terminal_id', '=', terminal.terminal_id)
    .execute();
  await tx
    .updateTable('terminal_key')
    .set({ retired_at: input.now })
    .where('utility_id', '=', actor.utilityId)
    .where('terminal_id', '=', terminal.terminal_id)
    .where('retired_at', 'is', null)
    .execute();
  const key = createTerminalKey();
  const { terminal_id: terminalId } = terminal;
  await tx
    .insertInto('terminal_key')
    .values(keyRow(actor, { terminalId, key, generation, kek: input.kek }))
    .execute();
  await recordAct(tx, actor, {
    act: 'terminal.reissued',
    subject: `terminal:${terminal.terminal_id}`,
    detail: { number: input.number, generation },
  });
  const firstCounter = await nextCounter(tx, actor, terminal.terminal_id);
  return { terminalId: terminal.terminal_id, secret, key, generation, firstCounter };
}

/** Fits a registered terminal at a supply point. Errors: not_found, conflict, invalid_input, forbidden. */
export async function fitTerminal(tx: Tx, actor: Actor, input: TerminalFitting): Promise<void> {
  requireCapability(actor, 'register.write');
  const fitting = acceptInput(Fitting, input);
  const terminal = await getTerminalInService(tx, actor, fitting.number);
  await explainRefusal(
    {
      terminal_fitting_one_terminal_at_a_time:
        'another terminal is fitted at this supply point then: register its removal first',
      terminal_fitting_one_place_at_a_time: `terminal ${fitting.number} is fitted elsewhere then: register its removal there first`,
      terminal_fitting_utility_id_supply_point_id_fkey:
        'the supply point is not registered: register it first',
    },
    () =>
      tx
        .insertInto('terminal_fitting')
        .values({
          utility_id: actor.utilityId,
          terminal_id: terminal.terminal_id,
          supply_point_id: fitting.supplyPointId,
          from_at: fitting.fromAt,
          to_at: null,
        })
        .execute(),
  );
  await recordAct(tx, actor, terminalFitted(fitting.supplyPointId, fitting));
}

/** The terminal of a number. Errors: not_found, conflict (retired). */
export async function getTerminalInService(tx: Tx, actor: Actor, number: string) {
  const terminal = await tx
    .selectFrom('terminal')
    .select(['terminal_id', 'retired_at'])
    .where('utility_id', '=', actor.utilityId)
    .where('number', '=', number)
    .executeTakeFirst();
  if (!terminal) {
    throw new DomainError('not_found', `terminal ${number} is not registered: check the number`);
  }
  if (terminal.retired_at === null) return terminal;
  throw new DomainError(
    'conflict',
    `terminal ${number} is retired for good: register another under a number of its own`,
  );
}

async function nextCounter(tx: Tx, actor: Actor, terminalId: number): Promise<number> {
  const { up_high } = await tx
    .selectFrom('terminal_state')
    .select('up_high')
    .where('utility_id', '=', actor.utilityId)
    .where('terminal_id', '=', terminalId)
    .executeTakeFirstOrThrow();
  return up_high + 1;
}

async function nextGeneration(tx: Tx, actor: Actor, terminalId: number): Promise<number> {
  const { last } = await tx
    .selectFrom('terminal_key')
    .select(({ fn }) => fn.max('generation').as('last'))
    .where('utility_id', '=', actor.utilityId)
    .where('terminal_id', '=', terminalId)
    .executeTakeFirstOrThrow();
  const next = (last ?? 0) + 1;
  if (next <= LAST_GENERATION) return next;
  throw new DomainError(
    'conflict',
    'all key generations of this terminal are used up: fit another terminal',
  );
}

function keyRow(
  actor: Actor,
  {
    terminalId,
    key,
    generation,
    kek,
  }: { terminalId: number; key: Buffer; generation: number; kek: Kek },
) {
  return {
    utility_id: actor.utilityId,
    terminal_id: terminalId,
    generation,
    wrapped_key: wrapKey(kek.key, key),
    kek_id: kek.id,
    retired_at: null,
  };
}

function takenMessage(number: string): string {
  return `terminal ${number} is registered already, perhaps retired or at another utility: a number is given once`;
}
