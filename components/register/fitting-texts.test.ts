import { createTranslator } from 'next-intl';
import { expect, test } from 'vitest';
import messages from '../../messages/ja/register.json' with { type: 'json' };
import { fittingRecord } from './fitting-texts.ts';
import type { Reader } from './register-reader.ts';

const t = createTranslator({ locale: 'ja', messages }) as unknown as Reader['t'];
const reader = { t, locale: 'ja' };
const meter = { meterId: 1, serial: '799' };

test.each([
  [
    'meter-corrected',
    { ...meter, sizeM3PerHour: 4, dialL: 10_000_000 },
    { ...meter, sizeM3PerHour: 6, dialL: 10_000_000 },
    /799.*4.*6/,
  ],
  ['meter-removed', meter, { ...meter, removedAt: '2026-11-20T03:00:00Z' }, /799.*2026年11月20日/],
  ['meter-fitted', null, { ...meter, fittedAt: '2026-11-20T03:00:00Z' }, /799.*2026年11月20日/],
  [
    'terminal-exchanged',
    { terminalNumber: '11' },
    { terminalNumber: '22', exchangedAt: '2026-11-20T03:00:00Z' },
    /11.*22/,
  ],
] as const)('the record of %s', (kind, before, after, text) => {
  expect(fittingRecord({ kind, before, after }, reader)).toMatch(text);
});
