'use client';

import type { ListPart } from '../../components/table/list-answer.tsx';
import type { TableOrder } from '../../components/table/table-head.tsx';
import { type ListSort, pageOffset, sortChanges, sortIn } from './list-address.ts';
import { type Address, useAddress } from './use-address.ts';

export interface ListAddress extends Address {
  part: ListPart;
  goTo: (offset: number) => void;
  /** Changes filters and returns to the first page, because the filtered list has another length. */
  filter: (changes: Record<string, string | undefined>) => void;
}

/** Page and filters of a list with `size` rows a page, kept in the page's address. */
export function useListAddress(size: number): ListAddress {
  const address = useAddress();
  return {
    ...address,
    part: { limit: size, offset: pageOffset(address.get('page'), size) },
    goTo: (offset) =>
      address.set({ page: offset === 0 ? undefined : String(Math.floor(offset / size) + 1) }),
    filter: (changes) => address.set({ ...changes, page: undefined }),
  };
}

/** Order of a list, kept in the page's address. */
export function orderIn<const Sort extends string>(
  address: Address,
  sorts: readonly Sort[],
  first: ListSort<NoInfer<Sort>>,
): TableOrder<Sort> {
  return {
    ...sortIn(address.get, sorts, first),
    hrefOf: (sort, descending) => address.hrefOf(sortChanges({ sort, descending }, first)),
    onOrder: (sort, descending) => address.set(sortChanges({ sort, descending }, first)),
  };
}
