import { z } from 'zod';
import { CLOSING_KINDS, CLOSING_QUALITIES, CLOSING_REMARKS } from '../closing/closing-row.ts';
import { DayParam, IdParam } from '../query-params.ts';
import { Count, Day, GasKind, Id, Instant, Litres } from '../wire.ts';
import { CHANGE_KINDS, CHANGE_RESTING_KINDS } from './register-change.ts';

/** Changes of a supply point in the API. Days are JST; usage is whole litres; null is unknown. */
export const SupplyPointPath = z.object({ supplyPointId: IdParam });
export const RegisterChangePath = z.object({ changeId: IdParam });
export const OnQuery = z.object({
  on: DayParam.optional().meta({
    description: 'The register as it stood on this day; today when left out',
  }),
});

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
const ClosingDay = z.number().int().min(1).max(31).meta({
  description: '1 to 31; a month that is shorter closes on its last day',
});

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
  ])
  .meta({ id: 'RegisterChangeBody' });
export type RegisterChangeBody = z.input<typeof RegisterChangeBody>;

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
  })
  .meta({ id: 'SupplyPoint' });
export type SupplyPointWire = z.infer<typeof SupplyPointWire>;
