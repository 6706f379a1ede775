import { z } from 'zod';
import { DayParam, MonthParam } from '../query-params.ts';
import { type Answer, Day, GasKind, HourEnding, Litres, Month, type Wire } from '../wire.ts';
import { DAY_STATES } from './month-usage.ts';
import { USAGE_MARKS } from './usage-line.ts';
import { PERIOD_KINDS } from './usage-period.ts';
import { HOUR_STATES } from './usage-totals.ts';

/**
 * Hour of a register in the API of a household's usage. Litres are integers; null is a value that is unknown, never a
 * zero.
 */
const HourOfDay = z
  .number()
  .int()
  .min(0)
  .max(24)
  .meta({ description: 'k stands for k:00 JST of the day; 24 is its end', example: 24 });

const DayHourWire = z
  .object({ day: Day, hourEnding: HourOfDay })
  .meta({ id: 'DayHour', description: 'The instant of a register: an hour of a JST day' });

export const UsageMarkWire = z
  .enum(USAGE_MARKS)
  .meta({ id: 'UsageMark', description: 'What is special about a usage' });

export const UsageGapWire = z
  .object({
    from: DayHourWire,
    to: DayHourWire,
    usageL: Litres.nullable(),
    marks: z.array(UsageMarkWire).readonly(),
  })
  .meta({
    id: 'UsageGap',
    description:
      'Hours without registers between two known ones: the sum is known, its course is not',
  });

const dayUsage = {
  day: Day,
  usageL: Litres.nullable().meta({
    description: 'Litres up to the last known register of the day, including enteringL',
  }),
  enteringL: Litres.meta({
    description: 'The part of usageL from a gap that began on an earlier day',
  }),
  fromHour: HourOfDay.nullable().meta({
    description: 'k:00 from which usageL counts: 0 unless the first register lies within the day',
  }),
  untilHour: HourOfDay.nullable().meta({ description: 'Last known hour; 24 closes the day' }),
  hoursWithout: z.number().int().min(0).max(24),
  marks: z.array(UsageMarkWire).readonly(),
};

const bounds = {
  leastL: Litres.meta({
    description: 'Least usage from begin to end that its registers allow, litres',
  }),
  mostL: Litres.nullable().meta({
    description: 'Greatest usage that its registers allow; null where nothing limits it',
  }),
};

const MonthDayWire = z
  .object({ ...dayUsage, ...bounds, state: z.enum(DAY_STATES) })
  .meta({ id: 'MonthDay' });

export const MonthUsageWire = z
  .object({
    month: Month.meta({
      description: 'The calendar month, or the month in which the billing period closes',
    }),
    firstDay: Day,
    lastDay: Day,
    days: z.array(MonthDayWire),
    totalL: Litres.nullable(),
    ...bounds,
    from: z.union([DayHourWire, z.null()]),
    until: z.union([DayHourWire, z.null()]),
    complete: z.boolean().meta({
      description: 'The total is the usage from begin to end, whatever happened in its gaps',
    }),
    gaps: z.array(UsageGapWire),
    marks: z.array(UsageMarkWire).readonly(),
  })
  .meta({ id: 'MonthUsage' });

const MonthComparisonWire = z
  .object({
    usage: MonthUsageWire,
    comparableL: Litres.nullable().meta({
      description:
        'Litres to compare the month with: up to the same hour since its beginning while it runs, else the whole; null unless both are exact',
    }),
    direction: z.enum(['more', 'less']).nullable().meta({
      description:
        'Whether more or less was used, where that is certain, also without an amount; null when it is the same, or not certain',
    }),
  })
  .meta({ id: 'MonthComparison' });

export const OwnMonthWire = z
  .object({
    customerNumber: z.string(),
    gasKind: GasKind,
    period: z.enum(PERIOD_KINDS),
    closingDay: z.number().int().min(1).max(31).meta({
      description: 'Closing day that ends the billing periods; 31 is the end of the month',
    }),
    progress: z.enum(['running', 'over']).meta({
      description: 'running until the report of the last day is there or due',
    }),
    usage: MonthUsageWire,
    lastMonth: MonthComparisonWire,
    lastYear: MonthComparisonWire,
    firstMonth: Month,
    finalMonth: Month,
    firstDay: Day.meta({ description: 'First day that can be asked for' }),
    finalDay: Day.meta({ description: 'Last day that can be asked for' }),
  })
  .meta({ id: 'OwnMonth' });

const OwnHourWire = z
  .object({
    hourEnding: HourEnding,
    startsAt: z.iso.datetime({ offset: true }),
    endsAt: z.iso.datetime({ offset: true }),
    state: z.enum(HOUR_STATES),
    usageL: Litres.nullable(),
    marks: z.array(UsageMarkWire).readonly(),
  })
  .meta({ id: 'OwnHour' });

export const OwnDayWire = z
  .object({
    usage: z.object(dayUsage).meta({ id: 'DayUsage' }),
    hours: z.array(OwnHourWire).length(24),
    gaps: z.array(UsageGapWire),
    firstDay: Day,
    finalDay: Day,
  })
  .meta({ id: 'OwnDay' });

/** Parameters of requests. */
export const OwnMonthQuery = z.object({
  month: MonthParam.optional(),
  period: z.enum(PERIOD_KINDS).default('calendar').meta({
    description:
      'calendar: calendar months; billing: from the day after a closing day to the next, named by the month in which it closes',
  }),
});
export const OwnDayQuery = z.object({ day: DayParam });

export type OwnMonthWire = Wire<typeof OwnMonthWire>;
export type OwnDayWire = Wire<typeof OwnDayWire>;
export type MonthUsageWire = Wire<typeof MonthUsageWire>;
export type OwnMonth = Answer<typeof OwnMonthWire>;
export type OwnDay = Answer<typeof OwnDayWire>;
