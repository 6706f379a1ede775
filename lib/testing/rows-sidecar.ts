/**
 * Verbs of the sidecar, in the role kenshin_ingest, each with the rows that it is about: see lib/testing/rows-read.ts.
 */
import type pg from 'pg';
import { expect } from 'vitest';
import { LARGE } from '../../db/testing/large-utility.ts';
import {
  closeAnsweredRequestsOf,
  giveUpRequests,
  noteRequested,
  takeDownCounters,
} from '../polling/polling-commands.ts';
import { listOpenRequests, listTerminalsToAsk } from '../polling/polling-queries.ts';
import { quarantineFrame } from '../readings/quarantine-commands.ts';
import { noteReadingFaults } from '../readings/reading-fault-commands.ts';
import { prepareStoreConnection, storeDayReports } from '../readings/store-commands.ts';
import { findTerminalsForConnect } from '../terminals/connect-queries.ts';
import {
  claimTerminals,
  holdTerminals,
  keepProcess,
  releaseTerminals,
} from '../terminals/owner-commands.ts';
import { proveSetting } from '../terminals/setting-commands.ts';
import { findProvenSetting } from '../terminals/setting-queries.ts';
import { takeUplinkFrames } from '../terminals/taken-frame-commands.ts';
import { acknowledgeTest, answerTest, noteTestsSent } from '../terminals/terminal-test-commands.ts';
import {
  listCalledTerminals,
  listUnacknowledgedTests,
} from '../terminals/terminal-test-queries.ts';
import { addDays } from '../time.ts';
import type { LargeScene, PoolCase, RowsCase } from './rows-case.ts';

const { meters } = LARGE;
/** Frames of a batch. */
const BATCH = 300;
/** Tests of a terminal, open and closed. */
const TESTS = LARGE.tests;

const POLLING_CASES: RowsCase[] = [
  {
    verb: 'polling/polling-queries:listOpenRequests',
    about: 2,
    run: ({ home }, tx) => listOpenRequests(tx, home.terminalId),
  },
  {
    ...{
      verb: 'polling/polling-queries:listTerminalsToAsk',
      asks: 'of all that are connected',
      about: meters,
    },
    run: (_scene, tx) =>
      listTerminalsToAsk(
        tx,
        Array.from({ length: meters }, (_, at) => at + 1),
      ),
  },
  {
    verb: 'polling/polling-commands:closeAnsweredRequestsOf',
    about: 2,
    run: ({ home, now }, tx) => closeAnsweredRequestsOf(tx, home.terminalId, now),
  },
  {
    ...{ verb: 'polling/polling-commands:noteRequested', about: 2 },
    run: async ({ home, now }, tx) =>
      noteRequested(tx, await listOpenRequests(tx, home.terminalId), now),
  },
  {
    ...{ verb: 'polling/polling-commands:giveUpRequests', about: 2 },
    run: async ({ home, now }, tx) =>
      giveUpRequests(tx, await listOpenRequests(tx, home.terminalId), now),
  },
  {
    ...{ verb: 'terminals/taken-frame-commands:takeUplinkFrames', about: 4 * BATCH },
    run: ({ now }, tx) =>
      takeUplinkFrames(
        tx,
        Array.from({ length: BATCH }, (_, at) => ({
          ...{ terminalId: 7 * at + 1, counter: 5000, frameCheck: at, type: 3 },
          ...{ arrivedFresh: true, receivedAt: now },
        })),
      ),
  },
  {
    verb: 'polling/polling-commands:takeDownCounters',
    about: 1,
    run: ({ home }, tx) => takeDownCounters(tx, home.terminalId, 1),
  },
];

const TERMINAL_CASES: RowsCase[] = [
  {
    ...{ verb: 'terminals/setting-commands:proveSetting', about: 2 },
    run: ({ home, utilityId, now }, tx) =>
      proveSetting(tx, utilityId, {
        ...{ terminalId: home.terminalId, reportMinute: 60, reportWindowMinutes: 240 },
        ...{ generation: 1, provenAt: now },
      }),
  },
  {
    ...{ verb: 'terminals/setting-queries:findProvenSetting', about: 1 },
    run: ({ home }, tx) => findProvenSetting(tx, home.terminalId),
  },
  {
    ...{ verb: 'terminals/terminal-test-queries:listUnacknowledgedTests', about: TESTS },
    run: ({ home, now }, tx) => listUnacknowledgedTests(tx, home.terminalId, now),
  },
  {
    ...{ verb: 'terminals/terminal-test-commands:noteTestsSent', about: TESTS },
    run: async ({ home, now }, tx) => {
      const open = await listUnacknowledgedTests(tx, home.terminalId, now);
      await noteTestsSent(
        tx,
        open.map(({ testId }) => testId),
        now,
      );
    },
  },
  {
    ...{ verb: 'terminals/terminal-test-commands:acknowledgeTest', about: TESTS },
    run: async ({ home, now }, tx) => {
      const [open] = await listUnacknowledgedTests(tx, home.terminalId, now);
      await noteTestsSent(tx, [open!.testId], now);
      await acknowledgeTest(tx, open!.testId, now);
    },
  },
  {
    ...{ verb: 'terminals/terminal-test-commands:answerTest', about: TESTS },
    run: async ({ home: { terminalId }, now }, tx) => {
      const [open] = await listUnacknowledgedTests(tx, terminalId, now);
      expect(await answerTest(tx, { terminalId, nonce: open!.nonce, at: now })).toBe(true);
    },
  },
];

