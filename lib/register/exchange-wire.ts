import { z } from 'zod';
import { CLOSING_QUALITIES, CLOSING_REMARKS } from '../closing/closing-row.ts';
import { IdParam, InstantParam } from '../query-params.ts';
import { UsageMarkWire } from '../usage/usage-wire.ts';
import { Day, HourEnding, Id, Instant, Litres } from '../wire.ts';
import { EXCHANGE_UNKNOWNS, EXCHANGE_WARNINGS, RESTING_KINDS } from './exchange.ts';
import { MeterExchange } from './register.ts';

/** Exchanges of meters in the API. Registers and usage are whole litres; null is unknown. */
export const ExchangePath = z.object({ exchangeId: IdParam });

const { finalIndexL, newSerial, startIndexL, newMeter } = MeterExchange.shape;
const { acknowledgedClosings } = MeterExchange.shape;

export const ExchangeBody = z
  .strictObject({
    exchangedAt: InstantParam.meta({ description: 'When the one meter went and the other came' }),
    finalIndexL: finalIndexL.meta({ description: 'Register of the old meter when it was removed' }),
    newSerial: newSerial.meta({ description: 'Serial of the new meter' }),
    startIndexL: startIndexL.meta({ description: 'Register of the new meter when it was fitted' }),
    newMeter: newMeter.meta({
      description: 'Of a new meter that is not registered yet: it is registered with the exchange',
    }),
    acknowledgedClosings: acknowledgedClosings.meta({
      description:
        'The closings of `filed` in the preview, all of them: their files will differ. Left out where there is none',
      example: ['2026-10-20'],
    }),
  })
  .meta({ id: 'ExchangeBody' });
export type ExchangeBody = z.input<typeof ExchangeBody>;

const UsageWire = z.object({ usageL: Litres.nullable(), marks: z.array(UsageMarkWire).readonly() });
const both = { before: UsageWire, after: UsageWire };

const BilledWire = z.object({
  usageL: Litres.nullable(),
  usageM3: z.string().nullable().meta({ description: 'As billed', example: '23.4' }),
  quality: z.enum(CLOSING_QUALITIES),
  remarks: z.array(z.enum(CLOSING_REMARKS)),
});

export const ExchangePreviewWire = z
  .object({
    removed: z.object({
      meterId: Id,
      meterSerial: z.string(),
      lastIndexL: Litres.nullable().meta({ description: 'Its last reading up to the exchange' }),
      lastReadAt: Instant.nullable(),
    }),
    fitted: z.object({
      meterSerial: z.string(),
      sizeM3PerHour: z.number(),
      dialL: Litres,
      registered: z.boolean().meta({ description: 'False: it is registered with the exchange' }),
    }),
    hour: z
      .object({ day: Day, hourEnding: HourEnding, ...both })
      .meta({ description: 'The hour in which the exchange falls' }),
    days: z
      .array(z.object({ day: Day, ...both }))
      .meta({ description: 'The day of the exchange, and later ones whose usage changes' }),
    closings: z
      .array(
        z.object({
          closesOn: Day,
          customerNumber: z.string(),
          before: BilledWire,
          after: BilledWire,
        }),
      )
      .meta({ description: 'Closings that have passed and change' }),
    filed: z
      .array(
        z.object({
          closesOn: Day,
          begunAt: Instant.meta({ description: 'When its first file was begun' }),
        }),
      )
      .meta({
        description:
          'Closings at or after the exchange of which a file was made: to be named in `acknowledgedClosings`',
      }),
    period: z
      .object({ fromOn: Day, closesOn: Day, ...both })
      .meta({ description: 'Usage up to now of the period whose closing is to come' }),
    warnings: z.array(
      z.object({
        code: z.enum(EXCHANGE_WARNINGS),
        field: z.string().nullable(),
        indexL: Litres.nullable(),
        at: Instant.nullable(),
        day: Day.nullable(),
      }),
    ),
    unknown: z
      .array(z.enum(EXCHANGE_UNKNOWNS))
      .meta({ description: 'What cannot be said yet, or is not listed' }),
  })
  .meta({ id: 'ExchangePreview' });
export type ExchangePreviewWire = z.infer<typeof ExchangePreviewWire>;

export const ExchangedWire = z
  .object({
    exchangeId: Id,
    removedMeterId: Id,
    fittedMeterId: Id,
  })
  .meta({ id: 'Exchanged' });
export type ExchangedWire = z.infer<typeof ExchangedWire>;

export const UndoneExchangeWire = z
  .object({
    keptMeter: z.boolean().meta({
      description:
        'True where the new meter stays registered: it was before, or readings or requests of it are there',
    }),
  })
  .meta({ id: 'UndoneExchange' });

const exchange = {
  exchangeId: Id,
  supplyPointNumber: z.string(),
  exchangedAt: Instant,
  recordedAt: Instant,
  removed: z.object({
    meterId: Id,
    meterSerial: z.string(),
    finalIndexL: Litres.nullable(),
  }),
  fitted: z.object({
    meterId: Id,
    meterSerial: z.string(),
    startIndexL: Litres.nullable(),
  }),
  registeredMeter: z.boolean(),
};

export const ExchangesWire = z
  .object({ exchanges: z.array(z.object(exchange)) })
  .meta({ id: 'Exchanges' });
export type ExchangesWire = z.infer<typeof ExchangesWire>;

export const ExchangeWire = z
  .object({
    ...exchange,
    resting: z
      .array(
        z.object({
          kind: z.enum(RESTING_KINDS),
          at: Instant,
          named: z.string().nullable().meta({
            description: 'Serial, customer number or day of a closing that it concerns',
          }),
        }),
      )
      .meta({ description: 'What keeps it from being undone; empty where it may be' }),
  })
  .meta({ id: 'Exchange' });
export type ExchangeWire = z.infer<typeof ExchangeWire>;
