/** Estimation in the API: setting, what is known of a place, decisions on a row's usage. */
import { z } from 'zod';
import { ClosingRowWire } from '../closing/closing-wire.ts';
import { IdParam, TextParam } from '../query-params.ts';
import { type Answer, Day, Id, Instant, type Wire } from '../wire.ts';
import {
  CertifiedInput,
  CIRCUMSTANCE_KINDS,
  CircumstanceInput,
  CorrectionInput,
  EstimationInput,
  VolumeFactorInput,
} from './estimation-inputs.ts';
import { MISSED_READING_RULES } from './estimation-scope.ts';

export const EstimationBody = EstimationInput.meta({ id: 'EstimationBody' });

export const EstimationWire = z
  .object({
    missedReading: z.enum(MISSED_READING_RULES).meta({
      description:
        'What is billed of a period without a reading. none: nothing, the row is to be checked; last-usage: the usage of the last period; last-usage-by-days: the same in proportion to the days',
    }),
    interpolateMaxHours: z.number().int().nullable().meta({
      description:
        'A missing closing hour is interpolated between two registers at most so many hours apart; null: never',
    }),
    changedBy: z.string().nullable().meta({ description: 'Actor as kind:id; null: never set' }),
    changedName: z.string().nullable().meta({ description: 'Their display name then' }),
    changedAt: Instant.nullable(),
  })
  .meta({ id: 'Estimation' });
export type EstimationAnswer = Answer<typeof EstimationWire>;

export const PlaceQuery = z.object({
  supplyPoint: TextParam.min(1).meta({ description: 'Supply point number' }),
});
export const CircumstancePath = z.object({ circumstanceId: IdParam });

export const CircumstanceBody = CircumstanceInput.meta({ id: 'CircumstanceBody' });
export const VolumeFactorBody = VolumeFactorInput.meta({ id: 'VolumeFactorBody' });

const recorded = {
  recordedBy: z.string(),
  recordedName: z.string().nullable().meta({ description: 'Their display name then' }),
  recordedAt: Instant,
};

export const PlaceEstimationWire = z
  .object({
    circumstances: z.array(
      z.object({
        circumstanceId: Id,
        kind: z.enum(CIRCUMSTANCE_KINDS).meta({
          description: 'absence: nobody was there; disaster: it could not be read',
        }),
        fromOn: Day,
        toOn: Day.nullable().meta({ description: 'Last day; null: until further notice' }),
        reason: z.string(),
        ...recorded,
      }),
    ),
    factors: z.array(z.object({ fromOn: Day, factor: z.string(), basis: z.string(), ...recorded })),
  })
  .meta({ id: 'PlaceEstimation' });
export type PlaceEstimationWire = Wire<typeof PlaceEstimationWire>;
export type PlaceEstimation = Answer<typeof PlaceEstimationWire>;

export const RecordedCircumstanceWire = z
  .object({ circumstanceId: Id })
  .meta({ id: 'RecordedCircumstance' });
/** What a change that has nothing to say answers. */
export const DoneWire = z.object({ done: z.literal(true) }).meta({ id: 'Done' });

export const CertifiedBody = CertifiedInput.meta({ id: 'CertifiedBody' });
export const CorrectionBody = CorrectionInput.meta({ id: 'CorrectionBody' });
export const DecisionPath = z.object({ decisionId: IdParam });

export const DecidedUsageWire = z.object({ decisionId: Id }).meta({ id: 'DecidedUsage' });

export const UsageDecisionPreviewWire = z
  .object({
    before: ClosingRowWire,
    after: ClosingRowWire,
    correction: z
      .object({
        baseM3: z.string().meta({ description: 'V1: billed m³ of the closings' }),
        closings: z.array(Day).meta({ description: 'Those that are corrected, latest first' }),
        correctedM3: z.string().meta({ description: 'V, cut to the decimals of V1' }),
        differenceM3: z.string().meta({ description: 'V − V1', example: '-6' }),
      })
      .nullable()
      .meta({ description: 'Null for a usage that is decided' }),
  })
  .meta({ id: 'UsageDecisionPreview' });
export type UsageDecisionPreview = Answer<typeof UsageDecisionPreviewWire>;
export type UsageDecisionPreviewWire = Wire<typeof UsageDecisionPreviewWire>;
