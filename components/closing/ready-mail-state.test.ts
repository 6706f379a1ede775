import { describe, expect, it } from 'vitest';
import { readyMailState } from './ready-mail-state.ts';

const request = (requestId: number, closesOn: string, eachMonth: boolean, closingDay = 20) => ({
  ...{ requestId, closesOn, eachMonth, closingDay, askedAt: '2026-11-01T00:00:00Z' },
});
const SHOWN = { closingDay: 20, closesOn: '2026-11-20', isReady: false };
const of = (requests: ReturnType<typeof request>[], shown = SHOWN) =>
  readyMailState({ requests, sent: [] }, shown);

describe('the mail of a ready closing', () => {
  it.each([
    ['nothing asked', [], SHOWN, undefined, ['closing', 'each-month']],
    ['nothing asked of a ready one', [], { ...SHOWN, isReady: true }, undefined, ['each-month']],
    ['this closing', [request(1, '2026-11-20', false)], SHOWN, 1, ['each-month']],
    [
      'another closing',
      [request(1, '2026-10-20', false)],
      SHOWN,
      undefined,
      ['closing', 'each-month'],
    ],
    [
      'another closing day',
      [request(1, '2026-11-20', true, 5)],
      SHOWN,
      undefined,
      ['closing', 'each-month'],
    ],
    ['each month', [request(1, '2026-11-20', true)], SHOWN, 1, []],
    ['each month from a later one', [request(1, '2026-12-20', true)], SHOWN, 1, ['closing']],
    [
      'each month from a later one, and this closing',
      [request(1, '2026-12-20', true), request(2, '2026-11-20', false)],
      SHOWN,
      2,
      [],
    ],
  ] as const)('%s', (...[, requests, shown, asked, offers]) => {
    const state = of([...requests], shown);
    expect([state.asked?.requestId, state.offers]).toEqual([asked, offers]);
  });

  it('that was entered is that of the shown closing', () => {
    const mail = { state: 'sent', asOf: '2026-11-20T20:00:00Z', sentAt: null } as const;
    const sent = [
      { closingDay: 20, closesOn: '2026-10-20', ...mail },
      { closingDay: 5, closesOn: '2026-11-20', ...mail },
    ];
    expect(readyMailState({ requests: [], sent }, SHOWN).sent).toBeUndefined();
    const own = { closingDay: 20, closesOn: '2026-11-20', ...mail };
    expect(readyMailState({ requests: [], sent: [...sent, own] }, SHOWN).sent).toBe(own);
  });
});
