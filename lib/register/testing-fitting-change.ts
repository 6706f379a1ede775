/** Fixtures of tests of changes of meters and terminals: a meter that passes the end of its dial, and a spare terminal. */
import { beforeEach } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import { createSupplyPoint, fitTerminal, storeDay } from '../../db/testing/fixtures.ts';
import { addDays, instantOf } from '../time.ts';
import { hourNumber } from '../usage/usage-line.ts';
import { getUsageLine, listFittedMeters } from '../usage/usage-line-queries.ts';
import { usageBetween } from '../usage/usage-totals.ts';
import { validateAll } from '../validation/testing-validate.ts';
import { validateWaiting } from '../validation/waiting-commands.ts';
import type { RegisterChangeGiven } from './register-change-wire.ts';
import { arrangeExchanges, database, home, NOW, utilityId } from './testing-exchange.ts';
import { SINCE } from './testing-register-change.ts';

const LAST = '2024-04-01';
export const SMALL_DIAL = 10_000_000;
/** 250 L an hour, which passes the end of the small dial on 4 March. */
export const PER_HOUR = 250;
const BEGIN = SMALL_DIAL - 18 * 24 * PER_HOUR;

/** Days of the meter as it really is: 10,000 m³ on its dial. */
export async function readRollingOver(): Promise<void> {
  for (let day = SINCE, hours = 1; day <= LAST; day = addDays(day, 1), hours += 24) {
    const indexL = Array.from(
      { length: 24 },
      (_, at) => (BEGIN + (hours + at) * PER_HOUR) % SMALL_DIAL,
    );
    await storeDay(database.adminPool, utilityId, { ...home, day, indexL });
  }
  await validateAll(database, utilityId, NOW);
}

/** What stands in the feed of changes is judged, and nothing else. */
export function judgeFeed() {
  return validateWaiting((fn) => transactAs(database.db, utilityId, fn), { utilityId, now: NOW });
}

export const typed = (columns: string) =>
  database.adminPool.query(`update meter set ${columns} where meter_id = $1`, [home.meterId]);

/** The register at an instant of whole hours. */
export function indexAt(at: Date): number {
  const hours = (at.getTime() - instantOf(SINCE, 0).getTime()) / 3_600_000;
  return (BEGIN + Math.floor(hours) * PER_HOUR) % SMALL_DIAL;
}

export function monthsNow() {
  return readAs(database.db, utilityId, async (db) => {
    const meters = await listFittedMeters(db, { utilityId, ...home });
    const range = { utilityId, fromDay: '2024-02-01', toDay: '2024-04-30' };
    const line = await getUsageLine(db, range, meters);
    const of = (month: string, next: string) => {
      const { usageL, marks } = usageBetween(line, hourNumber(month, 0), hourNumber(next, 0));
      return { usageL, marks };
    };
    return {
      '2024-02': of('2024-02-01', '2024-03-01'),
      '2024-03': of('2024-03-01', '2024-04-01'),
      '2024-04': of('2024-04-01', '2024-05-01'),
    } as Record<string, { usageL: number | null; marks: readonly string[] }>;
  });
}

export const at = (text: string) => new Date(`${text}+09:00`);

export const corrected = (more: object = {}): RegisterChangeGiven => ({
  ...{ kind: 'meter-corrected', meterId: home.meterId, sizeM3PerHour: 2.5, dialL: SMALL_DIAL },
  ...more,
});
export const removed = (text: string, more: object = {}): RegisterChangeGiven => ({
  ...{ kind: 'meter-removed', removedAt: at(text), finalIndexL: indexAt(at(text)) },
  ...more,
});

export let spare: { terminalNumber: string; terminalId: number };
export function arrangeFittings(): void {
  arrangeExchanges();
  beforeEach(async () => {
    const away = await createSupplyPoint(database.adminPool, utilityId);
    spare = await fitTerminal(database.adminPool, utilityId, {
      ...{ supplyPointId: away, fromAt: '2020-01-01T00:00:00Z', toAt: '2023-01-01T00:00:00Z' },
    });
  });
}
