/** Output of an outcome for people and programs. */
import { formatJst } from '../../lib/time.ts';
import { alignedLines } from '../text-columns.ts';
import type { Outcome, Secret } from './verb.ts';

/** An outcome as text for people. */
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

/** An outcome as one JSON object for programs. */
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

/** A minute of the day as a clock time: 60 is "01:00". */
export function minuteOfDay(minute: number): string {
  return [Math.floor(minute / 60), minute % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** A count with its noun: "1 account", "2 accounts". */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function tableOf({ headings, rows }: NonNullable<Outcome['table']>): string {
  const cells = [
    headings.map((heading) => heading.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)),
    ...rows.map((row) => headings.map((heading) => cellOf(row[heading]))),
  ];
  return alignedLines(cells, 2).join('\n');
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (value instanceof Date) return formatJst(value).slice(0, 16).replace('T', ' ');
  return String(value);
}
