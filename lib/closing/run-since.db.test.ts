// What arrived or changed since a run was issued: counted from the changes that the run could not see.
import { describe, expect, it } from 'vitest';
import { createDatabase, readAs, transactAs } from '../../db/client.ts';
import {
  createUtility,
  fitHousehold,
  fitMeter,
  type Household,
} from '../../db/testing/fixtures.ts';
import { issueKey, workWithKey } from '../../db/testing/sessions.ts';
import type { Actor } from '../actor.ts';
import { editReading } from '../editing/edit-commands.ts';
import { pruneRunChanges } from './run-since-commands.ts';
import { getRunSince } from './run-since-queries.ts';
import {
  arrangeRuns,
  arrive,
  database,
  issue,
  NOW,
  office,
  steadyDays,
  utilityId,
} from './testing-runs.ts';

arrangeRuns();

const LINE = { since: '2026-09-21', fromL: 1_153_600, perHourL: 200 };
const home = (closingDay = 20): Promise<Household> =>
  fitHousehold(database.adminPool, utilityId, { closingDay });
const days = (device: Household, from: string, to = from, line = LINE) =>
  steadyDays(device, { from, to }, line);
const admin = (text: string, values: unknown[]) => database.adminPool.query(text, values);

async function issued(asked: { from: string; customerNumber?: string } = { from: '2026-10' }) {
  const { runs } = await issue(asked);
  return runs[0]!.runId;
}

async function since(runId: number) {
  const input = { runId, now: NOW };
  const answer = await readAs(database.db, utilityId, (db) => getRunSince(db, office(), input));
  return answer.since;
}
const prune = (now: Date) =>
  transactAs(createDatabase(database.workerPool), utilityId, (tx) =>
    pruneRunChanges(tx, utilityId, now),
  );
const nothing = { days: 0, supplyPoints: 0, orMore: false };

describe('days of an issued run', () => {
  it('are counted when they arrive late, within the periods of its rows', async () => {
    const [place, other] = [await home(), await home(5)];
    await arrive(days(place, '2026-09-20', '2026-10-10'));
    const runId = await issued();
    expect(await since(runId)).toEqual(nothing);
    // After the closing, and of a meter of another closing day.
    await arrive([...days(place, '2026-10-21', '2026-10-24'), ...days(other, '2026-10-11')]);
    expect(await since(runId)).toEqual(nothing);
    await arrive(days(place, '2026-10-11', '2026-10-13'));
    expect(await since(runId)).toEqual({ ...nothing, days: 3 });
  });

  it('are counted once, however often they change: completed, corrected, judged anew', async () => {
    const place = await home();
    const cut = days(place, '2026-10-12').map((day) => ({
      ...day,
      indexL: day.indexL.map((value, at) => (at === 5 ? null : value)),
    }));
    await arrive([...days(place, '2026-09-20', '2026-10-11'), ...cut]);
    await arrive(days(place, '2026-10-13', '2026-10-20'));
    const runId = await issued();
    await arrive(days(place, '2026-10-12'));
    await arrive(days(place, '2026-10-12', '2026-10-12', { ...LINE, fromL: LINE.fromL + 1 }));
    expect(await since(runId)).toEqual({ ...nothing, days: 1 });
    const spoiled = days(place, '2026-10-15').map((day) => ({
      ...day,
      indexL: day.indexL.map((value, at) => (at === 5 ? 16_777_215 : value)),
    }));
    await arrive(spoiled);
    expect((await since(runId))?.days).toBe(2);
  });

  it('are counted when a person edits them, and when the verdict on them is another', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const runId = await issued();
    await transactAs(database.db, utilityId, (tx) =>
      editReading(tx, office(), {
        ...{ meterId: place.meterId, day: '2026-10-18', kind: 'entered', hourEnding: 24 },
        ...{ indexL: 1_288_000, reason: 'read-on-site', note: '', now: NOW },
        acknowledgedClosings: ['2026-10-20'],
      } as unknown as Parameters<typeof editReading>[2]),
    );
    expect(await since(runId)).toEqual({ ...nothing, days: 1 });
    await admin(
      `insert into reading_verdict values ($1, $2, '2026-10-15', '{5}', '{7}', '{fell}', '{}', '{}', now())`,
      [utilityId, place.meterId],
    );
    expect(await since(runId)).toEqual({ ...nothing, days: 2 });
  });

  it('of the day itself are counted where they were awaited when it was made', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const runId = await issued();
    await admin(`alter table closing_run_figure disable trigger all`, []);
    await admin(`update closing_run_figure set quality = 'awaited' where run_id = $1`, [runId]);
    await admin(`alter table closing_run_figure enable trigger all`, []);
    await admin(`alter table closing_run disable trigger all`, []);
    await admin(`update closing_run set counts = '{"quality": {"awaited": 1}}' where run_id = $1`, [
      runId,
    ]);
    await admin(`alter table closing_run enable trigger all`, []);
    expect(await since(runId)).toEqual({ ...nothing, days: 1 });
  });

  it('are counted also of a transaction that was under way when it was issued', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-10'));
    const client = await database.adminPool.connect();
    try {
      await client.query('begin');
      await client.query(
        `insert into day_change (utility_id, what, meter_ids, days) values ($1, 'late', array[$2::integer], '{2026-10-12}')`,
        [utilityId, place.meterId],
      );
      const runId = await issued();
      expect(await since(runId)).toEqual(nothing);
      await client.query('commit');
      expect(await since(runId)).toEqual({ ...nothing, days: 1 });
    } finally {
      client.release();
    }
  });

  it('are counted up to a hundred', async () => {
    const places = [await home(), await home(), await home(), await home()];
    for (const place of places) await arrive(days(place, '2026-09-20', '2026-09-21'));
    const runId = await issued();
    for (const place of places) await arrive(days(place, '2026-09-22', '2026-10-19'));
    expect(await since(runId)).toEqual({ ...nothing, days: 100, orMore: true });
  });

  it('stay known when the feed of changes is pruned', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-10'));
    const runId = await issued();
    await arrive(days(place, '2026-10-11'));
    await admin('delete from day_change where utility_id = $1', [utilityId]);
    expect(await prune(new Date())).toBe(0);
    expect(await since(runId)).toEqual({ ...nothing, days: 1 });
  });
});

