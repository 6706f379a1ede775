/** What an address says of a list: its page and its order. Anything else falls back to the list as it is at first. */

/** No list is longer than this many pages; what an address says beyond is taken for the last of them. */
const MOST_PAGES = 1_000_000;

export type Read = (name: string) => string | undefined;

export interface ListSort<Sort extends string> {
  sort: Sort;
  descending: boolean;
}

/** The first row of the page that an address names, counted from 0; the first page where it names none. */
export function pageOffset(page: string | undefined, size: number): number {
  const number = Math.trunc(Number(page ?? 1));
  if (!Number.isFinite(number)) return 0;
  return (Math.min(Math.max(number, 1), MOST_PAGES) - 1) * size;
}

/** The order that an address names, or the one that the list has at first. */
export function sortIn<const Sort extends string>(
  read: Read,
  sorts: readonly Sort[],
  first: ListSort<NoInfer<Sort>>,
): ListSort<Sort> {
  const sort = sorts.find((known) => known === read('sort')) ?? first.sort;
  const order = read('order');
  const isFirst = sort === first.sort && order !== 'asc' && order !== 'desc';
  return { sort, descending: isFirst ? first.descending : order === 'desc' };
}

/** How the address changes for another order: from its first page, and without what is as at first. */
export function sortChanges<Sort extends string>(
  { sort, descending }: ListSort<Sort>,
  first: ListSort<Sort>,
): Record<string, string | undefined> {
  const usual = sort === first.sort && first.descending;
  return {
    sort: sort === first.sort ? undefined : sort,
    order: descending === usual ? undefined : descending ? 'desc' : 'asc',
    page: undefined,
  };
}

/** An id in an address; undefined where it names none. */
export function idIn(read: Read, name: string): number | undefined {
  const text = read(name) ?? '';
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
