import type { ReadDb } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { requireCapability } from '../actor.ts';
import { dayOf, instantOf } from '../time.ts';
import type { ExchangePlan, Register, RegistersAround } from './exchange.ts';

interface AroundInput {
  removed: Pick<ExchangePlan['removed'], 'meterId' | 'fittedAt'>;
  fitted: Pick<ExchangePlan['fitted'], 'meterId'>;
  exchangedAt: Date;
}

/** Registers that the two meters of an exchange reported around its instant. Errors: forbidden. */
export async function listRegistersAround(
  db: ReadDb,
  actor: Actor,
  { removed, fitted, exchangedAt }: AroundInput,
): Promise<RegistersAround> {
  requireCapability(actor, 'meter.read');
  const at = exchangedAt.getTime();
  const old = await registersOf(db, actor, removed.meterId, exchangedAt);
  const ofOld = old.filter((each) => each.at >= removed.fittedAt);
  const ofNew =
    fitted.meterId === null ? [] : await registersOf(db, actor, fitted.meterId, exchangedAt);
  const leftAt = fitted.meterId === null ? null : await findLeft(db, actor, fitted.meterId);
  const isIn = (each: Register) => leftAt === null || each.at > leftAt;
  return {
    removedBefore: ofOld.findLast((each) => each.at.getTime() <= at) ?? null,
    removedAfter: ofOld.findLast((each) => each.at.getTime() > at) ?? null,
    fittedBefore: ofNew.findLast((each) => each.at.getTime() < at && isIn(each)) ?? null,
    fittedAfter: ofNew.findLast((each) => each.at.getTime() >= at) ?? null,
  };
}

/** Registers of a meter in order of time: of its last two days that begin before the instant, and of its latest day. */
async function registersOf(
  db: ReadDb,
  actor: Actor,
  meterId: number,
  at: Date,
): Promise<Register[]> {
  const days = db
    .selectFrom('meter_day')
    .where('utility_id', '=', actor.utilityId)
    .where('meter_id', '=', meterId)
    .where('closing_hour', 'is not', null)
    .select(['day', 'index_l'])
    .orderBy('day', 'desc');
  const before = await days.where('day', '<=', dayOf(at)).limit(2).execute();
  const last = await days.where('day', '>', dayOf(at)).limit(1).execute();
  return [...before.toReversed(), ...last].flatMap(({ day, index_l }) =>
    index_l.flatMap((indexL, element) =>
      indexL === null ? [] : [{ indexL, at: instantOf(day, element + 1) }],
    ),
  );
}

/** When a meter left its previous supply point; null when it was never fitted before. */
async function findLeft(db: ReadDb, actor: Actor, meterId: number): Promise<Date | null> {
  const row = await db
    .selectFrom('meter_fitting')
    .where('utility_id', '=', actor.utilityId)
    .where('meter_id', '=', meterId)
    .select('removed_at')
    .orderBy('fitted_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.removed_at ?? null;
}
