import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createUtility, fitHousehold, type Household, rising, steady } from './testing/fixtures.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

type Values = (number | null)[];

interface Report {
  meter_id: number;
  day: string;
  terminal_id: number;
  index_l: Values;
  pressure_pa: Values;
  closing_index_l: number | null;
  closing_hour: number | null;
  counter: number;
  frame_check: number;
  arrival: number;
}

interface TerminalUpdate {
  terminal_id: number;
  up_high: number;
  up_window: string;
  battery_mv?: number;
  firmware?: number;
}

let database: TestDatabase;
let utilityId: number;
let home: Household;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  home = await fitHousehold(database.adminPool, utilityId);
});

function report(change: Partial<Report> = {}): Report {
  const index_l = change.index_l ?? rising(1000, 10);
  const last = index_l.findLastIndex((value) => value !== null);
  return {
    meter_id: home.meterId,
    day: '2025-02-03',
    terminal_id: home.terminalId,
    index_l,
    pressure_pa: steady(2000),
    closing_index_l: index_l[last] ?? null,
    closing_hour: last < 0 ? null : last + 1,
    counter: 1,
    frame_check: 11,
    arrival: 1,
    ...change,
  };
}

const STORE = `select * from store_day_reports($1,
  (select coalesce(array_agg(r), '{}') from jsonb_populate_recordset(null::day_report_row, $2) r),
  (select coalesce(array_agg(m), '{}') from jsonb_populate_recordset(null::terminal_mark, $3) m), $4)`;

interface Outcome {
  stored: number;
  completed: number;
  corrected: number;
}

async function store(
  reports: Report[],
  updates: TerminalUpdate[] = [],
  client: Pick<pg.Pool, 'query'> = database.ingestPool,
): Promise<Outcome> {
  const values = [
    utilityId,
    JSON.stringify(reports),
    JSON.stringify(updates),
    '2025-02-04T01:00:00Z',
  ];
  return (await client.query<Outcome>(STORE, values)).rows[0]!;
}

const FRESH = { stored: 1, completed: 0, corrected: 0 };
const UNCHANGED = { stored: 0, completed: 0, corrected: 0 };
const COMPLETED = { stored: 0, completed: 1, corrected: 0 };
const CORRECTED = { stored: 0, completed: 0, corrected: 1 };

async function readDays(): Promise<Record<string, unknown>[]> {
  const { rows } = await database.adminPool.query(
    'select * from series.meter_day where utility_id = $1 order by day',
    [utilityId],
  );
  return rows;
}

async function readRevisions(): Promise<Record<string, unknown>[]> {
  const { rows } = await database.adminPool.query(
    'select * from meter_day_revision where utility_id = $1 order by revision_id',
    [utilityId],
  );
  return rows;
}

/** `values` with nulls at these hours ending. */
function without(values: Values, ...hours: number[]): Values {
  return values.map((value, at) => (hours.includes(at + 1) ? null : value));
}

describe('a day that is new', () => {
  it('is stored with its closing index, and an empty batch stores nothing', async () => {
    expect(await store([report()])).toEqual(FRESH);
    expect(await readDays()).toMatchObject([
      { index_l: rising(1000, 10), closing_index_l: 1230, closing_hour: 24, revision: 0 },
    ]);
    expect(await store([])).toEqual(UNCHANGED);
  });

  it('may lack hours, the first and the last included, or all of them', async () => {
    const index_l = without(rising(1000, 10), 1, 2, 24);
    await store([report({ index_l }), report({ day: '2025-02-04', index_l: steady(null) })]);
    expect(await readDays()).toMatchObject([
      { index_l, closing_index_l: 1220, closing_hour: 23 },
      { closing_index_l: null, closing_hour: null },
    ]);
  });

  it.each([
    ['another value', { closing_index_l: 7 }],
    ['a value without its hour', { closing_hour: null }],
    ['an hour without its value', { closing_index_l: null }],
    ['an hour that has no value', { closing_hour: 5 }],
    ['an hour that no day has', { closing_hour: 25 }],
  ])('is refused with its whole batch when its closing index is %s', async (_what, change) => {
    const index_l = without(rising(1000, 10), 5);
    const bad = report({ day: '2025-02-04', index_l, ...change });
    await expect(store([report(), bad])).rejects.toThrow(/check constraint/);
    expect(await readDays()).toEqual([]);
  });
});

