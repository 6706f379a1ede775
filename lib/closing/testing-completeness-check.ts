/** Compares the runs of a place with its history; see testing-completeness.ts. */
import type { Closing } from './closing-day.ts';
import { dayNumber, type KnownPlace, type Stay, usedL } from './testing-occupancy-history.ts';

/** A row of a run, with its occupancy by the day on which it began. Hours since the first day. */
export interface RunRow {
  fromDay: number;
  kind: string;
  /** Day at whose end its period ends. */
  day: number;
  previousAt: number | null;
  readAt: number | null;
  usageL: number | null;
  isBeyond: boolean;
}

/** A closing that is issued, with the rows of the place. */
export interface PlaceRun {
  closingDay: number;
  closing: Closing;
  rows: readonly RunRow[];
}

const keyOf = ({ closingDay, closing }: PlaceRun) => `${closingDay} ${closing.closesOn}`;

/** The runs of a place that stand, by closing. */
export class PlaceRuns {
  readonly #runs = new Map<string, PlaceRun>();
  /** The last day before the first period of any closing day. */
  #firstDay = 0;

  /** Takes a run: how many occupancies stand in no row, and the first fault of its rows in words. */
  add(
    run: PlaceRun,
    known: KnownPlace,
    firstOn: string,
  ): { missing: number; fault: string | undefined } {
    this.#firstDay = Math.max(this.#firstDay, dayNumber(firstOn));
    const missing = this.#missingOf(run, known, firstOn);
    const former = this.#runs.get(keyOf(run));
    const fault =
      faultOfRows(run, known, former) ?? missing.map(({ fromDay }) => absent(fromDay))[0];
    this.#runs.set(keyOf(run), run);
    return { missing: missing.length, fault: fault && `${keyOf(run)}: ${fault}` };
  }

  #missingOf(run: PlaceRun, known: KnownPlace, firstOn: string): Stay[] {
    if (known.closingDay !== run.closingDay) return [];
    const has = new Set(run.rows.map(({ fromDay }) => fromDay));
    return known.stays.filter(
      (stay) => !has.has(stay.fromDay) && this.#isWanted(stay, known, run, firstOn),
    );
  }

  /** True for an occupancy that was open on any day since the last closing that issued it. */
  #isWanted(
    { fromDay, toDay }: Stay,
    { closedDay }: KnownPlace,
    run: PlaceRun,
    firstOn: string,
  ): boolean {
    const lastDay = Math.min(toDay ?? Infinity, closedDay ?? Infinity) - 1;
    const closesDay = dayNumber(run.closing.closesOn);
    if (lastDay < fromDay || fromDay > closesDay) return false;
    if (lastDay > closesDay) return true;
    const issued = [...this.#runs]
      .filter(([key]) => key !== keyOf(run))
      .flatMap(([, { rows }]) => rows.filter((row) => row.fromDay === fromDay))
      .map((row) => row.day);
    return lastDay > (issued.length > 0 ? Math.max(...issued) : dayNumber(firstOn));
  }

  /** The first fault of the litres of the runs that stand: each is billed once, and only what was used. */
  faultOfLitres(): string | undefined {
    const all = [...this.#runs.values()].flatMap((run) => run.rows);
    // Where no earlier reading is known, the first row has nothing to count from.
    const unknown = all.filter(({ previousAt }) => previousAt === null);
    const withoutStart = new Set(unknown.map(({ fromDay }) => fromDay));
    const rows = all.filter(isBilled);
    for (const row of rows) {
      const used = usedL(row.readAt) - usedL(row.previousAt);
      if (row.usageL !== used) return `the row of day ${row.day} has ${row.usageL} L, not ${used}`;
    }
    for (const fromDay of new Set(rows.map((row) => row.fromDay))) {
      const own = rows.filter((row) => row.fromDay === fromDay);
      const begun = Math.min(...own.map(({ previousAt }) => previousAt));
      if (fromDay > this.#firstDay && begun > fromDay * 24 && !withoutStart.has(fromDay)) {
        return `the occupancy of day ${fromDay} is billed from hour ${begun} on`;
      }
      const fault = faultOfSeams(
        own.toSorted((a, b) => a.readAt - b.readAt || a.previousAt - b.previousAt),
      );
      if (fault) return `of the occupancy of day ${fromDay} ${fault}`;
    }
    const beyond = all.filter(({ isBeyond }) => isBeyond).map(({ fromDay }) => fromDay);
    return faultOfNeighbours(rows.filter(({ fromDay }) => !beyond.includes(fromDay)));
  }
}

interface BilledRow extends RunRow {
  previousAt: number;
  readAt: number;
  usageL: number;
}

function isBilled(row: RunRow): row is BilledRow {
  return row.usageL !== null && row.previousAt !== null && row.readAt !== null;
}

function faultOfSeams(rows: readonly BilledRow[]): string | undefined {
  for (const [at, row] of rows.entries()) {
    const before = rows[at - 1];
    if (before && row.previousAt !== before.readAt) {
      return `the row of day ${before.day} ends at hour ${before.readAt}, that of ${row.day} begins at ${row.previousAt}`;
    }
  }
  return undefined;
}

/** The rows of places' occupancies that are not said to be billed beyond their end; those may be billed to the next one too. */
function faultOfNeighbours(rows: readonly BilledRow[]): string | undefined {
  const ordered = rows.toSorted((a, b) => a.readAt - b.readAt || a.previousAt - b.previousAt);
  for (const [at, row] of ordered.entries()) {
    const before = ordered[at - 1];
    if (before && row.previousAt < before.readAt) {
      return `the rows of days ${before.day} and ${row.day} bill the same litres`;
    }
  }
  return undefined;
}

const absent = (fromDay: number) => `the occupancy of day ${fromDay} stands in no row`;

function faultOfRows(
  { rows, closingDay }: PlaceRun,
  known: KnownPlace,
  former: PlaceRun | undefined,
): string | undefined {
  // A row from which a later one was billed is kept, also where the place has another closing day since.
  const isKept = ({ fromDay }: RunRow) => former?.rows.some((row) => row.fromDay === fromDay);
  if (known.closingDay !== closingDay && !rows.every(isKept)) {
    return 'the place has another closing day';
  }
  const twice = rows.find((row, at) => rows.findIndex((of) => of.fromDay === row.fromDay) < at);
  return twice && `the occupancy of day ${twice.fromDay} stands in more than one row`;
}
