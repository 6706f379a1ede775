// Verbs that read closings, each with the number of rows that its question is about, for lib/testing/rows-read.db.test.ts.
import { LARGE } from '../../db/testing/large-utility.ts';
import { certain } from '../certain.ts';
import { listMissingOccupancies } from '../closing/closing-account-queries.ts';
import { closingCalendar, latestClosing } from '../closing/closing-day.ts';
import { getClosingExplanation } from '../closing/closing-explanation-queries.ts';
import { getUtilityCode } from '../closing/closing-file-queries.ts';
import { getClosingPreview, listClosingDays } from '../closing/closing-preview-queries.ts';
import { hasCustomer, listAreaNames, streamClosingRows } from '../closing/closing-queries.ts';
import { listVacantStretches } from '../closing/vacant-usage-queries.ts';
import { monthOf } from '../time.ts';
import { drain, PAGE, type RowsCase } from './rows-case.ts';

const { meters } = LARGE;
/** Customers of one closing day. */
const ofClosingDay = Math.ceil(meters / 31);

export const CLOSING_CASES: RowsCase[] = [
  {
    ...{ verb: 'closing/closing-explanation-queries:getClosingExplanation', about: 60 },
    run: async ({ actor, home, now, admin }, tx) => {
      const { rows } = await admin.query<{ number: string; day: number }>(
        'select number, closing_day as day from supply_point where utility_id = $1 and supply_point_id = $2',
        [actor.utilityId, home.supplyPointId],
      );
      const { number: supplyPoint, day: closingDay } = certain(rows[0], 'the supply point');
      const { closesOn } = latestClosing(closingDay, now);
      return getClosingExplanation(tx, actor, {
        ...{ closingDay, month: monthOf(closesOn), kind: 'regular', now },
        ...{ customer: home.customerNumber, supplyPoint },
      });
    },
  },
  {
    verb: 'closing/closing-file-queries:getUtilityCode',
    about: 1,
    run: ({ actor }, tx) => getUtilityCode(tx, actor),
  },
  {
    verb: 'closing/closing-preview-queries:listClosingDays',
    about: meters,
    run: ({ actor, now }, tx) => listClosingDays(tx, actor, now),
  },
  {
    verb: 'closing/closing-queries:listAreaNames',
    about: 2,
    run: ({ actor }, tx) => listAreaNames(tx, actor),
  },
  {
    verb: 'closing/closing-queries:hasCustomer',
    about: 1,
    run: ({ actor, home }, tx) => hasCustomer(tx, actor, home.customerNumber),
  },
  {
    ...{
      verb: 'closing/closing-queries:streamClosingRows',
      asks: 'of a closing day',
      about: meters + ofClosingDay * 20,
    },
    run: ({ actor, now }, tx) =>
      drain(
        streamClosingRows(tx, actor, { closingDay: 20, closings: [latestClosing(20, now)], now }),
      ),
  },
  {
    ...{
      verb: 'closing/closing-queries:streamClosingRows',
      asks: 'of a customer and a year',
      about: 12 * 20,
    },
    run: ({ actor, home, now }, tx) => {
      const calendar = closingCalendar(
        { closingDay: 20, fromMonth: '2025-03', toMonth: '2026-01' },
        now,
      );
      const { customerNumber } = home;
      return drain(
        streamClosingRows(tx, actor, {
          closingDay: 20,
          closings: calendar.closings,
          customerNumber,
          now,
        }),
      );
    },
  },
  {
    ...{
      verb: 'closing/vacant-usage-queries:listVacantStretches',
      about: meters + ofClosingDay * 20,
    },
    run: ({ actor, now }, tx) =>
      listVacantStretches(tx, actor, { closingDay: 20, closings: [latestClosing(20, now)] }),
  },
  {
    verb: 'closing/closing-account-queries:listMissingOccupancies',
    about: meters + ofClosingDay,
    run: ({ actor, now }, tx) =>
      listMissingOccupancies(tx, actor, {
        ...{ closingDay: 20, closing: latestClosing(20, now), has: () => true },
      }),
  },
  {
    ...{
      verb: 'closing/closing-preview-queries:getClosingPreview',
      // The register once more, for the account.
      about: 2 * meters + ofClosingDay * 20,
    },
    run: ({ actor, now }, tx) =>
      getClosingPreview(tx, actor, { closingDay: 20, month: '2026-01', show: 'all', ...PAGE, now }),
  },
];
