/**
 * Random supply points whose meters sometimes report registers that cannot be readings, for properties of validation.
 * Hours are counted from 2026-09-01 00:00 JST; registers are litres.
 */
import * as fc from 'fast-check';
import { addDays, instantOf } from '../time.ts';
import { isErrorCode } from './error-codes.ts';

export const FIRST_DAY = '2026-09-01';
/** Three days after a closing on the third of October, so that its reading may be spoiled. */
export const DAYS = 36;
const HOURS = DAYS * 24;
/** Hours after a fitting and before a removal in which nothing is spoiled or missing. */
const SOUND_EDGE = 30;

export type SpoiledEvent =
  | {
      kind: 'place';
      startL: number;
      dialL: number;
      litresAnHour: number;
      exchangedOn: number | null;
    }
  | { kind: 'gap'; from: number; hours: number }
  | { kind: 'spoil'; from: number; hours: number; as: Spoil };

const SPOILS = ['zero', 'ones', 'nines', 'lost-digit', 'up', 'down'] as const;
type Spoil = (typeof SPOILS)[number];

const hour = fc.integer({ min: 1, max: HOURS });
export const spoiledPlaces: fc.Arbitrary<readonly SpoiledEvent[]> = fc
  .tuple(
    fc.record({
      kind: fc.constant('place' as const),
      startL: fc.constantFrom(1_000_000, 9_990_000),
      dialL: fc.constantFrom(10_000_000, 100_000_000),
      litresAnHour: fc.constantFrom(0, 7, 90),
      exchangedOn: fc.option(fc.integer({ min: 6, max: 26 })),
    }),
    fc.array(
      fc.record({
        ...{ kind: fc.constant('gap' as const), from: hour },
        hours: fc.integer({ min: 1, max: 60 }),
      }),
      { maxLength: 3 },
    ),
    fc.array(
      fc.record({
        ...{ kind: fc.constant('spoil' as const), from: hour },
        ...{ hours: fc.integer({ min: 1, max: 6 }), as: fc.constantFrom(...SPOILS) },
      }),
      { maxLength: 4 },
    ),
  )
  .map(([place, gaps, spoils]) => [place, ...gaps, ...spoils]);

/** A meter of the place; hours at which it was fitted and removed. */
export interface SpoiledFitting {
  fittedAt: number;
  removedAt: number | null;
  startL: number;
  finalL: number | null;
  /** Registers by hour, those that are missing left out. */
  reported: Map<number, number>;
}

export interface SpoiledPlace {
  dialL: number;
  fittings: SpoiledFitting[];
  spoiledHours: ReadonlySet<number>;
  /** Litres used until an hour. */
  usedL: (hour: number) => number;
}

/** The place as its register and its readings have it. */
export function livePlace([first, ...events]: readonly SpoiledEvent[]): SpoiledPlace {
  if (first?.kind !== 'place') throw new Error('a history begins with its place');
  const { startL, dialL, litresAnHour, exchangedOn } = first;
  const usedL = (at: number) =>
    litresAnHour * Math.floor(at) + (litresAnHour && 3 * Math.floor(at / 5));
  const exchangedAt = exchangedOn === null ? null : exchangedOn * 24 + 10.5;
  const fittings = [
    fitting({ fittedAt: 0, removedAt: exchangedAt, startL }, dialL, usedL),
    ...(exchangedAt === null
      ? []
      : [fitting({ fittedAt: exchangedAt, removedAt: null, startL: 500_000 }, dialL, usedL)]),
  ];
  const spoiledHours = new Set<number>();
  for (const of of fittings) {
    for (const event of events) {
      if (event.kind !== 'place') happen(of, event, { dialL, spoiledHours });
    }
  }
  return { dialL, fittings, spoiledHours, usedL };
}

/** Loses or spoils the hours of an event that are well inside a fitting. */
function happen(
  { reported, fittedAt, removedAt }: SpoiledFitting,
  event: Exclude<SpoiledEvent, { kind: 'place' }>,
  { dialL, spoiledHours }: { dialL: number; spoiledHours: Set<number> },
): void {
  const first = Math.max(event.from, fittedAt + SOUND_EDGE);
  const end = Math.min(event.from + event.hours, (removedAt ?? HOURS) - SOUND_EDGE);
  for (let at = Math.ceil(first); at < end; at += 1) {
    if (!reported.has(at) || spoiledHours.has(at)) continue;
    if (event.kind === 'gap') reported.delete(at);
    else spoil(reported, at, { as: event.as, dialL }, spoiledHours);
  }
}

function fitting(
  { fittedAt, removedAt, startL }: Pick<SpoiledFitting, 'fittedAt' | 'removedAt' | 'startL'>,
  dialL: number,
  usedL: (hour: number) => number,
): SpoiledFitting {
  const reported = new Map<number, number>();
  const indexAt = (at: number) => (startL + usedL(at) - usedL(fittedAt)) % dialL;
  const end = removedAt ?? HOURS;
  for (let at = Math.max(1, Math.ceil(fittedAt)); at <= end; at += 1) reported.set(at, indexAt(at));
  return {
    fittedAt,
    removedAt,
    startL,
    finalL: removedAt === null ? null : indexAt(removedAt),
    reported,
  };
}

function spoil(
  reported: Map<number, number>,
  at: number,
  { as, dialL }: { as: Spoil; dialL: number },
  spoiledHours: Set<number>,
): void {
  const trueL = reported.get(at) ?? 0;
  const value = {
    zero: 0,
    ones: 16_777_215,
    nines: dialL - 1,
    'lost-digit': Math.floor(trueL / 10),
    up: trueL + 3_000_000,
    down: trueL - 300_000,
  }[as];
  // What the dial cannot show is not stored as a register, and a code that is reached by counting is one.
  if (value < 0 || value >= dialL || Math.abs(value - trueL) < 200_000) return;
  if (isErrorCode(trueL, 'city')) return;
  reported.set(at, value);
  spoiledHours.add(at);
}

export interface PlaceDay {
  fitting: number;
  day: string;
  indexL: (number | null)[];
}

/** The days of the place's meters with a register. */
export function daysOf({ fittings }: SpoiledPlace): PlaceDay[] {
  return fittings.flatMap(({ reported }, fitting) =>
    Array.from({ length: DAYS }, (_, number) => ({
      fitting,
      day: addDays(FIRST_DAY, number),
      indexL: Array.from({ length: 24 }, (_, at) => reported.get(number * 24 + at + 1) ?? null),
    })).filter(({ indexL }) => indexL.some((index) => index !== null)),
  );
}

export function instantOfHour(hour: number): Date {
  return new Date(instantOf(FIRST_DAY, 0).getTime() + hour * 3_600_000);
}
