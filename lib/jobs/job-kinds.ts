/**
 * Kinds of jobs: work that the worker does after the transaction that entered it. One entry for each kind, with its
 * purpose and input schema. The table `job_kind` of the database has the same kinds; a test compares them.
 */
import { z } from 'zod';

interface JobKindEntry {
  /** `utility`: entered by `enqueueJob` for one utility. `cloud`: entered by the worker's own schedule. */
  scope: 'utility' | 'cloud';
  /** Attempts after which a failed job stays in the queue until it is retried by hand. */
  maxAttempts: number;
  input: z.ZodObject;
  /** What it does, for the operator's list. */
  purpose: string;
}

const NOTHING = z.strictObject({});

export const JOB_KINDS = {
  'schedule-polling': {
    scope: 'cloud',
    maxAttempts: 5,
    input: NOTHING,
    purpose: 'enters plan-polling for each utility',
  },
  'plan-polling': {
    scope: 'utility',
    maxAttempts: 25,
    input: NOTHING,
    purpose: 'notes the days that should have arrived and did not, and settles what has arrived',
  },
  'schedule-area-days': {
    scope: 'cloud',
    maxAttempts: 5,
    input: NOTHING,
    purpose: 'enters roll-up-area-days for each utility',
  },
  'roll-up-area-days': {
    scope: 'utility',
    maxAttempts: 25,
    input: NOTHING,
    purpose: 'rolls up pressure and collection by area and day, where readings or register changed',
  },
  'schedule-validation': {
    scope: 'cloud',
    maxAttempts: 5,
    input: NOTHING,
    purpose: 'enters validate-readings for each utility',
  },
  'validate-readings': {
    scope: 'utility',
    maxAttempts: 25,
    input: NOTHING,
    purpose:
      'finds the registers that cannot be readings, where readings, register or rules changed',
  },
  'schedule-readiness': {
    scope: 'cloud',
    maxAttempts: 5,
    input: NOTHING,
    purpose: 'enters announce-closings for each utility',
  },
  'announce-closings': {
    scope: 'utility',
    maxAttempts: 25,
    input: NOTHING,
    purpose: 'enters the mails of those who asked for a closing that is ready',
  },
  'schedule-pruning': {
    scope: 'cloud',
    maxAttempts: 5,
    input: NOTHING,
    purpose: 'enters prune-changes for each utility',
  },
  'prune-changes': {
    scope: 'utility',
    maxAttempts: 5,
    input: NOTHING,
    purpose: 'removes the changes that all readers of the feed are done with',
  },
  'schedule-frame-pruning': {
    scope: 'cloud',
    maxAttempts: 5,
    input: NOTHING,
    purpose: 'enters prune-taken-frames for each utility',
  },
  'prune-taken-frames': {
    scope: 'utility',
    maxAttempts: 5,
    input: NOTHING,
    purpose: 'removes what is kept of frames that can never be asked for again',
  },
  'issue-closings': {
    scope: 'utility',
    maxAttempts: 25,
    input: NOTHING,
    purpose: 'issues the closings that somebody asked for, one after another',
  },
  'send-mail': {
    scope: 'utility',
    maxAttempts: 25,
    input: z.strictObject({ mailId: z.number().int() }),
    purpose: 'hands a mail of the outbox to the mail server',
  },
  'tidy-queue': {
    scope: 'cloud',
    maxAttempts: 5,
    input: NOTHING,
    purpose: 'removes the names of queues that no job uses any more',
  },
} as const satisfies Record<string, JobKindEntry>;

export type JobKind = keyof typeof JOB_KINDS;
export type CloudJobKind = {
  [K in JobKind]: (typeof JOB_KINDS)[K]['scope'] extends 'cloud' ? K : never;
}[JobKind];
export type UtilityJobKind = Exclude<JobKind, CloudJobKind>;
/** Input of a kind, as its handler gets it. */
export type JobInput<K extends JobKind> = z.infer<(typeof JOB_KINDS)[K]['input']>;

export const JOB_KIND_NAMES = Object.keys(JOB_KINDS) as readonly JobKind[];

/** True for the name of a kind that this version knows. */
export function isJobKind(text: string): text is JobKind {
  return Object.hasOwn(JOB_KINDS, text);
}

/** Payload of a job in the queue: its utility, null for a job of the cloud, and its input. */
export interface JobPayload {
  utilityId: number | null;
  input: unknown;
}

const Payload = z.object({
  utilityId: z.number().int().nullable().default(null),
  input: z.unknown().default({}),
});

/** @throws Error for an invalid payload */
export function readPayload(payload: unknown): JobPayload {
  return Payload.parse(payload);
}
