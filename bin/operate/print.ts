/** What a person or a program reads of an outcome. */
import { formatJst } from '../../lib/time.ts';
import type { Outcome, Secret } from './verb.ts';

/** An outcome for people. */
export function textOf(outcome: Outcome, isDryRun: boolean): string {
  const lines = [isDryRun ? `Dry run, rolled back. It would be: ${outcome.said}` : outcome.said];
  if (outcome.table && outcome.table.rows.length > 0) lines.push('', tableOf(outcome.table));
  if (outcome.secret && !isDryRun) lines.push(...linesOf(outcome.secret));
  if (outcome.next && !isDryRun) lines.push('', `Next: ${outcome.next}`);
  return lines.join('\n');
}

function linesOf({ label, value, file, beside }: Secret): string[] {
  if (file === undefined) return ['', `Shown this once, the ${label}: ${value}`];
  const lines = [`In ${file}, readable by its owner alone: the ${label}`];
  if (beside) lines.push(`In ${file}${beside.suffix}: ${beside.what}`);
  return lines;
}

/** The same for programs: one object. */
export function jsonOf(outcome: Outcome, isDryRun: boolean): string {
  return JSON.stringify({
    ok: outcome.isUnproven !== true,
    dryRun: isDryRun,
    said: outcome.said,
    ...outcome.data,
    ...(outcome.secret?.file !== undefined && !isDryRun ? { file: outcome.secret.file } : {}),
    ...(outcome.table ? { rows: outcome.table.rows } : {}),
  });
}

/** A minute of the day as a clock shows it: 60 is "01:00". */
export function minuteOfDay(minute: number): string {
  return [Math.floor(minute / 60), minute % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** A number of things in words: "1 account", "2 accounts". */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/**
 * The rows of a list that is cut at `limit`, of which `limit + 1` were asked for, and how that is told: "1000 meters (the first;
 * there are more: --limit)".
 */
export function firstOf<R>(
  rows: readonly R[],
  limit: number,
  one: string,
): { rows: readonly R[]; said: string } {
  const shown = rows.slice(0, limit);
  const more = rows.length > limit ? ' (the first; there are more: --limit)' : '';
  return { rows: shown, said: `${counted(shown.length, one)}${more}` };
}

/** Text with blanks to a width in columns of a terminal, in which a Japanese character takes two. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += character.codePointAt(0)! >= 0x1100 ? 2 : 1;
  return width;
}

function tableOf({ headings, rows }: NonNullable<Outcome['table']>): string {
  const cells = [
    headings.map((heading) => heading.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)),
    ...rows.map((row) => headings.map((heading) => cellOf(row[heading]))),
  ];
  const widths = headings.map((_, i) => Math.max(...cells.map((row) => widthOf(row[i]!))));
  return cells
    .map((row) =>
      row
        .map((cell, i) => padded(cell, widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (value instanceof Date) return formatJst(value).slice(0, 16).replace('T', ' ');
  return String(value);
}
