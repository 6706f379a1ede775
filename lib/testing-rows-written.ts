/** The verbs that write, each with the rows that it is about: see lib/testing-rows-read.ts. */
import type pg from 'pg';
import { LARGE } from '../db/testing-large-utility.ts';
import { forgetTries } from './accounts/sign-in-try-commands.ts';
import { exportClosing } from './closing/closing-commands.ts';
import { latestClosing } from './closing/closing-day.ts';
import { parseKek } from './keys/kek.ts';
import { beginEarlier } from './meters/begin-earlier-commands.ts';
import { moveIn, moveOut, registerArea, registerSupplyPoint } from './meters/commands.ts';
import { exchangeMeter, fitMeter, registerMeter } from './meters/meter-commands.ts';
import {
  giveUpRequests,
  markAsked,
  planRequests,
  settleRequests,
  settleRequestsOf,
  takeDownCounters,
} from './polling/commands.ts';
import { listOpenRequests } from './polling/queries.ts';
import { quarantineFrame } from './readings/quarantine-commands.ts';
import { prepareStoreConnection, storeDayReports } from './readings/store-commands.ts';
import {
  fitTerminal,
  registerTerminal,
  reissueTerminal,
  type TerminalRegistration,
} from './terminals/commands.ts';
import type { LargeScene, PoolCase, RowsCase } from './testing-rows-read.ts';

/** Terminals that one transaction of planning or settling looks at. */
const SLICE = 500;
/** Frames of a batch. */
const BATCH = 300;

const KEK = parseKek('a5'.repeat(32), 'a test');

const POLLING_CASES: RowsCase[] = [
  {
    ...{ verb: 'planRequests', asks: 'of the windows of a minute', about: LARGE.meters },
    run: ({ now }, tx) =>
      planRequests(tx, { after: new Date(now.getTime() - 60_000), until: now }, 0),
  },
  {
    ...{ verb: 'planRequests', asks: 'of all days back', about: SLICE * 35 },
    run: ({ now }, tx) => planRequests(tx, { after: new Date(0), until: now }, 0),
  },
  {
    ...{ verb: 'settleRequests', about: SLICE + LARGE.wanted },
    run: ({ now }, tx) => settleRequests(tx, { asOf: now, seenAfter: new Date(0) }, 0),
  },
  {
    verb: 'settleRequestsOf',
    about: 2,
    run: ({ home, now }, tx) => settleRequestsOf(tx, home.terminalId, now),
  },
  {
    ...{ verb: 'markAsked', about: 2 },
    run: async ({ home, now }, tx) =>
      markAsked(tx, await listOpenRequests(tx, home.terminalId), now),
  },
  {
    ...{ verb: 'giveUpRequests', about: 2 },
    run: async ({ home, now }, tx) =>
      giveUpRequests(tx, await listOpenRequests(tx, home.terminalId), now),
  },
  {
    verb: 'takeDownCounters',
    about: 1,
    run: ({ home }, tx) => takeDownCounters(tx, home.terminalId, 1),
  },
];

const REGISTER_CASES: RowsCase[] = [
  {
    ...{ verb: 'registerArea', about: 5 },
    run: ({ actor }, tx) =>
      registerArea(tx, actor, {
        code: 'A9',
        name: 'new',
        gasKind: 'city',
        pressureMinPa: 1,
        pressureMaxPa: 2,
      }),
  },
  {
    ...{ verb: 'registerSupplyPoint', about: 5 },
    run: ({ actor, home }, tx) =>
      registerSupplyPoint(tx, actor, {
        number: 'N1',
        areaId: home.areaId,
        closingDay: 5,
        openedOn: '2026-02-01',
      }),
  },
  {
    ...{ verb: 'moveOut', about: 10 },
    run: ({ actor, home }, tx) => moveOut(tx, actor, { ...home, toOn: '2026-02-01' }),
  },
  {
    ...{ verb: 'moveIn', asks: 'after a move out', about: 15 },
    run: async ({ actor, home }, tx) => {
      await moveOut(tx, actor, { ...home, toOn: '2026-02-01' });
      return moveIn(tx, actor, { ...home, customerNumber: 'N1', fromOn: '2026-02-01' });
    },
  },
  { verb: 'registerMeter', about: 5, run: ({ actor }, tx) => registerMeter(tx, actor, NEW_METER) },
  {
    ...{ verb: 'exchangeMeter', about: 20 },
    run: async ({ actor, home, now }, tx) => {
      await registerMeter(tx, actor, NEW_METER);
      const { supplyPointId } = home;
      return exchangeMeter(tx, actor, {
        now,
        supplyPointId,
        exchangedAt: now,
        newSerial: NEW_METER.serial,
      });
    },
  },
  {
    ...{ verb: 'fitMeter', about: 20 },
    run: async ({ actor, home, now }, tx) => {
      const supplyPointId = await registerSupplyPoint(tx, actor, {
        ...{ number: 'N1', areaId: home.areaId, closingDay: 5, openedOn: '2026-02-01' },
      });
      await registerMeter(tx, actor, NEW_METER);
      return fitMeter(tx, actor, { now, serial: NEW_METER.serial, supplyPointId, fittedAt: now });
    },
  },
  {
    ...{ verb: 'beginEarlier', about: 20 },
    run: ({ actor, home }, tx) => beginEarlier(tx, actor, { ...home, fromOn: '2019-06-01' }),
  },
  {
    ...{ verb: 'registerTerminal', about: 10 },
    run: ({ actor }, tx) => registerTerminal(tx, actor, NEW_TERMINAL),
  },
  {
    ...{ verb: 'reissueTerminal', about: 10 },
    run: ({ actor, home }, tx) =>
      reissueTerminal(tx, actor, { number: home.terminalNumber, kek: KEK }),
  },
  {
    ...{ verb: 'fitTerminal', about: 20 },
    run: async ({ actor, home, now }, tx) => {
      const supplyPointId = await registerSupplyPoint(tx, actor, {
        ...{ number: 'N1', areaId: home.areaId, closingDay: 5, openedOn: '2026-02-01' },
      });
      await registerTerminal(tx, actor, NEW_TERMINAL);
      return fitTerminal(tx, actor, {
        now,
        number: NEW_TERMINAL.number,
        supplyPointId,
        fromAt: now,
      });
    },
  },
  {
    ...{ verb: 'forgetTries', about: 1 },
    run: ({ utilityId, home }, tx) =>
      forgetTries(tx, { kind: 'consumer', utilityId, name: home.customerNumber }),
  },
];

