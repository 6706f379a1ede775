/** Lines and name of a file that is being downloaded. */

const LINE_FEED = 0x0a;

/** Number of line feeds in these bytes. In CP932 and UTF-8 no other character contains that byte. */
export function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1))
    lines += 1;
  return lines;
}

/** Rows of a file of a media type with so many lines. A workbook has no lines: `whole` says how many rows it has. */
export function rowsIn(mediaType: string, lines: number, whole: number): number {
  if (!mediaType.startsWith('text/')) return whole;
  return Math.max(0, mediaType.includes('header=absent') ? lines : lines - 1);
}

/** The name that a content-disposition header gives. */
export function fileNameOf(contentDisposition: string | null): string {
  return /filename="([^"]+)"/.exec(contentDisposition ?? '')?.[1] ?? 'closing.csv';
}

/** Rows from which the browser saves a file by itself: page and memory are left out of it, and it goes on with a part. */
const BROWSER_ROWS = 100_000;

export function isSavedByBrowser(rows: number): boolean {
  return rows >= BROWSER_ROWS;
}

/** Makes the browser save a file from its address, under the name that the answer gives it. */
export function handOverAddress(url: string, page: Pick<Document, 'createElement'>): void {
  const link = page.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}

/** Lifetime of the download's object URL: Safari and some versions of Firefox read it only after the click. */
const ADDRESS_STAYS_MS = 40_000;

/** Makes the browser save a file. */
export function handOver(file: Blob, name: string, page: Pick<Document, 'createElement'>): void {
  const link = page.createElement('a');
  const address = URL.createObjectURL(file);
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), ADDRESS_STAYS_MS);
}
