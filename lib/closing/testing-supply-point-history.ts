/**
 * Random histories of one supply point for properties of closings: customers, meters and reports of days, and what is
 * known of each meter afterwards. Time is counted in hours since 2025-01-01 00:00 JST; registers are litres.
 */
import * as fc from 'fast-check';

export const FIRST_DAY = '2025-01-01';
/** Days of a history: five months. */
const HISTORY_DAYS = 151;
const END = HISTORY_DAYS * 24;
/** Number of the last closing day of each of CLOSING_DAYS: 2025-05-20 and 2025-05-31. */
const LAST_CLOSING: ReadonlyMap<number, number> = new Map([
  [20, 139],
  [31, 150],
]);

export type SupplyPointEvent =
  | {
      kind: 'supplyPoint';
      closingDay: number;
      maxDays: number;
      occupied: boolean;
      startNoted: boolean;
      startL: number;
    }
  | { kind: 'report'; day: number; days: number; lastHour: number; beyond: boolean }
  | { kind: 'moveOut' | 'moveIn' | 'close'; day: number }
  | { kind: 'closingDay'; day: number }
  | { kind: 'exchange'; at: number; awayH: number; startNoted: boolean; finalNoted: boolean };

export const CLOSING_DAYS = [20, 31] as const;
export const SUBSTITUTE_MAX_DAYS = [0, 10, 45] as const;
export const DIAL_L = 1_000_000;

/** Age of substituted readings in the utility in which no closing day is ever changed. */
const FIXED_CALENDAR_MAX_DAYS = 10;
/** Each closing day still closes after a change on this day. */
const LAST_CHANGE = 130;

const day = fc.integer({ min: 1, max: HISTORY_DAYS - 1 });
const supplyPoint = fc.record({
  kind: fc.constant('supplyPoint' as const),
  closingDay: fc.constantFrom(...CLOSING_DAYS),
  maxDays: fc.constantFrom(...SUBSTITUTE_MAX_DAYS),
  ...{ occupied: fc.boolean(), startNoted: fc.boolean() },
  startL: fc.constantFrom(0, 500_000, 985_000),
});
const event: fc.Arbitrary<SupplyPointEvent> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      ...{ kind: fc.constant('report' as const), day, days: fc.integer({ min: 1, max: 12 }) },
      lastHour: fc.oneof(fc.constant(24), fc.integer({ min: 1, max: 24 })),
      beyond: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom('moveOut', 'moveIn', 'moveIn', 'close'), day }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('closingDay' as const),
      day: fc.integer({ min: 1, max: LAST_CHANGE }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('exchange' as const),
      at: fc.integer({ min: 48, max: 2 * (END - 48) }).map((halves) => halves / 2),
      awayH: fc.constantFrom(0, 0, 0, 5, 24 * 9),
      ...{ startNoted: fc.boolean(), finalNoted: fc.boolean() },
    }),
  },
);

export const supplyPointHistories: fc.Arbitrary<readonly SupplyPointEvent[]> = fc
  .tuple(supplyPoint, fc.array(event, { minLength: 1, maxLength: 24 }))
  .map(([first, events]) => [first, ...events]);

/** Half-open, in days; null: it goes on. */
export interface SupplyPointStay {
  fromDay: number;
  toDay: number | null;
}

/** A register at an instant; `totalL` counts on past the dial. */
export interface KnownRegister {
  at: number;
  totalL: number;
}

export interface SupplyPointFitting {
  fittedAt: number;
  removedAt: number | null;
  startL: number;
  startNoted: boolean;
  finalNoted: boolean;
  /** Hours of each reported day, null where there is none; some lie before the fitting or after the removal. */
  reports: Map<number, (number | null)[]>;
}

/** A closing day that a supply point had before; half-open. */
export interface FormerClosingDay {
  closingDay: number;
  untilDay: number;
}

export interface SupplyPointHistory {
  closingDay: number;
  /** Earlier ones, oldest first. */
  former: FormerClosingDay[];
  /** Number of its last closing day, at whose end a meter is fitted and read. */
  lastDay: number;
  maxDays: number;
  stays: SupplyPointStay[];
  closedDay: number | null;
  fittings: SupplyPointFitting[];
}

/** Litres used until an instant. */
function usedL(at: number): number {
  const whole = Math.floor(at);
  return 7 * whole + 3 * Math.floor(whole / 5) + Math.floor((at - whole) * 6);
}

/** What a meter's register counted in all; it stands still while it is not fitted. */
export function totalAt(fitting: SupplyPointFitting, at: number): number {
  return fitting.startL + usedL(at) - usedL(fitting.fittedAt);
}

/** The course of events as the register and the readings have it afterwards. */
export function liveSupplyPoint([
  first,
  ...events
]: readonly SupplyPointEvent[]): SupplyPointHistory {
  if (first?.kind !== 'supplyPoint') throw new Error('a history begins with its supply point');
  const { maxDays } = first;
  const { closingDay, former } = calendarOf(first, events);
  const lastDay = LAST_CLOSING.get(closingDay) ?? HISTORY_DAYS - 1;
  const fittings = fittingsOf(first, events, (lastDay + 1) * 24);
  // Whatever else is missing, the last closing day is read at its end.
  report(fittings, { kind: 'report', day: lastDay, days: 1, lastHour: 24, beyond: false });
  for (const each of events) if (each.kind === 'report') report(fittings, each);
  for (const fitting of fittings) {
    if (knownHours(fitting).length === 0) fitting.startNoted = true;
  }
  return { closingDay, former, maxDays, lastDay, ...staysOf(first.occupied, events), fittings };
}

