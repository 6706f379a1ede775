/** Compares what is shown of a supply point with its history; see testing-telescoping.ts. */
import { addDays, instantOf } from '../time.ts';
import { closingCalendar } from './closing-day.ts';
import type { ClosingRow } from './closing-row.ts';
import {
  FIRST_DAY,
  knownRegisters,
  type SupplyPointFitting,
  type SupplyPointHistory,
} from './testing-supply-point-history.ts';
import type { VacantStretch } from './vacant-usage.ts';

const HOUR_MS = 3_600_000;
const LAST_DAY = 1_000;
const hourOf = (iso: string) => (Date.parse(iso) - instantOf(FIRST_DAY, 0).getTime()) / HOUR_MS;
const dateOf = (day: number) => addDays(FIRST_DAY, day);

/** A supply point as the product shows it. */
export interface ShownSupplyPoint {
  rows: ClosingRow[];
  stretches: VacantStretch[];
}

/** A part of the period: from one register to another. Hours since the first day; null: it is not told. */
interface Part {
  what: string;
  from: number | null;
  to: number | null;
  litres: number | null;
}

/** The first difference between a history and what is shown of it, in words; undefined when there is none. */
export function faultOfSupplyPoint(
  supplyPoint: SupplyPointHistory,
  shown: ShownSupplyPoint,
): string | undefined {
  const wanted = wantedRows(supplyPoint).join(' ');
  const got = shown.rows
    .map(({ kind, closesOn }) => `${kind}:${closesOn}`)
    .sort()
    .join(' ');
  if (got !== wanted) return `the rows are ${got}, not ${wanted}`;
  const fell = shown.rows.find(({ remarks }) => remarks.includes('index-fell'));
  if (fell) return `a register fell at ${fell.closesOn}`;
  const parts = partsOf(shown);
  return (
    faultOfSeams(parts, supplyPoint) ??
    faultOfStart(parts, supplyPoint, shown) ??
    faultOfSum(parts, supplyPoint)
  );
}

/** Kind and day of each row that the occupancies call for. */
function wantedRows({ stays, closedDay, ...calendar }: SupplyPointHistory): string[] {
  return closingsOf(calendar)
    .filter(({ closesOn }) => closesOn >= FIRST_DAY)
    .flatMap(({ closesOn, previousOn }) =>
      stays.flatMap(({ fromDay, toDay }) => {
        const ends = [toDay, closedDay].filter((day) => day !== null);
        const lastOn = ends.length === 0 ? null : dateOf(Math.min(...ends) - 1);
        if (dateOf(fromDay) > closesOn || (lastOn !== null && lastOn <= previousOn)) return [];
        const isFinal = lastOn !== null && lastOn <= closesOn;
        return [isFinal ? `final:${lastOn}` : `regular:${closesOn}`];
      }),
    )
    .sort();
}

/** Closings of a supply point, each with the one before, whatever closing day that one was of. */
function closingsOf({ closingDay, former }: Pick<SupplyPointHistory, 'closingDay' | 'former'>) {
  let fromOn = '0000';
  const spans = [...former, { closingDay, untilDay: Number.MAX_SAFE_INTEGER }];
  const days = spans.flatMap((span) => {
    const untilOn = span.untilDay > LAST_DAY ? '9999' : dateOf(span.untilDay);
    const period = {
      ...{ closingDay: span.closingDay, fromMonth: '2024-10', toMonth: '2025-05' },
    };
    const { closings } = closingCalendar(period, instantOf('2025-07-01', 0));
    const own = closings.filter(({ closesOn }) => closesOn >= fromOn && closesOn < untilOn);
    fromOn = untilOn;
    return own.map(({ closesOn }) => closesOn);
  });
  return days.map((closesOn, at) => ({ closesOn, previousOn: days[at - 1] ?? '' }));
}

/** Rows with a reading or litres that are held, and vacant stretches, in the order of time. */
function partsOf({ rows, stretches }: ShownSupplyPoint): Part[] {
  const ofRows = rows
    .filter(({ readAt, heldL }) => readAt !== null || heldL !== null)
    .map((row) => ({
      ...{ what: `the row of ${row.closesOn}`, day: row.closesOn },
      from: row.previousAt === null ? null : hourOf(row.previousAt),
      to: row.readAt === null ? null : hourOf(row.readAt),
      litres: row.usageL ?? row.heldL,
    }));
  const ofStretches = stretches.map((stretch) => ({
    ...{ what: `the days to ${stretch.toOn}`, day: stretch.toOn },
    ...{ from: hourOf(stretch.fromAt), to: hourOf(stretch.toAt), litres: stretch.usageL },
  }));
  return [...ofRows, ...ofStretches].sort((a, b) => a.day.localeCompare(b.day));
}

function faultOfSeams(parts: readonly Part[], supplyPoint: SupplyPointHistory): string | undefined {
  for (const [at, part] of parts.entries()) {
    const before = parts[at - 1];
    if (before && before.to !== null && part.from !== before.to) {
      return `${before.what} ends at hour ${before.to}, ${part.what} begins at ${part.from}`;
    }
    if (part.litres === null && (before || part.from !== null)) return `${part.what} has no usage`;
  }
  const last = parts.at(-1);
  const endsAt = (supplyPoint.lastDay + 1) * 24;
  return last?.to === endsAt ? undefined : `the last part ends at ${last?.to}, not ${endsAt}`;
}

/** Where the first part begins to count. Without an earlier reading a row has no usage: it counts from its own. */
function startOf([first]: readonly Part[]): number | null | undefined {
  return first?.litres === null ? first.to : first?.from;
}

/**
 * The parts begin at the first register of all; at a later one only when that was not noted at the first fitting and lies
 * in a row without a usage, for which there was no earlier reading.
 */
function faultOfStart(
  parts: readonly Part[],
  { fittings }: SupplyPointHistory,
  { rows }: ShownSupplyPoint,
): string | undefined {
  const known = fittings.flatMap(knownRegisters);
  const firstAt = Math.min(...known.map(({ at }) => at));
  const from = startOf(parts);
  const unbilled = rows.filter(({ usageL, heldL }) => usageL === null && heldL === null);
  const isUnbilled = unbilled.some(({ closesOn, previousAt }) => {
    const endsAt = hourOf(instantOf(closesOn, 24).toISOString());
    return previousAt === null && firstAt <= endsAt && Number(from) <= endsAt;
  });
  if (from === firstAt || (isUnbilled && !fittings[0]?.startNoted)) return undefined;
  return `${parts[0]?.what} counts from hour ${from}; the first register is of ${firstAt}`;
}

function faultOfSum(parts: readonly Part[], supplyPoint: SupplyPointHistory): string | undefined {
  const from = startOf(parts) ?? 0;
  const to = (supplyPoint.lastDay + 1) * 24;
  const wanted = supplyPoint.fittings.reduce(
    (all, fitting) => all + difference(fitting, from, to),
    0,
  );
  const sum = parts.reduce((litres, part) => litres + (part.litres ?? 0), 0);
  return sum === wanted ? undefined : `the parts have ${sum} L, the registers ${wanted} L`;
}

/** What the registers of a meter say from one instant to another, litres. */
function difference(fitting: SupplyPointFitting, from: number, to: number): number {
  const within = knownRegisters(fitting).filter(({ at }) => at >= from && at <= to);
  const [first] = within;
  const last = within.at(-1);
  return first && last ? last.totalL - first.totalL : 0;
}
