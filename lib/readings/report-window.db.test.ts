import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import { createUtility, fitHousehold } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { getCollection } from '../collection/collection-queries.ts';
import { getMeterReadings } from '../meters/meter-reading-queries.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test.each([
  { name: 'not yet due while its window is open', at: '00:10', gap: 'notYetDue', count: 1 },
  { name: 'missing once its window is over', at: '09:00', gap: 'notArrived', count: 0 },
])('a day is $name, to the meter and to the collection alike', async ({ at, gap, count }) => {
  const utilityId = await createUtility(database.adminPool);
  const { meterId } = await fitHousehold(database.adminPool, utilityId);
  const now = new Date(`2026-11-23T${at}:00+09:00`);
  await readAs(database.db, utilityId, async (db) => {
    const actor = {
      kind: 'staff',
      utilityId,
      accountId: 1,
      role: 'analyst',
      sessionId: 's',
    } as const;
    const { total } = await getCollection(db, actor, { now });
    expect(total.notYetDue).toBe(count);
    for (const step of ['hour', 'day'] as const) {
      const { days } = await getMeterReadings(db, actor, {
        meterId,
        from: '2026-11-21',
        step,
        now,
      });
      expect(days.map((day) => day.gap)).toEqual(['notArrived', gap]);
    }
  });
});
