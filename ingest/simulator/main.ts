/**
 * Runs a simulated fleet against a broker:
 *   tsx ingest/simulator/main.ts --broker mqtt://127.0.0.1:1883 --fleet FILE --state FILE
 *     [--new] [--connections N] [--months N] [--history-only] [--ca FILE]
 *     [--fault KIND[:RATE[:AMOUNT]][@TERMINAL]] …
 * Prints one JSON object a line: progress while the history is sent, `live` when the fleet goes over to the real clock.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { addMonths, dayOf, monthOf } from '../../lib/time.ts';
import { FaultSetting } from './fault-setting.ts';
import { type FleetProgress, RETRY, reportBacklog, runLive } from './fleet.ts';
import { type Fleet, readFleetFile } from './fleet-file.ts';
import { openFleetState } from './fleet-state.ts';

const USAGE =
  'usage: simulator --broker mqtt://HOST:PORT --fleet FILE --state FILE [--new] [--connections N] [--months N] [--history-only] [--ca FILE] [--fault KIND[:RATE[:AMOUNT]][@TERMINAL]]…';
const PROGRESS_EVERY_MS = 500;

class UsageError extends Error {}

async function main(): Promise<void> {
  const args = readArguments();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  // An output that is closed or full: the terminals' memory is saved all the same.
  process.stdout.on('error', () => stop.abort());
  const fleet = withFaults(await readFleetFile(args.fleet), args.faults);
  const state = await openFleetState(args.state, fleet.id, {
    absent: args.isNew ? 'new' : 'lost',
  });
  const options = {
    fleet,
    state,
    reportFrom: args.months === undefined ? undefined : monthsAgo(args.months),
    link: {
      brokerUrl: args.broker,
      ca: args.ca === undefined ? undefined : await readFile(args.ca, 'utf8'),
    },
    connections: args.connections,
    listenMs: 5_000,
    historyListenMs: 300,
    retry: RETRY,
    now: () => new Date(),
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

function readArguments() {
  const { values } = parseArgs({
    options: {
      broker: { type: 'string' },
      fleet: { type: 'string' },
      state: { type: 'string' },
      new: { type: 'boolean', default: false },
      connections: { type: 'string', default: '20' },
      months: { type: 'string' },
      'history-only': { type: 'boolean', default: false },
      ca: { type: 'string' },
      fault: { type: 'string', multiple: true, default: [] },
    },
  });
  const { broker, fleet, state } = values;
  if (!broker || !fleet || !state) throw new UsageError('--broker, --fleet and --state are needed');
  return {
    broker,
    fleet,
    state,
    isNew: values.new,
    ca: values.ca,
    connections: count('connections', values.connections),
    months: values.months === undefined ? undefined : count('months', values.months),
    historyOnly: values['history-only'],
    faults: values.fault.map(parseFault),
  };
}

function count(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new UsageError(`--${name}: give a whole number above 0`);
}

/** KIND[:RATE[:AMOUNT]][@TERMINAL]; without a terminal every terminal gets the fault. */
function parseFault(text: string): { setting: FaultSetting; terminal?: string | undefined } {
  const pattern = /^([a-z-]+)(?::([0-9.]+))?(?::([0-9.]+))?(?:@([0-9]+))?$/;
  const [, kind, rate, amount, terminal] = pattern.exec(text) ?? [];
  const fromDay = kind === 'silent' || kind === 'pressure-drift' ? dayOf(new Date()) : undefined;
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

/** The first day of the month `months` months ago. */
function monthsAgo(months: number): string {
  return `${addMonths(monthOf(dayOf(new Date())), -months)}-01`;
}

function everyMs<T>(ms: number, act: (value: T) => void): (value: T) => void {
  let last = 0;
  return (value) => {
    const now = Date.now();
    if (now - last < ms) return;
    last = now;
    act(value);
  };
}

function print(event: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n${error instanceof UsageError ? `${USAGE}\n` : ''}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
