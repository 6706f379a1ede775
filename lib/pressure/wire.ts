import { z } from 'zod';
import { AskedDay, AskedId, AskedOffset } from '../query-params.ts';

/** What the API says of pressure: whole pascals (gauge), hour ending k is the pressure at k:00 JST. */
const Day = z.iso.date().meta({ description: 'JST day', example: '2026-11-22' });
const Pascals = z.number().int();
const Count = z.number().int().min(0);
const Step = z.enum(['hour', 'day']);

export const AreaWire = z
  .object({
    areaId: z.number().int(),
    parentAreaId: z.number().int().nullable(),
    code: z.string(),
    name: z.string(),
    gasKind: z.enum(['city', 'lp']),
    limits: z.object({ lowPa: Pascals, highPa: Pascals }),
  })
  .meta({ id: 'Area' });

export const AreasWire = z.object({ areas: z.array(AreaWire) }).meta({ id: 'Areas' });

const BandPointWire = z
  .object({
    day: Day,
    hourEnding: z.number().int().min(1).max(24).nullable().meta({
      description: 'Null when the point is a whole day',
    }),
    lowPa: Pascals,
    averagePa: Pascals,
    highPa: Pascals,
    values: Count.meta({ description: 'Meter-hours with a pressure' }),
    below: Count.meta({ description: 'Meter-hours below the lower limit' }),
    above: Count.meta({ description: 'Meter-hours above the upper limit' }),
  })
  .meta({ id: 'PressureBandPoint' });

export const AreaPressureWire = z
  .object({
    area: AreaWire,
    period: z.object({ from: Day, to: Day, step: Step }),
    coverage: z
      .object({ meters: Count, fittedMeters: Count, meterDays: Count, fittedMeterDays: Count })
      .meta({
        description:
          'Meters and meter-days with a pressure, of those fitted in the area in the period',
      }),
    points: z.array(BandPointWire).meta({
      description: 'In order; an hour or day without any pressure is left out',
    }),
    summary: z.object({
      lowPa: Pascals.nullable(),
      averagePa: Pascals.nullable(),
      highPa: Pascals.nullable(),
      values: Count,
      below: Count,
      above: Count,
      faults: Count.meta({
        description: 'Meter-hours whose value is a fault of the sensor, in none of the others',
      }),
    }),
  })
  .meta({ id: 'AreaPressure' });

const MeterPressureWire = z
  .object({
    meterId: z.number().int(),
    meterSerial: z.string(),
    customerNumber: z.string().nullable(),
    terminalNumber: z.string().nullable(),
    lowPa: Pascals.nullable(),
    averagePa: Pascals.nullable(),
    highPa: Pascals.nullable(),
    values: Count,
    below: Count,
    above: Count,
    faults: Count,
  })
  .meta({ id: 'MeterPressure' });

export const MeterPressuresWire = z
  .object({ total: Count, meters: z.array(MeterPressureWire) })
  .meta({ id: 'MeterPressures' });

export const ExcursionWire = z
  .object({
    meterId: z.number().int(),
    meterSerial: z.string(),
    customerNumber: z.string().nullable(),
    day: Day,
    hourEnding: z.number().int().min(1).max(24),
    pressurePa: Pascals,
    side: z.enum(['low', 'high', 'fault']).meta({
      description: 'fault: the value is no pressure but a fault of the sensor',
    }),
    usageL: Count.nullable(),
    flow: z.enum(['flowing', 'still', 'unknown']).meta({
      description: 'still: no gas flowed in the hour; a high pressure may then be the lock-up',
    }),
  })
  .meta({ id: 'PressureExcursion' });

export const ExcursionsWire = z
  .object({ total: Count, excursions: z.array(ExcursionWire) })
  .meta({ id: 'PressureExcursions' });

/** What may be asked. */
export const AreaPath = z.object({ areaId: AskedId });
const PeriodQuery = z.object({
  from: AskedDay.optional().meta({ description: 'First day; six days before `to` when left out' }),
  to: AskedDay.optional().meta({
    description: 'Last day, which must be over; yesterday when left out',
  }),
});
const PageQuery = PeriodQuery.extend({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  offset: AskedOffset,
});
export const AreaPressureQuery = PeriodQuery.extend({
  step: Step.optional().meta({
    description: 'By the hour up to 31 days when left out, else by the day',
  }),
});
export const MeterPressuresQuery = PageQuery;
export const ExcursionsQuery = PageQuery.extend({ meterId: AskedId.optional() });

export type AreaWire = z.infer<typeof AreaWire>;
export type AreasWire = z.infer<typeof AreasWire>;
export type AreaPressureWire = z.infer<typeof AreaPressureWire>;
export type MeterPressuresWire = z.infer<typeof MeterPressuresWire>;
export type ExcursionsWire = z.infer<typeof ExcursionsWire>;
export type ExcursionWire = z.infer<typeof ExcursionWire>;
