import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refusalLog } from './log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function recorded() {
  const lines: Record<string, unknown>[] = [];
  const keep = (fields: Record<string, unknown>) => void lines.push(fields);
  return { lines, log: refusalLog({ debug: keep, info: keep, warn: keep, error: keep }) };
}

describe('the log of refusals', () => {
  it('is bounded by the code, however many actors are refused, and counts them', () => {
    const { lines, log } = recorded();
    for (let actor = 0; actor < 100; actor += 1)
      for (let line = 0; line < 100; line += 1)
        log.info({ code: 'busy', actor: `staff:${actor}` }, 'a request was refused');
    log.info({ code: 'forbidden', actor: 'staff:1' }, 'a request was refused');
    expect(lines).toHaveLength(60 + 1);
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(60 + 1 + 1);
    expect(lines.at(-1)).toMatchObject({ reason: 'busy', suppressed: 9_940 });
    expect(lines.at(-1)?.bySource).toMatchObject({ 'staff:3': 100 });
  });

  it('leaves room beside one actor, and beside all requests without one', () => {
    const { lines, log } = recorded();
    for (let line = 0; line < 1_000; line += 1) {
      log.info({ code: 'forbidden' }, 'a request was refused');
      log.info({ code: 'forbidden', actor: 'staff:1' }, 'a request was refused');
    }
    log.info({ code: 'forbidden', actor: 'staff:2' }, 'a request was refused');
    expect(lines).toHaveLength(20 + 20 + 1);
    expect(lines.at(-1)).toMatchObject({ actor: 'staff:2' });
  });
});

it('the log reports suppressed lines at the end of the process', () => {
  const program = `
    const { outsideLog } = await import('./app/log.ts');
    const log = outsideLog(1);
    for (let line = 0; line < 3; line += 1) log.warn({}, 'printed');
    process.exit(0);`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const lines = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n');
  // Both lines are written at exit, in an order that depends on the version of Node.
  expect(lines.map((line) => JSON.parse(line).msg).sort()).toEqual([
    'printed',
    'suppressed 2 of 3 lines',
  ]);
});
