import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayRollOver } from '../validation/register-step.ts';
import { describeFault, parseReplayFile, type ReplayRules } from './replay-file.ts';

const NOW = new Date('2026-03-21T12:30:00+09:00');
const RULES: ReplayRules = { stays: [], dialL: 100_000_000, now: NOW };
const HEADER = [
  'date',
  ...Array.from({ length: 24 }, (_, i) => `i${String(i + 1).padStart(2, '0')}`),
];

function line(day: string, first: number, overrides: Record<number, string> = {}): string {
  const cells = Array.from({ length: 24 }, (_, i) => overrides[i + 1] ?? String(first + i * 10));
  return [day, ...cells].join(',');
}

/** A day with only these registers. */
function only(registers: Record<number, number>): Record<number, string> {
  const none = Array.from({ length: 24 }, (_, i) => [i + 1, registers[i + 1]?.toString() ?? '']);
  return Object.fromEntries(none);
}

function file(...lines: string[]): string {
  return `${[HEADER.join(','), ...lines].join('\n')}\n`;
}

function faultsOf(text: string, rules = RULES): string[] {
  const result = parseReplayFile(text, rules);
  return result.ok ? [] : result.faults.map(describeFault);
}

function daysOf(text: string, rules = RULES) {
  const result = parseReplayFile(text, rules);
  if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
  return result;
}

describe('a replay file', () => {
  test('blank hours are missing, not zero', () => {
    const { days } = daysOf(file(line('2025-01-01', 1000, { 1: '', 24: '' })));
    expect(days).toHaveLength(1);
    expect(days[0]!.indexL[0]).toBeNull();
    expect(days[0]!.indexL[1]).toBe(1010);
    expect(days[0]!.indexL[23]).toBeNull();
  });

  test.each([
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['no newline at the end', (text: string) => text.trimEnd()],
    ['empty lines at the end', (text: string) => `${text}\n\n`],
    ['spaces and quotes around cells', (text: string) => text.replaceAll('1010', ' "1010" ')],
    ['an upper-case header', (text: string) => text.replace('date', 'Date')],
  ])('%s changes nothing', (_name, change) => {
    const text = file(line('2025-01-01', 1000), line('2025-01-02', 2000));
    expect(daysOf(change(text)).days).toEqual(daysOf(text).days);
  });

  test('days that are not in the file are reported, not invented', () => {
    const { days, notes } = daysOf(file(line('2025-01-01', 1000), line('2025-01-05', 2000)));
    expect(days).toHaveLength(2);
    expect(notes).toEqual([
      { line: 1, message: '3 days between the first and the last are not in it' },
    ]);
  });

  test('a day without any reading is accepted and reported', () => {
    const none = `2025-01-02${','.repeat(24)}`;
    const { days, notes } = daysOf(file(line('2025-01-01', 1000), none));
    expect(days[1]!.indexL).toEqual(new Array(24).fill(null));
    expect(notes.map(({ message }) => message)).toEqual([
      '1 days have no reading at all; they are sent as such',
    ]);
  });

  test('an empty line in the middle is skipped and reported', () => {
    const { days, notes } = daysOf(file(line('2025-01-01', 1000), '', line('2025-01-02', 2000)));
    expect(days.map(({ line: at }) => at)).toEqual([2, 4]);
    expect(notes).toEqual([{ line: 3, message: 'an empty line was passed over' }]);
  });

  test('a rollover is accepted and reported', () => {
    const { notes } = daysOf(file(line('2025-01-01', 99_999_000), line('2025-01-02', 100)));
    expect(notes).toEqual([{ line: 3, message: 'the register began again at i01' }]);
  });

  test('a fall is judged as usage judges it: accepted and reported when usage counts on, refused otherwise', () => {
    const dialL = fc.integer({ min: 1_000, max: 2_147_483_647 });
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    // Shares near the limits of the rule, which random ones seldom hit.
    const edge = fc.constantFrom(0.1, 0.1 - 1e-9, 0.4999999, 0.5, 0.9, 0.9 + 1e-9, 0.95);
    fc.assert(
      fc.property(dialL, fc.oneof(share, edge), fc.oneof(share, edge), (dial, from, to) => {
        const [before, after] = [Math.floor(from * dial), Math.floor(to * dial)];
        const text = file(line('2025-01-01', 0, only({ 23: before, 24: after })));
        const result = parseReplayFile(text, { ...RULES, dialL: dial });
        const isKnown = after >= before || mayRollOver(dial, before, after);
        expect(result.ok).toBe(isKnown);
        const reported =
          result.ok && result.notes.some(({ message }) => message.includes('began again'));
        expect(reported).toBe(isKnown && after < before);
      }),
      { numRuns: 500 },
    );
  });

  test('a leap day is a day', () => {
    expect(daysOf(file(line('2024-02-29', 1000))).days).toHaveLength(1);
  });
});

