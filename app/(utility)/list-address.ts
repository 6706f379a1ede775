/** Page and order of a list in an address. Invalid values fall back to the list's defaults. */

/** Greatest page number of any list; a greater one is read as this. */
const MOST_PAGES = 1_000_000;

export type Read = (name: string) => string | undefined;

export interface ListSort<Sort extends string> {
  sort: Sort;
  descending: boolean;
}

/** Offset, from 0, of the first row of the page that an address names; by default the first page. */
export function pageOffset(page: string | undefined, size: number): number {
  const number = Math.trunc(Number(page ?? 1));
  if (!Number.isFinite(number)) return 0;
  return (Math.min(Math.max(number, 1), MOST_PAGES) - 1) * size;
}

/** Order that an address names, by default the list's own. */
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

/** Changes to the address for another order: back to the first page; default values are left out. */
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

/** Id in an address; undefined when it names none. */
export function idIn(read: Read, name: string): number | undefined {
  const text = read(name) ?? '';
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