export const SIDECAR_CASES: readonly RowsCase[] = [...POLLING_CASES, ...TERMINAL_CASES];

/** A report that arrives again for a day of the seed. */
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

/** Stores a batch of days of many meters over all chunks, made from the seed, and rolls it back. */
async function storeBatch(
  { utility, utilityId, admin }: LargeScene,
  pool: pg.Pool,
  { columns, shiftDays = 0 }: { columns: string; shiftDays?: number },
): Promise<void> {
  const { rows } = await admin.query<{ reports: Buffer; updates: Buffer }>(
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

const PROCESS = '6f1d2a53-7d7c-4f0e-9f53-2f0a3a1b9c11';

/** Terminals as connections of a process. */
const ownedBy = ({ utilityId }: LargeScene) =>
  Array.from({ length: BATCH }, (_, at) => ({ utilityId, terminalId: 7 * at + 1, generation: at }));

const OWNER_CASES: readonly PoolCase[] = [
  {
    ...{ verb: 'terminals/owner-commands:claimTerminals', about: 2 * BATCH },
    run: (scene, pool) => claimTerminals(pool, PROCESS, ownedBy(scene)),
  },
  {
    ...{ verb: 'terminals/owner-commands:holdTerminals', about: 2 * BATCH },
    run: (scene, pool) => holdTerminals(pool, PROCESS, ownedBy(scene)),
  },
  {
    ...{ verb: 'terminals/owner-commands:releaseTerminals', about: 2 * BATCH },
    run: (scene, pool) => releaseTerminals(pool, PROCESS, ownedBy(scene)),
  },
  {
    ...{ verb: 'terminals/owner-commands:keepProcess', about: 1 },
    run: (_scene, pool) => keepProcess(pool, PROCESS),
  },
];

/** Cases that need no utility, or set their own. */
export const SIDECAR_POOL_CASES: readonly PoolCase[] = [
  ...OWNER_CASES,
  {
    ...{ verb: 'terminals/connect-queries:findTerminalsForConnect', about: 8 },
    run: ({ home }, pool) => findTerminalsForConnect(pool, [home.terminalNumber]),
  },
  {
    ...{ verb: 'readings/store-commands:prepareStoreConnection', about: 1 },
    run: async (_scene, pool) => {
      const client = await pool.connect();
      await prepareStoreConnection(client, { prepareTimeoutMs: 60_000, commitTimeoutMs: 60_000 });
      client.release(true);
    },
  },
  ...Object.entries(REPORTS).map(([asks, columns]) => ({
    verb: 'readings/store-commands:storeDayReports' as const,
    ...{ asks, about: BATCH },
    run: (scene: LargeScene, pool: pg.Pool) => storeBatch(scene, pool, { columns }),
  })),
  {
    ...{ verb: 'readings/store-commands:storeDayReports', asks: 'new days', about: BATCH },
    run: (scene, pool) =>
      storeBatch(scene, pool, { columns: REPORTS['the same frames again'], shiftDays: 400 }),
  },
  {
    ...{ verb: 'readings/quarantine-commands:quarantineFrame', about: 2 },
    run: ({ home, now }, pool) => {
      const frame = {
        topic: 'up',
        reason: 'replay',
        offset: null,
        bytes: Buffer.from('00', 'hex'),
        ...{ receivedAt: now, isAuthentic: true, isFresh: true, meterSerial: null, day: null },
      };
      return quarantineFrame(pool, { ...frame, terminalNumber: home.terminalNumber });
    },
  },
  {
    ...{ verb: 'readings/reading-fault-commands:noteReadingFaults', about: 2 * BATCH },
    run: ({ home, utilityId, utility, now }, pool) => {
      const { meterId, terminalId } = home;
      const faults = Array.from({ length: BATCH }, (_, at) => ({
        ...{ meterId, terminalId, hourEnding: 1 + (at % 24) },
        day: addDays(utility.lastDay, -Math.floor(at / 24)),
        indexL: 2_000_000_001 + at,
      }));
      return noteReadingFaults((query) => pool.query(query), utilityId, faults, now);
    },
  },
  {
    ...{ verb: 'terminals/terminal-test-queries:listCalledTerminals', about: LARGE.wanted },
    run: ({ now }, pool) =>
      listCalledTerminals(pool, { asOf: now, retiredAfter: new Date(now.getTime() - 3_600_000) }),
  },
];
