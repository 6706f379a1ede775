import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSampledLog } from './sampled-log.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('writes so many lines of each kind a minute, then how many more there were', () => {
  const lines: [Record<string, unknown>, string][] = [];
  const log = createSampledLog((...line) => lines.push(line), 'refused', 3);
  for (let event = 0; event < 1000; event += 1) log.note('wrong', { event });
  log.note('locked', { event: 'another' });
  expect(lines.map(([fields]) => fields)).toEqual([
    { reason: 'wrong', event: 0 },
    { reason: 'wrong', event: 1 },
    { reason: 'wrong', event: 2 },
    { reason: 'locked', event: 'another' },
  ]);
  vi.advanceTimersByTime(60_000);
  expect(lines.slice(4)).toEqual([
    [{ reason: 'wrong', unwritten: 997 }, 'refused: more of them in a minute'],
  ]);
  log.note('wrong', { event: 1000 });
  expect(lines.at(-1)).toEqual([{ reason: 'wrong', event: 1000 }, 'refused']);
  vi.advanceTimersByTime(600_000);
  expect(lines).toHaveLength(6);
});
