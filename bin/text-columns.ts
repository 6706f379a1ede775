/** Text in terminal columns; a Japanese character takes two. */

/** Text padded with spaces to a width in columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Width of a text in columns. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += (character.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
  return width;
}

/** Rows as lines with aligned columns, `gap` spaces apart. */
export function alignedLines(rows: readonly (readonly string[])[], gap: number): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
  }
  const between = ' '.repeat(gap);
  return rows.map((row) => {
    const cells = row.map((cell, at) => padded(cell, widths[at] ?? 0));
    return cells.join(between).trimEnd();
  });
}