describe('a replay file and the clock', () => {
  const today = (overrides: Record<number, string>) =>
    file(line('2026-03-20', 1000), line('2026-03-21', 2000, overrides));
  const blank = (from: number) =>
    Object.fromEntries(Array.from({ length: 25 - from }, (_, i) => [from + i, '']));

  test('a day that is not over is accepted with its hours so far, and reported', () => {
    const { days, notes } = daysOf(today(blank(13)));
    expect(days.at(-1)!.indexL.filter((index) => index !== null)).toHaveLength(12);
    expect(notes).toEqual([
      { line: 3, message: '2026-03-21 is not over yet: only the hours so far are sent' },
    ]);
  });

  test('each future hour is refused', () => {
    expect(faultsOf(today({ ...blank(15) }))).toEqual([
      'line 3, column 14 (i13): 2026-03-21 13:00 is yet to come, it is 12:30: leave the cell blank',
      'line 3, column 15 (i14): 2026-03-21 14:00 is yet to come, it is 12:30: leave the cell blank',
    ]);
    expect(faultsOf(today({}))).toHaveLength(12);
  });

  test('the hour that has just ended is accepted, and so is midnight', () => {
    const now = new Date('2026-03-21T13:00:00+09:00');
    expect(faultsOf(today(blank(14)), { ...RULES, now })).toEqual([]);
    const midnight = new Date('2026-03-22T00:00:00+09:00');
    expect(daysOf(today({}), { ...RULES, now: midnight }).notes).toEqual([]);
  });
});

describe('a replay file and the customer’s moves', () => {
  const stay = (fromOn: string, toOn: string | null, mayBeginEarlier = false) => ({
    ...{ fromOn, toOn, mayBeginEarlier },
    dialL: 10_000_000,
  });
  const faults = (day: string, ...stays: ReplayRules['stays']) =>
    faultsOf(file(line(day, 1000)), { ...RULES, stays });

  test.each([
    ['the first day', '2025-06-01'],
    ['the last day', '2025-07-31'],
    ['the first day at the next address', '2025-09-01'],
  ])('%s is the customer’s', (_name, day) => {
    expect(faults(day, stay('2025-06-01', '2025-08-01'), stay('2025-09-01', null))).toEqual([]);
  });

  test.each([
    ['2025-05-31', 'moved in on 2025-06-01'],
    [
      '2025-08-01',
      'moved out, 2025-08-01 being the first day that is not theirs, and in again on 2025-09-01',
    ],
    ['2025-10-01', 'moved out, 2025-10-01 being the first day that is not theirs'],
  ])('%s is refused with the day of the move', (day, move) => {
    const stays = [stay('2025-06-01', '2025-08-01'), stay('2025-09-01', '2025-10-01')];
    expect(faults(day, ...stays)).toEqual([
      `line 2, column 1 (date): ${day} is not a day of this customer, who ${move}`,
    ]);
  });

  test('a begin from an earlier file may be earlier, a move-in of the office may not', () => {
    expect(faults('2025-05-31', stay('2025-06-01', null, true))).toEqual([]);
    expect(faults('2025-05-31', stay('2025-06-01', null))).toHaveLength(1);
  });

  test('each day has its stay, and the register of the next supply point may begin anywhere on its own dial', () => {
    const stays = [stay('2025-06-01', '2025-07-01'), stay('2025-07-01', null)];
    const text = file(line('2025-06-30', 9_000), line('2025-07-01', 100));
    expect(daysOf(text, { ...RULES, stays }).days.map((day) => day.stay)).toEqual([0, 1]);
    expect(faultsOf(text)).toHaveLength(1);
    expect(faultsOf(file(line('2025-07-01', 10_000_000)), { ...RULES, stays })[0]).toContain(
      'beyond the dial, which counts to 9999999 L',
    );
  });
});

