/** A part of a long list. */
export interface Page {
  limit: number;
  /** Rows passed over before the first one. */
  offset: number;
}

/**
 * One page of a list and how long the whole list is, also where the page is beyond its end. `read` yields rows that
 * carry the length (`count(*) over ()`); a page without rows cannot, so then the first row is read for it.
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
