import { describe, expect, test } from 'vitest';
import { parseClosingArguments } from './closing-arguments.ts';

const GIVEN = ['--closing-day', 'end', '--from', '2026-01', '--to', '2026-03'];

describe('the arguments of closing', () => {
  test('name a period, a customer, a rounding and a format', () => {
    const args = [...GIVEN, '--customer', '000123', '--rounding', 'floor-of-difference'];
    expect(parseClosingArguments([...args, '--format', 'machine'])).toMatchObject({
      period: { closingDay: 31, fromMonth: '2026-01', toMonth: '2026-03' },
      kind: { format: 'machine' },
      customerNumber: '000123',
      rounding: 'floor-of-difference',
    });
  });

  test('include a short option for the output file, and the style of identifiers for the office formats', () => {
    const args = [...GIVEN, '--format', 'office-cp932', '--identifiers', 'plain', '-o', 'a.csv'];
    expect(parseClosingArguments(args)).toMatchObject({
      kind: { format: 'office-cp932', identifiers: 'plain' },
      output: 'a.csv',
    });
  });

  test.each([
    { args: [], says: '--closing-day is missing' },
    { args: GIVEN, says: '--format is missing' },
    { args: [...GIVEN, '--format', 'xls'], says: 'one of machine, office-cp932, office-utf8' },
    { args: ['--closing-day', '0', '--from', '2026-01', '--to', '2026-01'], says: '1 to 31' },
    { args: ['--closing-day', '5', '--from', '2026-13', '--to', '2026-01'], says: 'YYYY-MM' },
    { args: ['--closing-day', '5', '--from', '2026-02', '--to', '2026-01'], says: 'lies before' },
    { args: [...GIVEN, '--format', 'machine', '--rounding', 'up'], says: '--rounding is one of' },
    { args: [...GIVEN, '--format', 'machine', '--identifiers', 'plain'], says: 'goes with' },
    { args: [...GIVEN, '--fromat', 'machine'], says: '--fromat' },
  ])('are refused with advice: $says', ({ args, says }) => {
    expect(() => parseClosingArguments(args)).toThrow(says);
  });
});
