import { z } from 'zod';
import { DecisionWire } from '../estimation/decision-wire.ts';
import { EstimateWire, estimateOnWire, FigureWire } from '../estimation/estimate-wire.ts';
import { MonthParam, TextParam } from '../query-params.ts';
import {
  type Answer,
  Count,
  Day,
  Id,
  Instant,
  JstInstant,
  Litres,
  listOf,
  page,
  type Wire,
} from '../wire.ts';
import { USAGE_ROUNDINGS } from './billed-usage.ts';
import type { AccountPlace } from './closing-account.ts';
import { CHECK_REASONS, CLOSING_FILTERS } from './closing-counts.ts';
import {
  CLOSING_KINDS,
  CLOSING_QUALITIES,
  CLOSING_REMARKS,
  type ClosingRow,
} from './closing-row.ts';
import { fileChoice } from './file-choice-wire.ts';

/** Closings in the API: registers and usage in litres, JST days; a closing is 24:00 of its day. */
export const ClosingDay = z.coerce
  .number()
  .int()
  .min(1)
  .max(31)
  .meta({ description: '1 to 31; a month that is shorter closes on its last day' });

export const ClosingPreviewQuery = z.object({
  closingDay: ClosingDay,
  month: MonthParam,
  show: z
    .enum(CLOSING_FILTERS)
    .default('all')
    .meta({ description: 'A quality, or the rows to check' }),
  search: TextParam.optional().meta({
    description:
      'Only rows whose customer, supply point or terminal number or meter serial contains it; hyphens, width and leading zeros make no difference',
  }),
  ...page(100, 200),
});

export const ClosingFileQuery = z.object({
  closingDay: ClosingDay,
  from: MonthParam,
  to: MonthParam,
  ...fileChoice,
  rounding: z
    .enum(USAGE_ROUNDINGS)
    .optional()
    .meta({ description: 'Instead of that of the tariff, or of the gas kind' }),
  draft: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({ description: 'true: what would be issued now; nothing is issued' }),
});

export const ClosingRowWire = z
  .object({
    customerNumber: z.string(),
    supplyPointNumber: z.string(),
    kind: z.enum(CLOSING_KINDS).meta({
      description: 'final: of an occupancy that ended in the period',
    }),
    areaName: z.string(),
    terminalNumber: z.string().nullable(),
    meterSerial: z.string().nullable(),
    closesOn: Day,
    indexL: Litres.nullable(),
    readAt: JstInstant.nullable(),
    lagHours: Count.nullable().meta({
      description: 'How much before 24:00 it was read, rounded up',
    }),
    previousIndexL: Litres.nullable(),
    previousAt: JstInstant.nullable().meta({ description: 'When the previous index was read' }),
    previousDifferenceL: z.number().int().nullable().meta({
      description:
        "Litres by which today's readings of the closing before differ from what was issued of it; null where both agree",
    }),
    usageL: Litres.nullable(),
    usageM3: z.string().nullable().meta({ description: 'As billed', example: '23.4' }),
    registerM3: z.string().nullable().meta({
      description: 'The same before it was multiplied by the volume factor; null without one',
    }),
    volumeFactor: z.string().nullable().meta({ example: '1.0197' }),
    correctionL: z.number().int().nullable().meta({
      description:
        'Litres of corrections of a meter outside tolerance, billed with the row beside its usage; negative: too much was billed',
    }),
    estimate: EstimateWire.nullable().meta({ description: 'Null where the register was read' }),
    previousQuality: z.enum(CLOSING_QUALITIES).nullable().meta({
      description: 'Of the issued row from whose register the usage counts',
    }),
    heldL: z.number().int().nullable().meta({
      description:
        'Litres that are to be settled by hand: of a final row without a reading the usage up to one that is too old; of one that was billed beyond its last day what was billed too much, negative',
    }),
    quality: z.enum(CLOSING_QUALITIES).meta({
      description:
        'awaited: not read at 24:00, and the report of the day is not due yet; index and usage are those known so far. entered: the reading was entered by hand. estimated: reckoned by a rule of the utility; certified: decided by staff',
    }),
    expectedAt: JstInstant.nullable().meta({
      description: 'When the report of an awaited reading is due; null for any other',
      example: '2026-11-21T05:00:00+09:00',
    }),
    remarks: z.array(z.enum(CLOSING_REMARKS)),
  })
  .meta({ id: 'ClosingRow' });
