/**
 * Collection: how many of the supply points that should report a JST day have done so.
 * A supply point is expected when it is open on the day and a meter and a terminal are fitted at the day's end (24:00).
 * Its report is due at the end of the terminal's report window (lib/readings/report-window.ts); before that it is awaited, not missing.
 */
import { invalidField } from '../errors.ts';
import { REFUSAL_ADVICE, type Refusal, refusalAdvice } from '../readings/refusals.ts';
import { addDays, dayOf, isDay } from '../time.ts';

/** Expected = on time + late + back-fill + requested + missing + not yet due. */
export interface CollectionCount {
  expected: number;
  onTime: number;
  late: number;
  backFill: number;
  requested: number;
  /** Arrived, but at least one of the 24 index values is missing. Part of the four above. */
  incomplete: number;
  missing: number;
  notYetDue: number;
}

/** How one supply point's day stands. `incomplete` takes precedence over how it arrived. */
export const COLLECTION_STATES = [
  'missing',
  'notYetDue',
  'incomplete',
  'late',
  'requested',
  'backFill',
  'onTime',
] as const;
export type CollectionState = (typeof COLLECTION_STATES)[number];

/** What the desk can do about a day that is missing, from the terminal's own traces. */
export const MISSING_ADVICE = [
  ...REFUSAL_ADVICE,
  'neverConnected',
  'silent',
  'askedAtNextContact',
  'waitForContact',
  'beyondRequests',
] as const;
export type MissingAdvice = (typeof MISSING_ADVICE)[number];

/** A terminal that reports daily and was not heard for this long is silent. Hours. */
const SILENT_AFTER_HOURS = 48;

export const NO_COLLECTION: CollectionCount = {
  expected: 0,
  onTime: 0,
  late: 0,
  backFill: 0,
  requested: 0,
  incomplete: 0,
  missing: 0,
  notYetDue: 0,
};

export function arrivedCount(count: CollectionCount): number {
  return count.onTime + count.late + count.backFill + count.requested;
}

/** Arrived of expected, in tenths of a percent, rounded down: 100.0 only when nothing is missing. Null where nothing is expected. */
export function collectionRate(count: CollectionCount): number | null {
  if (count.expected === 0) return null;
  return Math.floor((arrivedCount(count) * 1_000) / count.expected) / 10;
}

export function sumCollections(counts: readonly CollectionCount[]): CollectionCount {
  const sum = { ...NO_COLLECTION };
  for (const count of counts) {
    for (const key of Object.keys(sum) as (keyof CollectionCount)[]) sum[key] += count[key];
  }
  return sum;
}

/**
 * What to do about a missing day. `pollDaysBack` is how far back the utility asks for missing days again; `missingDays`
 * how many days ago the day was; `givenUp` that it was asked for in vain and is asked for no more. `refusal` is the latest
 * refused frame that bears on the day: where there is one, it is the reason, and nobody need look at the terminal's silence.
 */
export function missingAdvice(input: {
  lastSeenAt: Date | null;
  dueAt: Date;
  now: Date;
  missingDays: number;
  pollDaysBack: number;
  givenUp: boolean;
  refusal: Refusal | null;
}): MissingAdvice {
  const refused = input.refusal && isReason(input.refusal, input) && refusalAdvice(input.refusal);
  if (refused) return refused;
  const { lastSeenAt, dueAt, now, missingDays, pollDaysBack, givenUp } = input;
  if (lastSeenAt === null) return 'neverConnected';
  if (isSilentSince(lastSeenAt, now)) return 'silent';
  if (givenUp || missingDays > pollDaysBack) return 'beyondRequests';
  return lastSeenAt >= dueAt ? 'askedAtNextContact' : 'waitForContact';
}

/**
 * A refused frame that named the day is why it is missing. One that named none is so only where it is recent and the
 * terminal was not heard after it.
 */
function isReason(
  refusal: Refusal,
  { lastSeenAt, now }: { lastSeenAt: Date | null; now: Date },
): boolean {
  if (refusal.day !== null) return true;
  if (isSilentSince(refusal.receivedAt, now)) return false;
  return lastSeenAt === null || refusal.receivedAt >= lastSeenAt;
}

function isSilentSince(at: Date, now: Date): boolean {
  return now.getTime() - at.getTime() > SILENT_AFTER_HOURS * 3_600_000;
}

/** The JST day asked for, or yesterday. @throws DomainError `invalid_input` for a day that is not over. */
export function dayOver(day: string | undefined, now: Date): string {
  const yesterday = addDays(dayOf(now), -1);
  if (day === undefined) return yesterday;
  if (!isDay(day) || day > yesterday) {
    throw invalidField('day', 'the day must be over: a date up to yesterday');
  }
  return day;
}
