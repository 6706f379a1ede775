/** Shared types of the cases of lib/testing/rows-read.db.test.ts. */
import type pg from 'pg';
import type { Tx } from '../../db/schema.ts';
import { LARGE, type LargeHome, type LargeUtility } from '../../db/testing/large-utility.ts';
import type { ConsumerActor, SystemActor } from '../actor.ts';
import type { SupplyPointEntry } from '../register/supply-point-file.ts';
import { addDays } from '../time.ts';

/** Data that a case may use. */
export interface LargeScene {
  utility: LargeUtility;
  utilityId: number;
  actor: SystemActor;
  consumer: ConsumerActor;
  /** A meter of the small area, with an open request of the last day. */
  home: LargeHome;
  now: Date;
  /** Bypasses row security; its statements are not measured. */
  admin: pg.Pool;
}

/** One call of a verb, with the number of rows that it is about, so that an intended full read is explicit. */
export interface RowsCase {
  /** File of lib without extension, and name: two files may have verbs of one name. */
  verb: `${string}:${string}`;
  /** Distinguishes the cases of a verb that has several. */
  asks?: string;
  about: number;
  run: (scene: LargeScene, tx: Tx) => Promise<unknown>;
}

/** A case of a verb that needs no utility, or sets its own: it runs on the pool. */
export type PoolCase = Omit<RowsCase, 'run'> & {
  run: (scene: LargeScene, pool: pg.Pool) => Promise<unknown>;
};

export const PAGE = { limit: 50, offset: 0 };
/** Rows that a read of a meter's first or last day may read: all its days, from the index. */
export const HISTORY = LARGE.days;

export async function drain(rows: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of rows) count += 1;
  return count;
}

export function days(scene: LargeScene, count: number): { from: string; to: string } {
  const { lastDay } = scene.utility;
  return { from: addDays(lastDay, 1 - count), to: lastDay };
}

/** An entry of a supply point file that is not registered. */
export function newEntry(at: number): SupplyPointEntry {
  const number = String(900_000_000 + at);
  return {
    ...{ row: at + 2, supplyPoint: number, area: 'A1', closingDay: 31, customer: number },
    ...{ meterSerial: number, meterSize: 4, dialL: 10_000_000, startIndexL: 0 },
    ...{ terminal: `9${number}`, reportMinute: 60 },
  };
}
