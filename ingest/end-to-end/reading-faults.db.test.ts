import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, dayOf, instantOf } from '../../lib/time.ts';
import {
  daysOf,
  eventually,
  type IngestBench,
  planAgainAndAgain,
  quarantineOf,
  startTestIngest,
} from '../testing/ingest.ts';
import {
  connectTerminal,
  dayReport,
  listenDown,
  seal,
  type TestTerminal,
} from '../testing/terminal.ts';

// The dial of these meters shows up to 99,999,999 litres.
const DIAL_L = 100_000_000;
const BEYOND_L = 167_772_150;

let bench: IngestBench;
let planning: ReturnType<typeof planAgainAndAgain>;
const today = dayOf(new Date());
const yesterday = addDays(today, -1);
// All report windows of yesterday are over.
let nowMs = instantOf(today, 23).getTime();

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

const sound = Array.from({ length: 24 }, (_, hour) => 1000 + hour);
const withHours = (change: Record<number, number | null>) =>
  sound.map((value, at) => change[at + 1] ?? (at + 1 in change ? null : value));

async function faultsOf(terminal: TestTerminal) {
  const { rows } = await bench.database.adminPool.query(
    'select hour_ending, index_l from reading_fault where utility_id = $1 order by hour_ending, index_l',
    [terminal.utilityId],
  );
  return rows;
}

async function report(indexL: (number | null)[]) {
  const { terminal, connection } = await bench.connected();
  const send = (values: (number | null)[]) =>
    connection.send(seal(terminal, dayReport(terminal, { day: yesterday, indexL: values })));
  await send(indexL);
  return { terminal, send };
}

describe('an hour beyond the dial', () => {
  it('is stored as received; the other 23 are stored as if it were missing', async () => {
    const { terminal } = await report(withHours({ 13: BEYOND_L }));
    expect(await daysOf(bench, terminal)).toMatchObject([
      { index_l: withHours({ 13: null }), closing_index_l: 1023, closing_hour: 24 },
    ]);
    expect(await faultsOf(terminal)).toEqual([{ hour_ending: 13, index_l: BEYOND_L }]);
    expect(await quarantineOf(bench, terminal)).toEqual([]);
  });

  it('begins with the capacity of the dial itself', async () => {
    const { terminal } = await report(withHours({ 1: DIAL_L, 2: DIAL_L - 1 }));
    expect(await faultsOf(terminal)).toEqual([{ hour_ending: 1, index_l: DIAL_L }]);
  });

  it('at 24:00 leaves the closing to the hour before', async () => {
    const { terminal } = await report(withHours({ 24: BEYOND_L }));
    expect(await daysOf(bench, terminal)).toMatchObject([
      { closing_index_l: 1022, closing_hour: 23 },
    ]);
  });

  it('in all 24 hours leaves a day without a register', async () => {
    const { terminal } = await report(sound.map((_, at) => BEYOND_L + at));
    expect(await daysOf(bench, terminal)).toMatchObject([
      { index_l: sound.map(() => null), closing_index_l: null, closing_hour: null },
    ]);
    expect(await faultsOf(terminal)).toHaveLength(24);
  });

  it('is corrected by a later valid report, and the received value stays', async () => {
    const { terminal, send } = await report(withHours({ 13: BEYOND_L }));
    await send(sound);
    expect(await daysOf(bench, terminal)).toMatchObject([{ index_l: sound, revision: 1 }]);
    expect(await faultsOf(terminal)).toEqual([{ hour_ending: 13, index_l: BEYOND_L }]);
  });

  it('does not destroy a good hour that came before', async () => {
    const { terminal, send } = await report(sound);
    await send(withHours({ 13: BEYOND_L }));
    expect(await daysOf(bench, terminal)).toMatchObject([{ index_l: sound, revision: 0 }]);
    expect(await faultsOf(terminal)).toEqual([{ hour_ending: 13, index_l: BEYOND_L }]);
  });

  it('sent twice is kept once', async () => {
    const { terminal, send } = await report(withHours({ 13: BEYOND_L }));
    await send(withHours({ 13: BEYOND_L }));
    expect(await faultsOf(terminal)).toHaveLength(1);
  });

  it('goes with its own frame where a batch is stored frame by frame', async () => {
    const { terminal, connection } = await bench.connected();
    const refused = addDays(yesterday, -1);
    await bench.database.adminPool.query(
      `alter table series.meter_day add constraint no_such_day check (meter_id <> ${terminal.meterId} or day <> '${refused}')`,
    );
    const days = [
      { day: refused, indexL: withHours({ 7: BEYOND_L }) },
      { day: yesterday, indexL: withHours({ 13: BEYOND_L }) },
    ];
    await Promise.all(days.map((day) => connection.send(seal(terminal, dayReport(terminal, day)))));
    expect(await faultsOf(terminal)).toEqual([{ hour_ending: 13, index_l: BEYOND_L }]);
    expect(await quarantineOf(bench, terminal)).toMatchObject([{ reason: 'not_storable' }]);
    await bench.database.adminPool.query(
      'alter table series.meter_day drop constraint no_such_day',
    );
  });

  it('redelivered under its counter is acknowledged', async () => {
    const { terminal, connection } = await bench.connected();
    const indexL = withHours({ 13: BEYOND_L });
    const frame = seal(terminal, dayReport(terminal, { day: yesterday, indexL }));
    await connection.send(frame);
    await connection.send(frame);
    expect(await quarantineOf(bench, terminal)).toEqual([]);
  });

  it('is not requested again, but a missing hour beside it is', async () => {
    const answered = await registered(withHours({ 13: BEYOND_L }));
    const lacking = await registered(withHours({ 13: BEYOND_L, 14: null }));
    // Both are planned in one round, so a request for the one shows that the other was considered.
    const requested = await eventually(
      () => requestsOf(lacking),
      (rows) => rows.length === 1,
    );
    expect(requested).toEqual([{ day: yesterday, reason: 'incomplete' }]);
    expect(await requestsOf(answered)).toEqual([]);
    const connection = await connectTerminal(bench.url, lacking);
    const next = await listenDown(connection, lacking);
    expect((await next()).type).toBe('report_days');
  });
});

