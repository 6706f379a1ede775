/** What the cases of lib/testing/rows-read.db.test.ts share. */
import type pg from 'pg';
import type { Tx } from '../../db/schema.ts';
import { LARGE, type LargeHome, type LargeUtility } from '../../db/testing/large-utility.ts';
import type { ConsumerActor, SystemActor } from '../actor.ts';
import type { SupplyPointEntry } from '../register/supply-point-file.ts';
import { addDays } from '../time.ts';

/** What a case may use. */
export interface LargeScene {
  utility: LargeUtility;
  utilityId: number;
  actor: SystemActor;
  consumer: ConsumerActor;
  /** A meter of the small area, with an open request of the last day. */
  home: LargeHome;
  now: Date;
  /** Past row security; what it runs is not measured. */
  admin: pg.Pool;
}

/** One call of a verb. The rows it is about come with the case, so that a planned full read says what it means. */
export interface RowsCase {
  /** File of lib, without its ending, and name: two files may have verbs of one name. */
  verb: `${string}:${string}`;
  /** What is asked for, where a verb has several cases. */
  asks?: string;
  about: number;
  run: (scene: LargeScene, tx: Tx) => Promise<unknown>;
}

/** A verb that needs no tenant, or sets its own: it runs on the pool. */
export type PoolCase = Omit<RowsCase, 'run'> & {
  run: (scene: LargeScene, pool: pg.Pool) => Promise<unknown>;
};

export const PAGE = { limit: 50, offset: 0 };
/** What the first or last day of a meter may read: all its days, from the index. */
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

/** A place that is not registered, as a file of places has it. */
export function newEntry(at: number): SupplyPointEntry {
  const number = String(900_000_000 + at);
  return {
    ...{ row: at + 2, supplyPoint: number, area: 'A1', closingDay: 31, customer: number },
    ...{ meterSerial: number, meterSize: 4, dialL: 10_000_000, startIndexL: 0 },
    ...{ terminal: `9${number}`, reportMinute: 60 },
  };
}
