/**
 * Random supply points whose meters sometimes report registers that cannot be readings, and whose readings are sometimes
 * edited, for properties of validation.
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
  | { kind: 'spoil'; from: number; hours: number; as: Spoil }
  | { kind: 'edit'; at: number; act: EditAct; isTakenBack: boolean };

/** `enter` the true register; `enter-other` one that is not. */
const EDIT_ACTS = ['strike', 'strike-day', 'enter', 'enter-other', 'confirm'] as const;
type EditAct = (typeof EDIT_ACTS)[number];

const SPOILS = ['zero', 'ones', 'nines', 'lost-digit', 'up', 'down'] as const;
type Spoil = (typeof SPOILS)[number];

const hour = fc.integer({ min: 1, max: HOURS });
/** Often about the closing on the third of October, whose readings are compared. */
const editedHour = fc.oneof(
  hour,
  fc.integer({ min: 33 * 24 - 3, max: 33 * 24 }),
  fc.constant(3 * 24),
);
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
    fc.array(
      fc.record({
        ...{ kind: fc.constant('edit' as const), at: editedHour },
        ...{ act: fc.constantFrom(...EDIT_ACTS), isTakenBack: fc.constantFrom(false, false, true) },
      }),
      { maxLength: 3 },
    ),
  )
  .map(([place, gaps, spoils, edits]) => [place, ...gaps, ...spoils, ...edits]);

/** A meter of the place; hours at which it was fitted and removed. */
export interface SpoiledFitting {
  fittedAt: number;
  removedAt: number | null;
  startL: number;
  finalL: number | null;
  /** True register at an hour. */
  trueL: (at: number) => number;
  /** Registers by hour, those that are missing left out. */
  reported: Map<number, number>;
  /** In the order in which they are made; those that are taken back are taken back after all of them. */
  edits: PlaceEdit[];
}

/** An edit of hours of one day, as the database's function takes it. */
export interface PlaceEdit {
  kind: 'struck' | 'entered' | 'confirmed';
  /** Hours of the history. */
  hours: number[];
  indexL: number[];
  isTakenBack: boolean;
}

export interface SpoiledPlace {
  dialL: number;
  fittings: SpoiledFitting[];
  spoiledHours: ReadonlySet<number>;
  /** True for an hour whose true register counts: reported or entered, and not struck out. */
  isKnown: (hour: number) => boolean;
  /** True where a person entered or confirmed a register that is not the true one. */
  isMisled: boolean;
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
    for (const event of events.filter(isHappening)) happen(of, event, { dialL, spoiledHours });
    for (const event of events.filter(isEdit)) edit(of, event, { dialL, usedL });
  }
  return { dialL, fittings, spoiledHours, usedL, ...standingOf(fittings) };
}

function isEdit(event: SpoiledEvent): event is Extract<SpoiledEvent, { kind: 'edit' }> {
  return event.kind === 'edit';
}

function isHappening(
  event: SpoiledEvent,
): event is Extract<SpoiledEvent, { kind: 'gap' | 'spoil' }> {
  return event.kind === 'gap' || event.kind === 'spoil';
}

/** What the standing edits make of the registers. */
function standingOf(fittings: readonly SpoiledFitting[]) {
  const standing = fittings.map(standingEdits);
  const isKnown = (at: number) =>
    at === 0 ||
    fittings.some(({ reported, trueL }, position) => {
      const edited = standing[position]?.get(at);
      if (edited?.kind === 'struck') return false;
      return (edited?.indexL ?? reported.get(at)) === trueL(at);
    });
  const isMisled = fittings.some(({ trueL }, position) =>
    [...(standing[position] ?? [])].some(
      ([at, { kind, indexL }]) => kind !== 'struck' && indexL !== trueL(at),
    ),
  );
  return { isKnown, isMisled };
}

/** The edit of each hour that stands in the end. */
export function standingEdits({
  edits,
}: SpoiledFitting): Map<number, { kind: PlaceEdit['kind']; indexL: number }> {
  const owner = new Map<number, { edit: PlaceEdit; indexL: number }>();
  for (const each of edits) {
    each.hours.forEach((at, position) => {
      owner.set(at, { edit: each, indexL: each.indexL[position] ?? 0 });
    });
  }
  return new Map(
    [...owner]
      .filter(
        ([
          ,
          {
            edit: { isTakenBack },
          },
        ]) => !isTakenBack,
      )
      .map(
        ([
          at,
          {
            edit: { kind },
            indexL,
          },
        ]) => [at, { kind, indexL }],
      ),
  );
}

/** Edits hours that are well inside a fitting. */
function edit(
  { reported, fittedAt, removedAt, trueL, edits }: SpoiledFitting,
  { at, act, isTakenBack }: Extract<SpoiledEvent, { kind: 'edit' }>,
  { dialL, usedL }: { dialL: number; usedL: (at: number) => number },
): void {
  const isInside = (each: number) =>
    each >= fittedAt + SOUND_EDGE && each < (removedAt ?? HOURS) - SOUND_EDGE;
  if (!isInside(at)) return;
  if (act === 'enter' || act === 'enter-other') {
    const awayL = usedL(at) % 2 ? 50_000 : -50_000;
    const indexL = act === 'enter' ? trueL(at) : (trueL(at) + dialL + awayL) % dialL;
    edits.push({ kind: 'entered', hours: [at], indexL: [indexL], isTakenBack });
    return;
  }
  const first = act === 'strike-day' ? Math.ceil(at / 24) * 24 - 23 : at;
  const last = act === 'strike-day' ? first + 23 : at;
  const hours = Array.from({ length: last - first + 1 }, (_, place) => first + place).filter(
    (each) => isInside(each) && reported.has(each),
  );
  if (hours.length === 0) return;
  const kind = act === 'confirm' ? 'confirmed' : 'struck';
  const indexL = hours.map((each) => reported.get(each) ?? 0);
  edits.push({ kind, hours, indexL, isTakenBack });
}

/** Loses or spoils the hours of an event that are well inside a fitting. */
function happen(
  { reported, fittedAt, removedAt }: SpoiledFitting,
  event: Extract<SpoiledEvent, { kind: 'gap' | 'spoil' }>,
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
    ...{ reported, edits: [], trueL: indexAt },
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
