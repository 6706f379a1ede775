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
