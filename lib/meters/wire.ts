import { z } from 'zod';
import { AskedDay, AskedId, AskedOffset, AskedText } from '../query-params.ts';
import { RefusalSummaryWire } from '../readings/refusal-wire.ts';
import { UsageGapWire, UsageMarkWire } from '../usage/wire.ts';
import { METER_SORTS } from './meter-sort.ts';

/** What the API says of meters. Registers and usage are whole litres, pressures whole pascals; null is not known. */
const Day = z.iso.date().meta({ description: 'JST day', example: '2026-11-22' });
const Instant = z.iso.datetime({ offset: true });
const Litres = z.number().int().min(0);
const Pascals = z.number().int();
const Step = z.enum(['hour', 'day']);

const GapReasonWire = z
  .enum(['notYetDue', 'notArrived', 'missingInReport', 'indexBeyondDial', 'withoutMeter'])
  .meta({ id: 'GapReason' });

export const MeterRowWire = z
  .object({
    meterId: z.number().int(),
    meterSerial: z.string(),
    gasKind: z.enum(['city', 'lp']),
    areaName: z.string(),
    supplyPointNumber: z.string(),
    customerNumber: z.string().nullable(),
    terminalNumber: z.string().nullable(),
    lastSeenAt: Instant.nullable(),
    batteryMv: z.number().int().nullable(),
    signalDbm: z.number().int().nullable(),
  })
  .meta({ id: 'MeterRow' });

export const MeterPageWire = z
  .object({ total: z.number().int(), meters: z.array(MeterRowWire) })
  .meta({ id: 'MeterPage' });

export const MeterDetailWire = z
  .object({
    meterId: z.number().int(),
    meterSerial: z.string(),
    gasKind: z.enum(['city', 'lp']),
    sizeM3PerHour: z.number(),
    dialL: Litres.meta({ description: 'The register counts modulo this' }),
    verificationExpiresOn: Day.nullable(),
    fitted: z.boolean(),
    supplyPointNumber: z.string(),
    area: z.object({
      areaId: z.number().int(),
      name: z.string(),
      lowPa: Pascals,
      highPa: Pascals,
    }),
    closingDay: z.number().int(),
    customerNumber: z.string().nullable(),
    terminal: z
      .object({
        terminalNumber: z.string(),
        model: z.enum(['external', 'us', 'jo']),
        reportMinute: z.number().int(),
        reportWindowMinutes: z.number().int(),
        lastSeenAt: Instant.nullable(),
        batteryMv: z.number().int().nullable(),
        signalDbm: z.number().int().nullable(),
        link: z.number().int().nullable().meta({ description: '0: own radio (WAN); 1: FAN' }),
        firmware: z.number().int().nullable(),
        clockOffsetS: z.number().int().nullable(),
        refused: RefusalSummaryWire.nullable().meta({
          description: 'Its frames that were refused; null when none were',
        }),
      })
      .nullable(),
    fittings: z.array(
      z.object({
        meterId: z.number().int(),
        meterSerial: z.string(),
        fittedAt: Instant,
        removedAt: Instant.nullable(),
        startIndexL: Litres.nullable(),
        finalIndexL: Litres.nullable(),
      }),
    ),
    firstDay: Day.nullable(),
    lastDay: Day.nullable(),
  })
  .meta({ id: 'MeterDetail' });

export const HourReadingWire = z
  .object({
    hourEnding: z.number().int().min(1).max(24),
    indexL: Litres.nullable(),
    pressurePa: Pascals.nullable(),
    usageL: Litres.nullable(),
    state: z.enum(['measured', 'spanned', 'fallen', 'missing']),
    gap: GapReasonWire.nullable(),
    indexFaultL: Litres.nullable().meta({
      description: 'A register beyond the dial that came for this hour; used by nothing',
    }),
    pressureFaultPa: Pascals.nullable().meta({
      description: 'A value of the sensor that no supply can have; used by nothing',
    }),
    marks: z.array(UsageMarkWire).readonly(),
  })
  .meta({ id: 'HourReading' });

export const DayReadingWire = z
  .object({
    day: Day,
    gap: GapReasonWire.nullable().meta({ description: 'Why there is no report of the day' }),
    usageL: Litres.nullable(),
    enteringL: Litres.meta({ description: 'Part of usageL from a gap that began before the day' }),
    untilHour: z.number().int().min(1).max(24).nullable(),
    missingHours: z.number().int().min(0).max(24),
    lowPa: Pascals.nullable(),
    averagePa: Pascals.nullable(),
    highPa: Pascals.nullable(),
    arrival: z
      .union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)])
      .nullable()
      .meta({ description: '1 on time, 2 late, 3 back-fill of history, 4 answer to a request' }),
    receivedAt: Instant.nullable(),
    revision: z.number().int().min(0),
    marks: z.array(UsageMarkWire).readonly(),
    faults: z
      .array(
        z.object({
          kind: z.enum(['index', 'pressure']),
          hourEnding: z.number().int().min(1).max(24),
          value: z.number().int(),
        }),
      )
      .meta({ description: 'Values that were received and are used by nothing, by hour' }),
    hours: z.array(HourReadingWire).optional(),
  })
  .meta({ id: 'DayReading' });

export const MeterReadingsWire = z
  .object({
    from: Day,
    to: Day,
    step: Step,
    days: z.array(DayReadingWire),
    gaps: z.array(UsageGapWire).meta({ description: 'Gaps with a known total' }),
  })
  .meta({ id: 'MeterReadings' });

const changeOf = (value: z.ZodType<number>) =>
  z.object({ before: value.nullable(), after: value.nullable() }).nullable();

const MeterRevisionWire = z
  .object({
    meterId: z.number().int(),
    day: Day,
    revision: z.number().int().min(0),
    change: z.enum(['completed', 'corrected']),
    changedAt: Instant,
    arrival: z.number().int(),
    hours: z.array(
      z.object({
        hourEnding: z.number().int().min(1).max(24),
        indexL: changeOf(Litres),
        indexFaultL: Litres.nullable().meta({
          description: 'The value beyond the dial that had come where there was none before',
        }),
        pressurePa: changeOf(Pascals),
      }),
    ),
  })
  .meta({ id: 'MeterRevision' });

export const MeterRevisionsWire = z
  .object({ revisions: z.array(MeterRevisionWire) })
  .meta({ id: 'MeterRevisions' });

/** What may be asked. */
export const MeterPath = z.object({ meterId: AskedId });
export const MetersQuery = z.object({
  q: AskedText.optional().meta({ description: 'A part of any of the three numbers' }),
  areaId: AskedId.optional(),
  sort: z.enum(METER_SORTS).default('customerNumber'),
  order: z.enum(['asc', 'desc']).default('asc'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: AskedOffset,
});
const PeriodQuery = z.object({
  from: AskedDay.optional().meta({ description: 'First day; six days before `to` when left out' }),
  to: AskedDay.optional().meta({ description: 'Last day; yesterday when left out' }),
});
export const MeterReadingsQuery = PeriodQuery.extend({ step: Step.default('hour') });
export const MeterRevisionsQuery = PeriodQuery;

export type MeterPageWire = z.infer<typeof MeterPageWire>;
export type MeterRowWire = z.infer<typeof MeterRowWire>;
export type MeterDetailWire = z.infer<typeof MeterDetailWire>;
export type MeterReadingsWire = z.infer<typeof MeterReadingsWire>;
export type DayReadingWire = z.infer<typeof DayReadingWire>;
export type HourReadingWire = z.infer<typeof HourReadingWire>;
export type MeterRevisionsWire = z.infer<typeof MeterRevisionsWire>;
