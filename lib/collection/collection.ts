/**
 * Collection: which supply points that should report a JST day have done so. A supply point is expected when it is open
 * on the day and has a meter and a terminal at the day's end (24:00). Its report is due at the end of the terminal's
 * report window (lib/readings/report-window.ts); before that it is awaited, not missing.
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
  /** Arrived with at least one of the 24 index values missing. Included in the four above. */
  incomplete: number;
  missing: number;
  notYetDue: number;
}

/** State of one supply point's day. `incomplete` takes precedence over the arrival. */
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

/** Advice on a missing day, derived from the terminal's data. */
export const MISSING_ADVICE = [
  ...REFUSAL_ADVICE,
  'neverConnected',
  'silent',
  'askedAtNextContact',
  'waitForContact',
  'beyondRequests',
] as const;
export type MissingAdvice = (typeof MISSING_ADVICE)[number];

/** Time without contact after which a terminal that reports daily counts as silent, hours. */
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

/**
 * Share of expected reports that arrived, in tenths of a percent, rounded down: 100.0 only when nothing is missing.
 * Null when nothing is expected.
 */
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
 * Advice on a missing day. `pollDaysBack`: how many days back the utility requests missing days; `missingDays`: how
 * many days ago the day was; `givenUp`: requested the maximum number of times, no longer requested; `refusal`: the
 * latest refused frame that concerns the day, which is then the reason, whatever the terminal's silence.
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
 * True when the refused frame explains the missing day: it named the day, or it named none, is recent, and is the
 * terminal's last contact.
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

/** The requested day, by default yesterday. @throws DomainError `invalid_input` for a day that is not over. */
export function dayOver(day: string | undefined, now: Date): string {
  const yesterday = addDays(dayOf(now), -1);
  if (day === undefined) return yesterday;
  if (!isDay(day) || day > yesterday) {
    throw invalidField('day', 'the day must be over: a date up to yesterday');
  }
  return day;
}
