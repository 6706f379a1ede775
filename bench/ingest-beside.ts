// The part of bench/ingest.ts that needs history: four million rows of one utility, made by the database. Measures a
// utility's daily reports, reports of days that are stored already, and their effect on another utility.
import type { ChildProcess } from 'node:child_process';
import type pg from 'pg';
import { dayOfWire, wireDay } from '../ingest/protocol/wire-time.ts';
import { certain } from '../lib/certain.ts';
import { dayValues } from './ingest-days.ts';
import type { LoadPlan, LoadResult, ReportKind } from './ingest-load.ts';
import { type Bench, prepareLoad, round, runLoad, startSidecar } from './ingest-processes.ts';
import { registerTerminals } from './ingest-register.ts';

const METERS = 10_000;
const DAYS = 400;
const FIRST_DAY = wireDay('2025-01-01');
/** Meters and days with every hour stored; of the others only the last hour, which keeps them small. */
const KNOWN = { meters: 400, days: 200 };
const KINDS: readonly ReportKind[] = ['live', 'more', 'corrected', 'answer'];
const FEW = { connections: 20, window: 32 };
/** Highest counter of the frames in the history. */
const SEEDED = 10_000;

export interface BesideFigures {
  rows: number;
  /** New days of terminals that send their history, beside these rows. */
  besidePerS: number;
  /** Reports of stored days: repeated under new counters, more hours, corrections, answers; a quarter each. */
  knownPerS: number;
  knownRatio: number;
  /** One day of many meters, each over its own connection. */
  oneDayPerS: number;
  fair: FairFigures;
  /**
   * p99 of well-behaved terminals while five terminals of another utility send corrections at full speed, divided by
   * that without them.
   */
  fairP99Ratio: number;
}

interface FairFigures {
  quiet: { p50Ms: number; p99Ms: number };
  busy: { p50Ms: number; p99Ms: number };
  /** Corrections per second of those five. */
  correctionsPerS: number;
}

export async function benchBeside(bench: Bench): Promise<BesideFigures> {
  const admin = bench.database.adminPool;
  await admin.query('truncate series.meter_day, meter_day_revision');
  const terminals = await registerTerminals(admin, METERS);
  bench.onProgress(`history of ${METERS} meters and ${DAYS} days`);
  const rows = await seedHistory(admin);
  // A starting sidecar plans the requests of 35 days for each of the 10,000 meters: half a minute of one core.
  await admin.query('update utility set poll_days_back = 1');
  const sidecar = await startSidecar(bench);
  const load = (plan: LoadPlan, what: string) => measure(bench, sidecar.mqttPort, { plan, what });
  try {
    const known = await measureKnown(bench, load, terminals);
    const plan = { ...FEW, daysOfEach: 200, firstDay: wireDay('2024-01-01'), counterBase: 20_000 };
    const few = await load({ ...plan, terminals: terminals.slice(400, 800) }, 'new days');
    const oneDay = await load(
      {
        ...{ terminals: terminals.slice(2000, 7000), connections: 5000, window: 1, daysOfEach: 4 },
        ...{ firstDay: FIRST_DAY + DAYS, kinds: ['live'], counterBase: 30_000 },
      },
      'a day of many meters',
    );
    const fair = await measureFair(bench, sidecar.mqttPort, terminals.slice(0, 5));
    return {
      rows,
      besidePerS: perSecond(few),
      knownPerS: perSecond(known),
      knownRatio: round(perSecond(known) / perSecond(few), 2),
      oneDayPerS: perSecond(oneDay),
      fair,
      fairP99Ratio: round(fair.busy.p99Ms / fair.quiet.p99Ms, 2),
    };
  } finally {
    sidecar.process.kill('SIGKILL');
  }
}

type Load = (plan: LoadPlan, what: string) => Promise<LoadResult>;

async function measure(
  bench: Bench,
  port: number,
  { plan, what }: { plan: LoadPlan; what: string },
): Promise<LoadResult> {
  const frames = plan.terminals.length * plan.daysOfEach * (plan.passes ?? 1);
  bench.onProgress(`${what}: ${frames} reports over ${plan.connections} connections`);
  return runLoad(await prepareLoad(plan), port);
}

/** Sends every kind of report for stored days, and checks the result. */
async function measureKnown(
  bench: Bench,
  load: Load,
  terminals: LoadPlan['terminals'],
): Promise<LoadResult> {
  const admin = bench.database.adminPool;
  const known = await load(
    {
      ...{ ...FEW, terminals: terminals.slice(0, KNOWN.meters), daysOfEach: KNOWN.days },
      ...{ firstDay: FIRST_DAY, kinds: KINDS, counterBase: SEEDED },
    },
    'known days',
  );
  const { rows } = await admin.query<{ change: string; n: number }>(
    'select change, count(*)::integer as n from meter_day_revision group by change order by change',
  );
  const each = (KNOWN.meters * KNOWN.days) / KINDS.length;
  const expected = [
    { change: 'completed', n: each },
    { change: 'corrected', n: each },
  ];
  if (JSON.stringify(rows) !== JSON.stringify(expected)) {
    throw new Error(`the days should have ${JSON.stringify(expected)}: ${JSON.stringify(rows)}`);
  }
  return known;
}