/** Each change goes to the other of the two closing days. */
function calendarOf(
  { closingDay, maxDays, startL }: Extract<SupplyPointEvent, { kind: 'supplyPoint' }>,
  events: readonly SupplyPointEvent[],
): Pick<SupplyPointHistory, 'closingDay' | 'former'> {
  const course = { closingDay, former: [] as FormerClosingDay[] };
  if (maxDays === FIXED_CALENDAR_MAX_DAYS || startL === 0) return course;
  const changes = events.filter(({ kind }) => kind === 'closingDay') as { day: number }[];
  for (const { day: untilDay } of changes.toSorted((a, b) => a.day - b.day)) {
    if (course.former.at(-1)?.untilDay === untilDay) continue;
    course.former.push({ closingDay: course.closingDay, untilDay });
    course.closingDay = CLOSING_DAYS.find((each) => each !== course.closingDay) ?? closingDay;
  }
  return course;
}

type Occupancies = Pick<SupplyPointHistory, 'stays' | 'closedDay'>;
type Move = Extract<SupplyPointEvent, { kind: 'moveOut' | 'moveIn' | 'close' }>;

function staysOf(occupied: boolean, events: readonly SupplyPointEvent[]): Occupancies {
  const stays: SupplyPointStay[] = occupied ? [{ fromDay: -900, toDay: null }] : [];
  const course: Occupancies = { stays, closedDay: null };
  const moves = events.filter(isMove);
  for (const move of moves.toSorted((a, b) => a.day - b.day)) {
    if (move.kind === 'moveIn') moveIn(course, move.day);
    else leave(course, move);
  }
  return course;
}

function isMove(event: SupplyPointEvent): event is Move {
  return event.kind === 'moveIn' || event.kind === 'moveOut' || event.kind === 'close';
}

/** Moving in opens a closed supply point again; its customer until then has left with the closing. */
function moveIn(course: Occupancies, day: number): void {
  const last = course.stays.at(-1);
  if (last?.toDay === null) {
    if (course.closedDay === null) return;
    last.toDay = course.closedDay;
  }
  if (last?.toDay && last.toDay > day) return;
  course.stays.push({ fromDay: day, toDay: null });
  course.closedDay = null;
}

function leave(course: Occupancies, { kind, day }: Move): void {
  const last = course.stays.at(-1);
  if (last?.toDay !== null || day <= last.fromDay || course.closedDay !== null) return;
  if (kind === 'moveOut') last.toDay = day;
  else course.closedDay = day;
}

function fittingsOf(
  { startNoted, startL }: Extract<SupplyPointEvent, { kind: 'supplyPoint' }>,
  events: readonly SupplyPointEvent[],
  lastAt: number,
): SupplyPointFitting[] {
  const before = { fittedAt: 6, removedAt: null, startL, startNoted, finalNoted: false };
  const fittings: SupplyPointFitting[] = [{ ...before, reports: new Map() }];
  const exchanges = events.filter((each) => each.kind === 'exchange');
  for (const exchange of exchanges.toSorted((a, b) => a.at - b.at)) {
    const last = fittings.at(-1);
    const fittedAt = exchange.at + exchange.awayH;
    if (!last || exchange.at <= last.fittedAt || fittedAt > END - 48) continue;
    if (exchange.at <= lastAt && fittedAt > lastAt) continue;
    last.removedAt = exchange.at;
    last.finalNoted = exchange.finalNoted;
    const next = { fittedAt, removedAt: null, startL: 40, finalNoted: false };
    fittings.push({ ...next, startNoted: exchange.startNoted, reports: new Map() });
  }
  return fittings;
}

/** Stores the same hours of days; hours beyond a fitting have a register that is not its own. */
function report(
  fittings: readonly SupplyPointFitting[],
  { day: first, days, lastHour, beyond }: Extract<SupplyPointEvent, { kind: 'report' }>,
): void {
  for (let on = first; on < Math.min(first + days, HISTORY_DAYS); on += 1) {
    for (const fitting of fittings) {
      const hours = Array.from({ length: lastHour }, (_, at) => on * 24 + at + 1);
      if (!hours.some((at) => isWithin(fitting, at))) continue;
      const values = hours.map((at) => {
        if (isWithin(fitting, at)) return totalAt(fitting, at) % DIAL_L;
        return beyond ? 123_456 : null;
      });
      while (values.length < 24) values.push(null);
      if (!fitting.reports.has(on)) fitting.reports.set(on, values);
    }
  }
}

function isWithin({ fittedAt, removedAt }: SupplyPointFitting, at: number): boolean {
  return at >= fittedAt && (removedAt === null || at <= removedAt);
}

function knownHours(fitting: SupplyPointFitting): KnownRegister[] {
  return [...fitting.reports].flatMap(([on, values]) =>
    values.flatMap((value, hour) => {
      const at = on * 24 + hour + 1;
      const isOwn = value !== null && isWithin(fitting, at);
      return isOwn ? [{ at, totalL: totalAt(fitting, at) }] : [];
    }),
  );
}

/** Everything that is known of a meter's register while it was fitted, in order. */
export function knownRegisters(fitting: SupplyPointFitting): KnownRegister[] {
  const known = knownHours(fitting);
  const note = (at: number) => known.push({ at, totalL: totalAt(fitting, at) });
  if (fitting.startNoted) note(fitting.fittedAt);
  if (fitting.finalNoted && fitting.removedAt !== null) note(fitting.removedAt);
  return known.sort((a, b) => a.at - b.at || a.totalL - b.totalL);
}