const NEW_METER = {
  serial: '999999999999',
  gasKind: 'city',
  size: 2.5,
  dialL: 100_000_000,
} as const;
const NEW_TERMINAL: TerminalRegistration = {
  ...{ number: '9999999999999999', model: 'external' as const, kek: KEK },
  ...{ reportMinute: 60, reportWindowMinutes: 240 },
};

export const WRITE_CASES: readonly RowsCase[] = [
  ...POLLING_CASES,
  ...REGISTER_CASES,
  {
    ...{ verb: 'exportClosing', about: LARGE.meters + Math.ceil(LARGE.meters / 31) * 20 },
    run: ({ actor, now }, tx) =>
      exportClosing(
        { read: (fn) => fn(tx), record: (fn) => fn(tx) },
        actor,
        {
          selection: { closingDay: 20, closings: [latestClosing(20, now)] },
          kind: { format: 'office-utf8', identifiers: 'plain' },
        },
        async () => undefined,
      ),
  },
];

/** What a day of the seed becomes in a report that comes for it again. */
const REPORTS = {
  'the same frames again':
    'index_l, pressure_pa, closing_index_l, closing_hour, counter, frame_check, arrival',
  'the same content under new counters':
    'index_l, pressure_pa, closing_index_l, closing_hour, counter + 1, 1, arrival',
  'more hours':
    'array_fill(closing_index_l - 1, array[23]) || closing_index_l, pressure_pa, closing_index_l, 24::smallint, counter + 1, 1, arrival',
  corrections:
    'array_fill(closing_index_l + 1, array[24]), pressure_pa, closing_index_l + 1, 24::smallint, counter + 1, 1, arrival',
  'answers with nothing new':
    'index_l, pressure_pa, closing_index_l, closing_hour, counter + 1, 1, 4::smallint',
} as const;

/** A batch of days of many meters over all chunks, made from the seed; stored and rolled back. */
async function storeBatch(
  { utility, utilityId, admin }: LargeScene,
  pool: pg.Pool,
  { columns, shiftDays = 0 }: { columns: string; shiftDays?: number },
): Promise<void> {
  const { rows } = await admin.query<{ reports: Buffer; marks: Buffer }>(
    `select array_send(array_agg(row(meter_id, day + $4::integer, terminal_id, ${columns})::day_report_row)) as reports,
            array_send(array_agg(row(terminal_id, 2000, 1, null, null, null, null, null)::terminal_mark)) as marks
     from series.meter_day
     where utility_id = $1 and (meter_id, day) in (select 7 * n + 1, $2::date - n from generate_series(0, $3 - 1) n)`,
    [utilityId, utility.lastDay, BATCH, shiftDays],
  );
  const client = await pool.connect();
  try {
    await client.query('begin');
    const part = { utilityId, ...rows[0]! };
    await storeDayReports(client, [part], { receivedAt: new Date(0), timeoutMs: 60_000 });
  } finally {
    await client.query('rollback');
    client.release();
  }
}

export const POOL_WRITE_CASES: readonly PoolCase[] = [
  {
    ...{ verb: 'prepareStoreConnection', about: 1 },
    run: async (_scene, pool) => {
      const client = await pool.connect();
      await prepareStoreConnection(client, { prepareTimeoutMs: 60_000, commitTimeoutMs: 60_000 });
      client.release(true);
    },
  },
  ...Object.entries(REPORTS).map(([asks, columns]) => ({
    ...{ verb: 'storeDayReports', asks, about: BATCH },
    run: (scene: LargeScene, pool: pg.Pool) => storeBatch(scene, pool, { columns }),
  })),
  {
    ...{ verb: 'storeDayReports', asks: 'new days', about: BATCH },
    run: (scene, pool) =>
      storeBatch(scene, pool, { columns: REPORTS['the same frames again'], shiftDays: 400 }),
  },
  {
    ...{ verb: 'quarantineFrame', about: 2 },
    run: ({ home, now }, pool) => {
      const frame = {
        topic: 'up',
        reason: 'replay',
        offset: null,
        bytes: Buffer.from('00', 'hex'),
        ...{ receivedAt: now, isAuthentic: true, meterSerial: null, day: null },
      };
      return quarantineFrame(pool, { ...frame, terminalNumber: home.terminalNumber });
    },
  },
];
