/**
 * Random histories of the customers of one place, for the property of completeness: moves that are registered late, days
 * that arrive late or never, another meter, another closing day. Days are counted from 2025-01-01 JST, months from January; the
 * register rises by usedL.
 */
import * as fc from 'fast-check';
import { addDays } from '../time.ts';
import { closingDate } from './closing-day.ts';

const FIRST_DAY = '2025-01-01';
/** Months whose closings are made, January being 0. */
export const RUN_MONTHS = [1, 2, 3, 4] as const;
const LAST_MONTH = 4;
const DAYS = 151;
export const PLACE_CLOSING_DAYS = [20, 31] as const;

/**
 * How a utility makes its closings: `skipped`: each once, but those of March after those of April; `again`: each closing once more a month
 * later, before the next; `afterwards`: once more after the next.
 */
export const COURSES = ['skipped', 'again', 'afterwards'] as const;
export type Course = (typeof COURSES)[number];

export type OccupancyEvent =
  | { kind: 'place'; closingDay: number; course: Course; occupied: boolean; startNoted: boolean }
  /** Registered `late` months after the month of its day. */
  | { kind: 'moveOut' | 'moveIn' | 'close'; day: number; late: number }
  /** The days are not there; they arrive `late` months after the month of the first, or never (null). */
  | { kind: 'gap'; day: number; days: number; late: number | null }
  | { kind: 'exchange'; day: number }
  /** From the closings of the month on the place has the other closing day. */
  | { kind: 'closingDay'; month: number };

const day = fc.integer({ min: 1, max: DAYS - 2 });
const late = fc.constantFrom(0, 0, 0, 1, 2);
const place = fc.record({
  kind: fc.constant('place' as const),
  closingDay: fc.constantFrom(...PLACE_CLOSING_DAYS),
  course: fc.constantFrom(...COURSES),
  ...{ occupied: fc.boolean(), startNoted: fc.boolean() },
});
const event: fc.Arbitrary<OccupancyEvent> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('moveOut' as const, 'moveIn' as const, 'moveIn' as const, 'close'),
      ...{ day, late },
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ kind: fc.constant('gap' as const), day, days: fc.integer({ min: 1, max: 40 }) },
      late: fc.constantFrom(0, 1, 2, null),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('exchange' as const), day }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('closingDay' as const),
      month: fc.constantFrom(...RUN_MONTHS),
    }),
  },
);

export const occupancyHistories: fc.Arbitrary<readonly OccupancyEvent[]> = fc
  .tuple(place, fc.array(event, { minLength: 1, maxLength: 10 }))
  .map(([first, events]) => [first, ...events]);

/** Half-open, in days; null: it goes on. */
export interface Stay {
  fromDay: number;
  toDay: number | null;
}

/** The register of a place as it is known in a month. */
export interface KnownPlace {
  stays: Stay[];
  closedDay: number | null;
  closingDay: number;
}

export interface OccupancyPlace {
  course: Course;
  startNoted: boolean;
  /** Day at whose noon the meter is exchanged; null: it is not. */
  exchangeDay: number | null;
  /** What is registered in each month from January on. */
  known: KnownPlace[];
  /** Month in which the report of a day arrives; null: never. Only days that a closing may read are there. */
  arrivals: Map<number, number | null>;
}

export const dateOf = (number: number) => addDays(FIRST_DAY, number);
export const dayNumber = (date: string) =>
  Math.round((Date.parse(date) - Date.parse(FIRST_DAY)) / 86_400_000);
const monthOfDay = (number: number) => Number(dateOf(number).slice(5, 7)) - 1;
export const monthText = (month: number) => `2025-${String(month + 1).padStart(2, '0')}`;

/** Litres that were used at the place until an hour of the history. */
export function usedL(hour: number): number {
  return 1000 + 7 * hour + 3 * Math.floor(hour / 5);
}

type Place = Extract<OccupancyEvent, { kind: 'place' }>;
type Move = Extract<OccupancyEvent, { late: number; kind: 'moveOut' | 'moveIn' | 'close' }>;

/** The course of events as it becomes known month by month. */
export function livePlace([first, ...events]: readonly OccupancyEvent[]): OccupancyPlace {
  if (first?.kind !== 'place') throw new Error('a history begins with its place');
  const { course, startNoted } = first;
  const exchange = events.find((each) => each.kind === 'exchange');
  const known = Array.from({ length: LAST_MONTH + 1 }, (_, month) => knownIn(first, events, month));
  const exchangeDay = exchange?.day ?? null;
  return { course, startNoted, exchangeDay, known, arrivals: arrivalsOf(known, events) };
}

function knownIn(first: Place, events: readonly OccupancyEvent[], month: number): KnownPlace {
  const stays: Stay[] = first.occupied ? [{ fromDay: -400, toDay: null }] : [];
  const place: KnownPlace = { stays, closedDay: null, closingDay: first.closingDay };
  const moves = events.filter(isMove).filter((move) => registeredIn(move) <= month);
  for (const move of moves.toSorted((a, b) => a.day - b.day)) apply(place, move);
  const changes = events.filter((each) => each.kind === 'closingDay' && each.month <= month);
  if (changes.length % 2 === 1) place.closingDay = first.closingDay === 20 ? 31 : 20;
  return place;
}

function isMove(event: OccupancyEvent): event is Move {
  return event.kind === 'moveOut' || event.kind === 'moveIn' || event.kind === 'close';
}

const registeredIn = (move: Move) => Math.min(monthOfDay(move.day) + move.late, LAST_MONTH);

/** A customer who moves in takes the place of the one before, and opens a closed place again. */
function apply(place: KnownPlace, { kind, day }: Move): void {
  const last = place.stays.at(-1);
  if (kind === 'moveIn') {
    if (last && last.fromDay >= day) return;
    if (last?.toDay === null) last.toDay = Math.min(day, place.closedDay ?? day);
    place.stays.push({ fromDay: day, toDay: null });
    place.closedDay = null;
    return;
  }
  if (last?.toDay !== null || day <= last.fromDay || place.closedDay !== null) return;
  if (kind === 'moveOut') last.toDay = day;
  else place.closedDay = day;
}

/** Days of closings and the last days before moves, with the month in which each is reported. */
function arrivalsOf(
  known: readonly KnownPlace[],
  events: readonly OccupancyEvent[],
): OccupancyPlace['arrivals'] {
  const days = new Set<number>();
  for (const month of [0, ...RUN_MONTHS]) {
    for (const closingDay of PLACE_CLOSING_DAYS) {
      days.add(dayNumber(closingDate(monthText(month), closingDay)));
    }
  }
  const ends = known.flatMap(({ stays, closedDay }) => [
    closedDay,
    ...stays.flatMap(({ fromDay, toDay }) => [fromDay, toDay]),
  ]);
  for (const each of ends) if (each !== null && each > 0) days.add(each - 1);
  return new Map([...days].map((each) => [each, arrivalOf(each, events)]));
}

function arrivalOf(number: number, events: readonly OccupancyEvent[]): number | null {
  const gap = events.find(
    (each) => each.kind === 'gap' && number >= each.day && number < each.day + each.days,
  );
  if (gap?.kind !== 'gap') return monthOfDay(number);
  return gap.late === null ? null : Math.min(monthOfDay(gap.day) + 1 + gap.late, LAST_MONTH);
}
