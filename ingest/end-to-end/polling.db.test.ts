import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUtility, storeDay } from '../../db/testing/fixtures.ts';
import { addDays, dayOf, instantOf } from '../../lib/time.ts';
import { dayOfWire, wireDay } from '../protocol/wire-time.ts';
import {
  daysOf,
  eventually,
  type IngestBench,
  planAgainAndAgain,
  startTestIngest,
} from '../testing/ingest.ts';
import {
  connectTerminal,
  dayReport,
  listenDown,
  registerTerminal,
  seal,
  type TestTerminal,
} from '../testing/terminal.ts';

let bench: IngestBench;
let planning: ReturnType<typeof planAgainAndAgain>;
const today = dayOf(new Date());
// All windows of yesterday are over at this instant, and none of today.
let nowMs = instantOf(today, 23).getTime();
const HOUR_MS = 3_600_000;
const dayBack = (back: number) => addDays(today, -back);
const halfDay = Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 1000 + hour : null));

beforeAll(async () => {
  bench = await startTestIngest({
    now: () => nowMs,
    asking: { quietMs: 0 },
    schedule: { everyMs: 50 },
  });
  planning = planAgainAndAgain(bench.database, () => nowMs);
});
afterAll(async () => {
  await planning?.stop();
  await bench?.close();
});

interface RequestRow {
  day: string;
  reason: string;
  asked_count: number;
  answered_at: Date | null;
  given_up_at: Date | null;
}

async function requestsOf(terminal: TestTerminal): Promise<RequestRow[]> {
  const { rows } = await bench.database.adminPool.query<RequestRow>(
    'select * from reading_request where utility_id = $1 order by day',
    [terminal.utilityId],
  );
  return rows;
}

/** A terminal whose meter was fitted at an instant, and some of whose days are stored. */
async function terminalWithDays(
  fittedAt: Date,
  stored: { back: number; indexL?: (number | null)[] }[] = [],
): Promise<TestTerminal> {
  const admin = await bench.database.adminPool.connect();
  try {
    await admin.query('begin');
    const utilityId = await createUtility(admin);
    const terminal = await registerTerminal(admin, utilityId);
    await admin.query('update meter_fitting set fitted_at = $2 where utility_id = $1', [
      utilityId,
      fittedAt,
    ]);
    for (const { back, indexL } of stored) {
      await storeDay(admin, utilityId, { ...terminal, day: dayBack(back), indexL });
    }
    await admin.query('commit');
    return terminal;
  } finally {
    admin.release();
  }
}

const midnight = (back: number) => instantOf(dayBack(back), 0);

