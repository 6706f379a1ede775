import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import {
  createArea,
  createSupplyPoint,
  createUtility,
  fitMeter,
  storeDay,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor } from '../actor.ts';
import { addDays, instantOf } from '../time.ts';
import { getAreaPressure } from './area-pressure-queries.ts';
import { SENSOR_RANGE_PA } from './sensor-range.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const FROM = '2026-11-18';
const DAYS = 4;
const TO = addDays(FROM, DAYS - 1);
const NOW = new Date('2026-11-23T09:00:00+09:00');
const LIMITS = { pressureMinPa: 1000, pressureMaxPa: 2500 };
const { least, greatest } = SENSOR_RANGE_PA;

type Pressures = (number | null)[];

/** A meter with its report of each day, or none; days count from FROM. */
interface RandomMeter {
  reports: (Pressures | null)[];
  fittedOn: number;
  removedOn: number;
}

const aPressure = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 990, max: 2510 }) },
  { weight: 2, arbitrary: fc.constant(null) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[-32_768, least - 1, least, greatest, greatest + 1, 32_767, -1, 0],
    ),
  },
);
const hours = (value: fc.Arbitrary<number | null>) =>
  fc.array(value, { minLength: 24, maxLength: 24 });
const aReport = fc.oneof(
  { weight: 4, arbitrary: hours(aPressure) },
  { weight: 2, arbitrary: hours(fc.integer({ min: 1000, max: 2500 })) },
  { weight: 1, arbitrary: hours(fc.constantFrom(null, 32_767)) },
  { weight: 1, arbitrary: hours(fc.constant(null)) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const aMeter: fc.Arbitrary<RandomMeter> = fc.record({
  reports: fc.array(aReport, { minLength: DAYS, maxLength: DAYS }),
  fittedOn: fc.constantFrom(-5, -5, -5, 0, 1, 2),
  removedOn: fc.constantFrom(99, 99, 99, 1, 2, 3),
});

test.each(['hour', 'day'] as const)(
  'band, coverage and faults by the %s are those of the values counted one by one',
  async (step) => {
    await fc.assert(
      fc.asyncProperty(fc.array(aMeter, { maxLength: 5 }), async (meters) => {
        const { utilityId, areaId } = await store(meters);
        const actor: Actor = {
          kind: 'staff',
          utilityId,
          accountId: 1,
          role: 'analyst',
          sessionId: 's',
        };
        const { points, coverage, summary } = await readAs(database.db, utilityId, (db) =>
          getAreaPressure(db, actor, { areaId, from: FROM, to: TO, step, now: NOW }),
        );
        const counted = countOneByOne(meters);
        expect(points).toEqual(pointsOf(counted.values, step));
        expect({ ...coverage, faults: summary.faults }).toEqual(counted.coverage);
      }),
      { numRuns: 25 },
    );
  },
);

async function store(meters: readonly RandomMeter[]) {
  const admin = database.adminPool;
  const utilityId = await createUtility(admin);
  const areaId = await createArea(admin, utilityId, LIMITS);
  for (const { reports, fittedOn, removedOn } of meters) {
    const { meterId } = await fitMeter(admin, utilityId, {
      supplyPointId: await createSupplyPoint(admin, utilityId, { areaId }),
      fittedAt: instantOf(addDays(FROM, fittedOn), 6).toISOString(),
      ...(removedOn < 99 &&
        removedOn > fittedOn && {
          removedAt: instantOf(addDays(FROM, removedOn), 18).toISOString(),
        }),
    });
    for (const [at, pressurePa] of reports.entries()) {
      if (!pressurePa) continue;
      await storeDay(admin, utilityId, {
        meterId,
        terminalId: 1,
        day: addDays(FROM, at),
        pressurePa,
      });
    }
  }
  return { utilityId, areaId };
}

interface Value {
  day: string;
  hourEnding: number;
  pressurePa: number;
}

function countOneByOne(meters: readonly RandomMeter[]) {
  const values: Value[] = [];
  const coverage = { meters: 0, fittedMeters: 0, meterDays: 0, fittedMeterDays: 0, faults: 0 };
  for (const { reports, fittedOn, removedOn } of meters) {
    const until = removedOn > fittedOn ? removedOn : 99;
    const fitted = reports.filter((_, at) => at >= fittedOn && at <= until);
    coverage.fittedMeters += fitted.length > 0 ? 1 : 0;
    coverage.fittedMeterDays += fitted.length;
    const soundOfDays = reports.map((report, at) => {
      const known = at >= fittedOn && at <= until ? (report ?? []) : [];
      const sound = known.flatMap((pressurePa, hour) =>
        pressurePa === null || pressurePa < least || pressurePa > greatest
          ? []
          : [{ day: addDays(FROM, at), hourEnding: hour + 1, pressurePa }],
      );
      coverage.faults += known.filter((value) => value !== null).length - sound.length;
      return sound;
    });
    const daysWithSound = soundOfDays.filter((sound) => sound.length > 0).length;
    coverage.meterDays += daysWithSound;
    coverage.meters += daysWithSound > 0 ? 1 : 0;
    values.push(...soundOfDays.flat());
  }
  return { values, coverage };
}

interface Slot {
  day: string;
  hourEnding: number | null;
}

function pointsOf(values: readonly Value[], step: 'hour' | 'day') {
  const slots = Array.from({ length: DAYS }, (_, at) => addDays(FROM, at)).flatMap((day): Slot[] =>
    step === 'day'
      ? [{ day, hourEnding: null }]
      : Array.from({ length: 24 }, (_, at) => ({ day, hourEnding: at + 1 })),
  );
  return slots.flatMap(({ day, hourEnding }) => {
    const ofSlot = values
      .filter((value) => value.day === day)
      .filter((value) => hourEnding === null || value.hourEnding === hourEnding)
      .map(({ pressurePa }) => pressurePa);
    if (ofSlot.length === 0) return [];
    const sum = ofSlot.reduce((total, value) => total + value, 0);
    return {
      day,
      hourEnding,
      lowPa: Math.min(...ofSlot),
      highPa: Math.max(...ofSlot),
      averagePa: Math.round(sum / ofSlot.length),
      values: ofSlot.length,
      below: ofSlot.filter((value) => value < LIMITS.pressureMinPa).length,
      above: ofSlot.filter((value) => value > LIMITS.pressureMaxPa).length,
    };
  });
}
