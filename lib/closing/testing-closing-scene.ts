/** A supply point with meters that count evenly, for tests of its closings: customers, days, rows and vacant stretches. */
import { readAs } from '../../db/client.ts';
import {
  createSupplyPoint,
  createUtility,
  fitMeter,
  type MeterFixture,
  occupy,
  storeDay,
} from '../../db/testing/fixtures.ts';
import type { TestDatabase } from '../../db/testing/testing.ts';
import { addDays, daysBetween } from '../time.ts';
import { closingCalendar } from './closing-day.ts';
import { getClosingPreview } from './closing-preview-queries.ts';
import { streamClosingRows } from './closing-queries.ts';
import type { ClosingRow } from './closing-row.ts';
import type { ClosingPreview } from './closing-wire.ts';
import { listVacantStretches } from './vacant-usage-queries.ts';

const NOW = new Date('2026-02-01T00:00:00+09:00');
const BASE_DAY = '2025-09-01';
/** Litres that every meter counts in a day. */
export const A_DAY = 480;

/** Register of a meter at the end of a day when it had `firstL` at the end of 2025-09-01. */
export function indexAt(day: string, firstL = 1_000_000): number {
  return firstL + daysBetween(BASE_DAY, day) * A_DAY;
}

interface StoredDays {
  meterId: number;
  from: string;
  to: string;
  firstL?: number;
}

interface WantedClosings {
  /** Default: 20, that of the supply point. */
  closingDay?: number;
  from: string;
  to?: string;
  customer?: string;
}

/** A utility with one supply point of closing day 20. */
export class ClosingScene {
  readonly utilityId: number;
  readonly supplyPointId: number;
  readonly #database: TestDatabase;

  private constructor(database: TestDatabase, utilityId: number, supplyPointId: number) {
    this.#database = database;
    this.utilityId = utilityId;
    this.supplyPointId = supplyPointId;
  }

  static async open(database: TestDatabase): Promise<ClosingScene> {
    const utilityId = await createUtility(database.adminPool);
    const point = await createSupplyPoint(database.adminPool, utilityId, { closingDay: 20 });
    return new ClosingScene(database, utilityId, point);
  }

  async stay(customerNumber: string, fromOn: string, toOn?: string): Promise<void> {
    const occupancy = { supplyPointId: this.supplyPointId, customerNumber, fromOn, toOn };
    await occupy(this.#database.adminPool, this.utilityId, occupancy);
  }

  meter(fitting: Omit<MeterFixture, 'supplyPointId'> = {}): Promise<{ meterId: number }> {
    const { supplyPointId } = this;
    return fitMeter(this.#database.adminPool, this.utilityId, { supplyPointId, ...fitting });
  }

  /** Stores whole days, both included. */
  async days({ meterId, from, to, firstL }: StoredDays): Promise<void> {
    for (let day = from; day <= to; day = addDays(day, 1)) {
      const endL = indexAt(day, firstL);
      const indexL = Array.from({ length: 24 }, (_, at) => endL - (23 - at) * (A_DAY / 24));
      const stored = { meterId, terminalId: 1, day, indexL };
      await storeDay(this.#database.adminPool, this.utilityId, stored);
    }
  }

  async setClosed(closedOn: string | null): Promise<void> {
    await this.#database.adminPool.query(
      'update supply_point set closed_on = $3 where utility_id = $1 and supply_point_id = $2',
      [this.utilityId, this.supplyPointId, closedOn],
    );
  }

  async setSubstituteMaxDays(maxDays: number): Promise<void> {
    await this.#database.adminPool.query(
      'update utility set closing_substitute_max_days = $2 where utility_id = $1',
      [this.utilityId, maxDays],
    );
  }

  closings(wanted: WantedClosings): Promise<ClosingRow[]> {
    const selection = { ...calendarOf(wanted), customerNumber: wanted.customer };
    return readAs(this.#database.db, this.utilityId, async (read) => {
      const rows: ClosingRow[] = [];
      for await (const row of streamClosingRows(read, this.#actor(), selection)) rows.push(row);
      return rows;
    });
  }

  /** Closing, first and last day, and litres of each vacant stretch. */
  async vacant(wanted: WantedClosings): Promise<(string | number | null)[][]> {
    const stretches = await readAs(this.#database.db, this.utilityId, (read) =>
      listVacantStretches(read, this.#actor(), calendarOf(wanted)),
    );
    return stretches.map(({ closesOn, fromOn, toOn, usageL }) => [closesOn, fromOn, toOn, usageL]);
  }

  /** The preview of the rows to check. */
  preview(month: string): Promise<ClosingPreview> {
    const page = { show: 'check', offset: 0, limit: 10 } as const;
    return readAs(this.#database.db, this.utilityId, (read) =>
      getClosingPreview(read, this.#actor(), { closingDay: 20, month, ...page, now: NOW }),
    );
  }

  #actor() {
    return { kind: 'system', utilityId: this.utilityId, name: 'test' } as const;
  }
}

function calendarOf({ closingDay = 20, from, to = from }: WantedClosings) {
  const { closings } = closingCalendar({ closingDay, fromMonth: from, toMonth: to }, NOW);
  return { closingDay, closings, now: NOW };
}

/** What a test compares of rows: customer, kind, day, litres and remarks. */
export function summaryOf(rows: readonly ClosingRow[]): (string | number | null)[][] {
  return rows.map((row) => [
    ...[row.customerNumber, row.kind, row.closesOn, row.usageL, row.remarks.join()],
  ]);
}
