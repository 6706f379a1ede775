/** Command line of `npm run closing`. */

import { parseArgs } from 'node:util';
import { USAGE_ROUNDINGS, type UsageRounding } from '../lib/closing/billed-usage.ts';
import { type ClosingPeriod, parseClosingDay } from '../lib/closing/closing-day.ts';
import { CLOSING_FORMATS, type ClosingFileKind } from '../lib/closing/closing-file.ts';
import { messageOf } from '../lib/errors.ts';
import { IDENTIFIER_STYLES } from '../lib/office-file/csv-field.ts';
import { isMonth } from '../lib/time.ts';
import { ArgumentFault } from './run-command.ts';

export const CLOSING_USAGE = `npm run -s closing -- --closing-day 1…31|end --from YYYY-MM --to YYYY-MM [options] --format FORMAT | --layout NAME
npm run -s closing -- --run NUMBER [--identifiers …] [--utility …] [-o …] --format FORMAT | --layout NAME

  A file is issued: a run of each closing is stored with it, from which the next closing counts.

  --closing-day    the closing day; the last day of a month that is shorter; "end" for month end
  --from, --to     the first and the last month, both included
  --customer       only this customer number, whatever closing day is registered for it
  --rounding       floor-of-difference, difference-of-floors or difference-of-floors-0.1;
                   without it the tariff's, else city gas in whole m³ and LP gas in 0.1 m³
  --format         machine (UTF-8 for programs), office-cp932 or office-utf8 (for people and Excel), or xlsx
                   (a workbook, up to 50,000 rows)
  --layout         in place of --format: a layout that the utility made for itself, by its name
  --identifiers    office formats: excel (numbers keep their leading zeros when opened; the default) or plain
  --draft          what would be issued now; nothing is issued, and the next closing counts from what was before
  --run            the file of this run again as it was issued, in place of closing day and months
  --utility        the utility's code; not needed while there is only one
  -o, --output     write to this file instead of standard output`;

export interface ClosingArguments {
  /** A built-in layout, or one of the utility by its name. */
  kind: ClosingFileKind | { format: 'xlsx' } | { layoutName: string };
  /** What is written: a stored run again, or closings. */
  what: { runId: number } | ClosingsArguments;
  utilityCode?: string;
  output?: string;
}

export interface ClosingsArguments {
  period: ClosingPeriod;
  customerNumber?: string;
  rounding?: UsageRounding;
  isDraft: boolean;
}

const OPTIONS = {
  'closing-day': { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  customer: { type: 'string' },
  rounding: { type: 'string' },
  draft: { type: 'boolean' },
  run: { type: 'string' },
  format: { type: 'string' },
  layout: { type: 'string' },
  identifiers: { type: 'string' },
  utility: { type: 'string' },
  output: { type: 'string', short: 'o' },
} as const;

/** @throws ArgumentFault */
export function parseClosingArguments(args: readonly string[]): ClosingArguments {
  const given = parseOptions(args);
  const what = given.run === undefined ? parseClosings(given) : parseRun(given);
  return {
    what,
    kind: parseKind(given),
    utilityCode: given.utility,
    output: given.output,
  };
}

function parseClosings(given: GivenOptions): ClosingsArguments {
  const { rounding, customer } = given;
  return {
    period: parsePeriod(given),
    customerNumber: customer,
    rounding: rounding === undefined ? undefined : oneOf('--rounding', rounding, USAGE_ROUNDINGS),
    isDraft: given.draft ?? false,
  };
}

/** Options that say of which closings a run is made: a stored one has its own. */
const OF_CLOSINGS = ['closing-day', 'from', 'to', 'customer', 'rounding', 'draft'] as const;

function parseRun(given: GivenOptions): { runId: number } {
  const other = OF_CLOSINGS.find((name) => given[name] !== undefined);
  if (other !== undefined) throw new ArgumentFault(`--run stands without --${other}`);
  const runId = /^[1-9]\d{0,8}$/.test(given.run ?? '') ? Number(given.run) : 0;
  if (runId === 0) throw new ArgumentFault(`--run is the number of a run, not "${given.run}"`);
  return { runId };
}

type GivenOptions = Partial<Record<Exclude<keyof typeof OPTIONS, 'draft'>, string>> & {
  draft?: boolean;
};

function parseOptions(args: readonly string[]): GivenOptions {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new ArgumentFault(messageOf(error));
  }
}

function parsePeriod(given: GivenOptions): ClosingPeriod {
  const dayText = required('--closing-day', given['closing-day']);
  const fromMonth = month('--from', given.from);
  const toMonth = month('--to', given.to);
  if (toMonth < fromMonth) {
    throw new ArgumentFault(`--to ${toMonth} lies before --from ${fromMonth}`);
  }
  try {
    return { closingDay: parseClosingDay(dayText), fromMonth, toMonth };
  } catch (error) {
    throw new ArgumentFault(`--closing-day: ${messageOf(error)}`);
  }
}

function parseKind({ format: named, layout, identifiers }: GivenOptions): ClosingArguments['kind'] {
  if (layout !== undefined) {
    if (named !== undefined || identifiers !== undefined) {
      throw new ArgumentFault('--layout stands without --format and --identifiers');
    }
    return { layoutName: required('--layout', layout) };
  }
  const formats = [...CLOSING_FORMATS, 'xlsx'] as const;
  const format = oneOf('--format', required('--format', named), formats);
  if (identifiers === undefined) return { format };
  if (format === 'machine' || format === 'xlsx') {
    throw new ArgumentFault('--identifiers goes with --format office-cp932 or office-utf8');
  }
  return { format, identifiers: oneOf('--identifiers', identifiers, IDENTIFIER_STYLES) };
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new ArgumentFault(`${name} is missing`);
  return value;
}

function month(name: string, value: string | undefined): string {
  const given = required(name, value);
  if (!isMonth(given)) throw new ArgumentFault(`${name} is a month as YYYY-MM, not "${given}"`);
  return given;
}

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) {
    throw new ArgumentFault(`${name} is one of ${choices.join(', ')}, not "${value}"`);
  }
  return choice;
}
