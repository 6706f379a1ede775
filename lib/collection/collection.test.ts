import { expect, test } from 'vitest';
import type { Refusal } from '../readings/refusals.ts';
import { collectionRate, missingAdvice, NO_COLLECTION, sumCollections } from './collection.ts';

test('the rate is rounded down, so that 100 % means that nothing is missing', () => {
  const nearly = { ...NO_COLLECTION, expected: 100_000, onTime: 99_990, late: 9, missing: 1 };
  expect(collectionRate(nearly)).toBe(99.9);
  expect(collectionRate({ ...nearly, requested: 1, missing: 0 })).toBe(100);
});

test('back-filled and requested days count as arrived', () => {
  expect(
    collectionRate({
      ...NO_COLLECTION,
      expected: 4,
      onTime: 1,
      late: 1,
      backFill: 1,
      requested: 1,
    }),
  ).toBe(100);
});

test('there is no rate when nothing is expected', () => {
  expect(collectionRate(NO_COLLECTION)).toBeNull();
});

test('areas add up to the utility', () => {
  const one = { ...NO_COLLECTION, expected: 3, onTime: 2, missing: 1, incomplete: 1 };
  const other = { ...NO_COLLECTION, expected: 2, late: 1, notYetDue: 1 };
  expect(sumCollections([one, other])).toEqual({
    ...NO_COLLECTION,
    expected: 5,
    onTime: 2,
    late: 1,
    incomplete: 1,
    missing: 1,
    notYetDue: 1,
  });
});

const DUE = new Date('2026-11-23T05:00:00+09:00');
const NOW = new Date('2026-11-23T14:00:00+09:00');

test.each([
  { name: 'never connected', lastSeenAt: null, missingDays: 1, advice: 'neverConnected' },
  {
    name: 'silent for more than two days',
    lastSeenAt: new Date('2026-11-21T13:59:00+09:00'),
    missingDays: 1,
    advice: 'silent',
  },
  {
    name: 'heard since the day was due: asked for again at the next contact',
    lastSeenAt: new Date('2026-11-23T09:00:00+09:00'),
    missingDays: 1,
    advice: 'askedAtNextContact',
  },
  {
    name: 'not heard since the day was due, but lately',
    lastSeenAt: new Date('2026-11-22T03:00:00+09:00'),
    missingDays: 1,
    advice: 'waitForContact',
  },
  {
    name: 'too old to be asked for',
    lastSeenAt: new Date('2026-11-23T09:00:00+09:00'),
    missingDays: 36,
    advice: 'beyondRequests',
  },
  {
    name: 'asked in vain until it was given up',
    lastSeenAt: new Date('2026-11-23T09:00:00+09:00'),
    missingDays: 3,
    givenUp: true,
    advice: 'beyondRequests',
  },
])('a missing day whose terminal was $name', ({ lastSeenAt, missingDays, givenUp, advice }) => {
  const input = {
    dueAt: DUE,
    now: NOW,
    pollDaysBack: 35,
    givenUp: givenUp ?? false,
    refusal: null,
  };
  expect(missingAdvice({ ...input, lastSeenAt, missingDays })).toBe(advice);
});

const DAY = '2026-11-22';
const at = (text: string) => new Date(`${text}+09:00`);
const refusal = (change: Partial<Refusal>): Refusal => ({
  refusalId: 1,
  receivedAt: at('2026-11-23T13:59:00'),
  reason: 'unknown_meter',
  isAuthentic: true,
  meterSerial: '79999999999',
  day: DAY,
  namedMeter: 'unregistered',
  ...change,
});
const nameless = { meterSerial: null, day: null, namedMeter: null };

test.each([
  { name: 'named a meter that is not registered', change: {}, advice: 'registerMeter' },
  {
    name: 'named a meter that stands elsewhere',
    change: { namedMeter: 'notFitted' as const },
    advice: 'checkFitting',
  },
  {
    name: 'named a meter that was fitted meanwhile',
    change: { namedMeter: 'fitted' as const },
    advice: 'silent',
  },
  {
    name: 'named the day long ago',
    change: { receivedAt: at('2026-11-23T00:10:00') },
    advice: 'registerMeter',
  },
  { name: 'told the future', change: { reason: 'future_hour' }, advice: 'checkClock' },
  { name: 'used a counter again', change: { reason: 'replay' }, advice: 'checkCounter' },
  { name: 'could not be stored', change: { reason: 'not_storable' }, advice: 'askOperator' },
  {
    name: 'was not authentic a minute ago',
    change: { ...nameless, reason: 'authentication_failed', isAuthentic: false },
    advice: 'checkKey',
  },
  {
    name: 'was not authentic, long ago',
    change: {
      ...nameless,
      reason: 'authentication_failed',
      isAuthentic: false,
      receivedAt: at('2026-11-21T13:00:00'),
    },
    advice: 'silent',
  },
  {
    name: 'broke the protocol',
    change: { ...nameless, reason: 'truncated' },
    advice: 'checkTerminal',
  },
])('a missing day whose frame $name', ({ change, advice }) => {
  const input = { dueAt: DUE, now: NOW, pollDaysBack: 35, missingDays: 1, givenUp: false };
  // Without the refused frame the terminal would count as silent.
  const lastSeenAt = at('2026-11-20T05:00:00');
  expect(missingAdvice({ ...input, lastSeenAt, refusal: refusal(change) })).toBe(advice);
});

test('a frame that names no day is no reason once the terminal had contact after it', () => {
  const input = { dueAt: DUE, now: NOW, pollDaysBack: 35, missingDays: 1, givenUp: false };
  const earlier = { ...nameless, reason: 'authentication_failed', isAuthentic: false };
  const shown = refusal({ ...earlier, receivedAt: at('2026-11-23T06:00:00') });
  const lastSeenAt = at('2026-11-23T07:00:00');
  expect(missingAdvice({ ...input, lastSeenAt, refusal: shown })).toBe('askedAtNextContact');
});