describe('a terminal that sends made-up values beyond the dial', () => {
  const allHours = (value: number) => Array.from({ length: 24 }, () => value);

  it('leaves the first and the last four of each hour', async () => {
    const { terminal, send } = await report(allHours(BEYOND_L));
    for (let i = 1; i <= 9; i += 1) {
      nowMs += 1000;
      // The order of the values differs from the order of arrival.
      await send(allHours(BEYOND_L + (i % 2 === 0 ? i : -i)));
    }
    const kept = (await faultsOf(terminal)) as { hour_ending: number; index_l: number }[];
    expect(kept).toHaveLength(24 * 5);
    const values = kept.filter(({ hour_ending: hour }) => hour === 13).map((row) => row.index_l);
    expect(values).toEqual([-9, -7, 0, 6, 8].map((difference) => BEYOND_L + difference));
  });

  it('may send 60 such reports and then one a second; sound ones are not counted', async () => {
    const { terminal, connection } = await bench.connected();
    const send = (indexL: (number | null)[]) =>
      connection.send(seal(terminal, dayReport(terminal, { day: yesterday, indexL })));
    for (let i = 0; i < 60; i += 1) await send(withHours({ 13: BEYOND_L }));
    await send(sound);
    await expect(send(withHours({ 13: BEYOND_L }))).rejects.toThrow('before the acknowledgement');
    nowMs += 1000;
    const again = await connectTerminal(bench.url, terminal);
    const frame = dayReport(terminal, { day: yesterday, indexL: withHours({ 13: BEYOND_L }) });
    await again.send(seal(terminal, frame));
    expect(await quarantineOf(bench, terminal)).toEqual([]);
  });
});

/** A terminal with a meter since yesterday, after its report. */
async function registered(indexL: (number | null)[]): Promise<TestTerminal> {
  const { terminal, connection } = await bench.connected();
  await connection.send(seal(terminal, dayReport(terminal, { day: yesterday, indexL })));
  await connection.end();
  await bench.database.adminPool.query(
    'update meter_fitting set fitted_at = $2 where utility_id = $1',
    [terminal.utilityId, instantOf(yesterday, 0)],
  );
  await bench.database.adminPool.query('delete from reading_request where utility_id = $1', [
    terminal.utilityId,
  ]);
  return terminal;
}

async function requestsOf(terminal: TestTerminal) {
  const { rows } = await bench.database.adminPool.query(
    'select day, reason from reading_request where utility_id = $1 order by day',
    [terminal.utilityId],
  );
  return rows;
}