describe('a broken replay file', () => {
  test.each<[string, string, string]>([
    [
      'a cell that is no number',
      file(line('2025-01-01', 1000, { 6: '12a' })),
      'line 2, column 7 (i06): "12a" is not a whole number of litres',
    ],
    [
      'a decimal',
      file(line('2025-01-01', 1000, { 1: '1.5' })),
      'line 2, column 2 (i01): "1.5" is not a whole number of litres',
    ],
    [
      'a negative number',
      file(line('2025-01-01', 1000, { 1: '-5' })),
      'line 2, column 2 (i01): "-5" is not a whole number of litres',
    ],
    [
      'an index beyond the dial',
      file(line('2025-01-01', 1000, { 24: '100000000' })),
      'line 2, column 25 (i24): 100000000 L is beyond the dial, which counts to 99999999 L',
    ],
    [
      '23 hours',
      file(line('2025-01-01', 1000).split(',').slice(0, -1).join(',')),
      'line 2, column 25 (i24): 25 columns expected (the date and 24 hours), 24 found',
    ],
    [
      '23 columns',
      file(line('2025-01-01', 1000).split(',').slice(0, 23).join(',')),
      'line 2, column 24 (i23): 25 columns expected (the date and 24 hours), 23 found',
    ],
    [
      'a column too many',
      file(`${line('2025-01-01', 1000)},5`),
      'line 2, column 26: 25 columns expected (the date and 24 hours), 26 found',
    ],
    [
      'an index that falls',
      file(line('2025-01-01', 1000), line('2025-01-02', 900)),
      'line 3, column 2 (i01): the index falls from 1230 L (line 2, i24) to 900 L, and that is no rollover: only a register above 0.9 of its dial begins again below half of it',
    ],
    [
      'an index that falls over a gap',
      file(line('2025-01-01', 1000, { 2: '', 3: '500' })),
      'line 2, column 4 (i03): the index falls from 1000 L (line 2, i01) to 500 L, and that is no rollover: only a register above 0.9 of its dial begins again below half of it',
    ],
    [
      'dates that are not sorted',
      file(line('2025-01-03', 1000), line('2025-01-02', 2000)),
      'line 3, column 1 (date): 2025-01-02 comes after 2025-01-03 of line 2: sort the file by date',
    ],
    [
      'a date that occurs twice',
      file(line('2025-01-01', 1000), line('2025-01-02', 2000), line('2025-01-01', 3000)),
      'line 4, column 1 (date): 2025-01-01 occurs twice: here and in line 2',
    ],
    [
      'a day that is none',
      file(line('2025-02-29', 1000)),
      'line 2, column 1 (date): "2025-02-29" is not a calendar day written YYYY-MM-DD',
    ],
    [
      'a day with orders to a terminal',
      file(line('\u001b[2Jok\u202e', 1000)),
      'line 2, column 1 (date): "\\u001b[2Jok\\u202e" is not a calendar day written YYYY-MM-DD',
    ],
    [
      'another date format',
      file(line('2025/01/01', 1000)),
      'line 2, column 1 (date): "2025/01/01" is not a calendar day written YYYY-MM-DD',
    ],
    [
      'a day in the future',
      file(line('2026-03-22', 1000)),
      'line 2, column 1 (date): 2026-03-22 lies in the future',
    ],
    [
      'no header',
      `${line('2025-01-01', 1000)}\n`,
      'line 1, column 1 (date): the header must be date,i01,…,i24: "date" expected, "2025-01-01" found',
    ],
    [
      'a header that lacks an hour',
      `${HEADER.slice(0, -1).join(',')}\n`,
      'line 1, column 25 (i24): the header must be date,i01,…,i24: "i24" expected, nothing found',
    ],
    ['nothing at all', '', 'line 1: the file is empty'],
    ['a header alone', `${HEADER.join(',')}\n`, 'line 1: there is no day in the file'],
  ])('%s is refused with line and column', (_name, text, fault) => {
    expect(faultsOf(text)).toEqual([fault]);
  });

  test('all faults are reported at once, in order of their positions', () => {
    const text = file(
      line('2025-01-01', 1000, { 9: 'x', 3: 'y' }),
      line('2025-01-03', 2000),
      line('2025-01-02', 3000),
    );
    expect(faultsOf(text).map((fault) => fault.split(':')[0])).toEqual([
      'line 2, column 4 (i03)',
      'line 2, column 10 (i09)',
      'line 4, column 1 (date)',
    ]);
  });

  test('no text makes the parser throw', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.array(fc.string({ maxLength: 6 }))), (head, cells) => {
        const body = cells.map((row) => row.join(',')).join('\n');
        expect(parseReplayFile(`${head}\n${body}`, RULES).ok).toBe(false);
        parseReplayFile(`${HEADER.join(',')}\n${body}`, RULES);
      }),
    );
  });

  test('a written file is read back unchanged', () => {
    const value = fc.option(fc.integer({ min: 0, max: 50 }), { nil: null });
    const differences = fc.array(fc.array(value, { minLength: 24, maxLength: 24 }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(differences, (days) => {
        let index = 0;
        const expected = days.map((day) =>
          day.map((difference) => {
            if (difference === null) return null;
            index += difference;
            return index;
          }),
        );
        const lines = expected.map((day, i) => {
          const date = new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
          return [date, ...day.map((v) => v ?? '')].join(',');
        });
        expect(daysOf(file(...lines)).days.map(({ indexL }) => indexL)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});
