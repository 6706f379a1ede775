import { z } from 'zod';
import { DayParam } from '../query-params.ts';
import { Day, GasKind, Id, Instant, Litres } from '../wire.ts';
import { ClosingDay } from './register-change-wire.ts';

/** A supply point in the API, as the register has it for a day. Days are JST. */
export const OnQuery = z.object({
  on: DayParam.optional().meta({
    description: 'The register as it stood on this day; today when left out',
  }),
});

const StayWire = z.object({
  occupancyId: Id,
  customerNumber: z.string(),
  fromOn: Day,
  toOn: Day.nullable(),
});

export const SupplyPointWire = z
  .object({
    supplyPointId: Id,
    number: z.string(),
    on: Day.meta({ description: 'The day on which the register stood so' }),
    gasKind: GasKind,
    state: z.enum(['not-opened', 'open', 'closed']),
    openedOn: Day,
    closedOn: Day.nullable().meta({ description: 'First day without supply, also one to come' }),
    area: z.object({ areaId: Id, name: z.string() }),
    tariff: z.object({ tariffId: Id, code: z.string(), name: z.string() }).nullable(),
    closingDay: ClosingDay,
    stay: StayWire.nullable().meta({ description: 'The customer on that day' }),
    meter: z
      .object({
        meterId: Id,
        serial: z.string(),
        sizeM3PerHour: z.number(),
        dialL: Litres,
        fittedAt: Instant,
      })
      .nullable()
      .meta({ description: 'Fitted at the end of the day; of today now' }),
    terminal: z.object({ number: z.string(), fittedAt: Instant }).nullable(),
    stays: z.array(StayWire).meta({ description: 'All stays as registered today, oldest first' }),
    meters: z
      .array(
        z.object({
          meterId: Id,
          serial: z.string(),
          sizeM3PerHour: z.number(),
          dialL: Litres,
          fittedAt: Instant,
          removedAt: Instant.nullable(),
          startIndexL: Litres.nullable(),
          finalIndexL: Litres.nullable(),
        }),
      )
      .meta({ description: 'All fittings of meters as registered today, oldest first' }),
    terminals: z
      .array(z.object({ number: z.string(), fittedAt: Instant, removedAt: Instant.nullable() }))
      .meta({ description: 'All fittings of terminals as registered today, oldest first' }),
  })
  .meta({ id: 'SupplyPoint' });
export type SupplyPointWire = z.infer<typeof SupplyPointWire>;

export const TariffsWire = z
  .object({
    tariffs: z.array(
      z.object({ tariffId: Id, code: z.string(), name: z.string(), gasKind: GasKind }),
    ),
  })
  .meta({ id: 'Tariffs' });

export const ReportedTerminalsWire = z
  .object({
    terminals: z.array(
      z.object({
        number: z.string(),
        days: z.array(Day).meta({ description: 'Days that it reported, oldest first' }),
        askedAgainFrom: Day.meta({
          description: 'Days from this one on are asked of the terminal again once it is fitted',
        }),
      }),
    ),
  })
  .meta({ id: 'ReportedTerminals' });
export type ReportedTerminalsWire = z.infer<typeof ReportedTerminalsWire>;
