import { expect, test } from 'vitest';
import { rowReason } from './row-reason.ts';

const day = { day: '2026-11-25', indexL: null, receivedAt: null, expectedFrom: null, dueAt: null };
const READ_AT = '2026-11-25T00:00:00+09:00';

test.each([
  ['actual', 'arrived', READ_AT, { report: 'actual', reading: null }],
  ['awaited', 'awaited', READ_AT, { report: 'awaited', reading: 'soFar' }],
  ['awaited', 'awaited', null, { report: 'awaited', reading: 'nothingSoFar' }],
  ['substituted', 'missing', READ_AT, { report: 'missing', reading: 'substitute' }],
  ['substituted', 'incomplete', READ_AT, { report: 'incomplete', reading: 'substitute' }],
  ['substituted', 'doubtful', READ_AT, { report: 'doubtful', reading: 'substitute' }],
  ['none', 'unexpected', null, { report: 'unexpected', reading: 'nothing' }],
] as const)('a row that is %s, its report %s, read at %s', (quality, state, readAt, reason) => {
  expect(rowReason({ row: { quality, readAt }, days: [{ ...day, state }] })).toEqual(reason);
});