describe('days that have not arrived', () => {
  it('are recorded when the report window is over, from the fitting on, and requested at the next SUBSCRIBE', async () => {
    const terminal = await terminalWithDays(midnight(6), [{ back: 4 }]);
    const noted = await eventually(
      () => requestsOf(terminal),
      (rows) => rows.length === 5,
    );
    expect(noted.map(({ day, reason }) => [day, reason])).toEqual(
      [6, 5, 3, 2, 1].map((back) => [dayBack(back), 'absent']),
    );
    const connection = await connectTerminal(bench.url, terminal);
    const next = await listenDown(connection, terminal);
    expect(await next()).toEqual({
      type: 'report_days',
      fromDay: wireDay(dayBack(6)),
      toDay: wireDay(dayBack(5)),
    });
    expect(await next()).toEqual({
      type: 'report_days',
      fromDay: wireDay(dayBack(3)),
      toDay: wireDay(dayBack(1)),
    });
    await eventually(
      async () => (await requestsOf(terminal)).map((row) => row.asked_count),
      (counts) => counts.every((count) => count === 1),
    );
  });

  it('are requested, reported again, and stored as answers, which closes their requests', async () => {
    const terminal = await terminalWithDays(midnight(3), [{ back: 2 }]);
    await eventually(
      () => requestsOf(terminal),
      (rows) => rows.length === 2,
    );
    const connection = await connectTerminal(bench.url, terminal);
    const next = await listenDown(connection, terminal);
    for (const _ of [1, 2]) {
      const message = await next();
      if (message.type !== 'report_days') throw new Error(`a ${message.type} came`);
      expect(message.fromDay).toBe(message.toDay);
      const day = dayOfWire(message.fromDay);
      await connection.send(seal(terminal, dayReport(terminal, { day, requested: true })));
    }
    const closed = await eventually(
      () => requestsOf(terminal),
      (rows) => rows.every((row) => row.answered_at),
    );
    expect(closed.map(({ reason, given_up_at }) => [reason, given_up_at])).toEqual([
      ['absent', null],
      ['absent', null],
    ]);
    expect((await daysOf(bench, terminal)).map((row) => row.arrival)).toEqual([4, 1, 4]);
  });

  it('are requested again at growing intervals, and given up after the last time', async () => {
    const terminal = await terminalWithDays(midnight(1));
    await eventually(
      () => requestsOf(terminal),
      (rows) => rows.length === 1,
    );
    const connection = await connectTerminal(bench.url, terminal);
    const next = await listenDown(connection, terminal);
    await next();
    const startedAtMs = nowMs;
    try {
      for (let attempt = 2; attempt <= 8; attempt += 1) {
        nowMs += 25 * HOUR_MS;
        expect((await next()).type).toBe('report_days');
      }
      nowMs += 25 * HOUR_MS;
      const rows = await eventually(
        () => requestsOf(terminal),
        (all) => all[0]!.given_up_at !== null,
      );
      expect(rows[0]).toMatchObject({ day: dayBack(1), asked_count: 8, answered_at: null });
    } finally {
      nowMs = startedAtMs;
    }
  });

  it('of a terminal that is not connected stay recorded and are requested by the sidecar to which it connects', async () => {
    const terminal = await terminalWithDays(midnight(1));
    await eventually(
      () => requestsOf(terminal),
      (rows) => rows.length === 1,
    );
    expect((await requestsOf(terminal))[0]).toMatchObject({ asked_count: 0, given_up_at: null });
  });

  it('that arrive by themselves are not requested', async () => {
    const terminal = await terminalWithDays(midnight(1));
    await eventually(
      () => requestsOf(terminal),
      (rows) => rows.length === 1,
    );
    const connection = await connectTerminal(bench.url, terminal);
    await connection.send(seal(terminal, dayReport(terminal, { day: dayBack(1) })));
    const [row] = await eventually(
      () => requestsOf(terminal),
      (rows) => rows[0]!.answered_at !== null,
    );
    expect(row).toMatchObject({ asked_count: 0 });
  });
});

describe('a day that lacks hours', () => {
  it('is requested, and its request is closed by an answer that still lacks some', async () => {
    const terminal = await terminalWithDays(midnight(1), [{ back: 1, indexL: halfDay }]);
    await eventually(
      () => requestsOf(terminal),
      (rows) => rows[0]?.reason === 'incomplete',
    );
    const connection = await connectTerminal(bench.url, terminal);
    const next = await listenDown(connection, terminal);
    expect(await next()).toMatchObject({ type: 'report_days' });
    nowMs += 60_000;
    // More values than before, but not all: more than the terminal's first report.
    const more = halfDay.map((value, hour) => (hour === 12 ? 1012 : value));
    await connection.send(
      seal(terminal, dayReport(terminal, { day: dayBack(1), indexL: more, requested: true })),
    );
    const [row] = await eventually(
      () => requestsOf(terminal),
      (rows) => rows[0]!.answered_at !== null,
    );
    expect(row).toMatchObject({ reason: 'incomplete', asked_count: 1 });
  });

  it('only where the meter was not fitted yet is complete', async () => {
    const afternoon = Array.from({ length: 24 }, (_, hour) => (hour < 12 ? null : hour));
    const terminal = await terminalWithDays(instantOf(dayBack(2), 12.5), [
      { back: 2, indexL: afternoon },
      { back: 1 },
    ]);
    const other = await terminalWithDays(midnight(1));
    await eventually(
      () => requestsOf(other),
      (rows) => rows.length === 1,
    );
    expect(await requestsOf(terminal)).toEqual([]);
  });
});
