import { describe, expect, it } from 'vitest';
import { choiceOfIssue, isShownIssue, issueRows, issueStep } from './issue-reading.ts';

type Open = Parameters<typeof issueStep>[0];

const ASKED: Open = {
  ...{ state: 'waiting', phase: null, hasWorker: true, heartbeatAt: null },
  ...{ asOf: '2026-11-27T09:00:20+09:00', rowsDone: null, rowsTotal: null },
};
const MAKING: Open = {
  ...{ ...ASKED, state: 'making', phase: 'figures', heartbeatAt: '2026-11-27T09:00:19+09:00' },
};

describe('the step of an open issue', () => {
  it.each([
    ['queued', ASKED],
    ['no-worker', { ...ASKED, hasWorker: false }],
    ['figures', MAKING],
    ['reading', { ...MAKING, phase: 'reading' }],
    ['figures', { ...MAKING, heartbeatAt: '2026-11-27T09:00:05+09:00' }],
    ['stalled', { ...MAKING, heartbeatAt: '2026-11-27T09:00:04+09:00' }],
    ['no-worker', { ...MAKING, hasWorker: false, heartbeatAt: '2026-11-27T08:00:00+09:00' }],
  ] satisfies [string, Open][])('is %s', (step, issue) => {
    expect(issueStep(issue)).toBe(step);
  });

  it('counts rows only while their number is known and the worker is heard', () => {
    const counted = { ...MAKING, rowsDone: 5_000, rowsTotal: 12_000 };
    expect(issueRows(counted)).toEqual({ done: 5_000, total: 12_000 });
    expect(issueRows({ ...counted, rowsTotal: null })).toBeUndefined();
    expect(issueRows({ ...counted, phase: 'storing' })).toBeUndefined();
    expect(issueRows({ ...counted, heartbeatAt: '2026-11-27T08:00:00+09:00' })).toBeUndefined();
  });
});

it('an issue names the file that was wanted', () => {
  const none = { identifiers: null, layout: null };
  expect(choiceOfIssue({ ...none, format: 'machine' })).toEqual({ format: 'machine' });
  expect(choiceOfIssue({ ...none, format: 'office-cp932', identifiers: 'plain' })).toEqual({
    ...{ format: 'office-cp932', identifiers: 'plain' },
  });
  expect(choiceOfIssue({ ...none, format: 'layout', layout: 3 })).toEqual({
    ...{ format: 'layout', layout: 3 },
  });
});

it('an issue is shown while it is open, and for a day after its end until it is closed', () => {
  const ended: Parameters<typeof isShownIssue>[0] = {
    ...{ issueId: 7, state: 'failed', asOf: '2026-11-27T09:00:00+09:00' },
    endedAt: '2026-11-26T09:00:01+09:00',
  };
  expect(isShownIssue({ ...ended, state: 'making', endedAt: null }, 7)).toBe(true);
  expect(isShownIssue(ended, 6)).toBe(true);
  expect(isShownIssue(ended, 7)).toBe(false);
  expect(isShownIssue({ ...ended, endedAt: '2026-11-26T09:00:00+09:00' }, 6)).toBe(false);
});
