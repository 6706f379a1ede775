import { z } from 'zod';
import { CLOSING_KINDS, CLOSING_QUALITIES, CLOSING_REMARKS } from '../closing/closing-row.ts';
import { DayParam, IdParam, InstantParam } from '../query-params.ts';
import { UsageMarkWire } from '../usage/usage-wire.ts';
import { Count, Day, Id, Instant, Litres, Month } from '../wire.ts';
import { FITTING_WARNINGS } from './fitting-change.ts';
import { Meter, MeterExchange, MeterFitting } from './register.ts';
import { CHANGE_KINDS, CHANGE_RESTING_KINDS } from './register-change.ts';

/** Changes of a supply point in the API. Days are JST; usage is whole litres; null is unknown. */
export const SupplyPointPath = z.object({ supplyPointId: IdParam });
export const RegisterChangePath = z.object({ changeId: IdParam });

/** Closings of sixteen years. */
const MAX_ACKNOWLEDGED = 200;
const acknowledgedClosings = z
  .array(DayParam)
  .max(MAX_ACKNOWLEDGED)
  .optional()
  .meta({
    description:
      'The closings of `filed` in the preview, all of them: their files will differ. Left out where there is none',
    example: ['2026-10-20'],
  });
const RowId = z
  .number()
  .int()
  .min(1)
  .max(2 ** 31 - 1);
const CustomerNumber = z
  .string()
  .regex(/^[0-9A-Za-z-]{1,32}$/, 'give 1 to 32 digits, letters or hyphens, as text');
const toOn = DayParam.meta({ description: 'First day that is no longer the customer’s' });
export const ClosingDay = z.number().int().min(1).max(31).meta({
  description: '1 to 31; a month that is shorter closes on its last day',
});
const { size, dialL } = Meter.shape;
const { startIndexL } = MeterFitting.shape;
const { finalIndexL, newMeter, newSerial: serial } = MeterExchange.shape;

export const RegisterChangeBody = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('move-in'),
      customerNumber: CustomerNumber,
      fromOn: DayParam.meta({ description: 'First day of the customer' }),
      acknowledgedClosings,
    }),
    z.strictObject({
      kind: z.literal('move-out'),
      occupancyId: RowId,
      toOn,
      acknowledgedClosings,
    }),
    z.strictObject({
      kind: z.literal('stay-corrected'),
      occupancyId: RowId,
      fromOn: DayParam,
      toOn: toOn.nullable(),
      acknowledgedClosings,
    }),
    z.strictObject({
      kind: z.literal('supply-closed'),
      holdsFrom: DayParam.meta({ description: 'First day without supply' }),
    }),
    z.strictObject({
      kind: z.literal('supply-opened'),
      holdsFrom: DayParam.meta({ description: 'First day with supply again' }),
    }),
    z.strictObject({
      kind: z.literal('closing-day'),
      closingDay: ClosingDay,
      holdsFrom: DayParam.meta({ description: 'From this day on the new closing day closes' }),
      acknowledgedClosings,
    }),
    z.strictObject({ kind: z.literal('tariff'), tariffId: RowId.nullable() }),
    z.strictObject({ kind: z.literal('area'), areaId: RowId }),
    z.strictObject({
      kind: z.literal('meter-corrected'),
      meterId: RowId.meta({ description: 'A meter that is or was fitted at the supply point' }),
      sizeM3PerHour: size.meta({ description: 'Its size (号), on all days' }),
      dialL: dialL.meta({ description: 'Its register counts modulo this, on all days' }),
      acknowledgedClosings,
    }),
    z.strictObject({
      kind: z.literal('meter-removed'),
      removedAt: InstantParam.meta({ description: 'When the fitted meter was taken away' }),
      finalIndexL: finalIndexL.meta({ description: 'Its register then; left out: not noted' }),
      acknowledgedClosings,
    }),
    z.strictObject({
      kind: z.literal('meter-fitted'),
      serial,
      fittedAt: InstantParam.meta({ description: 'When it was fitted, where no meter is' }),
      startIndexL: startIndexL.meta({ description: 'Its register then; left out: not noted' }),
      newMeter: newMeter.meta({
        description: 'Of a meter that is not registered yet: it is registered with the fitting',
      }),
      acknowledgedClosings,
    }),
    z.strictObject({
      kind: z.literal('terminal-exchanged'),
      number: z
        .string()
        .regex(/^[0-9]{1,16}$/, 'give 1 to 16 decimal digits, as text')
        .meta({ description: 'Number of the new terminal, which is registered with its key' }),
      exchangedAt: InstantParam.meta({
        description: 'When it came in place of the one that is there, if any',
      }),
      acknowledgedClosings,
    }),
  ])
  .meta({ id: 'RegisterChangeBody' });
/** As it is sent, and as it is understood. */
export type RegisterChangeBody = z.input<typeof RegisterChangeBody>;
export type RegisterChangeGiven = z.output<typeof RegisterChangeBody>;

