/**
 * `npm run -s simulate -- --fleet FILE`: plays the terminals of a fleet file over real connections; the options are in
 * USAGE. Prints one JSON object a line: progress while the history is sent, `live` when the fleet continues by the real
 * clock.
 */

import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { messageOf } from '../../lib/errors.ts';
import { addMonths, dayOf, isDay, monthOf } from '../../lib/time.ts';
import { brokerNearby } from './broker-nearby.ts';
import { FaultSetting } from './fault-setting.ts';
import { type FleetProgress, RETRY, reportBacklog, runLive } from './fleet.ts';
import { type Fleet, readFleetFile } from './fleet-file.ts';
import { openFleetState } from './fleet-state.ts';

const USAGE = `npm run -s simulate -- --fleet FILE [options]      plays the terminals of FILE until Ctrl-C

  --fleet FILE       as "npm run -s operate -- place import" and "terminal register" write it
  --broker URL       mqtt://HOST:PORT or mqtts://HOST:PORT; without it the running demo's, else mqtt://127.0.0.1:1883
  --from DAY         report from this day on (YYYY-MM-DD); without it from the day on which the terminals were fitted
  --months N         the same, as the first of the month N months ago
  --history-only     end when everything that is due has been reported
  --state FILE       what the terminals remember (FILE of --fleet with .state.json); made with the credentials
  --new              no terminal of FILE has ever sent a frame: a missing state is made
  --connections N    terminals connected at one time (20)
  --ca FILE          certificate authority of the broker, PEM
  --fault KIND[:RATE[:AMOUNT]][@TERMINAL]      docs/simulator.md lists the kinds; may be given more than once

Example
  npm run -s simulate -- --fleet ~/minato/fleet.json

It prints one JSON object a line: broker (to which it connects), progress (days that were acknowledged of those due),
backlog-sent (all that was due is in), live (from here on each terminal wakes once a day in its report window; nothing is
printed meanwhile), fault (a session failed and is tried again). Ctrl-C ends it; the next start goes on from there.
Exit codes: 0 ended, 1 refused, with the reason, 2 the command was written wrongly.`;
const PROGRESS_EVERY_MS = 500;
/** The cloud asks a terminal after half a second of quiet, and reads its database first. */
const HISTORY_LISTEN_MS = 1_000;

const HELP = 'Help: npm run -s simulate -- --help';

class UsageError extends Error {}

async function main(): Promise<void> {
  const clock = () => new Date();
  const args = readArguments(clock());
  if (!args) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  // On closed or full output the terminals' memory is saved all the same.
  process.stdout.on('error', () => stop.abort());
  const fleet = withFaults(await readFleetFile(args.fleet), args.faults);
  const broker = args.broker ?? (await brokerNearby());
  print({ event: 'broker', url: broker });
  const state = await openFleetState(args.state, fleet.id, {
    absent: args.isNew ? 'new' : 'lost',
  });
  const options = {
    fleet,
    state,
    reportFrom: args.from,
    link: {
      brokerUrl: broker,
      ca: args.ca === undefined ? undefined : await readFile(args.ca, 'utf8'),
    },
    connections: args.connections,
    listenMs: 5_000,
    historyListenMs: HISTORY_LISTEN_MS,
    retry: RETRY,
    now: clock,
    signal: stop.signal,
    onProgress: everyMs(PROGRESS_EVERY_MS, (progress: FleetProgress) =>
      print({ event: 'progress', ...progress }),
    ),
    onFault: (number: string, error: Error) =>
      print({ event: 'fault', terminal: number, message: error.message }),
  };
  try {
    print({ event: 'backlog-sent', ...(await reportBacklog(options)) });
    if (!args.historyOnly && !stop.signal.aborted) {
      print({ event: 'live', terminals: fleet.terminals.length });
      await runLive(options);
    }
  } finally {
    await state.close();
  }
}

/** @param now the present: months and faults count from its day */
function readArguments(now: Date) {
  const values = readOptions();
  if (values.help) return undefined;
  const today = dayOf(now);
  const { fleet, from } = values;
  if (!fleet) throw new UsageError('--fleet FILE is missing');
  if (from !== undefined && !isDay(from)) throw new UsageError('--from: give a day as YYYY-MM-DD');
  const months = values.months === undefined ? undefined : count('months', values.months);
  return {
    broker: values.broker,
    fleet,
    state: values.state ?? `${fleet}.state.json`,
    isNew: values.new,
    ca: values.ca,
    connections: count('connections', values.connections),
    from: from ?? (months === undefined ? undefined : monthsAgo(months, today)),
    historyOnly: values['history-only'],
    faults: values.fault.map((text) => parseFault(text, today)),
  };
}

const OPTIONS = {
  broker: { type: 'string' },
  fleet: { type: 'string' },
  state: { type: 'string' },
  new: { type: 'boolean', default: false },
  connections: { type: 'string', default: '20' },
  from: { type: 'string' },
  months: { type: 'string' },
  'history-only': { type: 'boolean', default: false },
  ca: { type: 'string' },
  fault: { type: 'string', multiple: true, default: [] as string[] },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function readOptions() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function count(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new UsageError(`--${name}: give a whole number above 0`);
}

/** KIND[:RATE[:AMOUNT]][@TERMINAL]; without a terminal every terminal gets the fault. */
function parseFault(
  text: string,
  today: string,
): { setting: FaultSetting; terminal?: string | undefined } {
  const pattern = /^([a-z-]+)(?::([0-9.]+))?(?::([0-9.]+))?(?:@([0-9]+))?$/;
  const [, kind, rate, amount, terminal] = pattern.exec(text) ?? [];
  const fromDay = kind === 'silent' || kind === 'pressure-drift' ? today : undefined;
  const setting = FaultSetting.safeParse({
    kind,
    rate: rate === undefined ? 0.1 : Number(rate),
    amount: amount === undefined ? undefined : Number(amount),
    fromDay,
  });
  if (!setting.success) {
    const [issue] = setting.error.issues;
    throw new UsageError(`--fault ${text}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  return { setting: setting.data, terminal };
}

function withFaults(fleet: Fleet, faults: readonly ReturnType<typeof parseFault>[]): Fleet {
  const unknown = faults.find(
    ({ terminal }) =>
      terminal !== undefined && !fleet.terminals.some(({ number }) => number === terminal),
  );
  if (unknown) throw new UsageError(`--fault: terminal ${unknown.terminal} is not in the fleet`);
  const terminals = fleet.terminals.map((spec) => {
    const own = faults.filter(({ terminal }) => terminal === undefined || terminal === spec.number);
    return { ...spec, faults: [...own.map(({ setting }) => setting), ...spec.faults] };
  });
  return { ...fleet, terminals };
}

/** First day of the month `months` months before that of `today`. */
function monthsAgo(months: number, today: string): string {
  return `${addMonths(monthOf(today), -months)}-01`;
}

function everyMs<T>(ms: number, act: (value: T) => void): (value: T) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (value) => {
    const nowMs = performance.now();
    if (nowMs - lastMs < ms) return;
    lastMs = nowMs;
    act(value);
  };
}

function print(event: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

const UNREADABLE: Readonly<Record<string, string>> = {
  EACCES: 'reading it is not permitted',
  EISDIR: 'this is a folder',
  ENOENT: 'there is no such file',
};

function faultOf(error: NodeJS.ErrnoException): string {
  const words = error.code && UNREADABLE[error.code];
  return words && error.path ? `${error.path}: ${words}: check the path` : error.message;
}

main().catch((error: Error) => {
  process.stderr.write(`${faultOf(error)}\n${error instanceof UsageError ? `${HELP}\n` : ''}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
