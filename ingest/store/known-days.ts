/** Weight of earlier batches in the next one. */
const KEPT = 0.75;
/** Number of known days, and their share of a utility's reports, above which its batches are slow. */
const SLOW_FROM = 8;
const SLOW_SHARE = 1 / 8;

interface Recent {
  reports: number;
  known: number;
}

/**
 * Tracks which utilities report days that are stored already (corrections, more hours, answers): the database looks
 * each of them up, compares and rewrites it, which takes several times as long as a new day.
 */
export class KnownDays {
  readonly #recent = new Map<number, Recent>();

  /** Adds a batch's number of a utility's reports, and of those for known days. */
  note(utilityId: number, reports: number, known: number): void {
    if (reports === 0) return;
    const before = this.#recent.get(utilityId);
    if (before === undefined && known === 0) return;
    const recent = {
      reports: (before?.reports ?? 0) * KEPT + reports,
      known: (before?.known ?? 0) * KEPT + known,
    };
    if (recent.known < 1) this.#recent.delete(utilityId);
    else this.#recent.set(utilityId, recent);
  }

  isSlow(utilityId: number): boolean {
    const recent = this.#recent.get(utilityId);
    return (
      recent !== undefined &&
      recent.known >= SLOW_FROM &&
      recent.known >= recent.reports * SLOW_SHARE
    );
  }
}
