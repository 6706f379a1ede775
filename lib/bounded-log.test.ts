import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { boundedLog, type LineParts } from './bounded-log.ts';

const bounds = { linesOfKind: 4, linesOfSource: 2, intervalMs: 60_000 };
const parts: LineParts = { reasonOf: ({ reason }) => reason, sourceOf: ({ terminal }) => terminal };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function recorded() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (text: string) => void lines.push(JSON.parse(text)) };
  return { log: boundedLog(pino({}, destination), bounds, parts), lines };
}

describe('a log with bounds', () => {
  it('writes the first lines of a kind, and at the end of the interval the number of suppressed ones', () => {
    const { log, lines } = recorded();
    for (let at = 0; at < 1000; at += 1)
      log.info({ terminal: String(at), reason: 'wrong_secret' }, 'connection refused');
    expect(lines.map((line) => line.terminal)).toEqual(['0', '1', '2', '3']);
    vi.advanceTimersByTime(60_000);
    expect(lines[4]).toMatchObject({
      line: 'connection refused',
      reason: 'wrong_secret',
      suppressed: 996,
      msg: 'suppressed 996 of 1000 lines',
    });
  });

  it('resets in the next interval', () => {
    const { log, lines } = recorded();
    for (let minute = 0; minute < 3; minute += 1) {
      for (let at = 0; at < 10; at += 1) log.warn({ at }, 'frame quarantined');
      vi.advanceTimersByTime(60_000);
    }
    expect(lines).toHaveLength(3 * (4 + 1));
  });

  it('separates kinds by message and reason, and leaves room beside one source', () => {
    const { log, lines } = recorded();
    for (let at = 0; at < 100; at += 1) log.info({ terminal: '1', reason: 'a' }, 'ended');
    log.info({ terminal: '2', reason: 'a' }, 'ended');
    log.info({ terminal: '1', reason: 'b' }, 'ended');
    log.info({ terminal: '1', reason: 'a' }, 'refused');
    expect(lines.map(({ terminal, reason, msg }) => [terminal, reason, msg])).toEqual([
      ['1', 'a', 'ended'],
      ['1', 'a', 'ended'],
      ['2', 'a', 'ended'],
      ['1', 'b', 'ended'],
      ['1', 'a', 'refused'],
    ]);
  });

  it('names the sources of most suppressed lines', () => {
    const { log, lines } = recorded();
    for (let at = 0; at < 2000; at += 1) log.info({ terminal: `7${at}` }, 'refused');
    for (let at = 0; at < 9; at += 1) log.info({ terminal: '70' }, 'refused');
    log.flush();
    expect(lines[4]).toMatchObject({ suppressed: 2005, bySource: { 70: 9 } });
    expect(Object.keys(lines[4]?.bySource as object)).toEqual(['70']);
  });

  it('without a field for the source has only the bound of the kind', () => {
    const lines: unknown[] = [];
    const keep = (fields: object) => void lines.push(fields);
    const all = { debug: keep, info: keep, warn: keep, error: keep };
    const log = boundedLog(all, bounds);
    for (let at = 0; at < 9; at += 1) log.info({ terminal: '1' }, 'refused');
    expect(lines).toHaveLength(4);
  });

  it('is bounded however many kinds there are', () => {
    const { log, lines } = recorded();
    for (let at = 0; at < 10_000; at += 1) log.info({ reason: `reason ${at}` }, 'refused');
    expect(lines.length).toBeLessThanOrEqual(200 + 4);
    log.flush();
    expect(lines.at(-1)).toMatchObject({ line: 'lines of other kinds', suppressed: 9796 });
    expect(lines.at(-1)).not.toHaveProperty('reason');
  });

  it('writes its counts when it is closed', () => {
    const { log, lines } = recorded();
    for (let at = 0; at < 5; at += 1) log.error({ at }, 'a frame could not be settled');
    log.flush();
    expect(lines.at(-1)).toMatchObject({ msg: 'suppressed 1 of 5 lines', suppressed: 1 });
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(5);
  });
});
