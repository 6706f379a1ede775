/** Fixtures of tests of closing runs: days that arrive through the store's own function, and files that are issued. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import { createUtility, steady } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor, SystemActor } from '../actor.ts';
import { addDays, instantOf } from '../time.ts';
import { validateWaiting } from '../validation/waiting-commands.ts';
import { type ClosingExport, exportClosing, exportClosingDraft } from './closing-commands.ts';
import { closingCalendar } from './closing-day.ts';
import type { ExportWork } from './recorded-export-commands.ts';

export let database: TestDatabase;
export let utilityId: number;
export const office = (): SystemActor => ({ kind: 'system', utilityId, name: 'test' });

/** After every closing of these tests. */
export const NOW = new Date('2026-12-24T09:00:00+09:00');

/** Provides a database for the file, and a new utility for each test. */
export function arrangeRuns(): void {
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    utilityId = await createUtility(database.adminPool);
  });
}

export interface Device {
  meterId: number;
  terminalId: number;
}

/** A day's register: its 24 values, null where an hour is missing. */
export interface ArrivingDay extends Device {
  day: string;
  indexL: (number | null)[];
  counter?: number;
}

let counters = 0;

/** Days as they arrive: stored, completed or corrected by the function that the sidecar calls; then validated. */
export async function arrive(
  days: readonly ArrivingDay[],
  receivedAt = '2026-10-25T00:00:00+09:00',
): Promise<void> {
  const reports = days.map(({ meterId, terminalId, day, indexL, counter }) => {
    const last = indexL.findLastIndex((value) => value !== null);
    counters += 1;
    return {
      ...{ meter_id: meterId, terminal_id: terminalId, day, index_l: indexL },
      pressure_pa: steady(2000),
      closing_index_l: indexL[last] ?? null,
      closing_hour: last < 0 ? null : last + 1,
      ...{ counter: counter ?? counters, frame_check: counters, arrival: 2 },
    };
  });
  const client = await database.ingestPool.connect();
  try {
    await client.query('begin');
    await client.query('select serve_utility($1)', [utilityId]);
    await client.query(
      `select store_day_reports($1, (select array_agg(r) from jsonb_populate_recordset(null::day_report_row, $2) r), '{}', $3)`,
      [utilityId, JSON.stringify(reports), receivedAt],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
  const validated = { utilityId, now: NOW };
  await validateWaiting((fn) => transactAs(database.db, utilityId, fn), validated);
}

/** Whole days of a register that stands at `fromL` at 0:00 of `since` and counts steadily. */
export function steadyDays(
  device: Device,
  days: { from: string; to: string },
  register: { since: string; fromL: number; perHourL: number },
): ArrivingDay[] {
  const list: ArrivingDay[] = [];
  const begin = instantOf(register.since, 0).getTime();
  for (let day = days.from; day <= days.to; day = addDays(day, 1)) {
    const hours = (instantOf(day, 0).getTime() - begin) / 3_600_000;
    const indexL = Array.from(
      { length: 24 },
      (_, at) => register.fromL + (hours + at + 1) * register.perHourL,
    );
    list.push({ meterId: device.meterId, terminalId: device.terminalId, day, indexL });
  }
  return list;
}

export function workOf(actor: Actor = office()): ExportWork {
  return {
    read: (fn) => readAs(database.db, actor.utilityId, fn),
    record: (fn) => transactAs(database.db, actor.utilityId, fn),
    issue: (fn) => transactAs(database.db, actor.utilityId, fn),
  };
}

export interface Asked {
  closingDay?: number;
  from: string;
  to?: string;
  customerNumber?: string;
  rounding?: ClosingExport['selection']['rounding'];
}

export function exportOf({ closingDay = 20, from, to = from, ...more }: Asked): ClosingExport {
  const { closings } = closingCalendar({ closingDay, fromMonth: from, toMonth: to }, NOW);
  return {
    selection: { closingDay, closings, now: NOW, ...more },
    kind: { format: 'machine' },
    now: NOW,
  };
}

/** Issues the closings and yields the file with its runs. */
export async function issue(asked: Asked, actor: Actor = office()) {
  let text = '';
  const made = await exportClosing(workOf(actor), actor, exportOf(asked), async (bytes) => {
    text += bytes.toString();
  });
  return { ...made, text, rows: linesOf(text) };
}

export async function draft(asked: Asked): Promise<string> {
  let text = '';
  await exportClosingDraft(workOf(), office(), exportOf(asked), async (bytes) => {
    text += bytes.toString();
  });
  return text;
}

/** Rows of a machine file by column name. */
function linesOf(text: string): Record<string, string>[] {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
  });
}
