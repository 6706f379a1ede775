/** Estimates and kinds of figures of a closing row in the API. */
import { z } from 'zod';
import { formatJst } from '../time.ts';
import { Count, Id, JstInstant, Litres } from '../wire.ts';
import { FIGURE_KINDS, FIGURES } from './figure-kinds.ts';
import { ESTIMATE_BASES, type Estimate } from './missing-register.ts';

const RegisterAt = z.object({ indexL: Litres, at: JstInstant });

/** How a register was reckoned that was not read. */
export const EstimateWire = z
  .object({
    basis: z.enum(ESTIMATE_BASES).meta({
      description:
        'last-usage: usage of the last period; last-usage-by-days: the same in proportion to the days; absence, first-reading: 0; interpolation: between two registers; decision: decided by staff',
    }),
    isDisaster: z.boolean(),
    lastUsage: z
      .object({
        usageM3: z.string().meta({ description: 'Of the last period' }),
        days: Count.meta({ description: 'Of the last period' }),
        periodDays: Count.meta({ description: 'Of this period' }),
        runId: Id.nullable().meta({ description: 'Run that issued it; null: it was not issued' }),
      })
      .nullable(),
    between: z.array(RegisterAt).nullable(),
    decisionId: Id.nullable(),
  })
  .meta({ id: 'Estimate' });

/** An estimate without the register, which the row has. */
export function estimateOnWire({ certified, indexL: _index, between, ...estimate }: Estimate) {
  return {
    ...estimate,
    between:
      between?.map(({ indexL, atS }) => ({ indexL, at: formatJst(new Date(atS * 1000)) })) ?? null,
    decisionId: certified?.decisionId ?? null,
  };
}

export const FigureWire = z.object({
  figure: z.enum(FIGURES).meta({
    description: 'final, start: registers of exchanged meters at the exchange',
  }),
  kind: z.enum(FIGURE_KINDS).meta({ description: 'How it is known' }),
  litres: Litres.meta({ description: 'The register, or the usage' }),
  at: JstInstant.nullable(),
  meterSerial: z.string().nullable(),
  runId: Id.nullable().meta({ description: 'Run that issued it; null: it is of today' }),
  supersededByL: z.number().int().nullable().meta({
    description:
      'By how many litres the readings of today differ from what was issued; the usage of this row has the difference',
  }),
});
