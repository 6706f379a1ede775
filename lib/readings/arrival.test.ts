import { describe, expect, test } from 'vitest';
import { dayNumber } from '../time.ts';
import { type Arrival, arrivalOf, arrivalWord } from './arrival.ts';
import { USUAL_REPORT_WINDOW } from './report-window.ts';

test.each<[Arrival, string]>([
  [1, 'onTime'],
  [2, 'late'],
  [3, 'backFill'],
  [4, 'requested'],
])('the code %s of the database reads %s', (code, word) => {
  expect(arrivalWord(code)).toBe(word);
});

test.each([0, 5])('%s is no arrival', (code) => {
  // A code of a later version of the database.
  expect(() => arrivalWord(code as Arrival)).toThrow(RangeError);
});

describe('a day arrives', () => {
  const day = dayNumber('2026-02-28');
  const arrival = (report: { history: boolean; requested: boolean }, receivedAt: string) =>
    arrivalOf(report, day, new Date(receivedAt).getTime(), USUAL_REPORT_WINDOW);
  const live = { history: false, requested: false };

  test.each([
    ['on time before the window', '2026-03-01T00:00:01+09:00', 1],
    ['on time in the window', '2026-03-01T04:59:59+09:00', 1],
    ['late when the window is just over', '2026-03-01T05:00:00+09:00', 2],
    ['late days after', '2026-03-09T00:00:00+09:00', 2],
    ['on time while it lasts', '2026-02-28T18:00:00+09:00', 1],
  ])('%s', (_, receivedAt, code) => {
    expect(arrival(live, receivedAt)).toBe(code);
  });

  test.each(['2026-03-01T00:00:01+09:00', '2026-03-09T00:00:00+09:00'])(
    'as history or as an answer, whenever it comes: %s',
    (receivedAt) => {
      expect(arrival({ ...live, history: true }, receivedAt)).toBe(3);
      expect(arrival({ ...live, requested: true }, receivedAt)).toBe(4);
      expect(arrival({ history: true, requested: true }, receivedAt)).toBe(3);
    },
  );
});
