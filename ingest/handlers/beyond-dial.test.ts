import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDayReport } from '../protocol/day-report.ts';
import { hourlyValues, packHourly } from '../protocol/hourly-values.ts';
import { wireDay } from '../protocol/wire-time.ts';
import { takeBeyondDial } from './beyond-dial.ts';

const DIAL_L = 10_000_000;
const hour = fc.option(
  fc.oneof(
    fc.integer({ min: 0, max: DIAL_L - 1 }),
    fc.constantFrom(DIAL_L - 1, DIAL_L, 0x7fffffff),
    fc.integer({ min: DIAL_L, max: 0x7fffffff }),
  ),
);

it('a report with hours beyond the dial becomes the report with these hours missing', () => {
  fc.assert(
    fc.property(fc.array(hour, { minLength: 24, maxLength: 24 }), (indexL) => {
      const report = createDayReport();
      report.day = wireDay('2026-11-20');
      report.indexMask = packHourly('indexL', indexL, report.indexL);
      const faults = takeBeyondDial(report, { meterId: 7, dialL: DIAL_L }, 8) ?? [];
      const isSound = (value: number | null) => value === null || value < DIAL_L;
      expect(hourlyValues(report.indexL, report.indexMask)).toEqual(
        indexL.map((value) => (isSound(value) ? value : null)),
      );
      expect(faults).toEqual(
        indexL.flatMap((value, at) =>
          isSound(value)
            ? []
            : [{ meterId: 7, day: '2026-11-20', hourEnding: at + 1, indexL: value, terminalId: 8 }],
        ),
      );
    }),
  );
});

it('a valid report has no hours removed', () => {
  expect(takeBeyondDial(createDayReport(), { meterId: 7, dialL: 1 }, 8)).toBeUndefined();
});
