/** Schedule of the cloud's jobs, which the worker enters by itself, in JST (no summer time). */
import type { CloudJobKind } from './job-kinds.ts';

/** Every so many minutes of the hour, or once a day at `HH:MM` JST. */
export type JobTime = { everyMinutes: 1 | 5 } | { dailyAt: string };

export interface ScheduledJob {
  kind: CloudJobKind;
  at: JobTime;
  /** What would fail without it. */
  purpose: string;
}

export const SCHEDULED_JOBS: readonly ScheduledJob[] = [
  {
    kind: 'schedule-polling',
    at: { everyMinutes: 1 },
    purpose: 'a day whose report window is over is asked for within minutes',
  },
  {
    kind: 'schedule-area-days',
    at: { everyMinutes: 5 },
    purpose: 'pages of areas read the roll-up instead of every reading',
  },
  {
    kind: 'schedule-validation',
    at: { everyMinutes: 1 },
    purpose: 'registers that cannot be readings are shown and billed nowhere',
  },
  {
    kind: 'schedule-readiness',
    at: { everyMinutes: 1 },
    purpose: 'staff who asked know within minutes that a closing is ready',
  },
  {
    kind: 'schedule-pruning',
    at: { everyMinutes: 1 },
    purpose: 'the feed of changes keeps no row that everybody has read',
  },
  {
    kind: 'schedule-frame-pruning',
    at: { dailyAt: '04:10' },
    purpose: 'what is kept of frames outside the batches does not grow for good',
  },
  {
    kind: 'tidy-queue',
    at: { dailyAt: '03:40' },
    purpose: 'the queue does not keep a name for each key that was ever used',
  },
];

const JST_HOURS = 9;

/** Crontab fields of a time, in UTC, the zone of the queue's clock. @throws Error for an invalid `HH:MM`. */
export function crontabOf(at: JobTime): string {
  if ('everyMinutes' in at) return `*/${at.everyMinutes} * * * *`;
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(at.dailyAt) ?? [];
  if (hour === undefined || minute === undefined) throw new Error(`"${at.dailyAt}" is no HH:MM`);
  return `${Number(minute)} ${(Number(hour) + 24 - JST_HOURS) % 24} * * *`;
}