describe('a day that is stored already', () => {
  beforeEach(() => store([report({ index_l: without(rising(1000, 10), 5, 24) })]));

  it('stays as it is when the same frame comes again', async () => {
    const before = await readDays();
    expect(await store([report({ index_l: without(rising(1000, 10), 5, 24) })])).toEqual(UNCHANGED);
    expect(await readDays()).toEqual(before);
  });

  it('stays unchanged when another frame has the same or fewer values', async () => {
    const before = await readDays();
    const less = report({ index_l: without(rising(1000, 10), 4, 5, 24), counter: 2 });
    expect(await store([less])).toEqual(UNCHANGED);
    expect(await readDays()).toEqual(before);
    expect(await readRevisions()).toEqual([]);
  });

  it('is completed by hours that were missing, and keeps its old version', async () => {
    const [before] = await readDays();
    expect(await store([report({ counter: 2, frame_check: 22, arrival: 4 })])).toEqual(COMPLETED);
    expect(await readDays()).toMatchObject([
      {
        ...{ index_l: rising(1000, 10), closing_index_l: 1230, closing_hour: 24 },
        ...{ counter: 2, frame_check: 22, arrival: 4, revision: 1 },
      },
    ]);
    expect(await readRevisions()).toMatchObject([
      {
        ...{ change: 'completed', revision: 0, index_l: before!.index_l, counter: 1 },
        ...{ frame_check: 11, received_at: before!.received_at },
      },
    ]);
  });

  it('is corrected by a value that differs, and never loses a known value to a missing one', async () => {
    const index_l = [...without(rising(1000, 10), 3)];
    index_l[9] = 1095;
    expect(await store([report({ index_l, counter: 2 })])).toEqual(CORRECTED);
    const expected: Values = rising(1000, 10);
    expected[9] = 1095;
    expect(await readDays()).toMatchObject([{ index_l: expected, revision: 1 }]);
    expect(await readRevisions()).toMatchObject([{ change: 'corrected' }]);
  });

  it('treats a pressure like an index', async () => {
    const pressure_pa: Values = steady(2000);
    pressure_pa[0] = 1990;
    expect(await store([report({ pressure_pa, counter: 2 })])).toEqual(CORRECTED);
  });

  it('is only completed, not corrected, by a frame that a later one overtook', async () => {
    const index_l = without(rising(1000, 10), 5);
    index_l[9] = 1095;
    await store([report({ index_l, counter: 7, frame_check: 77 })]);
    expect(await store([report({ counter: 6, frame_check: 66 })])).toEqual(COMPLETED);
    const expected: Values = rising(1000, 10);
    expected[9] = 1095;
    expect(await readDays()).toMatchObject([
      { index_l: expected, counter: 7, frame_check: 77, revision: 2 },
    ]);
  });

  it('is unchanged by a delayed frame when a later one of its terminal had the same values again', async () => {
    const same = { index_l: without(rising(1000, 10), 5, 24) };
    expect(await store([report({ ...same, counter: 12, frame_check: 120 })])).toEqual(UNCHANGED);
    expect(await readRevisions()).toEqual([]);
    const other = without(rising(5000, 10), 5, 24);
    expect(await store([report({ index_l: other, counter: 11 })])).toEqual(UNCHANGED);
    expect(await readDays()).toMatchObject([
      { ...same, counter: 12, frame_check: 120, arrival: 1, revision: 0 },
    ]);
  });

  it('keeps one version for each change', async () => {
    for (const counter of [2, 3, 4]) {
      const index_l = rising(1000, 10);
      index_l[23] = 1230 + counter;
      await store([report({ index_l, counter })]);
    }
    expect((await readRevisions()).map(({ revision, counter }) => [revision, counter])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(await readDays()).toMatchObject([{ revision: 3, closing_index_l: 1234 }]);
  });

  it('is stored beside new days of the same batch', async () => {
    const batch = [report({ counter: 2 }), report({ day: '2025-02-04', counter: 3 })];
    expect(await store(batch)).toEqual({ stored: 1, completed: 1, corrected: 0 });
  });
});

describe('the terminal updates', () => {
  const readState = async (): Promise<Record<string, unknown>> => {
    const { rows } = await database.adminPool.query(
      'select * from terminal_state where terminal_id = $1',
      [home.terminalId],
    );
    return rows[0];
  };

  it('are merged into the window together with the data; missing values keep the stored ones', async () => {
    const terminal_id = home.terminalId;
    await store([report()], [{ terminal_id, up_high: 1, up_window: '1', battery_mv: 3500 }]);
    await store([], [{ terminal_id, up_high: 3, up_window: '1', firmware: 7 }]);
    expect(await readState()).toMatchObject({
      ...{ up_high: 3, up_window: 5, battery_mv: 3500, firmware: 7 },
      last_seen_at: new Date('2025-02-04T01:00:00Z'),
    });
  });

  it('are not stored without the data', async () => {
    const update = { terminal_id: home.terminalId, up_high: 9, up_window: '1' };
    await expect(store([report({ closing_hour: null })], [update])).rejects.toThrow();
    expect(await readState()).toMatchObject({ up_high: 0 });
  });
});

describe('another utility', () => {
  it('is not touched by a batch that names its meter and terminal', async () => {
    await store([report()], [{ terminal_id: home.terminalId, up_high: 1, up_window: '1' }]);
    const theirs = { utilityId, days: await readDays() };
    const foreign = [report({ counter: 2, index_l: rising(5, 1) })];
    utilityId = await createUtility(database.adminPool);
    await store(foreign, [{ terminal_id: home.terminalId, up_high: 50, up_window: '1' }]);
    utilityId = theirs.utilityId;
    expect(await readDays()).toEqual(theirs.days);
    const { rows } = await database.adminPool.query(
      'select up_high from terminal_state where terminal_id = $1',
      [home.terminalId],
    );
    expect(rows).toEqual([{ up_high: 1 }]);
  });

  it('follows in the same transaction with a call of its own', async () => {
    const first = utilityId;
    const client = await database.ingestPool.connect();
    try {
      await client.query('begin');
      await store([report()], [], client);
      utilityId = await createUtility(database.adminPool);
      home = await fitHousehold(database.adminPool, utilityId);
      await store([report()], [], client);
      await client.query('commit');
    } finally {
      client.release();
    }
    expect(await readDays()).toHaveLength(1);
    utilityId = first;
    expect(await readDays()).toHaveLength(1);
  });
});
