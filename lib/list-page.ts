/** Part of a long list. */
export interface Page {
  limit: number;
  /** Rows skipped before the first one. */
  offset: number;
}

/**
 * Reads one page of a list and the length of the whole list, also for a page beyond its end. `read` returns rows with
 * the length (`count(*) over ()`); for a page without rows the first row is read for it.
 */
export async function readPage<Row extends { total: number }>(
  page: Page,
  read: (page: Page) => Promise<Row[]>,
): Promise<{ total: number; rows: Row[] }> {
  const rows = await read(page);
  const [counted] = rows.length > 0 || page.offset === 0 ? rows : await read(FIRST_ROW);
  return { total: counted?.total ?? 0, rows };
}

const FIRST_ROW: Page = { limit: 1, offset: 0 };
