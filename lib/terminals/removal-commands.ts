// End of a terminal's fitting, and of the terminal itself. A fitting is half-open: [fromAt, toAt).
import { z } from 'zod';
import type { Tx } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import { explainRefusal } from '../constraint-errors.ts';
import { DomainError } from '../errors.ts';
import { acceptInput, toCome } from '../register/register.ts';
import { fitTerminal, getTerminalInService } from './terminal-commands.ts';

const Removal = z
  .object({
    number: z.string(),
    removedAt: z.date('removedAt: give the instant at which the terminal was taken away'),
    now: z.date(),
  })
  .refine((removal) => removal.removedAt <= removal.now, toCome('removedAt'));

export interface TerminalRemoval {
  number: string;
  removedAt: Date;
  /** The present instant: nothing in the future is registered. */
  now: Date;
}

/**
 * Ends the fitting of a terminal; it stays registered and may be fitted elsewhere. Returns the supply point it leaves.
 * Errors: invalid_input, not_found (unknown, or fitted nowhere), conflict (retired, or fitted later than that),
 * forbidden.
 */
export async function removeTerminal(
  tx: Tx,
  actor: Actor,
  input: TerminalRemoval,
): Promise<number> {
  requireCapability(actor, 'register.write');
  const { number, removedAt } = acceptInput(Removal, input);
  const { terminal_id } = await getTerminalInService(tx, actor, number);
  const supplyPointId = await endFitting(tx, actor, { terminalId: terminal_id, number, removedAt });
  if (supplyPointId === undefined) {
    throw new DomainError('not_found', `terminal ${number} is fitted nowhere: nothing to remove`);
  }
  await recordAct(tx, actor, {
    act: 'terminal.removed',
    subject: `supply-point:${supplyPointId}`,
    detail: { number, removedAt: removedAt.toISOString() },
  });
  return supplyPointId;
}

/** Moves a terminal from its supply point to another at one instant. Errors: as for removing and fitting it. */
export async function moveTerminal(
  tx: Tx,
  actor: Actor,
  input: { number: string; supplyPointId: number; movedAt: Date; now: Date },
): Promise<void> {
  const { number, supplyPointId, movedAt, now } = input;
  await removeTerminal(tx, actor, { number, removedAt: movedAt, now });
  await fitTerminal(tx, actor, { number, supplyPointId, fromAt: movedAt, now });
}

/**
 * Retires a terminal permanently: its fitting ends, its keys are retired, and it can no longer sign in. Its readings
 * stay. Instants in the future are refused. Errors: invalid_input, not_found, conflict (retired already, or fitted
 * later than that), forbidden.
 */
export async function retireTerminal(
  tx: Tx,
  actor: Actor,
  input: { number: string; retiredAt: Date; now: Date },
): Promise<void> {
  requireCapability(actor, 'register.write');
  const { number, removedAt } = acceptInput(Removal, {
    number: input.number,
    removedAt: input.retiredAt,
    now: input.now,
  });
  const { terminal_id: terminalId } = await getTerminalInService(tx, actor, number);
  const supplyPointId = await endFitting(tx, actor, { terminalId, number, removedAt });
  for (const table of ['terminal', 'terminal_key'] as const) {
    await tx
      .updateTable(table)
      .set({ retired_at: removedAt })
      .where('utility_id', '=', actor.utilityId)
      .where('terminal_id', '=', terminalId)
      .where('retired_at', 'is', null)
      .execute();
  }
  await recordAct(tx, actor, {
    act: 'terminal.retired',
    subject: `terminal:${terminalId}`,
    detail: {
      number,
      retiredAt: removedAt.toISOString(),
      leftSupplyPoint: supplyPointId ?? null,
    },
  });
}

/** Ends the open fitting of a terminal and returns its supply point; undefined when it is not fitted. */
async function endFitting(
  tx: Tx,
  actor: Actor,
  { terminalId, number, removedAt }: Omit<TerminalRemoval, 'now'> & { terminalId: number },
): Promise<number | undefined> {
  const ended = await explainRefusal(
    {
      terminal_fitting_check: `terminal ${number} was fitted later than that: give a later instant`,
    },
    () =>
      tx
        .updateTable('terminal_fitting')
        .set({ to_at: removedAt })
        .where('utility_id', '=', actor.utilityId)
        .where('terminal_id', '=', terminalId)
        .where('to_at', 'is', null)
        .returning('supply_point_id')
        .executeTakeFirst(),
  );
  return ended?.supply_point_id;
}
