/**
 * Property of validation: a register that cannot be a reading changes no sum whose ends are sound; without one nothing
 * is marked; and closing, household and meter's page have the same litres for every day and period. With edits too: a sound
 * register that is struck out changes no sum whose ends are sound, and a true one that is entered is such an end.
 */
import { readAs } from '../../db/client.ts';
import type { ReadDb } from '../../db/schema.ts';
import type { TestDatabase } from '../../db/testing/database.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { certain } from '../certain.ts';
import { closingCalendar } from '../closing/closing-day.ts';
import { streamClosingRows } from '../closing/closing-queries.ts';
import type { ClosingRow } from '../closing/closing-row.ts';
import { getMeterReadings } from '../meters/meter-reading-queries.ts';
import type { BatchProperty } from '../testing/history.ts';
import { addDays } from '../time.ts';
import {
  type DayIndexes,
  type FittedMeter,
  hourNumber,
  type UsageLine,
  usageLine,
} from '../usage/usage-line.ts';
import { usageBetween, usageByDay } from '../usage/usage-totals.ts';
import {
  METER_SIZE,
  makeEdits,
  type Registered,
  registerPlaces,
  writeEdits,
} from './testing-agreement-register.ts';
import {
  DAYS,
  FIRST_DAY,
  instantOfHour,
  livePlace,
  type SpoiledEvent,
  type SpoiledPlace,
  spoiledPlaces,
} from './testing-spoiled-place.ts';
import { validateAll } from './testing-validate.ts';

const BATCH = 250;
/** Of so many places one is asked of the meter's page, which answers for one meter at a time. */
const PAGE_OF = 50;
/** Of so many batches one makes its edits by the functions of the product, the others write what these leave. */
const BY_FUNCTIONS_OF = 20;
const NOW = new Date('2026-10-20T00:00:00+09:00');
const LAST_DAY = addDays(FIRST_DAY, DAYS - 1);
const CLOSING = { closingDay: 3, fromMonth: '2026-10', toMonth: '2026-10' };

interface Shown extends Registered {
  place: SpoiledPlace;
  line: UsageLine;
  row: ClosingRow | undefined;
  hasVerdict: boolean;
  /** Rule of a mark for attention on its meters; undefined without one. */
  mark: string | undefined;
  page: { hour: (number | null)[]; day: (number | null)[] } | undefined;
}

export function agreementHistories(database: TestDatabase): BatchProperty<SpoiledEvent> {
  let batches = 0;
  return {
    histories: spoiledPlaces,
    batchSize: BATCH,
    live: async (histories) => {
      const isByFunctions = batches % BY_FUNCTIONS_OF === 0;
      batches += 1;
      const shown = await show(database, histories.map(livePlace), isByFunctions);
      return shown.map(faultOf);
    },
  };
}

async function show(
  database: TestDatabase,
  places: readonly SpoiledPlace[],
  isByFunctions: boolean,
): Promise<Shown[]> {
  const { adminPool, db } = database;
  const utilityId = await createUtility(adminPool);
  const registered = await registerPlaces(adminPool, utilityId, places);
  if (isByFunctions) await makeEdits(database, utilityId, { places, registered });
  else await writeEdits(adminPool, utilityId, { places, registered });
  await validateAll(database, utilityId, NOW);
  const actor = { kind: 'system', utilityId, name: 'test' } as const;
  return readAs(db, utilityId, async (read) => {
    const { closings } = closingCalendar(CLOSING, NOW);
    const rows = new Map<number, ClosingRow>();
    const selection = { closingDay: CLOSING.closingDay, closings, now: NOW };
    for await (const row of streamClosingRows(read, actor, selection))
      rows.set(row.supplyPointId, row);
    const days = await listSoundDays(read, utilityId);
    const doubted = await listDoubted(read, utilityId);
    const marked = await listMarked(read, utilityId);
    const shown: Shown[] = [];
    for (const [at, place] of places.entries()) {
      const of = certain(registered[at], 'a registered place');
      const page = at % PAGE_OF === 0 ? await readPage(read, actor, of) : undefined;
      shown.push({
        ...{ ...of, place, page, row: rows.get(of.supplyPointId) },
        line: usageLine(
          metersOf(place, of),
          of.meterIds.flatMap((meterId) => days.get(meterId) ?? []),
        ),
        hasVerdict: of.meterIds.some((meterId) => doubted.has(meterId)),
        mark: of.meterIds.flatMap((meterId) => marked.get(meterId) ?? [])[0],
      });
    }
    return shown;
  });
}

function metersOf({ dialL, fittings }: SpoiledPlace, { meterIds }: Registered): FittedMeter[] {
  return fittings.map(({ fittedAt, removedAt, startL, finalL }, at) => ({
    ...{ meterId: certain(meterIds[at], 'a registered meter'), sizeM3PerHour: METER_SIZE, dialL },
    ...{ fittedAt: instantOfHour(fittedAt), startIndexL: startL, finalIndexL: finalL },
    removedAt: removedAt === null ? null : instantOfHour(removedAt),
  }));
}