export type ClosingRowWire = Wire<typeof ClosingRowWire>;

/** A row without the numbers of its rows in the register. */
export function onWire(row: ClosingRow): ClosingRowWire {
  const { supplyPointId: _supplyPoint, occupancyId: _occupancy, estimate, ...wire } = row;
  return { ...wire, estimate: estimate && estimateOnWire(estimate) };
}

const AccountCountsWire = z.object({
  ...{ actual: Count, substituted: Count, entered: Count, final: Count },
  ...{ estimated: Count, certified: Count },
  ...{ awaited: Count, held: Count, none: Count, nothing: Count },
} satisfies Record<AccountPlace, typeof Count>);

export const ClosingCountsWire = z.object({
  total: Count,
  final: Count.meta({ description: 'Final rows' }),
  quality: z.object({
    ...{ actual: Count, awaited: Count, substituted: Count, entered: Count },
    ...{ estimated: Count, certified: Count, none: Count },
  }),
  awaitedUntil: JstInstant.nullable().meta({
    description: 'When the last awaited report is due; null without one',
  }),
  remarks: z.partialRecord(z.enum(CLOSING_REMARKS), Count),
  reasons: z.partialRecord(z.enum(CHECK_REASONS), Count).meta({
    description: 'Rows to check by reason; one can have several. none: it has no reading',
  }),
  account: AccountCountsWire.meta({
    description:
      'Each row once: billed by quality (actual, substituted, entered), billed for the last time (final), not due yet (awaited), with a reading and no usage (held), without a reading (none), without a meter (nothing)',
  }),
});

export const ClosingPreviewWire = z
  .object({
    closesOn: Day,
    previousOn: Day.nullable(),
    closed: z.boolean().meta({ description: 'False while 24:00 of the day has not come' }),
    asOf: Instant.meta({ description: 'Instant for which all of this is true' }),
    ready: z.boolean().meta({
      description:
        'True once the day has closed and no report of it is awaited: what is not read then is overdue (substituted, none)',
    }),
    counts: ClosingCountsWire,
    toCheck: Count.meta({
      description: 'Rows to check before billing, among them each without a usage',
    }),
    vacant: z
      .object({
        supplyPoints: Count,
        usageL: Litres,
        unknown: Count.meta({ description: 'Supply points of which the usage is not known' }),
      })
      .meta({
        description:
          'Supply points at which gas was used in the period while no customer occupied them; it is in no row',
      }),
    missing: z
      .object({
        total: Count,
        occupancies: z.array(
          z.object({
            customerNumber: z.string(),
            supplyPointNumber: z.string(),
            fromOn: Day,
            lastOn: Day.nullable(),
          }),
        ),
      })
      .meta({
        description:
          'Occupancies that were open on any day since their last issued closing and stand in no row, of which the first twenty are named: computed without the rows, and expected to be none',
      }),
    ...listOf(ClosingRowWire),
    total: Count.meta({
      description: 'Rows that filter and search leave; `rows` is a part of them',
    }),
    totals: z
      .object({
        usageM3: z.string().meta({ description: 'Sum of the billed usages', example: '1050.2' }),
        withoutUsage: Count.meta({ description: 'Rows without a usage, which the sum lacks' }),
      })
      .meta({ description: 'Of all rows that filter and search leave' }),
  })
  .meta({ id: 'ClosingPreview' });
