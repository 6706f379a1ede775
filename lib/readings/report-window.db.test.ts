import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { addDays, dayNumber, instantOf } from '../time.ts';
import { isAwaited, isReportOnTime, lastDueDay, reportDueAt } from './report-window.ts';
import { anyDay, anyWindow, besideMs, LONG_AGO } from './testing-report-window.ts';
import { scenes } from './testing-report-window-scenes.ts';
import { compareScenes } from './testing-report-window-views.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const question = fc
  .record({
    ...{ day: anyDay, window: anyWindow, besideMs, hour: fc.nat({ max: 48 }) },
    about: fc.constantFrom('due', 'midnight', 'hour'),
  })
  .map(({ day, window, about, ...by }) => {
    const instants = {
      due: reportDueAt(day, window),
      midnight: instantOf(addDays(day, 1), 24),
      hour: instantOf(day, by.hour),
    };
    return { day, window, at: new Date(instants[about].getTime() + by.besideMs) };
  });

test.each(['Asia/Tokyo', 'UTC', 'America/New_York', 'Pacific/Kiritimati'])(
  'database and process agree when a report is due, in a session of the zone %s',
  async (zone) => {
    const questions = fc.array(question, { minLength: 300, maxLength: 300 });
    const client = await database.adminPool.connect();
    try {
      await client.query(`set time zone '${zone}'`);
      await fc.assert(
        fc.asyncProperty(questions, async (cases) => {
          const { rows } = await client.query(
            `select report_due_at(day, minute, minutes) as due, last_due_day(at, minute, minutes)::text as last,
                    report_due_at(day, minute, minutes) > at as awaited, last_due_day(at, minute, minutes) < day as after
             from unnest($1::date[], $2::timestamptz[], $3::int[], $4::int[]) with ordinality q (day, at, minute, minutes, n)
             order by n`,
            [
              cases.map(({ day }) => day),
              cases.map(({ at }) => at),
              cases.map(({ window }) => window.reportMinute),
              cases.map(({ window }) => window.reportWindowMinutes),
            ],
          );
          expect(rows).toEqual(
            cases.map(({ day, window, at }) => {
              const awaited = isAwaited(day, [{ ...window, fromAt: LONG_AGO, toAt: null }], at);
              expect(isReportOnTime(dayNumber(day), at.getTime(), window)).toBe(awaited);
              return {
                ...{ due: reportDueAt(day, window), last: lastDueDay(at, window) },
                ...{ awaited, after: awaited },
              };
            }),
          );
        }),
        { numRuns: 5, endOnFailure: true },
      );
    } finally {
      client.release(true);
    }
  },
);

test('collection, its history, roll-up, meter, household, closings and polling agree on every day', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, (scene) => compareScenes(database, scene)),
    { numRuns: 12, endOnFailure: true },
  );
}, 180_000);