/** Two hundred well-behaved terminals of a second utility, first alone and then beside five that send corrections. */
async function measureFair(
  bench: Bench,
  port: number,
  busy: LoadPlan['terminals'],
): Promise<FairFigures> {
  const terminals = await registerTerminals(bench.database.adminPool, 200, 'beside');
  const honest = { terminals, connections: 200, window: 1, daysOfEach: 8, everyMs: 1500 };
  const quiet = await measure(bench, port, {
    plan: { ...honest, firstDay: FIRST_DAY },
    what: 'quiet',
  });
  const flood = await prepareLoad({
    ...{
      terminals: busy,
      connections: busy.length,
      window: 60,
      daysOfEach: KNOWN.days,
      passes: 400,
    },
    ...{ firstDay: FIRST_DAY, kinds: ['corrected'], counterBase: 50_000 },
  });
  const before = await countRevisions(bench.database.adminPool);
  const startedAt = performance.now();
  const plan = { ...honest, firstDay: FIRST_DAY + honest.daysOfEach, counterBase: 100 };
  try {
    const ended = beginFlood(flood, port);
    const beside = await Promise.race([measure(bench, port, { plan, what: 'beside' }), ended]);
    const seconds = (performance.now() - startedAt) / 1000;
    flood.kill('SIGKILL');
    const after = await countRevisions(bench.database.adminPool);
    return {
      quiet: { p50Ms: round(quiet.p50Ms, 1), p99Ms: round(quiet.p99Ms, 1) },
      busy: { p50Ms: round(beside.p50Ms, 1), p99Ms: round(beside.p99Ms, 1) },
      correctionsPerS: Math.round((after - before) / seconds),
    };
  } finally {
    flood.kill('SIGKILL');
  }
}

/** Rejects when the flood ends by itself: it was too short, or failed. */
function beginFlood(flood: ChildProcess, port: number): Promise<never> {
  flood.send({ port });
  return new Promise((_resolve, reject) => {
    flood.once('message', (answer) =>
      reject(new Error(`the flood ended: ${JSON.stringify(answer)}`)),
    );
  });
}

async function countRevisions(admin: pg.Pool): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    'select count(*)::integer as n from meter_day_revision',
  );
  return certain(rows[0], 'the count').n;
}

/** @returns the number of rows. Days that a report of the kind `more` completes lack the second half. */
async function seedHistory(admin: pg.Pool): Promise<number> {
  const days = Array.from({ length: DAYS }, (_, at) => ({ at, ...dayValues(FIRST_DAY + at) }));
  const half = (values: number[], at: number) =>
    KINDS[at % KINDS.length] === 'more' ? values.map((v, hour) => (hour < 12 ? v : null)) : values;
  await admin.query(
    `with bench as (
       select f.utility_id, f.meter_id, t.terminal_id, m.serial
       from meter_fitting f join terminal_fitting t using (utility_id, supply_point_id)
       join meter m using (utility_id, meter_id)
       join utility u using (utility_id) where u.code = 'bench' order by m.serial desc limit $1
     ), known as (
       select day, replace(replace(index_l::text, '[', '{'), ']', '}')::integer[] as index_l,
              replace(replace(pressure_pa::text, '[', '{'), ']', '}')::smallint[] as pressure_pa, n
       from unnest($2::date[], $3::jsonb[], $4::jsonb[]) with ordinality k (day, index_l, pressure_pa, n)
     )
     insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour,
                                   terminal_id, counter, frame_check, received_at, arrival)
     select b.utility_id, b.meter_id, k.day, v.index_l, v.pressure_pa, v.index_l[v.hour], v.hour, b.terminal_id, 1, 0, now(), 1
     from known k
     cross join (select *, row_number() over (order by serial) as place from bench) b
     cross join lateral (
       select case when b.place <= $5 and k.n <= $6 then k.index_l
                   else array_fill(null::integer, array[23]) || k.n::integer end as index_l,
              case when b.place <= $5 and k.n <= $6 then k.pressure_pa
                   else array_fill(null::smallint, array[24]) end as pressure_pa,
              case when b.place <= $5 and k.n <= $6 and k.index_l[24] is null then 12 else 24 end as hour
     ) v`,
    [
      METERS,
      days.map(({ at }) => dayOfWire(FIRST_DAY + at)),
      days.map(({ at, indexL }) => JSON.stringify(half(indexL, at))),
      days.map(({ at, pressurePa }) => JSON.stringify(half(pressurePa, at))),
      KNOWN.meters,
      KNOWN.days,
    ],
  );
  await admin.query('vacuum analyze');
  const { rows } = await admin.query<{ n: number }>(
    'select count(*)::integer as n from series.meter_day',
  );
  return certain(rows[0], 'the count').n;
}

function perSecond({ acknowledged, seconds }: LoadResult): number {
  return Math.round(acknowledged / seconds);
}
