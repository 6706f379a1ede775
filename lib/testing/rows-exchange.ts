/** Verbs of meter exchanges, each with the rows that it is about: see lib/testing/rows-read.ts. */
import type { Tx } from '../../db/schema.ts';
import { LARGE } from '../../db/testing/large-utility.ts';
import {
  listSupplyPointClosings,
  listSupplyPointClosingsAsIf,
  type SupplyPointClosings,
} from '../closing/closing-as-if-queries.ts';
import { latestClosing } from '../closing/closing-day.ts';
import { exchangeMeter, undoExchange } from '../register/exchange-commands.ts';
import { getExchangePlan, requireMeterFree } from '../register/exchange-plan-queries.ts';
import { previewExchange } from '../register/exchange-preview-queries.ts';
import { getExchange, listMeterExchanges, listRestingOn } from '../register/exchange-queries.ts';
import { listRegistersAround } from '../register/exchange-registers-queries.ts';
import type { MeterExchange } from '../register/register.ts';
import { listReportedSerials } from '../register/reported-serials-queries.ts';
import { listFittedMeters } from '../usage/usage-line-queries.ts';
import { HISTORY, type LargeScene, type RowsCase } from './rows-case.ts';

export const EXCHANGE_CASES: readonly RowsCase[] = [
  {
    ...{ verb: 'register/exchange-commands:exchangeMeter', about: 20 },
    run: ({ actor, home, now }, tx) => exchangeMeter(tx, actor, newExchange(home, now)),
  },
  {
    ...{ verb: 'register/exchange-commands:undoExchange', about: 40 },
    run: async ({ actor, home, now }, tx) => {
      const { exchangeId } = await exchangeMeter(tx, actor, newExchange(home, now));
      return undoExchange(tx, actor, { exchangeId });
    },
  },
  {
    ...{ verb: 'register/exchange-plan-queries:getExchangePlan', about: 5 },
    run: ({ actor, home, now }, tx) => getExchangePlan(tx, actor, newExchange(home, now)),
  },
  {
    ...{ verb: 'register/exchange-preview-queries:previewExchange', about: HISTORY },
    run: ({ actor, home, now }, tx) => previewExchange(tx, actor, newExchange(home, now)),
  },
  {
    ...{ verb: 'register/exchange-registers-queries:listRegistersAround', about: HISTORY },
    run: async ({ actor, home, now }, tx) =>
      listRegistersAround(tx, actor, await getExchangePlan(tx, actor, newExchange(home, now))),
  },
  {
    ...{ verb: 'register/exchange-queries:listMeterExchanges', about: 5 },
    run: ({ actor, home }, tx) => listMeterExchanges(tx, actor, home),
  },
  {
    ...{ verb: 'register/exchange-queries:getExchange', about: 30 },
    run: async ({ actor, home, now }, tx) => {
      const { exchangeId } = await exchangeMeter(tx, actor, newExchange(home, now));
      return getExchange(tx, actor, { exchangeId });
    },
  },
  {
    ...{ verb: 'register/exchange-queries:listRestingOn', about: 30 },
    run: async ({ actor, home, now }, tx) => {
      const { exchangeId } = await exchangeMeter(tx, actor, newExchange(home, now));
      return listRestingOn(tx, actor, { exchangeId });
    },
  },
  {
    ...{ verb: 'register/exchange-plan-queries:requireMeterFree', about: 5 },
    run: ({ actor, now }, tx) =>
      requireMeterFree(tx, actor, { meterId: 0, serial: '1', at: now, field: 'newSerial' }),
  },
  {
    ...{ verb: 'register/reported-serials-queries:listReportedSerials', about: 10 },
    run: ({ actor, home, now }, tx) => listReportedSerials(tx, actor, { ...home, now }),
  },
  {
    ...{
      verb: 'closing/closing-as-if-queries:listSupplyPointClosings',
      // The planner reads the places as a set: their table is small.
      about: 2 * 45 + LARGE.meters,
    },
    run: async (scene, tx) =>
      listSupplyPointClosings(tx, scene.actor, await supplyPointClosings(scene, tx)),
  },
  {
    ...{
      verb: 'closing/closing-as-if-queries:listSupplyPointClosingsAsIf',
      // The planner reads the places as a set: their table is small.
      about: 2 * 45 + LARGE.meters,
    },
    run: async (scene, tx) => {
      const meters = await listFittedMeters(tx, { ...scene.actor, ...scene.home });
      return listSupplyPointClosingsAsIf(
        tx,
        scene.actor,
        await supplyPointClosings(scene, tx),
        meters,
      );
    },
  },
];

/** The last closing of a supply point. */
async function supplyPointClosings(
  { actor, home, now }: LargeScene,
  tx: Tx,
): Promise<SupplyPointClosings> {
  const { supplyPointId, supplyPointNumber, closingDay } = await getExchangePlan(
    tx,
    actor,
    newExchange(home, now),
  );
  const closings = [latestClosing(closingDay, now)];
  return { supplyPointId, supplyPointNumber, closingDay, closings, now };
}

/** Exchange of a fitted meter for one that is registered with it, two days before the present. */
function newExchange({ meterId }: { meterId: number }, now: Date): MeterExchange {
  const exchangedAt = new Date(now.getTime() - 2 * 24 * 3_600_000);
  const newMeter = { size: 4, dialL: 10_000_000 };
  return { removedMeterId: meterId, exchangedAt, newSerial: '999999999', newMeter, now };
}
