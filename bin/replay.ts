/**
 * `npm run -s replay -- FILE --customer NUMBER [--gas city|lp] [--utility CODE [--create-utility]] [--credentials
 * FOLDER] [--take-over]`: sends a file of real readings through the complete ingest path. The result goes to standard
 * output, everything else to standard error.
 */
import { parseArgs } from 'node:util';
import { DomainError, messageOf } from '../lib/errors.ts';
import { localFolder } from './demo/process-table.ts';
import { ROOT } from './demo/product-processes.ts';
import { isDemoFolder, kekDirectoryOf } from './kek-file.ts';
import { type ReplayOptions, type ReplayResult, replayFile } from './replay/run-replay.ts';
import { ArgumentFault, EXIT, onInterrupt, runCommand } from './run-command.ts';
import { withDatabase } from './with-database.ts';

const USAGE = `usage: npm run -s replay -- FILE --customer NUMBER [--gas city|lp] [--utility CODE [--create-utility]] [--credentials FOLDER] [--take-over]
  FILE        date,i01,…,i24: the register in litres at 1:00 … 24:00, blank where there was no reading
  --customer  the customer number; supply point, meter and terminal are registered where they are missing
  --gas       gas kind of a new supply point (city)
  --utility   code of the utility; without it the only one there is; where there is none at all, "demo" is made
  --create-utility  make the utility where there is none of that code
  --credentials  where the credentials of replayed terminals are kept (.local/replay)
  --take-over issue new credentials for a terminal that reports already`;

type ReplayArguments = Pick<
  ReplayOptions,
  'file' | 'customerNumber' | 'gasKind' | 'utilityCode' | 'createUtility' | 'stateDirectory'
> & { takeOver: boolean };

function readArguments(args: readonly string[]): ReplayArguments {
  const { values, positionals } = parse(args);
  const [file, ...more] = positionals;
  if (!file) throw new ArgumentFault('name the FILE to replay');
  if (more.length > 0) throw new ArgumentFault(`one FILE at a time, not also ${more.join(' ')}`);
  if (!values.customer) throw new ArgumentFault('--customer: give the customer number');
  const { gas } = values;
  if (gas !== undefined && gas !== 'city' && gas !== 'lp') {
    throw new ArgumentFault('--gas: give city or lp');
  }
  return {
    file,
    customerNumber: values.customer,
    gasKind: gas,
    utilityCode: values.utility,
    createUtility: values['create-utility'],
    stateDirectory: values.credentials ?? localFolder(ROOT, 'replay'),
    takeOver: values['take-over'],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        customer: { type: 'string' },
        gas: { type: 'string' },
        utility: { type: 'string' },
        'create-utility': { type: 'boolean', default: false },
        credentials: { type: 'string' },
        'take-over': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new ArgumentFault(messageOf(error));
  }
}

async function main(args: readonly string[]): Promise<number> {
  const given = readArguments(args);
  if (isDemoFolder(process.env)) {
    throw new DomainError(
      'invalid_input',
      'DATABASE_URL is set and KENSHIN_KEK_DIRECTORY is not: set it to the folder of the keys with which that database is used',
    );
  }
  const kekDirectory = kekDirectoryOf(process.env);
  const progress = createProgress();
  onInterrupt(() => {
    progress.end();
    process.stderr.write(`interrupted: ${progress.text()}; run it again to send the others\n`);
  });
  const result = await withDatabase(async ({ adminUrl, appUrl, ingestUrl }) =>
    replayFile({
      ...given,
      adminUrl,
      appUrl,
      ingestUrl,
      kekDirectory,
      now: new Date(),
      clock: () => new Date(),
      onProgress: progress.show,
      onWait: (number) =>
        process.stderr.write(`waiting for another replay of terminal ${number} to end\n`),
    }).finally(progress.end),
  );
  return tell(result);
}

function tell(result: ReplayResult): number {
  const frames = result.quarantined.reduce((sum, { frames: count }) => sum + count, 0);
  const unchanged = result.committed - result.added - result.changed;
  for (const { line, message } of result.notes) process.stderr.write(`line ${line}: ${message}\n`);
  if (result.registered.length > 0) {
    process.stderr.write(`registered: ${result.registered.join(', ')}\n`);
  }
  for (const { supplyPointNumber, terminalNumber, meterSerial, days } of result.supplyPoints) {
    process.stderr.write(
      `supply point ${supplyPointNumber}: ${days} days as terminal ${terminalNumber}, meter ${meterSerial}\n`,
    );
  }
  process.stderr.write(
    `${result.added} days new, ${result.changed} changed, ${unchanged} as they were\n`,
  );
  process.stdout.write(
    `sent ${result.sent}\ncommitted ${result.committed}\nquarantined ${frames}\n`,
  );
  for (const { reason, frames: count } of result.quarantined) {
    process.stderr.write(`quarantined: ${count} frames, ${reason}\n`);
  }
  if (result.missing.length > 0) {
    process.stderr.write(`not committed: ${shortened(result.missing)}\n`);
  }
  return result.missing.length === 0 && frames === 0 ? 0 : EXIT.failed;
}

function shortened(days: readonly string[]): string {
  const shown = days.slice(0, 10).join(', ');
  return days.length > 10 ? `${shown} and ${days.length - 10} more days` : shown;
}

/** Progress on one line that is overwritten, on a terminal only. */
function createProgress() {
  let text = 'nothing was sent';
  let shown = false;
  return {
    text: () => text,
    show(acknowledged: number, days: number): void {
      text = `${acknowledged} of ${days} days are acknowledged`;
      if (!process.stderr.isTTY) return;
      shown = true;
      process.stderr.write(`\r${text}`);
    },
    end(): void {
      if (shown) process.stderr.write('\n');
      shown = false;
    },
  };
}

await runCommand({ usage: USAGE, main });
