import { readFile } from 'node:fs/promises';
import { DomainError } from '../../lib/errors.ts';
import {
  LONGEST_REPORT_WINDOW_MINUTES,
  USUAL_REPORT_WINDOW,
} from '../../lib/readings/report-window.ts';
import { getArea } from '../../lib/register/register-queries.ts';
import {
  inOrder,
  parseSupplyPointFile,
  SUPPLY_POINT_COLUMNS,
  type SupplyPointEntry,
} from '../../lib/register/supply-point-file.ts';
import {
  type RegisteredSupplyPoint,
  registerSupplyPoints,
  supplyPointRefusal,
} from '../../lib/register/supply-point-file-commands.ts';
import { findSupplyPointFaults } from '../../lib/register/supply-point-file-queries.ts';
import { dayOf, instantOf } from '../../lib/time.ts';
import { CREDENTIALS, credentialsSecret, type IssuedTerminal } from './credentials-file.ts';
import { day, optional, required, text, whole } from './option.ts';
import { counted } from './outcome-text.ts';
import { type Noun, type Scene, utilityVerb } from './verb.ts';

const REPORT_WINDOW_MINUTES = USUAL_REPORT_WINDOW.reportWindowMinutes;
const MAX_BYTES = 64 * 1024 * 1024;

const importSupplyPoints = utilityVerb({
  summary: 'supply points with customer, meter and terminal from a CSV file, ten or ten thousand',
  explanation: `Columns, in any order: ${SUPPLY_POINT_COLUMNS.join(', ')}.
"place template" prints an example. customer may be empty (nobody lives there), start_index_l (register when fitted, not
noted), terminal (a number is made) and report_minute (60: the window opens at 01:00). dial_l and start_index_l are litres.
The whole file is judged first: with one fault nothing is registered, and each fault is told with its row and column. A
second run of the same file is refused. Columns with names, addresses, telephone numbers or e-mail are refused: a customer
is a number. Everything begins on the day of --from: give a day in the past to see days arrive at once. Ten thousand places
take about half a minute, in which nothing is printed and other acts of the utility wait; Ctrl-C registers nothing.`,
  argument: { placeholder: 'FILE', help: 'the CSV file' },
  options: {
    from: optional(
      'DAY',
      'opening, move-in and fitting, at its beginning; today (without it) at the latest',
      day,
    ),
    'report-window': optional(
      'MINUTES',
      `how long a terminal may take to report (${REPORT_WINDOW_MINUTES})`,
      whole(1, LONGEST_REPORT_WINDOW_MINUTES),
    ),
    credentials: CREDENTIALS,
  },
  examples: [
    '~/minato/places.csv --utility minato --from 2026-11-01 --credentials ~/minato/fleet.json',
  ],
  next: 'npm run -s simulate -- --fleet ~/minato/fleet.json plays the terminals; supply-point list shows what arrived',
  async run(scene, given) {
    const { tx, actor, now } = scene;
    const file = given.argument ?? '';
    const { 'report-window': reportWindowMinutes = REPORT_WINDOW_MINUTES } = given;
    const fromOn = given.from ?? dayOf(now);
    const entries = await entriesOf(scene, { file, fromOn });
    const kek = await scene.getKek();
    const registered = await registerSupplyPoints(tx, actor, {
      ...{ entries, fromOn, reportWindowMinutes, kek, now },
    });
    const issued = registered.map((entry) => issuedOf(entry, { fromOn, reportWindowMinutes }));
    return {
      said: `${counted(entries.length, 'place')} of ${file} registered from ${fromOn}, each with its meter and terminal`,
      data: {
        places: entries.length,
        fromOn,
        terminals: issued.map(({ number, supplyPoint }) => ({ number, supplyPoint })),
      },
      secret: credentialsSecret(issued, { file: given.credentials, now }),
      next: `npm run -s simulate -- --fleet ${given.credentials}${fromOn < dayOf(now) ? '' : `   (the first day of the terminals is ${fromOn}: it arrives the day after)`}`,
    };
  },
});

const UNREADABLE: Readonly<Record<string, string>> = {
  EACCES: 'reading it is not permitted',
  EISDIR: 'this is a folder',
  ENOENT: 'there is no such file',
};

async function entriesOf(
  { tx, actor }: Scene,
  { file, fromOn }: { file: string; fromOn: string },
): Promise<SupplyPointEntry[]> {
  const bytes = await readFile(file).catch(({ code }: NodeJS.ErrnoException) => {
    const words = (code && UNREADABLE[code]) ?? `it cannot be read (${code})`;
    throw new DomainError('not_found', `${file}: ${words}: check the path`);
  });
  if (bytes.length > MAX_BYTES) {
    throw new DomainError('invalid_input', `${file} is larger than 64 MiB: split it`);
  }
  const parsed = parseSupplyPointFile(bytes);
  if (parsed.ok) return parsed.entries;
  const alsoKnown = await findSupplyPointFaults(tx, actor, { entries: parsed.entries, fromOn });
  throw supplyPointRefusal(`${file} was refused`, inOrder([...parsed.faults, ...alsoKnown]));
}

function issuedOf(
  { entry, gasKind, terminalNumber, credentials }: RegisteredSupplyPoint,
  { fromOn, reportWindowMinutes }: { fromOn: string; reportWindowMinutes: number },
): IssuedTerminal {
  const { dialL, startIndexL = null, meterSerial: serial } = entry;
  return {
    number: terminalNumber,
    credentials,
    reportMinute: entry.reportMinute,
    reportWindowMinutes,
    gasKind,
    areaCode: entry.area,
    supplyPoint: entry.supplyPoint,
    meter: { serial, dialL, startIndexL, fittedAt: instantOf(fromOn, 0) },
  };
}

const template = utilityVerb({
  summary: 'prints a file for place import with rows to edit',
  options: {
    area: required('CODE', "the area's code", text),
    rows: optional('COUNT', 'how many rows (3)', whole(1, 10_000)),
    first: optional('NUMBER', 'the number to begin with (1)', whole(1, 9_000_000)),
  },
  examples: ['--utility minato --area kita --rows 10 > ~/minato/places.csv'],
  next: 'place import ~/minato/places.csv',
  isReading: true,
  async run({ tx, actor }, { area, rows = 3, first = 1 }) {
    await getArea(tx, actor, area);
    const lines = Array.from({ length: rows }, (_, i) => templateRow(area, first + i));
    return { said: [SUPPLY_POINT_COLUMNS.join(','), ...lines].join('\n') };
  },
});

/** Example row in the order of the columns. */
function templateRow(area: string, number: number): string {
  const padded = (digits: number) => String(number).padStart(digits, '0');
  const supplyPoint = `${area}-${padded(4)}`;
  return [supplyPoint, area, 20, padded(6), padded(8), 4, 10_000_000, 0, '', 60].join(',');
}

export const PLACE: Noun = {
  name: 'place',
  summary: 'many at once: supply point, customer, meter and terminal from a CSV file',
  verbs: { import: importSupplyPoints, template },
};