export type ClosingPreviewWire = Wire<typeof ClosingPreviewWire>;
/** Counts of a closing, and a page of its rows. */
export type ClosingPreview = Answer<typeof ClosingPreviewWire>;

/** The row of a closing that is to be explained. */
export const ClosingRowQuery = z.object({
  closingDay: ClosingDay,
  month: MonthParam,
  customer: TextParam.min(1).meta({ description: 'Customer number' }),
  supplyPoint: TextParam.min(1).meta({ description: 'Supply point number' }),
  kind: z.enum(CLOSING_KINDS).default('regular'),
});

/**
 * State of the report of a day that a closing row rests on.
 * - `arrived`: with the register at 24:00; `incomplete`: without it; `doubtful`: with one that is in doubt.
 * - `struck`: the register at 24:00 was struck out; `entered`: it was entered by hand, whether a report came or not.
 * - `awaited`: not due yet; `missing`: due and not there.
 * - `unexpected`: no meter or no terminal was fitted at the end of the day.
 */
const REPORT_STATES = [
  'arrived',
  'incomplete',
  'doubtful',
  'struck',
  'entered',
  'awaited',
  'missing',
  'unexpected',
] as const;

const ClosingSegmentWire = z.object({
  meterSerial: z.string(),
  dialL: Litres,
  fromL: Litres.nullable(),
  fromAt: JstInstant.nullable(),
  toL: Litres.nullable(),
  toAt: JstInstant.nullable(),
  fromEntered: z.boolean().meta({ description: 'The register at the start was entered by hand' }),
  toEntered: z.boolean().meta({ description: 'The register at the end was entered by hand' }),
  takesBack: z.boolean().meta({
    description:
      'The register at the start was issued, and read after that at the end: the difference is negative',
  }),
});

export const ClosingExplanationWire = z
  .object({
    row: ClosingRowWire,
    asOf: Instant.meta({ description: 'Instant for which all of this is true' }),
    meterId: Id.nullable().meta({ description: 'Of the meter fitted at the closing' }),
    supplyPointId: Id,
    rounding: z.enum(USAGE_ROUNDINGS),
    segments: z.array(ClosingSegmentWire).meta({
      description:
        'Meters of the period, oldest first, each with its registers; usage is their sum',
    }),
    days: z
      .array(
        z.object({
          day: Day,
          state: z.enum(REPORT_STATES),
          indexL: Litres.nullable().meta({
            description: 'Register at 24:00, as it was reported or entered by hand',
          }),
          receivedAt: Instant.nullable(),
          expectedFrom: Instant.nullable().meta({
            description: 'Report window of the terminal at the end of the day; null without one',
          }),
          dueAt: Instant.nullable(),
        }),
      )
      .meta({ description: 'The last five days up to the closing, oldest first' }),
    figures: z
      .array(FigureWire)
      .meta({ description: 'Figures of the row in the order of its calculation' }),
    decisions: z.array(DecisionWire).meta({
      description: 'Decisions on the row, also withdrawn and superseded ones, latest first',
    }),
  })
  .meta({ id: 'ClosingExplanation' });
export type ClosingExplanationWire = Wire<typeof ClosingExplanationWire>;
/** What a closing row was made of. */
export type ClosingExplanation = Answer<typeof ClosingExplanationWire>;

export const ClosingDaysWire = z
  .object({
    days: z.array(
      z.object({
        closingDay: z.number().int().min(1).max(31),
        supplyPoints: Count.meta({ description: 'Registered for it and supplied now' }),
        latest: z.object({ closesOn: Day, previousOn: Day }).meta({
          description: 'Its latest closing that has passed',
        }),
      }),
    ),
  })
  .meta({ id: 'ClosingDays' });
export type ClosingDaysWire = Wire<typeof ClosingDaysWire>;
/** A closing day that the register contains. */
export type RegisteredClosingDay = Answer<typeof ClosingDaysWire>['days'][number];
