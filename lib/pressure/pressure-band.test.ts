import { expect, test } from 'vitest';
import {
  type BandValue,
  flowState,
  hourUsage,
  limitSide,
  pressurePeriod,
  summarize,
} from './pressure-band.ts';

const LIMITS = { lowPa: 1000, highPa: 2500 };

test.each([
  { pressurePa: 999, side: 'low' },
  { pressurePa: 1000, side: null },
  { pressurePa: 2500, side: null },
  { pressurePa: 2501, side: 'high' },
])('$pressurePa Pa between 1,000 and 2,500 is outside on: $side', ({ pressurePa, side }) => {
  expect(limitSide(pressurePa, LIMITS)).toBe(side);
});

test.each([
  { name: 'gas flowed', previousL: 100, indexL: 103, usageL: 3, flow: 'flowing' },
  { name: 'the register stood still', previousL: 100, indexL: 100, usageL: 0, flow: 'still' },
  { name: 'a register is missing', previousL: null, indexL: 100, usageL: null, flow: 'unknown' },
  { name: 'the dial rolled over', previousL: 99_998, indexL: 1, usageL: 3, flow: 'flowing' },
  { name: 'the register fell', previousL: 500, indexL: 100, usageL: null, flow: 'unknown' },
])('the hour beside a pressure: $name', ({ previousL, indexL, usageL, flow }) => {
  expect(hourUsage(previousL, indexL, { dialL: 100_000, sizeM3PerHour: 6 })).toBe(usageL);
  expect(flowState(usageL)).toBe(flow);
});

test('the average of a period gives each meter-hour the same weight', () => {
  const value: BandValue = {
    day: '2026-11-22',
    hourEnding: 1,
    lowPa: 1900,
    averagePa: 2000,
    highPa: 2100,
    values: 3,
    below: 0,
    above: 1,
  };
  expect(
    summarize([value, { ...value, lowPa: 1800, averagePa: 2400, values: 1, below: 2 }]),
  ).toEqual({
    lowPa: 1800,
    averagePa: 2100,
    highPa: 2100,
    values: 4,
    below: 2,
    above: 2,
  });
});

test('a period without a pressure has no least, average or greatest', () => {
  expect(summarize([])).toMatchObject({ lowPa: null, averagePa: null, highPa: null, values: 0 });
});

const NOW = new Date('2026-11-23T00:30:00+09:00');

test.each([
  { name: 'the last seven days over', input: {}, period: ['2026-11-16', '2026-11-22', 'hour'] },
  { name: 'one day', input: { from: '2026-11-22' }, period: ['2026-11-22', '2026-11-22', 'hour'] },
  {
    name: 'thirteen months',
    input: { from: '2025-10-23' },
    period: ['2025-10-23', '2026-11-22', 'day'],
  },
  {
    name: 'two months by the hour when asked so',
    input: { from: '2026-09-22', step: 'hour' as const },
    period: ['2026-09-22', '2026-11-22', 'hour'],
  },
])('the period asked for: $name', ({ input, period: [from, to, step] }) => {
  expect(pressurePeriod(input, NOW)).toEqual({ from, to, step });
});

test.each([
  { name: 'a day that is not over', input: { to: '2026-11-23' }, field: 'to' },
  { name: 'a day that is none', input: { from: '2026-02-30' }, field: 'from' },
  { name: 'a reversed period', input: { from: '2026-11-20', to: '2026-11-19' }, field: 'from' },
  { name: 'too many hours', input: { from: '2026-09-21', step: 'hour' as const }, field: 'from' },
  { name: 'too many days', input: { from: '2025-10-18' }, field: 'from' },
])('$name is refused by its field', ({ input, field }) => {
  expect(() => pressurePeriod(input, NOW)).toThrow(
    expect.objectContaining({
      code: 'invalid_input',
      details: { faults: [{ field, message: expect.any(String) }] },
    }),
  );
});
