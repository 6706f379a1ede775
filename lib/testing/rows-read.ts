/**
 * Verbs that read, each with the number of rows that its question is about, for lib/testing/rows-read.db.test.ts. Rows
 * are day rows and rows of the register; the number of scans is within the test's factor.
 */
import type { ReadDb } from '../../db/schema.ts';
import { LARGE } from '../../db/testing/large-utility.ts';
import { getOwnUtility } from '../accounts/session-queries.ts';
import { listCollectionHistory } from '../collection/collection-history-queries.ts';
import { getCollection, listCollectionSupplyPoints } from '../collection/collection-queries.ts';
import { getMeter, listMeters } from '../meters/meter-queries.ts';
import { getMeterReadings, listMeterRevisions } from '../meters/meter-reading-queries.ts';
import { getAreaPressure } from '../pressure/area-pressure-queries.ts';
import { listExcursions } from '../pressure/excursion-queries.ts';
import { listMeterPressures } from '../pressure/meter-pressure-queries.ts';
import { listDayVersions } from '../readings/day-version-queries.ts';
import { getArea, listAreaMeters, listAreas } from '../register/area-queries.ts';
import { findCustomerSupplyPoint } from '../register/supply-point-queries.ts';
import { countQuarantined, getLastQuarantineId, listStoredDays } from '../replay/replay-queries.ts';
import { search } from '../search/search-queries.ts';
import { addDays } from '../time.ts';
import { getOwnDay, getOwnMonth } from '../usage/own-usage-queries.ts';
import { getUsageLine, listFittedMeters } from '../usage/usage-line-queries.ts';
import { days, HISTORY, type LargeScene, PAGE, type RowsCase } from './rows-case.ts';
import { CLOSING_CASES } from './rows-closing.ts';

const { meters, smallArea } = LARGE;
/** Extra rows of an area's list: for a register of this size the planner reads whole tables where that is cheaper. */
const REGISTER = LARGE.meters;
const LIST = { sort: 'customerNumber', descending: false, ...PAGE } as const;

const METER_CASES: RowsCase[] = [
  {
    verb: 'meters/meter-queries:listMeters',
    about: meters,
    run: ({ actor, now }, tx) => listMeters(tx, actor, { ...LIST, now }),
  },
  {
    ...{ verb: 'meters/meter-queries:listMeters', asks: 'of an area', about: smallArea + REGISTER },
    run: ({ actor, home, now }, tx) => listMeters(tx, actor, { ...LIST, now, areaId: home.areaId }),
  },
  {
    verb: 'meters/meter-queries:getMeter',
    about: HISTORY,
    run: ({ actor, home, now }, tx) => getMeter(tx, actor, { meterId: home.meterId, now }),
  },
  {
    ...{
      verb: 'meters/meter-reading-queries:getMeterReadings',
      asks: 'a month by the hour',
      about: 31,
    },
    run: (scene, tx) => readings(scene, tx, 31, 'hour'),
  },
  {
    ...{
      verb: 'meters/meter-reading-queries:getMeterReadings',
      asks: 'a year by the day, up to a day that has not come',
      about: 365,
    },
    run: (scene, tx) => readings(scene, tx, 365, 'day'),
  },
  {
    ...{ verb: 'meters/meter-reading-queries:listMeterRevisions', asks: 'of a year', about: 10 },
    run: (scene, tx) =>
      listMeterRevisions(tx, scene.actor, {
        meterId: scene.home.meterId,
        now: scene.now,
        ...days(scene, 365),
      }),
  },
  {
    verb: 'register/supply-point-queries:findCustomerSupplyPoint',
    about: 5,
    run: ({ actor, home }, tx) => findCustomerSupplyPoint(tx, actor, home),
  },
  {
    verb: 'search/search-queries:search',
    asks: 'a part of a number',
    about: 4 * meters,
    run: ({ actor, now }, tx) => search(tx, actor, { query: '0123', now }),
  },
];

function readings(scene: LargeScene, db: ReadDb, count: number, step: 'hour' | 'day') {
  const period = days(scene, count);
  const to = step === 'day' ? addDays(period.to, 1) : period.to;
  const input = { meterId: scene.home.meterId, now: scene.now, step, ...period, to };
  return getMeterReadings(db, scene.actor, input);
}

