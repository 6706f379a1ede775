import { describe, expect, it } from 'vitest';
import {
  itemRequest,
  readCheckAddress,
  rowsRequest,
  workRequest,
  writeItem,
} from './check-address.ts';

const of = (query: string) => {
  const params = new URLSearchParams(query);
  return (name: string) => params.get(name) ?? undefined;
};

describe('the address of the work-list', () => {
  it('without parameters is the first page of the readings, most litres first', () => {
    const address = readCheckAddress(of(''));
    expect(address).toMatchObject({ part: 'readings', order: 'litres', search: '' });
    expect(workRequest(address)).toEqual({ query: { order: 'litres', limit: 50 } });
  });

  it('has filters, order, place and the open item', () => {
    const after = '20_2026-10-31_7_2026-10-10';
    const address = readCheckAddress(
      of(`rule=fell&area=3&q=1010&order=closing&after=${after}&item=12_2026-10-10`),
    );
    expect(workRequest(address).query).toEqual({
      ...{ rule: 'fell', areaId: 3, search: '1010', order: 'closing', after, limit: 50 },
    });
    expect(address.item).toEqual({ meterId: 12, fromOn: '2026-10-10' });
  });

  it.each(['rule=no', 'area=x', 'order=up', 'after=1', 'item=12', 'item=0_2026-10-10', 'part=no'])(
    'leaves out what it cannot read: %s',
    (query) => {
      expect(readCheckAddress(of(query))).toEqual(readCheckAddress(of('')));
    },
  );

  it('names an item as it reads it', () => {
    const item = { meterId: 12, fromOn: '2026-10-10' };
    expect(readCheckAddress(of(`item=${writeItem(item)}`)).item).toEqual(item);
    expect(itemRequest(item)).toEqual({ query: item });
  });

  it('has the closing and page of the rows', () => {
    expect(rowsRequest(of('')).query).toEqual({ limit: 50, offset: 0 });
    expect(rowsRequest(of('day=20&page=2')).query).toEqual({
      ...{ limit: 50, offset: 50, closingDay: 20 },
    });
    expect(rowsRequest(of('day=99')).query).toEqual({ limit: 50, offset: 0 });
  });
});
