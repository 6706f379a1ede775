import { z } from 'zod';
import { IDENTIFIER_STYLES } from '../office-file/csv-field.ts';
import { IdParam, MonthParam } from '../query-params.ts';
import { MoveIn } from '../register/register.ts';
import { type Answer, Count, Day, Id, Instant, listOf, page, type Wire } from '../wire.ts';
import { USAGE_ROUNDINGS } from './billed-usage.ts';
import { ClosingDay } from './closing-wire.ts';
import { FILE_FORMATS } from './file-choice.ts';
import { ISSUE_FAILURES, ISSUE_PHASES, ISSUE_STATES } from './issue-state.ts';

/** Issues of closings in the API: asked for by a request, carried out by the worker. */
export const IssuePath = z.object({ issueId: IdParam });

export const ClosingIssuesQuery = z.object({
  closingDay: ClosingDay.optional(),
  month: MonthParam.optional().meta({ description: 'Only issues of the closing of this month' }),
  ...page(20, 100),
});

export const ClosingIssueBody = z
  .strictObject({
    closingDay: z.number().int().min(1).max(31).meta({
      description: '1 to 31; a month that is shorter closes on its last day',
    }),
    from: MonthParam,
    to: MonthParam,
    customer: MoveIn.shape.customerNumber.optional().meta({
      description: 'Only this customer number; everybody of the closing day if left out',
    }),
    rounding: z.enum(USAGE_ROUNDINGS).optional().meta({
      description: 'Instead of that of the tariff, or of the gas kind',
    }),
    format: z.enum(FILE_FORMATS).meta({
      description:
        'The file that is wanted: nothing is issued of which a row does not fit it. Files of other kinds can be taken as well',
    }),
    identifiers: z.enum(IDENTIFIER_STYLES).optional(),
    layout: z
      .number()
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .optional()
      .meta({
        description: 'Id of a layout of the utility, for the format layout',
      }),
  })
  .meta({ id: 'ClosingIssueBody' });
export type ClosingIssueBody = z.input<typeof ClosingIssueBody>;

export const ClosingIssueWire = z
  .object({
    issueId: Id,
    closingDay: z.number().int().min(1).max(31),
    closings: z.array(Day).meta({ description: 'Days of the closings, in order' }),
    customerNumber: z.string().nullable(),
    rounding: z.enum(USAGE_ROUNDINGS).nullable(),
    format: z.enum(FILE_FORMATS),
    identifiers: z.enum(IDENTIFIER_STYLES).nullable(),
    layout: Id.nullable(),
    askedBy: z.string().meta({ description: 'Actor as in the audit' }),
    askedName: z.string(),
    askedAt: Instant,
    state: z.enum(ISSUE_STATES).meta({
      description:
        'waiting for the worker; making; issued: the runs are there; failed, cancelled: nothing was issued',
    }),
    attempts: Count.meta({ description: 'More than 1 after a worker ended meanwhile' }),
    begunAt: Instant.nullable(),
    phase: z.enum(ISSUE_PHASES).nullable(),
    makingOn: Day.nullable().meta({ description: 'The closing that is being made' }),
    rowsDone: Count.nullable().meta({ description: 'Rows of it that the phase is done with' }),
    rowsTotal: Count.nullable().meta({ description: 'Rows of it; null: not known yet' }),
    heartbeatAt: Instant.nullable().meta({ description: 'When the worker was last heard of it' }),
    hasWorker: z.boolean().meta({ description: 'False: no worker runs, so that it waits' }),
    runs: z
      .array(
        z.object({
          runId: Id,
          closesOn: Day,
          rows: Count,
          isNew: z.boolean().meta({
            description: 'False: it was issued before, with the very same rows',
          }),
        }),
      )
      .meta({ description: 'Of which files can be taken once the state is issued' }),
    failure: z.enum(ISSUE_FAILURES).nullable(),
    failureDetail: z.string().nullable(),
    faults: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .meta({ description: 'Values that do not fit the file, by row and column' }),
    asOf: Instant.meta({ description: 'Instant for which this is true' }),
    endedAt: Instant.nullable(),
    endedName: z.string().nullable().meta({ description: 'Who asked, or who cancelled' }),
  })
  .meta({ id: 'ClosingIssue' });
export type ClosingIssueWire = Wire<typeof ClosingIssueWire>;
export type ClosingIssue = Answer<typeof ClosingIssueWire>;

export const ClosingIssuesWire = z.object(listOf(ClosingIssueWire)).meta({ id: 'ClosingIssues' });
export type ClosingIssuesWire = Wire<typeof ClosingIssuesWire>;
export type ClosingIssues = Answer<typeof ClosingIssuesWire>;