async function readPage(
  read: ReadDb,
  actor: Parameters<typeof getMeterReadings>[1],
  { meterIds }: Registered,
) {
  const usageOf = async (step: 'hour' | 'day') => {
    const meterId = certain(meterIds[0], 'the first meter');
    const input = { meterId, from: FIRST_DAY, to: LAST_DAY, step, now: NOW };
    const { days } = await getMeterReadings(read, actor, input);
    return days.map(({ usageL }) => usageL);
  };
  return { hour: await usageOf('hour'), day: await usageOf('day') };
}

async function listSoundDays(read: ReadDb, utilityId: number): Promise<Map<number, DayIndexes[]>> {
  const rows = await read
    .selectFrom('sound_day')
    .where('utility_id', '=', utilityId)
    .select(['meter_id as meterId', 'day', 'index_l as indexL', 'doubtful_hours as doubtfulHours'])
    .execute();
  const byMeter = new Map<number, DayIndexes[]>();
  for (const row of rows) byMeter.set(row.meterId, [...(byMeter.get(row.meterId) ?? []), row]);
  return byMeter;
}

async function listDoubted(read: ReadDb, utilityId: number): Promise<Set<number>> {
  const rows = await read
    .selectFrom('reading_verdict')
    .where('utility_id', '=', utilityId)
    .select('meter_id')
    .execute();
  return new Set(rows.map(({ meter_id }) => meter_id));
}

/** Rules of marks for attention by meter. */
async function listMarked(read: ReadDb, utilityId: number): Promise<Map<number, string[]>> {
  const rows = await read
    .selectFrom('reading_mark')
    .where('utility_id', '=', utilityId)
    .select(['meter_id', 'rule'])
    .execute();
  const byMeter = new Map<number, string[]>();
  for (const { meter_id: meterId, rule } of rows) {
    byMeter.set(meterId, [...(byMeter.get(meterId) ?? []), rule]);
  }
  return byMeter;
}

/** What does not hold of a place; undefined when all does. */
function faultOf({ place, line, row, hasVerdict, mark, page }: Shown): string | undefined {
  const days = usageByDay(line, FIRST_DAY, LAST_DAY);
  const unfounded = unfoundedMark({ place, hasVerdict, mark }, days);
  if (unfounded) return unfounded;
  const known = (hour: number) => !place.isMisled && place.isKnown(hour);
  for (const [number, { day, usageL }] of days.entries()) {
    const trueL = place.usedL(number * 24 + 24) - place.usedL(number * 24);
    if (known(number * 24) && known(number * 24 + 24) && usageL !== trueL) {
      return `${day}: ${usageL} L, and truly ${trueL} L`;
    }
  }
  return faultOfPage(days, page) ?? faultOfClosing({ place, line, row }, known);
}

/** A verdict or mark of a place of which nothing is spoiled. */
function unfoundedMark(
  { place, hasVerdict, mark }: Pick<Shown, 'place' | 'hasVerdict' | 'mark'>,
  days: ReturnType<typeof usageByDay>,
): string | undefined {
  if (place.spoiledHours.size > 0 || place.isMisled) return undefined;
  if (hasVerdict) return 'a verdict, though nothing is spoiled';
  if (mark) return `the mark ${mark}, though nothing is spoiled`;
  const marks = days.flatMap(({ marks: of }) => of).filter((each) => UNEXPECTED.has(each));
  return marks.length > 0 ? `${marks[0]}, though nothing is spoiled` : undefined;
}

const UNEXPECTED: ReadonlySet<string> = new Set(['doubtful', 'fallen', 'implausible']);

function faultOfPage(
  days: readonly { day: string; usageL: number | null }[],
  page: Shown['page'],
): string | undefined {
  for (const step of page ? (['hour', 'day'] as const) : []) {
    const at = days.findIndex(({ usageL }, number) => page?.[step][number] !== usageL);
    if (at >= 0) {
      return `${days[at]?.day}: ${days[at]?.usageL} L in the usage line, ${page?.[step][at]} L by the ${step}`;
    }
  }
  return undefined;
}

function faultOfClosing(
  { place, line, row }: Pick<Shown, 'place' | 'line' | 'row'>,
  known: (hour: number) => boolean,
): string | undefined {
  if (!row) return 'no row of the closing';
  const period = usageBetween(line, hourNumber('2026-09-03', 24), hourNumber('2026-10-03', 24));
  if (row.usageL !== period.usageL) {
    return `closing: ${row.usageL} L (${row.remarks.join(' ')}), and ${period.usageL} L in the usage line`;
  }
  const [from, to] = [3 * 24, 33 * 24];
  const trueL = place.usedL(to) - place.usedL(from);
  if (known(from) && known(to) && row.usageL !== trueL)
    return `closing: ${row.usageL} L, and truly ${trueL} L`;
  const isSpoiled = place.spoiledHours.size > 0 || place.isMisled;
  const doubts = row.remarks.filter((remark) => DOUBTS.has(remark));
  if (!isSpoiled && doubts.length > 0) return `closing: ${doubts[0]}, though nothing is spoiled`;
  return undefined;
}

const DOUBTS: ReadonlySet<string> = new Set([
  'reading-doubtful',
  'implausible',
  'index-fell',
  'unvalidated',
]);
