import { expect, test } from 'vitest';
import { noCounts } from '../lib/closing/closing-counts.ts';
import { awaitedNote } from './closing-awaited.ts';

test('rows whose report is not due yet are named with the instant of the last', () => {
  const counts = {
    ...{ total: 33, quality: { ...noCounts().quality, actual: 8, awaited: 25 } },
    awaitedUntil: '2026-11-27T00:15:00+09:00',
  };
  expect(awaitedNote(counts)).toBe('25 of 33 not due yet, the last until 2026-11-27 00:15 JST');
});

test('a closing that is ready has no such note', () => {
  expect(awaitedNote(noCounts())).toBeUndefined();
});
