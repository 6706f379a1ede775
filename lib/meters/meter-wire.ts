import { z } from 'zod';
import { IdParam, TextParam } from '../query-params.ts';
import { ARRIVAL_WORDS } from '../readings/arrival.ts';
import { RefusalSummaryWire } from '../readings/refusal-wire.ts';
import { LINKS } from '../terminals/terminal-link.ts';
import { TERMINAL_MODELS } from '../terminals/terminal-model.ts';
import { HOUR_STATES } from '../usage/usage-totals.ts';
import { UsageGapWire, UsageMarkWire } from '../usage/usage-wire.ts';
import {
  type Answer,
  Day,
  GasKind,
  HourEnding,
  Id,
  Instant,
  Litres,
  listOf,
  Pascals,
  page,
  period,
  Resolution,
  type Wire,
} from '../wire.ts';
import { INDEX_FAULT_RULES } from './day-summary.ts';
import { GAP_REASONS } from './gap-reason.ts';
import { METER_SORTS } from './meter-sort.ts';

/** Meters in the API. Registers and usage are whole litres, pressures whole pascals; null is unknown. */
const GapReasonWire = z.enum(GAP_REASONS);
const HourCount = z.number().int().min(0).max(24);
const ArrivalWire = z.enum(ARRIVAL_WORDS).meta({
  description:
    'How a day arrived: on time, after the report window, as history, as answer to a request',
});

export const MeterRowWire = z
  .object({
    meterId: Id,
    meterSerial: z.string(),
    gasKind: GasKind,
    areaName: z.string(),
    supplyPointNumber: z.string(),
    customerNumber: z.string().nullable(),
    terminalNumber: z.string().nullable(),
    lastSeenAt: Instant.nullable(),
    batteryMv: z.number().int().nullable(),
    signalDbm: z.number().int().nullable(),
  })
  .meta({ id: 'MeterRow' });

export const MeterPageWire = z.object(listOf(MeterRowWire)).meta({ id: 'MeterPage' });

export const MeterDetailWire = z
  .object({
    meterId: Id,
    meterSerial: z.string(),
    gasKind: GasKind,
    sizeM3PerHour: z.number().meta({ description: 'Size (号): m³ in an hour' }),
    dialL: Litres.meta({ description: 'The register counts modulo this' }),
    verificationExpiresOn: Day.nullable(),
    fitted: z.boolean().meta({
      description:
        'False when it was removed; the other members then concern the supply point where it was fitted',
    }),
    supplyPointId: Id,
    supplyPointNumber: z.string(),
    area: z.object({
      areaId: Id,
      name: z.string(),
      lowPa: Pascals,
      highPa: Pascals,
    }),
    closingDay: z.number().int(),
    customerNumber: z.string().nullable(),
    terminal: z
      .object({
        terminalNumber: z.string(),
        model: z.enum(TERMINAL_MODELS),
        reportMinute: z.number().int().meta({
          description: 'Minute of the JST day at which its report window opens',
        }),
        reportWindowMinutes: z.number().int(),
        lastSeenAt: Instant.nullable(),
        batteryMv: z.number().int().nullable(),
        signalDbm: z.number().int().nullable(),
        link: z.enum(LINKS).nullable().meta({
          description: 'wan: its own radio; fan: through a neighbouring terminal',
        }),
        firmware: z.number().int().nullable(),
        clockOffsetS: z.number().int().nullable().meta({
          description: 'Terminal clock minus server clock at the last live report, seconds',
        }),
        refused: RefusalSummaryWire.nullable().meta({
          description: 'Its frames that were refused; null when none were',
        }),
      })
      .nullable(),
    fittings: z
      .array(
        z.object({
          meterId: Id,
          meterSerial: z.string(),
          fittedAt: Instant,
          removedAt: Instant.nullable(),
          startIndexL: Litres.nullable(),
          finalIndexL: Litres.nullable(),
        }),
      )
      .meta({ description: 'All meters of the supply point, latest first' }),
    firstDay: Day.nullable(),
    lastDay: Day.nullable(),
  })
  .meta({ id: 'MeterDetail' });

const IndexFaultRuleWire = z.enum(INDEX_FAULT_RULES).meta({
  id: 'IndexFaultRule',
  description:
    'Why a register is not used: beyond the dial, struck out by a person, or a rule of validation',
});

