import { z } from 'zod';
import { IDENTIFIER_STYLES } from '../office-file/csv-field.ts';
import { AskedMonth, AskedOffset } from '../query-params.ts';
import { USAGE_ROUNDINGS } from './billed-usage.ts';
import { CLOSING_FORMATS } from './closing-file.ts';
import { CLOSING_FILTERS, CLOSING_QUALITIES, CLOSING_REMARKS } from './closing-row.ts';

/** What the API says of closings: registers and usage in litres, days JST, a closing stands for 24:00 of its day. */
const Day = z.iso.date().meta({ description: 'JST day', example: '2026-11-20' });
const Litres = z.number().int().min(0).nullable();
const Count = z.number().int().min(0);
const ClosingDay = z.coerce
  .number()
  .int()
  .min(1)
  .max(31)
  .meta({ description: '1 to 31; a month that is shorter closes on its last day' });

const MAX_PAGE_ROWS = 200;

export const ClosingPreviewQuery = z.object({
  closingDay: ClosingDay,
  month: AskedMonth,
  show: z
    .enum(CLOSING_FILTERS)
    .default('all')
    .meta({ description: 'A quality, or the rows that somebody should look at' }),
  offset: AskedOffset,
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_ROWS).default(100),
});

export const ClosingFileQuery = z.object({
  closingDay: ClosingDay,
  from: AskedMonth,
  to: AskedMonth,
  format: z.enum(CLOSING_FORMATS),
  identifiers: z.enum(IDENTIFIER_STYLES).optional().meta({
    description: 'Office formats: numbers as text formulas for Excel (the default) or plain',
  }),
  rounding: z
    .enum(USAGE_ROUNDINGS)
    .optional()
    .meta({ description: 'Instead of that of the tariff, or of the gas kind' }),
});

export const ClosingRowWire = z
  .object({
    customerNumber: z.string(),
    supplyPointNumber: z.string(),
    areaName: z.string(),
    terminalNumber: z.string().nullable(),
    meterSerial: z.string().nullable(),
    closesOn: Day,
    indexL: Litres,
    readAt: z.string().nullable().meta({ example: '2026-11-21T00:00:00+09:00' }),
    lagHours: Litres.meta({ description: 'How much before 24:00 it was read, rounded up' }),
    previousIndexL: Litres,
    usageL: Litres,
    usageM3: z.string().nullable().meta({ description: 'As billed', example: '23.4' }),
    quality: z.enum(CLOSING_QUALITIES),
    remarks: z.array(z.enum(CLOSING_REMARKS)),
  })
  .meta({ id: 'ClosingRow' });
export type ClosingRowWire = z.infer<typeof ClosingRowWire>;

export const ClosingPreviewWire = z
  .object({
    closesOn: Day,
    previousOn: Day.nullable(),
    closed: z.boolean().meta({ description: 'False while 24:00 of the day has not come' }),
    counts: z.object({
      total: Count,
      quality: z.object({ actual: Count, substituted: Count, none: Count }),
      remarks: z.partialRecord(z.enum(CLOSING_REMARKS), Count),
    }),
    toCheck: Count.meta({ description: 'Rows that somebody should look at before billing' }),
    shown: Count.meta({ description: 'Rows that the filter leaves; the page is a part of them' }),
    rows: z.array(ClosingRowWire),
  })
  .meta({ id: 'ClosingPreview' });
export type ClosingPreviewWire = z.infer<typeof ClosingPreviewWire>;

export const ClosingDaysWire = z
  .object({
    days: z.array(
      z.object({
        closingDay: z.number().int().min(1).max(31),
        supplyPoints: Count,
        latest: z.object({ closesOn: Day, previousOn: Day }).meta({
          description: 'Its latest closing that has passed',
        }),
      }),
    ),
  })
  .meta({ id: 'ClosingDays' });
export type ClosingDaysWire = z.infer<typeof ClosingDaysWire>;
