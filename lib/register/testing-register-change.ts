/** Fixtures of tests of register changes, on those of exchanges: the household of a customer since 2019, read daily. */
import { readAs } from '../../db/client.ts';
import { listSupplyPointClosings } from '../closing/closing-as-if-queries.ts';
import { closingsSince } from '../closing/closing-history.ts';
import { listVacantStretches } from '../closing/vacant-usage-queries.ts';
import { changeRegister, undoRegisterChange } from './register-change-commands.ts';
import { getSupplyPointRegister } from './register-change-plan-queries.ts';
import { previewRegisterChange } from './register-change-preview-queries.ts';
import { listRegisterChanges } from './register-change-queries.ts';
import type { RegisterChangeGiven } from './register-change-wire.ts';
import { getSupplyPointOn } from './supply-point-record-queries.ts';
import { admin, database, home, NOW, office, utilityId, work } from './testing-exchange.ts';

const given = (body: RegisterChangeGiven) => ({
  ...body,
  supplyPointId: home.supplyPointId,
  now: NOW,
});
export const previewChange = (body: RegisterChangeGiven) =>
  work.read((db) => previewRegisterChange(db, admin, given(body)));
export const change = (body: RegisterChangeGiven) =>
  work.transact((tx) => changeRegister(tx, admin, given(body)));
export const undoChange = (changeId: number) =>
  work.transact((tx) => undoRegisterChange(tx, admin, { changeId }));
export const changes = () => work.read((db) => listRegisterChanges(db, admin, home));
export const supplyPointOn = (on?: string) =>
  work.read((db) =>
    getSupplyPointOn(db, admin, { supplyPointId: home.supplyPointId, on, now: NOW }),
  );
export const moveOut = (toOn: string, acknowledgedClosings?: string[]): RegisterChangeGiven => ({
  ...{ kind: 'move-out', occupancyId: home.occupancyId, toOn },
  ...(acknowledgedClosings && { acknowledgedClosings }),
});

export const SINCE = '2024-02-15';

/** Rows and vacant litres of each closing since February, by the verbs of the product on the register as it is. */
export function closingsNow() {
  return readAs(database.db, utilityId, async (db) => {
    const register = await getSupplyPointRegister(db, office(), home);
    const rows: Record<string, unknown> = {};
    for (const closing of closingsSince(register, { fromOn: SINCE, now: NOW, limit: 6 })) {
      const { closingDay, closesOn } = closing;
      const place = { ...register, closingDay, closings: [closing], now: NOW };
      for (const row of await listSupplyPointClosings(db, office(), place)) {
        rows[`${closesOn} ${row.customerNumber}`] = {
          ...{ kind: row.kind, closesOn: row.closesOn, usageL: row.usageL, usageM3: row.usageM3 },
          ...{ quality: row.quality, remarks: row.remarks },
        };
      }
      const vacant = await listVacantStretches(db, office(), place);
      rows[`vacant ${closesOn}`] = vacant.reduce((sum, { usageL }) => sum + (usageL ?? 0), 0);
    }
    return rows;
  });
}