export const HourReadingWire = z
  .object({
    hourEnding: HourEnding,
    indexL: Litres.nullable(),
    pressurePa: Pascals.nullable(),
    usageL: Litres.nullable(),
    state: z.enum(HOUR_STATES),
    gap: GapReasonWire.nullable(),
    indexFaultL: Litres.nullable().meta({
      description: 'A register that came for this hour and is used by nothing',
    }),
    indexFaultRule: IndexFaultRuleWire.nullable().meta({ description: 'Why it is not used' }),
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
    fromHour: z.number().int().min(0).max(23).nullable().meta({
      description: 'k:00 from which usageL counts: 0 unless the first register lies within the day',
    }),
    untilHour: HourEnding.nullable(),
    missingHours: HourCount.meta({ description: 'Hours without a register' }),
    lowPa: Pascals.nullable(),
    averagePa: Pascals.nullable(),
    highPa: Pascals.nullable(),
    arrival: ArrivalWire.nullable(),
    receivedAt: Instant.nullable(),
    revision: z.number().int().min(0).meta({
      description: '0 unless the day was completed or corrected later',
    }),
    marks: z.array(UsageMarkWire).readonly(),
    enteredHours: z.array(HourEnding).meta({
      description: 'Hours whose register was entered by hand, in place of what came or did not',
    }),
    faults: z
      .array(
        z.object({
          kind: z.enum(['index', 'pressure']),
          hourEnding: HourEnding,
          value: z.number().int(),
          rule: IndexFaultRuleWire.nullable(),
        }),
      )
      .meta({ description: 'Values that were received and are used by nothing, by hour' }),
    hours: z.array(HourReadingWire).optional().meta({
      description: '24 when asked by the hour, else absent',
    }),
  })
  .meta({ id: 'DayReading' });

export const MeterReadingsWire = z
  .object({
    from: Day,
    to: Day,
    step: Resolution,
    days: z.array(DayReadingWire).meta({ description: 'One for each day, in order' }),
    gaps: z.array(UsageGapWire).meta({ description: 'Gaps with a known total' }),
  })
  .meta({ id: 'MeterReadings' });

const changeOf = (value: z.ZodType<number, number>) =>
  z.object({ before: value.nullable(), after: value.nullable() }).nullable();

const MeterRevisionWire = z
  .object({
    meterId: Id,
    day: Day,
    revision: z.number().int().min(0),
    change: z.enum(['completed', 'corrected']),
    changedAt: Instant.meta({ description: 'When the new version came' }),
    arrival: ArrivalWire,
    hours: z.array(
      z.object({
        hourEnding: HourEnding,
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

/** Parameters of requests. */
export const MeterPath = z.object({ meterId: IdParam });
export const MetersQuery = z.object({
  q: TextParam.optional().meta({ description: 'A part of any of the three numbers' }),
  areaId: IdParam.optional(),
  sort: z.enum(METER_SORTS).default('customerNumber'),
  order: z.enum(['asc', 'desc']).default('asc'),
  ...page(50, 500),
});
const PeriodQuery = z.object(period);
export const MeterReadingsQuery = PeriodQuery.extend({ step: Resolution.default('hour') });
export const MeterRevisionsQuery = PeriodQuery;

export type MeterRowWire = Wire<typeof MeterRowWire>;
export type MeterDetailWire = Wire<typeof MeterDetailWire>;
export type MeterReadingsWire = Wire<typeof MeterReadingsWire>;
export type DayReadingWire = Wire<typeof DayReadingWire>;
export type HourReadingWire = Wire<typeof HourReadingWire>;
export type MeterRevisionsWire = Wire<typeof MeterRevisionsWire>;

/** A fitted meter with what is at its supply point. */
export type MeterRow = Answer<typeof MeterRowWire>;
export type MeterPage = Answer<typeof MeterPageWire>;
export type MeterDetail = Answer<typeof MeterDetailWire>;
export type MeterReadings = Answer<typeof MeterReadingsWire>;
/** A day of a meter's supply point. */
export type DayReading = Answer<typeof DayReadingWire>;
/** An hour of such a day. */
export type HourReading = Answer<typeof HourReadingWire>;
export type MeterRevision = Answer<typeof MeterRevisionWire>;
