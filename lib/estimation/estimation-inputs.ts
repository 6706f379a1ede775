/** What the verbs of estimation accept. Days are JST days, volumes m³ as decimal text. */
import { z } from 'zod';
import { CLOSING_KINDS } from '../closing/closing-row.ts';
import { ClosingDay } from '../closing/closing-wire.ts';
import { PlainName } from '../plain-name.ts';
import { DayParam, MonthParam, TextParam } from '../query-params.ts';
import { MISSED_READING_RULES } from './estimation-scope.ts';
import { METER_ERRORS } from './tolerance-correction.ts';

export const CIRCUMSTANCE_KINDS = ['absence', 'disaster'] as const;

/** Why something was decided, for those who ask later; one line. */
const Reason = PlainName.meta({ description: 'Why, in one line', example: '電話で申告' });

export const EstimationInput = z.strictObject({
  missedReading: z.enum(MISSED_READING_RULES),
  interpolateMaxHours: z
    .number()
    .int()
    .min(2, 'give 2 hours or more')
    .max(72, 'give 72 hours or fewer')
    .optional()
    .meta({ description: 'Left out: a missing closing hour is not interpolated' }),
});
export type EstimationInput = z.input<typeof EstimationInput>;

export const CircumstanceInput = z
  .strictObject({
    kind: z.enum(CIRCUMSTANCE_KINDS),
    fromOn: DayParam,
    toOn: DayParam.optional().meta({ description: 'Last day; left out: until further notice' }),
    reason: Reason,
  })
  .refine(({ fromOn, toOn }) => toOn === undefined || toOn >= fromOn, {
    ...{ path: ['toOn'], message: 'give a last day that is not before the first' },
  });
export type CircumstanceInput = z.input<typeof CircumstanceInput>;

export const VolumeFactorInput = z.strictObject({
  fromOn: DayParam.meta({ description: 'Periods that begin on this day or later have it' }),
  factor: z
    .string()
    .regex(/^\d(\.\d{1,6})?$/, 'give a decimal number below 10 with at most six decimals')
    .refine((text) => Number(text) > 0, 'give a factor above 0')
    .meta({ example: '1.0197' }),
  basis: Reason,
});
export type VolumeFactorInput = z.input<typeof VolumeFactorInput>;

/** The row of a closing that a decision is about. */
export const DecidedRow = z.strictObject({
  closingDay: ClosingDay,
  month: MonthParam,
  customer: TextParam.min(1),
  supplyPoint: TextParam.min(1),
  kind: z.enum(CLOSING_KINDS),
});
export type DecidedRow = z.output<typeof DecidedRow>;

export const CertifiedInput = z.strictObject({
  row: DecidedRow,
  usageM3: z
    .string()
    .regex(/^\d{1,5}(\.\d)?$/, 'give m³ with one decimal at most')
    .meta({ description: 'In the decimals in which the row is billed', example: '23.4' }),
  reason: Reason,
});
export type CertifiedInput = z.output<typeof CertifiedInput>;

export const CorrectionInput = z.strictObject({
  row: DecidedRow,
  closings: z.number().int().min(1).max(3).meta({
    description: 'How many of the closings issued last are corrected; at most three months back',
  }),
  percent: z
    .string()
    .regex(/^\d{1,2}(\.\d{1,2})?$/, 'give % with two decimals at most')
    .refine((text) => Number(text) > 0, 'give a percentage above 0')
    .meta({ example: '4.5' }),
  direction: z.enum(METER_ERRORS).meta({ description: 'fast: it counted too much' }),
  reason: Reason,
});
export type CorrectionInput = z.output<typeof CorrectionInput>;
