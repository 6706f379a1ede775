import { describe, expect, it } from 'vitest';
import { terminalTime } from '../protocol/wire-time.ts';
import { clockOffset } from './live-status.ts';

const openedAtMs = Date.UTC(2026, 3, 10, 12);
const receivedAtMs = openedAtMs + 20_000;
const at = (offsetS: number) => terminalTime(new Date(receivedAtMs + offsetS * 1000));

describe('the offset of a terminal clock', () => {
  it.each([
    ['a report sealed just now', -2, false, -2],
    ['a report sealed when the connection began', -20, false, -20],
    ['a report that may have waited', -21, false, null],
    ['a report that waited for half a day', -43_200, false, null],
    ['a report from the future', 300, false, 300],
    ['an answer, or a status after its clock was set, by a clock that is behind', -300, true, -300],
  ] as const)('is known from %s or not', (_, offsetS, isPrompt, offset) => {
    const sealed = { terminalTimeS: at(offsetS), isPrompt };
    expect(clockOffset(sealed, { receivedAtMs, openedAtMs })).toBe(offset);
  });

  it('is limited to what can be stored', () => {
    const sealed = { terminalTimeS: 0xffffffff, isPrompt: true };
    expect(clockOffset(sealed, { receivedAtMs: 0, openedAtMs: 0 })).toBe(0x7fffffff);
  });
});
