import { expect, it } from 'vitest';
import { isJobKind, JOB_KIND_NAMES, JOB_KINDS, readPayload } from './job-kinds.ts';
import { crontabOf, SCHEDULED_JOBS } from './job-schedule.ts';

it.each([
  ['00:00', '0 15 * * *'],
  ['03:40', '40 18 * * *'],
  ['09:00', '0 0 * * *'],
  ['23:59', '59 14 * * *'],
])('a job of %s in Japan runs at that hour of UTC: %s', (dailyAt, crontab) => {
  expect(crontabOf({ dailyAt })).toBe(crontab);
});

it('a job may run every so many minutes', () => {
  expect(crontabOf({ everyMinutes: 5 })).toBe('*/5 * * * *');
});

it.each(['24:00', '3:40', '03:60', ''])('"%s" is refused as a time of day', (dailyAt) => {
  expect(() => crontabOf({ dailyAt })).toThrow('is no HH:MM');
});

it('a schedule contains only kinds of the cloud, each once', () => {
  const kinds = SCHEDULED_JOBS.map(({ kind }) => kind);
  expect(new Set(kinds).size).toBe(kinds.length);
  expect(kinds.map((kind) => JOB_KINDS[kind].scope)).toEqual(kinds.map(() => 'cloud'));
});

it('a kind is identified by its own name only', () => {
  expect(JOB_KIND_NAMES.every(isJobKind)).toBe(true);
  expect(['toString', 'plan', ''].filter(isJobKind)).toEqual([]);
});

it('a payload of the schedule has neither utility nor input', () => {
  expect(readPayload({ _cron: { ts: '2026-01-01T00:00:00Z' } })).toEqual({
    utilityId: null,
    input: {},
  });
  expect(() => readPayload({ utilityId: 'all' })).toThrow();
});
