/** What a person or a program reads of an outcome. */
import { formatJst } from '../../lib/time.ts';
import { alignedLines } from '../columns.ts';
import type { Outcome, Secret } from './verb.ts';

/** An outcome for people. */
export function textOf(outcome: Outcome, isDryRun: boolean): string {
  const lines = [isDryRun ? `Dry run, rolled back. It would be: ${outcome.said}` : outcome.said];
  if (outcome.table && outcome.table.rows.length > 0) lines.push('', tableOf(outcome.table));
  if (outcome.secret && !isDryRun) lines.push(...linesOf(outcome.secret));
  if (outcome.next && !isDryRun) lines.push('', `Next: ${outcome.next}`);
  return lines.join('\n');
}

function linesOf({ label, value, file }: Secret): string[] {
  if (file === undefined) return ['', `Shown this once, the ${label}: ${value}`];
  return [`In ${file}, readable by its owner alone: the ${label}`];
}

/** The same for programs: one object. */
export function jsonOf(outcome: Outcome, isDryRun: boolean): string {
  return JSON.stringify({
    ok: outcome.isUnproven !== true,
    dryRun: isDryRun,
    said: outcome.said,
    ...outcome.data,
    ...(outcome.table ? { rows: outcome.table.rows } : {}),
  });
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
