import { describe, expect, test } from 'vitest';
import {
  type ClosingAddress,
  previewRequest,
  readAddress,
  rowRequest,
  writeAddress,
} from './closing-address.ts';

const DAYS = [
  { closingDay: 5, supplyPoints: 3, latest: { closesOn: '2026-11-05', previousOn: '2026-10-05' } },
  { closingDay: 20, supplyPoints: 4, latest: { closesOn: '2026-11-20', previousOn: '2026-10-20' } },
  { closingDay: 31, supplyPoints: 9, latest: { closesOn: '2026-10-31', previousOn: '2026-09-30' } },
];
const read = (query: string, days = DAYS) => {
  const params = new URLSearchParams(query);
  return readAddress((name) => params.get(name) ?? undefined, days);
};
const LAST: Omit<ClosingAddress, 'row'> = {
  ...{ closingDay: 20, month: '2026-11', show: 'all', search: '', page: 1 },
};

describe('the address of the closing page', () => {
  test('without parameters names the closing that closed last', () => {
    expect(read('')).toEqual({ address: { ...LAST, row: undefined }, unread: [] });
  });

  test('with a closing day names its latest closing', () => {
    expect(read('day=31')?.address).toMatchObject({ closingDay: 31, month: '2026-10' });
  });

  test('is read and written back unchanged with closing day, month, filter, search, page and row', () => {
    const row = { customerNumber: '001010', supplyPointNumber: 'S 42', kind: 'final' } as const;
    const address: ClosingAddress = {
      ...{ closingDay: 5, month: '2026-02', show: 'none', search: '１０１０', page: 3, row },
    };
    expect(writeAddress({ ...address, row: undefined })).toBe(
      '?day=5&month=2026-02&show=none&q=%EF%BC%91%EF%BC%90%EF%BC%91%EF%BC%90&page=3',
    );
    expect(read(writeAddress(address))).toEqual({ address, unread: [] });
  });

  test('asks the API for the rows of its page and search, and for its row', () => {
    const address = { ...LAST, search: '1010', page: 2, row: undefined };
    const closing = { closingDay: 20, month: '2026-11' };
    expect(previewRequest(address)).toEqual({
      query: { ...closing, show: 'all', search: '1010', limit: 100, offset: 100 },
    });
    const row = { customerNumber: '1', supplyPointNumber: 'S1', kind: 'regular' } as const;
    expect(rowRequest(address, row)).toEqual({
      query: { ...closing, customer: '1', supplyPoint: 'S1', kind: 'regular' },
    });
  });

  test.each([
    ...['day=0', 'day=32', 'day=99', 'day=x', 'month=2026-13', 'show=odd', 'page=0', 'page=-1'],
    ...[`q=${'1'.repeat(65)}`, 'kind=odd'],
  ])('with %s shows the default and names what it could not read', (query) => {
    expect(read(query)).toEqual({
      address: { ...LAST, row: undefined },
      unread: [query.slice(0, query.indexOf('=') + 65)],
    });
  });

  test('names everything that it could not read', () => {
    expect(read('day=99&month=2026-13')?.unread).toEqual(['day=99', 'month=2026-13']);
  });

  test('has a row only when both of its numbers are there', () => {
    expect(read('customer=1')).toMatchObject({ address: LAST, unread: ['customer=1'] });
    expect(read('point=S1')).toMatchObject({ address: LAST, unread: ['point=S1'] });
    expect(read('customer=1&point=S1')?.address.row).toEqual({
      ...{ customerNumber: '1', supplyPointNumber: 'S1', kind: 'regular' },
    });
  });

  test('is undefined when no closing day is registered', () => {
    expect(read('', [])).toBeUndefined();
    expect(read('day=20', [])).toBeUndefined();
    expect(read('day=20&month=2026-11', [])?.address).toMatchObject({ closingDay: 20 });
  });
});