const ChangedRowWire = z.object({
  kind: z.enum(CLOSING_KINDS),
  closesOn: Day.meta({ description: 'Day of the row: of a final row its last day' }),
  usageL: Litres.nullable(),
  usageM3: z.string().nullable().meta({ description: 'As billed', example: '23.4' }),
  quality: z.enum(CLOSING_QUALITIES),
  remarks: z.array(z.enum(CLOSING_REMARKS)),
});
const VacantWire = z.object({
  days: Count,
  usageL: Litres.nullable().meta({ description: 'Null: the registers do not tell' }),
});
const UsageWire = z.object({ usageL: Litres.nullable(), marks: z.array(UsageMarkWire).readonly() });
const DoubtWire = z.object({
  registers: Count.meta({ description: 'Registers in doubt' }),
  steps: Count.meta({ description: 'Steps between registers that cannot be explained' }),
});
const NextClosingWire = z.object({
  closesOn: Day,
  previousOn: Day,
  days: Count.meta({ description: 'Days of its period' }),
});

export const RegisterChangePreviewWire = z
  .object({
    kind: z.enum(CHANGE_KINDS),
    holdsFrom: Day,
    closings: z
      .array(
        z.object({
          closesOn: Day,
          customerNumber: z.string(),
          isToCome: z
            .boolean()
            .meta({ description: 'The closing has not passed: figures up to now' }),
          before: ChangedRowWire.nullable().meta({ description: 'Null: no row' }),
          after: ChangedRowWire.nullable(),
        }),
      )
      .meta({ description: 'Rows of closings that change; also of the one to come' }),
    vacant: z
      .array(
        z.object({ closesOn: Day, before: VacantWire.nullable(), after: VacantWire.nullable() }),
      )
      .meta({ description: 'Usage on days without a customer, of closings in which it changes' }),
    months: z
      .array(z.object({ month: Month, before: UsageWire, after: UsageWire }))
      .meta({ description: 'Usage of calendar months, as far as it is known; those that change' }),
    doubts: z
      .object({ before: DoubtWire, after: DoubtWire })
      .nullable()
      .meta({ description: 'Of the meters concerned, all days; null: it changes no meter' }),
    warnings: z.array(
      z.object({
        code: z.enum(FITTING_WARNINGS),
        indexL: Litres.nullable(),
        at: Instant.nullable(),
        day: Day.nullable(),
        count: Count.nullable(),
      }),
    ),
    next: z.object({ before: NextClosingWire, after: NextClosingWire }),
    filed: z
      .array(
        z.object({
          closesOn: Day,
          begunAt: Instant.meta({ description: 'When its first file was begun' }),
        }),
      )
      .meta({
        description:
          'Closings that it concerns of which a file was made: to be named in `acknowledgedClosings`',
      }),
    isCut: z.boolean().meta({ description: 'Further closings change than are listed' }),
  })
  .meta({ id: 'RegisterChangePreview' });
export type RegisterChangePreviewWire = z.infer<typeof RegisterChangePreviewWire>;

export const RegisterChangedWire = z
  .object({ changeId: Id, supplyPointId: Id })
  .meta({ id: 'RegisterChanged' });
export type RegisterChangedWire = z.infer<typeof RegisterChangedWire>;

export const UndoneChangeWire = z.object({ changeId: Id }).meta({ id: 'UndoneChange' });

const FactsWire = z.object({
  occupancyId: Id.optional(),
  customerNumber: z.string().optional(),
  fromOn: Day.optional(),
  toOn: Day.nullable().optional(),
  closedOn: Day.nullable().optional(),
  closingDay: ClosingDay.optional(),
  tariffId: Id.nullable().optional(),
  tariffCode: z.string().nullable().optional(),
  areaId: Id.optional(),
  areaName: z.string().optional(),
  meterId: Id.nullable().optional(),
  serial: z.string().optional(),
  sizeM3PerHour: z.number().optional(),
  dialL: Litres.optional(),
  fittedAt: z.iso.datetime().optional(),
  removedAt: z.iso.datetime().optional(),
  exchangedAt: z.iso.datetime().optional(),
  startIndexL: Litres.nullable().optional(),
  finalIndexL: Litres.nullable().optional(),
  registeredMeter: z.boolean().optional(),
  terminalId: Id.nullable().optional(),
  terminalNumber: z.string().nullable().optional(),
});

const change = {
  changeId: Id,
  supplyPointId: Id,
  kind: z.enum(CHANGE_KINDS),
  holdsFrom: Day,
  before: FactsWire.nullable(),
  after: FactsWire,
  madeAt: Instant,
  madeBy: z.string().meta({ description: 'Name of the person or command, as it was then' }),
  undone: z.object({ at: Instant, by: z.string() }).nullable(),
};

const RestingWire = z.object({
  kind: z.enum(CHANGE_RESTING_KINDS),
  at: Instant,
  named: z.string().nullable(),
});

export const RegisterChangeWire = z
  .object({
    ...change,
    resting: z
      .array(RestingWire)
      .meta({ description: 'What keeps it from being undone; empty where it may be, or was' }),
  })
  .meta({ id: 'RegisterChange' });
export type RegisterChangeWire = z.infer<typeof RegisterChangeWire>;

export const RegisterChangesWire = z
  .object({ changes: z.array(RegisterChangeWire) })
  .meta({ id: 'RegisterChanges' });
export type RegisterChangesWire = z.infer<typeof RegisterChangesWire>;