describe('the register of an issued run', () => {
  it('is counted by supply points: an exchange in the period, not one after it', async () => {
    const [place, later] = [await home(), await home()];
    for (const each of [place, later]) await arrive(days(each, '2026-09-20', '2026-10-20'));
    const runId = await issued();
    const exchange = async ({ meterId, supplyPointId }: Household, at: string) => {
      await admin('update meter_fitting set removed_at = $2 where meter_id = $1', [meterId, at]);
      await fitMeter(database.adminPool, utilityId, { supplyPointId, fittedAt: at });
    };
    await exchange(later, '2026-10-23T10:00:00+09:00');
    expect(await since(runId)).toEqual(nothing);
    await exchange(place, '2026-10-10T10:00:00+09:00');
    expect(await since(runId)).toEqual({ ...nothing, supplyPoints: 1 });
  });

  it('is counted when a fitting goes that the run had read', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const runId = await issued();
    await admin('delete from meter_fitting where meter_id = $1', [place.meterId]);
    expect(await since(runId)).toEqual({ ...nothing, supplyPoints: 1 });
  });

  it('is counted when a person changes a supply point of it', async () => {
    const [place, other] = [await home(), await home(5)];
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const runId = await issued();
    for (const [point, count] of [
      [other.supplyPointId, 0],
      [place.supplyPointId, 1],
    ] as const) {
      await admin(
        `insert into register_change (utility_id, kind, supply_point_id, holds_from, affects_from, before, after, actor, actor_name, audit_id)
         values ($1, 'tariff', $2, '2026-10-01', '2026-10-01', '{}', '{}', 'system:test', 'test', 1)`,
        [utilityId, point],
      );
      expect(await since(runId)).toEqual({ ...nothing, supplyPoints: count });
    }
  });
});

describe('what came after a run', () => {
  it('is not known of one that was made before the record, or on another server', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const runId = await issued();
    await admin(`update closing_run_seen set seen = '900000000:900000001:' where run_id = $1`, [
      runId,
    ]);
    expect(await since(runId)).toBeNull();
    await admin('delete from closing_run_seen where run_id = $1', [runId]);
    expect(await since(runId)).toBeNull();
  });

  it('is not known of one that is older than the record is kept', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const runId = await issued();
    await arrive(days(place, '2026-10-10', '2026-10-10', { ...LINE, fromL: LINE.fromL + 1 }));
    const later = new Date(Date.now() + 402 * 86_400_000);
    expect(await prune(new Date(later.getTime() - 2 * 86_400_000))).toBe(0);
    expect(await prune(later)).toBeGreaterThan(0);
    await admin('alter table closing_run disable trigger all', []);
    await admin(`update closing_run set made_at = now() - interval '401 days' where run_id = $1`, [
      runId,
    ]);
    await admin('alter table closing_run enable trigger all', []);
    expect(await since(runId)).toBeNull();
  });

  it('is asked of the own utility alone, with the right to read closings', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const runId = await issued();
    const other = await createUtility(database.adminPool);
    const foreign: Actor = { kind: 'system', utilityId: other, name: 'test' };
    await expect(
      readAs(database.db, other, (db) => getRunSince(db, foreign, { runId, now: NOW })),
    ).rejects.toMatchObject({ code: 'not_found' });
    const { key, keyId } = await issueKey(database.adminPool, utilityId, ['closing.read']);
    const actor: Actor = {
      ...{ kind: 'key', utilityId, keyId, name: 'a system', scopes: ['closing.read'] },
    };
    const { read } = workWithKey(database, key);
    expect(await read((db) => getRunSince(db, actor, { runId, now: NOW }))).toMatchObject({
      ...{ runId, asOf: NOW, since: nothing },
    });
    await expect(
      read((db) => getRunSince(db, { ...actor, scopes: ['meter.read'] }, { runId, now: NOW })),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});
