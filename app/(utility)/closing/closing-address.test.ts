import { describe, expect, test } from 'vitest';
import { readAddress, writeAddress } from './closing-address.ts';

const DAYS = [
  { closingDay: 5, supplyPoints: 3, latest: { closesOn: '2026-11-05', previousOn: '2026-10-05' } },
  { closingDay: 20, supplyPoints: 4, latest: { closesOn: '2026-11-20', previousOn: '2026-10-20' } },
  { closingDay: 31, supplyPoints: 9, latest: { closesOn: '2026-10-31', previousOn: '2026-09-30' } },
];
const read = (query: string, days = DAYS) => {
  const params = new URLSearchParams(query);
  return readAddress((name) => params.get(name) ?? undefined, days);
};

describe('the address of the closing page', () => {
  test('without parameters names the closing that closed last', () => {
    expect(read('')).toEqual({ closingDay: 20, month: '2026-11', show: 'all', page: 1 });
  });

  test('with a closing day names its latest closing', () => {
    expect(read('day=31')).toMatchObject({ closingDay: 31, month: '2026-10' });
  });

  test('is read and written back unchanged with closing day, month, filter and page', () => {
    const address = { closingDay: 5, month: '2026-02', show: 'none', page: 3 } as const;
    expect(writeAddress(address)).toBe('?day=5&month=2026-02&show=none&page=3');
    expect(read(writeAddress(address))).toEqual(address);
  });

  test.each(['day=0', 'day=32', 'day=x', 'month=2026-13', 'show=odd', 'page=0', 'page=-1'])(
    'with %s falls back to the default',
    (query) => {
      expect(read(query)).toEqual({ closingDay: 20, month: '2026-11', show: 'all', page: 1 });
    },
  );

  test('is undefined when no closing day is registered', () => {
    expect(read('', [])).toBeUndefined();
    expect(read('day=20', [])).toBeUndefined();
    expect(read('day=20&month=2026-11', [])).toMatchObject({ closingDay: 20 });
  });
});