const COLLECTION_CASES: RowsCase[] = [
  {
    verb: 'collection/collection-queries:getCollection',
    about: meters,
    run: ({ actor, now }, tx) => getCollection(tx, actor, { now }),
  },
  {
    ...{
      verb: 'collection/collection-queries:listCollectionSupplyPoints',
      about: meters + PAGE.limit * HISTORY,
    },
    run: ({ actor, now }, tx) => listCollectionSupplyPoints(tx, actor, { ...PAGE, now }),
  },
  {
    ...{
      verb: 'collection/collection-queries:listCollectionSupplyPoints',
      asks: 'of an area',
      about: REGISTER + smallArea * HISTORY,
    },
    run: ({ actor, home, now }, tx) =>
      listCollectionSupplyPoints(tx, actor, { ...PAGE, now, areaId: home.areaId }),
  },
  {
    ...{
      verb: 'collection/collection-history-queries:listCollectionHistory',
      asks: 'of 30 days',
      about: meters * 30,
    },
    run: ({ actor, now }, tx) => listCollectionHistory(tx, actor, { days: 30, now }),
  },
  {
    ...{
      verb: 'collection/collection-history-queries:listCollectionHistory',
      asks: 'of an area',
      about: smallArea * 30 + REGISTER,
    },
    run: ({ actor, home, now }, tx) =>
      listCollectionHistory(tx, actor, { days: 30, now, areaId: home.areaId }),
  },
  {
    ...{ verb: 'readings/day-version-queries:listDayVersions', about: 2 },
    run: ({ home, utility }, tx) => listDayVersions(tx, home.meterId, utility.lastDay),
  },
];

const PRESSURE_CASES: RowsCase[] = [
  {
    verb: 'register/area-queries:listAreas',
    about: 2,
    run: ({ actor }, tx) => listAreas(tx, actor),
  },
  {
    verb: 'register/area-queries:getArea',
    about: 1,
    run: ({ home }, tx) => getArea(tx, home.areaId),
  },
  {
    ...{ verb: 'register/area-queries:listAreaMeters', about: smallArea + REGISTER },
    run: (scene, tx) => listAreaMeters(tx, { areaId: scene.home.areaId, ...days(scene, 30) }),
  },
  {
    ...{
      verb: 'pressure/area-pressure-queries:getAreaPressure',
      asks: 'a month by the hour',
      about: smallArea * 31,
    },
    run: (scene, tx) => getAreaPressure(tx, scene.actor, { ...areaOf(scene, 31), step: 'hour' }),
  },
  {
    ...{
      verb: 'pressure/area-pressure-queries:getAreaPressure',
      asks: 'a year by the day',
      about: smallArea * 365,
    },
    run: (scene, tx) => getAreaPressure(tx, scene.actor, { ...areaOf(scene, 365), step: 'day' }),
  },
  {
    ...{
      verb: 'pressure/meter-pressure-queries:listMeterPressures',
      about: smallArea * 30 + REGISTER,
    },
    run: (scene, tx) => listMeterPressures(tx, scene.actor, { ...areaOf(scene, 30), ...PAGE }),
  },
  {
    ...{ verb: 'pressure/excursion-queries:listExcursions', about: smallArea * 30 },
    run: (scene, tx) => listExcursions(tx, scene.actor, { ...areaOf(scene, 30), ...PAGE }),
  },
];

function areaOf(scene: LargeScene, count: number) {
  return { areaId: scene.home.areaId, now: scene.now, ...days(scene, count) };
}

const USAGE_CASES: RowsCase[] = [
  {
    verb: 'usage/own-usage-queries:getOwnMonth',
    about: HISTORY,
    run: ({ consumer, now }, tx) => getOwnMonth(tx, consumer, { now }),
  },
  {
    ...{ verb: 'usage/own-usage-queries:getOwnDay', about: HISTORY },
    run: ({ consumer, now, utility }, tx) => getOwnDay(tx, consumer, { day: utility.lastDay, now }),
  },
  {
    verb: 'usage/usage-line-queries:listFittedMeters',
    about: 2,
    run: ({ home, utilityId }, tx) => listFittedMeters(tx, { utilityId, ...home }),
  },
  {
    ...{ verb: 'usage/usage-line-queries:getUsageLine', asks: 'of a month', about: 35 },
    run: async (scene, tx) => {
      const { utilityId, home } = scene;
      const { from: fromDay, to: toDay } = days(scene, 30);
      const fitted = await listFittedMeters(tx, { utilityId, ...home });
      return getUsageLine(tx, { utilityId, fromDay, toDay }, fitted);
    },
  },
];

const OTHER_CASES: RowsCase[] = [
  {
    verb: 'accounts/session-queries:getOwnUtility',
    about: 1,
    run: ({ utilityId, home }, tx) =>
      getOwnUtility(tx, { kind: 'consumer', utilityId, ...home, sessionId: '' }),
  },
  {
    ...{ verb: 'replay/replay-queries:listStoredDays', about: 30 },
    run: (scene, tx) => listStoredDays(tx, scene.actor, { ...scene.home, ...days(scene, 30) }),
  },
  {
    verb: 'replay/replay-queries:getLastQuarantineId',
    about: 4,
    run: ({ actor, home }, tx) => getLastQuarantineId(tx, actor, home),
  },
  {
    ...{ verb: 'replay/replay-queries:countQuarantined', about: 4 },
    run: ({ actor, home }, tx) => countQuarantined(tx, actor, { ...home, afterId: 0 }),
  },
];

export const READ_CASES: readonly RowsCase[] = [
  ...METER_CASES,
  ...COLLECTION_CASES,
  ...PRESSURE_CASES,
  ...USAGE_CASES,
  ...CLOSING_CASES,
  ...OTHER_CASES,
];
