import { describe, expect, test } from 'vitest';
import { parseClosingArguments } from './closing-arguments.ts';

const GIVEN = ['--closing-day', 'end', '--from', '2026-01', '--to', '2026-03'];

describe('the arguments of closing', () => {
  test('name a period, a customer, a rounding and a format', () => {
    const args = [...GIVEN, '--customer', '000123', '--rounding', 'floor-of-difference'];
    expect(parseClosingArguments([...args, '--format', 'machine'])).toMatchObject({
      what: {
        period: { closingDay: 31, fromMonth: '2026-01', toMonth: '2026-03' },
        customerNumber: '000123',
        rounding: 'floor-of-difference',
        isDraft: false,
      },
      kind: { format: 'machine' },
    });
  });

  test('name a draft, or a run that was issued', () => {
    const draft = parseClosingArguments([...GIVEN, '--draft', '--format', 'machine']);
    expect(draft).toMatchObject({ what: { isDraft: true } });
    const run = parseClosingArguments(['--run', '12', '--format', 'machine', '-o', 'a.csv']);
    expect(run).toMatchObject({ what: { runId: 12 }, output: 'a.csv' });
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
    { args: [...GIVEN, '--run', '1', '--format', 'machine'], says: '--run stands without' },
    { args: ['--run', '1', '--draft', '--format', 'machine'], says: 'without --draft' },
    { args: ['--run', '0x1', '--format', 'machine'], says: 'the number of a run' },
    { args: [...GIVEN, '--fromat', 'machine'], says: '--fromat' },
  ])('are refused with advice: $says', ({ args, says }) => {
    expect(() => parseClosingArguments(args)).toThrow(says);
  });
});
