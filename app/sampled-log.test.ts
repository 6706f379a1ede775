import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sampleLog } from './sampled-log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('lines of one kind are bounded in a minute, what was left out is counted, other kinds go on', () => {
  const lines: Record<string, unknown>[] = [];
  const keep = (fields: Record<string, unknown>) => void lines.push(fields);
  const sampled = sampleLog({ info: keep, warn: keep, error: keep }, 2);
  const write = (kind: string) =>
    sampled.write({ level: 'info', kind, fields: { kind }, message: 'refused' });
  for (let line = 0; line < 1_000; line += 1) write('flood');
  write('rare');
  expect(lines).toEqual([{ kind: 'flood' }, { kind: 'flood' }, { kind: 'rare' }]);
  vi.advanceTimersByTime(60_000);
  expect(lines.slice(3)).toEqual([{ kind: 'flood', suppressed: 998 }]);
  write('flood');
  expect(lines.at(-1)).toEqual({ kind: 'flood' });
});
