import { expect, test } from 'vitest';
import type { RefusalWire } from '../../lib/readings/refusal-wire.ts';
import { testTexts } from '../testing-texts.ts';
import { adviceText, summaryText, type Texts, whatText } from './refusal-texts.ts';

const t = testTexts<Texts>('refusals');
const collection = testTexts<Parameters<typeof adviceText>[1]>('collection');

const REFUSAL: RefusalWire = {
  refusalId: 1,
  receivedAt: '2026-11-25T22:40:00Z',
  reason: 'unknown_meter',
  isAuthentic: true,
  meterSerial: '79999999999',
  day: '2026-11-25',
  namedMeter: 'unregistered',
};

test('the summary names count, time and the unregistered meter', () => {
  expect(summaryText({ count: 9, latest: REFUSAL }, t, 'ja')).toBe(
    '拒否 9 件・最新 11月26日(木) 07:40・未登録メーター 79999999999',
  );
});

test('a count at its limit says that there may be more', () => {
  expect(summaryText({ count: 1000, latest: REFUSAL }, t, 'ja')).toContain('拒否 1,000 件以上・');
});

test.each([
  {
    change: { namedMeter: 'notFitted' as const },
    what: '登録と合わないメーター(メーター 79999999999)',
  },
  {
    change: { reason: 'future_hour', namedMeter: 'fitted' as const },
    what: 'まだ終わっていない時間(メーター 79999999999)',
  },
  {
    change: { reason: 'authentication_failed', meterSerial: null, namedMeter: null },
    what: '認証できない',
  },
  {
    change: { reason: 'of_a_later_version', meterSerial: null, namedMeter: null },
    what: 'of_a_later_version',
  },
])('$change.reason $change.namedMeter reads $what', ({ change, what }) => {
  expect(whatText({ ...REFUSAL, ...change }, t)).toBe(what);
});

test('the advice names the meter, and disappears once it is fitted', () => {
  expect(adviceText(REFUSAL, collection)).toBe(
    '登録のないメーター 79999999999 の報告を拒否しています。メーターの取替を登録してください。',
  );
  expect(adviceText({ ...REFUSAL, namedMeter: 'fitted' }, collection)).toBeUndefined();
});
