/** What the page needs to know of a file that streams in: its lines so far, and its name. */

const LINE_FEED = 0x0a;

/** Line ends in these bytes. In CP932 and UTF-8 alike no character but the line feed has its byte. */
export function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1))
    lines += 1;
  return lines;
}

/** The name that a content-disposition header gives. */
export function fileNameOf(contentDisposition: string | null): string {
  return /filename="([^"]+)"/.exec(contentDisposition ?? '')?.[1] ?? 'closing.csv';
}

/** Safari and some versions of Firefox fetch the bytes after the click: an address taken back at once yields no file. */
const ADDRESS_STAYS_MS = 40_000;

/** Has the browser save a file. */
export function handOver(file: Blob, name: string, page: Pick<Document, 'createElement'>): void {
  const link = page.createElement('a');
  const address = URL.createObjectURL(file);
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), ADDRESS_STAYS_MS);
}
