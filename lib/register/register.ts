// Inputs that the register accepts. Instants are Dates, days are JST 'YYYY-MM-DD', volumes whole litres.
import { z } from 'zod';
import { invalidInput } from '../errors.ts';
import { fieldFaults } from '../field-faults.ts';
import { GAS_KINDS } from '../gas-kind.ts';
import { PlainName } from '../plain-name.ts';
import { DayParam } from '../query-params.ts';
import { isDay } from '../time.ts';

const MAX_INT = 2_147_483_647;
/** Closings of sixteen years. */
const MAX_ACKNOWLEDGED = 200;

const number = (name: string) =>
  z
    .string()
    .regex(/^[0-9A-Za-z-]{1,32}$/, `${name}: give 1 to 32 digits, letters or hyphens, as text`);
const day = (name: string) =>
  z.string().refine(isDay, `${name}: give a calendar day as YYYY-MM-DD`);
const litres = (name: string) =>
  z.number().int(`${name}: give whole litres`).min(0, `${name}: cannot be negative`).max(MAX_INT);

const code = z
  .string()
  .regex(/^[0-9A-Za-z-]{1,32}$/, 'code: give 1 to 32 letters, digits or hyphens');
const gasKind = z.enum(GAS_KINDS, 'gasKind: give city or lp');
const serial = z.string().regex(/^[0-9]{1,12}$/, 'serial: give 1 to 12 decimal digits, as text');
const pascals = z
  .number()
  .int('give the limits of pressure in whole pascals')
  .min(-32_768)
  .max(32_767);
const size = z
  .number()
  .positive('size: give the size (号) in m³/h, above 0')
  .max(9_999.9, 'size: give the size (号) in m³/h, below 10,000')
  .refine(
    (value) => Math.abs(value * 10 - Math.round(value * 10)) < 1e-6,
    'size: give the size (号) with one decimal at most',
  );
const dial = litres('dialL').min(1_000, 'dialL: give the dial capacity in litres, at least 1,000');
/** The present instant, which tells past from future. */
const now = z.date();
const fittedAt = z.date('fittedAt: give the instant at which the meter was fitted');

/** Message for an instant in the future: a change of the register is registered once it is done. */
export const TO_COME = 'that is still to come: register it once it is done';

/** The fault of an instant in the future. */
export function toCome(field: string) {
  return { path: [field], message: TO_COME, params: { reason: 'to-come' } };
}

/** The fault of limits whose lower one is not below the upper one. */
const LIMITS_REVERSED = {
  path: ['pressureMinPa'],
  message: 'give a lower limit below the upper one',
};

/** A supply area; limits in pascals (gauge). */
export const Area = z
  .object({
    code,
    /** Name that staff use for the area. */
    name: PlainName,
    gasKind,
    pressureMinPa: pascals,
    pressureMaxPa: pascals,
    parentAreaId: z.number().int().optional(),
  })
  .refine((area) => area.pressureMinPa < area.pressureMaxPa, LIMITS_REVERSED);

/** A supply point. */
export const SupplyPoint = z.object({
  number: number('number'),
  areaId: z.number().int(),
  closingDay: z
    .number()
    .int('closingDay: give a whole day of the month')
    .min(1, 'closingDay: give 1 to 31, 31 being the end of the month')
    .max(31, 'closingDay: give 1 to 31, 31 being the end of the month'),
  openedOn: day('openedOn'),
});

/** A customer number moves in on a JST day. */
export const MoveIn = z.object({
  supplyPointId: z.number().int(),
  customerNumber: number('customerNumber'),
  fromOn: day('fromOn'),
});

/** The first JST day that is no longer the customer's. */
export const MoveOut = z.object({ customerNumber: number('customerNumber'), toOn: day('toOn') });

/** A new meter; `dialL` is the number of litres after which its register starts again. */
export const Meter = z.object({
  serial,
  gasKind,
  size,
  dialL: dial,
  verificationExpiresOn: day('verificationExpiresOn').optional(),
});

/** A meter is fitted at a supply point; a missing start index was not noted. */
export const MeterFitting = z
  .object({
    serial,
    supplyPointId: z.number().int(),
    fittedAt,
    startIndexL: litres('startIndexL').optional(),
    now,
  })
  .refine((fitting) => fitting.fittedAt <= fitting.now, toCome('fittedAt'));

const newMeter = z.strictObject({
  size,
  dialL: dial,
  verificationExpiresOn: DayParam.optional(),
});

/**
 * One meter is removed and another fitted at the same instant, at `supplyPointId` or where the meter `removedMeterId`
 * is fitted. A new meter that is not registered yet is registered in the same act with `newMeter`, for the gas kind of
 * the supply point.
 */
export const MeterExchange = z
  .object({
    supplyPointId: z.number().int().optional(),
    removedMeterId: z.number().int().optional(),
    exchangedAt: z.date('exchangedAt: give the instant of the exchange'),
    finalIndexL: litres('finalIndexL').optional(),
    newSerial: serial,
    startIndexL: litres('startIndexL').optional(),
    newMeter: newMeter.optional(),
    /** Exactly the closings at or after it of which a file was made. */
    acknowledgedClosings: z.array(DayParam).max(MAX_ACKNOWLEDGED).optional(),
    now,
  })
  .refine((exchange) => exchange.exchangedAt <= exchange.now, toCome('exchangedAt'));

/** The fitted meter is removed without a successor; a missing final index was not noted. */
export const MeterRemoval = z
  .object({
    supplyPointId: z.number().int(),
    removedAt: z.date('removedAt: give the instant of the removal'),
    finalIndexL: litres('finalIndexL').optional(),
    now,
  })
  .refine((removal) => removal.removedAt <= removal.now, toCome('removedAt'));

/** New pressure limits of an area, pascals (gauge). */
export const AreaLimits = z
  .object({ code, pressureMinPa: pascals, pressureMaxPa: pascals })
  .refine((area) => area.pressureMinPa < area.pressureMaxPa, LIMITS_REVERSED);

/** The first JST day without supply. */
export const SupplyEnd = z.object({ number: number('number'), closedOn: day('closedOn') });

export type Area = z.input<typeof Area>;
export type SupplyPoint = z.input<typeof SupplyPoint>;
export type MoveIn = z.input<typeof MoveIn>;
export type MoveOut = z.input<typeof MoveOut>;
export type Meter = z.input<typeof Meter>;
export type MeterFitting = z.input<typeof MeterFitting>;
export type MeterExchange = z.input<typeof MeterExchange>;
export type MeterRemoval = z.input<typeof MeterRemoval>;
export type AreaLimits = z.input<typeof AreaLimits>;
export type SupplyEnd = z.input<typeof SupplyEnd>;

/** @throws DomainError `invalid_input` that says, field by field, what to give instead */
export function acceptInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw invalidInput(fieldFaults(result.error));
}
