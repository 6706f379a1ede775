import { z } from 'zod';
import { IDENTIFIER_STYLES } from '../office-file/csv-field.ts';
import { DayParam, IdParam } from '../query-params.ts';
import { type Answer, Count, Day, Id, Instant, listOf, page, type Wire } from '../wire.ts';
import { USAGE_ROUNDINGS } from './billed-usage.ts';
import { CLOSING_FILTERS } from './closing-counts.ts';
import { ClosingCountsWire, ClosingDay, ClosingRowWire } from './closing-wire.ts';
import { FILE_FORMATS } from './file-choice.ts';
import { fileChoice } from './file-choice-wire.ts';
import { DIFFERENCE_REASONS } from './run-difference.ts';
import { RUN_STATES } from './run-state.ts';

/** Stored runs of closings in the API. */
export const ClosingRunsQuery = z.object({
  closingDay: ClosingDay.optional(),
  closesOn: DayParam.optional().meta({ description: 'Only runs of the closing of this day' }),
  ...page(20, 100),
});

export const ClosingRunRowsQuery = z.object({
  show: z.enum(CLOSING_FILTERS).default('all').meta({
    description: 'A quality, or the rows to check',
  }),
  ...page(100, 200),
});

export const ClosingRunDifferencesQuery = z.object(page(100, 200));

export const RunPath = z.object({ runId: IdParam });

export const ClosingRunFileQuery = z.object(fileChoice);

export const ClosingRunWire = z
  .object({
    runId: Id,
    closingDay: z.number().int().min(1).max(31),
    closesOn: Day,
    previousOn: Day,
    customerNumber: z.string().nullable().meta({ description: 'Only this customer, or null' }),
    rounding: z
      .enum(USAGE_ROUNDINGS)
      .nullable()
      .meta({ description: 'In place of that of the tariffs, or null' }),
    rules: Count.meta({ description: 'Version of the rules that printed its rows' }),
    state: z.enum(RUN_STATES),
    issuedBy: z.string().nullable().meta({
      description: 'Actor as in the audit: staff, key or system with its number or name',
    }),
    issuedName: z.string().nullable().meta({
      description: 'Name of that person, key or command, as it was then',
    }),
    issuedAt: Instant.nullable(),
    counts: ClosingCountsWire.extend({
      toCheck: Count,
      account: ClosingCountsWire.shape.account
        .nullable()
        .meta({ description: 'As in a preview; null for a run that was made before it was kept' }),
      missing: Count.nullable().meta({
        description:
          'Occupancies that it should have had and has not; null for a run of one customer, or of before it was kept',
      }),
    }),
    checksum: z.string().meta({ description: 'SHA-256 over the printed rows, hexadecimal' }),
    supersedes: Id.nullable().meta({ description: 'The run in whose place it was issued' }),
    supersededAt: Instant.nullable(),
    files: z
      .array(
        z.object({
          format: z.enum(FILE_FORMATS),
          identifiers: z.enum(IDENTIFIER_STYLES).nullable(),
          layout: z
            .object({ layoutId: Id, version: Count, name: z.string() })
            .nullable()
            .meta({ description: 'The layout of the utility in the version it was written with' }),
          madeBy: z.string(),
          madeAt: Instant,
        }),
      )
      .meta({ description: 'Files that were begun from it, the latest first, at most twenty' }),
  })
  .meta({ id: 'ClosingRun' });
export type ClosingRunWire = Wire<typeof ClosingRunWire>;
export type ClosingRun = Answer<typeof ClosingRunWire>;

export const ClosingRunsWire = z.object(listOf(ClosingRunWire)).meta({ id: 'ClosingRuns' });
export type ClosingRunsWire = Wire<typeof ClosingRunsWire>;
export type ClosingRuns = Answer<typeof ClosingRunsWire>;

export const ClosingRunRowsWire = z.object(listOf(ClosingRowWire)).meta({ id: 'ClosingRunRows' });
export type ClosingRunRows = Answer<typeof ClosingRunRowsWire>;

export const ClosingDifferenceWire = z
  .object({
    customerNumber: z.string(),
    before: ClosingRowWire.nullable().meta({ description: 'As issued; null: there was no row' }),
    after: ClosingRowWire.nullable().meta({
      description: 'As it would be today, or in the run that superseded; null: there is no row',
    }),
    reasons: z.array(z.enum(DIFFERENCE_REASONS)),
  })
  .meta({ id: 'ClosingDifference' });
export type ClosingDifferenceWire = Wire<typeof ClosingDifferenceWire>;
export type ClosingDifference = Answer<typeof ClosingDifferenceWire>;

export const ClosingDifferencesWire = z
  .object(listOf(ClosingDifferenceWire))
  .meta({ id: 'ClosingDifferences' });
export type ClosingDifferences = Answer<typeof ClosingDifferencesWire>;

export const ClosingDifferencesTodayWire = ClosingDifferencesWire.extend({
  asOf: Instant.meta({ description: 'Instant for which this is true' }),
}).meta({ id: 'ClosingDifferencesToday' });
export type ClosingDifferencesTodayWire = Wire<typeof ClosingDifferencesTodayWire>;

export const ClosingRunSinceWire = z
  .object({
    runId: Id,
    asOf: Instant.meta({ description: 'Instant for which this is true' }),
    since: z
      .object({
        days: Count.meta({
          description:
            'Days of the meters of its rows, within the periods of the rows, that arrived, were completed, corrected or edited, or have another verdict',
        }),
        supplyPoints: Count.meta({
          description: 'Supply points whose register (meters, terminals, stays) was changed',
        }),
        orMore: z.boolean().meta({ description: 'There may be more: each is counted up to 100' }),
      })
      .nullable()
      .meta({
        description:
          'What came after it was issued; it need not change a row (see its differences). Null: not known, as of a run older than 400 days',
      }),
  })
  .meta({ id: 'ClosingRunSince' });
export type ClosingRunSinceWire = Wire<typeof ClosingRunSinceWire>;
export type ClosingRunSince = Answer<typeof ClosingRunSinceWire>;
