/** No list is longer than this many pages; what an address says beyond is taken for the last of them. */
const MOST_PAGES = 1_000_000;

/** The first row of the page that an address names, counted from 0; the first page where it names none. */
export function pageOffset(page: string | undefined, size: number): number {
  const number = Math.trunc(Number(page ?? 1));
  if (!Number.isFinite(number)) return 0;
  return (Math.min(Math.max(number, 1), MOST_PAGES) - 1) * size;
}
