import { z } from 'zod';
import { IdParam } from '../query-params.ts';
import {
  type Answer,
  Count,
  Day,
  GasKind,
  HourEnding,
  Id,
  Litres,
  listOf,
  Pascals,
  page,
  period,
  Resolution,
  type Wire,
} from '../wire.ts';
import { METER_PRESSURE_SORTS } from './meter-pressure-sort.ts';
import { EXCURSION_SIDES, FLOW_STATES } from './pressure-band.ts';

/** Pressure in the API: whole pascals (gauge); hour ending k is the pressure at k:00 JST. */
export const AreaWire = z
  .object({
    areaId: Id,
    parentAreaId: Id.nullable().meta({ description: 'Null at the top of the tree' }),
    code: z.string(),
    name: z.string(),
    gasKind: GasKind,
    limits: z.object({ lowPa: Pascals, highPa: Pascals }),
  })
  .meta({ id: 'Area' });

export const AreasWire = z.object({ areas: z.array(AreaWire) }).meta({ id: 'Areas' });

const BandValueWire = z
  .object({
    day: Day,
    hourEnding: HourEnding.nullable().meta({
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
    period: z.object({ from: Day, to: Day, step: Resolution }),
    coverage: z
      .object({ meters: Count, fittedMeters: Count, meterDays: Count, fittedMeterDays: Count })
      .meta({
        description:
          'Meters and meter-days with a pressure, of those fitted in the area in the period',
      }),
    points: z.array(BandValueWire).meta({
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
    meterId: Id,
    meterSerial: z.string(),
    customerNumber: z.string().nullable().meta({ description: 'At the end of the period' }),
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
  .object(listOf(MeterPressureWire))
  .meta({ id: 'MeterPressures' });

export const ExcursionWire = z
  .object({
    meterId: Id,
    meterSerial: z.string(),
    customerNumber: z.string().nullable(),
    day: Day,
    hourEnding: HourEnding,
    pressurePa: Pascals,
    side: z.enum(EXCURSION_SIDES).meta({
      description: 'fault: the value is no pressure but a fault of the sensor',
    }),
    usageL: Litres.nullable(),
    flow: z.enum(FLOW_STATES).meta({
      description: 'still: no gas flowed in the hour; a high pressure may then be the lock-up',
    }),
  })
  .meta({ id: 'PressureExcursion' });

export const ExcursionsWire = z.object(listOf(ExcursionWire)).meta({ id: 'PressureExcursions' });

/** Parameters of requests. */
export const AreaPath = z.object({ areaId: IdParam });
const PeriodQuery = z.object(period);
const PageQuery = PeriodQuery.extend(page(50, 1000));
export const AreaPressureQuery = PeriodQuery.extend({
  step: Resolution.optional().meta({
    description: 'By the hour up to 31 days when left out, else by the day',
  }),
});
export const MeterPressuresQuery = PageQuery.extend({
  sort: z.enum(METER_PRESSURE_SORTS).default('outside'),
  order: z.enum(['asc', 'desc']).optional().meta({
    description: 'Hours outside begin with the most when left out, pressures with the least',
  }),
});
export const ExcursionsQuery = PageQuery.extend({ meterId: IdParam.optional() });

export type AreaWire = Wire<typeof AreaWire>;
export type AreasWire = Wire<typeof AreasWire>;
export type AreaPressureWire = Wire<typeof AreaPressureWire>;
export type MeterPressureWire = Wire<typeof MeterPressureWire>;
export type ExcursionWire = Wire<typeof ExcursionWire>;
/** A supply area. */
export type Area = Answer<typeof AreaWire>;
export type AreaPressure = Answer<typeof AreaPressureWire>;
/** One meter's pressure over the period. */
export type MeterPressure = Answer<typeof MeterPressureWire>;
export type MeterPressures = Answer<typeof MeterPressuresWire>;
/** One hour of one meter outside the limits or with a sensor fault, with the hour's usage. */
export type Excursion = Answer<typeof ExcursionWire>;
export type Excursions = Answer<typeof ExcursionsWire>;
