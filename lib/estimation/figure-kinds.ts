/**
 * The figures of a closing row, each with its kind: how it is known. Pure. Registers are litres, instants seconds since
 * 1970.
 */
import type { ClosingFacts, ClosingQuality, ClosingRow } from '../closing/closing-row.ts';
import { type ClosingSegment, closingSegments, withEstimate } from '../closing/row-period.ts';
import { formatJst } from '../time.ts';

/**
 * - `actual` (実): read at its instant. - `substituted` (代用): read before it. - `estimated` (推定): reckoned by a rule.
 * - `certified` (認定): decided by staff. - `entered` (手入力): entered by hand.
 * - `before-exchange` (取替前), `after-exchange` (取替後): final and start register of exchanged meters, or what stands for them.
 */
export const FIGURE_KINDS = [
  'actual',
  'substituted',
  'estimated',
  'certified',
  'entered',
  'before-exchange',
  'after-exchange',
] as const;
export type FigureKind = (typeof FIGURE_KINDS)[number];

export const FIGURES = ['previous', 'final', 'start', 'reading', 'usage'] as const;

export interface RowFigure {
  figure: (typeof FIGURES)[number];
  kind: FigureKind;
  /** Of a register; the usage has the litres of the row. */
  litres: number;
  /** Instant for which a register stands, ISO 8601 with the offset of JST; null for the usage. */
  at: string | null;
  /** Meter of a register; null for the usage. */
  meterId: number | null;
  /** Run that issued it; null: none did, it is of today. */
  runId: number | null;
  /**
   * Difference of what the readings say today to what was issued; null where they agree, or do not say. The issued
   * figure stands, and the difference is billed with this row.
   */
  supersededByL: number | null;
}

/** Kinds of the qualities in which a register can be issued. */
const KINDS: Record<ClosingQuality, FigureKind | null> = {
  ...{ actual: 'actual', awaited: 'substituted', substituted: 'substituted' },
  ...{ entered: 'entered', estimated: 'estimated', certified: 'certified', none: null },
};

/** In the order of the calculation: previous register, final and start registers of an exchange, reading, usage. */
export function rowFigures(facts: ClosingFacts, row: ClosingRow): RowFigure[] {
  const segments = closingSegments(withEstimate(facts).read);
  const kind = KINDS[row.quality];
  const registers = segments.flatMap((segment, at) => [
    at === 0 ? previousFigure(facts, segment) : startFigure(segment),
    at === segments.length - 1 ? readingFigure(segment, kind) : finalFigure(segment),
  ]);
  const usage =
    row.usageL === null || kind === null ? null : { ...USAGE, kind, litres: row.usageL };
  return [...registers, usage].filter((figure) => figure !== null);
}

const NEW = { runId: null, supersededByL: null };
const USAGE = { ...NEW, figure: 'usage', at: null, meterId: null } as const;

function startFigure({ meterId, fromL, fromAtS }: ClosingSegment): RowFigure | null {
  if (fromL === null) return null;
  return {
    ...NEW,
    figure: 'start',
    kind: 'after-exchange',
    litres: fromL,
    at: textOf(fromAtS),
    meterId,
  };
}

function finalFigure({ meterId, toL, toAtS }: ClosingSegment): RowFigure | null {
  if (toL === null) return null;
  return {
    ...NEW,
    figure: 'final',
    kind: 'before-exchange',
    litres: toL,
    at: textOf(toAtS),
    meterId,
  };
}

function readingFigure(
  { meterId, toL, toAtS }: ClosingSegment,
  kind: FigureKind | null,
): RowFigure | null {
  if (toL === null || kind === null) return null;
  return { ...NEW, figure: 'reading', kind, litres: toL, at: textOf(toAtS), meterId };
}

function previousFigure(
  facts: ClosingFacts,
  { meterId, fromL, fromAtS }: ClosingSegment,
): RowFigure | null {
  if (fromL === null) return null;
  const { previousQuality, previousRunId, previousAtS, previousFittedAtS } = facts;
  const issued = previousQuality ? KINDS[previousQuality] : null;
  const isNoted = previousAtS !== null && previousAtS === previousFittedAtS;
  const measured = isNoted ? 'after-exchange' : isDayEnd(previousAtS) ? 'actual' : 'substituted';
  return {
    ...{ figure: 'previous', kind: issued ?? measured, litres: fromL, at: textOf(fromAtS) },
    ...{ meterId, runId: previousRunId, supersededByL: facts.previousDifferenceL },
  };
}

const DAY_S = 86_400;
const JST_OFFSET_S = 9 * 3600;

function isDayEnd(atS: number | null): boolean {
  return atS !== null && (atS + JST_OFFSET_S) % DAY_S === 0;
}

function textOf(atS: number | null): string | null {
  return atS === null ? null : formatJst(new Date(atS * 1000));
}
