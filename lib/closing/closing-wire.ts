import { z } from 'zod';
import { IDENTIFIER_STYLES } from '../office-file/csv-field.ts';
import { MonthParam } from '../query-params.ts';
import { type Answer, Count, Day, Litres, listOf, page, type Wire } from '../wire.ts';
import { USAGE_ROUNDINGS } from './billed-usage.ts';
import { CLOSING_FORMATS } from './closing-file.ts';
import {
  CHECK_REASONS,
  CLOSING_FILTERS,
  CLOSING_KINDS,
  CLOSING_QUALITIES,
  CLOSING_REMARKS,
} from './closing-row.ts';

/** Closings in the API: registers and usage in litres, JST days; a closing is 24:00 of its day. */
const ClosingDay = z.coerce
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
  ...page(100, 200),
});

export const ClosingFileQuery = z.object({
  closingDay: ClosingDay,
  from: MonthParam,
  to: MonthParam,
  format: z.enum(CLOSING_FORMATS),
  identifiers: z.enum(IDENTIFIER_STYLES).optional().meta({
    description: 'Office formats: numbers as text formulas for Excel (the default) or plain',
  }),
  rounding: z
    .enum(USAGE_ROUNDINGS)
    .optional()
    .meta({ description: 'Instead of that of the tariff, or of the gas kind' }),
});

/** An instant that stays text, as it is printed. */
const JstInstant = z.iso.datetime({ offset: true }).meta({
  description: 'With the offset of JST; 24:00 is the next day at 00:00',
  example: '2026-11-21T00:00:00+09:00',
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
    usageL: Litres.nullable(),
    usageM3: z.string().nullable().meta({ description: 'As billed', example: '23.4' }),
    heldL: Litres.nullable().meta({
      description: 'Of a final row without a reading: usage up to a reading that is too old',
    }),
    quality: z.enum(CLOSING_QUALITIES),
    remarks: z.array(z.enum(CLOSING_REMARKS)),
  })
  .meta({ id: 'ClosingRow' });
export type ClosingRowWire = Wire<typeof ClosingRowWire>;

export const ClosingPreviewWire = z
  .object({
    closesOn: Day,
    previousOn: Day.nullable(),
    closed: z.boolean().meta({ description: 'False while 24:00 of the day has not come' }),
    counts: z.object({
      total: Count,
      final: Count.meta({ description: 'Final rows' }),
      quality: z.object({ actual: Count, substituted: Count, none: Count }),
      remarks: z.partialRecord(z.enum(CLOSING_REMARKS), Count),
      reasons: z.partialRecord(z.enum(CHECK_REASONS), Count).meta({
        description: 'Rows to check by reason; one can have several. none: it has no reading',
      }),
    }),
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
    ...listOf(ClosingRowWire),
    total: Count.meta({ description: 'Rows that the filter leaves; `rows` is a part of them' }),
  })
  .meta({ id: 'ClosingPreview' });
export type ClosingPreviewWire = Wire<typeof ClosingPreviewWire>;
/** Counts of a closing, and a page of its rows. */
export type ClosingPreview = Answer<typeof ClosingPreviewWire>;

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
